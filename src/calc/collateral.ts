/**
 * What stands behind the position of a request: a balance, a wallet, an account's equity, or its own margin with what was
 * added, reserved and lost. Says also which of them it was, for that decides the model where the request names none.
 */

import { computeCrossCollateral } from '../account/liquidationValue.js';
import { computeExactFee, computeExactInitialMargin } from '../account/margin.js';
import type { Fraction } from '../money/decimal.js';
import { atLeastZero, integer, minus, ONE, over, plus, sumOf, times, ZERO } from '../money/fractions.js';
import type { Inputs } from './inputs.js';
import { createInstrument, signOfSide } from './instrument.js';
import { type CalcPosition, findMaintenanceRate, profitOver } from './position.js';

export interface Collateral {
  /** Behind the position at its liquidation, the commission reserve left out. */
  readonly amount: Fraction;
  /** Commission reserve in the position margin, 0 without one. */
  readonly commission: Fraction;
  /** `balance`: a number of the request; `wallet`: of the account, so that the venue decides; `margin`: the position's own. */
  readonly source: 'balance' | 'wallet' | 'margin';
}

/** Margin of a position by itself. */
export interface OwnMargin {
  readonly init: Fraction;
  readonly added: Fraction;
  readonly paid: Fraction;
  readonly commission: Fraction;
}

/** The position's own margin; null where the request has neither leverage nor initial margin. */
export function findOwnMargin(position: CalcPosition): OwnMargin | null {
  const { inputs, leverage, cost } = position;
  const given = inputs.find('pos_init');
  const rate = inputs.find('init_rate');
  if (given === null && leverage === null && rate === null) return null;
  const init = given ?? computeExactInitialMargin(cost, leverage ?? ONE, rate ?? ONE);
  const added = plus(inputs.find('pos_cross') ?? ZERO, addedMargin(position));
  const paid = inputs.find('pos_loss') ?? ZERO;
  return { init, added, paid, commission: commissionOf(position, plus(init, added)) };
}

/** Margin added by hand; at the venues that say so an inverse position counts it less its own closing fee. */
function addedMargin(position: CalcPosition): Fraction {
  const { inputs, rules, instrument } = position;
  const extra = inputs.find('extra_margin') ?? ZERO;
  if (extra.num !== 0n && !position.hasQty) inputs.miss('qty');
  if (!rules.discountsAddedMargin || instrument.sigma > 0n) return extra;
  const fee = inputs.find('taker_fee_rate') ?? ZERO;
  return over(extra, plus(ONE, times(integer(position.side), fee)));
}

/** Commission reserve by the request's model, or by the venue's ledger. */
function commissionOf(position: CalcPosition, margin: Fraction): Fraction {
  const { inputs, rules, cost } = position;
  const given = inputs.find('pos_comm');
  if (given !== null) return given;
  const model = inputs.word('comm_model') ?? (rules.hasCommissionLedger ? 'bankruptcy_plus' : 'none');
  if (model === 'none') return ZERO;
  const rate = inputs.word('comm_model') === null ? inputs.find('taker_fee_rate') : inputs.require('taker_fee_rate');
  if (rate === null) return ZERO;
  if (model === 'notional') return computeExactFee(cost, rate);
  if (model === 'bankruptcy_plus') return computeExactFee(plus(cost, margin), rate);
  return computeExactFee(atLeastZero(minus(cost, times(integer(position.sign), margin))), rate);
}

/** @throws UserError missing_input where nothing stands behind the position */
export function requireCollateral(position: CalcPosition): Collateral {
  return findCollateral(position) ?? position.inputs.miss('margin_balance', 'balance', 'leverage');
}

export function findCollateral(position: CalcPosition): Collateral | null {
  const given = findStated(position) ?? findBalance(position);
  if (given !== null) return { amount: given, commission: ZERO, source: 'balance' };
  const wallet = findWallet(position);
  if (wallet !== null) return { amount: wallet, commission: ZERO, source: 'wallet' };
  const own = findOwnMargin(position);
  if (own === null) return null;
  const amount = minus(plus(own.init, own.added), own.paid);
  return { amount, commission: own.commission, source: 'margin' };
}

/** Whether the collateral is a number of the request, so that leverage is not needed to know it. */
export function isCollateralStated(inputs: Inputs): boolean {
  const names = ['raw_usd', 'account_value', 'margin_balance', 'position_margin', 'balance'];
  return names.some((name) => inputs.has(name));
}

/** Hyperliquid's two: collateral less the cost of the position, and the equity of the account at the mark. */
function findStated(position: CalcPosition): Fraction | null {
  const { inputs, rules, sign, cost } = position;
  const raw = inputs.find('raw_usd');
  if (raw !== null) return plus(raw, times(integer(sign), cost));
  const equity = inputs.find('account_value');
  if (equity === null) return null;
  const value = position.markValue ?? inputs.miss('position_value', 'mark_price');
  const rate = findMaintenanceRate(inputs, rules) ?? inputs.miss('maintenance_margin_rate', 'max_leverage');
  const own = times(rate, value);
  const others = minus(inputs.find('maintenance_margin_used') ?? own, own);
  return minus(minus(equity, others), profitOver(position, value, cost));
}

function findBalance(position: CalcPosition): Fraction | null {
  const { inputs } = position;
  const given = inputs.find('margin_balance', 'position_margin');
  return given === null ? null : plus(plus(given, addedMargin(position)), computeOthers(position));
}

/** A wallet less the margin of resting orders, with the other positions of the account. */
function findWallet(position: CalcPosition): Fraction | null {
  const { inputs } = position;
  const isUsed = inputs.has('balance') || inputs.word('margin_mode') === 'cross' || !inputs.has('leverage');
  const wallet = isUsed ? inputs.find('balance', 'wallet_balance') : null;
  if (wallet === null) return null;
  return plus(minus(wallet, inputs.find('order_margin') ?? ZERO), computeOthers(position));
}

/** What the other positions add: their profit less their maintenance margin. */
function computeOthers(position: CalcPosition): Fraction {
  const others = position.inputs.rows('other_positions').filter((other) => !isHedgeOf(position, other));
  const parts = others.map((other) => {
    const { instrument, sign, cost } = readOther(position, other);
    const qty = other.require('qty');
    const value = instrument.value(qty, other.require('mark_price'));
    const base = position.rules.maintenanceBasis === 'entry' && !position.inputs.has('margin_balance') ? cost : value;
    const required = times(other.require('maintenance_margin_rate'), base);
    return {
      profit: times(integer(sign), minus(value, cost)),
      requirement: minus(required, other.find('maintenance_amount') ?? ZERO),
    };
  });
  return computeCrossCollateral(ZERO, parts);
}

/** A position of the same symbol moves with the same price: the other side of a hedge. */
export function isHedgeOf(position: CalcPosition, other: Inputs): boolean {
  const symbol = position.inputs.word('symbol');
  return symbol !== null && other.word('symbol') === symbol;
}

export function readOther(
  position: CalcPosition,
  other: Inputs,
): { instrument: CalcPosition['instrument']; sign: 1n | -1n; cost: Fraction } {
  const type = (position.inputs.word('contract_type') ?? 'linear') as 'linear';
  const instrument = isHedgeOf(position, other)
    ? position.instrument
    : createInstrument(other, { type: type === ('spot' as string) ? 'linear' : type });
  const sign = (signOfSide(other) * instrument.sigma) as 1n | -1n;
  return { instrument, sign, cost: instrument.value(other.require('qty'), other.require('entry_price')) };
}

/** Sum of the initial margin, what was added and reserved, less what was lost. */
export function totalOf(own: OwnMargin): Fraction {
  return minus(sumOf([own.init, own.added, own.commission]), own.paid);
}
