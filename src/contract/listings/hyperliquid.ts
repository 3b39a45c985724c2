/**
 * Perpetuals of Hyperliquid as far as sources give them: counted in coins, settled in USDC, funding every hour, no fee of a
 * liquidation, maintenance half of the initial rate of the highest leverage (documentation, "Margining" and "Liquidations").
 * The leverages are those of positions that the venue reported in 2024, with BTC near 63,000 (tests of freqtrade, 3b1fb5af);
 * they have changed since, so compare them with the venue's own. Left to the user: tick_size, min_qty, taker_fee, maker_fee.
 */

import type { ContractEntry, EntryHistory } from '../contractEntry.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`);

const PERPETUAL: ContractEntry = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDC',
  settle_currency: 'USDC',
  fund_time: HOURS,
  liquidation_fee: '0',
};

const UP_TO_50 = { initial_margin: '0.02', maintenance_margin: '0.01', max_leverage: '50' };
const UP_TO_20 = { initial_margin: '0.05', maintenance_margin: '0.025', max_leverage: '20' };

export const hyperliquidListing: Readonly<Record<string, EntryHistory>> = {
  BTC: { ...PERPETUAL, ...UP_TO_50 },
  ETH: { ...PERPETUAL, ...UP_TO_50 },
  SOL: { ...PERPETUAL, ...UP_TO_20 },
  DOGE: { ...PERPETUAL, ...UP_TO_20 },
};
