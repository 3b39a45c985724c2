/**
 * Requests about one position: liquidation and bankruptcy prices, unrealized profit, the record an exchange shows, the margin
 * ledger. Each gives every output that its inputs determine.
 */

import { solveFixedRequirement } from '../account/liquidationValue.js';
import { computeExactFee, computeExactInitialMargin } from '../account/margin.js';
import type { Fraction } from '../money/decimal.js';
import { integer, minus, ONE, over, plus, times, ZERO } from '../money/fractions.js';
import type { MarginRules } from '../venue/marginRules.js';
import { findCollateral, findOwnMargin, isCollateralStated, totalOf } from './collateral.js';
import type { Inputs } from './inputs.js';
import { computeLedger, isLedgerRequest, withBothSpellings } from './integerLedger.js';
import { basisOf, computeLiquidation, computeMaintenance } from './liquidation.js';
import type { ResultRecord } from './outputs.js';
import { type CalcPosition, findMaintenanceRate, profitOf, profitOver, readPosition } from './position.js';

export function computeLiquidationKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  if (isLedgerRequest(inputs, rules, true)) {
    if (findMaintenanceRate(inputs, rules) === null && !inputs.has('pos_maint')) inputs.miss('maintenance_margin_rate');
    return computeLedger(inputs, rules);
  }
  const position = readPosition(inputs, rules);
  return { ...computeLiquidation(position), ...describeMargin(position) };
}

export function computeBankruptcyKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  if (isLedgerRequest(inputs, rules, true)) return computeLedger(inputs, rules);
  const position = readPosition(inputs, rules);
  return { ...computeLiquidation(position, false), ...describeMargin(position) };
}

export function computeLedgerKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  if (isLedgerRequest(inputs, rules, false)) return computeLedger(inputs, rules);
  const position = readPosition(inputs, rules);
  if (findOwnMargin(position) === null) inputs.miss('leverage', 'pos_init');
  inputs.require('qty');
  const prices = canLiquidate(position) ? computeLiquidation(position, false) : {};
  return withBothSpellings({ ...prices, ...describeMargin(position) });
}

/** Whether the request says what a liquidation price needs. */
function canLiquidate(position: CalcPosition): boolean {
  const { inputs, rules } = position;
  const hasRate = findMaintenanceRate(inputs, rules) !== null || inputs.has('tiers') || inputs.has('pos_maint');
  return hasRate && findCollateral(position) !== null;
}

/** Cost, margins and profit of a position with a size. */
function describeMargin(position: CalcPosition): ResultRecord {
  if (!position.hasQty) return {};
  const { inputs, cost, markValue } = position;
  const profit = profitOf(position);
  const marks = { pos_cost: cost, mark_value: markValue ?? undefined, unrealized_pnl: profit ?? undefined };
  const own = findOwnMargin(position);
  const basis = basisOf(position, findCollateral(position));
  const maintenance = computeMaintenance(position, basis);
  const common = { ...marks, maintenance_margin: maintenance ?? undefined };
  if (own === null) return common;
  const roe = profit === null || own.init.num === 0n ? undefined : over(profit, own.init);
  if (isCollateralStated(inputs)) return { ...common, initial_margin: own.init, roe };
  const margin = totalOf(own);
  const charged = maintenance === null || basis === 'mark' ? maintenance : plus(maintenance, own.commission);
  return {
    ...common,
    initial_margin: own.init,
    pos_init: own.init,
    pos_comm: own.commission,
    pos_margin: margin,
    pos_maint: inputs.find('pos_maint') ?? charged ?? undefined,
    maint_margin: profit === null ? undefined : plus(margin, profit),
    roe,
  };
}

/** Profit, return and the margin at entry. */
export function computeUnrealizedKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  const position = readPosition(inputs, rules);
  inputs.require('qty');
  if (position.markValue === null) inputs.miss('mark_price');
  const profit = profitOf(position)!;
  const rate = inputs.find('fee_rate', 'taker_fee_rate');
  const fee = rate === null ? null : computeExactFee(position.cost, rate);
  const marginRate = inputs.find('init_rate');
  const hasMargin = position.leverage !== null || marginRate !== null;
  const margin = hasMargin
    ? computeExactInitialMargin(position.cost, position.leverage ?? ONE, marginRate ?? ONE)
    : inputs.find('position_margin');
  return {
    unrealized_pnl: profit,
    notional: position.markValue!,
    notional_mark: position.markValue!,
    notional_entry: position.cost,
    initial_margin: hasMargin ? margin! : undefined,
    ...describeReturn(inputs, profit, margin, fee),
    commission: fee ?? undefined,
    realized_pnl: fee === null ? undefined : times(integer(-1n), fee),
    total_pnl: fee === null ? undefined : plus(profit, times(integer(-1n), fee)),
    ...positionProfit(position),
  };
}

/** Profit since the opening, where the venue resets the entry at its settlements. */
function positionProfit(position: CalcPosition): ResultRecord {
  const { inputs, instrument, qty, markValue, leverage } = position;
  const open = inputs.find('open_price') ?? (inputs.has('pnl_reference_price') ? position.entryPrice : null);
  if (open === null || markValue === null) return {};
  const cost = instrument.value(qty, open);
  const profit = profitOver(position, markValue, cost);
  const roe = leverage === null ? undefined : over(profit, computeExactInitialMargin(cost, leverage));
  return { position_profit: profit, position_roe: roe };
}

/** The record an exchange shows of a position. */
export function computeRecordKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  const position = readPosition(inputs, rules);
  inputs.require('qty');
  return describeRecord(position);
}

function describeRecord(position: CalcPosition): ResultRecord {
  const { inputs, rules, cost, markValue, leverage } = position;
  const profit = profitOf(position);
  const ofLeverage = leverage === null ? null : computeExactInitialMargin(cost, leverage);
  const entryMargin = inputs.find('pos_init') ?? ofLeverage ?? inputs.find('position_margin');
  const fee = closeFeeOf(position);
  const isIncluded = inputs.isOn('im_includes_fee') || (rules.feeInInitialMargin && fee !== null);
  const maintenance = inputs.find('pos_maint') ?? computeMaintenance(position, recordBasis(position));
  const add = (amount: Fraction | null, includes: boolean): Fraction | undefined =>
    amount === null ? undefined : plus(amount, includes ? (fee ?? inputs.miss('taker_fee_rate')) : ZERO);
  return {
    notional_entry: cost,
    notional_mark: markValue ?? undefined,
    unrealized_pnl: profit ?? undefined,
    initial_margin: add(initialMarginOf(position), isIncluded),
    maintenance_margin: add(maintenance, inputs.isOn('mm_includes_fee')),
    close_fee: fee ?? undefined,
    ...describeReturn(inputs, profit, entryMargin),
    margin_used: marginUsedOf(position) ?? undefined,
    ...positionProfit(position),
    ...(isCollateralStated(inputs) && canLiquidate(position) ? computeLiquidation(position) : {}),
  };
}

/** Profit over the margin at entry, and what is left of it after fees already paid. */
function describeReturn(
  inputs: Inputs,
  profit: Fraction | null,
  margin: Fraction | null,
  fee: Fraction | null = null,
): ResultRecord {
  if (profit === null || margin === null || margin.num === 0n) return {};
  const paid = inputs.find('fees_paid');
  const net = minus(profit, plus(paid ?? ZERO, fee ?? ZERO));
  return {
    roe: over(profit, margin),
    net_on_entry_margin: paid === null && fee === null ? undefined : over(net, margin),
  };
}

function recordBasis(position: CalcPosition): 'entry' | 'mark' {
  const word = position.inputs.word('mm_base') ?? position.inputs.word('maintenance_base');
  if (word !== null) return word === 'entry' ? 'entry' : 'mark';
  return position.rules.maintenanceBasis === 'mark' && position.markValue !== null ? 'mark' : 'entry';
}

/** Initial margin on the basis of the request or of the venue; at the entry where there is no mark. */
function initialMarginOf(position: CalcPosition): Fraction | null {
  const { inputs, rules, mode, cost, markValue, leverage } = position;
  const given = inputs.find('pos_init');
  if (given !== null) return given;
  const rate = inputs.find('init_rate');
  if (leverage === null && rate === null) return null;
  const basis = inputs.word('margin_base') ?? (mode === 'cross' ? rules.crossInitialBasis : rules.isolatedInitialBasis);
  if (basis === 'mark' && markValue === null && inputs.has('margin_base')) inputs.miss('mark_price');
  return computeExactInitialMargin(basis === 'mark' ? (markValue ?? cost) : cost, leverage ?? ONE, rate ?? ONE);
}

/** Closing fee by the request's model: at the bankruptcy price of the leverage, or on the entry value. */
function closeFeeOf(position: CalcPosition): Fraction | null {
  const { inputs, rules, cost, sign, leverage } = position;
  const rate = inputs.find('taker_fee_rate', 'fee_rate', 'close_fee_rate');
  if (rate === null) return null;
  const model = inputs.word('close_fee_model') ?? (rules.feeInInitialMargin ? 'notional' : 'bankruptcy');
  if (model === 'notional') return computeExactFee(cost, rate);
  const stated = inputs.find('bankruptcy_price');
  if (stated !== null) return computeExactFee(position.instrument.value(position.qty, stated), rate);
  if (leverage === null) return null;
  const terms = { sign, cost, collateral: computeExactInitialMargin(cost, leverage) };
  return computeExactFee(solveFixedRequirement(terms, ZERO) ?? ZERO, rate);
}

/** Margin that the position takes: isolated its equity, else the initial margin. */
function marginUsedOf(position: CalcPosition): Fraction | null {
  const { inputs, sign, markValue } = position;
  const raw = inputs.find('raw_usd');
  if (raw !== null) return markValue === null ? null : plus(raw, times(integer(sign), markValue));
  return initialMarginOf(position);
}

/** Margin of an isolated position: initial margin, what was added and reserved, and with a mark the profit. */
export function computePositionMarginKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  const needsSide = ['mark_price', 'taker_fee_rate', 'fee_rate'].some((name) => inputs.has(name));
  const position = readPosition(inputs, rules, needsSide ? undefined : 'long');
  inputs.require('qty');
  const own = findOwnMargin(position) ?? inputs.miss('leverage', 'init_rate', 'pos_init');
  const record = describeRecord(position);
  const profit = profitOf(position);
  const fee = closeFeeOf(position);
  const margin = totalOf(own);
  return {
    ...record,
    notional: position.cost,
    position_value: position.cost,
    fee_to_close: fee ?? undefined,
    pos_init: own.init,
    pos_comm: own.commission,
    pos_margin: margin,
    margin_used: profit === null ? margin : plus(margin, profit),
    total: plus(margin, fee ?? ZERO),
  };
}
