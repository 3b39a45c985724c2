/**
 * Margin that moves while a position is open: another mode, another leverage, margin added or taken out by hand (settlement text
 * §7.2, §7.3, §8.2). A call says what the position would become; the move is tried on a copy of the account, and booked only where
 * everything that is needed is still there and the position lives. A refused call changes nothing.
 */

import type { BillRecord, MarginMode } from '../../engine/records.js';
import type { CallResult, DecimalInput } from '../../strategy/strategy.js';
import type { RefAccount, RefPosition } from './account.js';
import { isLiquidatable } from './liquidation.js';
import { assignedMargin, crossWallet, figuresAt, initialMargin, reserveOf, unrealized } from './margin.js';
import {
  ceil,
  compare,
  floor,
  maxNum,
  minNum,
  type Num,
  num,
  type Ratio,
  ratio,
  ratioOf,
  scale,
  signed,
  ZERO,
} from './numbers.js';
import { positiveDecimal } from './submit.js';
import { isAboveTier } from './terms.js';

/** When a call is made, and the mark that is known then. */
export interface MoveMoment {
  readonly timeMs: number;
  readonly mark: Ratio;
}

/** What a move makes of an account's settings and of its position's margin. */
interface Target {
  readonly mode: MarginMode;
  readonly leverage: Ratio;
  readonly margin: Num;
  readonly added: Num;
}

export const done: CallResult = { status: 'done' };
export const refused = (code: number, reason: string): CallResult => ({ status: 'rejected', code, reason });

/** Why no call is taken from an account at all, or null. */
export function refusalOfAll(account: RefAccount, symbol: string | undefined): CallResult | null {
  if (symbol !== undefined && symbol !== account.terms.contract.symbol) return refused(400, 'unknown_symbol');
  return account.bankruptAtMs === null ? null : refused(70005, 'account_bankrupt');
}

/** Another margin mode. */
export function moveMode(account: RefAccount, mode: string, at: MoveMoment): CallResult {
  if (mode !== 'cross' && mode !== 'isolated') return refused(70001, 'invalid_margin_mode');
  if (mode === account.mode) return done;
  const refusal = refusalOfModes(account);
  if (refusal !== null) return refusal;
  const { terms, leverage, position } = account;
  const margin = mode === 'isolated' && position !== null ? initialMargin(terms, leverage, position.cost) : ZERO;
  return settle(
    account,
    at,
    { mode, leverage, margin, added: ZERO },
    mode === 'isolated' ? 'margin_add' : 'margin_remove',
  );
}

/** Where a venue asks for a flat account without orders before the mode changes. */
function refusalOfModes(account: RefAccount): CallResult | null {
  if (account.terms.rules.marginModeSwitch === 'anytime') return null;
  if (account.position !== null) return refused(70001, 'open_position');
  return account.orders.length > 0 ? refused(70001, 'open_orders') : null;
}

/** Another leverage; 0 is cross at the tier's own rate, so for an isolated account a change of the mode as well. */
export function moveLeverage(account: RefAccount, asked: DecimalInput, at: MoveMoment): CallResult {
  const { terms, position } = account;
  const isZero = /^[+-]?0*\.?0*$/.test(String(asked)) && /0/.test(String(asked));
  const wanted = isZero ? ZERO : positiveDecimal(asked);
  if (wanted === null) return refused(400, 'bad_leverage');
  const leverage = ratio(wanted);
  if (compare(leverage, ratioOf(terms.contract.maxLeverage)) > 0) return refused(70003, 'leverage_above_max');
  const isNewMode = isZero && account.mode === 'isolated';
  if (!isNewMode && compare(leverage, account.leverage) === 0) return done;
  if (isNewMode) {
    const refusal = refusalOfModes(account);
    if (refusal !== null) return refusal;
    return settle(account, at, { mode: 'cross', leverage, margin: ZERO, added: ZERO }, 'leverage_change');
  }
  const cost = position?.cost ?? ZERO;
  if (isAboveTier(terms, leverage, cost)) return refused(70003, 'leverage_above_tier');
  if (position === null || account.mode === 'cross') {
    return settle(account, at, { mode: account.mode, leverage, margin: ZERO, added: ZERO }, 'leverage_change');
  }
  const bound = terms.rules.leverageChange === 'deepcoin' ? refusalOfBounds(account, position, leverage, at) : null;
  if (bound !== null) return bound;
  const margin = initialMargin(terms, leverage, cost);
  return settle(account, at, { mode: 'isolated', leverage, margin, added: ZERO }, 'leverage_change');
}

/** Up to where the loss is half of V_E/L, down to where V_E/L is the margin and all that is usable. */
function refusalOfBounds(
  account: RefAccount,
  position: RefPosition,
  leverage: Ratio,
  at: MoveMoment,
): CallResult | null {
  const loss = maxNum(ZERO, ZERO.minus(unrealized(account.terms, position, at.mark)));
  const initial = ratio(position.cost.times(leverage.d), leverage.n);
  if (compare(initial, ratio(loss.times('2'))) < 0) return refused(70004, 'leverage_above_loss_bound');
  const most = position.margin.plus(transferable(account, at.mark));
  return compare(initial, ratio(most)) > 0 ? refused(70004, 'insufficient_margin') : null;
}

/** Margin put into an isolated position, or taken out of it; an amount in whole units, what is below a settlement unit is dropped. */
export function moveByHand(account: RefAccount, way: 'in' | 'out', amount: DecimalInput, at: MoveMoment): CallResult {
  const { terms, position, leverage } = account;
  const asked = positiveDecimal(amount) ?? ZERO;
  const units = floor(ratio(asked.times(num(`1e${terms.contract.settle.decimals}`))));
  if (units.lte(ZERO)) return refused(400, 'amount_not_positive');
  if (position === null) return refused(400, 'no_position');
  if (position.mode !== 'isolated') return refused(70001, 'not_isolated');
  const change = way === 'in' ? units : ZERO.minus(units);
  const margin = position.margin.plus(change);
  if (way === 'in' && units.gt(transferable(account, at.mark))) return refused(70004, 'insufficient_margin');
  if (way === 'out' && margin.lt(leastMargin(account, position))) return refused(70004, 'margin_below_initial');
  const target: Target = { mode: 'isolated', leverage, margin, added: position.added.plus(change) };
  return settle(account, at, target, way === 'in' ? 'margin_add' : 'margin_remove');
}

/** Initial margin and the fee of closing where it is lost: what must stay in a position. */
function leastMargin(account: RefAccount, position: RefPosition): Num {
  const { terms, leverage } = account;
  const initial = initialMargin(terms, leverage, position.cost);
  const lost = maxNum(ZERO, position.cost.minus(signed(position.side * terms.sigma, initial)));
  return initial.plus(maxNum(ZERO, ceil(scale(terms.takerFee, lost))));
}

/** What the cross wallet has beyond the reserve of the position. */
const pocket = (account: RefAccount): Num => crossWallet(account).minus(reserveOf(account));

/** What may become isolated margin. */
function transferable(account: RefAccount, mark: Ratio): Num {
  return maxNum(ZERO, minNum(figuresAt(account, mark).available, pocket(account)));
}

/** Tries a move on a copy; books it where it is covered and the position is not liquidated by it. */
function settle(account: RefAccount, at: MoveMoment, target: Target, type: BillRecord['type']): CallResult {
  const before = assignedMargin(account);
  const twin = account.copy();
  apply(twin, target);
  const isShort = (was: Num, is: Num): boolean => is.lt(ZERO) && is.lt(was);
  const available = (of: RefAccount): Num => figuresAt(of, at.mark).available;
  if (isShort(available(account), available(twin)) || isShort(pocket(account), pocket(twin))) {
    return refused(70004, 'insufficient_margin');
  }
  if (isLiquidatable(twin, at.mark)) return refused(70004, 'would_liquidate');
  apply(account, target);
  account.book({ timeMs: at.timeMs, type, amount: ZERO, isolatedDelta: assignedMargin(account).minus(before) });
  return done;
}

function apply(account: RefAccount, { mode, leverage, margin, added }: Target): void {
  account.mode = mode;
  account.leverage = leverage;
  if (account.position !== null) Object.assign(account.position, { mode, margin, added });
}
