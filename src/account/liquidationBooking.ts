/**
 * Books the liquidation of a whole group by the venue's fill rule: at bankruptcy, where several cross positions share what is
 * left by what they require; or at the market with fees, the rest returned. Every position gives one result for its trade.
 * What comes before, cancelled orders, automatic margin and reductions, is the caller's.
 */

import { computeValue, priceOfValue } from '../contract/payoff.js';
import { oppositeSide, positionSideOf } from '../contract/sides.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { integer, minus, over, sumOf, times } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import type { LiquidatedPosition, LiquidationPrices } from './bookings.js';
import { type AccountBooks, clearPosition } from './books.js';
import { computeLiquidationFeeRate, worsePrice } from './liquidationPlan.js';
import { computeFee, computeUnrealizedPnl } from './margin.js';
import { absolute, computeExactProfit, type Position, profitSign } from './position.js';
import {
  computeGroupEquity,
  computeGroupRequirement,
  countedRequirements,
  type MarkOf,
  type RiskGroup,
} from './riskGroup.js';
import { bookTakeOver } from './takeOver.js';

/** Closes every position of the group; results are in the group's order. */
export function bookLiquidation(
  books: AccountBooks,
  group: RiskGroup,
  timeMs: number,
  prices: LiquidationPrices,
): readonly LiquidatedPosition[] {
  if (isFilledAtMarket(group, prices.markOf)) return bookAtMarket(books, group, timeMs, prices);
  const { members } = group;
  if (members.length > 1) return bookShares(books, group, timeMs, prices.markOf);
  const { position } = members[0]!;
  const shape = shapeOf(position);
  const { fee, ...taken } = bookTakeOver(books, position, timeMs, prices.markOf(position.contract));
  return [{ ...shape, ...taken, commission: fee }];
}

/** By the fill rule `backstop` as at the market while equity is above two thirds of the requirement. */
function isFilledAtMarket(group: RiskGroup, markOf: MarkOf): boolean {
  if (group.rules.liquidationFill !== 'backstop') return group.rules.liquidationFill === 'mark';
  const requirement = computeGroupRequirement(group, markOf);
  return compareFractions(computeGroupEquity(group, markOf), times(requirement, { num: 2n, den: 3n })) > 0;
}

type Shape = Pick<LiquidatedPosition, 'contract' | 'slot' | 'mode' | 'positionId' | 'side' | 'positionSide' | 'qty'>;

/** What a result says of the position as it was. */
function shapeOf(position: Position): Shape {
  const { contract, slot, mode, id } = position;
  const positionSide = positionSideOf(position.qty);
  const side = oppositeSide(positionSide === 'long' ? 'buy' : 'sell');
  return { contract, slot, mode, positionId: id, side, positionSide, qty: absolute(position.qty) };
}

/**
 * At the worse of mark and last, with the taker fee and the liquidation fee. An isolated position loses at most its margin, and
 * a cross wallet ends at 0 or above: insurance pays what is beyond.
 */
function bookAtMarket(
  books: AccountBooks,
  group: RiskGroup,
  timeMs: number,
  { markOf, lastOf }: LiquidationPrices,
): readonly LiquidatedPosition[] {
  return group.members.map(({ position }, i) => {
    const { contract } = position;
    const shape = shapeOf(position);
    const price = worsePrice(position, markOf(contract), lastOf(contract));
    const value = computeValue(contract, books.rules.valueRounding, shape.qty, price);
    const realizedPnl = profitSign(position) * (value - position.cost);
    const fee = books.takerFeeOf(contract, value);
    const liquidationFee = computeFee(value, computeLiquidationFeeRate(books.rules, position, markOf(contract)));
    const commission = fee + liquidationFee;
    const { margin } = position;
    position.margin = 0n;
    books.post(position, 'liquidation', realizedPnl, -margin, {
      timeMs,
      fee: commission,
      info: `${shape.positionSide} liquidated`,
    });
    books.post(position, 'fee', -fee, 0n, { timeMs, info: 'liquidation at the market' });
    books.post(position, 'liquidation_fee', -liquidationFee, 0n, { timeMs, info: 'liquidation fee' });
    const isLast = i === group.members.length - 1;
    const lost = commission - realizedPnl;
    const owed = group.mode === 'isolated' ? lost - margin : isLast ? -books.crossWallet(group.currency.code) : 0n;
    const insurance = owed > 0n ? owed : 0n;
    books.post(position, 'insurance', insurance, 0n, { timeMs, info: 'loss beyond the collateral' });
    clearPosition(position);
    return { ...shape, price, value, realizedPnl, commission, insurance };
  });
}

/**
 * Several cross positions at bankruptcy: what is left of the equity, R, is lost by each in proportion to its requirement, so
 * that the cross wallet ends at 0; the last one takes the rounding. Where R is below 0 all fill at the mark and the last one
 * is credited the shortfall.
 */
function bookShares(
  books: AccountBooks,
  group: RiskGroup,
  timeMs: number,
  markOf: MarkOf,
): readonly LiquidatedPosition[] {
  const left = computeGroupEquity(group, markOf);
  const shares = left.num >= 0n ? computeShares(group, markOf, left, books.crossWallet(group.currency.code)) : null;
  return group.members.map(({ position }, i) => {
    const { contract } = position;
    const shape = shapeOf(position);
    const mark = markOf(contract);
    const booked = computeUnrealizedPnl(books.rules, position, mark);
    const share = shares?.[i] ?? null;
    const shareValue = share === null ? 0n : position.cost + profitSign(position) * share;
    const atMark = share === null || shareValue <= 0n;
    const realizedPnl = atMark ? booked : share;
    const value = atMark ? computeValue(contract, books.rules.valueRounding, shape.qty, mark) : shareValue;
    const price = atMark ? mark : priceOfValue(contract, shape.qty, integer(shareValue))!;
    books.post(position, 'liquidation', realizedPnl, 0n, { timeMs, info: `${shape.positionSide} taken over` });
    const isLast = i === group.members.length - 1;
    const insurance = share !== null ? share - realizedPnl : isLast ? -books.crossWallet(group.currency.code) : 0n;
    books.post(position, 'insurance', insurance, 0n, { timeMs, info: 'difference to the bankruptcy price' });
    clearPosition(position);
    return { ...shape, price, value, realizedPnl, commission: 0n, insurance };
  });
}

/** Results that add up to −(cross wallet): U_i − R·MM_i/ΣMM, rounded half away; of the last one what is left. */
function computeShares(group: RiskGroup, markOf: MarkOf, left: Fraction, wallet: bigint): readonly bigint[] {
  const { members } = group;
  const requirements = countedRequirements(group, markOf);
  const total = sumOf(requirements);
  const equal = { num: 1n, den: BigInt(members.length) };
  const shares: bigint[] = [];
  let rest = -wallet;
  for (const [i, { position }] of members.entries()) {
    const weight = total.num === 0n ? equal : over(requirements[i]!, total);
    const { num, den } = minus(computeExactProfit(position, markOf(position.contract)), times(left, weight));
    const share = i === members.length - 1 ? rest : divHalfAway(num, den);
    shares.push(share);
    rest -= share;
  }
  return shares;
}
