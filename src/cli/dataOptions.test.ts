/** Which file is of which symbol: what each spelling of --data, --mark and --funding asks for, and what it is refused for. */

import { describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { type DataRequest, parseDataRequest } from './dataOptions.js';
import { createGivenOptions } from './givenOptions.js';
import { RUN_OPTIONS } from './runOptionTable.js';

function parse(flags: Record<string, string[]>): DataRequest {
  return parseDataRequest(createGivenOptions(RUN_OPTIONS, new Map(Object.entries(flags)), {}), process.cwd());
}

function refusal(flags: Record<string, string[]>): UserError {
  try {
    parse(flags);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('it was accepted');
}

const TWO = ['XBTUSD.csv', 'ETHUSD.csv'];
/** `XBTUSD a.csv,b.csv`: each symbol with the files asked for. */
const pathsOf = (request: DataRequest, kind: 'paths' | 'markPaths' | 'detailPaths'): string[] =>
  request.symbols.map((one) => `${one.name} ${one[kind].join(',')}`);

describe('--data', () => {
  test.each<[string[], string[]]>([
    [['XBTUSD.csv'], ['XBTUSD XBTUSD.csv']],
    [TWO, ['XBTUSD XBTUSD.csv', 'ETHUSD ETHUSD.csv']],
    [
      ['ETHUSD=a.csv', 'XBTUSD-1.csv', 'ETHUSD=b.csv', 'XBTUSD-2.csv'],
      ['ETHUSD a.csv,b.csv', 'XBTUSD XBTUSD-1.csv,XBTUSD-2.csv'],
    ],
    [
      ['BTC/USDT=spot.csv', 'BTCUSDT.csv'],
      ['BTC/USDT spot.csv', 'BTCUSDT BTCUSDT.csv'],
    ],
  ])('when it is %j then the files are of %j', (data, expected) => {
    expect(pathsOf(parse({ data }), 'paths')).toEqual(expected);
  });

  it('when a venue is named then it is that of its symbol, and the first is that of the run', () => {
    const { symbols, venue } = parse({ data: ['ETHUSD=b.csv', 'XBTUSD=a.csv', 'XBTUSD.Bitmex=c.csv'] });
    expect(symbols.map((one) => [one.name, one.venue, one.paths.length])).toEqual([
      ['ETHUSD', null, 1],
      ['XBTUSD', 'bitmex', 2],
    ]);
    expect(venue).toBe('bitmex');
    expect(parse({ data: TWO }).venue).toBeNull();
  });

  it('when two venues are named for a symbol then each has candles of its own', () => {
    const data = ['XBTUSD.bybit=b.csv', 'XBTUSD.bitmex=a.csv', 'ETHUSD.okx=e.csv', 'XBTUSD.bybit=c.csv'];
    const { symbols, venue } = parse({ data });
    expect(symbols.map((one) => [one.name, one.symbol, one.venue, one.paths.join()])).toEqual([
      ['XBTUSD.bybit', 'XBTUSD', 'bybit', 'b.csv,c.csv'],
      ['XBTUSD.bitmex', 'XBTUSD', 'bitmex', 'a.csv'],
      ['ETHUSD', 'ETHUSD', 'okx', 'e.csv'],
    ]);
    expect(venue).toBe('bybit');
  });

  test.each<[string[], RegExp]>([
    [[], /--data is required/],
    [
      ['XBTUSD.bitmex=a.csv', 'XBTUSD=b.csv', 'XBTUSD.bybit=c.csv'],
      /--data does not tell of which venue its XBTUSD is, and there are candles of bitmex, bybit/,
    ],
    [
      ['XBTUSD.bitmex=a.csv', 'XBTUSD.bitmex_2020=b.csv'],
      /is the same contract as XBTUSD\.bitmex=a\.csv: bitmex_2020 and bitmex share it/,
    ],
    [['XBTUSD=-', 'ETHUSD=-'], /stdin twice/],
    [['data.csv'], /gives no symbol/],
  ])('when it is %j then it is refused', (data, message) => {
    expect(refusal({ data })).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });

  it('when a file of several venues names none then the hint is the option to write', () => {
    const { found, hint } = refusal({ data: ['XBTUSD.okx=a.csv', 'XBTUSD.bybit=c.csv', 'XBTUSD-b.csv'] });
    expect({ found, hint }).toEqual({ found: 'XBTUSD-b.csv', hint: 'write --data XBTUSD.okx=XBTUSD-b.csv' });
  });
});

const VENUES = ['XBTUSD.bitmex=a.csv', 'XBTUSD.bybit=b.csv'];

describe('--mark', () => {
  test.each<[string[], string[], string[]]>([
    [['XBTUSD.csv'], ['index.csv'], ['XBTUSD index.csv']],
    [['XBTUSD.csv'], ['ETHUSD-mark.csv'], ['XBTUSD ETHUSD-mark.csv']],
    [['XBTUSD.csv'], ['a.csv', 'b.csv'], ['XBTUSD a.csv,b.csv']],
    [TWO, ['ETHUSD-mark.csv', 'XBTUSD=m.csv'], ['XBTUSD m.csv', 'ETHUSD ETHUSD-mark.csv']],
    [TWO, ['ETHUSD=m.csv'], ['XBTUSD ', 'ETHUSD m.csv']],
    [VENUES, ['XBTUSD.bybit=m.csv'], ['XBTUSD.bitmex ', 'XBTUSD.bybit m.csv']],
    [VENUES, ['bybit_XBTUSD_mark.csv'], ['XBTUSD.bitmex ', 'XBTUSD.bybit bybit_XBTUSD_mark.csv']],
    [VENUES, ['XBTUSD.bitmex_2020=m.csv'], ['XBTUSD.bitmex m.csv', 'XBTUSD.bybit ']],
    [['XBTUSD.bitmex=a.csv'], ['XBTUSD=m.csv'], ['XBTUSD m.csv']],
    [['XBTUSD.bitmex=a.csv'], ['XBTUSD.bitmex=m.csv'], ['XBTUSD m.csv']],
    [['XBTUSD=a.csv'], ['XBTUSD.bitmex=m.csv'], ['XBTUSD m.csv']],
  ])('when data are %j and marks %j then they are of %j', (data, mark, expected) => {
    expect(pathsOf(parse({ data, mark }), 'markPaths')).toEqual(expected);
  });

  test.each<[string[], string[], RegExp]>([
    [TWO, ['mark.csv'], /does not tell which of XBTUSD, ETHUSD/],
    [TWO, ['-'], /does not tell which/],
    [TWO, ['LTCUSD=m.csv'], /is of LTCUSD, and the run of XBTUSD, ETHUSD/],
    [['XBTUSD.csv'], ['XBTUSD='], /names no file/],
    [VENUES, ['XBTUSD=m.csv'], /does not tell which of XBTUSD\.bitmex, XBTUSD\.bybit it is of/],
    [VENUES, ['XBTUSD-mark.csv'], /does not tell which of XBTUSD\.bitmex, XBTUSD\.bybit it is of/],
    [VENUES, ['XBTUSD.okx=m.csv'], /is of XBTUSD\.okx, and the run of XBTUSD\.bitmex, XBTUSD\.bybit/],
    [['XBTUSD.bitmex=a.csv'], ['XBTUSD.bybit=m.csv'], /is of XBTUSD\.bybit, and the run of XBTUSD\.bitmex/],
    [['XBTUSD=-'], ['-'], /reads stdin, and --data does so too/],
  ])('when data are %j and marks %j then they are refused', (data, mark, message) => {
    expect(refusal({ data, mark }).message).toMatch(message);
  });
});

describe('--funding', () => {
  const ofTwo = (funding: string[]): unknown[] => parse({ data: TWO, funding }).symbols.map((one) => one.funding);
  const constant = (num: bigint, den: bigint, isShared: boolean) => ({
    kind: 'constant',
    rate: { num, den },
    isShared,
  });

  it('when it is a bare rate then it holds for all symbols', () => {
    expect(ofTwo(['0.0001'])).toEqual([constant(1n, 10_000n, true), constant(1n, 10_000n, true)]);
  });

  it('when a symbol has its own then that one counts for it', () => {
    expect(ofTwo(['0.0001', 'ETHUSD=-0.0003'])).toEqual([constant(1n, 10_000n, true), constant(-3n, 10_000n, false)]);
    expect(ofTwo(['ETHUSD-funding.csv', '0.0001'])).toEqual([
      constant(1n, 10_000n, true),
      { kind: 'file', path: 'ETHUSD-funding.csv' },
    ]);
  });

  it('when one symbol is of two venues then each has its own', () => {
    const { symbols } = parse({ data: VENUES, funding: ['XBTUSD.bybit=0.0002', '0.0001'] });
    expect(symbols.map((one) => one.funding)).toEqual([constant(1n, 10_000n, true), constant(2n, 10_000n, false)]);
  });

  it('when only one symbol has some then the other has none', () => {
    expect(ofTwo(['XBTUSD=f.csv'])).toEqual([{ kind: 'file', path: 'f.csv' }, { kind: 'none' }]);
  });

  test.each<[string[], RegExp]>([
    [['0.1', '0.2'], /for all symbols twice/],
    [['ETHUSD=0.1', 'ETHUSD=f.csv'], /funding of ETHUSD twice/],
    [['funding.csv'], /does not tell which/],
    [['ETHUSD=-'], /cannot be read from stdin/],
    [['1'], /is not a funding rate/],
    [['ETHUSD=-1'], /is not a funding rate/],
  ])('when it is %j then it is refused', (funding, message) => {
    expect(refusal({ data: TWO, funding }).message).toMatch(message);
  });
});

describe('--detail', () => {
  test.each<[string[], string[], string[]]>([
    [['XBTUSD.csv'], [], ['XBTUSD ']],
    [['XBTUSD.csv'], ['minutes.csv', 'more.csv'], ['XBTUSD minutes.csv,more.csv']],
    [TWO, ['ETHUSD-1m.csv', 'XBTUSD=m.csv'], ['XBTUSD m.csv', 'ETHUSD ETHUSD-1m.csv']],
    [VENUES, ['XBTUSD.bybit=y.csv', 'XBTUSD.bitmex=m.csv'], ['XBTUSD.bitmex m.csv', 'XBTUSD.bybit y.csv']],
  ])('when data are %j and finer candles %j then they are of %j', (data, detail, expected) => {
    expect(pathsOf(parse({ data, detail }), 'detailPaths')).toEqual(expected);
  });

  test.each<[string[], Record<string, string[]>, RegExp, RegExp]>([
    [
      TWO,
      { detail: ['ETHUSD=m.csv'] },
      /gives finer candles of ETHUSD, and there are none of XBTUSD/,
      /add --detail XBTUSD=FILE/,
    ],
    [
      VENUES,
      { detail: ['XBTUSD.bybit=m.csv'] },
      /gives finer candles of XBTUSD\.bybit, and there are none of XBTUSD\.bitmex/,
      /add --detail XBTUSD\.bitmex=FILE/,
    ],
    [TWO, { detail: ['m.csv'] }, /--detail does not tell which of XBTUSD, ETHUSD/, /write --detail XBTUSD=m.csv/],
    [['XBTUSD.csv'], { detail: ['-'] }, /--detail cannot be read from stdin/, /^$/],
    [['XBTUSD.csv'], { detail: ['XBTUSD=-'] }, /--detail cannot be read from stdin/, /^$/],
    [['XBTUSD.csv'], { detail: ['m.csv'], mark: ['-'] }, /--mark cannot be read from stdin beside --detail/, /^$/],
  ])('when data are %j and beside them %j then it is refused', (data, flags, message, hint) => {
    const error = refusal({ data, ...flags });
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(message);
    expect(error.hint ?? '').toMatch(hint);
  });
});
