/**
 * Worked examples of accounts at two exchanges in one run, by hand: each trades by the terms of its own, pays funding on its own clock
 * and at its own candles, knows symbols by its own names, and money goes from one to the other in what both can hold. Each is settled
 * by both engines, which must write the same rows.
 */

import { describe, expect, it, test } from '@jest/globals';
import { compareEngines } from '../simulator/compareEngines.js';
import { type ReferenceRun, referenceRunOf } from '../simulator/referenceRun.js';
import type { OrderCall, World, WorldAccount, WorldCall, WorldContract, WorldSymbol } from '../simulator/world.js';
import { accountOf, HOUR_MS, INVERSE, LINEAR, order, START_MS, worldOf } from './workedWorlds.js';

async function settled(world: World): Promise<ReferenceRun> {
  expect(await compareEngines(world)).toBeNull();
  return referenceRunOf(world);
}

/** 1 BTC a contract and millionths at the one, 0.1 BTC and cents at the other. */
const HERE: WorldContract = { ...LINEAR, settleDecimals: 6, takerFee: '0.001' };
const THERE: WorldContract = { ...LINEAR, settleDecimals: 2, takerFee: '0.0005', multiplier: '0.1' };

/** 1,000 USDT each. */
const HOME: WorldAccount = { ...accountOf('generic', HERE, '1000000000'), name: 'home' };
const AWAY: WorldAccount = { ...accountOf('bybit', THERE, '100000'), name: 'away', exchange: 'simulated2' };

const by = (account: string, call: OrderCall, symbol = call.symbol): OrderCall => ({
  ...call,
  account,
  symbol,
  key: call.key + (account === 'home' ? 0 : 100),
});
const long = (bar: number, qty: string): OrderCall => order(bar, 'longOpen', 'SIM', qty);

/** Candles that serve both, or more of them by their names. */
const played = (
  bars: readonly string[],
  calls: readonly WorldCall[],
  part: Partial<World> & { readonly candles?: Partial<WorldSymbol> } = {},
): Promise<ReferenceRun> => {
  const { candles, ...rest } = part;
  const world = worldOf({ SIM: { contract: HERE, bars } }, HOME, calls);
  const [symbol] = world.symbols;
  return settled({
    ...world,
    symbols: [{ ...symbol!, elsewhere: THERE, ...candles }],
    accounts: [HOME, AWAY],
    ...rest,
  });
};

const fillsOf = (run: ReferenceRun): unknown[] =>
  run.trades.map(({ account, contract, price, amount, commission }) => [
    account,
    contract.symbol,
    price,
    amount,
    commission,
  ]);
const refusalsOf = (run: ReferenceRun): unknown[] =>
  run.orders
    .filter(({ status }) => status === 'rejected')
    .map(({ account, symbol, reason }) => [account, symbol, reason]);

describe('candles that serve two exchanges', () => {
  it('when both buy 5 then each pays the fee of its own contract on what that one is worth', async () => {
    const run = await played(['100', '100', '110'], [by('home', long(0, '5')), by('away', long(0, '5'))]);
    expect(fillsOf(run)).toEqual([
      ['home', 'SIM', 100, 500_000_000n, 500_000n], // 500 USDT and 0.5 of it in millionths
      ['away', 'SIM', 100, 5000n, 3n], // 50 USDT in cents; 2.5 cents are rounded away from zero
    ]);
    expect(run.outcome.accounts.map(({ endEquity }) => endEquity)).toEqual([1_049_500_000n, 100_497n]);
    // 1,000 + 50 − 0.5 and 1,000 + 5 − 0.03, in the first account's millionths
    expect(run.outcome.totals.overall).toMatchObject({ startEquity: 2_000_000_000n, endEquity: 2_054_470_000n });
  });

  test.each(['SIM', 'SIM.bybit'])(
    'when the order names %s then the account at that exchange takes it',
    async (name) => {
      const run = await played(['100', '100'], [by('away', long(0, '5'), name)]);
      expect(run.orders.map(({ symbol, status }) => [symbol, status])).toEqual([['SIM', 'filled']]);
    },
  );

  it('when an order names another exchange then it is of an unknown symbol, and is shown as it was asked', async () => {
    const calls = [by('home', long(0, '5'), 'SIM.bybit'), by('away', long(0, '5'), 'SIM.generic')];
    expect(refusalsOf(await played(['100', '100'], calls))).toEqual([
      ['home', 'SIM.bybit', 'unknown_symbol'],
      ['away', 'SIM.generic', 'unknown_symbol'],
    ]);
  });

  it('when only one lists the symbol then it is unknown at the other, which goes on with its own', async () => {
    const other = worldOf({ ALT: { contract: THERE, bars: ['50', '50', '50'] } }, AWAY, []).symbols[0]!;
    const world = worldOf({ SIM: { contract: HERE, bars: ['100', '100', '100'] } }, HOME, [
      by('away', long(0, '5')),
      by('away', long(0, '5'), 'ALT'),
      by('home', long(1, '5'), 'ALT'),
      by('home', long(1, '5')),
    ]);
    const symbols = [world.symbols[0]!, { ...other, venue: 'simulated2' as const }];
    const run = await settled({ ...world, symbols, accounts: [HOME, AWAY] });
    expect(refusalsOf(run)).toEqual([
      ['away', 'SIM', 'unknown_symbol'],
      ['home', 'ALT', 'unknown_symbol'],
    ]);
    expect(run.trades.map(({ account, contract }) => [account, contract.symbol])).toEqual([
      ['away', 'ALT'],
      ['home', 'SIM'],
    ]);
  });
});

describe('candles of both venues', () => {
  const both = (bars: readonly string[], others: readonly string[]): readonly WorldSymbol[] => {
    const [home] = worldOf({ SIM: { contract: HERE, bars } }, HOME, []).symbols;
    const [away] = worldOf({ SIM: { contract: THERE, bars: others } }, AWAY, []).symbols;
    return [
      { ...home!, name: 'SIM.simulated', symbol: 'SIM', venue: 'simulated' },
      { ...away!, name: 'SIM.simulated2', symbol: 'SIM', venue: 'simulated2' },
    ];
  };

  it('when both buy at market then each fills at its own price, and rows show the symbol', async () => {
    const symbols = both(['100', '100', '100'], ['103', '103', '103']);
    const calls = [by('home', long(0, '5')), by('away', long(0, '5'), 'SIM.simulated2')];
    const run = await played([], calls, { symbols });
    expect(fillsOf(run).map((row) => (row as unknown[]).slice(0, 3))).toEqual([
      ['home', 'SIM', 100],
      ['away', 'SIM', 103],
    ]);
    expect(run.positions.map(({ account, contract, markPrice }) => [account, contract.symbol, markPrice])).toEqual([
      ['home', 'SIM', 100],
      ['away', 'SIM', 103],
    ]);
  });

  it('when the price falls at one venue alone then only the account there is liquidated', async () => {
    const symbols = both(['100', '100', '100 100 50 60'], ['100', '100', '100']);
    const run = await played([], [by('home', long(0, '80')), by('away', long(0, '800'))], { symbols });
    expect(run.trades.filter(({ reason }) => reason === 'liquidation').map(({ account }) => account)).toEqual(['home']);
  });

  it('when one venue has no bar at a time then the other goes on, and what was ordered there waits for the next', async () => {
    const [home, away] = both(['100', '100', '100'], ['103', '104', '105']) as [WorldSymbol, WorldSymbol];
    const symbols = [home, { ...away, bars: away.bars.filter((_, i) => i !== 1) }];
    const run = await played([], [by('home', long(0, '5')), by('away', long(0, '5'))], { symbols });
    expect(run.trades.map(({ account, timeMs, price }) => [account, (timeMs - START_MS) / HOUR_MS, price])).toEqual([
      ['home', 1, 100],
      ['away', 2, 105],
    ]);
  });
});

describe('funding', () => {
  it('when contracts of one series have other funding times then each account pays at those of its own', async () => {
    const hours = (...of: number[]): number[] => of.map((hour) => hour * HOUR_MS);
    const calls = [by('home', long(0, '5')), by('away', long(0, '5'))];
    const run = await played(['100', '100', '100', '100'], calls, {
      candles: {
        contract: { ...HERE, fundTimesMs: hours(2) },
        elsewhere: { ...THERE, fundTimesMs: hours(2, 3) },
        funding: { kind: 'constant', rate: '0.001' },
      },
    });
    const paid = run.bills.filter(({ type }) => type === 'funding');
    expect(paid.map(({ account, timeMs, amount }) => [account, (timeMs - START_MS) / HOUR_MS, amount])).toEqual([
      ['home', 2, -500_000n],
      ['away', 2, -5n],
      ['away', 3, -5n],
    ]);
  });
});

describe('money between the two', () => {
  const XBT: WorldContract = { ...INVERSE, settleDecimals: 8 };
  const BTC: WorldContract = { ...INVERSE, settle: 'BTC', settleDecimals: 6 };
  const home = (...currencies: readonly string[]): WorldAccount => ({
    ...accountOf('generic', XBT, '0'),
    name: 'home',
    balances: currencies.map((currency) => ({ currency, amount: '100000000' })),
  });
  const away: WorldAccount = { ...accountOf('bybit', BTC, '1000000'), name: 'away', exchange: 'simulated2' };
  const cash = (account: string, to: string, amount: string, currency: string | null): WorldCall => ({
    at: START_MS,
    account,
    call: 'transfer',
    to,
    amount,
    currency,
  });
  const moved = (calls: readonly WorldCall[], accounts = [home('XBT'), away]): Promise<ReferenceRun> =>
    played(['10000', '10000'], calls, { accounts, candles: { contract: XBT, elsewhere: BTC } });
  const billsOf = (run: ReferenceRun): unknown[] =>
    run.bills
      .filter(({ timeMs }) => timeMs > START_MS)
      .map(({ account, type, currency, amount }) => [account, type, currency.code, amount]);

  it('when 0.12345678 XBT go to an account of millionths then both bills are of 0.123456', async () => {
    const run = await moved([cash('home', 'away', '0.12345678', null)]);
    expect(billsOf(run)).toEqual([
      ['home', 'transfer_out', 'XBT', -12_345_600n],
      ['away', 'transfer_in', 'BTC', 123_456n],
    ]);
    expect(run.outcome.totals.overall).toMatchObject({ startEquity: 200_000_000n, endEquity: 200_000_000n });
    expect(run.outcome.totals.accounts).toMatchObject([{ netDeposits: -12_345_600n }, { netDeposits: 123_456n }]);
  });

  it('when they come back then they are the sender’s own coins again', async () => {
    const run = await moved([cash('away', 'home', '0.5', 'BTC')]);
    expect(billsOf(run)).toEqual([
      ['home', 'transfer_in', 'XBT', 50_000_000n],
      ['away', 'transfer_out', 'BTC', -500_000n],
    ]);
  });

  it('when what both can hold of it is nothing then it is refused', async () => {
    const run = await moved([cash('home', 'away', '0.00000099', null), cash('home', 'nobody', '0.00000099', null)]);
    expect(run.calls.map((call) => call.split(' ').slice(3).join(' '))).toEqual([
      'rejected 400 amount_not_positive',
      'rejected 400 unknown_account',
    ]);
  });

  it('when the receiver knows no such currency then a ledger of the sender’s opens there', async () => {
    const run = await moved([cash('home', 'away', '0.5', 'ETH')], [home('XBT', 'ETH'), away]);
    expect(billsOf(run)).toEqual([
      ['home', 'transfer_out', 'ETH', -50_000_000n],
      ['away', 'transfer_in', 'ETH', 50_000_000n],
    ]);
  });

  test.each([
    ['BTC', 'away', 'done'],
    ['XBT', 'home', 'done'],
    ['BTC', 'home', 'rejected 400 unknown_currency'],
    ['XBT', 'away', 'rejected 400 unknown_currency'],
  ])('when 1 %s is paid into %s then it is %s', async (currency, account, answer) => {
    const run = await moved([{ at: START_MS, account, call: 'deposit', amount: '1', currency }]);
    expect(run.calls.map((call) => call.split(' ').slice(3).join(' ').trim())).toEqual([answer]);
  });
});
