/** Automatic margin calls: Bybit's rounds, where they stop, and the commission reserve that must stay covered. */

import { describe, expect, it, test } from '@jest/globals';
import { compareFractions } from '../money/decimal.js';
import { accountWith, BTCUSDT, d, fill, USDT_CURRENCY, XBTUSD } from '../testing/laws/contracts.js';
import type { TradingAccount } from './account.js';
import { planAutoMargin } from './autoMargin.js';
import { findDueMarks } from './dueMarks.js';
import { computeCommissionReserve } from './margin.js';

const UNIT = 100_000_000n;

/** Bybit's example: 5 BTC at 8,000, 10×, 0.5 % on the entry, 10,000 in the wallet; no fees. */
function bybit(balance = 10_000n): TradingAccount {
  const account = accountWith('bybit', 'isolated', '10', balance * UNIT, USDT_CURRENCY, { takerFee: d('0') });
  fill(account, BTCUSDT, 'buy', 'open', 5_000n, '8000');
  account.takeBills();
  return account;
}

function plan(account: TradingAccount, mark: string, transferable = account.crossWallet()): readonly bigint[] {
  return planAutoMargin(account.riskGroups()[0]!, () => d(mark), transferable);
}

describe('Bybit’s example', () => {
  it('when the mark falls then liquidation moves 7,240, 6,440, 6,040, and then nothing is left to call', () => {
    const account = bybit();
    const position = account.position(BTCUSDT);
    const prices = ['7240', '6440', '6040'];
    const calls = [[4_000n * UNIT], [2_000n * UNIT], []];
    for (const [i, price] of prices.entries()) {
      const { below } = findDueMarks(account.riskGroups()[0]!, 'BTCUSDT', () => d('8000'));
      expect(compareFractions(below!.price, d(price))).toBe(0);
      const rounds = plan(account, price);
      expect(rounds).toEqual(calls[i]);
      for (const amount of rounds) account.applyAutoMargin(position, 7, amount);
    }
    expect(position).toMatchObject({ margin: 10_000n * UNIT, added: 6_000n * UNIT });
    expect(account.takeBills().map(({ type, amount, isolatedDelta }) => [type, amount, isolatedDelta])).toEqual([
      ['auto_margin', 0n, 4_000n * UNIT],
      ['auto_margin', 0n, 2_000n * UNIT],
    ]);
    expect([account.wallet, account.crossWallet()]).toEqual([10_000n * UNIT, 0n]);
  });

  test.each<[string, bigint, bigint[]]>([
    // due just beyond: one round in any case
    ['7240.1', 6_000n, [4_000n]],
    ['7240', 6_000n, [4_000n]],
    ['7239.9', 6_000n, [4_000n]],
    ['6440', 6_000n, [4_000n, 2_000n]],
    ['6440.1', 6_000n, [4_000n]],
    ['7240', 3_000n, [3_000n]],
    ['7240', 0n, []],
    // never past the entry value: 36,000 is the room, in nine rounds
    ['1', 50_000n, [4_000n, 4_000n, 4_000n, 4_000n, 4_000n, 4_000n, 4_000n, 4_000n, 4_000n]],
  ])('when the mark is %s and %s may move then the rounds are', (mark, transferable, rounds) => {
    expect(plan(bybit(), mark, transferable * UNIT)).toEqual(rounds.map((amount) => amount * UNIT));
  });

  it('when the position is cross then nothing is called', () => {
    const account = accountWith('bybit', 'cross', '10', 1_000n * UNIT, USDT_CURRENCY);
    fill(account, BTCUSDT, 'buy', 'open', 1_000n, '8000');
    expect(plan(account, '10', 1_000n * UNIT)).toEqual([]);
  });
});

describe('the BitMEX ledger', () => {
  it('when the reserve grows with the margin then the round leaves it covered, to the last unit', () => {
    const account = accountWith('bitmex', 'isolated', '10', UNIT, undefined, { takerFee: d('0.00075') });
    fill(account, XBTUSD, 'buy', 'open', 10_000n, '10000');
    const position = account.position(XBTUSD);
    const left = 5_000_000n;
    const [amount, ...more] = plan(account, '9100', left) as [bigint];
    expect(more).toEqual([]);
    const reserveWith = (added: bigint): bigint =>
      computeCommissionReserve(account.rules, { ...position, added, margin: position.margin + added }, d('0.00075'));
    const growth = (added: bigint): bigint => added + reserveWith(added) - reserveWith(0n);
    expect(growth(amount) <= left && growth(amount + 1n) > left).toBe(true);
  });
});
