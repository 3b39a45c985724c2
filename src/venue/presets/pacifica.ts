/**
 * Pacifica: the rules of Hyperliquid with flat rates and a liquidation fee of at least 0.75 % of the value. Spot collateral,
 * interest and balances locked by spot orders are not modelled; where isolated funding goes is unconfirmed.
 */

import type { VenueRules } from '../rules.js';
import { hyperliquid } from './hyperliquid.js';

export const pacifica: VenueRules = {
  ...hyperliquid,
  name: 'pacifica',
  listing: 'pacifica',
  tierModel: 'flat',
  liquidationFeeRule: 'pacifica',
};
