/**
 * The built-in figures once more, as tables: what a contract is worth and counted in, what it trades in, its rates, its funding and
 * from when to when. A figure that changes changes in two places, with its source beside the first.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { ContractEntry } from './contractEntry.js';
import { BUILT_IN, NEEDED_BY_RULES } from './listings.js';

const entriesOf = (venue: string, symbol: string): readonly ContractEntry[] =>
  [BUILT_IN[venue]![symbol]!].flat() as readonly ContractEntry[];

const ALL = Object.entries(BUILT_IN).flatMap(([venue, listing]) =>
  Object.keys(listing).flatMap((symbol) =>
    entriesOf(venue, symbol).map((entry, i) => ({ name: `${venue} ${symbol} ${i}`, entry })),
  ),
);

/** Hours of the day at which funding is paid; `-` without. */
function fundingOf({ fund_time: times }: ContractEntry): string {
  const texts = Object.values(times ?? {});
  expect(texts.filter((text) => !/^\d\d:00(:00)?$/.test(text))).toEqual([]);
  if (texts.length === 24) return 'hourly';
  return texts.length === 0 ? '-' : texts.map((text) => text.slice(0, 2)).join(' ');
}

const shown = (value: string | number | undefined): string => (value === undefined ? '-' : String(value));

describe('contracts', () => {
  // venue, symbol and number of the entry; type, multiplier, quote and settlement currency, least quantity, tick
  const TRADING = [
    ['bitmex XBTUSD 0', 'inverse', '1', 'USD', 'XBT', '1', '0.5'],
    ['bitmex XBTUSD 1', 'inverse', '1', 'USD', 'XBT', '100', '0.1'],
    ['bitmex ETHUSD 0', 'quanto', '0.000001', 'USD', 'XBT', '1', '0.01'],
    ['bitmex XBTUSDT 0', 'linear', '0.000001', 'USDT', 'USDT', '100', '0.1'],
    ['bybit BTCUSDT 0', 'linear', '1', 'USDT', 'USDT', '0.001', '0.1'],
    ['bybit ETHUSDT 0', 'linear', '1', 'USDT', 'USDT', '0.01', '0.01'],
    ['bybit SOLUSDT 0', 'linear', '1', 'USDT', 'USDT', '0.1', '0.01'],
    ['bybit ADAUSDT 0', 'linear', '1', 'USDT', 'USDT', '1', '0.0001'],
    ['bybit APEUSDT 0', 'linear', '1', 'USDT', 'USDT', '0.1', '0.0001'],
    ['bybit BTCUSD 0', 'inverse', '1', 'USD', 'BTC', '-', '0.5'],
    ['binance_usdm BTCUSDT 0', 'linear', '1', 'USDT', 'USDT', '0.001', '0.1'],
    ['binance_usdm ETHUSDT 0', 'linear', '1', 'USDT', 'USDT', '0.001', '0.01'],
    ['binance_usdm SOLUSDT 0', 'linear', '1', 'USDT', 'USDT', '0.01', '-'],
    ['binance_usdm DOGEUSDT 0', 'linear', '1', 'USDT', 'USDT', '1', '0.00001'],
    ['binance_usdm ATOMUSDT 0', 'linear', '1', 'USDT', 'USDT', '0.01', '0.001'],
    ['binance_usdm 1000PEPEUSDT 0', 'linear', '1', 'USDT', 'USDT', '1', '0.0000001'],
    ['binance_usdm ENAUSDT 0', 'linear', '1', 'USDT', 'USDT', '1', '0.0001'],
    ['binance_usdm BNBUSDT 0', 'linear', '1', 'USDT', 'USDT', '-', '-'],
    ['binance_usdm ZECUSDT 0', 'linear', '1', 'USDT', 'USDT', '-', '-'],
    ['binance_coinm BTCUSD_PERP 0', 'inverse', '100', 'USD', 'BTC', '1', '0.1'],
    ['okx BTCUSDT 0', 'linear', '0.01', 'USDT', 'USDT', '1', '0.1'],
    ['okx BTCUSDT 1', 'linear', '0.01', 'USDT', 'USDT', '0.01', '0.1'],
    ['okx ETHUSDT 0', 'linear', '0.1', 'USDT', 'USDT', '1', '0.01'],
    ['okx ETHUSDT 1', 'linear', '0.1', 'USDT', 'USDT', '0.01', '0.01'],
    ['okx SOLUSDT 0', 'linear', '1', 'USDT', 'USDT', '1', '-'],
    ['okx SOLUSDT 1', 'linear', '1', 'USDT', 'USDT', '0.01', '0.01'],
    ['okx DOGEUSDT 0', 'linear', '1000', 'USDT', 'USDT', '1', '-'],
    ['bitget BTCUSDT 0', 'linear', '1', 'USDT', 'USDT', '-', '-'],
    ['deepcoin DOTUSDT 0', 'linear', '0.1', 'USDT', 'USDT', '-', '-'],
    ['pacifica BTC 0', 'linear', '1', 'USDC', 'USDC', '-', '-'],
    ['hyperliquid BTC 0', 'linear', '1', 'USDC', 'USDC', '-', '-'],
    ['hyperliquid ETH 0', 'linear', '1', 'USDC', 'USDC', '-', '-'],
    ['hyperliquid SOL 0', 'linear', '1', 'USDC', 'USDC', '-', '-'],
    ['hyperliquid DOGE 0', 'linear', '1', 'USDC', 'USDC', '-', '-'],
  ];

  it('when the listings are read then each contract trades as its row says', () => {
    const found = ALL.map(({ name, entry: e }) =>
      [name, e.type, e.multiplier, e.quote_currency, e.settle_currency, e.min_qty, e.tick_size].map(shown),
    );
    expect(found).toEqual(TRADING);
  });

  // initial and maintenance rate, highest leverage, taker and maker fee, liquidation fee; contracts without a row have none
  const RATES: Readonly<Record<string, readonly string[]>> = {
    'bitmex XBTUSD 0': ['0.01', '0.005', '100', '0.00075', '-0.00025', '-'],
    'bitmex XBTUSD 1': ['0.01', '0.005', '100', '0.0005', '0.0005', '-'],
    'bitmex ETHUSD 0': ['0.01', '0.005', '-', '0.0005', '0.0005', '-'],
    'bitmex XBTUSDT 0': ['0.01', '0.005', '-', '0.0005', '0.0005', '-'],
    'bybit BTCUSDT 0': ['-', '0.005', '-', '0.00055', '-', '-'],
    'bybit ETHUSDT 0': ['-', '-', '-', '0.00055', '-', '-'],
    'bybit SOLUSDT 0': ['-', '-', '-', '0.00055', '-', '-'],
    'bybit ADAUSDT 0': ['-', '-', '-', '0.00055', '-', '-'],
    'bybit APEUSDT 0': ['-', '-', '-', '0.00055', '-', '-'],
    'bybit BTCUSD 0': ['-', '0.005', '-', '0.00075', '-', '-'],
    'bitget BTCUSDT 0': ['0.01', '0.004', '100', '0.0006', '-', '-'],
    'hyperliquid BTC 0': ['0.02', '0.01', '50', '-', '-', '0'],
    'hyperliquid ETH 0': ['0.02', '0.01', '50', '-', '-', '0'],
    'hyperliquid SOL 0': ['0.05', '0.025', '20', '-', '-', '0'],
    'hyperliquid DOGE 0': ['0.05', '0.025', '20', '-', '-', '0'],
  };

  it('when the listings are read then rates and fees are those of the rows, and none beside them', () => {
    const none = ['-', '-', '-', '-', '-', '-'];
    for (const { name, entry: e } of ALL) {
      const rates = [e.initial_margin, e.maintenance_margin, e.max_leverage, e.taker_fee, e.maker_fee];
      expect([name, ...[...rates, e.liquidation_fee].map(shown)]).toEqual([name, ...(RATES[name] ?? none)]);
    }
    expect(Object.keys(RATES).filter((name) => !ALL.some((each) => each.name === name))).toEqual([]);
  });

  // hours of funding; from when and until when, where that is not open
  const EVERY_EIGHT = '00 08 16';
  const TIMES = [
    ['bitmex XBTUSD 0', '12 20 04', '-', '2021-07-01'],
    ['bitmex XBTUSD 1', '12 20 04', '2026-05-03', '-'],
    ['bitmex ETHUSD 0', '12 20 04', '2026-05-03', '-'],
    ['bitmex XBTUSDT 0', '12 20 04', '2026-05-03', '-'],
    ['bybit BTCUSDT 0', EVERY_EIGHT, '2025-09-24', '-'],
    ['bybit ETHUSDT 0', EVERY_EIGHT, '2025-09-24', '-'],
    ['bybit SOLUSDT 0', EVERY_EIGHT, '2025-09-24', '-'],
    ['bybit ADAUSDT 0', EVERY_EIGHT, '2025-09-24', '-'],
    ['bybit APEUSDT 0', EVERY_EIGHT, '2025-09-24', '-'],
    ['bybit BTCUSD 0', EVERY_EIGHT, '-', '2021-01-01'],
    ['binance_usdm BTCUSDT 0', EVERY_EIGHT, '2023-01-01', '-'],
    ['binance_usdm ETHUSDT 0', EVERY_EIGHT, '2023-01-01', '-'],
    ['binance_usdm SOLUSDT 0', EVERY_EIGHT, '2025-03-01', '-'],
    ['binance_usdm DOGEUSDT 0', EVERY_EIGHT, '2025-12-01', '-'],
    ['binance_usdm ATOMUSDT 0', EVERY_EIGHT, '2026-01-01', '-'],
    ['binance_usdm 1000PEPEUSDT 0', EVERY_EIGHT, '2023-05-01', '2024-06-01'],
    ['binance_usdm ENAUSDT 0', '00 04 08 12 16 20', '2025-03-01', '2025-07-01'],
    ['binance_usdm BNBUSDT 0', EVERY_EIGHT, '-', '-'],
    ['binance_usdm ZECUSDT 0', EVERY_EIGHT, '-', '-'],
    ['binance_coinm BTCUSD_PERP 0', EVERY_EIGHT, '2022-12-13', '-'],
    ['okx BTCUSDT 0', EVERY_EIGHT, '2022-05-01', '2023-01-01'],
    ['okx BTCUSDT 1', EVERY_EIGHT, '2026-01-01', '-'],
    ['okx ETHUSDT 0', EVERY_EIGHT, '2022-05-01', '2023-01-01'],
    ['okx ETHUSDT 1', EVERY_EIGHT, '2026-05-01', '-'],
    ['okx SOLUSDT 0', EVERY_EIGHT, '2022-05-01', '2023-01-01'],
    ['okx SOLUSDT 1', EVERY_EIGHT, '2026-05-01', '-'],
    ['okx DOGEUSDT 0', EVERY_EIGHT, '2022-05-01', '2023-01-01'],
    ['bitget BTCUSDT 0', '-', '-', '-'],
    ['deepcoin DOTUSDT 0', '-', '2025-11-01', '-'],
    ['pacifica BTC 0', 'hourly', '-', '-'],
    ['hyperliquid BTC 0', 'hourly', '-', '-'],
    ['hyperliquid ETH 0', 'hourly', '-', '-'],
    ['hyperliquid SOL 0', 'hourly', '-', '-'],
    ['hyperliquid DOGE 0', 'hourly', '-', '-'],
  ];

  it('when the listings are read then funding and time are those of the rows', () => {
    const found = ALL.map(({ name, entry }) => [
      name,
      fundingOf(entry),
      shown(entry.valid_from),
      shown(entry.valid_until),
    ]);
    expect(found).toEqual(TIMES);
  });

  it('when amounts of a contract have other digits than 8 then it is XBTUSDT of BitMEX with 6', () => {
    const others = ALL.filter(({ entry }) => entry.settle_decimals !== undefined);
    expect(others.map(({ name, entry }) => [name, entry.settle_decimals])).toEqual([['bitmex XBTUSDT 0', 6]]);
  });

  it('when funding is hourly then the hours are all of the day', () => {
    for (const [venue, symbol] of [
      ['pacifica', 'BTC'],
      ['hyperliquid', 'DOGE'],
    ] as const) {
      const hours = Object.values(entriesOf(venue, symbol)[0]!.fund_time!);
      expect([hours[0], hours[9], hours[10], hours[23]]).toEqual(['00:00', '09:00', '10:00', '23:00']);
      expect(new Set(hours).size).toBe(24);
    }
  });

  it('when the rules of a venue need a field then it is the liquidation fee of Binance’s', () => {
    expect(NEEDED_BY_RULES).toEqual({ binance_usdm: ['liquidation_fee'], binance_coinm: ['liquidation_fee'] });
  });
});

describe('tiers', () => {
  const BINANCE: Readonly<Record<string, readonly string[]>> = {
    BTCUSDT: [
      'to 50000: 125x, 0.004',
      'to 250000: 100x, 0.005',
      'to 1000000: 50x, 0.01',
      'to 7500000: 20x, 0.025',
      'to 40000000: 10x, 0.05',
      'to 100000000: 5x, 0.1',
      'to 200000000: 4x, 0.125',
      'to 400000000: 3x, 0.15',
      'to 600000000: 2x, 0.25',
      'to 1000000000: 1x, 0.5',
    ],
    BNBUSDT: [
      'to 10000: 75x, 0.0065',
      'to 50000: 50x, 0.01',
      'to 250000: 25x, 0.02',
      'to 1000000: 10x, 0.05',
      'to 2000000: 5x, 0.1',
      'to 5000000: 4x, 0.125',
      'to 10000000: 3x, 0.15',
      'to 20000000: 2x, 0.25',
      'to 50000000: 1x, 0.5',
    ],
    ZECUSDT: [
      'to 50000: 50x, 0.01',
      'to 150000: 20x, 0.025',
      'to 250000: 10x, 0.05',
      'to 500000: 5x, 0.1',
      'to 1000000: 4x, 0.125',
      'to 2000000: 2x, 0.25',
      'to 30000000: 1x, 0.5',
    ],
  };

  it('when a contract has a table then it is Binance’s, by value, with these bounds, leverages and rates', () => {
    const tabled = ALL.filter(({ entry }) => entry.tiers !== undefined || entry.tiers_by !== undefined);
    expect(tabled.map(({ name }) => name)).toEqual(Object.keys(BINANCE).map((symbol) => `binance_usdm ${symbol} 0`));
    for (const [symbol, rows] of Object.entries(BINANCE)) {
      const [{ tiers, tiers_by: by }] = entriesOf('binance_usdm', symbol) as [ContractEntry];
      expect(by).toBeUndefined();
      expect(tiers!.map((tier) => `to ${tier.upTo}: ${tier.max_leverage}x, ${tier.mm}`)).toEqual(rows);
    }
  });

  test.each([
    ['bitmex XBTUSD 0', '200', '100'],
    ['bitmex XBTUSD 1', '200', '150'],
    ['bitmex ETHUSD 0', '75', '100'],
    ['bitmex XBTUSDT 0', '1000000', '1000000'],
  ])('when %s has risk steps then the base is %s and a step %s', (name, base, step) => {
    expect(ALL.find((each) => each.name === name)!.entry.risk_limit).toEqual({ base, step });
    expect(ALL.filter(({ entry }) => entry.risk_limit !== undefined).length).toBe(4);
  });
});
