/**
 * The price that a position's row shows where more than one answer is near: hedges that are due both ways, groups that are due
 * already, and prices that are 0 or nowhere. One settlement unit is one of the currency, so that all is worked out in the head.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { over, ZERO } from '../money/fractions.js';
import { contractWith, d, QUANTO, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { computeDisplayPrice, computeLiquidationPrice, findDueMarks } from './dueMarks.js';
import { createPosition, type Position } from './position.js';
import type { RiskGroup } from './riskGroup.js';

const GENERIC: VenueRules = rulesOf('generic');

/** 10 % of the value, from 1,000 on 20 %, from 3,000 on 50 %; one contract is worth its price. */
const TABLE: RiskTierTable = {
  by: 'value',
  limit: null,
  tiers: [
    { floor: 0n, initial: d('0.2'), maintenance: d('0.1'), deduction: ZERO },
    { floor: 1_000n, initial: d('0.4'), maintenance: d('0.2'), deduction: ZERO },
    { floor: 3_000n, initial: d('1'), maintenance: d('0.5'), deduction: ZERO },
  ],
};
const UNITS = { settle_decimals: 0, min_qty: '1', tick_size: '1', maintenance_margin: '0.1', initial_margin: '0.2' };
const LINEAR: Contract = { ...contractWith(UNITS, 'AAA'), tiers: TABLE };
/** One contract is worth 10,000 over the price. */
const INVERSE: Contract = { ...contractWith({ ...UNITS, type: 'inverse', multiplier: '10000' }, 'AAA'), tiers: TABLE };

const at = (price: Fraction) => () => price;

function held(contract: Contract, qty: bigint, cost: bigint): Position {
  const slot = qty > 0n ? 'long' : 'short';
  return { ...createPosition(contract, 'cross', d('1'), slot), id: 1, qty, cost };
}

function groupOf(rules: VenueRules, positions: readonly Position[], collateral: bigint): RiskGroup {
  const members = positions.map((position) => ({ position, takerFee: ZERO }));
  return { rules, mode: 'cross', currency: positions[0]!.contract.settle, collateral, members };
}

/** What the rows of a group show at a mark, as texts. */
function shownAt(group: RiskGroup, mark: Fraction): string[] {
  return group.members.map(({ position }) => {
    const price = computeDisplayPrice(group, position, at(mark));
    return price === null ? 'none' : `${price.num}/${price.den}`;
  });
}

describe('a hedge that is due both ways', () => {
  // long 10 and short 5, both at 100: collateral − 500 + 3.5 p; the long's 20 % and 50 % are at 100 and 300
  const long = held(LINEAR, 10n, 1_000n);
  const short = held(LINEAR, -5n, 500n);

  it('when the long is the larger then both rows show the lower mark', () => {
    const group = groupOf(GENERIC, [long, short], 260n);
    const { below, above } = findDueMarks(group, 'AAA', at(d('90')));
    expect(compareFractions(below!.price, over(d('480'), d('7')))).toBe(0);
    expect(compareFractions(above!.price, d('300'))).toBe(0);
    expect(shownAt(group, d('90'))).toEqual(['480/7', '480/7']);
  });

  it('when an inverse short is the larger then both rows show the upper mark', () => {
    // in value per contract the same: due at 480/7 and at 300, which are prices of 875/6 and 100/3
    const [small, large] = [held(INVERSE, 5n, 500n), held(INVERSE, -10n, 1_000n)];
    const group = groupOf(GENERIC, [small, large], 260n);
    const { below, above } = findDueMarks(group, 'AAA', at(over(d('10000'), d('90'))));
    expect(compareFractions(below!.price, over(d('100'), d('3')))).toBe(0);
    expect(compareFractions(above!.price, over(d('875'), d('6')))).toBe(0);
    expect(shownAt(group, over(d('10000'), d('90')))).toEqual(['875/6', '875/6']);
  });

  it('when it is due already then both rows show the mark', () => {
    expect(shownAt(groupOf(GENERIC, [long, short], 100n), d('90'))).toEqual(['90/1', '90/1']);
  });
});

describe('one position', () => {
  it('when a long stands above its root, on it or below then it shows the root: 190 − 1,000 + 9 p', () => {
    const long = held(LINEAR, 10n, 1_000n);
    for (const mark of ['95', '90', '50']) {
      expect(shownAt(groupOf(GENERIC, [long], 190n), d(mark))).toEqual(['90/1']);
      expect(compareFractions(computeLiquidationPrice(GENERIC, long, 190n, d(mark))!, d('90'))).toBe(0);
    }
    expect(shownAt(groupOf(GENERIC, [long], 1_001n), d('95'))).toEqual(['none']);
  });

  it("when a short of the ledger has a price then it is due above it and shows it, the ledger's also once it is due", () => {
    // 1 XBT less 0.095, what 0.1 leaves after 0.005: 10,000 / 0.905 = 11,049.72…, down to the tick
    const short = held(XBTUSD, -10_000n, 100_000_000n);
    const group = groupOf(rulesOf('bitmex'), [short], 10_000_000n);
    const { below, above } = findDueMarks(group, 'XBTUSD', at(d('10000')));
    expect(below).toBeNull();
    expect([compareFractions(above!.price, d('11049.5')), above!.isDueAt]).toEqual([0, true]);
    for (const mark of ['10000', '12000']) {
      expect(compareFractions(computeDisplayPrice(group, short, at(d(mark)))!, d('11049.5'))).toBe(0);
    }
  });
});

describe('no price', () => {
  it('when a short that is due would be so at a price of 0 too then none is shown', () => {
    const short = held(LINEAR, -10n, 1_000n);
    // collateral + 1,000 is what is left at 0; 11 p with the requirement
    expect(shownAt(groupOf(GENERIC, [short], -1_001n), d('50'))).toEqual(['none']);
    expect(shownAt(groupOf(GENERIC, [short], -1_000n), d('50'))).toEqual(['none']);
    expect(shownAt(groupOf(GENERIC, [short], -989n), d('50'))).toEqual(['1/1']);
  });

  it('when a position is flat then none is shown', () => {
    const flat = createPosition(LINEAR, 'cross', d('1'));
    expect(computeLiquidationPrice(GENERIC, flat, 1n, d('50'))).toBeNull();
  });

  // 10,000 at 200 cost 2 XBT, 200,000,000 units, of which 0.5 % are kept: 1,000,000.
  test.each([
    ['all but a unit', 200_999_999n, '0.05'],
    ['all', 201_000_000n, null],
    ['a unit more than all', 201_000_001n, null],
  ])('when a long of the ledger may lose %s then it is due at the lowest tick or at no mark', (_, collateral, due) => {
    const long = held(QUANTO, 10_000n, 200_000_000n);
    const { below, above } = findDueMarks(groupOf(rulesOf('bitmex'), [long], collateral), 'ETHUSD', at(d('200')));
    expect(above).toBeNull();
    if (due === null || below === null) expect([below, due]).toEqual([null, null]);
    else expect(compareFractions(below.price, d(due))).toBe(0);
  });
});
