/**
 * The choice of the way through a bar: one walk where at most one thing can happen, else both on copies of the account, of which
 * the mode keeps one (settlement text §10.3). Counts the bars in which the two end differently.
 */

import type { Intrabar } from '../../engine/runInput.js';
import type { RefAccount } from './account.js';
import type { Candle, RefBar } from './legs.js';
import { isLiquidatableWithin } from './liquidation.js';
import { compare, type Num, type Ratio, ratio, subtract } from './numbers.js';
import { bracketLevel, isLive, isPercentStyle, type RefOrder, triggerDirection } from './orders.js';
import { settleOpen, type WalkSettings, walkBar } from './pathWalk.js';
import { equityAt } from './rows.js';

/** Settles one bar; true where the two walks end differently. */
export function settleBar(account: RefAccount, bar: RefBar, intrabar: Intrabar, settings: WalkSettings): boolean {
  settleOpen(account, bar, settings);
  const usual = intrabar === 'ohlc' ? true : intrabar === 'olhc' ? false : isHighNearest(account, bar);
  const { count, mayOpen } = reachable(account, bar);
  if (count <= 1 && !mayOpen) {
    walkBar(account, bar, usual, settings);
    return false;
  }
  const [low, high] = [false, true].map((highFirst) => {
    const twin = account.copy();
    walkBar(twin, bar, highFirst, settings);
    return { account: twin, equity: equityAt(twin, bar.mark.close), lowest: twin.lowestBalance! };
  }) as [Walk, Walk];
  const isAmbiguous = !low.equity.eq(high.equity);
  // One entry alone is worth choosing for only where the two walks end differently.
  const isChosen = isChoice(intrabar) && (count > 1 || isAmbiguous);
  const keepsHigh = isChosen ? isHighKept(low, high, intrabar === 'adverse') : usual;
  account.become(keepsHigh ? high.account : low.account);
  if (isAmbiguous) account.counters.ambiguousBars += 1;
  return isAmbiguous;
}

interface Walk {
  readonly account: RefAccount;
  readonly equity: Num;
  readonly lowest: Num;
}

const isChoice = (intrabar: Intrabar): boolean => intrabar === 'adverse' || intrabar === 'favourable';

/** Lower equity at the close, then the lower minimum, then low first; the other way round for the favourable path. */
function isHighKept(low: Walk, high: Walk, isAdverse: boolean): boolean {
  const byEquity = high.equity.cmp(low.equity);
  const byLowest = high.lowest.cmp(low.lowest);
  const better = byEquity !== 0 ? byEquity : byLowest;
  return isAdverse ? better < 0 : better > 0;
}

/** The nearer extreme first; at a tie the one adverse to the position, low first when flat. */
function isHighNearest(account: RefAccount, bar: RefBar): boolean {
  const up = subtract(bar.last.high, bar.last.open);
  const down = subtract(bar.last.open, bar.last.low);
  const nearer = compare(up, down);
  return nearer === 0 ? account.position?.side === -1 : nearer < 0;
}

const isSetOff = (order: RefOrder, level: Ratio, candle: Candle): boolean =>
  triggerDirection(order) === 1 ? compare(candle.high, level) >= 0 : compare(candle.low, level) <= 0;

/** How many orders, unarmed stops of such orders, and liquidations the bar's range sets off, and whether one may open. */
function reachable(account: RefAccount, bar: RefBar): { count: number; mayOpen: boolean } {
  const candleOf = (order: RefOrder): Candle =>
    order.type === 'stop' && order.source === 'mark' ? bar.mark : bar.last;
  let mayOpen = false;
  let count = isLiquidatableWithin(account, bar.mark.low, bar.mark.high) ? 1 : 0;
  for (const order of account.orders) {
    if (!isLive(order) || !order.armed || order.level === null) continue;
    const level = ratio(order.level);
    if (!isSetOff(order, level, candleOf(order))) continue;
    count += 1;
    mayOpen ||= !order.closing;
    for (const child of account.orders.filter((other) => other.parentId === order.id && !other.armed)) {
      const at = isPercentStyle(child.style!.name)
        ? bracketLevel(account.terms, child.style!, -child.side as 1 | -1, level)
        : child.level!;
      if (isSetOff(child, ratio(at), candleOf(child))) count += 1;
    }
  }
  return { count, mayOpen };
}
