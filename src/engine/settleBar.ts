/**
 * Settles one bar for one account: the open, then the path. Where the order of the extremes can matter the bar is settled
 * both ways on copies and the one the run asked for is kept; bars on which the two ends differ are counted.
 * ASSUMPTION: a candle does not say which extreme came first; `adverse` keeps the walk that ends worse.
 */

import type { AccountRuntime } from './accountRuntime.js';
import type { BarContext } from './moment.js';
import { settleOpen } from './openStep.js';
import { type BarPrices, type Direction, isStill, nearestDirection } from './path.js';
import { findReachable, PathWalk } from './pathWalk.js';

/** @returns true when the bar is ambiguous: its two walks leave different margin balances. */
export function settleBar(runtime: AccountRuntime, bar: BarPrices, context: BarContext): boolean {
  settleOpen(runtime, bar, context);
  if (isStill(bar) && context.inside.length === 0) return false;
  const usual = usualDirection(runtime, bar, context);
  const reachable = findReachable(runtime, bar);
  if (reachable.count <= 1 && !reachable.mayOpen) {
    new PathWalk(runtime, bar, context).walk(usual);
    return false;
  }
  const low = settleCopy(runtime, bar, context, 'low_first');
  const high = settleCopy(runtime, bar, context, 'high_first');
  const isAmbiguous = low.end !== high.end;
  // One order alone can matter only through the liquidation of what it opens.
  const isDecided = reachable.count > 1 || isAmbiguous;
  const kept = isDecided ? choose(low, high, context, usual) : usual === 'low_first' ? low : high;
  runtime.adopt(kept.runtime);
  return isAmbiguous;
}

interface Walked {
  readonly direction: Direction;
  readonly runtime: AccountRuntime;
  readonly end: bigint;
  readonly minimum: bigint;
}

function settleCopy(runtime: AccountRuntime, bar: BarPrices, context: BarContext, direction: Direction): Walked {
  const copy = runtime.fork();
  const walk = new PathWalk(copy, bar, context);
  walk.walk(direction);
  const mark = copy.exact(bar.mark.close);
  const end = copy.account.balances(() => mark, 0n).marginBalance;
  return { direction, runtime: copy, end, minimum: walk.minimum ?? end };
}

function choose(low: Walked, high: Walked, context: BarContext, usual: Direction): Walked {
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

/** The fixed direction of `ohlc` and `olhc`; otherwise the nearer extreme, on a tie the one against the position. */
function usualDirection(runtime: AccountRuntime, bar: BarPrices, context: BarContext): Direction {
  if (context.intrabar === 'ohlc') return 'high_first';
  if (context.intrabar === 'olhc') return 'low_first';
  const nearest = nearestDirection(bar.last, runtime.contract.priceDecimals);
  if (nearest !== null) return nearest;
  return runtime.position.qty < 0n ? 'high_first' : 'low_first';
}
