/**
 * A contract as the engine uses it: the numbers of its contract_info entry as exact integers and fractions, computed once.
 * Reading entries and filling defaults is contractInfo.ts; value and profit are payoff.ts.
 */

import type { Fraction } from '../money/decimal.js';
import type { Currency } from '../money/units.js';

export type ContractType = 'inverse' | 'linear' | 'quanto' | 'spot';

/** One tier of a venue's table. A tier holds from its floor up to the next one's; the floor belongs to it. */
export interface RiskTier {
  /** Lowest exposure: settlement units of value, or quantity units, as the table counts. */
  readonly floor: bigint;
  readonly initial: Fraction;
  readonly maintenance: Fraction;
  /** c of the marginal reading, in the units that the value has: maintenance margin is rate·value − c. 0 in tables of quantities. */
  readonly deduction: Fraction;
}

export interface RiskTierTable {
  readonly by: 'value' | 'qty';
  /** Ascending, the first at floor 0; not empty. */
  readonly tiers: readonly RiskTier[];
  /** Exposure beyond which an order is refused; null where the last tier has no end. */
  readonly limit: bigint | null;
}

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
  /** Null without a table; a contract has steps or a table, not both. */
  readonly tiers: RiskTierTable | null;
  /** Least value of an opening order in settlement units; null for none. */
  readonly minNotional: bigint | null;
  /** Rate of the value that a liquidation costs beside the taker fee; null where no source gives one. */
  readonly liquidationFee: Fraction | null;
  /** What a spot pair's quantity is of; null for contracts. Its decimals are at least qtyDecimals. */
  readonly base: Currency | null;
}
