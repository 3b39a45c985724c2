/**
 * BitMEX as it settles today and as its recorded positions of 2018 to 2023 obey: maintenance on the entry value, a commission
 * reserve that cancels out of the liquidation price, values rounded per lot. Partial liquidation by risk step is not modelled.
 */

import type { VenueRules } from '../rules.js';

export const bitmex: VenueRules = {
  name: 'bitmex',
  listing: 'bitmex',
  maintenanceBasis: 'entry',
  valueRounding: 'per_lot',
  liquidationRule: 'bitmex_ledger',
  feeReserve: 'ledger',
  openLossInOrderMargin: true,
  orderNetting: 'bitmex',
  crossProfitUse: 'all',
  marginModeSwitch: 'anytime',
  leverageChange: 'free',
  triggerDefault: 'mark',
  tierExposure: 'position_plus_orders',
};
