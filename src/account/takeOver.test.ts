/**
 * Take-overs to the last unit and the last word: what the reserve may take of a wallet that insurance has topped up or that is
 * below zero, which side closes, and what the bills say and when.
 */

import { describe, expect, it } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { accountWith, d, FLAT_INVERSE, fill, XBTUSD } from '../testing/laws/contracts.js';
import type { TradingAccount } from './account.js';
import { isBeyondBankruptcy } from './liquidation.js';
import { createPosition } from './position.js';

const XBT = 100_000_000n;
const words = (account: TradingAccount) =>
  account.takeBills().map(({ timeMs, type, amount, info }) => [timeMs, type, amount, info]);

describe('the fee of a take-over', () => {
  const opened = (balance: bigint, side: 'buy' | 'sell' = 'buy'): TradingAccount => {
    const account = accountWith('bitmex', 'isolated', '10', balance);
    fill(account, XBTUSD, side, 'open', 10_000n, '10000');
    account.takeBills();
    return account;
  };

  it('when the mark is far beyond and 50 units are besides the margin then the reserve takes those 50', () => {
    const account = opened(10_000_050n);
    expect(account.applyTakeOver(XBTUSD, 9, d('8000'))).toMatchObject({ insurance: 15_000_000n, fee: 50n });
    expect(account.wallet).toBe(0n);
  });

  it('when the wallet behind is below zero then the reserve takes nothing, and gives nothing', () => {
    const account = opened(10_000_000n + 5_000_000n);
    const other: Contract = { ...XBTUSD, symbol: 'OTHER' };
    account.applySetting(other, { mode: 'cross' });
    fill(account, other, 'buy', 'open', 20_000n, '10000');
    // half of it is closed with a loss of 0.25 coins while the other half is open: 0.2 below zero
    fill(account, other, 'sell', 'close', 10_000n, '8000');
    account.takeBills();
    expect(account.crossWallet()).toBe(-20_000_000n);
    expect(account.applyTakeOver(XBTUSD, 9, d('9132.5'))).toMatchObject({ fee: 0n, realizedPnl: -10_000_000n });
    expect(account.takeBills().map(({ type }) => type)).toEqual(['liquidation']);
    expect(account.crossWallet()).toBe(-20_000_000n);
  });

  it('when a long and a short are taken over then each is closed by the other side, and the bills say so', () => {
    const found = (['buy', 'sell'] as const).map((side) => {
      const account = opened(XBT, side);
      const result = account.applyTakeOver(XBTUSD, 9, d(side === 'buy' ? '8000' : '12500'));
      return [result.side, result.positionSide, ...words(account)];
    });
    expect(found).toEqual([
      [
        'sell',
        'long',
        [9, 'liquidation', -25_000_000n, 'long taken over'],
        [9, 'fee', -82_500n, 'commission reserve'],
        [9, 'insurance', 15_000_000n, 'difference to the bankruptcy price'],
      ],
      [
        'buy',
        'short',
        [9, 'liquidation', -20_000_000n, 'short taken over'],
        [9, 'fee', -82_500n, 'commission reserve'],
        [9, 'insurance', 10_000_000n, 'difference to the bankruptcy price'],
      ],
    ]);
  });
});

describe('whether a mark lies beyond bankruptcy', () => {
  // Ten contracts worth 8.55 units each, or 9 each as lots are rounded, that cost 100.
  const contract: Contract = {
    ...FLAT_INVERSE,
    type: 'linear',
    valueScale: { num: 1n, den: 1n },
    minQty: 1n,
    qtyDecimals: 0,
  };
  const position = { ...createPosition(contract, 'isolated', d('10')), id: 1, qty: 10n, cost: 100n };

  it.each([
    [9n, true],
    [10n, true],
    [11n, false],
    [15n, false],
  ])('when %s stand behind a loss of 14.5 that is booked as 10 then beyond is %s', (collateral, isBeyond) => {
    const { rules } = accountWith('bitmex', 'isolated', '10', XBT);
    expect(isBeyondBankruptcy(rules, position, collateral, d('8.55'))).toBe(isBeyond);
  });

  it.each([
    [14n, true],
    [15n, false],
  ])('when %s stand behind the same loss booked as 14 then beyond is %s', (collateral, isBeyond) => {
    const { rules } = accountWith('generic', 'isolated', '10', XBT);
    expect(isBeyondBankruptcy(rules, position, collateral, d('8.55'))).toBe(isBeyond);
  });
});
