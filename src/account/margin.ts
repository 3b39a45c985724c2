/**
 * The one place that computes margin: initial margin, commission reserve, maintenance margin, unrealised profit and the
 * balances that follow from them. Pure functions of an account's numbers and a mark; nothing is booked here. The rules are
 * those of docs/settlement.md. Reserves and requirements round up; fees round half away from zero.
 */

import type { Contract } from '../contract/contract.js';
import { computeExactValue, computeValue } from '../contract/payoff.js';
import { tierRatesAt } from '../contract/riskTiers.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { integer, ONE, over, times } from '../money/fractions.js';
import { divCeil, divFloor, divHalfAway } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { absolute, type Position, profitSign } from './position.js';

/**
 * Initial margin rate at a leverage: 1/L, at least the tier's own rate; the tier's rate where L is 0.
 */
export function computeInitialRate(contract: Contract, leverage: Fraction, exposure: bigint): Fraction {
  const tier = tierRatesAt(contract, exposure).initial;
  if (leverage.num === 0n) return tier;
  const own = { num: leverage.den, den: leverage.num };
  return compareFractions(own, tier) >= 0 ? own : tier;
}

/** Whether the leverage is above what the tier of the exposure allows. */
export function isLeverageAboveTier(contract: Contract, leverage: Fraction, exposure: bigint): boolean {
  if (leverage.num === 0n) return false;
  return compareFractions({ num: leverage.den, den: leverage.num }, tierRatesAt(contract, exposure).initial) < 0;
}

/** Initial margin of a value, rounded up: ceil(V·rate). */
export function computeInitialMargin(
  contract: Contract,
  leverage: Fraction,
  value: bigint,
  exposure: bigint = value,
): bigint {
  const rate = computeInitialRate(contract, leverage, exposure);
  return divCeil(value * rate.num, rate.den);
}

/** Initial margin of a value without rounding: V·rate/L. Venues with a rate beside the leverage charge the product. */
export function computeExactInitialMargin(value: Fraction, leverage: Fraction, rate: Fraction = ONE): Fraction {
  return over(times(value, rate), leverage);
}

/**
 * Margin an opening fill adds to an isolated position: ceil(V/L) of the fill; in the BitMEX ledger the growth of ceil(C/L).
 */
export function computeAddedInitialMargin(rules: VenueRules, position: Position, value: bigint): bigint {
  const { contract, leverage, cost } = position;
  if (rules.liquidationRule !== 'bitmex_ledger') {
    return computeInitialMargin(contract, leverage, value, cost + value);
  }
  return (
    computeInitialMargin(contract, leverage, cost + value) -
    (cost === 0n ? 0n : computeInitialMargin(contract, leverage, cost))
  );
}

/** Margin that closing `qty` of an isolated position releases: floor(A·k/q), all of it for the whole. */
export function computeReleasedMargin(position: Position, qty: bigint): bigint {
  const held = absolute(position.qty);
  return qty === held ? position.margin : divFloor(position.margin * qty, held);
}

/**
 * Commission reserve of the BitMEX ledger, part of the position margin and not available: ceil(f·(cost + init + added)); 0
 * elsewhere. An inverse short whose margin covers its whole cost cannot lose it all, and reserves nothing.
 */
export function computeCommissionReserve(rules: VenueRules, position: Position, takerFee: Fraction): bigint {
  if (rules.liquidationRule !== 'bitmex_ledger' || position.qty === 0n) return 0n;
  const init = computeInitialMargin(position.contract, position.leverage, position.cost);
  if (cannotLoseAll(position, position.mode === 'isolated' ? position.margin : init)) return 0n;
  return computeReserve(position.cost, init + position.added, takerFee);
}

/**
 * Estimated fee of closing at the price at which the initial margin is lost, rounded up: f·V·(1 − s·σ/L).
 *
 * @example V_E = 1 long inverse at 10×, 0.075 %: 0.000825
 */
export function computeClosingFee(position: Position, takerFee: Fraction): bigint {
  const { contract, leverage, cost } = position;
  const value = cost - profitSign(position) * computeInitialMargin(contract, leverage, cost);
  return value > 0n && takerFee.num > 0n ? divCeil(value * takerFee.num, takerFee.den) : 0n;
}

function computeReserve(cost: bigint, margin: bigint, takerFee: Fraction): bigint {
  if (takerFee.num <= 0n) return 0n;
  return divCeil((cost + margin) * takerFee.num, takerFee.den);
}

/** An inverse short with collateral of at least its cost: the price would have to rise for ever. */
export function cannotLoseAll(position: Position, collateral: bigint): boolean {
  return position.contract.type === 'inverse' && position.qty < 0n && collateral >= position.cost;
}

/** Fee of a fill, plus when paid: rate·V to the nearest unit. */
export function computeFee(value: bigint, rate: Fraction): bigint {
  const fee = computeExactFee(integer(value), rate);
  return divHalfAway(fee.num, fee.den);
}

/** Fee of a value without rounding, plus when paid. */
export function computeExactFee(value: Fraction, rate: Fraction): Fraction {
  return times(value, rate);
}

/** Unrealised profit in whole units as tables show it: s·σ·(V(P) − C), V rounded as the venue rounds values. */
export function computeUnrealizedPnl(rules: VenueRules, position: Position, mark: Fraction): bigint {
  if (position.qty === 0n) return 0n;
  const value = computeValue(position.contract, rules.valueRounding, absolute(position.qty), mark);
  return profitSign(position) * (value - position.cost);
}

/** Maintenance margin rate of a position: of its tier by entry value or by value at the mark, as the venue's basis is. */
export function computeMaintenanceRate(rules: VenueRules, position: Position, mark: Fraction): Fraction {
  if (rules.maintenanceBasis === 'entry') return tierRatesAt(position.contract, position.cost).maintenance;
  const value = computeExactValue(position.contract, absolute(position.qty), mark);
  return tierRatesAt(position.contract, divCeil(value.num, value.den)).maintenance;
}

/** Maintenance margin in whole units, rounded up; in the BitMEX ledger 0 for an inverse short that cannot lose all. */
export function computeMaintenanceMargin(
  rules: VenueRules,
  position: Position,
  collateral: bigint,
  mark: Fraction,
): bigint {
  if (position.qty === 0n) return 0n;
  if (rules.liquidationRule === 'bitmex_ledger' && cannotLoseAll(position, collateral)) return 0n;
  const rate = computeMaintenanceRate(rules, position, mark);
  if (rules.maintenanceBasis === 'entry') return divCeil(position.cost * rate.num, rate.den);
  const value = computeExactValue(position.contract, absolute(position.qty), mark);
  return divCeil(value.num * rate.num, value.den * rate.den);
}

/** The six balances of an account in one settlement currency, all in settlement units. */
export interface Balances {
  readonly wallet: bigint;
  readonly unrealizedPnl: bigint;
  /** MB = W + U. */
  readonly marginBalance: bigint;
  /** Margin of cross positions at entry value, and of isolated ones A + U; commission reserves included. */
  readonly positionMargin: bigint;
  readonly orderMargin: bigint;
  /** Raw: may be negative. */
  readonly available: bigint;
  /** W less isolated margins and their commission reserves; may be negative only while a cross position is open. */
  readonly crossWallet: bigint;
  /** What may back isolated margin, transfers and withdrawals: max(0, min(available, cross wallet)). */
  readonly transferable: bigint;
}

/** A position with the rate and mark that its margin is computed at. */
export interface MarginInput {
  readonly position: Position;
  readonly takerFee: Fraction;
  readonly mark: Fraction;
}

/**
 * Balances of a wallet with its positions: available = cross equity − cross margin − order margin, where under `losses_only`
 * the unrealised profit of cross positions is withheld in their position margin.
 */
export function computeBalances(
  rules: VenueRules,
  wallet: bigint,
  inputs: readonly MarginInput[],
  orderMargin: bigint,
): Balances {
  let unrealizedPnl = 0n;
  let positionMargin = 0n;
  let isolated = 0n;
  for (const { position, takerFee, mark } of inputs) {
    if (position.qty === 0n) continue;
    const profit = computeUnrealizedPnl(rules, position, mark);
    const reserve = computeCommissionReserve(rules, position, takerFee);
    unrealizedPnl += profit;
    if (position.mode === 'isolated') {
      positionMargin += position.margin + reserve + profit;
      isolated += position.margin + reserve;
    } else {
      const withheld = rules.crossProfitUse === 'losses_only' && profit > 0n ? profit : 0n;
      positionMargin += computeInitialMargin(position.contract, position.leverage, position.cost) + reserve + withheld;
    }
  }
  const marginBalance = wallet + unrealizedPnl;
  const available = marginBalance - positionMargin - orderMargin;
  const crossWallet = wallet - isolated;
  const free = available < crossWallet ? available : crossWallet;
  const transferable = free > 0n ? free : 0n;
  return { wallet, unrealizedPnl, marginBalance, positionMargin, orderMargin, available, crossWallet, transferable };
}
