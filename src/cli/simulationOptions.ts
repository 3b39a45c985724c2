/**
 * The options of the simulation that are one value each: path inside a bar, slippage, fees, balance rows. Text in, typed
 * values out; defaults are those of docs/cli.md. Files and accounts are read elsewhere.
 */

import type { BalanceEvery, Intrabar, Slippage } from '../engine/runInput.js';
import { formatInterval, INTERVAL_TOKENS, lengthOfToken } from '../market/intervals.js';
import { compareFractions, type Fraction, parseFraction } from '../money/decimal.js';
import { badOption, type Given, nearest, requireChoice } from './givenOptions.js';

const INTRABAR: readonly Intrabar[] = ['adverse', 'nearest', 'favourable', 'ohlc', 'olhc'];
const ONE: Fraction = { num: 1n, den: 1n };
const ALL_BPS: Fraction = { num: 10_000n, den: 1n };
const HOUR_MS = 3_600_000;

/** @throws UserError exit 2 */
export function parseIntrabar(given: Given | undefined): Intrabar {
  return requireChoice(given, INTRABAR, 'adverse');
}

/** `2`, `2ticks`, `1.5bps`; a bare number is ticks, and ticks are whole. @throws UserError exit 2 */
export function parseSlippage(given: Given | undefined): Slippage {
  if (given === undefined) return { unit: 'ticks', amount: { num: 0n, den: 1n } };
  const match = /^(\S*?)\s*(ticks?|bps)?$/.exec(given.text.trim());
  const amount = parseFraction(match?.[1] ?? '');
  const unit = match?.[2] === 'bps' ? 'bps' : 'ticks';
  if (amount === undefined || amount.num < 0n)
    throw badOption(given, 'is not a slippage', 'for example 1, 2ticks or 1.5bps');
  if (unit === 'ticks' && amount.num % amount.den !== 0n) {
    throw badOption(
      given,
      'is not a whole number of ticks',
      'for example 1 or 2ticks; 1.5bps for a share of the price',
    );
  }
  if (unit === 'bps' && compareFractions(amount, ALL_BPS) >= 0) {
    throw badOption(given, 'is the whole price', 'less than 10000bps');
  }
  return { unit, amount };
}

/** A whole number from 0 to 2³¹ − 1; 0 when absent. @throws UserError exit 2 */
export function parseSeed(given: Given | undefined): number {
  if (given === undefined) return 0;
  const seed = Number(given.text);
  if (!/^\d{1,10}$/.test(given.text.trim()) || seed > 0x7fff_ffff) {
    throw badOption(given, 'is not a seed', 'a whole number from 0 to 2147483647');
  }
  return seed;
}

/** Length of the bars that the strategy is called on, such as `1h`, in ms; undefined when absent. @throws UserError exit 2 */
export function parseTimeframe(given: Given | undefined): number | undefined {
  if (given === undefined) return undefined;
  const text = given.text.trim();
  const lengthMs = lengthOfToken(text);
  if (lengthMs !== undefined) return lengthMs;
  const expected = `one of ${INTERVAL_TOKENS.join(', ')}`;
  throw badOption(given, 'is not the length of a bar', expected, nearest(text, INTERVAL_TOKENS));
}

/** Refuses a length that the candles cannot be put together to. @throws UserError exit 2 */
export function requireFittingTimeframe(given: Given | undefined, intervalMs: number): void {
  const lengthMs = parseTimeframe(given);
  if (given === undefined || lengthMs === undefined || lengthMs % intervalMs === 0) return;
  const interval = formatInterval(intervalMs);
  const isShorter = lengthMs < intervalMs;
  throw badOption(
    given,
    isShorter ? `is shorter than the candles, which are of ${interval}` : `is no multiple of the candles' ${interval}`,
    `a multiple of ${interval}`,
    isShorter ? `give candles of ${formatInterval(lengthMs)} or shorter ones` : undefined,
  );
}

/** A fee rate as a fraction; negative is a rebate. @throws UserError exit 2 */
export function parseFee(given: Given): Fraction {
  const rate = parseFraction(given.text.trim());
  const isRate =
    rate !== undefined &&
    compareFractions(rate, ONE) < 0 &&
    compareFractions({ num: -rate.num, den: rate.den }, ONE) < 0;
  if (!isRate) throw badOption(given, 'is not a fee rate', 'a fraction such as 0.00075');
  return rate;
}

/** A list of `bar`, `event`, `1h`, `1d`. @throws UserError exit 2 */
export function parseBalanceEvery(given: Given | undefined): BalanceEvery {
  const words = (given?.text ?? '1d,event').split(',').map((word) => word.trim());
  const lengths: Readonly<Record<string, number>> = { '1h': HOUR_MS, '1d': 24 * HOUR_MS };
  const known = ['bar', 'event', ...Object.keys(lengths)];
  for (const word of words) {
    if (!known.includes(word)) {
      throw badOption(given!, 'is not a list of balance rows', `one or more of ${known.join(', ')}, with commas`);
    }
  }
  return {
    bar: words.includes('bar'),
    event: words.includes('event'),
    everyMs: Object.keys(lengths)
      .filter((word) => words.includes(word))
      .map((word) => lengths[word]!),
  };
}
