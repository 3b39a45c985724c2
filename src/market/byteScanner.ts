/**
 * Lines of bytes → columns, for text without quotes: the fast way of reading. It reads cells that are plain decimals and plain times;
 * any other cell is given as text to the functions that read cells everywhere, and a row that is not as wide as its layout
 * or holds what cannot be read is marked odd. No allocation a row, and no judgement.
 */

import { ByteTime } from './byteTime.js';
import { hasLongDigits, parsePrice, parseVolume, roundPrice, toPlainNumber } from './cells.js';
import type { RowBatch } from './rowBatch.js';
import type { RowSettings } from './rowFeed.js';

const LF = 10;
const CR = 13;
const ZERO = 48;
/** Decimals of this many digits are exact as one division of two whole numbers. */
const EXACT_DIGITS = 15;
/** So many digits fit an int32, with which the digits of a cell are put together. */
const SHORT_DIGITS = 9;
/** The powers of ten that float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** What a column is. Up to VOLUME the role is the place among the batch's columns. */
const VOLUME = 4;
const SKIPPED = 5;
const TIME = 6;
const CLOCK = 7;
const CONSTANT = 8;
const DAY = 9;
/** Instead of a place: the row must be read from its cells. */
const ODD = -1;

export interface ScanSettings extends RowSettings {
  readonly delimiter: string;
}

/** The end of the cell at `p`; the CR of a line's end does not belong to it. */
function skipCell(bytes: Uint8Array, p: number, delimiter: number): number {
  let at = p;
  for (let c = bytes[at]!; c !== delimiter && c !== LF; ) c = bytes[++at]!;
  return bytes[at] === LF && at > p && bytes[at - 1] === CR ? at - 1 : at;
}

export class ByteScanner {
  /** Physical line of the next row. */
  line: number;
  readonly #settings: ScanSettings;
  readonly #delimiter: number;
  readonly #point: number;
  readonly #roles: Uint8Array;
  /** Null where no cell will do. */
  readonly #constants: readonly (Uint8Array | null)[];
  readonly #time: ByteTime;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  #starts = new Int32Array(0);
  /** One function for all batches, so that its caller stays compiled. */
  readonly #cells = (i: number): readonly string[] => this.#cellsOf(i);

  constructor(settings: ScanSettings, firstLine: number) {
    const { layout, delimiter, numbers, times, constants } = settings;
    this.line = firstLine;
    this.#settings = settings;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#point = numbers.point.charCodeAt(0);
    this.#roles = new Uint8Array(layout.header.length).fill(SKIPPED);
    this.#time = new ByteTime(times.form);
    this.#constants = layout.header.map((_, at) => (constants[at] == null ? null : Buffer.from(constants[at])));
    for (const [at, constant] of constants.entries()) if (constant !== undefined) this.#roles[at] = CONSTANT;
    for (const [role, at] of [layout.open, layout.high, layout.low, layout.close, layout.volume].entries()) {
      if (at >= 0) this.#roles[at] = role;
    }
    this.#roles[layout.time] = layout.clock < 0 ? TIME : DAY;
    if (layout.clock >= 0) this.#roles[layout.clock] = CLOCK;
  }

  /** Hands over bytes that end with whole lines; those handed over before must have been scanned. */
  load(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#time.load(bytes);
    this.#end = bytes.length;
    this.#at = 0;
  }

  /** Fills the batch with the next rows, with none when all have been scanned. Their cells last until the next load. */
  scan(batch: RowBatch): void {
    const capacity = batch.odd.length;
    if (this.#starts.length < capacity) this.#starts = new Int32Array(capacity);
    batch.odd.fill(0);
    batch.rounded.fill(0);
    this.#scanRows(batch, capacity);
    if (this.#settings.layout.volume < 0) batch.volume.fill(Number.NaN, 0, batch.length);
    batch.cellsOf = this.#cells;
  }

  /** One loop over all cells with everything in locals: it reads a row in about the time that its bytes take. */
  #scanRows(batch: RowBatch, capacity: number): void {
    const bytes = this.#bytes;
    const end = this.#end;
    const roles = this.#roles;
    const last = roles.length - 1;
    const delimiter = this.#delimiter;
    const point = this.#point;
    const targets = [batch.open, batch.high, batch.low, batch.close, batch.volume];
    const lines = batch.line;
    const starts = this.#starts;
    const time = this.#time;
    const stamps = batch.openTimeMs;
    let n = 0;
    let p = this.#at;
    let line = this.line;
    while (n < capacity && p < end) {
      const from = p;
      let c = bytes[p]!;
      lines[n] = line++;
      if (c === LF || (c === CR && bytes[p + 1] === LF)) {
        p += c === LF ? 1 : 2;
        continue;
      }
      starts[n] = from;
      for (let k = 0; k <= last; k++) {
        const role = roles[k]!;
        if (role <= VOLUME) {
          const begin = p;
          let whole = 0;
          // A byte is a digit where this leaves at most 9, and then it is its value.
          for (c = bytes[p]!; (c ^ ZERO) <= 9; c = bytes[++p]!) whole = (Math.imul(whole, 10) + (c ^ ZERO)) | 0;
          const digits = p - begin;
          let decimals = 0;
          let part = 0;
          if (c === point) {
            for (c = bytes[++p]!; (c ^ ZERO) <= 9; c = bytes[++p]!) part = (Math.imul(part, 10) + (c ^ ZERO)) | 0;
            decimals = p - begin - digits - 1;
          }
          if (digits > SHORT_DIGITS || decimals > SHORT_DIGITS || (digits + decimals - 1) >>> 0 >= EXACT_DIGITS) {
            p = this.#scanNumber(bytes, begin, role, batch, n);
          } else {
            targets[role]![n] = decimals === 0 ? whole : (whole * POWERS[decimals]! + part) / POWERS[decimals]!;
            if (c === delimiter && k < last) {
              p++;
              continue;
            }
            if (c !== LF && c !== CR) p = this.#scanNumber(bytes, begin, role, batch, n);
          }
        } else if (role === SKIPPED) p = skipCell(bytes, p, delimiter);
        else {
          const next = role === TIME ? time.time(bytes, p, stamps, n) : ODD;
          p = next >= 0 && bytes[next] === delimiter ? next : this.#scanOther(bytes, p, k, batch, n);
        }
        if (p < 0 || k === last) break;
        p = bytes[p] === delimiter ? p + 1 : ODD;
        if (p < 0) break;
      }
      if (p > 0 && bytes[p] === CR) p++;
      if (p < 0 || bytes[p] !== LF) {
        batch.odd[n] = 1;
        p = bytes.indexOf(LF, from);
      }
      p++;
      n++;
    }
    this.#at = p;
    this.line = line;
    batch.length = n;
  }

  #endsCell(byte: number): boolean {
    return byte === this.#delimiter || byte === LF || byte === CR;
  }

  /** A number that is longer than most, or written otherwise; the place after it, or ODD. */
  #scanNumber(bytes: Uint8Array, begin: number, role: number, batch: RowBatch, n: number): number {
    const point = this.#point;
    let p = begin;
    // The first 15 digits that count as one whole number, the digit after them, and whether any after them is not zero.
    let kept = 0;
    let significant = 0;
    let next = 0;
    let isLong = false;
    let decimals = 0;
    let pointAt = -1;
    for (; ; p++) {
      const d = bytes[p]! ^ ZERO;
      if (d <= 9) {
        if (significant < EXACT_DIGITS) {
          kept = kept * 10 + d;
          if (kept > 0) significant++;
          if (pointAt >= 0) decimals++;
        } else {
          if (significant++ === EXACT_DIGITS) next = d;
          // A whole part of more digits is read as text.
          if (pointAt < 0) decimals = ODD;
          if (d !== 0) isLong = true;
        }
      } else if (bytes[p] === point && pointAt < 0) pointAt = p;
      else break;
    }
    const isPlain = kept > 0 && decimals >= 0 && decimals < POWERS.length && this.#endsCell(bytes[p]!);
    if (!isPlain || (isLong && (role === VOLUME || this.#settings.strict))) {
      p = skipCell(bytes, p, this.#delimiter);
      kept = this.#readNumber(begin, p, role, batch, n);
      if (kept < 0) return ODD;
    } else {
      if (isLong) batch.rounded[n]!++;
      kept = (isLong && next >= 5 ? kept + 1 : kept) / POWERS[decimals]!;
    }
    if (role === VOLUME) batch.volume[n] = kept;
    else [batch.open, batch.high, batch.low, batch.close][role]![n] = kept;
    return p;
  }

  /** A number by its text; below zero when the row must be read from its cells. */
  #readNumber(begin: number, end: number, role: number, batch: RowBatch, n: number): number {
    const { numbers, strict } = this.#settings;
    if (begin === end) return role === VOLUME ? Number.NaN : -1;
    const text = toPlainNumber(this.#bytes.toString('latin1', begin, end), numbers);
    if (role === VOLUME) {
      const volume = parseVolume(text);
      return volume >= 0 ? volume : -1;
    }
    const price = parsePrice(text);
    if (Number.isNaN(price)) return -1;
    if (!hasLongDigits(text)) return price;
    if (strict) return -1;
    batch.rounded[n]!++;
    return roundPrice(text);
  }

  /** A time, the clock beside a day, or a cell that all rows have alike; the place after it, or ODD. */
  #scanOther(bytes: Uint8Array, p: number, k: number, batch: RowBatch, n: number): number {
    const role = this.#roles[k];
    const stamps = batch.openTimeMs;
    if (role === CONSTANT) return this.#scanConstant(bytes, p, this.#constants[k] ?? null);
    if (role === CLOCK) return this.#time.clock(bytes, p, stamps, n);
    if (role === DAY) return this.#time.day(bytes, p, stamps, n);
    const next = this.#time.time(bytes, p, stamps, n);
    if (next >= 0 && this.#endsCell(bytes[next]!) && stamps[n]! >= 0) return next;
    const end = skipCell(bytes, p, this.#delimiter);
    const read = this.#settings.times.parse(this.#bytes.toString('latin1', p, end));
    stamps[n] = read;
    return read >= 0 ? end : ODD;
  }

  #scanConstant(bytes: Uint8Array, from: number, constant: Uint8Array | null): number {
    if (constant === null) return ODD;
    for (let i = 0; i < constant.length; i++) if (bytes[from + i] !== constant[i]) return ODD;
    const end = from + constant.length;
    return bytes[end] === this.#delimiter || bytes[end] === LF || bytes[end] === CR ? end : ODD;
  }

  #cellsOf(i: number): readonly string[] {
    const from = this.#starts[i]!;
    const end = this.#bytes.indexOf(LF, from);
    const isCrLf = end > from && this.#bytes[end - 1] === CR;
    return this.#bytes.toString('utf8', from, isCrLf ? end - 1 : end).split(this.#settings.delimiter);
  }
}
