/**
 * USDT swaps of OKX as far as sources give them, under the symbols of candle files (BTCUSDT is BTC-USDT-SWAP). Left to the
 * user: the rates or tiers, taker_fee and maker_fee, and the ticks that are not here.
 *
 * One contract of ETH is 0.1 ETH (record of closed positions). Volumes of May to December 2022 come in steps of 0.1 ETH, one
 * contract, and by the same reading 0.01 BTC, 1 SOL and 1,000 DOGE; those of 2026 in hundredths of a contract. Ticks are those
 * that all recorded prices have in common; SOL and DOGE changed theirs during 2022. Funding times are those of the recorded
 * rates of 2026.
 */

import type { ContractEntry, EntryHistory } from '../contractEntry.js';

const SWAP: ContractEntry = {
  type: 'linear',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  fund_time: ['00:00', '08:00', '16:00'],
};

const IN_2022 = { min_qty: '1', valid_from: '2022-05-01', valid_until: '2023-01-01' };
const IN_2026 = { min_qty: '0.01' };

export const okxListing: Readonly<Record<string, EntryHistory>> = {
  BTCUSDT: [
    { ...SWAP, multiplier: '0.01', tick_size: '0.1', ...IN_2022 },
    { ...SWAP, multiplier: '0.01', tick_size: '0.1', ...IN_2026, valid_from: '2026-01-01' },
  ],
  ETHUSDT: [
    { ...SWAP, multiplier: '0.1', tick_size: '0.01', ...IN_2022 },
    { ...SWAP, multiplier: '0.1', tick_size: '0.01', ...IN_2026, valid_from: '2026-05-01' },
  ],
  SOLUSDT: [
    { ...SWAP, multiplier: '1', ...IN_2022 },
    { ...SWAP, multiplier: '1', tick_size: '0.01', ...IN_2026, valid_from: '2026-05-01' },
  ],
  DOGEUSDT: { ...SWAP, multiplier: '1000', ...IN_2022 },
};
