/**
 * A growing stretch of CSV as bytes: numbers, times and words written digit by digit, without a string for each. What it writes is what
 * cells.ts and csv.ts write as text, to the byte; whatever is out of the ordinary (text to be quoted, integers beyond float64) takes
 * the way over text.
 */

import { formatSafeUnits, formatUnits } from '../money/units.js';
import { formatF64, formatTime } from './cells.js';
import { neutralizeFormula, quoteCell } from './csv.js';

/** Bytes gathered before they are handed on. */
const CHUNK_BYTES = 1 << 16;
/** Room that any number, time or word has. */
const CELL_BYTES = 64;

const MOST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);
const EXACT_F64_LIMIT = 1e15;
const DAY_MS = 86_400_000;
const P10 = Array.from({ length: 16 }, (_, i) => 10 ** i);
/** Decimals that fit into the small integers of the machine. */
const SPLIT = 100_000_000;
const SPLIT_DIGITS = 8;

const COMMA = 0x2c;
const POINT = 0x2e;
const MINUS = 0x2d;
const COLON = 0x3a;
const ZERO = 0x30;
const LINE_FEED = 0x0a;

export class RowBytes {
  #bytes = Buffer.allocUnsafe(2 * CHUNK_BYTES);
  #length = 0;
  #day = Number.NaN;
  /** `YYYY-MM-DDT` of the day. */
  #dayBytes: Buffer = Buffer.alloc(0);
  #timeMs = Number.NaN;
  readonly #timeBytes = Buffer.alloc(CELL_BYTES);
  #timeLength = 0;

  get isFull(): boolean {
    return this.#length >= CHUNK_BYTES;
  }

  /** What has been written; valid until the next write. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  comma(): void {
    this.#bytes[this.#length++] = COMMA;
  }

  endRow(): void {
    this.#bytes[this.#length++] = LINE_FEED;
    this.#reserve(CELL_BYTES);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const wider = Buffer.allocUnsafe(2 * (this.#bytes.length + bytes));
    this.#bytes.copy(wider, 0, 0, this.#length);
    this.#bytes = wider;
  }

  /** One of a fixed list of words, or any text that needs no quotes. */
  word(text: string): void {
    this.#reserve(text.length * 3 + CELL_BYTES);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.#length += bytes.write(text, this.#length);
        return;
      }
      bytes[at++] = code;
    }
    this.#length = at;
  }

  /** Free text: quoted where it needs to be, and not to be taken for a formula. */
  text(text: string): void {
    this.word(quoteCell(neutralizeFormula(text)));
  }

  /** An id of a run, or one of an exchange. */
  integer(value: number | string): void {
    if (typeof value === 'string') this.word(quoteCell(value));
    else if (Number.isSafeInteger(value) && value >= 0) {
      this.#reserve(CELL_BYTES);
      this.#natural(value);
    } else this.word(String(value));
  }

  /** An integer of 10^-decimals, as formatUnits. */
  units(amount: bigint, decimals: number): void {
    if (amount <= MOST_EXACT && amount >= -MOST_EXACT && decimals < 16) this.#safeUnits(Number(amount), decimals);
    else this.word(formatUnits(amount, decimals));
  }

  /** As formatF64: at least `decimals` digits after the point, more where the number has more. */
  f64(x: number, decimals: number): void {
    const unit = 10 ** decimals;
    const units = Math.round(x * unit);
    if (Math.abs(units) < EXACT_F64_LIMIT && units / unit === x && decimals < 16) this.#safeUnits(units, decimals);
    else this.word(formatF64(x, decimals));
  }

  #safeUnits(amount: number, decimals: number): void {
    this.#reserve(CELL_BYTES);
    if (decimals === 0 && amount < 0) {
      this.word(formatSafeUnits(amount, decimals));
      return;
    }
    if (amount < 0) this.#bytes[this.#length++] = MINUS;
    const size = Math.abs(amount);
    if (decimals === 0) {
      this.#natural(size);
      return;
    }
    const unit = P10[decimals]!;
    let whole = Math.floor(size / unit);
    let rest = size - whole * unit;
    // The quotient may have been rounded up onto the next whole.
    if (rest < 0) {
      whole -= 1;
      rest += unit;
    }
    this.#natural(whole);
    this.#bytes[this.#length++] = POINT;
    this.#padded(rest, decimals);
  }

  /** An integer of at least 0 that float64 holds. */
  #natural(n: number): void {
    if (n < SPLIT) {
      let width = 1;
      for (let bound = 10; n >= bound; bound *= 10) width += 1;
      this.#digits(n, width);
      return;
    }
    const high = Math.floor(n / SPLIT);
    this.#natural(high);
    this.#digits(n - high * SPLIT, SPLIT_DIGITS);
  }

  /** With zeros in front. */
  #padded(n: number, width: number): void {
    if (width <= SPLIT_DIGITS) {
      this.#digits(n, width);
      return;
    }
    const high = Math.floor(n / SPLIT);
    this.#padded(high, width - SPLIT_DIGITS);
    this.#digits(n - high * SPLIT, SPLIT_DIGITS);
  }

  #digits(n: number, width: number): void {
    const bytes = this.#bytes;
    const end = this.#length + width;
    let left = n | 0;
    for (let at = end - 1; at >= this.#length; at--) {
      const next = (left / 10) | 0;
      bytes[at] = ZERO + left - next * 10;
      left = next;
    }
    this.#length = end;
  }

  /** As formatTime. */
  time(timeMs: number): void {
    this.#reserve(CELL_BYTES);
    if (timeMs === this.#timeMs) {
      this.#timeBytes.copy(this.#bytes, this.#length, 0, this.#timeLength);
      this.#length += this.#timeLength;
      return;
    }
    const start = this.#length;
    const day = Math.floor(timeMs / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#dayBytes = Buffer.from(formatTime(day * DAY_MS).slice(0, -13));
    }
    this.#dayBytes.copy(this.#bytes, this.#length);
    this.#length += this.#dayBytes.length;
    const ms = timeMs - day * DAY_MS;
    const second = Math.floor(ms / 1000);
    const minute = Math.floor(second / 60);
    const hour = Math.floor(minute / 60);
    this.#digits(hour, 2);
    this.#bytes[this.#length++] = COLON;
    this.#digits(minute - hour * 60, 2);
    this.#bytes[this.#length++] = COLON;
    this.#digits(second - minute * 60, 2);
    this.#bytes[this.#length++] = POINT;
    this.#digits(ms - second * 1000, 3);
    this.#bytes[this.#length++] = 0x5a;
    this.#bytes.copy(this.#timeBytes, 0, start, this.#length);
    this.#timeLength = this.#length - start;
    this.#timeMs = timeMs;
  }
}
