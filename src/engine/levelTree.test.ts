/**
 * The tree of levels, judged by looking at every account.
 */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { LevelTree } from './levelTree.js';

const reachedBy = (tree: LevelTree, price: number): number[] => {
  const found: number[] = [];
  tree.eachReached(price, (account) => found.push(account));
  return found;
};

describe('the nearest level', () => {
  test.each<['fall' | 'rise', number, boolean]>([
    ['fall', 100.5, false],
    ['fall', 100, true],
    ['fall', 99.5, true],
    ['rise', 99.5, false],
    ['rise', 100, true],
    ['rise', 100.5, true],
  ])(
    'when a level at 100 fires on a %s and the price comes to %s then it is reached: %s',
    (firesOn, price, isReached) => {
      const tree = new LevelTree(3, firesOn);
      tree.add(1, 100);
      expect(tree.isReached(price)).toBe(isReached);
      expect([0, 1, 2].map((account) => tree.isReachedBy(account, price))).toEqual([false, isReached, false]);
      tree.clear(1);
      expect(tree.isReached(price)).toBe(false);
    },
  );
});

describe('as many accounts as there are', () => {
  const steps = fc.array(fc.record({ account: fc.nat(9), level: fc.option(fc.integer({ min: 1, max: 30 })) }));

  it.each(['fall', 'rise'] as const)('when levels fire on a %s then the tree finds the same accounts', (firesOn) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        steps,
        fc.integer({ min: 0, max: 31 }),
        (accounts, changes, price) => {
          const tree = new LevelTree(accounts, firesOn);
          const levels: number[][] = Array.from({ length: accounts }, () => []);
          for (const { account, level } of changes) {
            const own = account % accounts;
            if (level === null) {
              tree.clear(own);
              levels[own] = [];
            } else {
              tree.add(own, level);
              levels[own]!.push(level);
            }
          }
          const isHit = (level: number): boolean => (firesOn === 'fall' ? price <= level : price >= level);
          const expected = levels.flatMap((own, account) => (own.some(isHit) ? [account] : []));
          expect(reachedBy(tree, price)).toEqual(expected);
          expect(tree.isReached(price)).toBe(expected.length > 0);
        },
      ),
    );
  });
});
