/**
 * A position from flat to flat: its opening, the extremes of last between its changes, and the row of closed_trades that it
 * becomes. Worst and best results are settled at each change, with the quantity and cost that were held until then.
 */

import type { FillReason } from '../../engine/records.js';
import type { Moment, RefAccount } from './account.js';
import { unrealized } from './margin.js';
import { compare, fractionOf, maxNum, minNum, type Num, type Ratio, toBigint, ZERO } from './numbers.js';
import type { Terms } from './terms.js';

export function openPosition(account: RefAccount, side: 1 | -1, moment: Moment): void {
  account.serial += 1;
  account.position = {
    serial: account.serial,
    side,
    qty: ZERO,
    cost: ZERO,
    margin: ZERO,
    mode: account.mode,
    entryTimeMs: moment.timeMs,
    entryBar: moment.barIndex,
    openedQty: ZERO,
    openedValue: ZERO,
    closedQty: ZERO,
    closedValue: ZERO,
    gross: ZERO,
    fees: ZERO,
    funding: ZERO,
    lowest: moment.last,
    highest: moment.last,
    mae: ZERO,
    mfe: ZERO,
  };
}

/** Last has been here while the position was open. */
export function seeLast(account: RefAccount, last: Ratio): void {
  const { position } = account;
  if (position === null) return;
  if (compare(last, position.lowest) < 0) position.lowest = last;
  if (compare(last, position.highest) > 0) position.highest = last;
}

/** Takes the extremes into the worst and best result, and starts them anew. */
export function settleExtremes(account: RefAccount, last: Ratio): void {
  const { position, terms } = account;
  if (position === null) return;
  seeLast(account, last);
  for (const price of [position.lowest, position.highest]) {
    const gain = unrealized(terms, position, price);
    position.mae = minNum(position.mae, gain);
    position.mfe = maxNum(position.mfe, gain);
  }
  position.lowest = last;
  position.highest = last;
}

/** Average price of a quantity traded for a value: N/C for inverse, C/N otherwise. */
export function averagePrice(terms: Terms, qty: Num, worth: Num): { num: bigint; den: bigint } {
  const full = { n: terms.unit.n.times(qty), d: terms.unit.d };
  if (terms.isInverse) return fractionOf({ n: full.n, d: full.d.times(worth) });
  return fractionOf({ n: worth.times(full.d), d: full.n });
}

/** Writes the closed trade and leaves the account flat. */
export function closeTrade(account: RefAccount, moment: Moment, reason: FillReason): void {
  const position = account.position!;
  const { terms, counters } = account;
  const net = position.gross.minus(position.fees).plus(position.funding);
  counters.closedTrades += 1;
  if (net.gt(ZERO)) counters.wins += 1;
  if (net.eq(ZERO)) counters.breakEven += 1;
  account.writings.push({
    kind: 'closed',
    timeMs: moment.timeMs,
    serial: position.serial,
    record: {
      account: account.input.name,
      contract: terms.contract,
      side: position.side === 1 ? 'long' : 'short',
      entryTimeMs: position.entryTimeMs,
      exitTimeMs: moment.timeMs,
      bars: moment.barIndex - position.entryBar,
      qty: toBigint(position.openedQty),
      entryPrice: averagePrice(terms, position.openedQty, position.openedValue),
      exitPrice: averagePrice(terms, position.closedQty, position.closedValue),
      entryValue: toBigint(position.openedValue),
      grossPnl: toBigint(position.gross),
      fees: toBigint(position.fees),
      funding: toBigint(position.funding),
      netPnl: toBigint(net),
      mae: toBigint(position.mae),
      mfe: toBigint(position.mfe),
      exitReason: reason,
    },
  });
  account.position = null;
}
