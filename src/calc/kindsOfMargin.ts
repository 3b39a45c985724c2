/**
 * Requests about margins of a value at a price, sizes, balances, and rates by tables: brackets, risk steps, cumulative amounts.
 */

import { computeCrossCollateral, computeRequirement } from '../account/liquidationValue.js';
import { computeExactInitialMargin } from '../account/margin.js';
import { bracketOf, computeBracketMaintenance, computeDeduction, createBrackets } from '../contract/marginBrackets.js';
import { tierRatesAt } from '../contract/riskTiers.js';
import type { Fraction } from '../money/decimal.js';
import { integer, minus, negate, ONE, over, sumOf, times, ZERO } from '../money/fractions.js';
import { pow10 } from '../money/units.js';
import type { MarginRules } from '../venue/marginRules.js';
import { calcError, type Inputs } from './inputs.js';
import { createInstrument } from './instrument.js';
import { chargedValue } from './kindsOfFees.js';
import type { ResultRecord } from './outputs.js';
import { findBrackets, readBracketRows } from './position.js';
import { decimalsOfFraction } from './readInputs.js';

/** Value, and the margins on it that the request has rates for; amounts in the currency of `price_conversion` where given. */
function describeValue(inputs: Inputs, rules: MarginRules, type?: 'quanto'): Record<string, Fraction | undefined> {
  if (inputs.isOn('maint_divided_by_leverage')) {
    throw calcError('bad_input', 'maint_divided_by_leverage is refused: no venue divides the maintenance margin so');
  }
  const instrument = createInstrument(inputs, type === undefined ? {} : { type });
  const conversion = inputs.find('price_conversion') ?? ONE;
  const price = inputs.require('price', 'mark_price', 'entry_price');
  const value = chargedValue(inputs, instrument, inputs.require('qty'), price);
  const leverage = inputs.find('leverage');
  const rate = inputs.find('init_rate');
  const hasMargin = leverage !== null || rate !== null;
  const initial = hasMargin ? computeExactInitialMargin(value, leverage ?? ONE, rate ?? ONE) : undefined;
  const brackets = findBrackets(inputs, rules);
  const bracket = brackets === null ? null : bracketOf(brackets, value);
  const maintenance = bracket === null ? undefined : computeRequirement(value, bracket.maintenance, bracket.deduction);
  const convert = (amount: Fraction | undefined): Fraction | undefined =>
    amount === undefined ? undefined : times(amount, conversion);
  return { notional: convert(value), initial_margin: convert(initial), maintenance_margin: convert(maintenance) };
}

/** Wallet less the margin; undefined without a wallet. */
function availableAfter(inputs: Inputs, margin: Fraction | undefined): Fraction | undefined {
  const wallet = inputs.find('wallet_balance');
  return wallet === null || margin === undefined ? undefined : minus(wallet, margin);
}

export function computeNotional(inputs: Inputs, rules: MarginRules): ResultRecord {
  return describeValue(inputs, rules);
}

export function computeQuantoNotional(inputs: Inputs, rules: MarginRules): ResultRecord {
  return describeValue(inputs, rules, 'quanto');
}

export function computeInitialMarginKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  if (!inputs.has('leverage') && !inputs.has('init_rate')) inputs.miss('leverage', 'init_rate');
  const values = describeValue(inputs, rules);
  return { ...values, available_balance: availableAfter(inputs, values['initial_margin']) };
}

export function computeQuantoMargin(inputs: Inputs, rules: MarginRules): ResultRecord {
  const values = describeValue(inputs, rules, 'quanto');
  return { ...values, available_balance: availableAfter(inputs, values['initial_margin']) };
}

export function computeMaintenanceKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  const values = describeValue(inputs, rules);
  if (values['maintenance_margin'] === undefined) inputs.miss('maint_rate', 'maintenance_margin_rate');
  return values;
}

/** What is left of a wallet: less what is reserved, what an order or position takes, and fees. */
export function computeAvailable(inputs: Inputs, rules: MarginRules): ResultRecord {
  const wallet = inputs.require('wallet_balance', 'balance');
  const values = inputs.has('qty') ? describeValue(inputs, rules) : {};
  const margin = values['initial_margin'];
  const reserved = sumOf([...inputs.list('reserve'), inputs.find('order_margin') ?? ZERO]);
  const fees = inputs.find('fees_paid') ?? ZERO;
  const profit = inputs.find('unrealized_pnl');
  const available = sumOf([wallet, negate(reserved), negate(margin ?? ZERO), negate(fees)]);
  return {
    ...values,
    wallet,
    reserved,
    available,
    available_balance: available,
    equity: profit === null ? undefined : minus(computeCrossCollateral(wallet, [{ profit, requirement: ZERO }]), fees),
  };
}

/** Contracts that a margin opens: the value margin·L at the price. */
export function computeSize(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const margin = inputs.require('margin');
  const price = inputs.require('price', 'entry_price');
  const leverage = inputs.find('leverage');
  const rate = inputs.find('init_rate');
  if (leverage === null && rate === null) inputs.miss('leverage', 'init_rate');
  const perContract = computeExactInitialMargin(instrument.value(ONE, price), leverage ?? ONE, rate ?? ONE);
  if (perContract.num === 0n) throw calcError('bad_input', 'init_rate is 0: no margin is needed for any size');
  const qty = over(margin, perContract);
  return { qty, notional: instrument.value(qty, price) };
}

/** The tier of a value: the last whose lower bound it reaches. */
export function computeTierLookup(inputs: Inputs, rules: MarginRules): ResultRecord {
  const rows = inputs.rows('tiers');
  if (rows.length === 0) inputs.miss('tiers');
  const notional = inputs.require('notional', 'position_value');
  const bracketRows = readBracketRows(rows, rules);
  const isPrinted = bracketRows.some(({ deduction }) => deduction !== null);
  const brackets = createBrackets(bracketRows, rules.tierModel);
  const { floor, maintenance, deduction } = bracketOf(brackets, notional);
  const row = rows[bracketRows.findLastIndex((tier) => minus(tier.floor, floor).num === 0n)]!;
  return {
    maintenance_margin_rate: maintenance,
    maintenance_amount: isPrinted || rules.tierModel === 'marginal' ? deduction : undefined,
    maintenance_margin: computeBracketMaintenance(brackets, notional),
    initial_margin_rate: row.find('initial_margin_rate') ?? undefined,
    max_leverage: row.find('max_leverage') ?? undefined,
  };
}

/** Cumulative amount of the next bracket. */
export function computeTierAmount(inputs: Inputs): ResultRecord {
  const amount = computeDeduction(
    inputs.require('amount_n_minus_1'),
    inputs.require('bracket_floor'),
    inputs.require('rate_n'),
    inputs.require('rate_n_minus_1'),
  );
  return { maintenance_amount: amount };
}

/** Maintenance with each slice at its own rate; at the venues with step tiers, the whole at the rate it reaches. */
export function computeTieredMaintenance(inputs: Inputs, rules: MarginRules): ResultRecord {
  if (inputs.rows('tiers').length === 0) inputs.miss('tiers');
  const model = rules.tierModel === 'step' ? 'step' : 'marginal';
  const brackets = createBrackets(readBracketRows(inputs.rows('tiers'), rules), model);
  const value = inputs.find('position_value', 'notional') ?? valueAtEntry(inputs);
  const leverage = inputs.find('leverage');
  const { maintenance, deduction } = bracketOf(brackets, value);
  return {
    position_value: value,
    initial_margin: leverage === null ? undefined : computeExactInitialMargin(value, leverage),
    maintenance_margin: computeBracketMaintenance(brackets, value),
    maintenance_margin_rate: maintenance,
    maintenance_amount: deduction,
  };
}

function valueAtEntry(inputs: Inputs): Fraction {
  return createInstrument(inputs).value(inputs.require('qty'), inputs.require('entry_price', 'price', 'mark_price'));
}

/** Rates at a risk limit or value: each step above the base adds the base maintenance rate to both. */
export function computeRiskLimitTier(inputs: Inputs): ResultRecord {
  const base = inputs.require('base_risk_limit');
  const step = inputs.require('risk_step');
  const value = inputs.find('position_value', 'notional', 'risk_limit') ?? inputs.miss('risk_limit', 'position_value');
  const rate = inputs.require('base_maintenance_rate');
  const initialRate = inputs.find('base_initial_rate');
  const decimals = Math.max(...[base, step, value].map(decimalsOfFraction));
  const scaled = (amount: Fraction): bigint => {
    const units = times(amount, integer(pow10(decimals)));
    return units.num / units.den;
  };
  const { contract } = createInstrument(inputs, {
    type: 'inverse',
    initialRate: initialRate ?? ZERO,
    maintenanceRate: rate,
  });
  const rates = tierRatesAt({ ...contract, riskSteps: { base: scaled(base), step: scaled(step) } }, scaled(value));
  const isValue = inputs.has('position_value') || inputs.has('notional');
  return {
    maintenance_margin_rate: rates.maintenance,
    initial_margin_rate: initialRate === null ? undefined : rates.initial,
    maintenance_margin: isValue ? computeRequirement(value, rates.maintenance) : undefined,
    initial_margin: isValue && initialRate !== null ? times(value, rates.initial) : undefined,
  };
}
