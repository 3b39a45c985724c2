/**
 * Compiles a complete contract_info entry into a Contract: checks what the fields mean together and turns them into exact
 * integers and fractions. Defaults that lie outside the entry, such as a venue's fees, are filled in before.
 */

import { compareFractions, decimalsOf, type Fraction, fractionOf, fractionToF64 } from '../money/decimal.js';
import { ONE, ZERO } from '../money/fractions.js';
import { pow10 } from '../money/units.js';
import { compileRiskSteps, compileTiers } from './compileTiers.js';
import type { Contract, ContractType, RiskTierTable } from './contract.js';
import { type ContractEntry, type EntryField, NOT_FOR_SPOT } from './contractEntry.js';
import {
  badEntry,
  type EntryPlace,
  requireAmount,
  requireCurrency,
  requireDecimalText,
  requireFundTimes,
  requirePositive,
  requireRate,
} from './entryFields.js';

const TYPES: readonly string[] = ['inverse', 'linear', 'quanto', 'spot'];
const DEFAULT_DECIMALS = 8;

/**
 * @param entry with every required field and both fees.
 * @throws UserError exit 2 for a field that is wrong.
 */
export function compileContract(venue: string, symbol: string, entry: ContractEntry, source: string): Contract {
  const place: EntryPlace = { source, where: `${venue}.${symbol}` };
  const type = requireType(place, entry);
  if (type === 'spot') requireSpotFields(place, entry);
  const decimals = requireDecimals(place, entry);
  const quantities = compileQuantities(place, entry);
  const { qtyDecimals } = quantities;
  const multiplier = type === 'spot' ? ONE : requirePositive(place, 'multiplier', entry.multiplier);
  const tick = requirePositive(place, 'tick_size', entry.tick_size);
  const quoteCurrency = requireCurrency(place, 'quote_currency', entry.quote_currency);
  const settleCode = type === 'spot' ? quoteCurrency : requireCurrency(place, 'settle_currency', entry.settle_currency);
  const tiers = compileTiers(place, entry, decimals, qtyDecimals);
  return {
    venue,
    symbol,
    type,
    quoteCurrency,
    settle: { code: settleCode, decimals },
    multiplier,
    valueScale: { num: multiplier.num * pow10(decimals), den: multiplier.den * pow10(qtyDecimals) },
    tick,
    tickF64: fractionToF64(tick),
    priceDecimals: decimalsOf(requireDecimalText(place, 'tick_size', entry.tick_size)),
    ...quantities,
    ...compileRates(place, entry, type, tiers),
    takerFee: requireRate(place, 'taker_fee', entry.taker_fee, false),
    makerFee: requireRate(place, 'maker_fee', entry.maker_fee, false),
    fundTimesMs: requireFundTimes(place, entry.fund_time),
    riskSteps: compileRiskSteps(place, entry, decimals),
    tiers,
    minNotional:
      entry.min_notional === undefined ? null : requireAmount(place, 'min_notional', entry.min_notional, decimals),
    liquidationFee:
      entry.liquidation_fee === undefined ? null : requireRate(place, 'liquidation_fee', entry.liquidation_fee, true),
    base: type === 'spot' ? compileBase(place, entry, qtyDecimals) : null,
  };
}

function requireType(place: EntryPlace, { type, base_currency: base }: ContractEntry): ContractType {
  if (type === undefined || !TYPES.includes(type)) {
    throw badEntry(place, 'field "type" is unknown', type, 'inverse, linear, quanto or spot');
  }
  if (base !== undefined && type !== 'spot') {
    throw badEntry(place, 'field "base_currency" is of spot pairs only', base, 'an entry without it');
  }
  return type as ContractType;
}

/** A spot pair's value is quantity × price in its quote currency, and it has no margin: what says otherwise is refused. */
function requireSpotFields(place: EntryPlace, entry: ContractEntry): void {
  for (const field of NOT_FOR_SPOT) {
    if (entry[field] === undefined) continue;
    throw badEntry(place, `field "${field}" is not of spot pairs`, entry[field], 'an entry without it');
  }
  const fixed: readonly (readonly [EntryField, Fraction, string])[] = [
    ['multiplier', ONE, '1'],
    ['initial_margin', ONE, '1'],
    ['maintenance_margin', ZERO, '0'],
    ['max_leverage', ONE, '1'],
  ];
  for (const [field, only, text] of fixed) {
    const value = entry[field];
    if (value === undefined) continue;
    const number = fractionOf(requireDecimalText(place, field, value));
    if (compareFractions(number, only) !== 0) {
      throw badEntry(place, `field "${field}" of a spot pair is not ${text}`, value, text);
    }
  }
  const { settle_currency: settle, quote_currency: quote } = entry;
  if (settle === undefined || String(settle).toUpperCase() === String(quote).toUpperCase()) return;
  throw badEntry(place, 'a spot pair settles in its quote currency', settle, String(quote));
}

function requireDecimals(place: EntryPlace, entry: ContractEntry): number {
  const decimals = entry.settle_decimals ?? DEFAULT_DECIMALS;
  if (Number.isInteger(decimals) && decimals >= 0 && decimals <= 18) return decimals;
  throw badEntry(place, 'field "settle_decimals" is wrong', entry.settle_decimals, 'a whole number 0 to 18');
}

function compileQuantities(
  place: EntryPlace,
  entry: ContractEntry,
): Pick<Contract, 'qtyDecimals' | 'qtyStep' | 'minQty'> {
  requirePositive(place, 'min_qty', entry.min_qty);
  const minText = requireDecimalText(place, 'min_qty', entry.min_qty);
  const stepText = requireDecimalText(place, 'qty_step', entry.qty_step ?? entry.min_qty);
  const qtyDecimals = Math.max(decimalsOf(stepText), decimalsOf(minText));
  const toQty = (text: string, name: string): bigint => {
    const f = requirePositive(place, name, text);
    return (f.num * pow10(qtyDecimals)) / f.den;
  };
  return { qtyDecimals, qtyStep: toQty(stepText, 'qty_step'), minQty: toQty(minText, 'min_qty') };
}

type Rates = Pick<Contract, 'initialMargin' | 'maintenanceMargin' | 'maxLeverage'>;

function compileRates(place: EntryPlace, entry: ContractEntry, type: ContractType, tiers: RiskTierTable | null): Rates {
  if (type === 'spot') return { initialMargin: ONE, maintenanceMargin: ZERO, maxLeverage: ONE };
  const first = tiers?.tiers[0];
  const initialMargin = first?.initial ?? requirePositive(place, 'initial_margin', entry.initial_margin);
  const maintenanceMargin =
    first?.maintenance ?? requireRate(place, 'maintenance_margin', entry.maintenance_margin, true);
  if (first !== undefined) requireAgreement(place, entry, initialMargin, maintenanceMargin);
  if (compareFractions(initialMargin, ONE) > 0) {
    throw badEntry(place, 'initial_margin is above 1', entry.initial_margin, 'a fraction of the value, at most 1');
  }
  if (compareFractions(maintenanceMargin, initialMargin) >= 0) {
    throw badEntry(place, 'maintenance_margin is not below initial_margin', entry.maintenance_margin, 'a lower rate');
  }
  return { initialMargin, maintenanceMargin, maxLeverage: requirePositive(place, 'max_leverage', entry.max_leverage) };
}

/** Rates beside a table are those of its first tier, or the two contradict each other. */
function requireAgreement(place: EntryPlace, entry: ContractEntry, initial: Fraction, maintenance: Fraction): void {
  const pairs = [
    ['initial_margin', entry.initial_margin, initial],
    ['maintenance_margin', entry.maintenance_margin, maintenance],
  ] as const;
  for (const [field, value, first] of pairs) {
    if (value === undefined) continue;
    if (compareFractions(fractionOf(requireDecimalText(place, field, value)), first) === 0) continue;
    throw badEntry(
      place,
      `field "${field}" is not that of the first of the tiers`,
      value,
      'the rate of the first tier, or the field left out',
      'other rates than the built-in ones come with tiers of your own, or with "tiers": null',
    );
  }
}

function compileBase(place: EntryPlace, entry: ContractEntry, qtyDecimals: number): Contract['base'] {
  const code = requireCurrency(place, 'base_currency', entry.base_currency);
  return { code, decimals: Math.max(DEFAULT_DECIMALS, qtyDecimals) };
}
