/**
 * The table of contracts: the built-in listing, a user's entries merged over it, the defaults that are printed, and every
 * kind of entry that is refused, with the field named.
 */

import { describe, expect, it, test } from '@jest/globals';
import { EXIT, UserError } from '../errors.js';
import { compareFractions } from '../money/decimal.js';
import { d } from '../testing/laws/contracts.js';
import { createContractTable, exampleEntry, isSameCurrency } from './contractInfo.js';

const HOUR = 3_600_000;

const ENTRY = {
  type: 'linear',
  multiplier: '0.001',
  quote_currency: 'usdt',
  settle_currency: 'USDT',
  initial_margin: '0.03',
  maintenance_margin: '0.005',
  min_qty: '0.01',
  tick_size: '0.10',
  taker_fee: '0.0005',
  maker_fee: '-0.0001',
};

const tableOf = (entry: object, venue = 'mine', symbol = 'ABC') =>
  createContractTable({ [venue]: { [symbol]: entry } });
const compiled = (changes: object = {}) => tableOf({ ...ENTRY, ...changes }).find('mine', 'ABC')!;

function refusalOf(call: () => unknown): UserError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('it was not refused');
}

describe('built-in contracts', () => {
  it('when XBTUSD is looked up then it is the classic contract_info example with its fees', () => {
    const contract = createContractTable().find('bitmex', 'XBTUSD')!;
    expect(contract).toMatchObject({
      venue: 'bitmex',
      symbol: 'XBTUSD',
      type: 'inverse',
      quoteCurrency: 'USD',
      settle: { code: 'XBT', decimals: 8 },
      valueScale: { num: 100_000_000n, den: 1n },
      tickF64: 0.5,
      priceDecimals: 1,
      qtyDecimals: 0,
      qtyStep: 1n,
      minQty: 1n,
      fundTimesMs: [4 * HOUR, 12 * HOUR, 20 * HOUR],
      riskSteps: { base: 20_000_000_000n, step: 10_000_000_000n },
    });
    expect(compareFractions(contract.takerFee, d('0.00075'))).toBe(0);
    expect(compareFractions(contract.makerFee, d('-0.00025'))).toBe(0);
    expect(compareFractions(contract.maxLeverage, d('100'))).toBe(0);
    expect(createContractTable().defaultsUsed(contract)).toEqual([]);
  });

  test.each([
    ['bitmex', 'XBTEUR'],
    ['bybit', 'XBTUSD'],
    ['bitmex', 'constructor'],
    ['constructor', 'XBTUSD'],
  ])('when %s %s is looked up then there is none', (venue, symbol) => {
    expect(createContractTable().find(venue, symbol)).toBeUndefined();
  });

  it('when an entry is asked for as an example then the table accepts it', () => {
    const example = JSON.parse(exampleEntry('mine', 'ABC')) as unknown;
    expect(createContractTable(example).find('mine', 'ABC')!.type).toBe('inverse');
  });

  it('when an example of a pair is asked for then it is a spot entry of its two currencies', () => {
    const example = JSON.parse(exampleEntry('mine', 'ETH/EUR')) as unknown;
    const contract = createContractTable(example).find('mine', 'ETH/EUR')!;
    expect([contract.type, contract.base?.code, contract.settle.code]).toEqual(['spot', 'ETH', 'EUR']);
  });
});

describe('merging', () => {
  it('when a user’s entry names single fields then the others stay built in', () => {
    const table = createContractTable({ bitmex: { XBTUSD: { taker_fee: 0.0005, min_qty: 100 } } });
    const contract = table.find('bitmex', 'XBTUSD')!;
    expect(compareFractions(contract.takerFee, d('0.0005'))).toBe(0);
    expect(contract.minQty).toBe(100n);
    expect(contract.qtyStep).toBe(100n);
    expect(contract.tickF64).toBe(0.5);
    expect(contract.riskSteps).not.toBeNull();
  });

  it('when a symbol has several venues then they are listed, built-in ones first', () => {
    const table = createContractTable({ mine: { XBTUSD: ENTRY, ABC: ENTRY } });
    expect(table.venuesOf('XBTUSD')).toEqual(['bitmex', 'mine']);
    expect(table.venuesOf('ABC')).toEqual(['mine']);
    expect(table.venuesOf('XYZ')).toEqual([]);
    expect(table.venuesOf('toString')).toEqual([]);
    expect(table.ownVenuesOf('XBTUSD')).toEqual(['mine']);
    expect(createContractTable().ownVenuesOf('XBTUSD')).toEqual([]);
  });
});

describe('defaults', () => {
  it('when all fields are given then no default is noted but the missing funding times', () => {
    const table = tableOf({ ...ENTRY, max_leverage: 20 });
    expect(table.defaultsUsed(table.find('mine', 'ABC')!)).toEqual([
      'mine.ABC: no fund_time, so no funding times of its own',
    ]);
    const full = tableOf({ ...ENTRY, max_leverage: 20, fund_time: [] });
    expect(full.defaultsUsed(full.find('mine', 'ABC')!)).toEqual([]);
  });

  test.each([
    ['0.01', '100'],
    ['0.03', '33.33'],
    ['0.008', '125'],
    ['0.04', '25'],
    ['0.5', '2'],
    ['0.4', '2.5'],
    ['1', '1'],
    [0.1, '10'],
  ])(
    'when initial_margin is %s then max_leverage is %s, never above the reciprocal, and it is noted',
    (initial, leverage) => {
      const table = tableOf({ ...ENTRY, initial_margin: initial });
      const contract = table.find('mine', 'ABC')!;
      expect(compareFractions(contract.maxLeverage, d(leverage))).toBe(0);
      expect(table.defaultsUsed(contract)).toContain(`mine.ABC: max_leverage ${leverage}, 1 / initial_margin`);
    },
  );

  it('when a venue has built-in contracts then a new one takes their fees, and that is noted', () => {
    const table = tableOf({ ...ENTRY, taker_fee: undefined, maker_fee: undefined }, 'bitmex');
    const contract = table.find('bitmex', 'ABC')!;
    expect(compareFractions(contract.takerFee, d('0.00075'))).toBe(0);
    expect(compareFractions(contract.makerFee, d('-0.00025'))).toBe(0);
    expect(table.defaultsUsed(contract)).toEqual(
      expect.arrayContaining([
        "bitmex.ABC: taker_fee 0.00075, that of the venue's other contracts",
        "bitmex.ABC: maker_fee -0.00025, that of the venue's other contracts",
      ]),
    );
  });

  test.each(['taker_fee', 'maker_fee'])('when a venue has no built-in %s then it must be written', (field) => {
    const error = refusalOf(() => compiled({ [field]: undefined }));
    expect(error.message).toContain(`field "${field}" is missing, and mine has no built-in fee`);
  });

  it('when settle_decimals and qty_step are absent then 8 digits, and the least quantity', () => {
    expect(compiled()).toMatchObject({
      settle: { code: 'USDT', decimals: 8 },
      qtyStep: 1n,
      minQty: 1n,
      qtyDecimals: 2,
    });
    expect(compiled({ settle_decimals: 2 }).settle.decimals).toBe(2);
    expect(compiled({ settle_decimals: 0 }).settle.decimals).toBe(0);
    expect(compiled({ qty_step: '0.001' })).toMatchObject({ qtyStep: 1n, minQty: 10n, qtyDecimals: 3 });
  });
});

describe('numbers', () => {
  it('when numbers are JSON numbers then they are what the same text is', () => {
    const asNumbers = {
      multiplier: 0.001,
      initial_margin: 0.03,
      min_qty: 0.01,
      tick_size: 0.1,
      taker_fee: 5e-4,
      maker_fee: -1e-4,
    };
    expect(compiled(asNumbers)).toEqual(compiled());
  });

  it('when text has blanks around, trailing zeros or an exponent then the number is the same', () => {
    const other = {
      multiplier: ' 1e-3 ',
      tick_size: '0.1',
      min_qty: '0.0100',
      taker_fee: '5e-4',
      initial_margin: ' 0.030',
    };
    expect(compiled(other)).toEqual(compiled());
  });

  it('when codes are written small then they are printed large', () => {
    expect(compiled().quoteCurrency).toBe('USDT');
  });

  it('when funding times are a list or named, doubled and unsorted, then they are the times of the day', () => {
    const times = [4 * HOUR, 12 * HOUR + 30_000, 20 * HOUR];
    expect(compiled({ fund_time: ['20:00', '04:00:00', '12:00:30', '04:00'] }).fundTimesMs).toEqual(times);
    expect(compiled({ fund_time: { a: '12:00:30', b: '20:00', c: '04:00' } }).fundTimesMs).toEqual(times);
    expect(compiled({ fund_time: ['00:00', '23:59:59'] }).fundTimesMs).toEqual([0, 24 * HOUR - 1000]);
  });

  it('when a risk limit is given then it is in the settlement currency’s units', () => {
    expect(compiled({ risk_limit: { base: 1000, step: '0.5' } }).riskSteps).toEqual({
      base: 10n ** 11n,
      step: 50_000_000n,
    });
    expect(compiled().riskSteps).toBeNull();
  });
});

describe('what is refused', () => {
  // field, value, what the message says
  test.each<[string, unknown, string]>([
    ['type', 'INVERSE', 'field "type" is unknown'],
    ['multiplier', 'one', 'field "multiplier" is not a number'],
    ['multiplier', '', 'field "multiplier" is not a number'],
    ['multiplier', null, 'field "multiplier" is not a number'],
    ['multiplier', true, 'field "multiplier" is not a number'],
    ['multiplier', {}, 'field "multiplier" is not a number'],
    ['multiplier', Number.NaN, 'field "multiplier" is not a number'],
    ['multiplier', '0', 'field "multiplier" must be above zero'],
    ['multiplier', -1, 'field "multiplier" must be above zero'],
    ['quote_currency', 'U', 'field "quote_currency" is not a currency'],
    ['quote_currency', 840, 'field "quote_currency" is not a currency'],
    ['settle_currency', 'US Dollar', 'field "settle_currency" is not a currency'],
    ['settle_currency', '', 'field "settle_currency" is not a currency'],
    ['initial_margin', '0', 'field "initial_margin" must be above zero'],
    ['initial_margin', '1 %', 'field "initial_margin" is not a number'],
    ['maintenance_margin', '-0.001', 'field "maintenance_margin" is out of range'],
    ['maintenance_margin', '1', 'field "maintenance_margin" is out of range'],
    ['maintenance_margin', '0.03', 'maintenance_margin is not below initial_margin'],
    ['maintenance_margin', '0.031', 'maintenance_margin is not below initial_margin'],
    ['min_qty', '0', 'field "min_qty" must be above zero'],
    ['min_qty', 'x', 'field "min_qty" is not a number'],
    ['tick_size', '0', 'field "tick_size" must be above zero'],
    ['tick_size', '-0.5', 'field "tick_size" must be above zero'],
    ['tick_size', '½', 'field "tick_size" is not a number'],
    ['max_leverage', '0', 'field "max_leverage" must be above zero'],
    ['max_leverage', 'x100', 'field "max_leverage" is not a number'],
    ['taker_fee', '1', 'field "taker_fee" is out of range'],
    ['taker_fee', '-1', 'field "taker_fee" is out of range'],
    ['maker_fee', '0.02 %', 'field "maker_fee" is not a number'],
    ['fund_time', ['4:00'], 'field "fund_time" is wrong'],
    ['fund_time', ['24:00'], 'field "fund_time" is wrong'],
    ['fund_time', ['23:60'], 'field "fund_time" is wrong'],
    ['fund_time', { a: 4 }, 'field "fund_time" is wrong'],
    ['fund_time', '04:00', 'field "fund_time" is wrong'],
    ['fund_time', 28_800, 'field "fund_time" is wrong'],
    ['fund_time', null, 'field "fund_time" is wrong'],
    ['risk_limit', '200', 'field "risk_limit" is wrong'],
    ['risk_limit', [200, 100], 'field "risk_limit" is wrong'],
    ['risk_limit', { base: '200' }, 'field "risk_limit.step" is not a number'],
    ['risk_limit', { base: '0', step: '1' }, 'field "risk_limit.base" must be above zero'],
    ['risk_limit', { base: '1', step: '0' }, 'field "risk_limit.step" must be above zero'],
    ['settle_decimals', 19, 'field "settle_decimals" is wrong'],
    ['settle_decimals', -1, 'field "settle_decimals" is wrong'],
    ['settle_decimals', 1.5, 'field "settle_decimals" is wrong'],
    ['settle_decimals', 'eight', 'field "settle_decimals" is wrong'],
    ['qty_step', '0', 'field "qty_step" must be above zero'],
    ['qty_step', [], 'field "qty_step" is not a number'],
  ])('when %s is %j then it says: %s', (field, value, message) => {
    const error = refusalOf(() => compiled({ [field]: value }));
    expect(error).toMatchObject({ code: 'bad_contract_info', exitCode: EXIT.usage });
    expect(error.message).toBe(`mine.ABC: ${message}`);
    expect(error.expected).toBeTruthy();
  });

  test.each(['1', '+0.001', '1e3'])('when a multiplier is written %s then it is a number', (multiplier) => {
    expect(compareFractions(compiled({ multiplier }).multiplier, d(multiplier.replace('+', '')))).toBe(0);
  });

  it('when a built-in fee is replaced by null then it is not silently the built-in one', () => {
    const table = createContractTable({ bitmex: { XBTUSD: { taker_fee: null } } });
    expect(refusalOf(() => table.find('bitmex', 'XBTUSD')).message).toContain('taker_fee');
  });

  it('when a risk step is below the settlement unit then it is refused, not rounded to nothing', () => {
    const risk_limit = { base: '1', step: '0.000000001' };
    expect(refusalOf(() => compiled({ risk_limit })).message).toContain('risk_limit.step');
  });

  test.each(Object.keys(ENTRY).slice(0, 8))('when required field %s is missing then it is named', (field) => {
    expect(refusalOf(() => compiled({ [field]: undefined })).message).toBe(`mine.ABC: field "${field}" is missing`);
  });

  test.each<[string, unknown, string]>([
    ['a list', [], 'contract_info: not a table'],
    ['text', 'bitmex', 'contract_info: not a table'],
    ['null', null, 'contract_info: not a table'],
    ['a venue that is no table', { mine: 5 }, 'mine: not a table'],
    ['a symbol that is no entry', { mine: { ABC: 'linear' } }, 'mine.ABC: not an entry'],
    ['a misspelt field', { mine: { ABC: { ...ENTRY, tik_size: 1 } } }, 'mine.ABC: unknown field "tik_size"'],
  ])('when the table is %s then it is refused with its place', (_, table, message) => {
    const error = refusalOf(() => createContractTable(table, 'my.json'));
    expect(error).toMatchObject({ exitCode: EXIT.usage, place: { file: 'my.json' }, message });
  });
});

describe('isSameCurrency', () => {
  test.each([
    ['BTC', 'XBT', true],
    ['xbt', 'btc', true],
    ['USDT', 'usdt', true],
    ['USDT', 'USD', false],
    ['XBT', 'ETH', false],
  ])('when %s meets %s then same is %s', (a, b, same) => {
    expect(isSameCurrency(a, b)).toBe(same);
  });
});
