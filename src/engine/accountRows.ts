/**
 * The rows that show an account at a moment: a balance for each ledger, a row for each open position; and their renewal when
 * something more happens at the same moment. When rows stand is balanceRows.ts.
 */

import { computeDisplayPrice } from '../account/dueMarks.js';
import { computeBankruptcyPrice, roundToTick, roundToTickTowardEntry } from '../account/liquidation.js';
import {
  computeCommissionReserve,
  computeCrossInitial,
  computeMaintenanceMargin,
  computeUnrealizedPnl,
} from '../account/margin.js';
import { absolute, computeEntryPrice, type Position } from '../account/position.js';
import { computeGroupRequirement, type MarkOf, type RiskGroup } from '../account/riskGroup.js';
import type { Contract } from '../contract/contract.js';
import { computeValue } from '../contract/payoff.js';
import { positionSideOf } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import { divCeil } from '../money/rounding.js';
import type { Currency } from '../money/units.js';
import { isLimit } from '../orders/order.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment, StepContext } from './moment.js';
import type { BalanceRecord, PositionRecord } from './records.js';
import { spotPositionRecord } from './spotRows.js';

export function balanceRecord(runtime: AccountRuntime, currency: Currency, moment: Moment): BalanceRecord {
  const b = runtime.balances(currency.code, moment);
  return {
    timeMs: moment.timeMs,
    account: runtime.name,
    currency,
    wallet: b.wallet,
    unrealizedPnl: b.unrealizedPnl,
    marginBalance: b.marginBalance,
    positionMargin: b.positionMargin,
    orderMargin: b.orderMargin,
    available: b.available,
  };
}

/** A row for each ledger. */
export function balanceRecords(runtime: AccountRuntime, moment: Moment): readonly BalanceRecord[] {
  return runtime.account.currencies.map((currency) => balanceRecord(runtime, currency, moment));
}

/** A row for each open position. @param code of one ledger. */
export function positionRecords(runtime: AccountRuntime, moment: Moment, code?: string): readonly PositionRecord[] {
  return runtime.account.openPositions(code).map((position) => positionRecord(runtime, position, moment));
}

export function positionRecord(runtime: AccountRuntime, position: Position, moment: Moment): PositionRecord {
  const { account } = runtime;
  const { rules } = account;
  const { contract, cost } = position;
  const frozen = frozenQty(runtime, position);
  if (contract.type === 'spot') return spotPositionRecord(runtime, position, frozen, moment);
  const book = runtime.bookOf(contract);
  const mark = moment.mark(book.index);
  const markOf = runtime.markOf(moment);
  const collateral = account.collateral(position);
  const takerFee = account.takerFee(contract);
  const total = absolute(position.qty);
  const init = position.mode === 'isolated' ? position.margin : computeCrossInitial(rules, position, mark);
  const unrealizedPnl = computeUnrealizedPnl(rules, position, mark);
  const toF64 = (f: Fraction | null): number | null => (f === null ? null : fractionToF64(f));
  const group = account.riskGroupOf(position);
  const isAlone = group.members.length === 1;
  const maintenanceMargin = computeMaintenanceMargin(rules, position, collateral, mark, takerFee);
  const groupMaintenance = isAlone ? maintenanceMargin : ceilOf(computeGroupRequirement(group, markOf));
  let others = -unrealizedPnl;
  for (const { position: other } of group.members) {
    others += other === position ? unrealizedPnl : computeUnrealizedPnl(rules, other, markOf(other.contract));
  }
  const wholeEquity = collateral + others + unrealizedPnl;
  // Field by field: a spread of so many costs several times as much.
  return {
    timeMs: moment.timeMs,
    account: runtime.name,
    contract,
    side: positionSideOf(position.qty),
    markPrice: fractionToF64(mark),
    amount: computeValue(contract, rules.valueRounding, total, mark),
    total,
    available: total - frozen,
    frozen,
    entryPrice: computeEntryPrice(position) ?? { num: cost, den: 1n },
    unrealizedPnl,
    margin: init + computeCommissionReserve(rules, position, takerFee),
    mode: position.mode,
    leverage: position.leverage.num === 0n ? null : position.leverage,
    liquidationPrice: toF64(shownLiquidationPrice(group, position, markOf)),
    bankruptcyPrice: toF64(computeBankruptcyPrice(rules, position, collateral + others)),
    maintenanceMargin,
    groupMaintenance,
    equity: wholeEquity,
    riskLevel: riskLevelOf(groupMaintenance, wholeEquity),
  };
}

function ceilOf({ num, den }: Fraction): bigint {
  return divCeil(num, den);
}

/** The liquidation price that a row shows: on the safe side of the tick, toward the entry, or for a hedge, which shares one price, toward the mark. */
export function shownLiquidationPrice(group: RiskGroup, position: Position, markOf: MarkOf): Fraction | null {
  const price = computeDisplayPrice(group, position, markOf);
  const { contract } = position;
  const isHedge = group.members.filter(({ position: other }) => other.contract.symbol === contract.symbol).length > 1;
  if (price === null || !isHedge) return roundToTickTowardEntry(position, price);
  return roundToTick(contract, price, compareFractions(price, markOf(contract)) <= 0 ? 'ceil' : 'floor');
}

/** Quantity of a position that resting closing limits have spoken for. */
export function frozenQty(runtime: AccountRuntime, position: Position): bigint {
  const total = absolute(position.qty);
  const closing = position.qty > 0n ? 'sell' : 'buy';
  let frozen = 0n;
  for (const order of runtime.bookOf(position.contract).orders.all) {
    const isExit = order.effect === 'close' || order.reduceOnly;
    if (isLimit(order) && isExit && order.side === closing && order.qty !== null) {
      frozen += order.qty - order.filledQty;
    }
  }
  return frozen < total ? frozen : total;
}

function riskLevelOf(maintenance: bigint, equity: bigint): PositionRecord['riskLevel'] {
  if (equity <= 0n || maintenance >= equity) return 'liquidation';
  if (maintenance * 10n > equity * 8n) return 'high';
  return maintenance * 10n < equity * 3n ? 'low' : 'normal';
}

/** After an event of a ledger: its balance row, where events leave one or one stands at this moment. */
export function writeRows(runtime: AccountRuntime, moment: Moment, currency: Currency, context: StepContext): void {
  const { journal } = runtime;
  const standing = context.standing?.timeMs === moment.timeMs ? context.standing : null;
  if (context.rowsAtEvents || standing?.withBalance === true) {
    journal.setBalance(balanceRecord(runtime, currency, moment));
  }
  renewRows(runtime, moment, currency);
  if (standing !== null) {
    journal.setRowPositions(moment.timeMs, currency.code, positionRecords(runtime, moment, currency.code));
  }
}

/** Draws the rows of a ledger at a moment anew, if it has any: something more has happened at it, an order has ended for example. */
export function renewRows(runtime: AccountRuntime, moment: Moment, currency: Currency): void {
  const { journal } = runtime;
  const { timeMs } = moment;
  const { code } = currency;
  if (journal.hasBalance(timeMs, code)) journal.setBalance(balanceRecord(runtime, currency, moment));
  if (journal.rowPositions?.timeMs === timeMs && journal.rowPositions.ofLedger.has(code)) {
    journal.setRowPositions(timeMs, code, positionRecords(runtime, moment, code));
  }
  if (journal.positions.at(-1)?.timeMs === timeMs) {
    while (journal.positions.at(-1)?.timeMs === timeMs) journal.positions.pop();
    journal.positions.push(...positionRecords(runtime, moment));
  }
}

/** As renewRows, for the ledgers that an order of a contract concerns: the one it settles in, of a spot pair the coins' too. */
export function renewRowsOf(runtime: AccountRuntime, moment: Moment, { settle, base }: Contract): void {
  renewRows(runtime, moment, settle);
  if (base !== null) renewRows(runtime, moment, base);
}

/**
 * Takes what calls at a close have booked into the journal, with rows of the moment, or the renewal of those that stand.
 *
 * @param withRow whether events leave balance rows here.
 */
export function collectCalls(runtime: AccountRuntime, at: () => Moment, withRow: boolean): void {
  const { journal } = runtime;
  runtime.collect();
  if (journal.bills.length === 0) return;
  const touched = new Set(journal.bills.map((bill) => bill.currency.code));
  const moment = at();
  for (const currency of runtime.account.currencies) {
    if (!touched.has(currency.code)) continue;
    if (withRow) journal.setBalance(balanceRecord(runtime, currency, moment));
    journal.setRowPositions(moment.timeMs, currency.code, positionRecords(runtime, moment, currency.code));
  }
}
