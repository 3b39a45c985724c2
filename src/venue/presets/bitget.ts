/**
 * Bitget: maintenance and taker fee at the mark, the whole position at the rate of its tier, in cross only the larger side of a
 * hedge charged and two tiers cut at a time. Isolated funding, order margin and the default trigger price are unconfirmed.
 */

import type { VenueRules } from '../rules.js';

export const bitget: VenueRules = {
  name: 'bitget',
  listing: 'bitget',
  maintenanceBasis: 'mark',
  isolatedFee: 'basis',
  crossFee: 'basis',
  tierModel: 'step',
  isolatedInitialBasis: 'entry',
  crossInitialBasis: 'entry',
  valueRounding: 'per_fill',
  liquidationRule: 'exact',
  liquidationInclusive: true,
  liquidationFill: 'bankruptcy',
  partialLiquidation: 'two_tiers_in_cross',
  cancelScope: 'account',
  liquidationFeeRule: 'contract',
  isolatedFunding: 'position_margin',
  hedgeMaintenance: 'larger',
  discountsAddedMargin: false,
  feeReserve: 'none',
  openLossInOrderMargin: false,
  orderNetting: 'sum',
  crossProfitUse: 'all',
  withdrawRule: 'bitmex',
  removeRule: 'deepcoin',
  marginModeSwitch: 'flat_no_orders',
  leverageChange: 'free',
  triggerDefault: 'mark',
  tierExposure: 'position',
  bracketSide: 'reject',
  pctBase: 'price',
};
