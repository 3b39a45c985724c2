/**
 * Times as people and desktop programs write them: `2019.01.01 00:00`, `24.05.2026`, `8/7/2019 3:00 PM`, `Aug 17, 2023`,
 * `20201229 08:00:00`. Always UTC unless the text names a zone. Which number of `05/04/2023` is the day is the caller's to
 * say: it needs more than one time to know.
 */

/** Order of the parts of a date: year first, day first, month first, or with the month's name. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy' | 'name';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const YEAR_FIRST = /^(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?!\d)/;
const YEAR_LAST = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +/i;
const NAME_FIRST = /^([a-z]{3,9})\.?[ -](\d{1,2}),?[ -](\d{4})(?!\d)/i;
const NAME_SECOND = /^(\d{1,2})[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})(?!\d)/i;
const CLOCK = /^[TD, ]+(\d{1,2})(?::?(\d{2}))?(?::?(\d{2})(?:[.,](\d+))?)?(?:[ -]?([AP])M)?(.*)$/i;
const ZONE = /^ ?(?:(Z|UTC|GMT)|(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})?)$/i;

interface Day {
  readonly ms: number;
  /** What follows the date. */
  readonly rest: string;
}

function dayOf(year: string, month: number, day: string, rest: string): Day | null {
  const y = year.length === 2 ? Number(year) + (Number(year) < 70 ? 2000 : 1900) : Number(year);
  const ms = Date.UTC(y, month - 1, Number(day));
  const date = new Date(ms);
  // A day or month past its end rolls over into the next one.
  return y >= 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day) ? { ms, rest } : null;
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function readDay(text: string, order: DateOrder): Day | null {
  if (order === 'ymd') {
    const m = YEAR_FIRST.exec(text);
    if (m) return dayOf(m[1]!, Number(m[3]), m[4]!, text.slice(m[0].length));
    const c = COMPACT.exec(text);
    return c && dayOf(c[1]!, Number(c[2]), c[3]!, text.slice(c[0].length));
  }
  if (order === 'name') {
    const plain = text.replace(WEEKDAY, '');
    const a = NAME_FIRST.exec(plain);
    if (a) return dayOf(a[3]!, monthOf(a[1]!), a[2]!, plain.slice(a[0].length));
    const b = NAME_SECOND.exec(plain);
    return b && dayOf(b[3]!, monthOf(b[2]!), b[1]!, plain.slice(b[0].length));
  }
  const m = YEAR_LAST.exec(text);
  if (!m) return null;
  const [day, month] = order === 'dmy' ? [m[1]!, m[3]!] : [m[3]!, m[1]!];
  return dayOf(m[4]!, Number(month), day, text.slice(m[0].length));
}

/** Offset from UTC in ms; NaN for what is no zone. */
function readZone(text: string): number {
  if (text.trim() === '') return 0;
  const m = ZONE.exec(text);
  if (!m) return Number.NaN;
  if (m[1] !== undefined) return 0;
  const offset = Number(m[3]) * HOUR_MS + Number(m[4] ?? 0) * MINUTE_MS;
  if (!(Number(m[3]) <= 14 && Number(m[4] ?? 0) <= 59)) return Number.NaN;
  return m[2] === '-' ? -offset : offset;
}

function readClock(text: string): number {
  const m = CLOCK.exec(text);
  if (!m) return Number.NaN;
  const half = m[5]?.toUpperCase();
  let hours = Number(m[1]);
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return Number.NaN;
    hours = (hours % 12) + (half === 'P' ? 12 : 0);
  }
  const [minutes, seconds] = [Number(m[2] ?? 0), Number(m[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  const fraction = Number((m[4] ?? '').slice(0, 3).padEnd(3, '0'));
  return hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1000 + fraction - readZone(m[6]!);
}

/** Text → ms UTC, or NaN when it is no time of this order or names no real day. A bare date is its midnight. */
export function parseLooseTime(text: string, order: DateOrder): number {
  const day = readDay(text.trim(), order);
  if (day === null) return Number.NaN;
  return day.rest === '' ? day.ms : day.ms + readClock(day.rest);
}

/** Whether the text names a zone. */
export function namesZone(text: string): boolean {
  return (
    /\d\s*(?:[AP]M)?\s?(?:Z|UTC|GMT)$/i.test(text) || /:\d\d(?:\.\d+)?\s?(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?$/.test(text)
  );
}
