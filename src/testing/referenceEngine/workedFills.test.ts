/**
 * Worked examples of given fills: how they split, what they cost, when they act and what follows, with candles and without. Each is
 * settled by both engines, which must write the same.
 */

import { describe, expect, it, test } from '@jest/globals';
import { runBacktest } from '../../engine/engine.js';
import { compareEngines } from '../simulator/compareEngines.js';
import { type ReferenceRun, referenceRunOf } from '../simulator/referenceRun.js';
import type { World, WorldAccount, WorldFill } from '../simulator/world.js';
import { inputOf } from '../simulator/worldInput.js';
import { accountOf, HOUR_MS, LINEAR, PAIR, START_MS, worldOf } from './workedWorlds.js';

async function settled(world: World): Promise<ReferenceRun> {
  expect(await compareEngines(world)).toBeNull();
  return referenceRunOf(world);
}

/** Hours after the first open, then side, contracts and price: `1 buy 10 100`. */
function fill(text: string, part: Partial<WorldFill> = {}): WorldFill {
  const [hours, side, qty, price] = text.split(' ') as [string, 'buy' | 'sell', string, string];
  return {
    timeMs: START_MS + Math.round(Number(hours) * HOUR_MS),
    account: 'main',
    symbol: 'SIM',
    side,
    effect: null,
    qty: String(Math.round(Number(qty) * 1000)),
    price,
    liquidity: 'taker',
    fee: null,
    orderId: null,
    ...part,
  };
}

const CENTS = { ...LINEAR, settleDecimals: 2 };
const account = (part: Partial<WorldAccount> = {}): WorldAccount => ({
  ...accountOf('generic', CENTS, '100000'),
  ...part,
});

/** Fills on a linear contract in cents: 1,000 USDT, cross at leverage 10, no fees. */
const worldWith = (bars: readonly string[], rows: readonly WorldFill[], part: Partial<World> = {}): World => ({
  ...worldOf({ SIM: { contract: CENTS, bars } }, account(), []),
  fills: { rows, areAlone: false },
  ...part,
});

/** The same without candles: a bar of a millisecond for every time. */
function alone(rows: readonly WorldFill[], part: Partial<World> = {}): World {
  const prices = new Map(rows.map(({ timeMs, price }) => [timeMs, Number(price)]));
  const world = worldWith(['1'], rows, { ...part, intervalMs: 1, fills: { rows, areAlone: true } });
  const bars = [...prices].map(([openTimeMs, at]) => ({
    openTimeMs,
    last: [at, at, at, at] as const,
    mark: null,
    isMarkKnown: true,
  }));
  return { ...world, symbols: [{ ...world.symbols[0]!, bars }] };
}

const tradesOf = ({ trades }: ReferenceRun): string[] =>
  trades.map(({ positionEffect, side, qty, price, commission, reason }) =>
    [side, positionEffect, Number(qty) / 1000, price, commission, reason].join(' '),
  );
const hoursOf = (timeMs: number): number => (timeMs - START_MS) / HOUR_MS;

describe('parts of a fill', () => {
  it('when a fill turns a position round then it closes and opens, and a given fee goes by quantity, the rounding second', async () => {
    const rows = [fill('0 buy 1 100'), fill('0.5 sell 3 110', { fee: '100', effect: 'open' })];
    expect(tradesOf(await settled(worldWith(['100', '100'], rows)))).toEqual([
      'buy open 1 100 0 replay',
      'sell close 1 110 33 replay',
      'sell open 2 110 67 replay',
    ]);
  });

  it('when a fill says that it closes then it never opens, and what is too much has its share of the fee left out', async () => {
    const rows = [
      fill('0 buy 1 100'),
      fill('0.5 sell 3 110', { fee: '100', effect: 'close' }),
      fill('1 sell 1 90', { effect: 'close' }),
    ];
    expect(tradesOf(await settled(worldWith(['100', '100'], rows)))).toEqual([
      'buy open 1 100 0 replay',
      'sell close 1 110 33 replay',
    ]);
  });

  it('when the account is hedged then the effect says which side a fill is of', async () => {
    const rows = [
      fill('0 buy 2 100', { effect: 'open' }),
      fill('0.2 sell 3 100', { effect: 'open' }),
      fill('0.4 sell 1 110', { effect: 'close' }),
      fill('0.6 buy 3 110', { effect: 'close' }),
    ];
    const run = await settled(worldWith(['100'], rows, { accounts: [account({ positionMode: 'hedged' })] }));
    expect(run.trades.map(({ realizedPnl }) => Number(realizedPnl))).toEqual([0, 0, 1000, -3000]);
    expect(run.positions).toMatchObject([{ side: 'long', total: 1000n }]);
  });

  test.each([
    ['taker', 100n],
    ['maker', -20n],
  ] as const)('when no fee is given then it is the rate of a %s', async (liquidity, fee) => {
    const contract = { ...CENTS, takerFee: '0.001', makerFee: '-0.0002' };
    const world = worldWith(['1000'], [fill('0 buy 1 1000', { liquidity })]);
    const run = await settled({ ...world, symbols: [{ ...world.symbols[0]!, contract }] });
    expect(run.trades[0]!.commission).toBe(fee);
  });

  it('when a fill is isolated then it is assigned its margin, whether there is that much or not', async () => {
    const run = await settled(
      worldWith(['100'], [fill('0 buy 200 100')], { accounts: [account({ mode: 'isolated' })] }),
    );
    expect(run.bills.map(({ isolatedDelta }) => Number(isolatedDelta))).toEqual([0, 200_000]);
    expect(run.balances.at(-1)).toMatchObject({ wallet: 100_000n, available: -100_000n });
  });

  it('when fills are of a pair then money and coins change hands, also what is not there', async () => {
    const money = { ...accountOf('generic', PAIR, '10000') };
    const world = worldOf({ SIM: { contract: PAIR, bars: ['100'] } }, money, []);
    const rows = [fill('0 buy 2 100', { qty: '20000' }), fill('0.5 sell 3 110', { qty: '30000', fee: '5' })];
    const run = await settled({ ...world, fills: { rows, areAlone: false } });
    expect(run.bills.map(({ type, currency, amount }) => `${type} ${currency.code} ${amount}`)).toEqual([
      'deposit USDT 10000',
      'spot_buy USDT -20000',
      'spot_buy XBT 200000000',
      'fee USDT -20',
      'spot_sell USDT 33000',
      'spot_sell XBT -300000000',
      'fee USDT -5',
    ]);
    expect(run.closed).toMatchObject([{ grossPnl: 2000n, fees: 23n }]);
  });
});

describe('when they act', () => {
  it('when fills lie at opens, on the clock of a bar, in a gap, at the last close and after it, then each acts at its time and the last does not', async () => {
    const rows = ['0', '0.25', '1', '1.5', '3.5', '6', '6.01'].map((hours, i) => fill(`${hours} buy ${i + 1} 100`));
    const world = worldWith(['100', '100', '100'], rows);
    const late = world.symbols[0]!.bars.map((bar, i) => (i < 2 ? bar : { ...bar, openTimeMs: START_MS + 5 * HOUR_MS }));
    const run = await settled({ ...world, symbols: [{ ...world.symbols[0]!, bars: late }] });
    expect(run.trades.map(({ timeMs, qty }) => [hoursOf(timeMs), Number(qty) / 1000])).toEqual([
      [0, 1],
      [0.25, 2],
      [1, 3],
      [1.5, 4],
      [3.5, 5],
      [6, 6],
    ]);
  });

  it('when a fill lies before the first bar then neither engine runs', async () => {
    const world = worldWith(['100'], [fill('-0.1 buy 1 100')]);
    await expect(referenceRunOf(world)).rejects.toThrow('before the run begins');
    const nothing = (): void => {};
    const sink = {
      trade: nothing,
      stopTrade: nothing,
      order: nothing,
      balance: nothing,
      position: nothing,
      bill: nothing,
      closedTrade: nothing,
    };
    await expect(runBacktest(inputOf(world, sink))).rejects.toThrow('before the run begins');
  });

  it('when funding is due at the time of a fill then it is on what was held before', async () => {
    const world = worldWith(['100', '100'], [fill('0 buy 1 100'), fill('0.5 buy 5 100'), fill('1 sell 6 100')]);
    const rates = [0.5, 1].map((hours) => ({ timeMs: START_MS + hours * HOUR_MS, rate: '0.01' }));
    const run = await settled({ ...world, symbols: [{ ...world.symbols[0]!, funding: { kind: 'rates', rates } }] });
    expect(run.bills.filter(({ type }) => type === 'funding').map(({ amount }) => Number(amount))).toEqual([
      -100, -600,
    ]);
  });

  it('when several accounts fill at one time then the rows are in the order of the table', async () => {
    const rows = ['b', 'a', 'b', 'a'].map((name, i) => fill(`0.5 buy ${i + 1} 100`, { account: name }));
    const run = await settled(worldWith(['100'], rows, { accounts: [account({ name: 'a' }), account({ name: 'b' })] }));
    expect(run.trades.map(({ account: name, qty }) => `${name} ${Number(qty) / 1000}`)).toEqual([
      'b 1',
      'a 2',
      'b 3',
      'a 4',
    ]);
  });
});

describe('what follows', () => {
  // 1,000 USDT behind 100 contracts at 100, 0.5 % on the mark: liquidated at 9,000 / 99.5 = 90.45.
  it('when a fill inside a bar opens then only the way after it liquidates, and the worse of two ways is taken', async () => {
    const before = await settled(worldWith(['100', '100 100 80 100'], [fill('1.5 buy 100 85')]));
    expect(tradesOf(before)).toEqual(['buy open 100 85 0 replay']);
    const after = await settled(worldWith(['100', '100 120 80 100'], [fill('1.2 buy 100 100')]));
    expect(tradesOf(after).map((trade) => trade.split(' ').at(-1))).toEqual(['replay', 'liquidation']);
  });

  it('when finer bars tell that the low came before the fill then nothing is liquidated', async () => {
    const world = worldWith(['100', '100 120 80 100'], [fill('1.5 buy 100 100')]);
    const [first, second] = world.symbols[0]!.bars;
    const part = (last: readonly [number, number, number, number]) => ({ last, mark: null, isMarkKnown: true });
    const bars = [first!, { ...second!, parts: [part([100, 100, 80, 100]), part([100, 120, 100, 100])] }];
    const run = await settled({ ...world, parts: 2, symbols: [{ ...world.symbols[0]!, bars }] });
    expect(tradesOf(run)).toEqual(['buy open 100 100 0 replay']);
  });

  it('when a fill leaves nothing in the wallet then the ledger ends, and a later fill opens on the empty account', async () => {
    const rows = [fill('0 buy 100 100'), fill('0.9 buy 1 100')];
    const run = await settled(worldWith(['100 100 85 100', '100'], rows));
    expect(tradesOf(run).map((trade) => trade.split(' ').at(-1))).toEqual([
      'replay',
      'liquidation',
      'replay',
      'liquidation',
    ]);
    expect(run.outcome.accounts[0]!.bankruptAtMs).not.toBeNull();
  });

  it('when there are no candles then more is lost than there is, and nothing is liquidated, insured or ended', async () => {
    const rows = [fill('0 buy 100 100'), fill('1 buy 1 50'), fill('2 sell 101 50'), fill('3 buy 1 50')];
    const run = await settled(alone(rows));
    expect(tradesOf(run)).toHaveLength(4);
    expect(run.bills.map(({ type }) => type)).toEqual(['deposit', 'realized_pnl']);
    expect(run.outcome.accounts).toMatchObject([{ wallet: -400_000n, insurance: 0n, bankruptAtMs: null }]);
    expect(run.outcome.bars).toBe(4);
  });

  it('when funding makes a position due at the time of a fill that closes it then the fill comes first', async () => {
    const world = worldWith(['100', '100'], [fill('0 buy 90 100'), fill('1 sell 90 100', { effect: 'close' })]);
    const rates = [{ timeMs: START_MS + HOUR_MS, rate: '0.12' }];
    const run = await settled({
      ...world,
      symbols: [{ ...world.symbols[0]!, funding: { kind: 'rates', rates } }],
    });
    expect(tradesOf(run)).toEqual(['buy open 90 100 0 replay', 'sell close 90 100 0 replay']);
    expect(run.bills.map(({ type, amount }) => `${type} ${amount}`)).toEqual([
      'deposit 100000',
      'funding -108000',
      'insurance 8000',
    ]);
  });
});
