/**
 * Completes an entry: which required fields are missing and how to add just those, and the defaults that may be filled in,
 * each noted in a sentence. It reads no numbers but the initial rate that the leverage comes from.
 */

import type { UserError } from '../errors.js';
import type { Fraction } from '../money/decimal.js';
import { type ContractEntry, type EntryField, requiredFields, type TierEntry } from './contractEntry.js';
import { badEntry, type EntryPlace, isRecord, requirePositive } from './entryFields.js';

/** What is known of a symbol beside its own entry. */
export interface EntrySurroundings {
  readonly venue: string;
  readonly symbol: string;
  /** An entry of the venue's own contracts, whose fees stand in. */
  readonly house: ContractEntry | undefined;
  /** Whether the venue lists the symbol itself, so that a user adds single fields only. */
  readonly isBuiltIn: boolean;
  /** Fields that the venue's rules need besides, named when others are missing too. */
  readonly alsoNeeded: readonly EntryField[];
}

/**
 * The entry with fees, leverage and, for a pair written `BASE/QUOTE`, its currencies.
 *
 * @param notes gets one sentence for each default.
 * @throws UserError exit 2 that names every missing field and shows how to give them.
 */
export function fillDefaults(
  place: EntryPlace,
  written: ContractEntry,
  surroundings: EntrySurroundings,
  notes: string[],
): ContractEntry {
  const entry = fillPair(place, written, surroundings.symbol, notes);
  const filled: ContractEntry = { ...entry };
  const missing: EntryField[] = requiredFields(entry).filter((field) => entry[field] === undefined);
  for (const field of ['taker_fee', 'maker_fee'] as const) {
    // A null is written, so it is not a field left out: it is refused later as no number.
    if (entry[field] !== undefined) continue;
    const fee = surroundings.house?.[field];
    if (fee === undefined) {
      missing.push(field);
      continue;
    }
    filled[field] = fee;
    notes.push(`${place.where}: ${field} ${fee}, that of the venue's other contracts`);
  }
  if (missing.length > 0) {
    missing.push(...surroundings.alsoNeeded.filter((field) => entry[field] === undefined));
    throw missingFields(place, missing, surroundings);
  }
  if (entry.type === 'spot') return filled;
  if (entry.max_leverage === undefined) filled.max_leverage = defaultLeverage(place, entry, notes);
  if (entry.fund_time === undefined) notes.push(`${place.where}: no fund_time, so no funding times of its own`);
  return filled;
}

/** `BTC/USDT` says what is bought and what pays. */
function fillPair(place: EntryPlace, entry: ContractEntry, symbol: string, notes: string[]): ContractEntry {
  const pair = /^([A-Za-z0-9]+)\/([A-Za-z0-9]+)$/.exec(symbol);
  if (entry.type !== 'spot' || pair === null) return entry;
  const filled = { ...entry };
  for (const [field, code] of [
    ['base_currency', pair[1]!],
    ['quote_currency', pair[2]!],
  ] as const) {
    if (entry[field] !== undefined) continue;
    filled[field] = code;
    notes.push(`${place.where}: ${field} ${code}, by the symbol`);
  }
  return filled;
}

function defaultLeverage(place: EntryPlace, entry: ContractEntry, notes: string[]): string {
  const first: unknown = Array.isArray(entry.tiers) ? entry.tiers[0] : undefined;
  // A table that is no table is refused with its place when it is compiled.
  if (entry.tiers !== undefined && !isRecord(first)) return '1';
  const tier = first as TierEntry | undefined;
  if (tier?.max_leverage !== undefined) {
    const printed = String(tier.max_leverage);
    notes.push(`${place.where}: max_leverage ${printed}, that of the first of the tiers`);
    return printed;
  }
  const initial =
    tier === undefined
      ? requirePositive(place, 'initial_margin', entry.initial_margin)
      : requirePositive(place, 'tiers[0].im', tier.im);
  const text = reciprocalText(initial);
  notes.push(`${place.where}: max_leverage ${text}, 1 / initial_margin`);
  return text;
}

/** 1 / f with two digits, cut. */
function reciprocalText(f: Fraction): string {
  const hundredths = (f.den * 100n) / f.num;
  const text = hundredths.toString().padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`.replace(/\.?0+$/, '');
}

function missingFields(place: EntryPlace, missing: readonly EntryField[], around: EntrySurroundings): UserError {
  const { venue, symbol } = around;
  const names = missing.map((field) => `"${field}"`).join(', ');
  const verb = missing.length === 1 ? `field ${names} is missing` : `fields ${names} are missing`;
  const hasFee = missing.some((field) => field === 'taker_fee' || field === 'maker_fee');
  const fees = hasFee ? `, and ${venue} has no built-in fee` : '';
  const example = JSON.stringify({ [venue]: { [symbol]: Object.fromEntries(missing.map((field) => [field, '?'])) } });
  const merged = around.isBuiltIn
    ? `the built-in entry of ${venue} ${symbol} leaves them to you: no source gave them; `
    : '';
  return badEntry(
    place,
    `${verb}${fees}`,
    undefined,
    missing.join(', '),
    `${merged}add them in --contracts FILE, with ? replaced: ${example}`,
  );
}
