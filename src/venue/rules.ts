/**
 * The record of choices that makes a venue: which basis, which rounding, which pocket. The engine reads these fields and
 * never a venue's name. One preset a file in presets/; the map of them is presets.ts.
 */

/** Whether a closing fee counts as maintenance: on the basis, at bankruptcy, or not; `cancels`: it sits in the margin too. */
export type FeeInMaintenance = 'none' | 'basis' | 'bankruptcy' | 'cancels';

export interface VenueRules {
  /** The preset's name, as in `--account main:exchange=bitmex`. */
  readonly name: string;
  /** The venue whose contract listing it uses: `bitmex_2020` uses `bitmex`. */
  readonly listing: string;
  /** Maintenance margin on the entry value or on the value at the mark. */
  readonly maintenanceBasis: 'entry' | 'mark';
  readonly isolatedFee: FeeInMaintenance;
  readonly crossFee: FeeInMaintenance;
  /**
   * How a contract's table of tiers is read: the whole position at the rate it reaches, or each slice at its own. A `flat` venue
   * has no tables of its own; a table that a user gives it is read as steps.
   */
  readonly tierModel: 'flat' | 'step' | 'marginal';
  /** Cross margin and removable margin on the entry value or at the mark. */
  readonly isolatedInitialBasis: 'entry' | 'mark';
  readonly crossInitialBasis: 'entry' | 'mark';
  /** How a fill's value is rounded to settlement units. */
  readonly valueRounding: 'per_fill' | 'per_contract' | 'per_lot';
  /**
   * `exact`: liquidation where the unrounded inequality holds. `bitmex_ledger`: where the mark reaches the liquidation price
   * of the integer ledger, lot value and tick rounded toward the entry, with a commission reserve in the position margin.
   */
  readonly liquidationRule: 'exact' | 'bitmex_ledger';
  /** True where equity at the maintenance margin is already due (≤); false where it must be below (<). */
  readonly liquidationInclusive: boolean;
  /**
   * Where a take-over fills: at bankruptcy; at the worse of mark and last, the rest returned; or so while equity is above two
   * thirds of the maintenance margin, and everything lost at or below it.
   */
  readonly liquidationFill: 'bankruptcy' | 'mark' | 'backstop';
  /** Whether a position above the first tier is reduced before it is taken over. */
  readonly partialLiquidation: 'none' | 'one_tier' | 'two_tiers_from_third' | 'two_tiers_in_cross';
  /** Which orders a cross liquidation cancels: those of the positions' symbols, or all of the account. */
  readonly cancelScope: 'symbol' | 'account';
  /** Fee of a liquidation where the contract names none: `pacifica` max(0.75 %, 0.4 × maintenance rate). */
  readonly liquidationFeeRule: 'contract' | 'pacifica';
  /** Funding of an isolated position: from and into its margin, or from what is available first, and received there. */
  readonly isolatedFunding: 'position_margin' | 'available_first';
  /** Long and short of one symbol in cross: both are charged maintenance, or the larger. */
  readonly hedgeMaintenance: 'both' | 'larger';
  /** Margin added to an isolated inverse position counts less its own closing fee: ÷ (1 + s·f). */
  readonly discountsAddedMargin: boolean;
  /** Fees an order reserves: opening fee and closing fee at bankruptcy, the BitMEX ledger's two, or none. */
  readonly feeReserve: 'open_close' | 'ledger' | 'none';
  readonly openLossInOrderMargin: boolean;
  readonly orderNetting: 'max_side' | 'bitmex' | 'sum';
  /** Whether unrealised profit of cross positions backs new trades. */
  readonly crossProfitUse: 'all' | 'losses_only';
  /** What may be withdrawn: never unrealised profit; or Pacifica's rule. */
  readonly withdrawRule: 'bitmex' | 'pacifica';
  /** What must stay when margin is taken out: initial margin and closing fee; or max(IM, 0.1·V), profit may leave. */
  readonly removeRule: 'deepcoin' | 'hyperliquid';
  /** When the margin mode may change; `deepcoin`: to cross always, to isolated with one side held. */
  readonly marginModeSwitch: 'flat' | 'flat_no_orders' | 'deepcoin' | 'anytime';
  /**
   * How the leverage of an open isolated position may change: `free`, to anything that is covered; `deepcoin`, upward to where
   * the loss is half the new margin, downward to what all usable margin covers; `no_decrease`, not downward, in any mode;
   * `no_decrease_isolated`, not downward in isolated mode.
   */
  readonly leverageChange: 'free' | 'deepcoin' | 'no_decrease' | 'no_decrease_isolated';
  /** Which price sets stops off by default; `last` wherever no mark series exists. */
  readonly triggerDefault: 'last' | 'mark';
  /** What counts against the risk tiers when an order is admitted. */
  readonly tierExposure: 'position' | 'position_plus_orders';
  /** A bracket stop on the wrong side of the price: refused, or its label is corrected. */
  readonly bracketSide: 'reject' | 'infer';
  /** What the fraction of a percent stop is of. */
  readonly pctBase: 'price' | 'pnl';
}
