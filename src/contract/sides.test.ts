/** The words for directions and their signs. */

import { describe, expect, it } from '@jest/globals';
import { oppositeSide, positionSideOf, sideSign } from './sides.js';

describe('sides', () => {
  it('when a side has a sign then the opposite side has the opposite sign', () => {
    expect([sideSign('buy'), sideSign('sell')]).toEqual([1n, -1n]);
    expect([oppositeSide('buy'), oppositeSide('sell')]).toEqual(['sell', 'buy']);
  });

  it('when a quantity is signed then plus is long and minus is short', () => {
    expect([positionSideOf(1n), positionSideOf(-1n)]).toEqual(['long', 'short']);
  });
});
