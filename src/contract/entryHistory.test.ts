/** Which entry of a history is in force, for how long, and what a user's entry does to a built-in one. */

import { describe, expect, it, test } from '@jest/globals';
import { createContractTable } from './contractInfo.js';
import { isWithin } from './entryHistory.js';

const ENTRY = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  initial_margin: '0.01',
  maintenance_margin: '0.005',
  min_qty: '1',
  tick_size: '0.1',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
  fund_time: [],
};
const at = (text: string): number => new Date(`${text}Z`).getTime();

const HISTORY = [
  { ...ENTRY, tick_size: '1', valid_from: '2020-01-01' },
  { ...ENTRY, tick_size: '0.5', valid_from: '2021-06-30 12:00' },
  { ...ENTRY, tick_size: '0.1', valid_from: '2022-01', valid_until: '2023-01-01' },
];

const tableOf = (history: unknown) => createContractTable({ mine: { ABC: history } });

describe('a history', () => {
  // time, tick in force, from, until
  test.each([
    ['2019-12-31T23:59:59', 1, '2020-01-01T00:00', '2021-06-30T12:00'],
    ['2020-01-01T00:00:00', 1, '2020-01-01T00:00', '2021-06-30T12:00'],
    ['2021-06-30T11:59:59', 1, '2020-01-01T00:00', '2021-06-30T12:00'],
    ['2021-06-30T12:00:00', 0.5, '2021-06-30T12:00', '2022-01-01T00:00'],
    ['2022-01-01T00:00:00', 0.1, '2022-01-01T00:00', '2023-01-01T00:00'],
    ['2030-01-01T00:00:00', 0.1, '2022-01-01T00:00', '2023-01-01T00:00'],
  ])('when the time is %s then the tick is %s, valid from %s until %s', (time, tick, from, until) => {
    const table = tableOf(HISTORY);
    const contract = table.find('mine', 'ABC', at(time))!;
    expect(contract.tickF64).toBe(tick);
    expect(table.validity(contract)).toEqual({ fromMs: at(from), untilMs: at(until) });
  });

  it('when no time is given then it is the first entry', () => {
    expect(tableOf(HISTORY).find('mine', 'ABC')!.tickF64).toBe(1);
  });

  it('when the first entry has no valid_from then it is of all times before the second', () => {
    const table = tableOf([
      { ...ENTRY, tick_size: '1' },
      { ...ENTRY, valid_from: '2021-01-01' },
    ]);
    const contract = table.find('mine', 'ABC', at('1999-01-01T00:00'))!;
    expect(contract.tickF64).toBe(1);
    expect(table.validity(contract)).toEqual({ fromMs: null, untilMs: at('2021-01-01T00:00') });
  });

  it('when an entry says nothing of its time then nothing limits it', () => {
    const table = tableOf(ENTRY);
    expect(table.validity(table.find('mine', 'ABC', 0)!)).toEqual({ fromMs: null, untilMs: null });
  });

  test.each<[string, unknown, string]>([
    ['empty', [], 'mine.ABC: a history without entries'],
    ['of something else', ['x'], 'mine.ABC: not an entry'],
    ['out of order', [HISTORY[1], HISTORY[0]], 'mine.ABC: the history is not in the order of valid_from'],
    ['of one time twice', [HISTORY[0], HISTORY[0]], 'mine.ABC: the history is not in the order of valid_from'],
    ['without a second time', [HISTORY[0], ENTRY], 'mine.ABC: an entry of the history has no valid_from'],
  ])('when the history is %s then it is refused', (_, history, message) => {
    expect(() => tableOf(history)).toThrow(message);
  });

  test.each(['soon', '2021-13-01', '2021-06-31', '2021-06-30 24:00', 20210630, null])(
    'when valid_from is %j then it is no time',
    (time) => {
      const table = tableOf({ ...ENTRY, valid_from: time });
      expect(() => table.find('mine', 'ABC')).toThrow('mine.ABC: field "valid_from" is not a time');
    },
  );
});

describe('isWithin', () => {
  const year = { fromMs: 1000, untilMs: 2000 };
  test.each([
    [999, 2000, false],
    [1000, 2000, true],
    [1001, 2001, false],
  ])('when a run is from %s to %s then within is %s', (from, until, within) => {
    expect(isWithin(year, from, until)).toBe(within);
    expect(isWithin({ fromMs: null, untilMs: null }, from, until)).toBe(true);
  });
});

describe('a user’s entry over a built-in history', () => {
  it('when it names a field then the others are those in force at the time', () => {
    const table = createContractTable({ bitmex: { XBTUSD: { taker_fee: '0.0003' } } });
    const [old, now] = [at('2020-03-12T00:00'), at('2026-06-01T00:00')].map(
      (ms) => table.find('bitmex', 'XBTUSD', ms)!,
    );
    expect([old!.tickF64, now!.tickF64]).toEqual([0.5, 0.1]);
    expect([old!.takerFee, now!.takerFee]).toEqual([old!.takerFee, old!.takerFee]);
    expect(table.validity(old!)).toEqual({ fromMs: null, untilMs: at('2021-07-01T00:00') });
    expect(table.validity(now!)).toEqual({ fromMs: at('2026-05-03T00:00'), untilMs: null });
  });

  it('when it says from when it holds then that is its time', () => {
    const table = createContractTable({ bitmex: { XBTUSD: { taker_fee: '0.0003', valid_from: '2022-01-01' } } });
    const contract = table.find('bitmex', 'XBTUSD', at('2022-06-01T00:00'))!;
    expect(table.validity(contract)).toEqual({ fromMs: at('2022-01-01T00:00'), untilMs: null });
  });

  it('when it has tiers then the risk steps and the rates beside them are gone', () => {
    const tiers = [{ im: '0.02', mm: '0.01' }];
    const contract = createContractTable({ bitmex: { XBTUSD: { tiers } } }).find('bitmex', 'XBTUSD')!;
    expect(contract.riskSteps).toBeNull();
    expect(contract.maintenanceMargin).toEqual({ num: 1n, den: 100n });
    expect(contract.maxLeverage).toEqual({ num: 50n, den: 1n });
  });

  it('when it has risk steps then the tiers are gone', () => {
    const own = {
      risk_limit: { base: '100', step: '100' },
      initial_margin: '0.01',
      maintenance_margin: '0.005',
      taker_fee: '0.0004',
      maker_fee: '0.0002',
    };
    const contract = createContractTable({ binance_usdm: { BTCUSDT: own } }).find('binance_usdm', 'BTCUSDT')!;
    expect(contract.tiers).toBeNull();
    expect(contract.riskSteps).not.toBeNull();
  });

  it('when it says null then the built-in tiers or risk steps are gone, and the rates must be there', () => {
    expect(createContractTable({ bitmex: { XBTUSD: { risk_limit: null } } }).find('bitmex', 'XBTUSD')).toMatchObject({
      riskSteps: null,
      initialMargin: { num: 1n, den: 100n },
    });
    const own = { tiers: null, taker_fee: '0.0004', maker_fee: '0.0002' };
    const flat = (entry: object) =>
      createContractTable({ binance_usdm: { BTCUSDT: entry } }).find('binance_usdm', 'BTCUSDT')!;
    expect(() => flat(own)).toThrow('fields "initial_margin", "maintenance_margin", "liquidation_fee" are missing');
    expect(flat({ ...own, initial_margin: '0.01', maintenance_margin: '0.005' })).toMatchObject({ tiers: null });
  });

  it('when it has another rate than the first of the built-in tiers then it says that tiers are needed', () => {
    const own = { initial_margin: '0.02', taker_fee: '0.0004', maker_fee: '0.0002' };
    const table = createContractTable({ binance_usdm: { BTCUSDT: own } });
    expect(() => table.find('binance_usdm', 'BTCUSDT')).toThrow(
      'binance_usdm.BTCUSDT: field "initial_margin" is not that of the first of the tiers',
    );
  });
});
