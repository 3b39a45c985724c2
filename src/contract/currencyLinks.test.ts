/** Routes between currencies: the shortest, and of equal ones the first by symbol. */

import { describe, expect, test } from '@jest/globals';
import { findRoute, linksOf, sameCoin } from './currencyLinks.js';

const spot = (symbol: string) => {
  const [base, quote] = symbol.split('/') as [string, string];
  return linksOf({ symbol, type: 'spot', base, quote, settle: quote });
};

const said = (links: ReturnType<typeof linksOf>, from: string, to: string): string | null =>
  findRoute(links, from, to)
    ?.map(({ symbol, isBack }) => `${isBack ? '÷' : '×'}${symbol}`)
    .join(' ') ?? null;

describe('links of a symbol', () => {
  test.each([
    // type, base, quote, settle, the links forth and back
    ['spot', 'ETH', 'USDT', 'USDT', 'ETH→USDT USDT→ETH'],
    ['spot', 'BTC', 'USDT', 'USDT', 'XBT→USDT USDT→XBT'],
    ['spot', 'ETH', 'BTC', 'BTC', 'ETH→XBT XBT→ETH'],
    ['spot', 'XBT', 'BTC', 'BTC', ''],
    ['inverse', null, 'USD', 'BTC', 'XBT→USD USD→XBT'],
    ['inverse', null, 'USD', 'XBT', 'XBT→USD USD→XBT'],
    ['linear', null, 'USDT', 'USDT', ''],
    ['quanto', null, 'USD', 'XBT', ''],
  ] as const)(
    'when a %s contract has base %p, quote %p and settles %p then it links %p',
    (type, base, quote, settle, expected) => {
      const links = linksOf({ symbol: 'S', type, base, quote, settle });
      expect(links.map(({ from, to }) => `${from}→${to}`).join(' ')).toBe(expected);
    },
  );
});

describe('routes', () => {
  const links = ['ADA/BTC', 'ADA/USDT', 'BTC/USDT', 'ETH/BTC', 'ETH/USDT'].flatMap(spot);

  test.each([
    ['USDT', 'USDT', ''],
    ['BTC', 'USDT', '×BTC/USDT'],
    ['USDT', 'BTC', '÷BTC/USDT'],
    // Over ADA/BTC and BTC/USDT it would be two links, as over the pair itself it is one.
    ['ADA', 'USDT', '×ADA/USDT'],
    // Two links by BTC or by USDT: ADA/BTC comes before ADA/USDT.
    ['ADA', 'ETH', '×ADA/BTC ÷ETH/BTC'],
    ['ADA', 'XRP', null],
    ['XRP', 'ADA', null],
  ])('when %s is told in %s then the route is %p', (from, to, expected) => {
    expect(said(links, from, to)).toBe(expected);
  });

  test.each([
    ['XBT', 'USDT', '×BTC/USDT'],
    ['USDT', 'XBT', '÷BTC/USDT'],
    ['XBT', 'BTC', ''],
    ['BTC', 'XBT', ''],
    // No other two codes are one coin, however alike they look.
    ['xbt', 'USDT', null],
    ['USD', 'USDT', null],
  ])('when %s is told in %s over a pair of BTC then the route is %p', (from, to, expected) => {
    expect(said(spot('BTC/USDT'), from, to)).toBe(expected);
  });
});

test.each([
  ['BTC', 'XBT'],
  ['XBT', 'XBT'],
  ['ETH', 'ETH'],
  ['WBTC', 'WBTC'],
])('when the code is %s then its coin goes by %s', (code, coin) => {
  expect(sameCoin(code)).toBe(coin);
});
