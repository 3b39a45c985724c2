/**
 * Binance COIN-M futures: the rules of USDⓈ-M futures, and leverage of an open position may not be lowered in any mode.
 */

import type { VenueRules } from '../rules.js';
import { binanceUsdm } from './binanceUsdm.js';

export const binanceCoinm: VenueRules = {
  ...binanceUsdm,
  name: 'binance_coinm',
  listing: 'binance_coinm',
  leverageChange: 'no_decrease',
};
