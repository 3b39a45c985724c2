/**
 * Reads the stops of a call: styles, values, and on which side of the price each of them is. A percent stop is checked at the
 * price it would have if the order filled at the reference price. Whether the order may be given is not decided here.
 */

import { roundToTick } from '../account/liquidation.js';
import type { Contract } from '../contract/contract.js';
import { oppositeSide, type Side } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import type { BracketLeg, PctBase, StopStyle } from '../orders/order.js';
import { computeStopPrice, computeTrailingLevel, isPercent, isTrailing } from '../orders/stopPrice.js';
import type { OrderRequest } from '../strategy/broker.js';
import type { DecimalInput, OrderStyle } from '../strategy/strategy.js';
import type { VenueRules } from '../venue/rules.js';
import { readDecimal } from './readDecimal.js';
import { type Refusal, refusal } from './refusal.js';

/** A bracket leg of a call, as the stop it will become. */
export interface ReadLeg {
  readonly leg: BracketLeg;
  readonly side: Side;
  readonly firesOn: 'fall' | 'rise';
  /** Null for a style by percent or that trails, whose price follows the fills. */
  readonly stop: Fraction | null;
}

/** A stop as it was asked for, unread. */
export interface AskedStyle {
  readonly name: unknown;
  readonly value: unknown;
  readonly base?: unknown;
}

/** What the stops of an order are read by. */
export interface BracketTerms {
  readonly contract: Contract;
  /** The fields of a venue's rules that decide how brackets are read. */
  readonly rules: Pick<VenueRules, 'bracketSide' | 'pctBase'>;
  /** On which side of this price a stop must be. */
  readonly reference: Fraction;
  /** What a percent stop is worked out from. */
  readonly entry: Fraction;
  /** Initial margin over value, 1/L. */
  readonly marginRate: Fraction;
}

const STYLES: readonly StopStyle[] = [
  'stop_loss',
  'stop_profit',
  'stop_loss_pct',
  'stop_profit_pct',
  'trailing_stop',
  'trailing_stop_pct',
];
const BASES: readonly PctBase[] = ['price', 'pnl', 'roe'];

/** The side that the stops of an order trade: against an opening one; those of a closing one guard what it leaves. */
export function stopSideOf({ side, effect }: Pick<OrderRequest, 'side' | 'effect'>): Side {
  return effect === 'open' ? oppositeSide(side) : side;
}

/** The bracket legs of a call, each on the right side of the reference price, or why not. */
export function readLegs(request: OrderRequest, terms: BracketTerms): { legs: readonly ReadLeg[] } | Refusal {
  const { orderStyle } = request.options;
  if (orderStyle === undefined) return { legs: [] };
  const styles: readonly OrderStyle[] = Array.isArray(orderStyle) ? orderStyle : [orderStyle as OrderStyle];
  const side = stopSideOf(request);
  const legs: ReadLeg[] = [];
  for (const style of styles) {
    const leg = readLeg(style, side, terms);
    if ('reason' in leg) return leg;
    legs.push(leg);
  }
  return { legs };
}

/** One stop, or why it cannot be. @param side that it trades. */
export function readLeg(asked: AskedStyle, side: Side, terms: BracketTerms): ReadLeg | Refusal {
  const style = STYLES.find((known) => known === asked.name);
  if (style === undefined) return refusal(400, 'unknown_order_style', { name: asked.name, known: STYLES.join(' ') });
  const base = readBase(style, asked.base, terms.rules.pctBase);
  if (typeof base !== 'string') return base;
  const value = readDecimal(asked.value);
  if (value === undefined || value.num <= 0n) return refusal(400, 'stop_value_not_positive', { value: asked.value });
  const isLoss = !style.startsWith('stop_profit');
  return placeLeg({ style, isLoss, value, base }, side, terms, asked.value as DecimalInput);
}

/** What a fraction is of: as asked, else as the venue has it; a stop that is no share of a result has no choice. */
function readBase(style: StopStyle, asked: unknown, venue: PctBase): PctBase | Refusal {
  const isChoice = isPercent(style) && !isTrailing(style);
  if (asked === undefined) return isChoice ? venue : 'price';
  if (!isChoice) return refusal(400, 'base_needs_pct_style', { name: style });
  const base = BASES.find((known) => known === asked);
  return base ?? refusal(400, 'unknown_base', { base: asked, known: BASES.join(' ') });
}

/** Where a leg would stand for an order at the reference price, or why it cannot. @param shown the value as a refusal tells it. */
export function placeLeg(asked: BracketLeg, side: Side, terms: BracketTerms, shown: DecimalInput): ReadLeg | Refusal {
  const { contract, reference, rules } = terms;
  const notPositive = refusal(400, 'stop_price_not_positive', { value: shown });
  // A sell guards a long: its loss stop lies below, its profit stop above.
  const isBelow = (side === 'sell') === asked.isLoss;
  if (isTrailing(asked.style)) {
    const isWhole = asked.style === 'trailing_stop_pct' && asked.value.num >= asked.value.den;
    const first = roundToTick(contract, computeTrailingLevel(asked, side, reference), 'nearest');
    if (isWhole || first.num <= 0n) return notPositive;
    return { leg: asked, side, firesOn: isBelow ? 'fall' : 'rise', stop: null };
  }
  const { entry, marginRate } = terms;
  const basis = { price: entry, isInverse: contract.type === 'inverse', marginRate };
  const stop = computeStopPrice(asked, side, basis);
  const rounded = stop === null || stop.num <= 0n ? null : roundToTick(contract, stop, 'nearest');
  if (rounded === null || rounded.num <= 0n) return notPositive;
  const order = compareFractions(rounded, reference);
  const isWrong = isBelow ? order >= 0 : order <= 0;
  // Another label would put a percent stop on the other side of its entry, not where it was asked for.
  const isCorrectable = rules.bracketSide === 'infer' && order !== 0 && !isPercent(asked.style);
  if (isWrong && !isCorrectable) return wrongSide(side, asked, rounded, reference);
  const leg: BracketLeg = isWrong ? { ...asked, style: oppositeStyle(asked.style), isLoss: !asked.isLoss } : asked;
  const firesOn = isBelow !== isWrong ? 'fall' : 'rise';
  return { leg, side, firesOn, stop: isPercent(asked.style) ? null : rounded };
}

/** The label that the price says, where a venue corrects it. */
function oppositeStyle(style: StopStyle): StopStyle {
  const [kind, other] = style.startsWith('stop_loss') ? ['stop_loss', 'stop_profit'] : ['stop_profit', 'stop_loss'];
  return style.replace(kind!, other!) as StopStyle;
}

function wrongSide(side: Side, { style }: BracketLeg, stop: Fraction, reference: Fraction): Refusal {
  return refusal(400, 'stop_wrong_side', {
    style,
    stop: fractionToF64(stop),
    price: fractionToF64(reference),
    needed: side === 'sell' ? 'stop_loss < price < stop_profit' : 'stop_profit < price < stop_loss',
  });
}
