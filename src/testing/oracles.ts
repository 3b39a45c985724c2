/**
 * The published cases of settlement numbers, where they are at hand: one folder of JSON files beside the project, or where
 * BACKTEST_SHARED says. Reading, the choice of the cases that bind, and the comparison of numbers within a case's tolerance.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareFractions, type Fraction, parseFraction } from '../money/decimal.js';
import { integer, minus, negate, over, times } from '../money/fractions.js';
import { pow10 } from '../money/units.js';

interface Tolerance {
  readonly kind: 'exact' | 'abs' | 'rel' | 'decimals' | 'truncated';
  readonly value?: string;
}

export interface OracleCase {
  readonly id: string;
  readonly kind: string;
  readonly venue: string;
  readonly formula: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: Readonly<Record<string, Tolerance>>;
  readonly flag?: string;
}

/** Families about accounts that the calculator does not model. */
const LEFT_OUT = ['F-FUNDING-INDEX', 'F-EDGEX', 'F-HTX-CROSS', 'F-INTEREST'];

export function loadOracleCases(folder: string): OracleCase[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files
    .sort()
    .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { cases: OracleCase[] }).cases);
}

/** Cases that a calculator is judged by: reproduced ones, of a convention that venues have. */
export function isBinding({ flag = '', formula }: OracleCase): boolean {
  if (flag.startsWith('not-reproduced') || flag.startsWith('non-standard')) return false;
  return !LEFT_OUT.includes(formula) && !formula.startsWith('F-DYDX');
}

/** What differs, as `name: found, expected`; empty when all agrees. */
export function differencesOf(oracle: OracleCase, outputs: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(oracle.expected).flatMap(([name, expected]) =>
    compareValue(name, outputs[name], expected, oracle.tolerance[name] ?? oracle.tolerance['default']!),
  );
}

function compareValue(name: string, found: unknown, expected: unknown, tolerance: Tolerance): string[] {
  if (Array.isArray(expected)) {
    const list = Array.isArray(found) ? found : [];
    if (list.length !== expected.length) return [`${name}: ${list.length} entries, expected ${expected.length}`];
    return expected.flatMap((item, i) => compareValue(`${name}[${i}]`, list[i], item, tolerance));
  }
  if (typeof expected === 'object' && expected !== null) {
    const record = (found ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(expected).flatMap(([key, item]) =>
      compareValue(`${name}.${key}`, record[key], item, tolerance),
    );
  }
  const [a, b] = [parseFraction(String(found)), parseFraction(String(expected))];
  const agrees = a !== undefined && b !== undefined ? isWithin(a, b, tolerance) : found === expected;
  return agrees ? [] : [`${name}: ${String(found)}, expected ${String(expected)}`];
}

const absolute = (a: Fraction): Fraction => (a.num < 0n ? negate(a) : a);

function isWithin(found: Fraction, expected: Fraction, { kind, value = '0' }: Tolerance): boolean {
  const distance = absolute(minus(found, expected));
  const atMost = (limit: Fraction): boolean => compareFractions(distance, limit) <= 0;
  if (kind === 'exact') return distance.num === 0n;
  if (kind === 'abs') return atMost(parseFraction(value)!);
  if (kind === 'rel') return atMost(times(parseFraction(value)!, absolute(expected)));
  const scale = integer(pow10(Number(value)));
  if (kind === 'decimals') return atMost(over({ num: 1n, den: 2n }, scale));
  const cut = times(found, scale);
  return compareFractions(over(integer(cut.num / cut.den), scale), expected) === 0;
}
