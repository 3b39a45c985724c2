/**
 * Bracket stops by style: what the author wrote, which kind of stop is meant, and the price that it comes to for a position of a
 * side (settlement text §6.4). Percent stops are of the price, of profit over entry value, or of profit over initial margin;
 * trailing ones keep a distance from the best price.
 */

import type { DecimalInput, OrderStyleName, PctBase } from '../../strategy/strategy.js';
import type { Book, RefPosition } from './account.js';
import {
  add,
  compare,
  divide,
  multiply,
  type Num,
  num,
  ONE_RATIO,
  type Ratio,
  ratio,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { type Terms, toTick } from './terms.js';
import { exposureOf, tierAt } from './tiers.js';

/** A bracket stop as the author wrote it. */
export interface AskedStyle {
  readonly name: string;
  readonly value: DecimalInput;
  readonly base?: string | undefined;
}

/** A bracket stop that has been read; `base` null where it is the venue's own. */
export interface Style {
  readonly name: OrderStyleName;
  readonly value: Num;
  readonly base: PctBase | null;
}

/** What a percent stop's price is worked out from: the entry, and 1/L. */
export interface StyleBasis {
  readonly entry: Ratio;
  readonly initialRate: Ratio;
}

const NAMES: readonly string[] = [
  'stop_loss',
  'stop_profit',
  'stop_loss_pct',
  'stop_profit_pct',
  'trailing_stop',
  'trailing_stop_pct',
];
const BASES: readonly string[] = ['price', 'pnl', 'roe'];

export const isStyleName = (name: string): name is OrderStyleName => NAMES.includes(name);
export const isLossStyle = (name: OrderStyleName): boolean => name === 'stop_loss' || name === 'stop_loss_pct';
export const isTrailing = (name: OrderStyleName): boolean => name === 'trailing_stop' || name === 'trailing_stop_pct';
export const isPercentStyle = (name: OrderStyleName): boolean => name === 'stop_loss_pct' || name === 'stop_profit_pct';
/** Stops that stand for one another: of a loss, of a profit, trailing. */
export const kindOf = (name: OrderStyleName): 'loss' | 'profit' | 'trailing' =>
  isTrailing(name) ? 'trailing' : isLossStyle(name) ? 'loss' : 'profit';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Text or number → decimal above zero; null for anything else. */
export function positiveDecimal(input: DecimalInput): Num | null {
  const text = String(input).trim();
  if (!DECIMAL.test(text)) return null;
  const decimal = num(text.startsWith('+') ? text.slice(1) : text);
  return decimal.gt(ZERO) ? decimal : null;
}

/** 1/L of a symbol's setting; at leverage 0 the initial rate of the position's tier, of the first where there is none. */
export function initialRateNow({ leverage, terms }: Book, position: RefPosition | null): Ratio {
  if (leverage.n.gt(ZERO)) return ratio(leverage.d, leverage.n);
  const exposure = position === null ? exposureOf(ZERO, ZERO) : exposureOf(position.cost, position.qty);
  return tierAt(terms, exposure).initial;
}

/** Price of a stop that does not trail, guarding a position of `guarded` (+1 long); null where none has that result. */
export function bracketLevel(terms: Terms, style: Style, guarded: 1 | -1, basis: StyleBasis): Num | null {
  if (!isPercentStyle(style.name)) return toTick(terms, ratio(style.value), 'nearest');
  const { entry, initialRate } = basis;
  const isBelow = isLossStyle(style.name) === (guarded === 1);
  const base = style.base ?? terms.rules.pctBase;
  const share = base === 'roe' ? multiply(ratio(style.value), initialRate) : ratio(style.value);
  if (base !== 'price' && terms.isInverse) {
    const factor = isBelow ? add(ONE_RATIO, share) : subtract(ONE_RATIO, share);
    return compare(factor, ZERO_RATIO) <= 0 ? null : toTick(terms, divide(entry, factor), 'nearest');
  }
  const factor = isBelow ? subtract(ONE_RATIO, share) : add(ONE_RATIO, share);
  return toTick(terms, multiply(entry, factor), 'nearest');
}

/** Price that keeps the distance of a trailing stop from a best price, on the tick; it may come to nothing. */
export function trailingPrice(terms: Terms, style: Style, guarded: 1 | -1, best: Ratio): Num {
  const distance = style.name === 'trailing_stop' ? ratio(style.value) : multiply(best, ratio(style.value));
  return toTick(terms, guarded === 1 ? subtract(best, distance) : add(best, distance), 'nearest');
}

/** The level of a trailing stop: that price, at least one tick. */
export function trailingLevel(terms: Terms, style: Style, guarded: 1 | -1, best: Ratio): Num {
  const price = trailingPrice(terms, style, guarded, best);
  return price.gt(ZERO) ? price : terms.tick.n.div(terms.tick.d);
}

/** Whether a price is better than another for a position of a side. */
export const isBetter = (price: Ratio, than: Ratio, guarded: 1 | -1): boolean => compare(price, than) * guarded > 0;

const OTHER_NAME = { stop_loss: 'stop_profit', stop_profit: 'stop_loss' } as const;

/** The style that is meant: where the venue infers it, a price on the wrong side is the other kind of stop. */
function meantStyle({ terms }: Book, style: Style, guarded: 1 | -1, at: Ratio): Style {
  const { name } = style;
  if (terms.rules.bracketSide !== 'infer' || (name !== 'stop_loss' && name !== 'stop_profit')) return style;
  const side = compare(ratio(toTick(terms, ratio(style.value), 'nearest')), at) * guarded;
  const isWrong = isLossStyle(name) ? side > 0 : side < 0;
  return isWrong ? { ...style, name: OTHER_NAME[name] } : style;
}

/** Where a stop is asked for: the side it guards, the price its own side is judged against, and what a percent is of. */
export interface StyleScene extends StyleBasis {
  readonly guarded: 1 | -1;
  readonly at: Ratio;
}

/** A style as it is meant, or why it cannot be. */
export function readStyle(book: Book, asked: AskedStyle, scene: StyleScene): Style | string {
  const { name, base } = asked;
  if (!isStyleName(name)) return 'unknown_order_style';
  if (base !== undefined && !isPercentStyle(name)) return 'base_needs_pct_style';
  if (base !== undefined && !BASES.includes(base)) return 'unknown_base';
  const value = positiveDecimal(asked.value);
  if (value === null) return 'stop_value_not_positive';
  const style: Style = { name, value, base: (base ?? null) as PctBase | null };
  const meant = meantStyle(book, style, scene.guarded, scene.at);
  return wrongStyle(book.terms, style, meant, scene) ?? meant;
}

/** Why a stop that has been read cannot stand where it is asked for, or null. */
export function wrongStyle(terms: Terms, style: Style, meant: Style, scene: StyleScene): string | null {
  const { guarded, at } = scene;
  if (isTrailing(style.name)) {
    if (style.name === 'trailing_stop_pct' && style.value.gte(num('1'))) return 'stop_price_not_positive';
    return trailingPrice(terms, style, guarded, at).gt(ZERO) ? null : 'stop_price_not_positive';
  }
  const level = bracketLevel(terms, style, guarded, scene);
  if (level === null || level.lte(ZERO)) return 'stop_price_not_positive';
  const side = compare(ratio(level), at) * guarded;
  // A percent stop may come to stand on the price itself by rounding to the tick.
  const isWrong = isLossStyle(meant.name) ? side >= 0 : side <= 0;
  return isWrong ? 'stop_wrong_side' : null;
}
