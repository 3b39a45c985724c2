/**
 * Worked examples of finer bars by what a run tells of itself: how many bars were settled along them, which ones were ambiguous, where
 * rows stand, what curves and totals go by, and what the strategy is shown. Each is settled by both engines, which must write the same.
 * Prices and places are scenarios/finerBars.test.ts.
 */

import { describe, expect, it } from '@jest/globals';
import { compareEngines } from '../simulator/compareEngines.js';
import { type ReferenceRun, referenceRunOf } from '../simulator/referenceRun.js';
import type { OrderCall, World, WorldBar, WorldCall, WorldContract } from '../simulator/world.js';
import { accountOf, HOUR_MS, INVERSE, LINEAR, order, START_MS, worldOf } from './workedWorlds.js';

const THIRD_MS = HOUR_MS / 3;

async function settled(world: World): Promise<ReferenceRun> {
  expect(await compareEngines(world)).toBeNull();
  return referenceRunOf(world);
}

/** Bars as text, each with what is inside it after a colon, three candles or none: `100 110 90 100: 100 | 100 110 90 95 | 95 100 95 100`. */
function played(texts: readonly string[], contract: WorldContract = LINEAR): WorldBar[] {
  const barsOf = (bars: readonly string[]): readonly WorldBar[] =>
    worldOf({ SIM: { contract, bars } }, accountOf('generic', contract, '0'), []).symbols[0]!.bars;
  return texts.map((text, i) => {
    const [prices = '', inside] = text.split(': ');
    const bar = { ...barsOf([prices])[0]!, openTimeMs: START_MS + i * HOUR_MS };
    return inside === undefined ? bar : { ...bar, parts: barsOf(inside.split(' | ')) };
  });
}

/** 1,000 USDT at leverage 10, without fees and slippage. */
function onLinear(
  texts: readonly string[],
  calls: readonly WorldCall[],
  part: Partial<World> = {},
): Promise<ReferenceRun> {
  const world = worldOf({ SIM: { contract: LINEAR, bars: [] } }, accountOf('generic', LINEAR, '100000000000'), calls);
  return settled({ ...world, symbols: [{ ...world.symbols[0]!, bars: played(texts) }], parts: 3, ...part });
}

const long = (bar: number, qty: string, part: Partial<OrderCall> = {}): OrderCall => ({
  ...order(bar, 'longOpen', 'SIM', qty),
  ...part,
});
/** A stop at 95 and a target at 105. */
const guarded = (bar: number): OrderCall =>
  long(bar, '10', {
    orderStyle: [
      { name: 'stop_loss', value: '95' },
      { name: 'stop_profit', value: '105' },
    ],
  });

describe('what a run counts', () => {
  const wide = '100 106 94 100';

  it('when one bar of three is not covered then two are counted as settled along finer bars', async () => {
    const { outcome } = await onLinear(['100: 100 | 100 | 100', '100', '100: 100 | 100 | 100'], []);
    expect(outcome).toMatchObject({ bars: 3, fineBars: 2 });
  });

  it('when a finer bar reaches both then it is listed by its own open, and when the bar does by the bar’s', async () => {
    const inside = await onLinear(['100', `${wide}: 100 | ${wide} | 100`], [guarded(0)]);
    expect(inside.outcome.ambiguous).toEqual([{ account: 'main', openTimeMs: START_MS + HOUR_MS + THIRD_MS }]);
    const coarse = await onLinear(['100', wide], [guarded(0)]);
    expect(coarse.outcome.ambiguous).toEqual([{ account: 'main', openTimeMs: START_MS + HOUR_MS }]);
    expect([inside.outcome.accounts[0]!.ambiguousBars, coarse.outcome.accounts[0]!.ambiguousBars]).toEqual([1, 1]);
  });

  it('when a price inside a bar is deep then the drawdown does not see it, which goes by closes', async () => {
    const { outcome } = await onLinear(['100', '100 100 60 100: 100 | 100 100 60 60 | 60 100 60 100'], [long(0, '10')]);
    expect(outcome.accounts).toMatchObject([{ endEquity: 100_000_000_000n, maxDrawdown: 0 }]);
  });

  it('when finer bars end elsewhere than the bar then totals end there, and begin at the bar’s open', async () => {
    const contract: WorldContract = { ...INVERSE, quote: 'USDT' };
    const pair = { ...accountOf('generic', contract, '100000000') };
    const world = worldOf({ SIM: { contract, bars: [] } }, pair, []);
    const bars = played(['10000: 10010 | 10010 | 10010', '10000: 10010 | 10010 | 10020'], contract);
    const { outcome } = await settled({ ...world, symbols: [{ ...world.symbols[0]!, bars }], parts: 3 });
    expect(outcome.linkPrices).toEqual([{ name: 'SIM', firstOpen: 10_000, lastClose: 10_020 }]);
  });
});

describe('what one finer bar changes for the next', () => {
  it('when a limit fills in one finer bar then its target is met in the next one, though nothing else is reached there', async () => {
    const entry = long(0, '10', { price: '95', orderStyle: [{ name: 'stop_profit', value: '105' }] });
    const run = await onLinear(['100', '100 110 94 100: 100 100 94 96 | 96 110 96 100 | 100'], [entry]);
    expect(run.trades.map(({ price, reason }) => `${price} ${reason}`)).toEqual(['95 order', '105 stop_profit']);
  });
});

describe('rows', () => {
  const rowsOf = (run: ReferenceRun): unknown[] =>
    run.balances.map(({ timeMs, unrealizedPnl }) => [(timeMs - START_MS) / THIRD_MS, Number(unrealizedPnl) / 1e8]);
  const texts = ['100', '100 106 100 106: 100 102 100 102 | 102 104 102 104 | 104 106 104 106'];

  it('when rows are asked for at bar closes then there are none at those of finer bars', async () => {
    const run = await onLinear(texts, [long(0, '10')], { balanceEvery: { bar: true, event: false, everyMs: [] } });
    expect(rowsOf(run)).toEqual([
      [0, 0],
      [3, 0],
      [6, 60],
    ]);
  });

  it('when rows are asked for at every twenty minutes then they stand at the closes of finer bars', async () => {
    const run = await onLinear(texts, [long(0, '10')], {
      balanceEvery: { bar: false, event: false, everyMs: [THIRD_MS] },
    });
    expect(rowsOf(run)).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 20],
      [5, 40],
      [6, 60],
    ]);
  });

  it('when something happens at a finer open then the row of the close before it is renewed', async () => {
    const gap = ['100', '100 100 90 90: 100 | 90 | 90'];
    const stopped = long(0, '10', { orderStyle: [{ name: 'stop_loss', value: '95' }] });
    const run = await onLinear(gap, [stopped], { balanceEvery: { bar: false, event: false, everyMs: [THIRD_MS] } });
    expect(run.trades.map(({ timeMs, price }) => [(timeMs - START_MS) / THIRD_MS, price])).toEqual([
      [3, 100],
      [4, 90],
    ]);
    expect(run.balances.map(({ timeMs, wallet }) => [(timeMs - START_MS) / THIRD_MS, Number(wallet) / 1e8])).toEqual([
      [0, 1000],
      [1, 1000],
      [2, 1000],
      [3, 1000],
      [4, 900],
      [5, 900],
      [6, 900],
    ]);
  });
});

describe('what the strategy is shown', () => {
  it('when finer bars part from the bar then it sees the bar, and its calls go by the last finer close', async () => {
    const open = long(0, '10', { price: '101', postOnly: true });
    const run = await onLinear(['100: 100 | 100 | 102', '100'], [open], { timeframe: { bars: 1, asked: '1h' } });
    const [shown] = run.calls.filter((call) => call.includes(' shown {'));
    expect(JSON.parse(shown!.slice(shown!.indexOf('{')))).toMatchObject({ open: 100, close: 100 });
    // 101 is below 102: the order would wait there, and then the next bar opens below it.
    expect(run.orders).toMatchObject([{ status: 'cancelled', reason: 'post_only_would_take', code: 400 }]);
  });

  it('when fills happen in several finer bars then they are all told at the close of the bar', async () => {
    const bars = ['100', '100 106 94 100: 100 | 100 106 100 106 | 106 106 94 100'];
    const run = await onLinear(bars, [guarded(0), long(0, '5', { key: 9, price: '95' })]);
    const told = run.calls.filter((call) => call.includes('told onFill'));
    const minutesOf = (timeMs: number): number => Math.floor((timeMs - START_MS) / 60_000);
    const fills = told.map((call) => JSON.parse(call.slice(call.indexOf('{'))) as { readonly timeMs: number });
    expect(told.map((call) => minutesOf(Number(call.split(' ')[0])))).toEqual([120, 120, 120]);
    // Market at the open, the target on the way up in the second, the limit on the way down in the third.
    expect(fills.map(({ timeMs }) => minutesOf(timeMs))).toEqual([60, 92, 112]);
  });
});
