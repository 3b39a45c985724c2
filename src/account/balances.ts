/**
 * The balances of one ledger that follow from its wallet, its positions and their marks, and what of them may be withdrawn.
 * Pure; order margin is computed by whoever knows the orders. A spot holding is no position here: its coins are in a ledger.
 */

import { computeValue } from '../contract/payoff.js';
import type { Fraction } from '../money/decimal.js';
import { divCeil } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { computeCommissionReserve, computeCrossInitial, computeUnrealizedPnl } from './margin.js';
import { absolute, type Position } from './position.js';

/** The six balances of an account in one settlement currency and what they are made of, all in settlement units. */
export interface Balances {
  readonly wallet: bigint;
  readonly unrealizedPnl: bigint;
  /** MB = W + U. */
  readonly marginBalance: bigint;
  /** Margin of cross positions on the venue's basis, and of isolated ones A + U; commission reserves included. */
  readonly positionMargin: bigint;
  /** What resting orders lock, those of spot pairs among them. */
  readonly orderMargin: bigint;
  /** The part of the order margin that is cash or coins of resting spot orders; profit cannot stand in for it. */
  readonly locked: bigint;
  /** Raw: may be negative. */
  readonly available: bigint;
  /** W less isolated margins and their commission reserves; may be negative only while a cross position is open. */
  readonly crossWallet: bigint;
  /** What may back isolated margin, spot orders, transfers and withdrawals: max(0, min(available, cross wallet − locked)). */
  readonly transferable: bigint;
  /** U of the cross positions. */
  readonly crossUnrealizedPnl: bigint;
  /** Initial margin of the cross positions, without reserves and withheld profit. */
  readonly crossInitial: bigint;
  /** Value of the cross positions at their marks. */
  readonly crossValue: bigint;
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
 *
 * @param orderMargin of all resting orders, `locked` included.
 * @param locked what resting spot orders hold of this currency.
 */
export function computeBalances(
  rules: VenueRules,
  wallet: bigint,
  inputs: readonly MarginInput[],
  orderMargin: bigint,
  locked = 0n,
): Balances {
  let unrealizedPnl = 0n;
  let positionMargin = 0n;
  let isolated = 0n;
  const cross = { crossUnrealizedPnl: 0n, crossInitial: 0n, crossValue: 0n };
  for (const { position, takerFee, mark } of inputs) {
    const { contract } = position;
    if (position.qty === 0n || contract.type === 'spot') continue;
    const profit = computeUnrealizedPnl(rules, position, mark);
    const reserve = computeCommissionReserve(rules, position, takerFee);
    unrealizedPnl += profit;
    if (position.mode === 'isolated') {
      positionMargin += position.margin + reserve + profit;
      isolated += position.margin + reserve;
      continue;
    }
    const withheld = rules.crossProfitUse === 'losses_only' && profit > 0n ? profit : 0n;
    const init = computeCrossInitial(rules, position, mark);
    positionMargin += init + reserve + withheld;
    cross.crossUnrealizedPnl += profit;
    cross.crossInitial += init;
    cross.crossValue += computeValue(contract, rules.valueRounding, absolute(position.qty), mark);
  }
  const marginBalance = wallet + unrealizedPnl;
  const available = marginBalance - positionMargin - orderMargin;
  const crossWallet = wallet - isolated;
  const transferable = atLeastZero(smaller(available, crossWallet - locked));
  return {
    wallet,
    unrealizedPnl,
    marginBalance,
    positionMargin,
    orderMargin,
    locked,
    available,
    crossWallet,
    transferable,
    ...cross,
  };
}

/**
 * What may be withdrawn or transferred: never unrealised profit, max(0, min(W, transferable)); by Pacifica's rule
 * max(0, min(B, B + U − max(IM + orders, 0.1·ΣV))) of the cross wallet B less what spot orders lock, and the cross positions
 * and orders of contracts, a tenth rounded up.
 *
 * @example Pacifica, B 1,000, U 500, ΣV 12,000, required 575: 300
 */
export function computeWithdrawable(rules: Pick<VenueRules, 'withdrawRule'>, balances: Balances): bigint {
  if (rules.withdrawRule === 'bitmex') return atLeastZero(smaller(balances.wallet, balances.transferable));
  const { crossWallet, crossUnrealizedPnl, crossInitial, orderMargin, locked, crossValue } = balances;
  const [initial, tenth] = [crossInitial + orderMargin - locked, divCeil(crossValue, 10n)];
  const cash = crossWallet - locked;
  const left = cash + crossUnrealizedPnl - (initial > tenth ? initial : tenth);
  return atLeastZero(smaller(cash, left));
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function atLeastZero(n: bigint): bigint {
  return n > 0n ? n : 0n;
}
