/** The ledger: the balance is the sum of the bills at every moment, empty bills are not written, copies are separate. */

import { describe, expect, it } from '@jest/globals';
import { InvariantError } from '../errors.js';
import { XBT_CURRENCY } from '../testing/laws/contracts.js';
import { type BillDraft, Ledger } from './bills.js';

const bill = (amount: bigint, isolatedDelta = 0n): BillDraft => ({
  timeMs: 5,
  symbol: 'XBTUSD',
  type: 'realized_pnl',
  amount,
  fee: 3n,
  isolatedDelta,
  orderId: 7,
  positionId: 2,
  info: 'sell close',
});

describe('Ledger', () => {
  it('when bills are posted then each carries the balance after it, and they are handed over once', () => {
    const ledger = new Ledger(XBT_CURRENCY, 100n);
    ledger.post(bill(-30n));
    ledger.post(bill(5n, -20n));
    expect(ledger.balance).toBe(75n);
    expect(ledger.takeBills()).toEqual([
      { ...bill(-30n), currency: XBT_CURRENCY, balanceAfter: 70n },
      { ...bill(5n, -20n), currency: XBT_CURRENCY, balanceAfter: 75n },
    ]);
    expect(ledger.takeBills()).toEqual([]);
  });

  it('when a bill moves nothing then it is not written, but a move of margin alone is', () => {
    const ledger = new Ledger(XBT_CURRENCY);
    ledger.post(bill(0n));
    ledger.post(bill(0n, 1n));
    ledger.post(bill(0n, -1n));
    expect(ledger.takeBills().map(({ isolatedDelta }) => isolatedDelta)).toEqual([1n, -1n]);
    expect(ledger.balance).toBe(0n);
  });

  it('when a ledger is copied then the copy goes its own way from the same balance', () => {
    const ledger = new Ledger(XBT_CURRENCY);
    ledger.post(bill(50n));
    ledger.takeBills();
    const copy = ledger.clone();
    copy.post(bill(-20n));
    ledger.post(bill(1n));
    expect([ledger.balance, copy.balance]).toEqual([51n, 30n]);
    expect(copy.takeBills().map(({ balanceAfter }) => balanceAfter)).toEqual([30n]);
    expect(ledger.takeBills().map(({ balanceAfter }) => balanceAfter)).toEqual([51n]);
  });

  it('when bills have not been taken then the ledger refuses to be copied', () => {
    const ledger = new Ledger(XBT_CURRENCY);
    ledger.post(bill(50n));
    expect(() => ledger.clone()).toThrow(InvariantError);
  });
});
