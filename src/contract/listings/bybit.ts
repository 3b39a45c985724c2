/**
 * Contracts of Bybit as far as sources give them. Left to the user: maker_fee, initial_margin (with max_leverage), tiers, and
 * maintenance_margin where it is not here.
 *
 * Linear contracts are counted in coins and pay a taker 0.055 %: help page "P&L calculations (USDT contract)", and an
 * execution report at a price of 95,900. Ticks and quantity steps are those that all prices and volumes of 5-minute candles of
 * 24 September 2025 to July 2026 have in common; the funding times those of the rates recorded in the same months.
 */

import type { ContractEntry, EntryHistory } from '../contractEntry.js';

const LINEAR: ContractEntry = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  fund_time: ['00:00', '08:00', '16:00'],
  taker_fee: '0.00055',
  valid_from: '2025-09-24',
};

export const bybitListing: Readonly<Record<string, EntryHistory>> = {
  // 0.5 %: the worked example of the help page "Liquidation Price (USDT Contract)", 1 BTC at 20,000.
  BTCUSDT: { ...LINEAR, maintenance_margin: '0.005', tick_size: '0.1', min_qty: '0.001' },
  ETHUSDT: { ...LINEAR, tick_size: '0.01', min_qty: '0.01' },
  SOLUSDT: { ...LINEAR, tick_size: '0.01', min_qty: '0.1' },
  ADAUSDT: { ...LINEAR, tick_size: '0.0001', min_qty: '1' },
  APEUSDT: { ...LINEAR, tick_size: '0.0001', min_qty: '0.1' },
  // Help page "How to calculate Liquidation Price (Inverse Contract)" of 2020. The least quantity is not stated.
  BTCUSD: {
    type: 'inverse',
    multiplier: '1',
    quote_currency: 'USD',
    settle_currency: 'BTC',
    maintenance_margin: '0.005',
    tick_size: '0.5',
    fund_time: ['00:00', '08:00', '16:00'],
    taker_fee: '0.00075',
    valid_until: '2021-01-01',
  },
};
