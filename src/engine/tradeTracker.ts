/**
 * Follows a position from flat to flat and turns it into one closed trade: averages over its fills, fees, funding, and how
 * far the price went against and for it. It watches what the account booked and changes nothing.
 */

import { computeUnrealizedPnl } from '../account/margin.js';
import type { Position } from '../account/position.js';
import type { Contract } from '../contract/contract.js';
import type { PositionSide } from '../contract/sides.js';
import { type Fraction, fractionOfF64 } from '../money/decimal.js';
import type { VenueRules } from '../venue/rules.js';
import type { ClosedTradeDraft } from './journal.js';
import type { FillReason } from './records.js';

const SUM_SCALE = 10n ** 30n;

interface OpenTrade {
  side: PositionSide;
  entryTimeMs: number;
  entryBar: number;
  openedQty: bigint;
  /** Σ q·φ(p) as q·p for linear, q/p for inverse: exact averages. */
  entrySum: Fraction;
  exitSum: Fraction;
  closedQty: bigint;
  entryValue: bigint;
  grossPnl: bigint;
  fees: bigint;
  funding: bigint;
  mae: bigint;
  mfe: bigint;
}

export class TradeTracker {
  readonly #contract: Contract;
  #trade: OpenTrade | null = null;
  /** Extremes of the last price since the position last changed. */
  #high = Number.NEGATIVE_INFINITY;
  #low = Number.POSITIVE_INFINITY;

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  get isOpen(): boolean {
    return this.#trade !== null;
  }

  /** Widens the range of prices that the open position has seen; an empty range (Infinity, −Infinity) changes nothing. */
  see(low: number, high: number): void {
    if (low < this.#low) this.#low = low;
    if (high > this.#high) this.#high = high;
  }

  /** Judges the extremes seen with the position as it is; to be called before it changes. */
  settleExcursions(rules: VenueRules, position: Position): void {
    const trade = this.#trade;
    if (trade !== null && position.qty !== 0n && this.#high >= this.#low) {
      for (const price of [this.#low, this.#high]) {
        const exact = fractionOfF64(price, this.#contract.priceDecimals);
        const profit = computeUnrealizedPnl(rules, position, exact);
        if (profit < trade.mae) trade.mae = profit;
        if (profit > trade.mfe) trade.mfe = profit;
      }
    }
    this.#high = Number.NEGATIVE_INFINITY;
    this.#low = Number.POSITIVE_INFINITY;
  }

  open(
    side: PositionSide,
    timeMs: number,
    bar: number,
    qty: bigint,
    price: Fraction,
    value: bigint,
    fee: bigint,
  ): void {
    this.#trade ??= {
      side,
      entryTimeMs: timeMs,
      entryBar: bar,
      openedQty: 0n,
      entrySum: { num: 0n, den: 1n },
      exitSum: { num: 0n, den: 1n },
      closedQty: 0n,
      entryValue: 0n,
      grossPnl: 0n,
      fees: 0n,
      funding: 0n,
      mae: 0n,
      mfe: 0n,
    };
    const trade = this.#trade;
    trade.openedQty += qty;
    trade.entrySum = this.#add(trade.entrySum, qty, price);
    trade.entryValue += value;
    trade.fees += fee;
  }

  /** @param profit gross, an insurance credit of the same close included. */
  close(qty: bigint, price: Fraction, profit: bigint, fee: bigint): void {
    const trade = this.#trade;
    if (trade === null) return;
    trade.closedQty += qty;
    trade.exitSum = this.#add(trade.exitSum, qty, price);
    trade.grossPnl += profit;
    trade.fees += fee;
  }

  fund(amount: bigint): void {
    if (this.#trade !== null) this.#trade.funding += amount;
  }

  /** Ends the trade: the position is flat. */
  finish(timeMs: number, bar: number, reason: FillReason): ClosedTradeDraft | null {
    const trade = this.#trade;
    if (trade === null) return null;
    this.#trade = null;
    const { grossPnl } = trade;
    return {
      contract: this.#contract,
      side: trade.side,
      entryTimeMs: trade.entryTimeMs,
      exitTimeMs: timeMs,
      bars: bar - trade.entryBar,
      qty: trade.openedQty,
      entryPrice: this.#average(trade.openedQty, trade.entrySum),
      exitPrice: this.#average(trade.closedQty, trade.exitSum),
      entryValue: trade.entryValue,
      grossPnl,
      fees: trade.fees,
      funding: trade.funding,
      netPnl: grossPnl - trade.fees + trade.funding,
      // No position does worse than it ended.
      mae: grossPnl < trade.mae ? grossPnl : trade.mae,
      mfe: grossPnl > trade.mfe ? grossPnl : trade.mfe,
      exitReason: reason,
    };
  }

  #add(sum: Fraction, qty: bigint, price: Fraction): Fraction {
    const inverse = this.#contract.type === 'inverse';
    const num = qty * (inverse ? price.den : price.num);
    const den = inverse ? price.num : price.den;
    if (sum.num === 0n) return { num, den };
    if (sum.den === den) return { num: sum.num + num, den };
    // Exact denominators would grow with every fill; thirty digits are far more than any table prints.
    return { num: (sum.num * SUM_SCALE) / sum.den + (num * SUM_SCALE) / den, den: SUM_SCALE };
  }

  #average(qty: bigint, sum: Fraction): Fraction {
    return this.#contract.type === 'inverse'
      ? { num: qty * sum.den, den: sum.num }
      : { num: sum.num, den: sum.den * qty };
  }

  clone(): TradeTracker {
    const copy = new TradeTracker(this.#contract);
    copy.#trade = this.#trade === null ? null : { ...this.#trade };
    copy.#high = this.#high;
    copy.#low = this.#low;
    return copy;
  }
}
