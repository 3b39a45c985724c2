/**
 * The record of choices that makes a venue: which basis, which rounding, which pocket. The engine reads these fields and
 * never a venue's name. One preset a file in presets/; the map of them is presets.ts.
 */

export interface VenueRules {
  /** The preset's name, as in `--account main:exchange=bitmex`. */
  readonly name: string;
  /** The venue whose contract listing it uses: `bitmex_2020` uses `bitmex`. */
  readonly listing: string;
  /** Maintenance margin on the entry value or on the value at the mark. */
  readonly maintenanceBasis: 'entry' | 'mark';
  /** How a fill's value is rounded to settlement units. */
  readonly valueRounding: 'per_fill' | 'per_contract' | 'per_lot';
  /**
   * `exact`: liquidation where the unrounded inequality holds. `bitmex_ledger`: where the mark reaches the liquidation price
   * of the integer ledger, lot value and tick rounded toward the entry, with a commission reserve in the position margin.
   */
  readonly liquidationRule: 'exact' | 'bitmex_ledger';
  /** Fees an order reserves: opening fee and closing fee at bankruptcy, the BitMEX ledger's two, or none. */
  readonly feeReserve: 'open_close' | 'ledger' | 'none';
  readonly openLossInOrderMargin: boolean;
  readonly orderNetting: 'max_side' | 'bitmex';
  /** Whether unrealised profit of cross positions backs new trades. */
  readonly crossProfitUse: 'all' | 'losses_only';
  /** When the margin mode may change. */
  readonly marginModeSwitch: 'flat_no_orders' | 'anytime';
  /**
   * How the leverage of an open isolated position may change: `free`, to anything that is covered; `deepcoin`, upward to where
   * the loss is half the new margin, downward to what all usable margin covers.
   */
  readonly leverageChange: 'free' | 'deepcoin';
  /** Which price sets stops off by default; `last` wherever no mark series exists. */
  readonly triggerDefault: 'last' | 'mark';
  /** What counts against the risk tiers when an order is admitted. */
  readonly tierExposure: 'position' | 'position_plus_orders';
}
