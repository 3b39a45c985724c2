/**
 * Reads an order call: decimals, options, bracket, rounding to tick and step. Everything here depends on the call, the
 * contract and the last price only; whether the account may trade is orderDesk.ts.
 */

import { roundToTick } from '../account/liquidation.js';
import type { Contract } from '../contract/contract.js';
import { oppositeSide, type Side } from '../contract/sides.js';
import { compareFractions, type Fraction, fractionToF64, parseFraction } from '../money/decimal.js';
import { pow10 } from '../money/units.js';
import type { BracketLeg, StopStyle, TriggerSource } from '../orders/order.js';
import { computeStopPrice } from '../orders/workingOrders.js';
import type { OrderRequest } from '../strategy/broker.js';
import type { DecimalInput, OrderStyle } from '../strategy/strategy.js';
import type { VenueRules } from '../venue/rules.js';
import { type Refusal, refusal } from './refusal.js';

/** A call that reads well; prices are on the tick. */
export interface ReadRequest {
  readonly type: 'market' | 'limit' | 'stop';
  readonly price: Fraction | null;
  readonly trigger: Fraction | null;
  /** On the step, rounded down; null for a percent order. */
  readonly qty: bigint | null;
  /** As asked, before rounding to the step: a request for a whole position takes dust along. */
  readonly askedQty: bigint;
  readonly pct: Fraction | null;
  readonly legs: readonly ReadLeg[];
}

/** A bracket leg of a call, as the stop it will become. */
export interface ReadLeg {
  readonly leg: BracketLeg;
  readonly side: Side;
  readonly firesOn: 'fall' | 'rise';
  /** Null for a percent style, whose price follows the fills. */
  readonly stop: Fraction | null;
}

const OPTION_NAMES = ['orderStyle', 'reduceOnly', 'postOnly', 'trigger', 'triggerBy', 'tag'];
const STYLES: readonly StopStyle[] = ['stop_loss', 'stop_profit', 'stop_loss_pct', 'stop_profit_pct'];

/** Shortest decimal text of a number, or the text itself, as an exact fraction; undefined when it is neither. */
export function readDecimal(input: unknown): Fraction | undefined {
  if (typeof input === 'number') return Number.isFinite(input) ? parseFraction(String(input)) : undefined;
  return typeof input === 'string' ? parseFraction(input.trim()) : undefined;
}

/** The fields of a venue's rules that decide how brackets are read. */
export type BracketRules = Pick<VenueRules, 'bracketSide' | 'pctBase'>;

/** How an account reads calls: its venue's brackets, and whether the symbol is held long and short beside each other. */
export interface ReadingRules {
  readonly brackets: BracketRules;
  readonly isHedged: boolean;
}

/** Reads a call against a contract. @param lastClose what a market order's bracket is checked against. */
export function readRequest(
  request: OrderRequest,
  contract: Contract,
  lastClose: Fraction,
  { brackets, isHedged }: ReadingRules,
): ReadRequest | Refusal {
  const { options } = request;
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) return refusal(400, 'unknown_option', { option: unknown, known: OPTION_NAMES.join(' ') });
  const price = readPrice(request.price, contract, request.side === 'buy' ? 'floor' : 'ceil');
  if (price === undefined) return refusal(400, 'price_not_positive', { price: request.price });
  const trigger = readPrice(options.trigger ?? null, contract, 'nearest');
  if (trigger === undefined) return refusal(400, 'trigger_not_positive', { trigger: options.trigger });
  if (price !== null && trigger !== null) return refusal(400, 'trigger_needs_market_order', { price: request.price });
  if (options.postOnly === true && price === null) return refusal(400, 'post_only_needs_limit_price');
  const { triggerBy } = options;
  if (triggerBy !== undefined && triggerBy !== 'last' && triggerBy !== 'mark') {
    return refusal(400, 'unknown_trigger_source', { triggerBy });
  }
  const amount = readDecimal(request.amount);
  if (amount === undefined || amount.num <= 0n) return refusal(400, 'qty_not_positive', { qty: request.amount });
  if (request.isPct && amount.num > amount.den) return refusal(400, 'pct_above_one', { pct: request.amount });
  const askedQty = request.isPct ? 0n : (amount.num * pow10(contract.qtyDecimals)) / amount.den;
  // A reduce-only order to open would have to close the other side, which no order of a hedge does.
  if (isHedged && request.effect === 'open' && options.reduceOnly === true) return refusal(70002, 'side_not_in_mode');
  const legs = readLegs(request, contract, price ?? trigger ?? lastClose, brackets);
  if ('reason' in legs) return legs;
  return {
    type: trigger !== null ? 'stop' : price !== null ? 'limit' : 'market',
    price,
    trigger,
    qty: request.isPct ? null : askedQty - (askedQty % contract.qtyStep),
    askedQty,
    pct: request.isPct ? amount : null,
    legs: legs.legs,
  };
}

/** Null for no price, undefined for one that is not a positive decimal; otherwise on the tick. */
function readPrice(
  input: DecimalInput | null,
  contract: Contract,
  rounding: 'floor' | 'ceil' | 'nearest',
): Fraction | null | undefined {
  if (input === null) return null;
  const price = readDecimal(input);
  if (price === undefined || price.num <= 0n) return undefined;
  const rounded = roundToTick(contract, price, rounding);
  return rounded.num > 0n ? rounded : undefined;
}

/** The bracket legs of a call, each on the right side of the reference price, or why not. */
function readLegs(
  request: OrderRequest,
  contract: Contract,
  reference: Fraction,
  rules: BracketRules,
): { legs: ReadRequest['legs'] } | Refusal {
  const { orderStyle } = request.options;
  if (orderStyle === undefined) return { legs: [] };
  const styles: readonly OrderStyle[] = Array.isArray(orderStyle) ? orderStyle : [orderStyle as OrderStyle];
  // The stops of an opening call trade against it; those of a closing call guard what it leaves.
  const side = request.effect === 'open' ? oppositeSide(request.side) : request.side;
  const legs: ReadLeg[] = [];
  for (const style of styles) {
    const leg = readLeg(style, side, contract, reference, rules);
    if ('reason' in leg) return leg;
    legs.push(leg);
  }
  return { legs };
}

function readLeg(
  style: OrderStyle,
  side: Side,
  contract: Contract,
  reference: Fraction,
  rules: BracketRules,
): ReadLeg | Refusal {
  if (!STYLES.includes(style.name))
    return refusal(400, 'unknown_order_style', { name: style.name, known: STYLES.join(' ') });
  const value = readDecimal(style.value);
  if (value === undefined || value.num <= 0n) return refusal(400, 'stop_value_not_positive', { value: style.value });
  const isPct = style.name.endsWith('_pct');
  const isOfInverseResult = isPct && rules.pctBase === 'pnl' && contract.type === 'inverse';
  const asked = { style: style.name, isLoss: style.name.startsWith('stop_loss'), value, isOfInverseResult };
  const stop = computeStopPrice({ leg: asked, side }, reference);
  const rounded = stop === null || stop.num <= 0n ? null : roundToTick(contract, stop, 'nearest');
  if (rounded === null || rounded.num <= 0n) return refusal(400, 'stop_price_not_positive', { value: style.value });
  const order = compareFractions(rounded, reference);
  // A sell guards a long: its loss stop lies below, its profit stop above.
  const isBelow = (side === 'sell') === asked.isLoss;
  const isWrong = isBelow ? order >= 0 : order <= 0;
  if (isWrong && (rules.bracketSide === 'reject' || order === 0)) return wrongSide(side, style, rounded, reference);
  const leg: BracketLeg = isWrong ? { ...asked, style: oppositeStyle(asked.style), isLoss: !asked.isLoss } : asked;
  const firesOn = isBelow !== isWrong ? 'fall' : 'rise';
  return { leg, side, firesOn, stop: isPct ? null : rounded };
}

/** The label that the price says, where a venue corrects it. */
function oppositeStyle(style: StopStyle): StopStyle {
  const [kind, other] = style.startsWith('stop_loss') ? ['stop_loss', 'stop_profit'] : ['stop_profit', 'stop_loss'];
  return style.replace(kind!, other!) as StopStyle;
}

function wrongSide(side: Side, style: OrderStyle, stop: Fraction, reference: Fraction): Refusal {
  return refusal(400, 'stop_wrong_side', {
    style: style.name,
    stop: fractionToF64(stop),
    price: fractionToF64(reference),
    needed: side === 'sell' ? 'stop_loss < price < stop_profit' : 'stop_profit < price < stop_loss',
  });
}

/** The price that sets a stop off: as asked, else the venue's default; the last price where there is no mark series. */
export function triggerSourceOf(
  asked: TriggerSource | undefined,
  venueDefault: TriggerSource,
  hasMark: boolean,
): TriggerSource {
  return hasMark ? (asked ?? venueDefault) : 'last';
}
