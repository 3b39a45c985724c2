/**
 * Hyperliquid: everything at the mark, maintenance half of the initial rate of the highest leverage, due only below it; a take-
 * over at the market while equity is above two thirds of the maintenance margin, all lost at or below. Funding is at the mark
 * here, on the venue at the oracle price; its first liquidation of a fifth is one event.
 */

import type { VenueRules } from '../rules.js';

export const hyperliquid: VenueRules = {
  name: 'hyperliquid',
  listing: 'hyperliquid',
  maintenanceBasis: 'mark',
  isolatedFee: 'none',
  crossFee: 'none',
  tierModel: 'marginal',
  isolatedInitialBasis: 'mark',
  crossInitialBasis: 'mark',
  valueRounding: 'per_fill',
  liquidationRule: 'exact',
  liquidationInclusive: false,
  liquidationFill: 'backstop',
  partialLiquidation: 'none',
  cancelScope: 'symbol',
  liquidationFeeRule: 'contract',
  isolatedFunding: 'position_margin',
  hedgeMaintenance: 'both',
  discountsAddedMargin: false,
  feeReserve: 'none',
  openLossInOrderMargin: false,
  orderNetting: 'sum',
  crossProfitUse: 'all',
  withdrawRule: 'pacifica',
  removeRule: 'hyperliquid',
  marginModeSwitch: 'flat',
  leverageChange: 'no_decrease',
  triggerDefault: 'mark',
  tierExposure: 'position',
  bracketSide: 'reject',
  pctBase: 'price',
};
