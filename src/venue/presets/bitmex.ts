/**
 * BitMEX as it settles today and as its recorded positions of 2018 to 2023 obey: maintenance on the entry value, a commission
 * reserve that cancels out of the liquidation price, values rounded per lot. A liquidation lowers the position by risk steps first.
 */

import type { VenueRules } from '../rules.js';

export const bitmex: VenueRules = {
  name: 'bitmex',
  listing: 'bitmex',
  maintenanceBasis: 'entry',
  isolatedFee: 'cancels',
  crossFee: 'none',
  tierModel: 'step',
  isolatedInitialBasis: 'entry',
  crossInitialBasis: 'entry',
  valueRounding: 'per_lot',
  liquidationRule: 'bitmex_ledger',
  liquidationInclusive: true,
  liquidationFill: 'bankruptcy',
  partialLiquidation: 'one_tier',
  cancelScope: 'symbol',
  liquidationFeeRule: 'contract',
  isolatedFunding: 'position_margin',
  hedgeMaintenance: 'both',
  discountsAddedMargin: false,
  feeReserve: 'ledger',
  openLossInOrderMargin: true,
  orderNetting: 'bitmex',
  crossProfitUse: 'all',
  withdrawRule: 'bitmex',
  removeRule: 'deepcoin',
  marginModeSwitch: 'anytime',
  leverageChange: 'free',
  triggerDefault: 'mark',
  tierExposure: 'position_plus_orders',
  bracketSide: 'reject',
  pctBase: 'price',
};
