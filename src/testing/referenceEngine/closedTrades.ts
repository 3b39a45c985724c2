/**
 * A position from flat to flat: its opening, the extremes of last between its changes, and the row of closed_trades that it
 * becomes. Worst and best results are settled at each change, with the quantity and cost that were held until then.
 */

import type { FillReason } from '../../engine/records.js';
import type { Book, Holding, Moment, RefPosition } from './account.js';
import { lastOf, unrealized } from './margin.js';
import {
  compare,
  divide,
  fractionOf,
  maxNum,
  minNum,
  type Num,
  type Ratio,
  ratio,
  scale,
  toBigint,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import type { Terms } from './terms.js';

/** A position of nothing yet on a side. */
export function openPosition(book: Book, side: 1 | -1, moment: Moment): RefPosition {
  const { account } = book;
  const last = lastOf(book, moment.quotes);
  account.serial += 1;
  const position: RefPosition = {
    serial: account.serial,
    side,
    qty: ZERO,
    cost: ZERO,
    margin: ZERO,
    added: ZERO,
    mode: book.mode,
    entryTimeMs: moment.timeMs,
    entryBar: moment.barIndex,
    openedQty: ZERO,
    openedValue: ZERO,
    openedSum: ZERO_RATIO,
    closedQty: ZERO,
    closedSum: ZERO_RATIO,
    gross: ZERO,
    fees: ZERO,
    funding: ZERO,
    lowest: last,
    highest: last,
    mae: ZERO,
    mfe: ZERO,
  };
  book.positions = [...book.positions, position].sort((a, b) => b.side - a.side);
  return position;
}

/** Last has been here while the positions of a symbol were open. */
export function seeLast(book: Book, last: Ratio): void {
  for (const position of book.positions) {
    if (compare(last, position.lowest) < 0) position.lowest = last;
    if (compare(last, position.highest) > 0) position.highest = last;
  }
}

/** Takes the extremes into the worst and best result, and starts them anew. */
export function settleExtremes({ book, position }: Holding, last: Ratio): void {
  seeLast(book, last);
  for (const price of [position.lowest, position.highest]) {
    const gain = unrealized(book.terms, position, price);
    position.mae = minNum(position.mae, gain);
    position.mfe = maxNum(position.mfe, gain);
  }
  position.lowest = last;
  position.highest = last;
}

/** Average price of a position of this cost: N/C for inverse, C/N otherwise. */
export function priceOfCost(terms: Terms, qty: Num, cost: Num): Ratio {
  const full = scale(terms.unit, qty);
  return terms.isInverse ? divide(full, ratio(cost)) : divide(ratio(cost), full);
}

/** q·φ(p) of a fill: its share in an average price. */
export const weightOf = (terms: Terms, qty: Num, price: Ratio): Ratio =>
  terms.isInverse ? divide(ratio(qty), price) : scale(price, qty);

/** Average price of fills: arithmetic, harmonic for inverse. */
function averagePrice(terms: Terms, qty: Num, sum: Ratio): { num: bigint; den: bigint } {
  return fractionOf(terms.isInverse ? divide(ratio(qty), sum) : divide(sum, ratio(qty)));
}

/** Writes the closed trade and takes the position off its book. */
export function closeTrade({ book, position }: Holding, moment: Moment, reason: FillReason): void {
  const { terms, account } = book;
  const { counters } = book.ledger;
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
      entryPrice: averagePrice(terms, position.openedQty, position.openedSum),
      exitPrice: averagePrice(terms, position.closedQty, position.closedSum),
      entryValue: toBigint(position.openedValue),
      grossPnl: toBigint(position.gross),
      fees: toBigint(position.fees),
      funding: toBigint(position.funding),
      netPnl: toBigint(net),
      // No position does worse, or better, than it ended.
      mae: toBigint(minNum(position.mae, position.gross)),
      mfe: toBigint(maxNum(position.mfe, position.gross)),
      exitReason: reason,
    },
  });
  book.positions = book.positions.filter((other) => other !== position);
}
