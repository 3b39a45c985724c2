/** Two runs compared row by row as the tables print them. */

import { describe, expect, it, test } from '@jest/globals';
import type { BillRecord } from '../engine/records.js';
import { aBalance, aBill, anAccount, anOrder, aRun } from './fixtures/records.js';
import { createRowComparison, type RowDifference } from './rowComparison.js';

function compareBills(first: readonly BillRecord[], second: readonly BillRecord[]): RowDifference | null {
  const comparison = createRowComparison();
  for (const bill of first) comparison.first.bill(bill);
  for (const bill of second) comparison.second.bill(bill);
  return comparison.conclude(aRun(), aRun());
}

describe('rows', () => {
  it('when all are equal then there is no difference, and they are counted', () => {
    const comparison = createRowComparison();
    for (const sink of [comparison.first, comparison.second]) {
      sink.bill(aBill());
      sink.balance(aBalance());
    }
    expect(comparison.conclude(aRun(), aRun())).toBeNull();
    expect(comparison.agreed).toBe(2);
  });

  it('when an amount is one unit off then table and row are named, with both rows', () => {
    const amount = aBill().amount;
    const difference = compareBills(
      [aBill(), aBill({ id: 2, amount })],
      [aBill(), aBill({ id: 2, amount: amount + 1n })],
    );
    expect(difference).toMatchObject({ table: 'bills', row: 2, first: expect.stringMatching(/^2,/) });
    expect(difference?.second).not.toBe(difference?.first);
  });

  it('when a run has a row more then the other has none', () => {
    expect(compareBills([aBill()], [])).toMatchObject({ table: 'bills', row: 1, second: null });
    expect(compareBills([], [aBill()])).toMatchObject({ table: 'bills', row: 1, first: null });
  });

  it('when only the text for people differs then the rows agree', () => {
    expect(compareBills([aBill({ info: 'a' })], [aBill({ info: 'b' })])).toBeNull();
  });

  test.each<['rejected' | 'filled', boolean]>([
    ['rejected', true],
    ['filled', false],
  ])('when the quantity of a %s order differs then that it agrees is %s', (status, agrees) => {
    const comparison = createRowComparison();
    comparison.first.order(anOrder({ status, qty: 1n }));
    comparison.second.order(anOrder({ status, qty: null }));
    expect(comparison.conclude(aRun(), aRun()) === null).toBe(agrees);
  });
});

describe('summaries', () => {
  it('when a count differs then account and figure are named', () => {
    const other = aRun({ accounts: [anAccount({ liquidations: 7 })] });
    const difference = createRowComparison().conclude(aRun(), other);
    expect(difference).toEqual({
      table: 'summary',
      row: 1,
      first: 'main liquidations 0',
      second: 'main liquidations 7',
    });
  });

  test.each([
    [1e-9, true],
    [1e-6, false],
  ])('when a ratio differs by %d then that they agree is %s', (more, agrees) => {
    const { maxDrawdown } = anAccount();
    const other = aRun({ accounts: [anAccount({ maxDrawdown: maxDrawdown + more })] });
    expect(createRowComparison().conclude(aRun(), other) === null).toBe(agrees);
  });
});
