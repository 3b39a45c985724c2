/**
 * When a position is liquidated: the exact inequality of settlement text §4.1, or the integer ledger of the BitMEX venues
 * (§11), and the first place on a leg where it holds. What a take-over books is takeOver.ts.
 */

import type { RefAccount } from './account.js';
import { exactUnrealized } from './margin.js';
import {
  add,
  ceil,
  compare,
  divide,
  floor,
  type Num,
  num,
  type Ratio,
  ratio,
  scale,
  signed,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { exactValue, maintenanceRate, priceAtValue, toTick } from './terms.js';

/** B: the isolated margin, or the whole wallet. */
export function collateralOf(account: RefAccount): Num {
  return account.position?.mode === 'isolated' ? account.position.margin : account.wallet;
}

/** Price of the BitMEX ledger at which a loss is reached, lot value and tick rounded toward the entry; null for none. */
function ledgerPrice(account: RefAccount, loss: Num): Num | null {
  const { terms } = account;
  const position = account.position!;
  if (!terms.isInverse) {
    const worth = position.cost.minus(signed(position.side, loss));
    const price = priceAtValue(terms, position.qty, ratio(worth));
    return price === null ? null : toTick(terms, price, position.side === 1 ? 'up' : 'down');
  }
  if (cannotLose(account)) return null;
  const lot = num(terms.contract.minQty);
  const worth = position.cost.plus(signed(position.side, loss));
  const share = ratio(worth.times(lot), position.qty);
  const lotValue = position.side === 1 ? floor(share) : ceil(share);
  const price = priceAtValue(terms, lot, ratio(lotValue));
  return price === null ? null : toTick(terms, price, position.side === 1 ? 'up' : 'down');
}

/** Price at which the loss is all of `loss`, unrounded. */
function exactPriceOfLoss(account: RefAccount, loss: Num): Ratio | null {
  const { terms } = account;
  const position = account.position!;
  const worth = position.cost.minus(signed(position.side * terms.sigma, loss));
  return priceAtValue(terms, position.qty, ratio(worth));
}

export const usesLedger = (account: RefAccount): boolean => account.terms.rules.liquidationRule === 'bitmex_ledger';

/** True for an inverse short whose collateral covers its cost: no price can take it. */
function cannotLose(account: RefAccount): boolean {
  const position = account.position!;
  return account.terms.isInverse && position.side === -1 && collateralOf(account).gte(position.cost);
}

/** Maintenance requirement of the ledger, on the entry value, rounded up. */
export function ledgerRequirement(account: RefAccount): Num {
  const position = account.position!;
  if (cannotLose(account)) return ZERO;
  return ceil(scale(maintenanceRate(account.terms, position.cost), position.cost));
}

/** Liquidation price of the ledger; null where there is none. */
export function ledgerLiquidationPrice(account: RefAccount): Num | null {
  return ledgerPrice(account, collateralOf(account).minus(ledgerRequirement(account)));
}

/** Price of the take-over, on the tick toward the entry; null where there is none. */
export function bankruptcyPrice(account: RefAccount): Num | null {
  const position = account.position!;
  if (usesLedger(account)) return ledgerPrice(account, collateralOf(account));
  const price = exactPriceOfLoss(account, collateralOf(account));
  return price === null ? null : toTick(account.terms, price, position.side === 1 ? 'up' : 'down');
}

/** Equity behind the position at a mark, not rounded. */
export const exactEquity = (account: RefAccount, mark: Ratio): Ratio =>
  add(ratio(collateralOf(account)), exactUnrealized(account.terms, account.position!, mark));

/** True where a position is to be liquidated at this mark. */
export function isLiquidatable(account: RefAccount, mark: Ratio): boolean {
  const { terms, position } = account;
  if (position === null) return false;
  if (usesLedger(account)) {
    const price = ledgerLiquidationPrice(account);
    return price !== null && compare(mark, ratio(price)) * position.side <= 0;
  }
  const worth = exactValue(terms, position.qty, mark);
  const required = multiplyRate(maintenanceRate(terms, ceil(worth)), worth);
  return compare(exactEquity(account, mark), required) <= 0;
}

const multiplyRate = (rate: Ratio, worth: Ratio): Ratio => ratio(rate.n.times(worth.n), rate.d.times(worth.d));

/** Marks between two at which the value passes a bound of the risk steps, in the direction of travel, the end included. */
function tierBounds(account: RefAccount, from: Ratio, to: Ratio): Ratio[] {
  const { terms } = account;
  const position = account.position!;
  const steps = terms.contract.riskSteps;
  if (steps === null) return [to];
  const values = [exactValue(terms, position.qty, from), exactValue(terms, position.qty, to)] as const;
  const [least, most] = compare(values[0], values[1]) < 0 ? values : [values[1], values[0]];
  const bounds: Ratio[] = [];
  let bound = num(steps.base);
  while (compare(ratio(bound), most) < 0) {
    if (compare(ratio(bound), least) > 0) bounds.push(priceAtValue(terms, position.qty, ratio(bound))!);
    bound = bound.plus(num(steps.step));
  }
  const direction = compare(to, from);
  bounds.sort((a, b) => compare(a, b) * direction);
  return [...bounds, to];
}

/** Root of equity = rate × value between two marks, at one rate; `from` where it holds there already, null where nowhere. */
function firstMarkAtRate(account: RefAccount, from: Ratio, to: Ratio, rate: Ratio): Ratio | null {
  const { terms } = account;
  const position = account.position!;
  /** Equity less requirement; for an inverse contract times the price, so that it is linear in the price. */
  const excess = (mark: Ratio): Ratio => {
    const worth = exactValue(terms, position.qty, mark);
    const rest = subtract(exactEquity(account, mark), multiplyRate(rate, worth));
    return terms.isInverse ? multiplyRate(rest, mark) : rest;
  };
  const [start, end] = [excess(from), excess(to)];
  if (compare(start, ZERO_RATIO) <= 0) return from;
  if (compare(end, ZERO_RATIO) > 0) return null;
  const share = divide(start, subtract(start, end));
  return add(from, multiplyRate(share, subtract(to, from)));
}

/** First mark on the way from one to another at which the position is liquidated; null where it is not. */
export function firstLiquidationMark(account: RefAccount, from: Ratio, to: Ratio): Ratio | null {
  const { terms, position } = account;
  if (position === null) return null;
  if (isLiquidatable(account, from)) return from;
  if (compare(from, to) === 0) return null;
  if (usesLedger(account)) {
    const price = ledgerLiquidationPrice(account);
    return price !== null && isLiquidatable(account, to) ? ratio(price) : null;
  }
  let start = from;
  for (const bound of tierBounds(account, from, to)) {
    const middle = ratio(start.n.times(bound.d).plus(bound.n.times(start.d)), start.d.times(bound.d).times(num('2')));
    const exposure = ceil(exactValue(terms, position.qty, middle));
    const found = firstMarkAtRate(account, start, bound, maintenanceRate(terms, exposure));
    if (found !== null) return found;
    start = bound;
  }
  return null;
}

/** Whether a liquidation price lies between two marks. */
export function isLiquidatableWithin(account: RefAccount, low: Ratio, high: Ratio): boolean {
  if (account.position === null) return false;
  return firstLiquidationMark(account, low, high) !== null || firstLiquidationMark(account, high, low) !== null;
}

/** Liquidation price for the table: on the tick toward the entry; null where there is none. */
export function shownLiquidationPrice(account: RefAccount): Num | null {
  const { position, terms } = account;
  if (position === null) return null;
  if (usesLedger(account)) return ledgerLiquidationPrice(account);
  const price = exactLiquidationPrice(account);
  return price === null ? null : toTick(terms, price, position.side === 1 ? 'up' : 'down');
}

/**
 * First mark from the entry on, in the adverse direction, at which the position is liquidated; where it is already at the entry,
 * the mark in the other direction from which on it is not. Looked for in stretches of a factor of two, at most 64 of them.
 */
function exactLiquidationPrice(account: RefAccount): Ratio | null {
  const position = account.position!;
  const entry = priceAtValue(account.terms, position.qty, ratio(position.cost))!;
  const [half, two] = [ratio(num('1'), num('2')), ratio(num('2'))];
  // All of the cost is covered: only a price of zero reaches the condition.
  if (!account.terms.isInverse && position.side === 1 && collateralOf(account).eq(position.cost)) return ZERO_RATIO;
  const isLost = isLiquidatable(account, entry);
  const factor = (position.side === 1) === isLost ? two : half;
  let from = entry;
  for (let stretch = 0; stretch < 64; stretch += 1) {
    const to = multiplyRate(factor, from);
    if (!isLost) {
      const found = firstLiquidationMark(account, from, to);
      if (found !== null) return found;
    } else if (!isLiquidatable(account, to)) {
      return firstLiquidationMark(account, to, from);
    }
    from = to;
  }
  return null;
}
