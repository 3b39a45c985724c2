/** `--assert`: what can be asked, and that the answer is exact at the boundary. */

import { describe, expect, it, test } from '@jest/globals';
import type { AccountOutcome, RunOutcome } from '../engine/records.js';
import { aTotal } from '../report/fixtures/records.js';
import { findFalseAssertions, parseAssertion } from './assertion.js';

const XBT = { code: 'XBT', decimals: 8 };

function account(name: string, changes: Partial<AccountOutcome> = {}): AccountOutcome {
  return {
    account: name,
    exchange: 'bitmex',
    currency: XBT,
    startEquity: 100_000_000n,
    endEquity: 110_000_001n,
    wallet: 110_000_001n,
    netDeposits: 0n,
    spot: 0n,
    fees: 0n,
    funding: 0n,
    insurance: 0n,
    closedTrades: 4,
    wins: 3,
    breakEven: 0,
    maxDrawdown: 0.3,
    liquidations: 0,
    bankruptAtMs: null,
    rejectedOrders: 0,
    missingFunding: 0,
    ambiguousBars: 0,
    openPositions: 0,
    ...changes,
  };
}

function outcome(...accounts: AccountOutcome[]): RunOutcome {
  return {
    accounts,
    totals: { accounts: accounts.map((one) => aTotal([one])), overall: aTotal(accounts) },
    linkPrices: [],
    bars: 10,
    fineBars: 0,
    firstOpenTimeMs: 0,
    lastCloseTimeMs: 600_000,
    interrupted: false,
    ambiguous: [],
    warnings: [],
  };
}

function judge(text: string, run: RunOutcome): string[] {
  const names = run.accounts.map((one) => one.account);
  return findFalseAssertions([parseAssertion({ text, label: '--assert' }, names)], run);
}

describe('--assert', () => {
  test.each([
    ['max_drawdown<0.3', false],
    ['max_drawdown<=0.3', true],
    ['max_drawdown < 0.30000001', true],
    ['liquidations==0', true],
    ['liquidations!=0', false],
    ['closed_trades>=4', true],
    ['closed_trades>4', false],
    ['pnl>0.1', true],
    ['pnl>0.10000001', false],
    ['pnl>=0.10000001', true],
    ['pnl==1.0000001e-1', true],
    ['win_rate==0.75', true],
    ['main.liquidations==0', true],
  ])('when %s is asked then it is %s', (text, isTrue) => {
    expect(judge(text, outcome(account('main'))).length === 0).toBe(isTrue);
  });

  it('when it is false then the sentence names the figure', () => {
    expect(judge('pnl<0', outcome(account('main')))).toEqual(['pnl<0 is false: pnl is 0.10000001']);
  });

  it('when an account is named then its own figure is meant', () => {
    const run = outcome(account('main'), account('a.b', { liquidations: 2 }));
    expect(judge('main.liquidations==0', run)).toEqual([]);
    expect(judge('a.b.liquidations==2', run)).toEqual([]);
    expect(judge('liquidations==2', run)).toEqual([]);
  });

  it('when the figure means nothing then it is false and says why', () => {
    const run = outcome(account('main', { closedTrades: 0, wins: 0 }));
    expect(judge('win_rate>=0', run)).toEqual(['win_rate>=0 is false: the figure means nothing, no closed trades']);
  });

  test.each([
    ['profit>1', /names no metric: profit/],
    ['hedge.pnl>1', /names no account: hedge/],
    ['pnl', /is not a comparison/],
    ['pnl=1', /is not a comparison/],
    ['pnl>', /is not a comparison/],
    ['pnl>x', /is not a comparison/],
    ['pnl>30%', /is not a comparison/],
    ['pnl=>1', /is not a comparison|names no metric/],
  ])('when %s is asked then it is refused with exit code 2', (text, message) => {
    expect(() => judge(text, outcome(account('main')))).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
    );
  });
});
