/**
 * Reads an order call: decimals, options, rounding to tick and step. Everything here depends on the call and the contract only;
 * stops are bracketRequest.ts, whether the account may trade is orderEntry.ts.
 */

import { roundToTick } from '../account/liquidation.js';
import type { Contract } from '../contract/contract.js';
import type { Fraction } from '../money/decimal.js';
import { pow10 } from '../money/units.js';
import type { OrderType, TimeInForce, TriggerSource } from '../orders/order.js';
import type { OrderRequest } from '../strategy/broker.js';
import { readDecimal, readPositive } from './readDecimal.js';
import { type Refusal, refusal } from './refusal.js';

/** A call that reads well, but for its stops and its leverage; prices are on the tick. */
export interface ReadRequest {
  readonly type: OrderType;
  readonly price: Fraction | null;
  readonly trigger: Fraction | null;
  readonly timeInForce: TimeInForce;
  /** On the step, rounded down; null for an order that is sized later. */
  readonly qty: bigint | null;
  /** As asked, before rounding to the step: a request for a whole position takes dust along. */
  readonly askedQty: bigint;
  readonly pct: Fraction | null;
  /** Value over wallet. */
  readonly pob: Fraction | null;
}

const OPTION_NAMES = ['orderStyle', 'reduceOnly', 'postOnly', 'timeInForce', 'trigger', 'triggerBy', 'leverage', 'tag'];
const TIMES_IN_FORCE: readonly TimeInForce[] = ['gtc', 'ioc', 'fok'];

/** Reads a call against a contract. */
export function readRequest(request: OrderRequest, contract: Contract): ReadRequest | Refusal {
  const { options } = request;
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) return refusal(400, 'unknown_option', { option: unknown, known: OPTION_NAMES.join(' ') });
  const price = readPrice(request.price, contract, request.side === 'buy' ? 'floor' : 'ceil');
  if (price === undefined) return refusal(400, 'price_not_positive', { price: request.price });
  const trigger = readPrice(options.trigger ?? null, contract, 'nearest');
  if (trigger === undefined) return refusal(400, 'trigger_not_positive', { trigger: options.trigger });
  const terms = readTerms(request, price === null || trigger !== null);
  if ('reason' in terms) return terms;
  const size = readSize(request, contract);
  if ('reason' in size) return size;
  if (options.leverage !== undefined && (request.kind === 'spot' || request.effect === 'close')) {
    return refusal(400, 'leverage_needs_opening_order');
  }
  return { type: typeOf(price !== null, trigger !== null), price, trigger, ...terms, ...size };
}

/** The type of an order that has a limit price, or a trigger, or both. */
export function typeOf(hasPrice: boolean, hasTrigger: boolean): OrderType {
  if (hasPrice) return hasTrigger ? 'stop_limit' : 'limit';
  return hasTrigger ? 'stop' : 'market';
}

/** @param isTaking whether the order is none that rests from the start. */
function readTerms({ options }: OrderRequest, isTaking: boolean): Pick<ReadRequest, 'timeInForce'> | Refusal {
  const timeInForce = TIMES_IN_FORCE.find((known) => known === (options.timeInForce ?? 'gtc'));
  if (timeInForce === undefined) {
    return refusal(400, 'unknown_time_in_force', { timeInForce: options.timeInForce, known: TIMES_IN_FORCE.join(' ') });
  }
  if (options.postOnly === true && timeInForce !== 'gtc') return refusal(400, 'post_only_needs_gtc', { timeInForce });
  if (options.postOnly === true && isTaking) return refusal(400, 'post_only_needs_limit_price');
  const { triggerBy } = options;
  if (triggerBy !== undefined && triggerBy !== 'last' && triggerBy !== 'mark') {
    return refusal(400, 'unknown_trigger_source', { triggerBy });
  }
  return { timeInForce };
}

/** How much an order is for, in the way that its call says it. */
function readSize(
  { amount, sizing }: OrderRequest,
  contract: Contract,
): Pick<ReadRequest, 'qty' | 'askedQty' | 'pct' | 'pob'> | Refusal {
  if (sizing === 'pob' && amount === undefined) return refusal(400, 'no_selection', { symbol: contract.symbol });
  const value = readPositive(amount);
  if (value === undefined) return refusal(400, 'qty_not_positive', { qty: amount });
  if (sizing === 'pct' && value.num > value.den) return refusal(400, 'pct_above_one', { pct: amount });
  if (sizing !== 'qty') {
    return { qty: null, askedQty: 0n, pct: sizing === 'pct' ? value : null, pob: sizing === 'pob' ? value : null };
  }
  const askedQty = toQty(value, contract);
  return { qty: askedQty - (askedQty % contract.qtyStep), askedQty, pct: null, pob: null };
}

/** A number of contracts in quantity units, rounded down. */
export function toQty(value: Fraction, contract: Contract): bigint {
  return (value.num * pow10(contract.qtyDecimals)) / value.den;
}

/** Null for no price, undefined for one that is not a positive decimal; otherwise on the tick. */
export function readPrice(
  input: unknown,
  contract: Contract,
  rounding: 'floor' | 'ceil' | 'nearest',
): Fraction | null | undefined {
  if (input === null) return null;
  const price = readDecimal(input);
  if (price === undefined || price.num <= 0n) return undefined;
  const rounded = roundToTick(contract, price, rounding);
  return rounded.num > 0n ? rounded : undefined;
}

/** The price that sets a stop off: as asked, else the venue's default; the last price where there is no mark series. */
export function triggerSourceOf(
  asked: TriggerSource | undefined,
  venueDefault: TriggerSource,
  hasMark: boolean,
): TriggerSource {
  return hasMark ? (asked ?? venueDefault) : 'last';
}
