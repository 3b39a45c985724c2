/**
 * Contracts of Bitget as far as sources give them. BTCUSDT is counted in BTC, with 0.4 % maintenance and 0.06 % taker fee
 * (cross position recorded in March 2025); the initial rate and the highest leverage are those of the risk limits sample of
 * the futures account API. Left to the user: min_qty, tick_size, maker_fee, and tiers and funding times if wanted.
 */

import type { EntryHistory } from '../contractEntry.js';

export const bitgetListing: Readonly<Record<string, EntryHistory>> = {
  BTCUSDT: {
    type: 'linear',
    multiplier: '1',
    quote_currency: 'USDT',
    settle_currency: 'USDT',
    initial_margin: '0.01',
    maintenance_margin: '0.004',
    max_leverage: '100',
    taker_fee: '0.0006',
  },
};
