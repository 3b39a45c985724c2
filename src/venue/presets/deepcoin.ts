/**
 * Deepcoin: maintenance at the mark, the whole position at the rate of its tier, its own bounds for a leverage change, and a
 * change to cross at any time. The fee in maintenance, isolated funding, order margin and the default trigger price are
 * unconfirmed.
 */

import type { VenueRules } from '../rules.js';

export const deepcoin: VenueRules = {
  name: 'deepcoin',
  listing: 'deepcoin',
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
  withdrawRule: 'bitmex',
  removeRule: 'deepcoin',
  marginModeSwitch: 'deepcoin',
  leverageChange: 'deepcoin',
  triggerDefault: 'mark',
  tierExposure: 'position',
  bracketSide: 'reject',
  pctBase: 'price',
};
