/**
 * Books the take-over of one position at its bankruptcy price: an isolated one costs exactly its margin A (and the commission
 * reserve as a fee), a single cross one the whole cross wallet. That it is due has been decided before.
 */

import { computeValue } from '../contract/payoff.js';
import { oppositeSide, positionSideOf } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import type { TakeOver } from './bookings.js';
import { type AccountBooks, clearPosition } from './books.js';
import { computeBankruptcyPrice, isBeyondBankruptcy } from './liquidation.js';
import { computeCommissionReserve } from './margin.js';
import { absolute, type Position, profitSign } from './position.js';

/** Where the mark is beyond the bankruptcy price the fill is at the mark and an insurance bill makes up the difference. */
export function bookTakeOver(books: AccountBooks, position: Position, timeMs: number, mark: Fraction): TakeOver {
  const { rules } = books;
  const { contract } = position;
  const { code } = contract.settle;
  const isolated = position.mode === 'isolated';
  const collateral = books.collateral(position);
  const reserve = isolated ? computeCommissionReserve(rules, position, books.takerFee(contract)) : 0n;
  const bankruptcy = computeBankruptcyPrice(rules, position, collateral);
  const atMark = bankruptcy === null || isBeyondBankruptcy(rules, position, collateral, mark);
  const held = absolute(position.qty);
  const positionSide = positionSideOf(position.qty);
  const side = oppositeSide(positionSide === 'long' ? 'buy' : 'sell');
  const markValue = computeValue(contract, rules.valueRounding, held, mark);
  const realizedPnl = atMark ? profitSign(position) * (markValue - position.cost) : -collateral;
  const value = atMark ? markValue : position.cost - profitSign(position) * collateral;
  const insurance = -collateral - realizedPnl;
  const { margin } = position;
  position.margin = 0n;
  // The reserve is paid from the wallet behind the position; one that funding has emptied pays what it has.
  const left = books.crossWallet(code) + realizedPnl + insurance;
  const fee = left <= 0n ? 0n : reserve < left ? reserve : left;
  books.post(position, 'liquidation', realizedPnl, -margin, { timeMs, fee, info: `${positionSide} taken over` });
  books.post(position, 'fee', -fee, 0n, { timeMs, info: 'commission reserve' });
  books.post(position, 'insurance', insurance, 0n, { timeMs, info: 'difference to the bankruptcy price' });
  clearPosition(position);
  return { side, positionSide, qty: held, price: atMark ? mark : bankruptcy, value, realizedPnl, fee, insurance };
}
