/**
 * The built-in listings by venue. A listing is one file; a venue's contracts with their sources are there.
 */

import type { EntryField, Listings } from './contractEntry.js';
import { binanceCoinmListing } from './listings/binanceCoinm.js';
import { binanceUsdmListing } from './listings/binanceUsdm.js';
import { bitgetListing } from './listings/bitget.js';
import { bitmexListing } from './listings/bitmex.js';
import { bybitListing } from './listings/bybit.js';
import { deepcoinListing } from './listings/deepcoin.js';
import { hyperliquidListing } from './listings/hyperliquid.js';
import { okxListing } from './listings/okx.js';
import { pacificaListing } from './listings/pacifica.js';

export const BUILT_IN: Listings = {
  bitmex: bitmexListing,
  bybit: bybitListing,
  binance_usdm: binanceUsdmListing,
  binance_coinm: binanceCoinmListing,
  okx: okxListing,
  bitget: bitgetListing,
  deepcoin: deepcoinListing,
  pacifica: pacificaListing,
  hyperliquid: hyperliquidListing,
};

/** Fields that the rules of a venue need of its contracts, asked for together with those that a built-in entry lacks. */
export const NEEDED_BY_RULES: Readonly<Record<string, readonly EntryField[]>> = {
  binance_usdm: ['liquidation_fee'],
  binance_coinm: ['liquidation_fee'],
};
