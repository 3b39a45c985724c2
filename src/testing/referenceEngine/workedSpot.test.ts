/**
 * Worked examples of spot pairs and of totals in one currency, by hand: what is spent, locked, held and told, and at which prices
 * ledgers are added up. Each is settled by both engines, which must write the same rows.
 */

import { describe, expect, it, test } from '@jest/globals';
import { compareEngines } from '../simulator/compareEngines.js';
import { type ReferenceRun, referenceRunOf } from '../simulator/referenceRun.js';
import type { OrderCall, World, WorldAccount, WorldCall } from '../simulator/world.js';
import { accountOf, HOUR_MS, INVERSE, LINEAR, order, PAIR, type Played, START_MS, worldOf } from './workedWorlds.js';

const NAME = 'BTC/USDT';

/** Settled by both engines. */
async function settled(world: World): Promise<ReferenceRun> {
  expect(await compareEngines(world)).toBeNull();
  return referenceRunOf(world);
}

/** An account with 1,000.00 USDT, or with other amounts. */
const owner = (balances: Readonly<Record<string, string>> = { USDT: '100000' }): WorldAccount => ({
  ...accountOf('generic', PAIR, '0'),
  balances: Object.entries(balances).map(([currency, amount]) => ({ currency, amount })),
});

const onPair = (
  bars: readonly string[],
  calls: readonly WorldCall[],
  account = owner(),
  contract = PAIR,
): Promise<ReferenceRun> => settled(worldOf({ [NAME]: { contract, bars } }, account, calls));

const buy = (bar: number, qty: string, price: string | null = null): OrderCall => order(bar, 'buy', NAME, qty, price);
const sell = (bar: number, qty: string, price: string | null = null): OrderCall => order(bar, 'sell', NAME, qty, price);
/** Another order of the same bar. */
const second = (call: OrderCall): OrderCall => ({ ...call, key: call.key + 50 });
const money = (bar: number, call: 'deposit' | 'withdraw', amount: string, currency: string | null): WorldCall => ({
  at: START_MS + bar * HOUR_MS,
  account: 'main',
  call,
  amount,
  currency,
});

/** Type, currency and amount of the bills after the start. */
const billsOf = (run: ReferenceRun): unknown[] =>
  run.bills.filter(({ timeMs }) => timeMs > START_MS).map((bill) => [bill.type, bill.currency.code, bill.amount]);
const endsOf = (run: ReferenceRun): unknown[] => run.orders.map(({ status, reason }) => [status, reason]);

describe('buying and selling', () => {
  it('when 0.02 are bought at 10,000 and 0.015 sold at 12,000 then 30.00 is told, and profit is only the fees of 0.38', async () => {
    const run = await onPair(['10000', '10000', '12000'], [buy(0, '0.02'), sell(1, '0.015')]);
    expect(billsOf(run)).toEqual([
      ['spot_buy', 'USDT', -20_000n],
      ['spot_buy', 'XBT', 2_000_000n],
      ['fee', 'USDT', -20n],
      ['spot_sell', 'USDT', 18_000n],
      ['spot_sell', 'XBT', -1_500_000n],
      ['fee', 'USDT', -18n],
    ]);
    expect(run.trades.map(({ realizedPnl }) => realizedPnl)).toEqual([0n, 3000n]);
    expect(run.outcome.accounts).toMatchObject([
      { currency: { code: 'USDT' }, endEquity: 97_962n, spot: -2000n, fees: 38n, openPositions: 1, closedTrades: 0 },
      { currency: { code: 'XBT' }, endEquity: 500_000n, spot: 500_000n, openPositions: 0 },
    ]);
    expect(run.positions).toMatchObject([
      {
        total: 50n,
        amount: 6000n,
        unrealizedPnl: 1000n,
        equity: 6000n,
        margin: 0n,
        mode: null,
        liquidationPrice: null,
      },
    ]);
    expect(run.outcome.totals.overall).toMatchObject({ startEquity: 100_000n, endEquity: 103_962n, fees: 38n });
  });

  it('when more is sold than was bought then profit and fee are told of the bought part only', async () => {
    const account = owner({ USDT: '100000', XBT: '10000000' });
    const run = await onPair(['10000', '10000', '11000'], [buy(0, '0.02'), sell(1, '0.05')], account);
    expect(run.trades[1]).toMatchObject({ amount: 55_000n, commission: 55n, realizedPnl: 2000n });
    expect(run.closed).toMatchObject([{ qty: 200n, grossPnl: 2000n, fees: 42n, netPnl: 1958n }]);
  });

  it('when all is spent by percent at the market then the fee, rounded up, is part of it', async () => {
    const run = await onPair(['10000', '10000'], [order(0, 'buyPct', NAME, '1')]);
    expect(run.trades).toMatchObject([{ qty: 999n, amount: 99_900n, commission: 100n }]);
    expect(run.outcome.accounts[0]).toMatchObject({ wallet: 0n });
  });

  it('when half of the free coins are offered then a resting offer counts as not free', async () => {
    const account = owner({ USDT: '1', XBT: '10000000' });
    const calls = [sell(0, '0.04', '12000'), second(order(0, 'sellPct', NAME, '0.5'))];
    const run = await onPair(['10000', '10000'], calls, account);
    expect(run.trades).toMatchObject([{ side: 'sell', qty: 300n, realizedPnl: 0n }]);
  });
});

describe('what resting orders lock', () => {
  it('when buys rest then value and taker fee are locked, and what is left bounds orders and withdrawals', async () => {
    const calls = [
      buy(0, '0.05', '9000'),
      second(buy(0, '0.06', '9100')),
      { ...buy(0, '0.0001', '9000'), key: 90 },
      { ...buy(0, '0.0004', '9000'), key: 91 },
      money(0, 'withdraw', '2.1', null),
      money(0, 'withdraw', '2.09', null),
    ];
    const run = await onPair(['10000', '10000'], calls);
    // 450.00 + 0.45 and 546.00 + 0.55; then 0.90 + 0.01 is covered, and 3.60 + 0.01 is not by 2.09.
    expect(endsOf(run)).toEqual([
      ['expired', 'end_of_run'],
      ['expired', 'end_of_run'],
      ['expired', 'end_of_run'],
      ['rejected', 'insufficient_balance'],
    ]);
    expect(run.calls.filter((line) => line.includes('withdraw'))).toEqual([
      `${START_MS} main withdraw rejected 70004 insufficient_margin`,
      `${START_MS} main withdraw done  `,
    ]);
    expect(run.balances.at(-1)).toMatchObject({ wallet: 99_791n, orderMargin: 0n, available: 99_791n });
  });

  it('when a contract is in profit then the profit buys no coins', async () => {
    const contract = { ...LINEAR, settleDecimals: 2 };
    const played = {
      SIM: { contract, bars: ['1000', '1000', '1500', '1500'] },
      [NAME]: { contract: { ...PAIR, takerFee: '0' }, bars: ['10000', '10000', '10000', '10000'] },
    };
    const calls = [order(0, 'longOpen', 'SIM', '1'), buy(2, '0.1001'), { ...buy(2, '0.1'), key: 70 }];
    const run = await settled(worldOf(played, owner(), calls));
    // 1,000.00 in the wallet, 500.00 of profit, 100.00 of margin: 1,400.00 are available, 1,000.00 may be spent.
    expect(endsOf(run)).toEqual([
      ['filled', null],
      ['rejected', 'insufficient_balance'],
      ['filled', null],
    ]);
  });

  it('when a stop meets an offer that has locked most of the coins then it sells what is free', async () => {
    const guarded = { ...buy(0, '0.02'), orderStyle: [{ name: 'stop_loss', value: '9000' }] } as const;
    const run = await onPair(['10000', '10000', '9500 9500 8900 8900'], [guarded, sell(1, '0.015', '15000')]);
    expect(run.trades[1]).toMatchObject({ side: 'sell', qty: 50n, price: 9000, reason: 'stop_loss' });
    expect(endsOf(run)).toEqual([
      ['filled', null],
      ['filled', null],
      ['expired', 'end_of_run'],
    ]);
  });
});

describe('what is refused', () => {
  const PLAYED: Readonly<Record<string, Played>> = {
    SIM: { contract: { ...LINEAR, settleDecimals: 2 }, bars: ['1000', '1000'] },
    [NAME]: { contract: { ...PAIR, minNotional: '1000' }, bars: ['10000', '10000'] },
  };

  test.each([
    ['a contract call on a pair', order(0, 'longOpen', NAME, '0.01'), 'spot_pair'],
    ['a spot call on a contract', order(0, 'buy', 'SIM', '0.01'), 'not_a_spot_pair'],
    ['a reduce-only sell', { ...sell(0, '0.01'), reduceOnly: true }, 'reduce_only_on_spot'],
    ['a sell of coins that are not there', sell(0, '0.01'), 'insufficient_balance'],
    ['a buy of 9.00', buy(0, '0.0009'), 'notional_below_min'],
    ['a sell of 9.00', sell(0, '0.0009'), 'notional_below_min'],
    ['a buy below the least quantity', buy(0, '0.00009'), 'qty_below_min'],
    ['a post-only buy above the price', { ...buy(0, '0.01', '10001'), postOnly: true }, 'post_only_would_take'],
  ] as const)('when %s is called then it is refused', async (_, call, reason) => {
    const run = await settled(worldOf(PLAYED, owner(), [call]));
    expect(endsOf(run)).toEqual([['rejected', reason]]);
    expect(run.calls).toHaveLength(1);
  });
});

describe('the way through a bar', () => {
  test.each([
    ['adverse', 9500, 'stop_loss'],
    ['favourable', 10_500, 'stop_profit'],
  ] as const)('when both stops of a holding lie in a bar, %s, then it sells at %s', async (intrabar, price, reason) => {
    const stops = [
      { name: 'stop_loss', value: '9500' },
      { name: 'stop_profit', value: '10500' },
    ] as const;
    const played = { [NAME]: { contract: PAIR, bars: ['10000', '10000', '10000 10600 9400 10000'] } };
    const guarded = { ...buy(0, '0.02'), orderStyle: stops };
    const run = await settled({ ...worldOf(played, owner(), [guarded]), intrabar });
    expect(run.trades[1]).toMatchObject({ price, reason });
    expect(run.outcome.accounts[0]).toMatchObject({ ambiguousBars: 1 });
  });
});

describe('a blown-up ledger', () => {
  it('when the coins of a pair are lost in a contract then its orders end with them', async () => {
    const played = {
      SIM: { contract: { ...INVERSE, quote: 'USD' }, bars: ['10000', '10000', '10000 10000 5000 5000'] },
      [NAME]: { contract: PAIR, bars: ['10000', '10000', '10000'] },
    };
    const account = owner({ XBT: '10000000', USDT: '100000' });
    const calls = [order(0, 'longOpen', 'SIM', '8000'), buy(1, '0.01', '8000'), { ...buy(2, '0.01'), key: 80 }];
    const run = await settled(worldOf(played, account, calls));
    expect(run.outcome.accounts[0]).toMatchObject({ wallet: 0n });
    expect(endsOf(run).slice(1)).toEqual([
      ['cancelled', 'bankrupt'],
      ['rejected', 'account_bankrupt'],
    ]);
  });
});

describe('totals', () => {
  const ETHER = { ...PAIR, settle: 'XBT', quote: 'XBT', base: { code: 'ETH', decimals: 8 }, settleDecimals: 8 };
  const both = {
    [NAME]: { contract: PAIR, bars: ['10000', '10000 10000 8000 8000'] },
    'ETH/XBT': { contract: { ...ETHER, tick: '0.00001' }, bars: ['0.05', '0.05'] },
  };
  const account = owner({ USDT: '100000', ETH: '200000000' });

  it('when coins reach the report currency by two pairs then both prices count', async () => {
    const run = await settled(worldOf(both, account, []));
    // 1,000.00 + 2 · 0.05 · 10,000 at the start, and 8,000 at the end.
    const { overall } = run.outcome.totals;
    expect(overall).toMatchObject({ currency: { code: 'USDT' }, startEquity: 200_000n, endEquity: 180_000n });
    expect('maxDrawdown' in overall ? overall.maxDrawdown : null).toBeCloseTo(0.1, 12);
  });

  it('when no symbol prices the coins then the total says so', async () => {
    const run = await settled(worldOf({ 'ETH/XBT': both['ETH/XBT'] }, account, []));
    expect(run.outcome.totals.overall).toEqual({ reason: 'no symbol of the run prices ETH in USDT' });
  });

  it('when coins are paid in then they count at the price of that close, and what they do later is result', async () => {
    const run = await onPair(['10000', '12000', '15000'], [money(1, 'deposit', '0.01', 'XBT')]);
    const { overall } = run.outcome.totals;
    expect(overall).toMatchObject({ startEquity: 100_000n, netDeposits: 12_000n, endEquity: 115_000n, maxDrawdown: 0 });
  });

  it('when an inverse contract is quoted in the report currency then its price is the way', async () => {
    const played = { SIM: { contract: { ...INVERSE, quote: 'USDT' }, bars: ['10000', '8000'] } };
    const run = await settled(worldOf(played, owner({ XBT: '100000000', USDT: '100000000' }), []));
    // USDT have 8 digits where no symbol says otherwise: 1 USDT is 0.0001 XBT at 10,000 and 0.000125 XBT at 8,000.
    expect(run.outcome.totals.overall).toMatchObject({ startEquity: 100_010_000n, endEquity: 100_012_500n });
  });
});
