/** `--bar-time`, `--delimiter`, `--columns`, `--time-format`: what each spelling means, and what is refused, by one error that says what to write. */

import { describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { createGivenOptions } from './givenOptions.js';
import { parseReadingOptions, type ReadingOptions } from './readingOptions.js';
import { RUN_OPTIONS } from './runOptionTable.js';

function parse(flags: Readonly<Record<string, string>>): ReadingOptions {
  const values = new Map(Object.entries(flags).map(([name, text]) => [name, [text]]));
  return parseReadingOptions(createGivenOptions(RUN_OPTIONS, values, {}));
}

function refusal(flags: Readonly<Record<string, string>>): UserError {
  try {
    parse(flags);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('it was accepted');
}

it('when nothing is given then nothing is overridden', () => {
  expect(parse({})).toEqual({});
});

it('when all are given then all are there', () => {
  const columns = 'open,high,low,close,time';
  expect(parse({ 'bar-time': 'close', delimiter: ';', columns, 'time-format': 'dmy' })).toEqual({
    barTime: 'close',
    layout: { delimiter: ';', columns: columns.split(',') },
    timeForm: 'dmy',
  });
});

describe('--delimiter', () => {
  test.each<[string, string]>([
    [',', ','],
    [';', ';'],
    ['|', '|'],
    ['\t', '\t'],
    ['tab', '\t'],
    ['TAB', '\t'],
    ['\\t', '\t'],
    [' ', ' '],
    ['space', ' '],
    ['comma', ','],
    ['semicolon', ';'],
    ['pipe', '|'],
    [':', ':'],
    ['~', '~'],
  ])('when it is %j then cells are parted by %j', (text, delimiter) => {
    expect(parse({ delimiter: text })).toEqual({ layout: { delimiter } });
  });

  test.each<[string, string]>([
    ['', '--delimiter is not a single character'],
    ['||', '--delimiter is not a single character'],
    ['tabs', '--delimiter is not a single character'],
    ['\\n', '--delimiter is not a single character'],
    ['¦', '--delimiter is not a single character'],
    ['\u007f', '--delimiter is not a single character'],
    ['.', '--delimiter may stand within times, prices or quotes'],
    ['-', '--delimiter may stand within times, prices or quotes'],
    ['"', '--delimiter may stand within times, prices or quotes'],
    ['T', '--delimiter may stand within times, prices or quotes'],
    ['0', '--delimiter may stand within times, prices or quotes'],
    ['\n', '--delimiter may stand within times, prices or quotes'],
  ])('when it is %j then it is refused', (delimiter, message) => {
    const { code, exitCode, message: said, found, expected } = refusal({ delimiter });
    expect({ code, exitCode, said, found }).toEqual({
      code: 'bad_option',
      exitCode: 2,
      said: message,
      found: delimiter,
    });
    expect(expected).toContain('tab');
  });
});

describe('--columns', () => {
  test.each<string>([
    'time,open,high,low,close',
    'timestamp,open,high,low,close,volume',
    'date,open,high,low,close,volume',
    'date,time,open,high,low,close,volume',
    'skip,volume,close,low,high,open,time,skip,skip',
    'symbol,time,open,high,low,close,volume,confirm',
  ])('when they are %s then they are the columns in this order', (columns) => {
    expect(parse({ columns })).toEqual({ layout: { columns: columns.split(',') } });
  });

  it('when they are written with blanks and capitals then it is the same', () => {
    expect(parse({ columns: ' Time, OPEN ,high,Low,close' })).toEqual(parse({ columns: 'time,open,high,low,close' }));
  });

  test.each<[string, string, string | undefined]>([
    ['', '--columns has no name in place 1', undefined],
    ['time,open,,high,low,close', '--columns has no name in place 3', undefined],
    ['time,open,high,low,close,', '--columns has no name in place 6', undefined],
    ['time,open,high,low,clsoe', '--columns has a column of no known name, clsoe', undefined],
    ['time,open,high,low,closed', '--columns has a column of no known name, closed', 'did you mean close?'],
    ['time,open,high,low,close,vwap', '--columns has a column of no known name, vwap', undefined],
    ['time;open;high;low;close', '--columns has a column of no known name, time;open;high;low;close', undefined],
    ['time,open,high,low,close,open', '--columns names open twice', undefined],
    ['time,time,open,high,low,close', '--columns names time twice', undefined],
    ['time,open,high,low', '--columns does not name close', undefined],
    ['time,close', '--columns does not name open, high, low', undefined],
    ['open,high,low,close', '--columns does not name time', undefined],
    ['time,date,open,high,low,close', '--columns names several times: time, date', 'write skip for the others'],
    ['date,skip,time,open,high,low,close', '--columns names several times: date, time', 'write skip for the others'],
    [
      'date,timestamp,open,high,low,close',
      '--columns names several times: date, timestamp',
      'write skip for the others',
    ],
    [
      'date,time,timestamp,open,high,low,close',
      '--columns names several times: date, time, timestamp',
      'write skip for the others',
    ],
  ])('when they are %j then they are refused', (columns, message, hint) => {
    const refused = refusal({ columns });
    expect({ said: refused.message, hint: refused.hint }).toEqual({ said: message, hint });
    expect(refused).toMatchObject({ code: 'bad_option', exitCode: 2, found: columns });
    expect(refused.expected).not.toBeUndefined();
  });
});

describe('--time-format', () => {
  test.each(['iso', 's', 'ms', 'us', 'ns', 'ymd', 'dmy', 'mdy', 'name', 'midnight'])(
    'when it is %s then times are read so',
    (form) => {
      expect(parse({ 'time-format': form })).toEqual({ timeForm: form });
    },
  );

  test.each(['', 'seconds', 'MS', 'YYYY-MM-DD', '%Y'])(
    'when it is %j then it is refused with all that are known',
    (form) => {
      expect(refusal({ 'time-format': form })).toMatchObject({
        message: '--time-format is not known',
        exitCode: 2,
        found: form,
        expected: 'one of iso, s, ms, us, ns, ymd, dmy, mdy, name, midnight',
      });
    },
  );
});
