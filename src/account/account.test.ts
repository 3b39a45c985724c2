/**
 * An account through its bills: the worked sequence of fills, isolated margin, funding in either pocket, take-overs at, before
 * and beyond the bankruptcy price, insurance, and copies.
 */

import { describe, expect, it, test } from '@jest/globals';
import { InvariantError } from '../errors.js';
import { compareFractions } from '../money/decimal.js';
import { accountWith, BTCUSDT, contractWith, d, FLAT_INVERSE, fill, XBTUSD } from '../testing/laws/contracts.js';
import type { TradingAccount } from './account.js';
import { computeEntryPrice } from './position.js';
import { isLiquidatable } from './riskGroup.js';

const XBT = 100_000_000n;
const TAKER = '0.00075';

/** Type, amount and margin moved, of each bill since the last call. */
const bills = (account: TradingAccount) =>
  account.takeBills().map((bill) => [bill.type, bill.amount, bill.isolatedDelta]);

describe('fills', () => {
  it('when the worked sequence is traded then value, cost, entry and profit are those of its table', () => {
    const account = accountWith('generic', 'cross', '10', XBT);
    const position = account.position(FLAT_INVERSE);
    expect(fill(account, FLAT_INVERSE, 'buy', 'open', 1_000n, '5000', TAKER)).toMatchObject({
      value: 20_000_000n,
      fee: 15_000n,
    });
    expect(fill(account, FLAT_INVERSE, 'buy', 'open', 2_000n, '6000', TAKER)).toMatchObject({
      value: 33_333_333n,
      fee: 25_000n,
    });
    expect(position.cost).toBe(53_333_333n);
    const entry = computeEntryPrice(position)!;
    expect((entry.num * 1000n) / entry.den).toBe(5_625_000n);
    const partial = fill(account, FLAT_INVERSE, 'sell', 'close', 1_200n, '6250', TAKER);
    expect(partial).toEqual({ value: 19_200_000n, fee: 14_400n, realizedPnl: 2_133_333n, insurance: 0n });
    expect([position.qty, position.cost]).toEqual([1_800n, 32_000_000n]);
    const closing = fill(account, FLAT_INVERSE, 'sell', 'close', 1_800n, '6000', TAKER);
    expect(closing).toEqual({ value: 30_000_000n, fee: 22_500n, realizedPnl: 2_000_000n, insurance: 0n });
    expect([position.qty, position.cost, position.id]).toEqual([0n, 0n, 0]);
    expect(fill(account, FLAT_INVERSE, 'sell', 'open', 700n, '6000', TAKER)).toMatchObject({
      value: 11_666_667n,
      fee: 8_750n,
    });
    expect([position.qty, position.cost, position.id]).toEqual([-700n, 11_666_667n, 2]);
    const spent = 15_000n + 25_000n + 14_400n + 22_500n + 8_750n;
    expect(account.wallet).toBe(XBT + 2_133_333n + 2_000_000n - spent);
  });

  it('when parts are booked then each leaves its bills, and a rebate is a fee received', () => {
    const account = accountWith('generic', 'isolated', '10', XBT);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000', '-0.00025');
    expect(bills(account)).toEqual([['fee', 25_000n, 10_000_000n]]);
    fill(account, FLAT_INVERSE, 'sell', 'close', 4_000n, '12500', TAKER);
    expect(bills(account)).toEqual([
      ['realized_pnl', 8_000_000n, -4_000_000n],
      ['fee', -24_000n, 0n],
    ]);
    fill(account, FLAT_INVERSE, 'sell', 'close', 6_000n, '10000');
    expect(bills(account)).toEqual([['realized_pnl', 0n, -6_000_000n]]);
    expect(account.position(FLAT_INVERSE).margin).toBe(0n);
  });

  it('when a bill is written then it names time, symbol, order and position, and repeats the fee of a profit', () => {
    const account = accountWith('generic', 'cross', '10', XBT);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000', TAKER);
    fill(account, FLAT_INVERSE, 'sell', 'close', 10_000n, '12500', TAKER);
    const [open, profit, fee] = account.takeBills();
    expect(open).toMatchObject({ timeMs: 1, symbol: 'BTCUSD', orderId: 1, positionId: 1, info: 'buy open', fee: 0n });
    expect(profit).toMatchObject({ positionId: 1, info: 'sell close', fee: 60_000n, amount: 20_000_000n });
    expect(fee).toMatchObject({ positionId: 1, amount: -60_000n, balanceAfter: XBT - 75_000n + 20_000_000n - 60_000n });
  });

  it('when an isolated position grows and shrinks then margin follows the fills, in the ledger the whole cost', () => {
    const margins = (venue: string): bigint[] => {
      const account = accountWith(venue, 'isolated', '3', XBT);
      const position = account.position(XBTUSD);
      const seen = [];
      for (const qty of [1n, 1n, 1n]) {
        fill(account, XBTUSD, 'buy', 'open', qty, '10000');
        seen.push(position.margin);
      }
      fill(account, XBTUSD, 'sell', 'close', 1n, '10000');
      return [...seen, position.margin];
    };
    expect(margins('generic')).toEqual([3_334n, 6_668n, 10_002n, 6_668n]);
    expect(margins('bitmex')).toEqual([3_334n, 6_667n, 10_000n, 6_667n]);
  });

  test.each<['open' | 'close', 'buy' | 'sell', bigint]>([
    ['open', 'sell', 1n],
    ['close', 'buy', 1n],
    ['close', 'sell', 101n],
  ])('when a long of 100 is met by a part to %s, %s %s, then the account refuses it', (effect, side, qty) => {
    const account = accountWith('generic', 'cross', '10', XBT);
    fill(account, FLAT_INVERSE, 'buy', 'open', 100n, '10000');
    expect(() => fill(account, FLAT_INVERSE, side, effect, qty, '10000')).toThrow(InvariantError);
  });

  it('when the account has rates of its own then they stand for the contract’s', () => {
    const account = accountWith('generic', 'cross', '10', XBT);
    expect(account.takerFee(BTCUSDT)).toBe(BTCUSDT.takerFee);
    expect(account.makerFee(BTCUSDT)).toBe(BTCUSDT.makerFee);
    const own = { ...account.settings, takerFee: d('0.1'), makerFee: d('-0.1') };
    const other = new (account.constructor as typeof TradingAccount)(own);
    expect([other.takerFee(BTCUSDT), other.makerFee(BTCUSDT)]).toEqual([d('0.1'), d('-0.1')]);
  });
});

describe('insurance at a close', () => {
  it('when an isolated close eats more than the cross wallet then the rest is insurance and the wallet ends at the margin left', () => {
    const account = accountWith('generic', 'isolated', '1', 120_000_000n);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    const result = fill(account, FLAT_INVERSE, 'sell', 'close', 5_000n, '4000');
    expect(result).toMatchObject({ realizedPnl: -75_000_000n, insurance: 5_000_000n });
    expect(bills(account)).toEqual([
      ['realized_pnl', -75_000_000n, -50_000_000n],
      ['insurance', 5_000_000n, 0n],
    ]);
    expect([account.wallet, account.crossWallet()]).toEqual([50_000_000n, 0n]);
  });

  it('when a cross close is partial then no insurance yet; when it is the last, the wallet ends at 0', () => {
    const account = accountWith('generic', 'cross', '10', 20_000_000n);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    expect(fill(account, FLAT_INVERSE, 'sell', 'close', 5_000n, '5000')).toMatchObject({
      realizedPnl: -50_000_000n,
      insurance: 0n,
    });
    expect(account.wallet).toBe(-30_000_000n);
    expect(fill(account, FLAT_INVERSE, 'sell', 'close', 5_000n, '10000', '0.001')).toMatchObject({
      insurance: 30_050_000n,
    });
    expect(account.wallet).toBe(0n);
  });

  it('when the wallet ends at exactly 0 then there is no insurance', () => {
    const account = accountWith('generic', 'cross', '10', 100_000_000n);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    expect(fill(account, FLAT_INVERSE, 'sell', 'close', 10_000n, '5000')).toMatchObject({
      realizedPnl: -XBT,
      insurance: 0n,
    });
    expect(account.wallet).toBe(0n);
  });
});

describe('funding', () => {
  // side, contracts, mark, rate, amount
  test.each<['buy' | 'sell', bigint, string, string, bigint]>([
    ['buy', 15_000n, '750', '0.0025', -5_000_000n],
    ['sell', 15_000n, '750', '0.0025', 5_000_000n],
    ['buy', 15_000n, '750', '-0.0025', 5_000_000n],
    ['buy', 12_345n, '10456.5', '0.0001', -11_806n],
    ['sell', 12_345n, '10456.5', '0.0001', 11_806n],
    ['buy', 1n, '20000', '0.0001', -1n],
    ['buy', 1n, '20003', '0.0001', 0n],
    ['buy', 1n, '20000', '0', 0n],
  ])('when a %s of %s at mark %s meets rate %s then %s', (side, qty, mark, rate, amount) => {
    const account = accountWith('generic', 'cross', '10', 100n * XBT);
    fill(account, FLAT_INVERSE, side, 'open', qty, '750');
    account.takeBills();
    expect(account.applyFunding(FLAT_INVERSE, 5, d(rate), d(mark))).toBe(amount);
    expect(bills(account)).toEqual(amount === 0n ? [] : [['funding', amount, 0n]]);
    expect(account.wallet).toBe(100n * XBT + amount);
  });

  it('when the guide’s long is closed at 800 then it nets 1.25 − 0.05 = 1.2 XBT', () => {
    const account = accountWith('generic', 'cross', '10', 100n * XBT);
    fill(account, FLAT_INVERSE, 'buy', 'open', 15_000n, '750');
    account.applyFunding(FLAT_INVERSE, 5, d('0.0025'), d('750'));
    fill(account, FLAT_INVERSE, 'sell', 'close', 15_000n, '800');
    expect(account.wallet).toBe(100n * XBT + 120_000_000n);
  });

  it('when the position is isolated then it pays from its margin, below zero if need be, and profit decides whether it stays', () => {
    const account = accountWith('generic', 'isolated', '1000', 10n * XBT);
    const contract = contractWith({
      type: 'inverse',
      settle_currency: 'XBT',
      min_qty: '1',
      tick_size: '0.5',
      initial_margin: '0.0006',
      maintenance_margin: '0.0005',
      max_leverage: 1000,
    });
    fill(account, contract, 'buy', 'open', 10_000n, '10000');
    const position = account.position(contract);
    expect(position.margin).toBe(100_000n);
    account.takeBills();
    account.applyFunding(contract, 5, d('0.00375'), d('10000'));
    expect(bills(account)).toEqual([['funding', -375_000n, -375_000n]]);
    expect(position.margin).toBe(-275_000n);
    // +1 % of profit carries it, at the entry it is due at once
    expect(isLiquidatable(account.rules, position, position.margin, d('10101'))).toBe(false);
    expect(isLiquidatable(account.rules, position, position.margin, d('10000'))).toBe(true);
    expect(account.crossWallet()).toBe(10n * XBT - 100_000n);
  });

  it('when the account is flat then nothing is paid', () => {
    const account = accountWith('generic', 'cross', '10', XBT);
    expect(account.applyFunding(FLAT_INVERSE, 5, d('0.01'), d('750'))).toBe(0n);
    expect(account.takeBills()).toEqual([]);
  });
});

describe('take-over', () => {
  const opened = (
    venue: string,
    mode: 'isolated' | 'cross',
    side: 'buy' | 'sell' = 'buy',
    leverage = '10',
    balance = XBT,
  ) => {
    const account = accountWith(venue, mode, leverage, balance);
    fill(account, XBTUSD, side, 'open', 10_000n, '10000');
    account.takeBills();
    return account;
  };

  it('when an isolated long is taken over before its bankruptcy then it costs exactly its margin', () => {
    const account = opened('generic', 'isolated');
    const result = account.applyTakeOver(XBTUSD, 9, d('9136'));
    expect(result).toMatchObject({
      side: 'sell',
      positionSide: 'long',
      qty: 10_000n,
      realizedPnl: -10_000_000n,
      fee: 0n,
      insurance: 0n,
    });
    expect(result.value).toBe(110_000_000n);
    expect(compareFractions(result.price, d('9091'))).toBe(0);
    expect(bills(account)).toEqual([['liquidation', -10_000_000n, -10_000_000n]]);
    expect([account.wallet, account.crossWallet()]).toEqual([90_000_000n, 90_000_000n]);
    expect(account.position(XBTUSD)).toMatchObject({ qty: 0n, cost: 0n, margin: 0n, id: 0 });
  });

  test.each<['buy' | 'sell', string, bigint, string]>([
    ['buy', '9132.5', 110_000_000n, '9091'],
    ['sell', '11049.5', 90_000_000n, '11111'],
  ])('when the BitMEX ledger takes over an isolated %s then its reserve pays the fee', (side, mark, value, price) => {
    const account = opened('bitmex', 'isolated', side);
    const result = account.applyTakeOver(XBTUSD, 9, d(mark));
    expect(result).toMatchObject({ realizedPnl: -10_000_000n, fee: 82_500n, insurance: 0n, value });
    expect(compareFractions(result.price, d(price))).toBe(0);
    expect(bills(account)).toEqual([
      ['liquidation', -10_000_000n, -10_000_000n],
      ['fee', -82_500n, 0n],
    ]);
    expect(account.wallet).toBe(XBT - 10_082_500n);
  });

  it('when the mark is beyond bankruptcy then the fill is at the mark and insurance makes the sum the margin', () => {
    const account = opened('bitmex', 'isolated');
    const result = account.applyTakeOver(XBTUSD, 9, d('8000'));
    expect(result).toMatchObject({
      realizedPnl: -25_000_000n,
      insurance: 15_000_000n,
      value: 125_000_000n,
      fee: 82_500n,
    });
    expect(compareFractions(result.price, d('8000'))).toBe(0);
    expect(bills(account)).toEqual([
      ['liquidation', -25_000_000n, -10_000_000n],
      ['fee', -82_500n, 0n],
      ['insurance', 15_000_000n, 0n],
    ]);
    expect(account.wallet).toBe(XBT - 10_082_500n);
  });

  test.each<[string, 'buy' | 'sell', string]>([
    ['generic', 'buy', '5025'],
    ['bitmex', 'buy', '5013'],
    ['bitmex_2020', 'buy', '1000'],
    ['generic', 'sell', '1000000'],
  ])('when %s takes over a cross %s at %s then the wallet ends at 0 without a fee', (venue, side, mark) => {
    const balance = side === 'buy' ? XBT : XBT / 2n;
    const account = opened(venue, 'cross', side, '10', balance);
    const result = account.applyTakeOver(XBTUSD, 9, d(mark));
    expect(result.realizedPnl + result.insurance).toBe(-balance);
    expect(result.fee).toBe(0n);
    expect(account.wallet).toBe(0n);
  });

  it('when the wallet has nothing besides the margin then the reserve takes what there is', () => {
    const account = accountWith('bitmex', 'isolated', '10', 10_000_050n);
    fill(account, XBTUSD, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    expect(account.applyTakeOver(XBTUSD, 9, d('9132.5')).fee).toBe(50n);
    expect(account.wallet).toBe(0n);
  });

  it('when funding has taken more than the margin then insurance gives back only the excess', () => {
    const account = opened('generic', 'isolated', 'buy', '100');
    account.applyFunding(XBTUSD, 5, d('0.015'), d('10000'));
    expect(account.position(XBTUSD).margin).toBe(-500_000n);
    account.takeBills();
    const result = account.applyTakeOver(XBTUSD, 9, d('10000'));
    expect(result).toMatchObject({ realizedPnl: 0n, insurance: 500_000n });
    expect(account.wallet).toBe(XBT - 1_000_000n);
  });
});

describe('the account’s questions', () => {
  it('when a position is isolated then it is its margin that stands behind it, else the cross wallet', () => {
    const account = accountWith('generic', 'isolated', '10', XBT);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    const position = account.position(FLAT_INVERSE);
    expect([account.collateral(position), account.crossWallet()]).toEqual([10_000_000n, 90_000_000n]);
    const cross = accountWith('generic', 'cross', '10', XBT);
    fill(cross, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000');
    expect(cross.collateral(cross.position(FLAT_INVERSE))).toBe(XBT);
  });

  it('when a copy goes another way then the account stays, position, wallet and bills', () => {
    const account = accountWith('bitmex', 'isolated', '10', XBT);
    fill(account, XBTUSD, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    account.bankruptAtMs = 5;
    const copy = account.clone();
    const before = { ...account.position(XBTUSD) };
    fill(copy, XBTUSD, 'sell', 'close', 10_000n, '9500');
    fill(copy, XBTUSD, 'sell', 'open', 1n, '9500');
    copy.bankruptAtMs = null;
    expect(copy.position(XBTUSD).id).toBe(2);
    expect(account.position(XBTUSD)).toEqual(before);
    expect([account.wallet, account.bankruptAtMs, account.takeBills()]).toEqual([XBT, 5, []]);
    expect(copy.takeBills().length).toBeGreaterThan(0);
  });
});
