/**
 * Contracts of Deepcoin as far as sources give them: a contract of DOT-USDT-SWAP is 0.1 DOT (position sample of November 2025).
 * Left to the user: everything else.
 */

import type { EntryHistory } from '../contractEntry.js';

export const deepcoinListing: Readonly<Record<string, EntryHistory>> = {
  DOTUSDT: {
    type: 'linear',
    multiplier: '0.1',
    quote_currency: 'USDT',
    settle_currency: 'USDT',
    valid_from: '2025-11-01',
  },
};
