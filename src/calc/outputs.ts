/**
 * The outputs of one request: exact numbers become decimal text, exact where they are finite decimals, else with 40
 * significant digits. A name that the inputs do not determine is left out; null says that there is no such price.
 */

import type { Fraction } from '../money/decimal.js';
import { formatSignificant, integer } from '../money/fractions.js';

export type OutputValue = string | null | readonly OutputValue[] | { readonly [name: string]: OutputValue };
export type Outputs = Readonly<Record<string, OutputValue>>;

/** Of numbers that are no finite decimals. */
export const SIGNIFICANT_DIGITS = 40;

/** What a calculation gives for a name; undefined leaves the name out. */
export type Result = Fraction | bigint | string | null | undefined | readonly Result[] | ResultRecord;
export interface ResultRecord {
  readonly [name: string]: Result;
}

export function formatOutputs(results: ResultRecord): Outputs {
  const outputs: Record<string, OutputValue> = {};
  for (const [name, value] of Object.entries(results)) {
    if (value !== undefined) outputs[name] = formatResult(value);
  }
  return outputs;
}

function formatResult(value: Exclude<Result, undefined>): OutputValue {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'bigint') return formatSignificant(integer(value), SIGNIFICANT_DIGITS);
  if (isList(value)) return value.map((item) => (item === undefined ? null : formatResult(item)));
  return isFraction(value) ? formatSignificant(value, SIGNIFICANT_DIGITS) : formatOutputs(value);
}

function isList(value: unknown): value is readonly Result[] {
  return Array.isArray(value);
}

function isFraction(value: Fraction | ResultRecord): value is Fraction {
  return typeof value.num === 'bigint' && typeof value.den === 'bigint';
}
