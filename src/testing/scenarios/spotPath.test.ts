/**
 * Spot orders inside one candle: when the order of the extremes matters, which one is taken, what counts as ambiguous. A pair is
 * a path group of its own, and is judged by what money and coins are worth at the end of the bar.
 */

import { describe, it, test } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

const start = `
  contract BTC/USDT generic taker_fee=0 maker_fee=0
  account  main balance 10000 cross 10x
  bar      01:00 20000`;

describe('a resting buy with a bracket in one candle', () => {
  // Low first: bought at 19,500, sold at 20,500 on the way up: +100. High first: bought on the way down, held at 20,000: worth 50 more.
  const candle = `${start}
    order buy 0.1 limit 19500 stop_profit=20500 @bar1
    bar   02:00 20000 21000 19000 20000`;

  test.each([
    ['adverse', 'high', 'expired'],
    ['favourable', 'low', 'filled'],
    ['olhc', 'low', 'filled'],
    ['ohlc', 'high', 'expired'],
  ])('when the path is %s then the %s comes first and the profit stop is %s', (path, _first, stop) =>
    settles(`${candle}
    path ${path}
    expect order 1 filled
    expect order 2 ${stop}
    expect account main currency=USDT ambiguous=1 wallet=${stop === 'filled' ? 10100 : 8050}
    expect account main currency=BTC  ambiguous=0 wallet=${stop === 'filled' ? 0 : 0.1}`),
  );

  it('when the high is nearer then nearest takes it first', () =>
    settles(`${candle.replace('20000 21000 19000 20000', '20000 20600 19000 20000')}
    path nearest
    expect order 1 filled
    expect order 2 expired
    expect account main currency=USDT ambiguous=1`));

  it('when both extremes are as near then nearest takes the low first', () =>
    settles(`${candle}
    path nearest
    expect order 1 filled
    expect order 2 filled
    expect account main currency=USDT ambiguous=1`));

  test.each(['adverse', 'favourable'])('when both ways end alike and the path is %s then the low is first', (path) =>
    // Bought at 19,500 and, low first, sold one tick below the stop at 20,500, or held at a close of 20,500: worth 10,100.
    settles(`${candle.replace('21000 19000 20000', '21000 19000 20500').replace('=20500', '=20500.5')}
    slippage 1 ticks
    path ${path}
    expect trade 02:10       buy  open  0.1 @ 19500
    expect trade 02:35:00.300 sell close 0.1 @ 20500
    expect account main currency=USDT ambiguous=0 wallet=10100`),
  );

  it('when one order alone can be reached then the bar is not ambiguous, and the nearer extreme is first', () =>
    settles(`${start}
    order buy 0.1 limit 19500 @bar1
    bar   02:00 20000 20100 19000 20000
    // 20 minutes up, then 600 of 1,100 down
    expect trade 02:30:54.545 buy open 0.1 @ 19500
    expect account main currency=USDT ambiguous=0`));
});

describe('a resting buy and a resting sell in one candle', () => {
  test.each(['adverse', 'favourable'])('when both fill either way and the path is %s then the low is first', (path) =>
    settles(`${start.replace('10000', '10000 BTC=0.1')}
    path  ${path}
    order buy  0.1 limit 19000 @bar1
    order sell 0.1 limit 21000 @bar1
    bar   02:00 20000 21000 19000 20000
    expect trade 02:20 buy  open  0.1 @ 19000
    expect trade 02:40 sell close 0.1 @ 21000 pnl=200
    expect closed long 0.1 net=200
    expect account main currency=USDT ambiguous=0 wallet=10200
    expect account main currency=BTC  ambiguous=0 wallet=0.1`),
  );

  it('when the high is first then the coins sold are not yet those that were bought', () =>
    settles(`${start.replace('10000', '10000 BTC=0.1')}
    path  ohlc
    order buy  0.1 limit 19000 @bar1
    order sell 0.1 limit 21000 @bar1
    bar   02:00 20000 21000 19000 20000
    expect trade 02:20 sell close 0.1 @ 21000 pnl=0
    expect trade 02:40 buy  open  0.1 @ 19000
    expect no closed
    expect account main currency=USDT ambiguous=0 wallet=10200 open=1`));

  it('when last touches both at one point then stops and exits come before entries', () =>
    settles(`${start.replace('10000', '10000 BTC=0.1')}
    path  ohlc
    order buy  0.1 limit 19000 @bar1
    order sell 0.1 stop  19000 @bar1
    bar   02:00 20000 20000 18000 18000
    expect trade 02:30 sell close 0.1 @ 19000 pnl=0
    expect trade 02:30 buy  open  0.1 @ 19000`));
});

describe('beside a contract of the same ledger', () => {
  const both = `
    contract BTCUSDT  generic taker_fee=0 maker_fee=0
    contract BTC/USDT generic taker_fee=0 maker_fee=0
    account  main balance 10000 cross 10x
    bar      01:00 20000
    bar      01:00 BTC/USDT 20000`;

  it('when only the pair is ambiguous then its ledger counts the bar once, and the contract goes its own way', () =>
    settles(`${both}
    order    buy 0.1 limit 19500 stop_profit=20500 symbol=BTC/USDT @bar1
    order    long_open 0.1 limit 19500 @bar1
    bar      02:00 20000 20100 19000 20000
    bar      02:00 BTC/USDT 20000 21000 19000 20000
    expect order 1 filled
    expect order 2 expired
    expect order 3 filled
    expect account main currency=USDT ambiguous=1 open=2`));
});
