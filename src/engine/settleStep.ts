/**
 * Settles one step for one account: the open, then the path. Where the order of the extremes can matter the bar is settled
 * both ways on copies and the one the run asked for is kept; steps on which the two ends differ are counted.
 * ASSUMPTION: a candle does not say which extreme came first; `adverse` keeps the walk that ends worse.
 */

import { baseOf } from '../account/spotCost.js';
import type { Contract } from '../contract/contract.js';
import type { Fraction } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import { pow10 } from '../money/units.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { StepContext } from './moment.js';
import { settleOpen } from './openStep.js';
import { type Direction, isStill } from './path.js';
import { findNearestDirection, findPathGroups, findReachable, isSpot, type PathGroup } from './pathGroups.js';
import { type Directions, PathWalk } from './pathWalk.js';

/**
 * @param isReachedAfterOpen false where no price of the bar reaches anything of the account as it is after the open.
 * @returns when the step is ambiguous, the two walks of a group leaving different margin balances or of a spot pair different
 * worths, the currency of the first such group; else null.
 */
export function settleStep(
  runtime: AccountRuntime,
  context: StepContext,
  isReachedAfterOpen: () => boolean,
): string | null {
  runtime.catchUp();
  settleOpen(runtime, context);
  if (context.inside.length === 0 && !isReachedAfterOpen()) {
    runtime.see();
    return null;
  }
  runtime.noteSeen();
  const bars = runtime.market.symbols.map(({ bar }) => bar);
  if (bars.every((bar) => !bar.isPresent || isStill(bar)) && context.inside.length === 0) return null;
  const groups = findPathGroups(runtime, context);
  const decisions = groups.map((group) => decide(runtime, group, context));
  const [only] = decisions;
  if (groups.length === 1 && only!.walked !== null) {
    runtime.adopt(only!.walked.runtime);
    return only!.isAmbiguous ? groups[0]!.code : null;
  }
  const directions: (Direction | null)[] = runtime.market.symbols.map(() => null);
  groups.forEach((group, i) => {
    for (const { index } of group.books) directions[index] = decisions[i]!.direction;
  });
  new PathWalk(runtime, context, directions).walk();
  const first = decisions.findIndex(({ isAmbiguous }) => isAmbiguous);
  return first < 0 ? null : groups[first]!.code;
}

interface Decision {
  readonly direction: Direction;
  readonly isAmbiguous: boolean;
  /** The copy that went this way; null when none was made. */
  readonly walked: Walked | null;
}

interface Walked {
  readonly direction: Direction;
  readonly runtime: AccountRuntime;
  readonly end: bigint;
  readonly minimum: bigint;
}

function decide(runtime: AccountRuntime, group: PathGroup, context: StepContext): Decision {
  const usual = usualDirection(runtime, group, context);
  const reachable = findReachable(runtime, group, context);
  if (reachable.count <= 1 && !reachable.mayOpen) return { direction: usual, isAmbiguous: false, walked: null };
  const low = walkCopy(runtime, group, context, 'low_first');
  const high = walkCopy(runtime, group, context, 'high_first');
  const isAmbiguous = low.end !== high.end;
  // One order alone can matter only through the liquidation of what it opens.
  const isDecided = reachable.count > 1 || isAmbiguous;
  const kept = isDecided ? choose(low, high, context, usual) : usual === 'low_first' ? low : high;
  return { direction: kept.direction, isAmbiguous, walked: kept };
}

/** Walks a copy on which only the symbols of the group move. */
function walkCopy(runtime: AccountRuntime, group: PathGroup, context: StepContext, direction: Direction): Walked {
  const copy = runtime.fork();
  const moving = new Set(group.books.map(({ index }) => index));
  const directions: Directions = copy.market.symbols.map(({ index }) => (moving.has(index) ? direction : null));
  const walk = new PathWalk(copy, context, directions);
  walk.walk();
  const markOf = (contract: Contract): Fraction => {
    const { index } = copy.bookOf(contract);
    const { mark } = copy.market.symbols[index]!.bar;
    return copy.market.exact(index, moving.has(index) ? mark.close : mark.open);
  };
  const end = copy.account.balances(group.code, markOf, 0n).marginBalance;
  if (isSpot(group)) {
    // Of equal ends none is chosen by its way: a fall of the coins' price alone is no loss of the walk.
    const worth = end + worthOfCoins(copy, group);
    return { direction, runtime: copy, end: worth, minimum: worth };
  }
  return { direction, runtime: copy, end, minimum: walk.minimum.get(group.code) ?? end };
}

/** What the coins of a pair's base ledger are worth at the close, in units of the quote ledger, half away from zero. */
function worthOfCoins({ account, market }: AccountRuntime, group: PathGroup): bigint {
  const { contract, index } = group.books[0]!;
  const { code, decimals } = baseOf(contract);
  const close = market.exact(index, market.symbols[index]!.bar.last.close);
  const scale = pow10(contract.settle.decimals);
  return divHalfAway(account.walletOf(code) * close.num * scale, close.den * pow10(decimals));
}

function choose(low: Walked, high: Walked, context: StepContext, usual: Direction): Walked {
  switch (context.intrabar) {
    case 'adverse':
      if (low.end !== high.end) return low.end < high.end ? low : high;
      return high.minimum < low.minimum ? high : low;
    case 'favourable':
      if (low.end !== high.end) return low.end > high.end ? low : high;
      return high.minimum > low.minimum ? high : low;
    default:
      return usual === 'low_first' ? low : high;
  }
}

/** The fixed direction of `ohlc` and `olhc`; otherwise that of the nearer extreme. */
function usualDirection(runtime: AccountRuntime, group: PathGroup, context: StepContext): Direction {
  if (context.intrabar === 'ohlc') return 'high_first';
  if (context.intrabar === 'olhc') return 'low_first';
  return findNearestDirection(runtime, group);
}
