/**
 * USDⓈ-M contracts of Binance as far as sources give them. Left to the user: taker_fee, maker_fee, liquidation_fee, and the
 * rates or tiers, tick_size and min_qty that are not here.
 *
 * Contracts are counted in coins (position records of 2022 and 2024). Tables of tiers: those of Binance that freqtrade's tests
 * (commit c9ae5e1e9) hold, of a day that they do not state; their maintenance amounts are the deductions computed here. The
 * table of 18 March 2021 is known in its maintenance rates only, and so is not here. Ticks and quantity steps are those that
 * all prices and volumes of recorded candles have in common, and the funding times those of the recorded rates, from the
 * month of valid_from on. SOLUSDT changed its tick in the recorded months.
 */

import type { ContractEntry, EntryHistory } from '../contractEntry.js';

const LINEAR: ContractEntry = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  fund_time: ['00:00', '08:00', '16:00'],
};

export const binanceUsdmListing: Readonly<Record<string, EntryHistory>> = {
  BTCUSDT: {
    ...LINEAR,
    tick_size: '0.1',
    min_qty: '0.001',
    tiers: [
      { upTo: '50000', max_leverage: '125', mm: '0.004' },
      { upTo: '250000', max_leverage: '100', mm: '0.005' },
      { upTo: '1000000', max_leverage: '50', mm: '0.01' },
      { upTo: '7500000', max_leverage: '20', mm: '0.025' },
      { upTo: '40000000', max_leverage: '10', mm: '0.05' },
      { upTo: '100000000', max_leverage: '5', mm: '0.1' },
      { upTo: '200000000', max_leverage: '4', mm: '0.125' },
      { upTo: '400000000', max_leverage: '3', mm: '0.15' },
      { upTo: '600000000', max_leverage: '2', mm: '0.25' },
      { upTo: '1000000000', max_leverage: '1', mm: '0.5' },
    ],
    valid_from: '2023-01-01',
  },
  ETHUSDT: { ...LINEAR, tick_size: '0.01', min_qty: '0.001', valid_from: '2023-01-01' },
  SOLUSDT: { ...LINEAR, min_qty: '0.01', valid_from: '2025-03-01' },
  DOGEUSDT: { ...LINEAR, tick_size: '0.00001', min_qty: '1', valid_from: '2025-12-01' },
  ATOMUSDT: { ...LINEAR, tick_size: '0.001', min_qty: '0.01', valid_from: '2026-01-01' },
  '1000PEPEUSDT': {
    ...LINEAR,
    tick_size: '0.0000001',
    min_qty: '1',
    valid_from: '2023-05-01',
    valid_until: '2024-06-01',
  },
  ENAUSDT: {
    ...LINEAR,
    tick_size: '0.0001',
    min_qty: '1',
    fund_time: ['00:00', '04:00', '08:00', '12:00', '16:00', '20:00'],
    valid_from: '2025-03-01',
    valid_until: '2025-07-01',
  },
  BNBUSDT: {
    ...LINEAR,
    tiers: [
      { upTo: '10000', max_leverage: '75', mm: '0.0065' },
      { upTo: '50000', max_leverage: '50', mm: '0.01' },
      { upTo: '250000', max_leverage: '25', mm: '0.02' },
      { upTo: '1000000', max_leverage: '10', mm: '0.05' },
      { upTo: '2000000', max_leverage: '5', mm: '0.1' },
      { upTo: '5000000', max_leverage: '4', mm: '0.125' },
      { upTo: '10000000', max_leverage: '3', mm: '0.15' },
      { upTo: '20000000', max_leverage: '2', mm: '0.25' },
      { upTo: '50000000', max_leverage: '1', mm: '0.5' },
    ],
  },
  ZECUSDT: {
    ...LINEAR,
    tiers: [
      { upTo: '50000', max_leverage: '50', mm: '0.01' },
      { upTo: '150000', max_leverage: '20', mm: '0.025' },
      { upTo: '250000', max_leverage: '10', mm: '0.05' },
      { upTo: '500000', max_leverage: '5', mm: '0.1' },
      { upTo: '1000000', max_leverage: '4', mm: '0.125' },
      { upTo: '2000000', max_leverage: '2', mm: '0.25' },
      { upTo: '30000000', max_leverage: '1', mm: '0.5' },
    ],
  },
};
