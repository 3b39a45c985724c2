/**
 * Bybit's classic account: maintenance on the entry value with the deduction of its tiers, the closing fee in the isolated
 * margin and at bankruptcy in cross, isolated funding from what is available first. A leverage change resets added margin, as
 * everywhere.
 */

import type { VenueRules } from '../rules.js';

export const bybit: VenueRules = {
  name: 'bybit',
  listing: 'bybit',
  maintenanceBasis: 'entry',
  isolatedFee: 'cancels',
  crossFee: 'bankruptcy',
  tierModel: 'marginal',
  isolatedInitialBasis: 'entry',
  crossInitialBasis: 'entry',
  valueRounding: 'per_fill',
  liquidationRule: 'exact',
  liquidationInclusive: true,
  liquidationFill: 'bankruptcy',
  partialLiquidation: 'none',
  cancelScope: 'symbol',
  liquidationFeeRule: 'contract',
  isolatedFunding: 'available_first',
  hedgeMaintenance: 'larger',
  discountsAddedMargin: false,
  feeReserve: 'open_close',
  openLossInOrderMargin: false,
  orderNetting: 'max_side',
  crossProfitUse: 'all',
  withdrawRule: 'bitmex',
  removeRule: 'deepcoin',
  marginModeSwitch: 'flat',
  leverageChange: 'free',
  triggerDefault: 'last',
  tierExposure: 'position',
  bracketSide: 'reject',
  pctBase: 'price',
};
