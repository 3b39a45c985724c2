/**
 * The names by which an account's calls may mean its symbols, where several exchanges trade the candles of a run.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { FLAT_INVERSE, rulesOf } from '../testing/laws/contracts.js';
import type { Market } from './market.js';
import { TradedSymbols, TradedSymbolsCache } from './tradedSymbols.js';

const contract = (symbol: string): Contract => ({ ...FLAT_INVERSE, symbol });

/** A market of which only names and places are read. */
const marketOf = (...names: string[]): Market =>
  ({ symbols: names.map((name, index) => ({ name, index })) }) as unknown as Market;

const MARKET = marketOf('BTCUSD.bitmex', 'BTCUSD.bybit', 'ETHUSD');
const CONTRACTS = new Map([
  ['ETHUSD', contract('ETHUSD')],
  ['BTCUSD.bitmex', contract('BTCUSD')],
]);

describe('names', () => {
  const symbols = new TradedSymbols(CONTRACTS, rulesOf('bitmex_2020'), MARKET);

  test.each<[string, number | undefined]>([
    ['BTCUSD', 0],
    ['BTCUSD.bitmex', 0],
    ['BTCUSD.bitmex_2020', 0],
    ['BTCUSD.bybit', undefined],
    ['ETHUSD', 2],
    ['ETHUSD.bitmex', 2],
    ['ETHUSD.bybit', undefined],
    ['ethusd', undefined],
    ['', undefined],
  ])('when a call names %s then it means place %s', (name, place) => {
    expect(symbols.find(name)).toBe(place);
  });

  it('when all are listed then they stand by symbol, as rows show them', () => {
    expect(symbols.known).toEqual(['BTCUSD', 'ETHUSD']);
    expect(symbols.all.map(({ index }) => index)).toEqual([0, 2]);
  });

  it('when a symbol of the table is not in the run then that is our bug', () => {
    expect(() => new TradedSymbols(CONTRACTS, rulesOf('bitmex'), marketOf('ETHUSD'))).toThrow('symbols of the run');
    expect(() => new TradedSymbols(new Map(), rulesOf('bitmex'), MARKET)).toThrow('symbols of the run');
  });
});

it('when accounts share a table and an exchange then they share the symbols', () => {
  const cache = new TradedSymbolsCache(MARKET);
  const first = cache.of(CONTRACTS, rulesOf('bitmex'));
  expect(cache.of(CONTRACTS, rulesOf('bitmex'))).toBe(first);
  expect(cache.of(CONTRACTS, rulesOf('bitmex_2020'))).not.toBe(first);
  expect(cache.of(new Map(CONTRACTS), rulesOf('bitmex'))).not.toBe(first);
});
