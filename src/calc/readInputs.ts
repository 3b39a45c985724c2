/**
 * Reads the inputs of a request: each name must be in the dictionary, each value of its type. Numbers are decimal text, or
 * JSON numbers taken by their shortest text. Lists are arrays; on the command line they are JSON, or numbers with commas.
 */

import { decimalsOf, type Fraction, parseFraction } from '../money/decimal.js';
import { INPUTS, type InputSpec, ROW_FIELDS } from './dictionary.js';
import { calcError, type FillInput, Inputs, type InputValue } from './inputs.js';
import { parseUtcTime } from './utcTime.js';

/** Longer texts are a mistake or an attack, not a number. */
const MAX_NUMBER_LENGTH = 100;

/** @throws UserError unknown_input, bad_input */
export function readInputs(raw: unknown): Inputs {
  if (!isRecord(raw)) throw calcError('bad_request', 'inputs is not an object of names and values');
  return readRecord(raw, INPUTS, '');
}

export function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function readRecord(
  raw: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, InputSpec>,
  where: string,
): Inputs {
  const values = new Map<string, InputValue>();
  for (const [name, value] of Object.entries(raw)) {
    const spec = names.get(name);
    if (spec === undefined) throw calcError('unknown_input', `unknown input: ${where}${name}`);
    if (value !== null) values.set(name, readValue(`${where}${name}`, spec, value));
  }
  return new Inputs(values);
}

function readValue(name: string, spec: InputSpec, raw: unknown): InputValue {
  switch (spec.type) {
    case 'decimal':
    case 'positive':
    case 'amount':
      return readNumber(name, spec.type, raw);
    case 'flag':
      return readFlag(name, raw);
    case 'text':
      return readWord(name, spec.words, raw);
    case 'time':
      return parseUtcTime(name, raw);
    case 'decimals':
      return readList(name, raw, true).map((item, i) => readNumber(`${name}[${i}]`, 'decimal', item));
    case 'fills':
      return readList(name, raw, false).map((item, i) => readFill(`${name}[${i}]`, item));
    default: {
      const fields = ROW_FIELDS[spec.type];
      return readList(name, raw, false).map((item, i) => {
        if (!isRecord(item)) throw bad(`${name}[${i}]`, 'is not an object', item);
        return readRecord(item, fields, `${name}[${i}].`);
      });
    }
  }
}

function bad(name: string, message: string, found: unknown): never {
  const text = JSON.stringify(found) ?? String(found);
  throw calcError('bad_input', `${name} ${message}: ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`);
}

function readNumber(name: string, bound: 'decimal' | 'positive' | 'amount', raw: unknown): Fraction {
  const text = typeof raw === 'number' ? String(raw) : raw;
  if (typeof text !== 'string' || text.length > MAX_NUMBER_LENGTH) return bad(name, 'is not a decimal', raw);
  const value = parseFraction(text.trim());
  if (value === undefined) return bad(name, 'is not a decimal', raw);
  if (bound === 'positive' && value.num <= 0n) return bad(name, 'is not more than 0', raw);
  if (bound === 'amount' && value.num < 0n) return bad(name, 'is less than 0', raw);
  return value;
}

function readFlag(name: string, raw: unknown): boolean {
  if (typeof raw === 'boolean') return raw;
  if (raw === 'true' || raw === 'false') return raw === 'true';
  return bad(name, 'is neither true nor false', raw);
}

function readWord(name: string, words: readonly string[] | undefined, raw: unknown): string {
  if (typeof raw !== 'string') return bad(name, 'is not a text', raw);
  if (words !== undefined && !words.includes(raw)) return bad(name, `is not one of ${words.join(', ')}`, raw);
  return raw;
}

/** An array; as text JSON, and where it holds single numbers also numbers with commas, or one number. */
function readList(name: string, raw: unknown, holdsNumbers: boolean): readonly unknown[] {
  if (Array.isArray(raw)) return raw;
  if (holdsNumbers && typeof raw === 'number') return [raw];
  if (typeof raw !== 'string') return bad(name, 'is not a list', raw);
  if (holdsNumbers && !raw.trimStart().startsWith('[')) return raw.split(',');
  try {
    const parsed: unknown = JSON.parse(raw);
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Told below, with what was found.
  }
  return bad(name, 'is not a JSON list', raw);
}

function readFill(name: string, raw: unknown): FillInput {
  const parts = isRecord(raw) ? [raw['side'], raw['qty'], raw['price']] : raw;
  if (!Array.isArray(parts) || parts.length < 2 || parts.length > 3) {
    return bad(name, 'is not [qty, price] or [side, qty, price]', raw);
  }
  const [side, qty, price] = parts.length === 3 ? parts : [undefined, ...parts];
  if (side !== undefined && side !== 'buy' && side !== 'sell')
    return bad(name, 'has a side other than buy or sell', side);
  return {
    side: side ?? null,
    qty: readNumber(`${name} qty`, 'positive', qty),
    price: readNumber(`${name} price`, 'positive', price),
  };
}

/** Digits after the point of a number with a power of ten below. */
export function decimalsOfFraction({ num, den }: Fraction): number {
  const digits = den.toString().length - 1;
  return num === 0n ? 0 : Math.min(digits, decimalsOf(`${num}e-${digits}`));
}
