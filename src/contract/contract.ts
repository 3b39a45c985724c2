/**
 * A contract as the engine uses it: the numbers of its contract_info entry as exact integers and fractions, computed once.
 * Reading entries and filling defaults is contractInfo.ts; value and profit are payoff.ts.
 */

import type { Fraction } from '../money/decimal.js';
import type { Currency } from '../money/units.js';

export type ContractType = 'inverse' | 'linear' | 'quanto';

/** BitMEX-like risk steps: exposure above `base` adds the base maintenance rate per `step`. Both in the settlement currency's units. */
export interface RiskSteps {
  readonly base: bigint;
  readonly step: bigint;
}

export interface Contract {
  readonly venue: string;
  readonly symbol: string;
  readonly type: ContractType;
  readonly quoteCurrency: string;
  readonly settle: Currency;
  /** Contract multiplier M as written. */
  readonly multiplier: Fraction;
  /**
   * Settlement units per quantity unit at price 1: linear and quanto value = qty × valueScale × price; inverse value =
   * qty × valueScale / price. Holds M, the settlement unit and the quantity unit.
   */
  readonly valueScale: Fraction;
  readonly tick: Fraction;
  readonly tickF64: number;
  /** Digits of the tick; prices are printed with them. */
  readonly priceDecimals: number;
  /** Quantities are integers of 10^-qtyDecimals contracts. */
  readonly qtyDecimals: number;
  readonly qtyStep: bigint;
  readonly minQty: bigint;
  readonly initialMargin: Fraction;
  readonly maintenanceMargin: Fraction;
  readonly maxLeverage: Fraction;
  readonly takerFee: Fraction;
  readonly makerFee: Fraction;
  /** Milliseconds of the UTC day, ascending; empty when the contract has no funding. */
  readonly fundTimesMs: readonly number[];
  readonly riskSteps: RiskSteps | null;
}
