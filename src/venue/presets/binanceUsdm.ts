/**
 * Binance USDⓈ-M futures: maintenance at the mark less the cumulative amount of the tier, take-over at the market with a
 * clearance fee that the contract names, what is left returned. Stops go by the last price unless asked otherwise; that default
 * is unconfirmed. The assumed price of short orders (a little above the last) is not modelled.
 */

import type { VenueRules } from '../rules.js';

export const binanceUsdm: VenueRules = {
  name: 'binance_usdm',
  listing: 'binance_usdm',
  maintenanceBasis: 'mark',
  isolatedFee: 'none',
  crossFee: 'none',
  tierModel: 'marginal',
  isolatedInitialBasis: 'mark',
  crossInitialBasis: 'mark',
  valueRounding: 'per_fill',
  liquidationRule: 'exact',
  liquidationInclusive: true,
  liquidationFill: 'mark',
  partialLiquidation: 'none',
  cancelScope: 'account',
  liquidationFeeRule: 'contract',
  isolatedFunding: 'position_margin',
  hedgeMaintenance: 'both',
  discountsAddedMargin: false,
  feeReserve: 'none',
  openLossInOrderMargin: true,
  orderNetting: 'max_side',
  crossProfitUse: 'all',
  withdrawRule: 'bitmex',
  removeRule: 'deepcoin',
  marginModeSwitch: 'flat_no_orders',
  leverageChange: 'no_decrease_isolated',
  triggerDefault: 'last',
  tierExposure: 'position',
  bracketSide: 'reject',
  pctBase: 'price',
};
