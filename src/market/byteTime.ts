/**
 * Times straight from bytes, for the forms that files of many rows have: ISO, other year-first text, and whole numbers of s, ms or
 * µs. Says -1 for whatever else stands there, also where it is a time; the caller then asks the TimeColumn, which knows every
 * form, so that both ways give one result. No allocation.
 */

import { parseIsoTime, type TimeForm } from './timestamps.js';

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const POINT = 46;
const SLASH = 47;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_LENGTH = 10;

/** Digits that a number of the unit has at least; at most it has one more. */
const LEAST_DIGITS = { s: 9, ms: 12, us: 15 } as const;

/** Value of two digits at `at`, or a number above 99. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! ^ ZERO;
  const ones = bytes[at + 1]! ^ ZERO;
  return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

export class ByteTime {
  readonly #unit: keyof typeof LEAST_DIGITS | null;
  readonly #isText: boolean;
  readonly #anySeparator: boolean;
  #view: DataView = new DataView(new ArrayBuffer(0));
  // The bytes of the day read last, in three numbers: minute files repeat it 1,440 times.
  #year = 0;
  #month = 0;
  #day = 0;
  #dayMs = Number.NaN;

  constructor(form: TimeForm | undefined) {
    this.#isText = form === 'iso' || form === 'ymd';
    this.#anySeparator = form === 'ymd';
    this.#unit = form === 's' || form === 'ms' || form === 'us' ? form : null;
  }

  /** Hands over the bytes that times are read from. They must go on for a few bytes after the last time. */
  load(bytes: Uint8Array): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Reads a whole time at `p` into `stamps[n]`; the place after it, or -1. */
  time(bytes: Uint8Array, p: number, stamps: Float64Array, n: number): number {
    if (this.#unit !== null) return this.#number(bytes, p, stamps, n, this.#unit);
    if (!this.#isText || !this.#isDay(bytes, p)) return -1;
    const at = p + DAY_LENGTH;
    const separator = bytes[at]!;
    // Blank, T or D; anything else may end the cell.
    if (separator !== 32 && separator !== 84 && separator !== 68) {
      stamps[n] = this.#dayMs;
      return at;
    }
    // The usual clock, HH:MM:SS, with nothing or a Z after it.
    const h = bytes[at + 1]! ^ ZERO;
    const hh = bytes[at + 2]! ^ ZERO;
    const m = bytes[at + 4]! ^ ZERO;
    const mm = bytes[at + 5]! ^ ZERO;
    const s = bytes[at + 7]! ^ ZERO;
    const ss = bytes[at + 8]! ^ ZERO;
    const hours = h * 10 + hh;
    const isClock = hours < 24 && hh <= 9 && m <= 5 && mm <= 9 && s <= 5 && ss <= 9;
    if (isClock && bytes[at + 3] === COLON && bytes[at + 6] === COLON) {
      let ms = this.#dayMs + ((hours * 60 + m * 10 + mm) * 60 + s * 10 + ss) * 1000;
      let end = at + 9;
      if (bytes[end] === POINT) {
        const a = bytes[end + 1]! ^ ZERO;
        const b = bytes[end + 2]! ^ ZERO;
        const c = bytes[end + 3]! ^ ZERO;
        if (a > 9 || b > 9 || c > 9) return -1;
        ms += a * 100 + b * 10 + c;
        // Digits below the millisecond are cut.
        for (end += 4; (bytes[end]! ^ ZERO) <= 9; ) end++;
      }
      stamps[n] = ms;
      const after = bytes[end]!;
      return after === 90 ? end + 1 : after === 43 || after === DASH ? this.#zone(bytes, end, stamps, n) : end;
    }
    stamps[n] = this.#dayMs;
    const end = this.clock(bytes, at + 1, stamps, n);
    return end < 0 ? end : this.#zone(bytes, end, stamps, n);
  }

  /** Reads `YYYY-MM-DD` at `p` into `stamps[n]`; the place after it, or -1. */
  day(bytes: Uint8Array, p: number, stamps: Float64Array, n: number): number {
    if (!this.#isText || !this.#isDay(bytes, p)) return -1;
    stamps[n] = this.#dayMs;
    return p + DAY_LENGTH;
  }

  /** Adds `HH:MM[:SS[.f]]` at `p` to `stamps[n]`; the place after it, or -1. */
  clock(bytes: Uint8Array, p: number, stamps: Float64Array, n: number): number {
    const hours = twoDigits(bytes, p);
    const minutes = twoDigits(bytes, p + 3);
    if (hours > 23 || minutes > 59 || bytes[p + 2] !== COLON) return -1;
    let ms = hours * HOUR_MS + minutes * MINUTE_MS;
    let at = p + 5;
    if (bytes[at] === COLON) {
      const seconds = twoDigits(bytes, p + 6);
      if (seconds > 59) return -1;
      ms += seconds * 1000;
      at = p + 8;
      if (bytes[at] === POINT) {
        const fraction = at + 1;
        at = fraction;
        let weight = 100;
        for (let d = bytes[at]! - ZERO; d >= 0 && d <= 9; d = bytes[++at]! - ZERO) {
          ms += d * weight;
          weight = weight === 1 ? 0 : weight / 10;
        }
        if (at === fraction) return -1;
      }
    }
    stamps[n]! += ms;
    return at;
  }

  /** Whether a day stands at `p`; it is then in `#dayMs`. */
  #isDay(bytes: Uint8Array, p: number): boolean {
    const view = this.#view;
    if (p + DAY_LENGTH > view.byteLength) return false;
    const year = view.getInt32(p, true);
    const month = view.getInt32(p + 4, true);
    const day = view.getInt16(p + 8, true);
    if (day === this.#day && month === this.#month && year === this.#year) return true;
    const ms = this.#readDay(bytes, p);
    if (Number.isNaN(ms)) return false;
    this.#year = year;
    this.#month = month;
    this.#day = day;
    this.#dayMs = ms;
    return true;
  }

  /** Takes the offset of `Z`, `±HH:MM` or nothing at `p` from `stamps[n]`. */
  #zone(bytes: Uint8Array, p: number, stamps: Float64Array, n: number): number {
    const sign = bytes[p]!;
    if (sign === 90) return p + 1;
    if (sign !== 43 && sign !== DASH) return p;
    const hours = twoDigits(bytes, p + 1);
    const minutes = twoDigits(bytes, p + 4);
    if (hours > 14 || minutes > 59 || bytes[p + 3] !== COLON) return -1;
    const offset = hours * HOUR_MS + minutes * MINUTE_MS;
    stamps[n]! += sign === DASH ? offset : -offset;
    return p + 6;
  }

  #readDay(bytes: Uint8Array, p: number): number {
    const separator = bytes[p + 4]!;
    const isKnown = separator === DASH || (this.#anySeparator && (separator === POINT || separator === SLASH));
    if (!isKnown || bytes[p + 7] !== separator) return Number.NaN;
    let text = '';
    for (let i = p; i < p + DAY_LENGTH; i++) text += bytes[i] === separator ? '-' : String.fromCharCode(bytes[i]!);
    return parseIsoTime(text);
  }

  #number(bytes: Uint8Array, p: number, stamps: Float64Array, n: number, unit: keyof typeof LEAST_DIGITS): number {
    let at = p;
    let x = 0;
    for (let d = bytes[at]! - ZERO; d >= 0 && d <= 9; d = bytes[++at]! - ZERO) x = x * 10 + d;
    const more = at - p - LEAST_DIGITS[unit];
    if (more < 0 || more > 1 || x > Number.MAX_SAFE_INTEGER) return -1;
    stamps[n] = unit === 's' ? x * 1000 : unit === 'ms' ? x : Math.floor(x / 1000);
    return at;
  }
}
