/**
 * Times as text. Cells and options become milliseconds since 1970 in UTC by hand, because the platform's own parser
 * takes a time without a zone in the machine's zone. A file's numeric times have one unit, decided by its first row.
 * Digits below a millisecond are cut. Nothing here reads a clock.
 */

import { EXIT, UserError } from '../errors.js';
import { type DateOrder, namesZone, parseLooseTime } from './looseTime.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ZERO = 48;

/** The digit at `i`, or NaN, so that sums with a missing digit are NaN. */
function digit(text: string, i: number): number {
  const d = text.charCodeAt(i) - ZERO;
  return d >= 0 && d <= 9 ? d : Number.NaN;
}

function twoDigits(text: string, i: number): number {
  return digit(text, i) * 10 + digit(text, i + 1);
}

/** `YYYY-MM-DD` at the start of the text → its midnight in ms, or NaN when there is no such day. */
function parseDay(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  if (text[4] !== '-' || text[7] !== '-') return Number.NaN;
  const ms = Date.UTC(year, month - 1, day);
  // A day past the end of its month rolls over into the next one.
  return new Date(ms).getUTCDate() === day ? ms : Number.NaN;
}

/** `Z`, `+01:00`, `-0530`, `+02` or nothing, from `at` to the end → offset from UTC in ms, or NaN. */
function parseZone(text: string, at: number): number {
  const length = text.length - at;
  if (length === 0) return 0;
  const sign = text[at];
  if (sign === 'Z' || sign === 'z') return length === 1 ? 0 : Number.NaN;
  if (sign !== '+' && sign !== '-') return Number.NaN;
  const hours = twoDigits(text, at + 1);
  let minutes = 0;
  if (length === 6 && text[at + 3] === ':') minutes = twoDigits(text, at + 4);
  else if (length === 5) minutes = twoDigits(text, at + 3);
  else if (length !== 3) return Number.NaN;
  if (!(hours <= 14 && minutes <= 59)) return Number.NaN;
  const offset = hours * HOUR_MS + minutes * MINUTE_MS;
  return sign === '-' ? -offset : offset;
}

/** Digits of a fraction of a second from `at` on → [milliseconds, index after the last digit]; NaN without a digit. */
function parseFraction(text: string, at: number): [number, number] {
  let ms = 0;
  let i = at;
  for (let weight = 100; ; i++) {
    const d = digit(text, i);
    if (Number.isNaN(d)) break;
    ms += d * weight;
    weight = weight === 1 ? 0 : weight / 10;
  }
  return [i === at ? Number.NaN : ms, i];
}

/** The part after the day: separator, `HH:MM[:SS[.fff…]]` and zone → ms to add to midnight, or NaN. */
function parseClock(text: string): number {
  const separator = text[10];
  if (separator !== 'T' && separator !== ' ' && separator !== 't' && separator !== 'D') return Number.NaN;
  const hours = twoDigits(text, 11);
  const minutes = twoDigits(text, 14);
  if (!(hours <= 23 && minutes <= 59) || text[13] !== ':') return Number.NaN;
  let ms = hours * HOUR_MS + minutes * MINUTE_MS;
  let at = 16;
  if (text[16] === ':') {
    const seconds = twoDigits(text, 17);
    if (!(seconds <= 59)) return Number.NaN;
    ms += seconds * 1000;
    at = 19;
    if (text[19] === '.') {
      const [fraction, end] = parseFraction(text, 20);
      ms += fraction;
      at = end;
    }
  }
  return ms - parseZone(text, at);
}

/**
 * ISO text → milliseconds UTC: `2020-03-01`, `2020-03-01T00:00Z`, `2020-03-01 00:00:00.123456+01:00`. Without a zone it is
 * UTC. NaN when the text is none of these or names no real time.
 */
export function parseIsoTime(text: string): number {
  if (text.length < 10) return Number.NaN;
  const day = parseDay(text);
  return text.length === 10 ? day : day + parseClock(text);
}

/** Whether ISO text carries no zone, so that UTC is an assumption. A bare date counts. */
export function isZoneless(text: string): boolean {
  return !/[Zz]$|[T ]\d\d:\d\d.*[+-]\d\d(:?\d\d)?$/.test(text);
}

/** How a file writes its times; `midnight` is a number of ms since the midnight of the day in the file's name. */
export type TimeForm = 'iso' | 's' | 'ms' | 'us' | 'ns' | DateOrder | 'midnight';

const FORM_NAMES: Readonly<Record<TimeForm, string>> = {
  iso: 'an ISO time such as 2020-03-01T00:00:00Z',
  s: 'seconds since 1970 (9 or 10 digits)',
  ms: 'milliseconds since 1970 (12 or 13 digits)',
  us: 'microseconds since 1970 (15 or 16 digits)',
  ns: 'nanoseconds since 1970 (18 or 19 digits)',
  ymd: 'a time with the year first, such as 2020.03.01 00:00',
  dmy: 'a time with the day first, such as 31.03.2020 00:00',
  mdy: 'a time with the month first, such as 3/31/2020 00:00',
  name: 'a time with the name of the month, such as Mar 31, 2020',
  midnight: 'milliseconds since midnight',
};

/** Form of a number of a unit since 1970: its digits before a point tell. */
function numberForm(digits: number): 's' | 'ms' | 'us' | 'ns' | undefined {
  if (digits === 9 || digits === 10) return 's';
  if (digits === 12 || digits === 13) return 'ms';
  if (digits === 15 || digits === 16) return 'us';
  return digits === 18 || digits === 19 ? 'ns' : undefined;
}

/** The forms that a time may be of by its look. Several only where day and month could change places. */
function possibleForms(text: string): readonly TimeForm[] {
  const match = /^(\d+)(\.\d*)?$/.exec(text);
  const form = match ? numberForm(match[1]!.length) : undefined;
  if (form !== undefined) return [form];
  if (!Number.isNaN(parseIsoTime(text))) return ['iso'];
  const orders = (['ymd', 'name', 'dmy', 'mdy'] as const).filter((order) => !Number.isNaN(parseLooseTime(text, order)));
  // Dates with points have the day first wherever they are written.
  return /^\d{1,2}\./.test(text) ? orders.filter((order) => order === 'dmy') : orders;
}

/** Form of a time by its look. Undefined when it is no time, or could be two. */
export function recognizeTimeForm(text: string): TimeForm | undefined {
  const forms = possibleForms(text);
  return forms.length === 1 ? forms[0] : undefined;
}

/**
 * The form that all of a file's first times have. Where day and month could change places in all of them it is the order by which
 * the times lie closer together; undefined when there is no such form, or both orders are as good.
 */
export function recognizeCommonForm(texts: readonly string[]): TimeForm | undefined {
  let forms: readonly TimeForm[] | undefined;
  for (const text of texts) {
    const own = possibleForms(text);
    if (own.length === 0) continue;
    const both: readonly TimeForm[] = forms === undefined ? own : forms.filter((form) => own.includes(form));
    // A time of another form is a bad row, not a reason to know nothing.
    if (both.length > 0) forms = both;
  }
  if (forms === undefined || forms.length < 2) return forms?.[0];
  const [a, b] = [computeSpread(texts, 'dmy'), computeSpread(texts, 'mdy')];
  if (a === b) return undefined;
  return a < b ? 'dmy' : 'mdy';
}

/** Sum of all steps from time to time. */
function computeSpread(texts: readonly string[], order: DateOrder): number {
  let spread = 0;
  let last = Number.NaN;
  for (const text of texts) {
    const ms = parseLooseTime(text, order);
    if (Number.isNaN(ms)) continue;
    if (!Number.isNaN(last)) spread += Math.abs(ms - last);
    last = ms;
  }
  return spread;
}

/** Digits that a form has below the millisecond. */
const SUB_MS_DIGITS = { ms: 0, us: 3, ns: 6 } as const;
const DAY_MS = 86_400_000;

/**
 * The time column of one file. Its form is given, or decided by the first time that can be read; a later cell of another form is
 * not a time, so that seconds and milliseconds in one file are never mixed in silence.
 */
export class TimeColumn {
  /** Undefined until a first time has been read. */
  form: TimeForm | undefined;
  /** Whether the first cell was text without a zone. */
  zoneless = false;
  readonly #midnightMs: number;
  #isKnown = false;
  #dayText = '';
  #dayMs = Number.NaN;

  /** @param midnightMs the day that times of the form `midnight` are of */
  constructor(form?: TimeForm, midnightMs = Number.NaN) {
    this.form = form;
    this.#midnightMs = midnightMs;
  }

  /** Cell text → ms UTC, or NaN when it is not a time of the file's form. */
  parse(text: string): number {
    if (this.#isKnown) return this.#read(text);
    this.form ??= recognizeTimeForm(text);
    const ms = this.#read(text);
    if (!Number.isNaN(ms)) this.#settle(text);
    return ms;
  }

  #read(text: string): number {
    switch (this.form) {
      case undefined:
        return Number.NaN;
      case 'iso':
        return this.#parseIso(text);
      case 'ymd':
      case 'dmy':
      case 'mdy':
      case 'name':
        return parseLooseTime(text, this.form);
      case 'midnight':
        return /^\d{1,8}(\.0*)?$/.test(text) && Number(text) < DAY_MS ? this.#midnightMs + Number(text) : Number.NaN;
      default:
        return this.#parseNumber(text, this.form);
    }
  }

  /** What a cell of this column should look like, for messages. */
  get expected(): string {
    return this.form === undefined ? 'an ISO time or a number of s, ms, us or ns since 1970' : FORM_NAMES[this.form];
  }

  #settle(text: string): void {
    this.#isKnown = true;
    const isText = this.form === 'ymd' || this.form === 'dmy' || this.form === 'mdy' || this.form === 'name';
    this.zoneless = this.form === 'iso' ? isZoneless(text) : isText && !namesZone(text);
  }

  #parseIso(text: string): number {
    if (text.length < 12) return parseIsoTime(text);
    // Minute files repeat the day 1,440 times: its midnight is worked out once.
    if (!text.startsWith(this.#dayText) || this.#dayText === '') {
      this.#dayText = text.slice(0, 10);
      this.#dayMs = parseDay(this.#dayText);
    }
    return this.#dayMs + parseClock(text);
  }

  #parseNumber(text: string, form: 's' | 'ms' | 'us' | 'ns'): number {
    const match = /^(\d+)(?:\.(\d*))?$/.exec(text);
    if (!match || numberForm(match[1]!.length) !== form) return Number.NaN;
    const [, whole, fraction] = match;
    if (form !== 's') return Number(whole!.slice(0, whole!.length - SUB_MS_DIGITS[form]));
    return Number(whole) * 1000 + (fraction ? Number(fraction.slice(0, 3).padEnd(3, '0')) : 0);
  }
}

/** Midnight of the day in a file name such as `20221213_btcusd.csv` or `BTCUSD-2022-12-13.csv`; NaN without one. */
export function dayOfFileName(name: string): number {
  const match = /(?<!\d)(\d{4})(-?)(\d{2})\2(\d{2})(?!\d)/.exec(name.replace(/^.*[/\\]/, ''));
  return match ? parseDay(`${match[1]}-${match[3]}-${match[4]}`) : Number.NaN;
}

/** Milliseconds UTC → `YYYY-MM-DDTHH:MM:SS.mmmZ`; a part of a millisecond is cut. */
export function formatTime(ms: number): string {
  return new Date(Math.floor(ms)).toISOString();
}

/**
 * Value of `--from` or `--to` → ms UTC: an ISO date or time, UTC where it names no zone.
 *
 * @throws UserError usage, `bad_time`
 */
export function parseTimeOption(text: string, option = 'time'): number {
  const ms = parseIsoTime(text.trim());
  if (!Number.isNaN(ms)) return ms;
  throw new UserError({
    code: 'bad_time',
    exitCode: EXIT.usage,
    message: `${option} is not an ISO date or time`,
    found: text,
    expected: 'for example 2020-03-01 or 2020-03-01T12:00:00Z',
  });
}
