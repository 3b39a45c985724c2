/**
 * Books parts of fills: on contracts profit, fee, margin, and insurance where a close ate more than the wallet; on spot the two
 * ledgers that a trade moves. Which part opens and which closes has been decided before.
 */

import { computeValue } from '../contract/payoff.js';
import { sideSign } from '../contract/sides.js';
import { invariant } from '../errors.js';
import { divHalfAway } from '../money/rounding.js';
import type { Currency } from '../money/units.js';
import type { FillPart, FillResult } from './bookings.js';
import { type AccountBooks, clearPosition } from './books.js';
import { computeAddedInitialMargin, computeFee, computeReleasedMargin } from './margin.js';
import { absolute, computeReleasedCost, type Position, profitSign } from './position.js';
import { toBaseUnits } from './spotCost.js';

/** Books an opening or closing part. */
export function bookFillPart(books: AccountBooks, part: FillPart): FillResult {
  const { contract } = part;
  const position = books.positions.position(contract, part.slot ?? 'net');
  const value = computeValue(contract, books.rules.valueRounding, part.qty, part.price);
  const fee = part.fee ?? computeFee(value, part.feeRate);
  if (contract.base !== null) {
    return { value, fee, realizedPnl: bookSpot(books, position, part, value, fee, contract.base), insurance: 0n };
  }
  if (part.effect === 'open') {
    bookOpening(books, position, part, value, fee);
    return { value, fee, realizedPnl: 0n, insurance: 0n };
  }
  return { value, fee, ...bookClosing(books, position, part, value, fee) };
}

function bookOpening(books: AccountBooks, position: Position, part: FillPart, value: bigint, fee: bigint): void {
  const signed = sideSign(part.side) * part.qty;
  const isFit = position.slot === 'net' || (position.slot === 'long') === signed > 0n;
  invariant(
    position.qty * signed >= 0n && isFit,
    () => `an opening fill of ${signed} against a position of ${position.qty} in ${position.slot}`,
  );
  if (position.qty === 0n) position.id = books.positions.nextId();
  const isIsolated = position.mode === 'isolated';
  const added = isIsolated ? computeAddedInitialMargin(books.rules, position, value, part.qty) : 0n;
  position.qty += signed;
  position.cost += value;
  position.margin += added;
  books.post(position, 'fee', -fee, added, {
    timeMs: part.timeMs,
    orderId: part.orderId,
    info: `${part.side} open`,
  });
}

function bookClosing(
  books: AccountBooks,
  position: Position,
  part: FillPart,
  value: bigint,
  fee: bigint,
): Pick<FillResult, 'realizedPnl' | 'insurance'> {
  const held = absolute(position.qty);
  invariant(
    part.qty <= held && sideSign(part.side) * position.qty < 0n,
    () => `closing ${part.qty} of ${position.qty}`,
  );
  const cost = computeReleasedCost(position, part.qty);
  const released = computeReleasedMargin(position, part.qty);
  const profit = profitSign(position) * (value - cost);
  const note = { timeMs: part.timeMs, orderId: part.orderId, info: `${part.side} close` };
  position.qty += sideSign(part.side) * part.qty;
  position.cost -= cost;
  position.margin -= released;
  // Margin added by hand is released in proportion.
  position.added -= position.qty === 0n ? position.added : (position.added * part.qty) / held;
  books.post(position, 'realized_pnl', profit, -released, { ...note, fee });
  books.post(position, 'fee', -fee, 0n, note);
  const insurance = part.isUninsured === true ? 0n : lossBeyondWallet(books, position);
  books.post(position, 'insurance', insurance, 0n, { ...note, info: 'loss beyond the wallet' });
  if (position.qty === 0n) clearPosition(position);
  return { realizedPnl: profit, insurance };
}

/** What a close has taken below zero of the cross wallet; nothing while a cross position of the ledger may still earn it back. */
function lossBeyondWallet(books: AccountBooks, { contract }: Position): bigint {
  const { code } = contract.settle;
  const isCrossOpen = books.positions
    .open()
    .some((other) => other.mode === 'cross' && other.contract.type !== 'spot' && other.contract.settle.code === code);
  const wallet = books.crossWallet(code);
  return isCrossOpen || wallet >= 0n ? 0n : -wallet;
}

/**
 * A spot trade: the value leaves or enters the quote ledger, the coins enter or leave the base ledger, the fee is paid in the
 * quote currency. The holding keeps the cost of what was bought; coins that came otherwise are sold last and make no profit
 * that is told. A sell without a holding has no position on its bills.
 *
 * @returns what the sold part of the holding has made over its average cost, for information.
 */
function bookSpot(
  books: AccountBooks,
  holding: Position,
  part: FillPart,
  value: bigint,
  fee: bigint,
  base: Currency,
): bigint {
  const { contract } = part;
  const isBuy = part.side === 'buy';
  invariant(isBuy === (part.effect === 'open'), () => `a spot ${part.side} that is to ${part.effect}`);
  const coins = toBaseUnits(contract, part.qty);
  if (isBuy && holding.qty === 0n) holding.id = books.positions.nextId();
  const note = { timeMs: part.timeMs, orderId: part.orderId, info: `spot ${part.side}` };
  const type = isBuy ? 'spot_buy' : 'spot_sell';
  books.post(holding, type, isBuy ? -value : value, 0n, { ...note, fee });
  books.postIn(base, holding, type, isBuy ? coins : -coins, 0n, note);
  books.post(holding, 'fee', -fee, 0n, note);
  if (isBuy) {
    holding.qty += part.qty;
    holding.cost += value;
    return 0n;
  }
  const sold = computeSold(holding, part.qty);
  if (sold === 0n) return 0n;
  const cost = computeReleasedCost(holding, sold);
  const profit = divHalfAway(value * sold, part.qty) - cost;
  holding.qty -= sold;
  holding.cost -= cost;
  if (holding.qty === 0n) clearPosition(holding);
  return profit;
}

/** How much of a sell comes from what was bought in the run; the rest are coins that came otherwise. */
export function computeSold(holding: Position, qty: bigint): bigint {
  return qty < holding.qty ? qty : holding.qty;
}
