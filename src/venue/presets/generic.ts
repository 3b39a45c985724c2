/**
 * A venue of no known rules: maintenance at the mark, flat tiers unless the contract has steps, take-over at the bankruptcy
 * price, stops on the last price. For contracts that a user describes in a contract_info file.
 */

import type { VenueRules } from '../rules.js';

export const generic: VenueRules = {
  name: 'generic',
  listing: 'generic',
  maintenanceBasis: 'mark',
  isolatedFee: 'none',
  crossFee: 'none',
  tierModel: 'flat',
  isolatedInitialBasis: 'entry',
  crossInitialBasis: 'entry',
  valueRounding: 'per_fill',
  liquidationRule: 'exact',
  liquidationInclusive: true,
  liquidationFill: 'bankruptcy',
  partialLiquidation: 'none',
  cancelScope: 'symbol',
  liquidationFeeRule: 'contract',
  isolatedFunding: 'position_margin',
  hedgeMaintenance: 'both',
  discountsAddedMargin: false,
  feeReserve: 'open_close',
  openLossInOrderMargin: true,
  orderNetting: 'max_side',
  crossProfitUse: 'all',
  withdrawRule: 'bitmex',
  removeRule: 'deepcoin',
  marginModeSwitch: 'flat_no_orders',
  leverageChange: 'deepcoin',
  triggerDefault: 'last',
  tierExposure: 'position',
  bracketSide: 'reject',
  pctBase: 'price',
};
