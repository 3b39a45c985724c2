/** The built-in contracts: what each venue lists, and exactly which fields are left to the user and how they are asked for. */

import { describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { compareFractions } from '../money/decimal.js';
import { d } from '../testing/laws/contracts.js';
import { createContractTable } from './contractInfo.js';
import { BUILT_IN } from './listings.js';
import { tierAt } from './riskTiers.js';

const RATES = 'initial_margin, maintenance_margin';
const FEES = 'taker_fee, maker_fee';
const BINANCE = `${FEES}, liquidation_fee`;

/** Fields that a run asks the user for; those of the venue's first contract stand in for fees. */
const ASKED: readonly (readonly [venue: string, symbol: string, fields: string])[] = [
  ['bitmex', 'XBTUSD', ''],
  ['bitmex', 'ETHUSD', ''],
  ['bitmex', 'XBTUSDT', ''],
  ['bybit', 'BTCUSDT', 'initial_margin, maker_fee'],
  ['bybit', 'ETHUSDT', `${RATES}, maker_fee`],
  ['bybit', 'SOLUSDT', `${RATES}, maker_fee`],
  ['bybit', 'ADAUSDT', `${RATES}, maker_fee`],
  ['bybit', 'APEUSDT', `${RATES}, maker_fee`],
  ['bybit', 'BTCUSD', 'initial_margin, min_qty, maker_fee'],
  ['binance_usdm', 'BTCUSDT', BINANCE],
  ['binance_usdm', 'ETHUSDT', `${RATES}, ${BINANCE}`],
  ['binance_usdm', 'SOLUSDT', `${RATES}, tick_size, ${BINANCE}`],
  ['binance_usdm', 'DOGEUSDT', `${RATES}, ${BINANCE}`],
  ['binance_usdm', 'ATOMUSDT', `${RATES}, ${BINANCE}`],
  ['binance_usdm', '1000PEPEUSDT', `${RATES}, ${BINANCE}`],
  ['binance_usdm', 'ENAUSDT', `${RATES}, ${BINANCE}`],
  ['binance_usdm', 'BNBUSDT', `min_qty, tick_size, ${BINANCE}`],
  ['binance_usdm', 'ZECUSDT', `min_qty, tick_size, ${BINANCE}`],
  ['binance_coinm', 'BTCUSD_PERP', `${RATES}, ${BINANCE}`],
  ['okx', 'BTCUSDT', `${RATES}, ${FEES}`],
  ['okx', 'ETHUSDT', `${RATES}, ${FEES}`],
  ['okx', 'SOLUSDT', `${RATES}, tick_size, ${FEES}`],
  ['okx', 'DOGEUSDT', `${RATES}, tick_size, ${FEES}`],
  ['bitget', 'BTCUSDT', 'min_qty, tick_size, maker_fee'],
  ['deepcoin', 'DOTUSDT', `${RATES}, min_qty, tick_size, ${FEES}`],
  ['pacifica', 'BTC', `${RATES}, min_qty, tick_size, ${FEES}`],
  ['hyperliquid', 'BTC', `min_qty, tick_size, ${FEES}`],
  ['hyperliquid', 'ETH', `min_qty, tick_size, ${FEES}`],
  ['hyperliquid', 'SOL', `min_qty, tick_size, ${FEES}`],
  ['hyperliquid', 'DOGE', `min_qty, tick_size, ${FEES}`],
];

const ANSWERS: Readonly<Record<string, string>> = {
  initial_margin: '0.02',
  maintenance_margin: '0.01',
  min_qty: '0.001',
  tick_size: '0.1',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
  liquidation_fee: '0.01',
};

function refusalOf(venue: string, symbol: string): UserError {
  try {
    createContractTable().find(venue, symbol);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing is missing');
}

describe('built-in listings', () => {
  it('when the listings are read then each contract has its row here', () => {
    const listed = Object.entries(BUILT_IN).flatMap(([venue, entries]) =>
      Object.keys(entries).map((symbol) => `${venue} ${symbol}`),
    );
    expect(ASKED.map(([venue, symbol]) => `${venue} ${symbol}`).sort()).toEqual(listed.sort());
  });

  test.each(ASKED)('when %s %s is looked up then it asks for: %s', (venue, symbol, fields) => {
    const asked = fields === '' ? [] : fields.split(', ');
    if (asked.length > 0) {
      const error = refusalOf(venue, symbol);
      expect(error.message).toContain(`${venue}.${symbol}: field`);
      expect(error.message.match(/"(\w+)"/g)).toEqual(asked.map((field) => `"${field}"`));
      const example = JSON.parse(error.hint!.slice(error.hint!.indexOf('{'))) as unknown;
      expect(example).toEqual({ [venue]: { [symbol]: Object.fromEntries(asked.map((field) => [field, '?'])) } });
    }
    const own = Object.fromEntries(asked.map((field) => [field, ANSWERS[field]]));
    const contract = createContractTable({ [venue]: { [symbol]: own } }).find(venue, symbol)!;
    expect(contract).toMatchObject({ venue, symbol });
  });

  it('when several fields are missing then the message names them, and that single fields are enough', () => {
    const error = refusalOf('bybit', 'ETHUSDT');
    expect(error.message).toBe(
      'bybit.ETHUSDT: fields "initial_margin", "maintenance_margin", "maker_fee" are missing, and bybit has no built-in fee',
    );
    expect(error.hint).toContain('the built-in entry of bybit ETHUSDT leaves them to you');
  });

  it('when the figures asked for are left as ? then it is no number', () => {
    const own = { initial_margin: '?', maker_fee: '?' };
    expect(() => createContractTable({ bybit: { BTCUSDT: own } }).find('bybit', 'BTCUSDT')).toThrow('is not a number');
  });

  it('when a symbol is on several venues then all are named in the order of the venues', () => {
    expect(createContractTable().venuesOf('BTCUSDT')).toEqual(['bybit', 'binance_usdm', 'okx', 'bitget']);
  });
});

describe('figures of the listings', () => {
  const fees = { taker_fee: '0.0004', maker_fee: '0.0002' };
  const table = createContractTable({
    binance_usdm: { BTCUSDT: fees, BNBUSDT: { ...fees, min_qty: '0.01', tick_size: '0.01' } },
    hyperliquid: { BTC: { ...fees, min_qty: '0.00001', tick_size: '1' } },
  });

  // Maintenance amounts as the venue prints them in the same tables.
  test.each([
    ['BTCUSDT', '49999', '0', '0.004'],
    ['BTCUSDT', '50000', '50', '0.005'],
    ['BTCUSDT', '250000', '1300', '0.01'],
    ['BTCUSDT', '1000000', '16300', '0.025'],
    ['BTCUSDT', '7500000', '203800', '0.05'],
    ['BTCUSDT', '40000000', '2203800', '0.1'],
    ['BTCUSDT', '100000000', '4703800', '0.125'],
    ['BTCUSDT', '200000000', '9703800', '0.15'],
    ['BTCUSDT', '400000000', '49703800', '0.25'],
    ['BTCUSDT', '600000000', '199703800', '0.5'],
    ['BNBUSDT', '10000', '35', '0.01'],
    ['BNBUSDT', '50000', '535', '0.02'],
    ['BNBUSDT', '20000000', '6233035', '0.5'],
  ])(
    'when Binance %s is worth %s then the maintenance amount is the printed %s at %s',
    (symbol, value, amount, rate) => {
      const contract = table.find('binance_usdm', symbol)!;
      const tier = tierAt(contract, 'marginal', { value: d(`${value}e8`), qty: 0n });
      expect(compareFractions(tier.deduction, d(`${amount}e8`))).toBe(0);
      expect(compareFractions(tier.maintenance, d(rate))).toBe(0);
    },
  );

  it('when Hyperliquid’s BTC is read then maintenance is half of the initial rate, funding hourly, and a liquidation costs nothing', () => {
    const { initialMargin, maintenanceMargin, maxLeverage, fundTimesMs, liquidationFee } = table.find(
      'hyperliquid',
      'BTC',
    )!;
    expect(compareFractions(maxLeverage, d('50'))).toBe(0);
    expect(compareFractions(initialMargin, { num: 2n * maintenanceMargin.num, den: maintenanceMargin.den })).toBe(0);
    expect(fundTimesMs).toEqual(Array.from({ length: 24 }, (_, hour) => hour * 3_600_000));
    expect(liquidationFee!.num).toBe(0n);
  });

  it('when BitMEX’s contracts of 2026 are read then one contract has its value', () => {
    const bitmex = createContractTable();
    const at = Date.UTC(2026, 5, 1);
    expect(bitmex.find('bitmex', 'XBTUSD', at)).toMatchObject({ minQty: 100n, tickF64: 0.1 });
    expect(bitmex.find('bitmex', 'ETHUSD', at)).toMatchObject({
      type: 'quanto',
      valueScale: { num: 100_000_000n, den: 1_000_000n },
    });
    expect(bitmex.find('bitmex', 'XBTUSDT', at)!.settle).toEqual({ code: 'USDT', decimals: 6 });
  });
});
