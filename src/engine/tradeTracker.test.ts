/** Closed trades from flat to flat: exact averages, fees, funding, insurance, and how far the price went against and for it. */

import { describe, expect, it, test } from '@jest/globals';
import { createPosition, type Position } from '../account/position.js';
import type { Contract } from '../contract/contract.js';
import { computeValue } from '../contract/payoff.js';
import { compareFractions } from '../money/decimal.js';
import { BTCUSDT, d, FLAT_INVERSE, rulesOf } from '../testing/laws/contracts.js';
import { TradeTracker } from './tradeTracker.js';

const generic = rulesOf('generic');
const worthOf = (contract: Contract, qty: bigint, price: string): bigint =>
  computeValue(contract, 'per_fill', qty, d(price));
const positionOf = (contract: Contract, qty: bigint, cost: bigint): Position => ({
  ...createPosition(contract, 'cross', d('10')),
  qty,
  cost,
});

/** Opened with 1,000 at 5,000 and 2,000 at 6,000 on bars 3 and 5. */
function opened(): TradeTracker {
  const tracker = new TradeTracker(FLAT_INVERSE);
  tracker.open('long', 100, 3, 1_000n, d('5000'), 20_000_000n, 15_000n);
  tracker.open('long', 200, 5, 2_000n, d('6000'), 33_333_333n, 25_000n);
  return tracker;
}

describe('a closed trade', () => {
  it('when fills open and close it then averages are exact, and all money is summed', () => {
    const tracker = opened();
    tracker.fund(-500n);
    tracker.fund(200n);
    tracker.close(1_200n, d('6250'), 2_133_333n, 14_400n);
    tracker.close(1_800n, d('6000'), 2_000_000n, 22_500n);
    const trade = tracker.finish(900, 9, 'stop_profit')!;
    expect(trade).toMatchObject({
      contract: FLAT_INVERSE,
      side: 'long',
      entryTimeMs: 100,
      exitTimeMs: 900,
      bars: 6,
      qty: 3_000n,
      entryValue: 53_333_333n,
      grossPnl: 4_133_333n,
      fees: 76_900n,
      funding: -300n,
      netPnl: 4_133_333n - 76_900n - 300n,
      mae: 0n,
      mfe: 4_133_333n,
      exitReason: 'stop_profit',
    });
    // 3,000 / (1,200/6,250 + 1,800/6,000) = 3,000 / 0.492, within the thirty digits kept
    expect((trade.entryPrice.num * 10n ** 12n) / trade.entryPrice.den).toBe(5_625n * 10n ** 12n);
    expect((trade.exitPrice.num * 10n ** 6n) / trade.exitPrice.den).toBe(6_097_560_975n);
    expect(tracker.finish(901, 9, 'order')).toBeNull();
  });

  test.each([
    ['one fill', [[500n, '40000']], '40000'],
    [
      'two at one price',
      [
        [500n, '40000'],
        [250n, '40000'],
      ],
      '40000',
    ],
    [
      'two prices',
      [
        [500n, '40000'],
        [250n, '46000'],
      ],
      '42000',
    ],
    [
      'prices of different digits',
      [
        [1n, '0.1'],
        [1n, '0.25'],
      ],
      '0.175',
    ],
  ] as [string, [bigint, string][], string][])(
    'when a linear trade has %s then the average is arithmetic',
    (_, fills, average) => {
      const tracker = new TradeTracker(BTCUSDT);
      for (const [qty, price] of fills) {
        tracker.open('short', 1, 0, qty, d(price), worthOf(BTCUSDT, qty, price), 0n);
        tracker.close(qty, d(price), 0n, 0n);
      }
      const trade = tracker.finish(2, 0, 'order')!;
      expect(compareFractions(trade.entryPrice, d(average))).toBe(0);
      expect(compareFractions(trade.exitPrice, d(average))).toBe(0);
      expect(trade.bars).toBe(0);
    },
  );

  it('when insurance covers a part of the loss then the result counts it', () => {
    const tracker = opened();
    tracker.close(3_000n, d('4000'), -21_666_667n + 5_000_000n, 0n);
    expect(tracker.finish(900, 9, 'liquidation')).toMatchObject({
      grossPnl: -16_666_667n,
      netPnl: -16_666_667n - 40_000n,
      mae: -16_666_667n,
      mfe: 0n,
    });
  });

  it('when there is no trade then closes and funding leave nothing behind', () => {
    const tracker = new TradeTracker(FLAT_INVERSE);
    tracker.close(1n, d('9000'), 1n, 1n);
    tracker.fund(5n);
    expect(tracker.finish(1, 1, 'order')).toBeNull();
    tracker.open('long', 1, 1, 1n, d('9000'), 11_111n, 0n);
    tracker.close(1n, d('9000'), 0n, 0n);
    expect(tracker.finish(1, 1, 'order')).toMatchObject({ grossPnl: 0n, funding: 0n, fees: 0n });
  });
});

describe('excursions', () => {
  /** 1 BTC at 20,000. */
  function held(qty: bigint): { tracker: TradeTracker; position: Position } {
    const tracker = new TradeTracker(BTCUSDT);
    tracker.open(qty > 0n ? 'long' : 'short', 1, 0, 1_000n, d('20000'), worthOf(BTCUSDT, 1_000n, '20000'), 0n);
    return { tracker, position: positionOf(BTCUSDT, qty, worthOf(BTCUSDT, 1_000n, '20000')) };
  }

  test.each([
    [1_000n, -100_000_000_000n, 50_000_000_000n],
    [-1_000n, -50_000_000_000n, 100_000_000_000n],
  ])('when %s are held while the price sees 19,000 and 20,500 then worst and best are those', (qty, mae, mfe) => {
    const { tracker, position } = held(qty);
    tracker.see(19_500, 20_500);
    tracker.see(19_000, 20_000);
    tracker.settleExcursions(generic, position);
    tracker.close(1_000n, d('20000'), 0n, 0n);
    expect(tracker.finish(9, 3, 'order')).toMatchObject({ mae, mfe });
  });

  it('when prices were seen after the position changed then they are judged by what was held then', () => {
    const { tracker, position } = held(1_000n);
    tracker.see(19_000, 20_000);
    tracker.settleExcursions(generic, position);
    const half = positionOf(BTCUSDT, 500n, worthOf(BTCUSDT, 500n, '20000'));
    tracker.see(18_500, 21_000);
    tracker.settleExcursions(generic, half);
    tracker.close(1_000n, d('20000'), 0n, 0n);
    expect(tracker.finish(9, 3, 'order')).toMatchObject({ mae: -100_000_000_000n, mfe: 50_000_000_000n });
  });

  it('when nothing was seen, or nothing is held, then there is nothing to judge', () => {
    const { tracker, position } = held(1_000n);
    tracker.settleExcursions(generic, position);
    tracker.see(1, 90_000);
    tracker.settleExcursions(generic, { ...position, qty: 0n, cost: 0n });
    tracker.close(1_000n, d('20000'), 7n, 0n);
    expect(tracker.finish(9, 3, 'order')).toMatchObject({ mae: 0n, mfe: 7n });
  });

  it('when a copy goes another way then the tracker stays, trade and extremes', () => {
    const { tracker, position } = held(1_000n);
    tracker.see(19_900, 20_000);
    const copy = tracker.clone();
    copy.see(10_000, 30_000);
    copy.settleExcursions(generic, position);
    copy.close(1_000n, d('10000'), -5n, 1n);
    copy.finish(5, 1, 'liquidation');
    tracker.settleExcursions(generic, position);
    tracker.close(1_000n, d('20000'), 0n, 0n);
    expect(tracker.finish(9, 3, 'order')).toMatchObject({
      mae: -10_000_000_000n,
      mfe: 0n,
      fees: 0n,
      exitReason: 'order',
    });
  });
});
