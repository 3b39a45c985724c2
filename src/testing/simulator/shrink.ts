/**
 * Makes a failing world small: drops calls, given fills, bars from both ends and the middle, accounts, starting balances, funding rows and
 * settings as long as the engines still differ in the same table. What is left is the case to read.
 */

import { compareEngines, type Difference, type Engine } from './compareEngines.js';
import { timesOf, tradedBy, type World, type WorldBar, type WorldFill, type WorldSymbol } from './world.js';

/** Worlds a little smaller than this one, the boldest first. */
function* smaller(world: World): Generator<World> {
  const { symbols } = world;
  for (const account of world.accounts) {
    if (world.accounts.length === 1) break;
    const accounts = world.accounts.filter((other) => other !== account);
    const calls = world.calls.filter((call) => call.account !== account.name);
    yield withGiven({ ...world, accounts, calls }, (fill) => fill.account !== account.name);
  }
  for (const symbol of symbols) {
    if (symbols.length === 1) break;
    const rest = symbols.filter((other) => other !== symbol);
    const isOther = (call: World['calls'][number]): boolean => !('symbol' in call) || call.symbol !== symbol.name;
    const kept = withGiven({ ...world, symbols: rest }, (fill) => fill.symbol !== symbol.name);
    yield onClock({ ...kept, calls: world.calls.filter(isOther) });
  }
  yield* without(world.calls, (calls) => ({ ...world, calls }));
  const { fills } = world;
  if (fills !== undefined) yield* without(fills.rows, (rows) => ({ ...world, fills: { ...fills, rows } }));
  yield* without(timesOf(world), (times) => {
    const kept = new Set(times);
    return onClock(withSymbols(world, (symbol) => ({ bars: symbol.bars.filter((bar) => kept.has(bar.openTimeMs)) })));
  });
  for (const symbol of symbols) {
    const change = (part: Partial<WorldSymbol>): World =>
      onClock(withSymbols(world, (other) => (other === symbol ? part : {})));
    if (symbols.length > 1) yield* without(symbol.bars, (bars) => change({ bars }));
    const { funding } = symbol;
    if (funding.kind === 'rates') {
      yield* without(funding.rates, (rates) => change({ funding: { ...funding, rates } }));
    }
    yield* plainer(symbol, change);
  }
  yield* simpler(world);
}

const withSymbols = (world: World, part: (symbol: WorldSymbol) => Partial<WorldSymbol>): World => ({
  ...world,
  symbols: world.symbols.map((symbol) => ({ ...symbol, ...part(symbol) })),
});

/** A world with some of its given fills. */
function withGiven(world: World, isKept: (fill: WorldFill) => boolean): World {
  const { fills } = world;
  return fills === undefined ? world : { ...world, fills: { ...fills, rows: fills.rows.filter(isKept) } };
}

/** A world without the calls at times that it no longer has. */
function onClock(world: World): World {
  const times = new Set(timesOf(world));
  return { ...world, calls: world.calls.filter((call) => call.at === null || times.has(call.at)) };
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

/** A symbol with less to it. */
function* plainer(
  { contract, funding, bars }: WorldSymbol,
  change: (part: Partial<WorldSymbol>) => World,
): Generator<World> {
  const changed = (part: Partial<WorldSymbol['contract']>): World => change({ contract: { ...contract, ...part } });
  if (contract.riskSteps !== null) yield changed({ riskSteps: null });
  if (contract.tiers !== null) yield changed({ tiers: null });
  if (contract.minNotional !== null) yield changed({ minNotional: null });
  if (funding.kind !== 'missing') yield change({ funding: { kind: 'missing' } });
  if (contract.fundTimesMs.length > 0) yield changed({ fundTimesMs: [] });
  if (bars.some((bar) => bar.mark !== null)) yield change({ bars: bars.map(withoutMark) });
  const covered = bars.filter(({ parts }) => parts !== undefined);
  yield* without(covered, (kept) => change({ bars: bars.map((bar) => (kept.includes(bar) ? bar : uncovered(bar))) }));
  if (contract.takerFee !== '0' || contract.makerFee !== '0') yield changed({ takerFee: '0', makerFee: '0' });
}

function withoutMark({ parts, ...bar }: WorldBar): WorldBar {
  const plain = { ...bar, mark: null };
  return parts === undefined ? plain : { ...plain, parts: parts.map((part) => ({ ...part, mark: null })) };
}

const uncovered = ({ parts: _, ...bar }: WorldBar): WorldBar => bar;

/** Whether it is one that can be run. */
const isWhole = ({ symbols, accounts }: World): boolean =>
  symbols.every(({ bars }) => bars.length > 0) && accounts.every((account) => tradedBy(account, symbols).size > 0);

function* simpler(world: World): Generator<World> {
  const { calls } = world;
  if (world.slippage.amount !== '0') yield { ...world, slippage: { unit: 'ticks', amount: '0' } };
  if (world.warmup > 0) yield { ...world, warmup: 0 };
  if (world.accounts.some((account) => account.autoMargin)) {
    yield { ...world, accounts: world.accounts.map((account) => ({ ...account, autoMargin: false })) };
  }
  for (const [i, account] of world.accounts.entries()) {
    for (const balance of account.balances.slice(1)) {
      const rest = { ...account, balances: account.balances.filter((other) => other !== balance) };
      yield { ...world, accounts: world.accounts.map((other, j) => (i === j ? rest : other)) };
    }
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
      if (!isWhole(candidate)) continue;
      const difference = await compareEngines(candidate, options.fast);
      if (difference === null || difference.stream !== first.stream) continue;
      best = difference;
      found = true;
      break;
    }
  }
  return best;
}
