/**
 * Makes a failing world small: drops calls, bars from both ends and the middle, accounts, funding rows and settings as long as the
 * engines still differ in the same table. What is left is the case to read.
 */

import { compareEngines, type Difference, type Engine } from './compareEngines.js';
import type { World } from './world.js';

/** Worlds a little smaller than this one, the boldest first. */
function* smaller(world: World): Generator<World> {
  for (const account of world.accounts) {
    if (world.accounts.length === 1) break;
    const accounts = world.accounts.filter((other) => other !== account);
    yield { ...world, accounts, calls: world.calls.filter((call) => call.account !== account.name) };
  }
  yield* without(world.calls, (calls) => ({ ...world, calls }));
  yield* without(world.bars, (bars) => withBars(world, bars));
  const { funding } = world;
  if (funding.kind === 'rates') {
    yield* without(funding.rates, (rates) => ({ ...world, funding: { ...funding, rates } }));
  }
  yield* simpler(world);
}

/** A list without a half, a quarter, … one of its items. */
function* without<T>(items: readonly T[], build: (rest: readonly T[]) => World): Generator<World> {
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = items.length - size; from > -size; from -= size) {
      const start = Math.max(0, from);
      const rest = [...items.slice(0, start), ...items.slice(start + size)];
      if (rest.length < items.length) yield build(rest);
    }
  }
}

function withBars(world: World, bars: World['bars']): World {
  const times = new Set(bars.map((bar) => bar.openTimeMs));
  return { ...world, bars, calls: world.calls.filter((call) => call.at === null || times.has(call.at)) };
}

function* simpler(world: World): Generator<World> {
  const { contract, calls } = world;
  if (contract.riskSteps !== null) yield { ...world, contract: { ...contract, riskSteps: null } };
  if (world.slippage.amount !== '0') yield { ...world, slippage: { unit: 'ticks', amount: '0' } };
  if (world.warmup > 0) yield { ...world, warmup: 0 };
  if (world.funding.kind !== 'missing') yield { ...world, funding: { kind: 'missing' } };
  if (contract.fundTimesMs.length > 0) yield { ...world, contract: { ...contract, fundTimesMs: [] } };
  if (world.bars.some((bar) => bar.mark !== null)) {
    yield { ...world, bars: world.bars.map((bar) => ({ ...bar, mark: null })) };
  }
  if (contract.takerFee !== '0' || contract.makerFee !== '0') {
    yield { ...world, contract: { ...contract, takerFee: '0', makerFee: '0' } };
  }
  for (const [i, call] of calls.entries()) {
    if ('orderStyle' in call && call.orderStyle.length > 0) {
      for (const style of call.orderStyle) {
        const rest = call.orderStyle.filter((other) => other !== style);
        yield { ...world, calls: calls.map((other, j) => (i === j ? { ...call, orderStyle: rest } : other)) };
      }
    }
  }
}

export interface ShrinkOptions {
  /** Most comparisons to make. */
  readonly budget?: number;
  /** The engine that is judged, where it is not the program's own. */
  readonly fast?: Engine;
}

/** The smallest world found that still differs in the same table. */
export async function shrink(first: Difference, options: ShrinkOptions = {}): Promise<Difference> {
  let best = first;
  let left = options.budget ?? 3000;
  for (let found = true; found && left > 0; ) {
    found = false;
    for (const candidate of smaller(best.world)) {
      if (left <= 0) break;
      left -= 1;
      if (candidate.bars.length === 0) continue;
      const difference = await compareEngines(candidate, options.fast);
      if (difference === null || difference.stream !== first.stream) continue;
      best = difference;
      found = true;
      break;
    }
  }
  return best;
}
