/**
 * What bills say besides their amounts, by which a trader reads them in a table: the time, the words, and the ledger and order they
 * belong to. One booking of each kind; take-overs are in takeOver.test.ts.
 */

import { describe, expect, it } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { accountWith, BTCUSDT, d, FLAT_INVERSE, fill, QUANTO, XBT_CURRENCY } from '../testing/laws/contracts.js';
import type { TradingAccount } from './account.js';

const XBT = 100_000_000n;
const words = (account: TradingAccount) => account.takeBills().map(({ timeMs, type, info }) => [timeMs, type, info]);

describe('bills of a position', () => {
  it('when funding is paid and margin is called for then both are named at their times', () => {
    const account = accountWith('generic', 'isolated', '10', XBT);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    account.applyFunding(FLAT_INVERSE, 5, d('0.0001'), d('10000'));
    account.applyAutoMargin(account.position(FLAT_INVERSE), 7, 1_000n);
    expect(words(account)).toEqual([
      [5, 'funding', 'funding'],
      [7, 'auto_margin', 'automatic margin'],
    ]);
  });

  it('when a move names no side then it is the net position’s', () => {
    const account = accountWith('generic', 'isolated', '10', XBT);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    const moved = { mode: 'isolated', leverage: d('5'), margin: 20_000_000n, added: 3n } as const;
    account.applyMove(FLAT_INVERSE, 8, moved, 'leverage_change', 'to 5x');
    expect(account.position(FLAT_INVERSE)).toMatchObject({ ...moved, qty: 10_000n });
    expect(account.symbolSettings(FLAT_INVERSE)).toMatchObject({ leverage: d('5') });
    expect(account.takeBills()).toMatchObject([
      { timeMs: 8, type: 'leverage_change', info: 'to 5x', amount: 0n, isolatedDelta: 10_000_000n },
    ]);
  });

  it('when a close eats more than the wallet then the credit says why', () => {
    const account = accountWith('generic', 'cross', '10', 1_000_000n);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    fill(account, FLAT_INVERSE, 'sell', 'close', 10_000n, '9000');
    expect(words(account)).toEqual([
      [1, 'realized_pnl', 'sell close'],
      [1, 'insurance', 'loss beyond the wallet'],
    ]);
  });
});

describe('bills of a liquidation', () => {
  it('when a position is filled at the market then each bill says what it is, the credit too', () => {
    const account = accountWith('binance_usdm', 'isolated', '10', XBT, XBT_CURRENCY, { takerFee: d('0.0005') });
    fill(account, { ...FLAT_INVERSE, liquidationFee: d('0.001') }, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    const price = () => d('8000');
    account.applyLiquidation(account.riskGroups()[0]!, 9, { markOf: price, lastOf: price });
    expect(words(account)).toEqual([
      [9, 'liquidation', 'long liquidated'],
      [9, 'fee', 'liquidation at the market'],
      [9, 'liquidation_fee', 'liquidation fee'],
      [9, 'insurance', 'loss beyond the collateral'],
    ]);
  });

  it('when several cross positions are taken over then each says its side, and the last the credit', () => {
    const account = accountWith('generic', 'cross', '10', 10_000_000n);
    fill(account, QUANTO, 'sell', 'open', 10_000n, '200');
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    const markOf = ({ symbol }: Contract) => d(symbol === 'BTCUSD' ? '5000' : '201');
    account.applyLiquidation(account.riskGroups()[0]!, 9, { markOf, lastOf: markOf });
    expect(words(account)).toEqual([
      [9, 'liquidation', 'long taken over'],
      [9, 'liquidation', 'short taken over'],
      [9, 'insurance', 'difference to the bankruptcy price'],
    ]);
    expect(account.wallet).toBe(0n);
  });

  it('when a short is filled at the market then it goes at the higher of mark and last', () => {
    for (const [mark, last, price] of [
      ['10900', '10800', '10900'],
      ['10900', '10900', '10900'],
      ['10900', '11000', '11000'],
    ] as const) {
      const account = accountWith('binance_usdm', 'isolated', '10', XBT, XBT_CURRENCY, { takerFee: d('0') });
      fill(account, { ...FLAT_INVERSE, liquidationFee: d('0') }, 'sell', 'open', 10_000n, '10000');
      const prices = { markOf: () => d(mark), lastOf: () => d(last) };
      const [result] = account.applyLiquidation(account.riskGroups()[0]!, 9, prices);
      expect(result).toMatchObject({ price: d(price), side: 'buy', positionSide: 'short' });
    }
  });
});

describe('groups and settings', () => {
  it('when cross positions are in two ledgers then the groups come by currency, whatever the symbols', () => {
    const account = accountWith('generic', 'cross', '10', XBT);
    fill(account, { ...FLAT_INVERSE, symbol: 'AAA' }, 'buy', 'open', 1n, '10000');
    fill(account, { ...BTCUSDT, symbol: 'BBB' }, 'buy', 'open', 1n, '10000');
    expect(account.riskGroups().map(({ currency }) => currency.code)).toEqual(['USDT', 'XBT']);
  });

  it('when a spot pair is held then it is in no risk group', () => {
    const spot: Contract = { ...BTCUSDT, symbol: 'BTC/USDT', type: 'spot', base: { code: 'BTC', decimals: 8 } };
    const account = accountWith('generic', 'cross', '10', 10n ** 14n, { code: 'USDT', decimals: 8 });
    fill(account, spot, 'buy', 'open', 10n, '10000');
    expect(account.openPositions().length).toBe(1);
    expect(account.riskGroups()).toEqual([]);
  });

  it('when a symbol is set to hedged then it is, and its sides are two', () => {
    const account = accountWith('generic', 'cross', '10', XBT);
    account.setPositionMode(FLAT_INVERSE, 'hedged');
    expect(account.positionModeOf(FLAT_INVERSE)).toBe('hedged');
    expect(account.positionsOf(FLAT_INVERSE).map(({ slot }) => slot)).toEqual(['long', 'short']);
  });

  it('when nothing is said of automatic margin then it is off, and on spot it is off in any case', () => {
    expect(accountWith('generic', 'isolated', '10', XBT).autoMarginOf(FLAT_INVERSE)).toBe(false);
    const on = accountWith('generic', 'isolated', '10', XBT, XBT_CURRENCY, { autoMargin: true });
    expect(on.autoMarginOf(FLAT_INVERSE)).toBe(true);
    expect(on.autoMarginOf({ ...FLAT_INVERSE, type: 'spot' })).toBe(false);
    expect(on.symbolSettings({ ...FLAT_INVERSE, type: 'spot' })).toMatchObject({ mode: 'cross' });
  });
});
