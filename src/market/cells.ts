/**
 * Numbers in cells. A price is a decimal above zero that fits 15 significant digits, because such a decimal survives the
 * way into float64 and back; a longer one is rounded. Lean on purpose: the usual cell costs one conversion and no
 * pattern. Files with decimal commas or separated thousands are brought into the usual form first.
 */

import { Big } from '../money/decimal.js';

/** Significant digits of a price that float64 keeps. */
const MAX_DIGITS = 15;
const FIVE = 53;
const NINE = 57;
const BLANK = 32;

/** How a file writes its numbers. */
export interface NumberStyle {
  readonly point: '.' | ',';
  /** Whether thousands may be separated: by the other one of point and comma, a blank or an apostrophe. */
  readonly isGrouped: boolean;
}

export const PLAIN_NUMBERS: NumberStyle = { point: '.', isGrouped: false };

const GROUPED = {
  '.': /^\s*([+-]?\d{1,3}(?:[, \u00a0\u202f']\d{3})+)(?:\.(\d*))?\s*$/,
  ',': /^\s*([+-]?\d{1,3}(?:[. \u00a0\u202f']\d{3})+)(?:,(\d*))?\s*$/,
} as const;

/** A number as its file writes it → as programs write it; what is no number of that style becomes `?`. */
export function toPlainNumber(text: string, style: NumberStyle): string {
  if (!style.isGrouped && style.point === '.') return text;
  const match = style.isGrouped ? GROUPED[style.point].exec(text) : null;
  if (match) return `${match[1]!.replace(/[^\d+-]/g, '')}.${match[2] ?? ''}`;
  if (style.point === '.') return text;
  return text.includes('.') ? '?' : text.replace(',', '.');
}

/** Digits that may be thousands set apart by their one mark. */
const MAY_BE_GROUPED = /^\s*[+-]?[1-9]\d{0,2}[.,]\d{3}\s*$/;

/**
 * How numbers are written, by a sample of them. One mark before three digits may be either: a point is then a decimal point, and a comma
 * is one where `;` stands between the cells and separates thousands elsewhere, unless another number tells.
 */
export function recognizeNumberStyle(texts: readonly string[], delimiter: string): NumberStyle {
  let commas = 0;
  let points = 0;
  let unclear = 0;
  let isGrouped = false;
  for (const text of texts) {
    if (!/[,\s'\u00a0\u202f]|\..*\./.test(text)) {
      if (text.includes('.') && !MAY_BE_GROUPED.test(text)) points++;
      continue;
    }
    const marks = text.match(/[.,]/g) ?? [];
    const last = marks.at(-1);
    const isRepeated = marks.length > 1 && marks.every((mark) => mark === last);
    const isMixed = marks.length > 1 && !isRepeated;
    isGrouped ||= isMixed || isRepeated || /\d[\s'\u00a0\u202f]\d/.test(text);
    // Of two kinds the last is the decimal mark; a mark that stands twice separates thousands.
    if ((isMixed && last === ',') || (isRepeated && last === '.')) commas++;
    else if (isMixed || isRepeated) points++;
    else if (last === ',' && MAY_BE_GROUPED.test(text)) unclear++;
    else if (last === ',') commas++;
  }
  if (commas > points) return { point: ',', isGrouped };
  if (commas === 0 && points === 0 && unclear > 0 && delimiter === ';') return { point: ',', isGrouped };
  return { point: '.', isGrouped: isGrouped || unclear > 0 };
}

/** Whether the text is of the kinds only programs write, `0x1F` or `0b1`, which the conversion would accept. */
function isRadixLiteral(text: string): boolean {
  const isUsual = text.charCodeAt(0) > BLANK && !(text.charCodeAt(1) > NINE);
  return !isUsual && /^\s*0[xob]/i.test(text);
}

/** Cell → price, or NaN when it is not a finite decimal above zero. Not rounded: see hasLongDigits. */
export function parsePrice(text: string): number {
  const x = Number(text);
  return x > 0 && x < Number.POSITIVE_INFINITY && !isRadixLiteral(text) ? x : Number.NaN;
}

const EXPONENT_OF = { K: 3, M: 6, B: 9, T: 12 } as const;

/** Cell → volume, finite and not negative, `57.32K` too; NaN for anything else, an empty cell too. */
export function parseVolume(text: string): number {
  const x = Number(text);
  if (Number.isNaN(x)) return parseShortVolume(text);
  if (!(x >= 0 && x < Number.POSITIVE_INFINITY) || isRadixLiteral(text)) return Number.NaN;
  return text.trim() === '' ? Number.NaN : x;
}

function parseShortVolume(text: string): number {
  const match = /^\s*(\d+\.?\d*)\s?([KMBT])\s*$/i.exec(text);
  if (!match) return Number.NaN;
  return Number(`${match[1]!}e${EXPONENT_OF[match[2]!.toUpperCase() as keyof typeof EXPONENT_OF]}`);
}

/** Whether a volume cell says that there is none: empty, or one of the words and signs for it. */
export function isMissing(text: string): boolean {
  return /^\s*(-|nan|null|none|n\/a|na)?\s*$/i.test(text);
}

/** Whether a price's text has more than 15 significant digits. Zeros at either end do not count. */
export function hasLongDigits(text: string): boolean {
  // Fifteen digits or fewer cannot be too many.
  if (text.length <= MAX_DIGITS) return false;
  const mantissa = text.replace(/e.*$/i, '').replace(/\D/g, '');
  return mantissa.replace(/^0+/, '').replace(/0+$/, '').length > MAX_DIGITS;
}

/** A price's text rounded to 15 significant digits, halves away from zero. */
export function roundPrice(text: string): number {
  const match = /^\s*(\d*)\.?(\d*)\s*$/.exec(text);
  if (!match) return Number(new Big(text.trim()).prec(MAX_DIGITS, 1).toString());
  const digits = `${match[1]}${match[2]}`.replace(/^0+/, '');
  const kept = Number(digits.slice(0, MAX_DIGITS)) + (digits.charCodeAt(MAX_DIGITS) >= FIVE ? 1 : 0);
  return Number(`${kept}e${digits.length - Math.min(digits.length, MAX_DIGITS) - match[2]!.length}`);
}
