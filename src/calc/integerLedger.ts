/**
 * A position in the BitMEX integer ledger: values of whole lots, margins rounded up, prices on the tick toward the entry. All
 * amounts are ledger units: satoshi, and millionths of USDT for linear contracts. The ledger itself is account/margin.ts and
 * account/liquidation.ts; this file only makes the position it is asked about.
 */

import { computeLiquidationPrice } from '../account/dueMarks.js';
import { computeBankruptcyPrice } from '../account/liquidation.js';
import {
  computeCommissionReserve,
  computeInitialMargin,
  computeMaintenanceMargin,
  computeUnrealizedPnl,
} from '../account/margin.js';
import { absolute, createPosition, type Position } from '../account/position.js';
import { computeValue } from '../contract/payoff.js';
import type { Fraction } from '../money/decimal.js';
import { integer, ONE, over, plus, times, ZERO } from '../money/fractions.js';
import { pow10 } from '../money/units.js';
import type { MarginRules } from '../venue/marginRules.js';
import { bitmex } from '../venue/presets/bitmex.js';
import { bitmex2020 } from '../venue/presets/bitmex2020.js';
import type { VenueRules } from '../venue/rules.js';
import type { Inputs } from './inputs.js';
import { createInstrument, requireUnits, signOfSide } from './instrument.js';
import type { ResultRecord } from './outputs.js';
import { findMaintenanceRate } from './position.js';
import { decimalsOfFraction } from './readInputs.js';

/** Digits of the settlement unit: a satoshi, or a millionth of USDT. */
const COIN_DECIMALS = 8;
const USDT_DECIMALS = 6;

const LOT_OF_TOTAL: Fraction = integer(100n);

interface LedgerPosition {
  readonly rules: VenueRules;
  readonly position: Position;
  readonly takerFee: Fraction;
  readonly init: bigint;
  readonly added: bigint;
  readonly paid: bigint;
  readonly commission: bigint;
  /** What can be lost: initial margin and what was added, less what was lost already. */
  readonly collateral: bigint;
}

/** Whether a venue keeps positions so, and the request asks for a position and not for a balance. */
export function isLedgerRequest(inputs: Inputs, rules: MarginRules, needsTick: boolean): boolean {
  if (rules.liquidationRule !== 'bitmex_ledger') return false;
  if (needsTick && !inputs.has('tick_size')) return false;
  const balances = [
    'margin_balance',
    'balance',
    'wallet_balance',
    'position_margin',
    'comm_model',
    'liq_model',
    'tiers',
  ];
  const isStated = balances.some((name) => inputs.has(name));
  const isMark = inputs.word('maintenance_base') === 'mark' || inputs.word('mm_base') === 'mark';
  return !isStated && !isMark && (inputs.has('leverage') || inputs.has('pos_init') || inputs.has('init_rate'));
}

/** Every amount of the ledger that the request determines. @throws UserError */
export function computeLedger(inputs: Inputs, rules: MarginRules): ResultRecord {
  const ledger = readLedger(inputs, rules);
  const { position, init, commission, added, paid } = ledger;
  const margin = init + added + commission - paid;
  const maint = inputs.find('pos_maint');
  const requirement = maint === null ? findRequirement(ledger, inputs, rules) : requireUnits('pos_maint', maint);
  const results: ResultRecord = {
    pos_cost: position.cost,
    pos_init: init,
    pos_comm: commission,
    pos_margin: margin,
    pos_maint: requirement ?? undefined,
  };
  return { ...results, ...computeMarks(ledger, inputs, margin), ...computePrices(ledger, inputs, requirement) };
}

function readLedger(inputs: Inputs, rules: MarginRules): LedgerPosition {
  const venue = rules.valueRounding === 'per_contract' ? bitmex2020 : bitmex;
  const maintenance = plus(findMaintenanceRate(inputs, rules) ?? ZERO, inputs.find('adverse_funding_rate') ?? ZERO);
  const qty = inputs.require('qty');
  const lot = inputs.find('min_qty') ?? (inputs.word('rounding') === 'total' ? LOT_OF_TOTAL : ONE);
  const qtyDecimals = Math.max(decimalsOfFraction(qty), decimalsOfFraction(lot));
  const { contract } = createInstrument(inputs, {
    unitDecimals: inputs.word('contract_type') === 'linear' ? USDT_DECIMALS : COIN_DECIMALS,
    qtyDecimals,
    minQty: scale(lot, qtyDecimals),
    initialRate: inputs.find('init_rate') ?? ZERO,
    maintenanceRate: maintenance,
  });
  const position = createPosition(contract, 'isolated', inputs.find('leverage') ?? ZERO);
  position.qty = scale(qty, qtyDecimals) * signOfSide(inputs);
  const price = inputs.require('entry_price');
  position.cost =
    findUnits(inputs, 'pos_cost') ?? computeValue(contract, venue.valueRounding, absolute(position.qty), price);
  const init = findUnits(inputs, 'pos_init') ?? computeInitialMargin(contract, position.leverage, position.cost);
  const added = (findUnits(inputs, 'pos_cross') ?? 0n) + (findUnits(inputs, 'extra_margin') ?? 0n);
  const paid = findUnits(inputs, 'pos_loss') ?? 0n;
  const collateral = init + added - paid;
  position.margin = collateral;
  position.added = added;
  const takerFee = inputs.find('taker_fee_rate') ?? ZERO;
  const commission = findUnits(inputs, 'pos_comm') ?? computeCommissionReserve(venue, position, takerFee);
  return { rules: venue, position, takerFee, init, added, paid, commission, collateral };
}

function scale(qty: Fraction, decimals: number): bigint {
  const scaled = times(qty, integer(pow10(decimals)));
  return scaled.num / scaled.den;
}

function findUnits(inputs: Inputs, name: string): bigint | null {
  const value = inputs.find(name);
  return value === null ? null : requireUnits(name, value);
}

/** Maintenance requirement with the commission: ceil(cost·(rate + adverse funding) + commission). */
function findRequirement(ledger: LedgerPosition, inputs: Inputs, rules: MarginRules): bigint | null {
  if (findMaintenanceRate(inputs, rules) === null) return null;
  const { position, collateral, commission } = ledger;
  return computeMaintenanceMargin(ledger.rules, position, collateral, inputs.require('entry_price')) + commission;
}

/** What the mark adds: value, profit, and the margin that BitMEX shows as maintenance margin, profit included. */
function computeMarks(ledger: LedgerPosition, inputs: Inputs, margin: bigint): ResultRecord {
  const mark = inputs.find('mark_price');
  if (mark === null) return {};
  const { rules, position, init } = ledger;
  const cost = findUnits(inputs, 'unrealised_cost') ?? position.cost;
  const profit = computeUnrealizedPnl(rules, { ...position, cost }, mark);
  return {
    mark_value: computeValue(position.contract, rules.valueRounding, absolute(position.qty), mark),
    unrealised_pnl: profit,
    unrealized_pnl: profit,
    maint_margin: margin + profit,
    roe: init === 0n ? undefined : over(integer(profit), integer(init)),
  };
}

function computePrices(ledger: LedgerPosition, inputs: Inputs, requirement: bigint | null): ResultRecord {
  if (!inputs.has('tick_size')) return {};
  const { rules, position, collateral, commission } = ledger;
  // Profit counts from the unrealised cost where BitMEX has realised a part of it already.
  const held = { ...position, cost: findUnits(inputs, 'unrealised_cost') ?? position.cost };
  const bankruptcy = computeBankruptcyPrice(rules, held, collateral);
  const prices: ResultRecord = { bankruptcy_price: bankruptcy, bankruptcy_price_rounded: bankruptcy };
  if (requirement === null) return prices;
  // A requirement of the request, or on another cost, stands in for the rate's: what can be lost is the margin beyond it.
  const isOwn = !inputs.has('pos_maint') && !inputs.has('unrealised_cost');
  const liquidation = isOwn
    ? computeLiquidationPrice(rules, held, collateral, inputs.require('entry_price'))
    : computeBankruptcyPrice(rules, held, collateral + commission - requirement);
  return { liquidation_price: liquidation, liquidation_price_rounded: liquidation, ...prices };
}

/** The same names for a venue that keeps exact amounts. */
export function withBothSpellings(results: ResultRecord): ResultRecord {
  return 'unrealized_pnl' in results ? { ...results, unrealised_pnl: results['unrealized_pnl'] } : results;
}
