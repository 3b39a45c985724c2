/**
 * Reads single fields of a contract_info entry: numbers as exact fractions, rates, currencies, times. Every refusal names the
 * entry and the field, what was found and what was expected. What the fields mean together is compileContract.ts.
 */

import { EXIT, UserError } from '../errors.js';
import { type Fraction, fractionOf, isDecimalText } from '../money/decimal.js';
import { pow10 } from '../money/units.js';

/** Where an entry stands, for messages. */
export interface EntryPlace {
  /** The file's name. */
  readonly source: string;
  /** `venue.symbol`. */
  readonly where: string;
}

export function badEntry(
  place: EntryPlace,
  message: string,
  found: unknown,
  expected: string,
  hint?: string,
): UserError {
  return new UserError({
    code: 'bad_contract_info',
    exitCode: EXIT.usage,
    message: `${place.where}: ${message}`,
    place: { file: place.source },
    found: typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing'),
    expected,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}

/** Decimal text of a number as written. @throws UserError exit 2 */
export function requireDecimalText(place: EntryPlace, field: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !isDecimalText(text.trim())) {
    throw badEntry(place, `field "${field}" is not a number`, value, 'a decimal');
  }
  return text.trim();
}

/** @throws UserError exit 2 */
export function requirePositive(place: EntryPlace, field: string, value: unknown): Fraction {
  const f = fractionOf(requireDecimalText(place, field, value));
  if (f.num <= 0n) throw badEntry(place, `field "${field}" must be above zero`, value, '> 0');
  return f;
}

/** A rate between −1 and 1. @throws UserError exit 2 */
export function requireRate(place: EntryPlace, field: string, value: unknown, notNegative: boolean): Fraction {
  const f = fractionOf(requireDecimalText(place, field, value));
  if ((notNegative && f.num < 0n) || f.num >= f.den || -f.num >= f.den) {
    throw badEntry(place, `field "${field}" is out of range`, value, 'a fraction such as 0.005');
  }
  return f;
}

/** An amount above 0 in whole units of 10^-decimals. @throws UserError exit 2 for one that is finer */
export function requireAmount(place: EntryPlace, field: string, value: unknown, decimals: number): bigint {
  const f = requirePositive(place, field, value);
  const units = f.num * pow10(decimals);
  if (units < f.den) throw badEntry(place, `field "${field}" is below one settlement unit`, value, 'a larger amount');
  if (units % f.den !== 0n) {
    throw badEntry(
      place,
      `field "${field}" is finer than the amounts it counts`,
      value,
      `at most ${decimals} decimals`,
    );
  }
  return units / f.den;
}

/** A currency's code in capitals. @throws UserError exit 2 */
export function requireCurrency(place: EntryPlace, field: string, value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9]{2,12}$/.test(value)) {
    throw badEntry(place, `field "${field}" is not a currency`, value, 'a code such as USD');
  }
  return value.toUpperCase();
}

/** Times of the UTC day in milliseconds, ascending, each once. @throws UserError exit 2 */
export function requireFundTimes(place: EntryPlace, times: unknown): number[] {
  if (times === undefined) return [];
  if (typeof times !== 'object' || times === null) {
    throw badEntry(place, 'field "fund_time" is wrong', times, 'a table or list of times');
  }
  const out = Object.values(times).map((text: unknown) => {
    const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(String(text));
    if (match === null) throw badEntry(place, 'field "fund_time" is wrong', text, 'times such as 04:00:00');
    return ((Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3] ?? 0)) * 1000;
  });
  return [...new Set(out)].sort((a, b) => a - b);
}

const DATE = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?Z?)?)?$/;

/** A UTC date or time: `2021-06`, `2021-06-30`, `2021-06-30 12:00`. @returns milliseconds. @throws UserError exit 2 */
export function requireTime(place: EntryPlace, field: string, value: unknown): number {
  const match = typeof value === 'string' ? DATE.exec(value.trim()) : null;
  if (match !== null) {
    const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 1)];
    const [hour, minute, second] = match.slice(4, 7).map((part) => Number(part ?? 0));
    const date = new Date(Date.UTC(year, month - 1, day, hour!, minute!, second!));
    // A 31st of June would become a 1st of July.
    if (date.getUTCMonth() === month - 1 && date.getUTCDate() === day) return date.getTime();
  }
  throw badEntry(place, `field "${field}" is not a time`, value, 'a UTC date such as 2021-06-30');
}
