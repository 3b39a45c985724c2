/**
 * Perpetuals of Pacifica as far as sources give them: counted in coins (documentation, "Margin modes"), settled in USDC,
 * funding every hour. The fee of a liquidation is a rule of the venue, not of the contract. Left to the user: initial_margin,
 * maintenance_margin (half of 1 / max leverage), tick_size, min_qty, taker_fee, maker_fee.
 */

import type { EntryHistory } from '../contractEntry.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`);

export const pacificaListing: Readonly<Record<string, EntryHistory>> = {
  BTC: {
    type: 'linear',
    multiplier: '1',
    quote_currency: 'USDC',
    settle_currency: 'USDC',
    fund_time: HOURS,
  },
};
