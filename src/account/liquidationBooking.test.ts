/**
 * Liquidations as they are booked: shares of several cross positions, fills at the market with fees, the backstop's threshold,
 * and insurance for what is beyond the collateral.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { over } from '../money/fractions.js';
import {
  accountWith,
  BTCUSDT,
  d,
  FLAT_INVERSE,
  fill,
  QUANTO,
  type rulesOf,
  USDT_CURRENCY,
  XBT_CURRENCY,
} from '../testing/laws/contracts.js';
import type { TradingAccount } from './account.js';
import type { LiquidatedPosition } from './bookings.js';
import { isGroupDue } from './riskGroup.js';

const XBT = 100_000_000n;
const ratio = (a: string, b: string): Fraction => over(d(a), d(b));
const bills = (account: TradingAccount) =>
  account.takeBills().map(({ type, amount, isolatedDelta }) => [type, amount, isolatedDelta]);
const marks =
  (prices: Readonly<Record<string, string>>) =>
  ({ symbol }: Contract): Fraction =>
    d(prices[symbol]!);

function liquidate(account: TradingAccount, markOf: (contract: Contract) => Fraction, lastOf = markOf) {
  const group = account.riskGroups().at(-1)!;
  return account.applyLiquidation(group, 9, { markOf, lastOf });
}

describe('several cross positions at bankruptcy', () => {
  const ETH: Contract = { ...QUANTO, maintenanceMargin: d('0.01') };
  /** 20,000 inverse at 10,000 and a quanto of 0.01 at 200, one coin behind both. */
  const opened = (wallet = XBT): TradingAccount => {
    const account = accountWith('generic', 'cross', '10', wallet);
    fill(account, ETH, 'buy', 'open', 10_000n, '200');
    fill(account, FLAT_INVERSE, 'buy', 'open', 20_000n, '10000');
    account.takeBills();
    return account;
  };

  it('when the worked pair is due at 8,000 and 152 then it fills at 1108000/139 and 41800/277, and the coin is gone', () => {
    const account = opened();
    const markOf = marks({ BTCUSD: '8000', ETHUSD: '152' });
    expect(isGroupDue(account.riskGroups()[0]!, markOf)).toBe(true);
    const results = liquidate(account, markOf);
    expect(results.map(({ contract }) => contract.symbol)).toEqual(['BTCUSD', 'ETHUSD']);
    // shares of 0.02 XBT: 5/554 and 76/6925, in whole units
    expect(results.map(({ realizedPnl }) => realizedPnl)).toEqual([-50_902_527n, -49_097_473n]);
    const exact = [ratio('1108000', '139'), ratio('41800', '277')];
    for (const [i, { price }] of results.entries()) {
      const off = Number(price.num) / Number(price.den) - Number(exact[i]!.num) / Number(exact[i]!.den);
      expect(Math.abs(off)).toBeLessThan(0.0001);
    }
    expect(results.map(({ value }) => value)).toEqual([250_902_527n, 150_902_527n]);
    expect(results.every(({ commission, insurance }) => commission === 0n && insurance === 0n)).toBe(true);
    expect(account.wallet).toBe(0n);
    expect(bills(account)).toEqual([
      ['liquidation', -50_902_527n, 0n],
      ['liquidation', -49_097_473n, 0n],
    ]);
    expect(account.openPositions()).toEqual([]);
  });

  test.each<[string, bigint, bigint[]]>([
    // exact equity at 8,000 and 152 is the wallet less 0.98 XBT
    ['a unit is left', 98_000_001n, [0n, 0n]],
    ['nothing is left', 98_000_000n, [0n, 0n]],
    ['a unit is missing', 97_999_999n, [0n, 1n]],
    ['half a coin is missing', 48_000_000n, [0n, 50_000_000n]],
  ])('when %s then the wallet ends at 0 and the last one is credited the shortfall', (_, wallet, insurance) => {
    const account = opened(wallet);
    const results = liquidate(account, marks({ BTCUSD: '8000', ETHUSD: '152' }));
    expect(results.map((result) => result.insurance)).toEqual(insurance);
    expect(account.wallet).toBe(0n);
  });

  it('when a share is beyond any price then the fill is at the mark and the share is an insurance bill', () => {
    // A linear position worth almost nothing, but with all the requirement: its share exceeds its value.
    const account = accountWith('generic', 'cross', '10', 1_000n, USDT_CURRENCY);
    const small: Contract = { ...BTCUSDT, symbol: 'AAA', maintenanceMargin: d('1') };
    const large: Contract = { ...BTCUSDT, symbol: 'BBB', maintenanceMargin: d('0') };
    fill(account, small, 'buy', 'open', 1n, '0.001');
    fill(account, large, 'buy', 'open', 1n, '1000');
    account.takeBills();
    const [first, second] = liquidate(account, marks({ AAA: '0.001', BBB: '1000' }));
    // R is 1,000 and all of it is AAA's share; AAA is worth 100 units
    expect(first).toMatchObject({ realizedPnl: 0n, insurance: -1_000n, value: 100n });
    expect(compareFractions(first!.price, d('0.001'))).toBe(0);
    expect(second).toMatchObject({ realizedPnl: 0n, insurance: 0n });
    expect(bills(account)).toEqual([['insurance', -1_000n, 0n]]);
    expect(account.wallet).toBe(0n);
  });

  it('when nothing is required then all share alike', () => {
    const account = accountWith('generic', 'cross', '10', 1_001n, USDT_CURRENCY);
    for (const symbol of ['AAA', 'BBB']) {
      fill(account, { ...BTCUSDT, symbol, maintenanceMargin: d('0') }, 'buy', 'open', 1_000n, '1');
    }
    const results = liquidate(account, () => d('1'));
    expect(results.map(({ realizedPnl }) => realizedPnl)).toEqual([-501n, -500n]);
    expect(account.wallet).toBe(0n);
  });

  it('when a hedge goes then both sides are results of their own', () => {
    const account = accountWith('generic', 'cross', '10', 3_000n * XBT, USDT_CURRENCY, { positionMode: 'hedged' });
    fill(account, BTCUSDT, 'buy', 'open', 2_000n, '10000', '0', 'long');
    fill(account, BTCUSDT, 'sell', 'open', 1_000n, '9000', '0', 'short');
    const results = liquidate(account, () => d('8121.8'));
    expect(results.map(({ slot, side, positionSide, qty }) => [slot, side, positionSide, qty])).toEqual([
      ['long', 'sell', 'long', 2_000n],
      ['short', 'buy', 'short', 1_000n],
    ]);
    expect(results.reduce((sum, { realizedPnl }) => sum + realizedPnl, 0n)).toBe(-3_000n * XBT);
    expect(account.wallet).toBe(0n);
  });

  it('when isolated positions are beside then their margin stays', () => {
    const account = opened(2n * XBT);
    const other: Contract = { ...FLAT_INVERSE, symbol: 'CCC' };
    account.applySetting(other, { mode: 'isolated' });
    fill(account, other, 'buy', 'open', 10_000n, '10000');
    liquidate(account, marks({ BTCUSD: '8000', ETHUSD: '152', CCC: '10000' }));
    expect([account.wallet, account.crossWallet(), account.position(other).margin]).toEqual([
      10_000_000n,
      0n,
      10_000_000n,
    ]);
  });
});

describe('a fill at the market', () => {
  const opened = (
    rules: Parameters<typeof rulesOf>[0],
    contract: Contract,
    mode: 'isolated' | 'cross',
    balance = XBT,
  ) => {
    const account = accountWith(rules, mode, '10', balance, XBT_CURRENCY, { takerFee: d('0') });
    fill(account, contract, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    return account;
  };
  const free: Contract = { ...FLAT_INVERSE, liquidationFee: d('0') };
  const charged: Contract = { ...FLAT_INVERSE, liquidationFee: d('0.001') };

  it('when the isolated long at 10× goes at 100500/11 then 0.0945273632 is lost and 0.0054726368 comes back', () => {
    const account = opened('binance_usdm', free, 'isolated');
    const [result] = liquidate(account, () => ratio('100500', '11'));
    expect(result).toMatchObject({ realizedPnl: -9_452_736n, commission: 0n, insurance: 0n, qty: 10_000n });
    expect(bills(account)).toEqual([['liquidation', -9_452_736n, -10_000_000n]]);
    expect([account.wallet, account.crossWallet()]).toEqual([XBT - 9_452_736n, XBT - 9_452_736n]);
  });

  it('when fees are due then each is a bill and both are the commission', () => {
    const account = accountWith('binance_usdm', 'isolated', '10', XBT, XBT_CURRENCY, { takerFee: d('0.0005') });
    fill(account, charged, 'buy', 'open', 10_000n, '10000');
    account.takeBills();
    const [result] = liquidate(account, () => d('9200'));
    // 10,000 / 9,200 = 1.08695652
    expect(result).toMatchObject({ value: 108_695_652n, realizedPnl: -8_695_652n, commission: 54_348n + 108_696n });
    expect(bills(account)).toEqual([
      ['liquidation', -8_695_652n, -10_000_000n],
      ['fee', -54_348n, 0n],
      ['liquidation_fee', -108_696n, 0n],
    ]);
  });

  test.each<[string, string, string]>([
    ['9200', '9100', '9100'],
    ['9200', '9200', '9200'],
    ['9200', '9300', '9200'],
  ])('when mark is %s and last %s then a long goes at %s', (mark, last, price) => {
    const account = opened('binance_usdm', free, 'isolated');
    const [result] = account.applyLiquidation(account.riskGroups()[0]!, 9, {
      markOf: () => d(mark),
      lastOf: () => d(last),
    });
    expect(compareFractions(result!.price, d(price))).toBe(0);
  });

  test.each([
    // 10,000 / price − 1 coin, and 0.1 % of the value
    ['9101', 9_878_035n + 109_878n, 0n],
    ['9100', 9_890_110n + 109_890n, 0n],
    ['9099', 9_902_187n + 109_902n, 12_089n],
    ['8000', 25_000_000n + 125_000n, 15_125_000n],
  ])(
    'when the loss with fee at %s is %s then insurance pays what is beyond the margin, %s',
    (price, lost, insurance) => {
      const account = opened('binance_usdm', charged, 'isolated');
      const [result] = liquidate(account, () => d(price));
      expect(result!.commission - result!.realizedPnl).toBe(lost);
      expect(result!.insurance).toBe(insurance);
      expect(account.wallet).toBe(XBT - lost + insurance);
      expect(account.wallet >= XBT - 10_000_000n).toBe(true);
    },
  );

  it('when funding has taken more than the margin then insurance gives back what the wallet has paid', () => {
    const account = opened('binance_usdm', free, 'isolated');
    account.applyFunding(free, 5, d('0.11'), d('10000'));
    account.takeBills();
    const [result] = liquidate(account, () => d('10000'));
    expect(result).toMatchObject({ realizedPnl: 0n, insurance: 1_000_000n });
    expect(account.wallet).toBe(XBT - 10_000_000n);
  });

  it('when cross positions lose more than the wallet then the last one’s insurance brings it to 0, else the rest stays', () => {
    const wallets = [45_000_000n, 50_000_000n, 55_000_000n].map((balance) => {
      const account = opened('binance_usdm', free, 'cross', balance);
      const other: Contract = { ...free, symbol: 'ZZZ' };
      fill(account, other, 'sell', 'open', 10_000n, '10000');
      const results = liquidate(account, marks({ BTCUSD: '5000', ZZZ: '20000' }));
      expect(results.map(({ realizedPnl }) => realizedPnl)).toEqual([-XBT, -50_000_000n]);
      return [account.wallet, results.map(({ insurance }) => insurance)];
    });
    expect(wallets).toEqual([
      [0n, [0n, 105_000_000n]],
      [0n, [0n, 100_000_000n]],
      [0n, [0n, 95_000_000n]],
    ]);
    const rich = opened('binance_usdm', free, 'cross', 2n * XBT);
    expect(liquidate(rich, () => d('5000'))[0]!.insurance).toBe(0n);
    expect(rich.wallet).toBe(XBT);
  });
});

describe('the backstop', () => {
  const contract: Contract = { ...BTCUSDT, maintenanceMargin: d('0.03'), liquidationFee: null };
  const opened = (venue: string): TradingAccount => {
    const account = accountWith(venue, 'isolated', '10', 10_000n * XBT, USDT_CURRENCY, { takerFee: d('0') });
    fill(account, contract, 'buy', 'open', 1_000n, '10000');
    account.takeBills();
    return account;
  };

  // equity is 1,000 + mark − 10,000; two thirds of the requirement are 2 % of the mark: equal at 9,000 / 0.98
  test.each<[Fraction, boolean]>([
    [ratio('9000.000001', '0.98'), true],
    [ratio('9000', '0.98'), false],
    [ratio('8999.999999', '0.98'), false],
  ])(
    'when equity is about two thirds of the requirement, case %#, then only above it something comes back',
    (mark, isMarket) => {
      const account = opened('hyperliquid');
      const [result] = liquidate(account, () => mark);
      if (isMarket) {
        expect(compareFractions(result!.price, mark)).toBe(0);
        expect(account.wallet > 9_000n * XBT).toBe(true);
      } else {
        expect(result!.realizedPnl).toBe(-1_000n * XBT);
        expect(account.wallet).toBe(9_000n * XBT);
      }
    },
  );

  test.each<[string, string, bigint]>([
    ['0.01', 'the floor of 0.75 %', 6_900_000_000n],
    ['0.01875', 'the floor of 0.75 %, equal', 6_900_000_000n],
    ['0.03', '0.4 of the rate', 11_040_000_000n],
  ])('when Pacifica’s maintenance is %s then its fee is %s', (rate, _, fee) => {
    const account = accountWith('pacifica', 'isolated', '10', 10_000n * XBT, USDT_CURRENCY, { takerFee: d('0') });
    fill(account, { ...contract, maintenanceMargin: d(rate) }, 'buy', 'open', 1_000n, '10000');
    const [result] = liquidate(account, () => d('9200')) as [LiquidatedPosition];
    expect(result.commission).toBe(fee);
  });
});
