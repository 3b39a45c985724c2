/**
 * Contracts at the limits of what an entry may say, what a table answers of contracts that are not its own, and how a user's times,
 * tiers and nulls meet a built-in entry.
 */

import { describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { BTCUSDT, contractWith, d, XBTUSD } from '../testing/laws/contracts.js';
import { createContractTable } from './contractInfo.js';
import { isWithin } from './entryHistory.js';
import { createBrackets } from './marginBrackets.js';
import { boundsOf } from './riskTiers.js';

const ENTRY = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  initial_margin: '0.02',
  maintenance_margin: '0.01',
  max_leverage: '50',
  min_qty: '1',
  tick_size: '0.1',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
  fund_time: [],
};
const compiled = (changes: object) =>
  createContractTable({ mine: { ABC: { ...ENTRY, ...changes } } }).find('mine', 'ABC')!;
const at = (text: string): number => new Date(`${text}Z`).getTime();

function refusalOf(call: () => unknown): UserError {
  try {
    call();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('limits of an entry', () => {
  it('when fees are rebates then they are accepted, both of them', () => {
    const { takerFee, makerFee } = compiled({ taker_fee: '-0.0001', maker_fee: '-0.0002' });
    expect([takerFee, makerFee]).toEqual([d('-0.0001'), d('-0.0002')]);
  });

  it('when the settlement currency has 18 digits then it has', () => {
    expect(compiled({ settle_decimals: 18 }).settle.decimals).toBe(18);
  });

  it('when the least value is one settlement unit then it is one', () => {
    expect(compiled({ min_notional: '0.00000001' }).minNotional).toBe(1n);
  });

  it('when the leverage is written and the initial margin is no number then the margin is named', () => {
    expect(() => compiled({ initial_margin: 'x' })).toThrow('mine.ABC: field "initial_margin" is not a number');
  });

  test.each([
    ['0.99', true],
    ['1', true],
    ['1.01', false],
  ])('when the initial margin is %s of the value then that it is a rate is %p', (initial_margin, isRate) => {
    const compile = () => compiled({ initial_margin, max_leverage: '1' });
    if (isRate) expect(compile().symbol).toBe('ABC');
    else expect(compile).toThrow('mine.ABC: initial_margin is above 1');
  });

  it('when a spot pair says what its tiers would count then it is refused as tiers are', () => {
    const { initial_margin: _, maintenance_margin: __, max_leverage: ___, fund_time: ____, ...rest } = ENTRY;
    const entry = { ...rest, type: 'spot', base_currency: 'ABC', tiers_by: 'value' };
    expect(() => createContractTable({ mine: { ABC: entry } }).find('mine', 'ABC')).toThrow(
      'mine.ABC: field "tiers_by" is not of spot pairs',
    );
  });
});

describe('the table', () => {
  it('when a contract is of another table then nothing is known of its defaults and its time', () => {
    const table = createContractTable();
    expect(table.defaultsUsed(BTCUSDT)).toEqual([]);
    expect(table.validity(BTCUSDT)).toEqual({ fromMs: null, untilMs: null });
  });

  it('when a venue of the user’s file does not name the symbol then it is none of its venues', () => {
    const table = createContractTable({ mine: { ABC: ENTRY }, other: { XYZ: ENTRY } });
    expect(table.ownVenuesOf('ABC')).toEqual(['mine']);
    expect(table.ownVenuesOf('XYZ')).toEqual(['other']);
  });

  test.each<[unknown, string]>([
    ['bitmex', 'bitmex'],
    [[1], '[1]'],
    [{ mine: undefined }, 'nothing'],
  ])('when the file is %j then the refusal shows what was found, of what kind it is, and the file', (own, found) => {
    expect(refusalOf(() => createContractTable(own))).toMatchObject({
      code: 'bad_contract_info',
      place: { file: 'contract_info' },
      found,
    });
  });

  it('when an entry is wrong and the file has no name then it is called contract_info', () => {
    const error = refusalOf(() => compiled({ multiplier: 'x' }));
    expect(error.place).toEqual({ file: 'contract_info' });
  });
});

describe('times', () => {
  const tableOf = (...changes: object[]) =>
    createContractTable({ mine: { ABC: changes.map((change) => ({ ...ENTRY, ...change })) } });

  it('when a later entry of a history has a start that is no time then the field is named', () => {
    expect(() => tableOf({ valid_from: '2020-01-01' }, { valid_from: 'soon' })).toThrow(
      'mine.ABC: field "valid_from" is not a time',
    );
  });

  it('when an end is no time then the field is named', () => {
    const table = tableOf({ valid_until: 'soon' });
    expect(() => table.find('mine', 'ABC')).toThrow('mine.ABC: field "valid_until" is not a time');
  });

  test.each([
    ['2020-12-31', '2020-12-31T00:00'],
    ['2021-01-01', '2021-01-01T00:00'],
    ['2022-01-01', '2021-01-01T00:00'],
  ])('when an entry says that it ends on %s and the next begins in 2021 then it ends at %s', (end, until) => {
    const table = tableOf({ valid_from: '2020-01-01', valid_until: end }, { valid_from: '2021-01-01' });
    expect(table.validity(table.find('mine', 'ABC')!).untilMs).toBe(at(until));
  });

  it('when the user says only until when his fields hold then that is the time of the whole', () => {
    const table = createContractTable({ bitmex: { XBTUSD: { taker_fee: '0.0003', valid_until: '2019-01-01' } } });
    const contract = table.find('bitmex', 'XBTUSD', at('2018-01-01T00:00'))!;
    expect(table.validity(contract)).toEqual({ fromMs: null, untilMs: at('2019-01-01T00:00') });
  });

  it('when times lie before 1970 then an open start is still open, and a start is a start', () => {
    expect(isWithin({ fromMs: null, untilMs: 0 }, -5, -1)).toBe(true);
    expect(isWithin({ fromMs: 0, untilMs: null }, -5, -1)).toBe(false);
  });
});

describe('nulls over a built-in entry', () => {
  const fees = { taker_fee: '0.0004', maker_fee: '0.0002' };

  it('when risk steps are null over a table of tiers then the table stays', () => {
    const table = createContractTable({ binance_usdm: { BTCUSDT: { ...fees, risk_limit: null } } });
    expect(table.find('binance_usdm', 'BTCUSDT')!.tiers!.tiers.length).toBe(10);
  });

  it('when tiers are null over risk steps then steps, rates and leverage stay', () => {
    const contract = createContractTable({ bitmex: { XBTUSD: { tiers: null } } }).find('bitmex', 'XBTUSD')!;
    expect(contract).toMatchObject({
      riskSteps: XBTUSD.riskSteps,
      initialMargin: XBTUSD.initialMargin,
      maintenanceMargin: XBTUSD.maintenanceMargin,
      maxLeverage: XBTUSD.maxLeverage,
      tiers: null,
    });
  });
});

describe('bounds and brackets', () => {
  it('when a contract is flat then its only tier holds for every value, 0 and above', () => {
    expect(boundsOf(contractWith(), 0)).toEqual({ by: 'value', lower: 0n, upper: null, upperIncluded: true });
  });

  it('when risk steps are asked for then each begins where the one below ends', () => {
    const XBT = 100_000_000n;
    expect([0, 1, 2].map((index) => boundsOf(XBTUSD, index))).toEqual([
      { by: 'value', lower: 0n, upper: 200n * XBT, upperIncluded: true },
      { by: 'value', lower: 200n * XBT, upper: 300n * XBT, upperIncluded: true },
      { by: 'value', lower: 300n * XBT, upper: 400n * XBT, upperIncluded: true },
    ]);
  });

  it('when the rows of a published table are in another order then the brackets ascend all the same', () => {
    const rows = [
      { floor: d('250000'), maintenance: d('0.01'), deduction: null },
      { floor: d('0'), maintenance: d('0.004'), deduction: null },
      { floor: d('50000'), maintenance: d('0.005'), deduction: null },
    ];
    const brackets = createBrackets(rows, 'marginal');
    expect(brackets.map(({ floor }) => floor)).toEqual([d('0'), d('50000'), d('250000')]);
    expect(brackets.map(({ deduction }) => Number(deduction.num) / Number(deduction.den))).toEqual([0, 50, 1300]);
    expect(rows[0]!.floor).toEqual(d('250000'));
  });
});
