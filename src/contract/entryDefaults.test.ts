/**
 * What is filled into an entry and what is asked for: the leverage of tables, the currencies of a pair by its symbol, and the
 * hints, which promise a built-in entry only where there is one.
 */

import { describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { compareFractions } from '../money/decimal.js';
import { d } from '../testing/laws/contracts.js';
import { createContractTable } from './contractInfo.js';

const ENTRY = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  min_qty: '1',
  tick_size: '0.1',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
  fund_time: [],
};
const RATES = { initial_margin: '0.02', maintenance_margin: '0.01' };
const SPOT = { type: 'spot', min_qty: '0.001', tick_size: '0.01', taker_fee: '0.001', maker_fee: '0.001' };

function lookUp(entry: object, symbol = 'ABC', venue = 'mine') {
  const table = createContractTable({ [venue]: { [symbol]: entry } });
  const contract = table.find(venue, symbol)!;
  return { contract, notes: table.defaultsUsed(contract) };
}

function refusalOf(entry: object, symbol = 'ABC', venue = 'mine'): UserError {
  try {
    lookUp(entry, symbol, venue);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the leverage of a table of tiers', () => {
  it('when its first tier says a leverage then that is the highest, and noted as the tier’s', () => {
    const { contract, notes } = lookUp({ ...ENTRY, tiers: [{ max_leverage: '75', mm: '0.0065' }] });
    expect(compareFractions(contract.maxLeverage, d('75'))).toBe(0);
    expect(notes).toEqual(['mine.ABC: max_leverage 75, that of the first of the tiers']);
  });

  it('when its first tier says a rate then the leverage is the reciprocal, cut to two digits', () => {
    const { contract, notes } = lookUp({ ...ENTRY, tiers: [{ im: '0.03', mm: '0.01' }] });
    expect(compareFractions(contract.maxLeverage, d('33.33'))).toBe(0);
    expect(notes).toEqual(['mine.ABC: max_leverage 33.33, 1 / initial_margin']);
  });

  it('when the leverage is written too then it stands and nothing is noted', () => {
    const { contract, notes } = lookUp({ ...ENTRY, max_leverage: 20, tiers: [{ im: '0.03', mm: '0.01' }] });
    expect(compareFractions(contract.maxLeverage, d('20'))).toBe(0);
    expect(notes).toEqual([]);
  });
});

describe('a pair by its symbol', () => {
  test.each(['BTC/USDT:USDT', 'BTC/USDT ', ' BTC/USDT', 'x/BTC/USDT', 'BTC-USDT', 'BTC/', '/USDT'])(
    'when a spot symbol is %j then it says no currencies',
    (symbol) => {
      expect(refusalOf(SPOT, symbol).message).toContain('fields "base_currency", "quote_currency" are missing');
    },
  );

  it('when one currency is written then only the other is taken from the symbol', () => {
    const { contract, notes } = lookUp({ ...SPOT, base_currency: 'XBT' }, 'BTC/USDT');
    expect([contract.base?.code, contract.quoteCurrency]).toEqual(['XBT', 'USDT']);
    expect(notes).toEqual(['mine.BTC/USDT: quote_currency USDT, by the symbol']);
  });

  it('when a contract is called like a pair then its symbol says nothing', () => {
    const { contract, notes } = lookUp({ ...ENTRY, ...RATES, max_leverage: 20 }, 'BTC/USDT');
    expect([contract.type, contract.base]).toEqual(['linear', null]);
    expect(notes).toEqual([]);
  });
});

describe('what is asked for', () => {
  it('when a contract of one’s own lacks a field then the hint is how to add it, and promises no built-in entry', () => {
    const { taker_fee: _, ...rest } = { ...ENTRY, ...RATES };
    const error = refusalOf(rest);
    expect(error.hint).toBe('add them in --contracts FILE, with ? replaced: {"mine":{"ABC":{"taker_fee":"?"}}}');
    expect([error.expected, error.found]).toEqual(['taker_fee', 'nothing']);
  });

  it('when a contract of one’s own is on a venue with rules that need more then only what lacks is asked for', () => {
    expect(refusalOf({ ...ENTRY, ...RATES, tick_size: undefined }, 'ABC', 'binance_usdm').expected).toBe('tick_size');
  });

  it('when a built-in entry is completed but for the fees then what its rules need is not asked for again', () => {
    expect(refusalOf({}, 'BTCUSDT', 'binance_usdm').expected).toBe('taker_fee, maker_fee, liquidation_fee');
    expect(refusalOf({ liquidation_fee: '0.01' }, 'BTCUSDT', 'binance_usdm').expected).toBe('taker_fee, maker_fee');
  });

  it('when no fee is missing then nothing is said of fees', () => {
    expect(refusalOf({ ...ENTRY, ...RATES, tick_size: undefined, min_qty: undefined }).message).toBe(
      'mine.ABC: fields "min_qty", "tick_size" are missing',
    );
  });
});
