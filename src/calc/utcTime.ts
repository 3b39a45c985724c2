/**
 * Times of requests: `2021-09-01 08:00:00`, with T and Z as well, to the millisecond, always UTC; or milliseconds since 1970.
 * Kept as exact numbers of milliseconds.
 */

import type { Fraction } from '../money/decimal.js';
import { integer } from '../money/fractions.js';
import { calcError } from './inputs.js';

const TIME_TEXT = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(?:Z|\+00:00)?)?$/;

/** @throws UserError bad_input */
export function parseUtcTime(name: string, raw: unknown): Fraction {
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return integer(BigInt(raw));
  if (typeof raw === 'string' && /^\d{10,16}$/.test(raw)) return integer(BigInt(raw));
  const match = typeof raw === 'string' ? TIME_TEXT.exec(raw.trim()) : null;
  if (match !== null) {
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
    const ms = Number((match[7] ?? '0').padEnd(3, '0'));
    const time = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!, ms);
    // A 31st of June would become a 1st of July.
    const isReal = new Date(time).toISOString().startsWith(`${match[1]}-${match[2]}-${match[3]}`);
    if (isReal && hour! < 24 && minute! < 60 && second! < 60) return integer(BigInt(time));
  }
  throw calcError('bad_input', `${name} is not a UTC time such as 2021-09-01 08:00:00: ${JSON.stringify(raw)}`);
}
