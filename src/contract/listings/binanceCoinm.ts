/**
 * COIN-M contracts of Binance as far as sources give them: one contract of BTC is 100 USD (position record, BTCUSD). Tick and
 * quantity step are those of the recorded minutes of 13 December 2022. Left to the user: the rates or tiers (of the tiers only
 * one floor is published in "How to Calculate Liquidation Price of COIN-M Futures Contracts"), both fees, liquidation_fee.
 */

import type { EntryHistory } from '../contractEntry.js';

export const binanceCoinmListing: Readonly<Record<string, EntryHistory>> = {
  BTCUSD_PERP: {
    type: 'inverse',
    multiplier: '100',
    quote_currency: 'USD',
    settle_currency: 'BTC',
    tick_size: '0.1',
    min_qty: '1',
    fund_time: ['00:00', '08:00', '16:00'],
    valid_from: '2022-12-13',
  },
};
