/**
 * How candle files are read where that is not to be recognized: `--bar-time`, `--delimiter`, `--columns`, `--time-format`. They hold for every
 * candle file of a command, marks and finer candles included. Text only: whether a file fits them shows when it is opened.
 */

import type { BarTime } from '../market/dialects/layout.js';
import type { OpenSeriesOptions } from '../market/openSeries.js';
import type { TimeForm } from '../market/timestamps.js';
import { badOption, type Given, type GivenOptions, nearest, requireChoice } from './givenOptions.js';

/** What is absent is recognized, file by file. */
export type ReadingOptions = Pick<OpenSeriesOptions, 'barTime' | 'layout' | 'timeForm'>;

/** Characters that have to be quoted, or cannot be given at all, wherever options are written. */
const NAMED_DELIMITERS: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  space: ' ',
  comma: ',',
  semicolon: ';',
  pipe: '|',
};
/** Characters of times, prices and quoted cells. */
const IN_CELLS = /[a-z0-9."+\-\r\n]/i;

const TIMES: readonly string[] = ['time', 'timestamp', 'date'];
const PRICES: readonly string[] = ['open', 'high', 'low', 'close'];
/** Stands for a column that is not used. */
const SKIP = 'skip';
const COLUMN_NAMES: readonly string[] = [...TIMES, ...PRICES, 'volume', 'symbol', 'confirm', SKIP];
const COLUMNS_EXAMPLE = 'a time, open, high, low and close, such as time,open,high,low,close,volume';

const TIME_FORMS: readonly TimeForm[] = ['iso', 's', 'ms', 'us', 'ns', 'ymd', 'dmy', 'mdy', 'name', 'midnight'];

/** @throws UserError exit 2 */
export function parseReadingOptions(given: GivenOptions): ReadingOptions {
  const [barTime, delimiter, columns, timeForm] = ['bar-time', 'delimiter', 'columns', 'time-format'].map(given.find);
  const layout = {
    ...(delimiter === undefined ? {} : { delimiter: parseDelimiter(delimiter) }),
    ...(columns === undefined ? {} : { columns: parseColumns(columns) }),
  };
  return {
    ...(barTime === undefined ? {} : { barTime: requireChoice<BarTime>(barTime, ['open', 'close'], 'open') }),
    ...(Object.keys(layout).length === 0 ? {} : { layout }),
    ...(timeForm === undefined ? {} : { timeForm: requireChoice(timeForm, TIME_FORMS, 'iso') }),
  };
}

function parseDelimiter(given: Given): string {
  const named = NAMED_DELIMITERS[given.text.trim().toLowerCase()];
  if (named !== undefined) return named;
  const { text } = given;
  const expected = 'one character such as ";" or "|", or tab, space, comma, semicolon, pipe';
  // Files are split byte by byte.
  if (text.length !== 1 || text.charCodeAt(0) > 0x7e) throw badOption(given, 'is not a single character', expected);
  if (IN_CELLS.test(text)) throw badOption(given, 'may stand within times, prices or quotes', expected);
  return text;
}

function parseColumns(given: Given): readonly string[] {
  const names = given.text.split(',').map((name) => name.trim().toLowerCase());
  for (const [i, name] of names.entries()) {
    if (COLUMN_NAMES.includes(name)) continue;
    const what = name === '' ? `has no name in place ${i + 1}` : `has a column of no known name, ${name}`;
    const expected = `${COLUMN_NAMES.slice(0, -1).join(', ')}, or ${SKIP} for any other`;
    throw badOption(given, what, expected, name === '' ? undefined : nearest(name, COLUMN_NAMES));
  }
  const twice = names.find((name, i) => name !== SKIP && names.indexOf(name) !== i);
  if (twice !== undefined) throw badOption(given, `names ${twice} twice`, `each once, and ${SKIP} for the others`);
  requireOneTime(given, names);
  const missing = PRICES.filter((name) => !names.includes(name));
  if (missing.length > 0) throw badOption(given, `does not name ${missing.join(', ')}`, COLUMNS_EXAMPLE);
  return names;
}

/** One column, or a day with its time of day right after it. */
function requireOneTime(given: Given, names: readonly string[]): void {
  const times = names.filter((name) => TIMES.includes(name));
  if (times.length === 0) throw badOption(given, `does not name ${TIMES[0]}`, COLUMNS_EXAMPLE);
  if (times.length === 1) return;
  const isSplit = times.length === 2 && names.indexOf('date') >= 0 && names[names.indexOf('date') + 1] === 'time';
  if (isSplit) return;
  const expected = `one of ${TIMES.join(', ')}, or date,time for a day and its time of day in the next column`;
  throw badOption(given, `names several times: ${times.join(', ')}`, expected, `write ${SKIP} for the others`);
}
