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
const pathsOf = (request: DataRequest, kind: 'paths' | 'markPaths'): string[] =>
  request.symbols.map((one) => `${one.symbol} ${one[kind].join(',')}`);

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

  it('when a venue is named then it is that of the run', () => {
    expect(parse({ data: ['XBTUSD.bitmex=a.csv', 'ETHUSD=b.csv'] }).venue).toBe('bitmex');
    expect(parse({ data: TWO }).venue).toBeNull();
  });

  test.each<[string[], RegExp]>([
    [[], /--data is required/],
    [['XBTUSD.bitmex=a.csv', 'ETHUSD.bybit=b.csv'], /another venue/],
    [['XBTUSD=-', 'ETHUSD=-'], /stdin twice/],
    [['data.csv'], /gives no symbol/],
  ])('when it is %j then it is refused', (data, message) => {
    expect(refusal({ data }).message).toMatch(message);
  });
});

describe('--mark', () => {
  test.each<[string[], string[], string[]]>([
    [['XBTUSD.csv'], ['index.csv'], ['XBTUSD index.csv']],
    [['XBTUSD.csv'], ['ETHUSD-mark.csv'], ['XBTUSD ETHUSD-mark.csv']],
    [['XBTUSD.csv'], ['a.csv', 'b.csv'], ['XBTUSD a.csv,b.csv']],
    [TWO, ['ETHUSD-mark.csv', 'XBTUSD=m.csv'], ['XBTUSD m.csv', 'ETHUSD ETHUSD-mark.csv']],
    [TWO, ['ETHUSD=m.csv'], ['XBTUSD ', 'ETHUSD m.csv']],
  ])('when data are %j and marks %j then they are of %j', (data, mark, expected) => {
    expect(pathsOf(parse({ data, mark }), 'markPaths')).toEqual(expected);
  });

  test.each<[string[], string[], RegExp]>([
    [TWO, ['mark.csv'], /does not tell which of XBTUSD, ETHUSD/],
    [TWO, ['-'], /does not tell which/],
    [TWO, ['LTCUSD=m.csv'], /is of LTCUSD, and the run of XBTUSD, ETHUSD/],
    [['XBTUSD.csv'], ['XBTUSD='], /names no file/],
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
