/**
 * OKX: maintenance and taker fee at the mark, the whole position at the rate of the tier that its contracts reach, a large
 * position cut by two tiers at a time before it is taken over. Isolated funding as since June 2024. Order margin and the
 * default trigger price are unconfirmed.
 */

import type { VenueRules } from '../rules.js';

export const okx: VenueRules = {
  name: 'okx',
  listing: 'okx',
  maintenanceBasis: 'mark',
  isolatedFee: 'basis',
  crossFee: 'basis',
  tierModel: 'step',
  isolatedInitialBasis: 'entry',
  crossInitialBasis: 'mark',
  valueRounding: 'per_fill',
  liquidationRule: 'exact',
  liquidationInclusive: true,
  liquidationFill: 'bankruptcy',
  partialLiquidation: 'two_tiers_from_third',
  cancelScope: 'symbol',
  liquidationFeeRule: 'contract',
  isolatedFunding: 'position_margin',
  hedgeMaintenance: 'both',
  discountsAddedMargin: false,
  feeReserve: 'none',
  openLossInOrderMargin: false,
  orderNetting: 'sum',
  crossProfitUse: 'all',
  withdrawRule: 'bitmex',
  removeRule: 'deepcoin',
  marginModeSwitch: 'flat_no_orders',
  leverageChange: 'free',
  triggerDefault: 'last',
  tierExposure: 'position',
  bracketSide: 'reject',
  pctBase: 'price',
};
