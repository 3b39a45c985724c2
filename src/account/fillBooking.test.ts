/**
 * Parts of fills at their edges: margin that was added and is closed in proportion, openings larger than the position they would
 * turn, insurance beside positions of other ledgers, and spot trades that do not fit.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { InvariantError } from '../errors.js';
import { accountWith, BTCUSDT, FLAT_INVERSE, fill, USDT_CURRENCY } from '../testing/laws/contracts.js';
import { byCodeUnit } from './positionBook.js';

const XBT = 100_000_000n;

describe('margin that was added', () => {
  // contracts closed of 10,000; margin of 0.1 and 0.05 added; what stays
  test.each([
    [1n, 14_998_500n, 4_999_500n],
    [2_500n, 11_250_000n, 3_750_000n],
    [9_999n, 1_500n, 500n],
    [10_000n, 0n, 0n],
  ])('when %s contracts of 10,000 are closed then %s of margin and %s of what was added stay', (qty, margin, added) => {
    const account = accountWith('generic', 'isolated', '10', XBT);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    const position = account.position(FLAT_INVERSE);
    account.applyAutoMargin(position, 2, 5_000_000n);
    fill(account, FLAT_INVERSE, 'sell', 'close', qty, '10000');
    expect([position.margin, position.added]).toEqual([margin, added]);
  });
});

describe('parts that do not fit', () => {
  test.each([1n, 99n, 100n, 101n, 1_000n])(
    'when a long of 100 meets an opening sell of %s then it is refused',
    (qty) => {
      const account = accountWith('generic', 'cross', '10', XBT);
      fill(account, FLAT_INVERSE, 'buy', 'open', 100n, '10000');
      expect(() => fill(account, FLAT_INVERSE, 'sell', 'open', qty, '10000')).toThrow(InvariantError);
      expect(account.position(FLAT_INVERSE).qty).toBe(100n);
    },
  );
});

describe('insurance', () => {
  it('when a cross position of another ledger is open then a loss beyond the wallet is credited all the same', () => {
    const account = accountWith('generic', 'cross', '10', 1_000_000n);
    account.deposit(10n ** 12n, 0, 'start', USDT_CURRENCY);
    fill(account, BTCUSDT, 'buy', 'open', 1n, '10000');
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    // 1 coin becomes 10,000 / 9,000: a loss of 0.11111111
    const result = fill(account, FLAT_INVERSE, 'sell', 'close', 10_000n, '9000');
    expect(result.insurance).toBe(11_111_111n - 1_000_000n);
    expect(account.wallet).toBe(0n);
  });
});

describe('spot', () => {
  const PAIR: Contract = { ...BTCUSDT, symbol: 'BTC/USDT', type: 'spot', base: { code: 'BTC', decimals: 8 } };
  const opened = () => accountWith('generic', 'cross', '10', 10n ** 14n, USDT_CURRENCY);

  test.each<['buy' | 'sell', 'open' | 'close']>([
    ['buy', 'close'],
    ['sell', 'open'],
  ])('when a spot %s is to %s then it is refused, and nothing is booked', (side, effect) => {
    const account = opened();
    expect(() => fill(account, PAIR, side, effect, 1n, '10000')).toThrow(InvariantError);
    expect(account.takeBills()).toEqual([]);
  });

  it('when more is bought then it is the same holding, and a new one only after all is sold', () => {
    const account = opened();
    const holding = account.position(PAIR);
    const ids = [];
    for (const [side, qty] of [
      ['buy', 2n],
      ['buy', 3n],
      ['sell', 5n],
      ['buy', 1n],
    ] as const) {
      fill(account, PAIR, side, side === 'buy' ? 'open' : 'close', qty, '10000');
      ids.push(holding.id);
    }
    expect(ids).toEqual([1, 1, 0, 2]);
  });
});

describe('the order of symbols', () => {
  test.each([
    ['A', 'B', -1],
    ['B', 'A', 1],
    ['A', 'A', 0],
    ['B', 'a', -1],
    ['A', 'AA', -1],
    ['', 'A', -1],
  ])('when %j meets %j then the order by code unit is %s', (a, b, order) => {
    expect(byCodeUnit(a, b)).toBe(order);
    expect(['x', a, b].sort(byCodeUnit)).toEqual(['x', a, b].sort());
  });
});
