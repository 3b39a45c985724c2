/**
 * Compiles the margin tiers of an entry: BitMEX-like risk steps, or a venue's table with the deduction of each tier. A table
 * must rise in bounds and rates. Looking up a tier is riskTiers.ts.
 */

import { compareFractions, type Fraction } from '../money/decimal.js';
import { ZERO } from '../money/fractions.js';
import type { RiskSteps, RiskTier, RiskTierTable } from './contract.js';
import type { ContractEntry, TierEntry } from './contractEntry.js';
import { badEntry, type EntryPlace, isRecord, requireAmount, requirePositive, requireRate } from './entryFields.js';
import { computeDeduction } from './marginBrackets.js';

const TIER_FIELDS = ['upTo', 'im', 'max_leverage', 'mm'];

/** @throws UserError exit 2 */
export function compileRiskSteps(place: EntryPlace, entry: ContractEntry, decimals: number): RiskSteps | null {
  const limit: unknown = entry.risk_limit;
  if (limit === undefined) return null;
  if (!isRecord(limit)) throw badEntry(place, 'field "risk_limit" is wrong', limit, '{ base, step }');
  if (entry.tiers !== undefined) {
    throw badEntry(place, 'risk_limit and tiers are both written', 'both', 'one of them');
  }
  return {
    base: requireAmount(place, 'risk_limit.base', limit['base'], decimals),
    step: requireAmount(place, 'risk_limit.step', limit['step'], decimals),
  };
}

/**
 * The table of an entry in settlement units, or in quantity units where it counts contracts; null without one.
 *
 * @throws UserError exit 2 for bounds or rates that do not rise, and for maintenance that is not below initial margin.
 */
export function compileTiers(
  place: EntryPlace,
  entry: ContractEntry,
  settleDecimals: number,
  qtyDecimals: number,
): RiskTierTable | null {
  const by = requireBasis(place, entry);
  const rows: unknown = entry.tiers;
  if (rows === undefined) return null;
  if (!Array.isArray(rows) || rows.length === 0) {
    throw badEntry(place, 'field "tiers" is wrong', rows, 'a list of { upTo, im, mm }');
  }
  const tiers: RiskTier[] = [];
  let floor: bigint | null = 0n;
  for (const [i, row] of rows.entries()) {
    const name = `tiers[${i}]`;
    if (floor === null) {
      throw badEntry(place, `field "${name}" follows a tier without an end`, row, 'upTo in every tier but the last');
    }
    const checked = requireTierFields(place, name, row);
    tiers.push(compileTier(place, name, checked, by, floor, tiers.at(-1)));
    const upTo = compileBound(place, name, checked, by === 'value' ? settleDecimals : qtyDecimals);
    if (upTo !== null && upTo <= floor) {
      throw badEntry(place, `field "${name}.upTo" is not above the bound before it`, checked.upTo, 'ascending bounds');
    }
    floor = upTo;
  }
  return { by, tiers, limit: floor };
}

function requireBasis(place: EntryPlace, entry: ContractEntry): 'value' | 'qty' {
  const { tiers_by: by } = entry;
  if (by !== undefined && by !== 'value' && by !== 'contracts') {
    throw badEntry(place, 'field "tiers_by" is unknown', by, 'value or contracts');
  }
  return by === 'contracts' ? 'qty' : 'value';
}

function requireTierFields(place: EntryPlace, name: string, row: unknown): TierEntry {
  if (!isRecord(row)) throw badEntry(place, `field "${name}" is wrong`, row, '{ upTo, im, mm }');
  const unknown = Object.keys(row).find((field) => !TIER_FIELDS.includes(field));
  if (unknown !== undefined) {
    throw badEntry(place, `unknown field "${name}.${unknown}"`, unknown, `one of ${TIER_FIELDS.join(', ')}`);
  }
  return row as unknown as TierEntry;
}

function compileBound(place: EntryPlace, name: string, row: TierEntry, decimals: number): bigint | null {
  const { upTo } = row;
  return upTo === undefined || upTo === null ? null : requireAmount(place, `${name}.upTo`, upTo, decimals);
}

function compileTier(
  place: EntryPlace,
  name: string,
  row: TierEntry,
  by: 'value' | 'qty',
  floor: bigint,
  before: RiskTier | undefined,
): RiskTier {
  const initial = compileInitial(place, name, row);
  const maintenance = requireRate(place, `${name}.mm`, row.mm, true);
  if (compareFractions(maintenance, initial) >= 0) {
    throw badEntry(place, `field "${name}.mm" is not below the initial rate`, row.mm, 'a lower rate');
  }
  if (before === undefined) return { floor, initial, maintenance, deduction: ZERO };
  const isRising =
    compareFractions(initial, before.initial) >= 0 && compareFractions(maintenance, before.maintenance) > 0;
  if (!isRising)
    throw badEntry(place, `the rates of "${name}" do not rise`, row, 'rates above those of the tier before');
  const deduction =
    by === 'qty' ? ZERO : computeDeduction(before.deduction, { num: floor, den: 1n }, maintenance, before.maintenance);
  return { floor, initial, maintenance, deduction };
}

function compileInitial(place: EntryPlace, name: string, row: TierEntry): Fraction {
  if (row.max_leverage === undefined) {
    const initial = requirePositive(place, `${name}.im`, row.im);
    if (initial.num <= initial.den) return initial;
    throw badEntry(place, `field "${name}.im" is out of range`, row.im, 'a fraction such as 0.01, at most 1');
  }
  if (row.im !== undefined) {
    throw badEntry(place, `"${name}" has both im and max_leverage`, row, 'one of them');
  }
  const leverage = requirePositive(place, `${name}.max_leverage`, row.max_leverage);
  if (leverage.num >= leverage.den) return { num: leverage.den, den: leverage.num };
  throw badEntry(place, `field "${name}.max_leverage" is out of range`, row.max_leverage, 'at least 1');
}
