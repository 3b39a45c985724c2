/**
 * What a move of margin makes of a position and what a refusal tells: the numbers behind each reason, what stays as it was, and
 * when an account that is short already may still move.
 */

import { describe, expect, it, test } from '@jest/globals';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, rulesOf } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { computeBalances } from './balances.js';
import { isCovered, moveLeverage, moveMarginIn, moveMarginOut } from './marginMoves.js';
import { createPosition, type Position } from './position.js';

const XBT = 100_000_000n;
const GENERIC = rulesOf('generic');
const TAKER = d('0.00075');
const AT_ENTRY = d('10000');
const wide = { ...FLAT_INVERSE, maxLeverage: d('1000'), initialMargin: d('0.001') };

/** Inverse long of 10,000 at 10,000, 10×, with half as much added. */
const LONG: Position = {
  ...createPosition(wide, 'isolated', d('10')),
  id: 1,
  qty: 10_000n,
  cost: XBT,
  margin: 15_000_000n,
  added: 5_000_000n,
};
/** U = −0.02 with it. */
const LOSING = { num: 1_000_000n, den: 102n };

describe('leverage', () => {
  it('when the position is cross then no bound of isolated margin counts, and only the leverage changes', () => {
    const cross: Position = { ...LONG, mode: 'cross', margin: 0n, added: 0n };
    for (const leverage of ['1', '999']) {
      expect(moveLeverage(GENERIC, cross, d(leverage), LOSING, 0n)).toEqual({
        moved: { ...cross, leverage: d(leverage) },
      });
    }
  });

  it('when the venue is free then what Deepcoin would refuse is granted', () => {
    const free: VenueRules = { ...GENERIC, leverageChange: 'free' };
    for (const [leverage, margin] of [
      ['1', XBT],
      ['500', 200_000n],
    ] as const) {
      expect(moveLeverage(free, LONG, d(leverage), LOSING, 0n)).toEqual({
        moved: { mode: 'isolated', leverage: d(leverage), margin, added: 0n },
      });
    }
  });

  test.each<[string, VenueRules['leverageChange'], string, number, string, object]>([
    ['above the tier', 'free', '1001', 70003, 'leverage_above_tier', { leverage: 1001 }],
    [
      'above the bound of the loss',
      'deepcoin',
      '26',
      70004,
      'leverage_above_loss_bound',
      { entry_value: XBT, unrealized_pnl: -2_000_000n },
    ],
    [
      'below what is usable',
      'deepcoin',
      '1.5',
      70004,
      'insufficient_margin',
      { entry_value: XBT, usable: 15_000_000n + 40_000_000n },
    ],
    ['below the present one', 'no_decrease', '9.5', 400, 'leverage_decrease', { leverage: 9.5, now: 10 }],
  ])('when a leverage is %s then the refusal has the numbers', (_, rule, leverage, code, reason, details) => {
    const rules: VenueRules = { ...GENERIC, leverageChange: rule };
    expect(moveLeverage(rules, LONG, d(leverage), LOSING, 40_000_000n)).toEqual({ refusal: { code, reason, details } });
  });

  it('when the position makes a profit then no loss bounds its leverage', () => {
    expect(moveLeverage(GENERIC, LONG, d('999'), d('20000'), XBT)).toHaveProperty('moved');
  });
});

describe('margin by hand', () => {
  it('when margin is added then it counts as added, and leverage and mode stay', () => {
    expect(moveMarginIn(LONG, 7n, 7n)).toEqual({ moved: { ...LONG, margin: 15_000_007n, added: 5_000_007n } });
    expect(moveMarginIn(LONG, 8n, 7n)).toEqual({
      refusal: { code: 70004, reason: 'insufficient_margin', details: { need: 8n, usable: 7n } },
    });
  });

  it('when margin is taken out then what was added falls, and the refusal has what would stay and the least', () => {
    expect(moveMarginOut(GENERIC, LONG, 4_917_500n, AT_ENTRY, TAKER)).toEqual({
      moved: { ...LONG, margin: 10_082_500n, added: 82_500n },
    });
    expect(moveMarginOut(GENERIC, LONG, 4_917_501n, AT_ENTRY, TAKER)).toEqual({
      refusal: {
        code: 70004,
        reason: 'margin_below_initial',
        details: { margin: 10_082_499n, least: 10_082_500n },
      },
    });
  });

  it('when the venue goes by the entry then a mark far away changes nothing of what must stay', () => {
    for (const mark of ['5000', '20000']) {
      expect(moveMarginOut(GENERIC, LONG, 4_917_500n, d(mark), TAKER)).toHaveProperty('moved');
      expect(moveMarginOut(GENERIC, LONG, 4_917_501n, d(mark), TAKER)).toHaveProperty('refusal');
    }
  });

  it('when the closing fee is a rebate, or all is lost with the margin, then no fee is kept back', () => {
    const isGranted = (position: Position, amount: bigint, fee: string): boolean =>
      'moved' in moveMarginOut(GENERIC, position, amount, AT_ENTRY, d(fee));
    expect([isGranted(LONG, 5_000_000n, '-0.001'), isGranted(LONG, 5_000_001n, '-0.001')]).toEqual([true, false]);
    // A linear long at 0.5×: its margin is twice its cost, so at its end it is worth nothing.
    const contract = { ...BTCUSDT, maxLeverage: d('100') };
    const half: Position = { ...LONG, contract, leverage: d('0.5'), margin: 3n * XBT };
    expect([isGranted(half, XBT, '0.001'), isGranted(half, XBT + 1n, '0.001')]).toEqual([true, false]);
  });

  it('when profit may leave then what stays and what is refused are told', () => {
    const hyper: VenueRules = { ...GENERIC, removeRule: 'hyperliquid', isolatedInitialBasis: 'mark' };
    const contract = contractWith({ max_leverage: 100 });
    const held: Position = { ...LONG, contract, leverage: d('5'), qty: 1_000n, cost: 20_000n * XBT };
    const long = { ...held, margin: 4_000n * XBT, added: 0n };
    expect(moveMarginOut(hyper, long, 1_600n * XBT, d('22000'), TAKER)).toEqual({
      moved: { ...long, margin: 2_400n * XBT, added: -1_600n * XBT },
    });
    expect(moveMarginOut(hyper, long, 1_601n * XBT, d('22000'), TAKER)).toEqual({
      refusal: {
        code: 70004,
        reason: 'margin_below_initial',
        details: { margin: 2_399n * XBT, equity: 4_399n * XBT, least: 4_400n * XBT },
      },
    });
  });
});

describe('whether an account covers a move', () => {
  const none = computeBalances(GENERIC, 0n, [], 0n);
  // available before and after; cross wallet, and what of it spot orders lock, before and after
  test.each<[bigint, bigint, [bigint, bigint], [bigint, bigint], boolean]>([
    [5n, 0n, [5n, 0n], [0n, 0n], true],
    [5n, -1n, [5n, 0n], [5n, 0n], false],
    [-5n, -5n, [5n, 0n], [5n, 0n], true],
    [-5n, -4n, [5n, 0n], [5n, 0n], true],
    [-5n, -6n, [5n, 0n], [5n, 0n], false],
    [5n, 5n, [5n, 0n], [-1n, 0n], false],
    [5n, 5n, [-5n, 0n], [-5n, 0n], true],
    [5n, 5n, [-5n, 0n], [-6n, 0n], false],
    [5n, 5n, [5n, 3n], [3n, 3n], true],
    [5n, 5n, [5n, 3n], [2n, 3n], false],
    [5n, 5n, [5n, 7n], [5n, 7n], true],
  ])(
    'when available goes from %s to %s and wallet and locked from %j to %j then covered is %s',
    (was, is, [walletWas, lockedWas], [wallet, locked], covered) => {
      const before = { ...none, available: was, crossWallet: walletWas, locked: lockedWas };
      const after = { ...none, available: is, crossWallet: wallet, locked };
      expect(isCovered(before, after)).toBe(covered);
    },
  );

  it('when a position of a ledger with reserves is isolated then margin and reserve are out of the cross wallet', () => {
    const bitmex = rulesOf('bitmex');
    const isolated: Position = { ...LONG, margin: 10_000_000n, added: 0n };
    const at = { position: isolated, takerFee: TAKER, mark: AT_ENTRY };
    // 0.00075 · (1 + 0.1)
    expect(computeBalances(bitmex, XBT, [at], 0n)).toMatchObject({
      crossWallet: XBT - 10_082_500n,
      available: XBT - 10_082_500n,
      transferable: XBT - 10_082_500n,
    });
  });
});
