/**
 * Finer candles as the path inside the bars (settlement rules, section 10.6): they decide what a bar leaves open, each is walked as a
 * bar is, and everything that is by the bar stays so: calls, bars held, rows at closes. A bar that they do not cover is walked as ever.
 */

import { describe, it, test } from '@jest/globals';
import { longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Inverse long 10,000 @ 10,000 with a stop and a target that the bar of 02:00 reaches both. No fees. */
const guardedLong = `
  contract XBTUSD generic taker_fee=0 maker_fee=0
  account main balance 1 isolated 10x
  detail 20m
  bar 00:00 10000
  order long_open 10000 market stop_loss=9300 stop_profit=10600 @bar1
  bar 01:00 10000
  bar 02:00 10000 10650 9200 9500`;

describe('a bar in which a stop and a target lie', () => {
  const targetFirst = `
    part 02:00 10000 10650 9950 10400
    part 02:20 10400 10450 9200 9250
    part 02:40 9250 9500 9250 9500`;
  // At 9,300 the loss is 1 − 10,000/9,300 = −0.07526882.
  const atTheStop = 'expect account main wallet=92473118sat ambiguous=1';

  it('when the finer bars reach the target first then it is the target, and nothing is ambiguous', () =>
    settles(`${guardedLong} ${targetFirst}
    // Down 50, up 700: 10,600 is at 650/700 of the second leg, 1.92857/3 of 20 minutes; 1 − 10,000/10,600
    expect stop 02:12:51.428 sell 10000 @ 10600 profit path=leg2 pnl=5660377sat
    expect closed long 10000 bars=1 mae=-502513sat mfe=5660377sat // −0.00502513 at 9,950
    expect account main wallet=105660377sat ambiguous=0`));

  it('when they reach the stop first then it is the stop', () =>
    settles(`${guardedLong}
    part 02:00 10000 10000 9200 9250
    part 02:20 9250 10650 9250 10400
    part 02:40 10400 10400 9500 9500
    expect stop 02:12:30 sell 10000 @ 9300 loss path=leg2 pnl=-7526882sat // 700/800 of the second leg
    expect account main wallet=92473118sat ambiguous=0`));

  it('when both lie in one finer bar then that one is guessed, and counted', () =>
    settles(`${guardedLong}
    part 02:00 10000 10050 9950 10000
    part 02:20 10000 10650 9200 9500
    part 02:40 9500 9600 9400 9500
    expect stop 02:25:50 sell 10000 @ 9300 loss path=leg1 pnl=-7526882sat // 700/800 of the first leg
    ${atTheStop}`));

  it('when the path is the favourable one then it is so inside the finer bar', () =>
    settles(`${guardedLong}
    path favourable
    part 02:00 10000 10050 9950 10000
    part 02:20 10000 10650 9200 9500
    part 02:40 9500 9600 9400 9500
    expect stop 02:26:09.230 sell 10000 @ 10600 profit path=leg1 // 600/650 of the first leg
    expect account main wallet=105660377sat ambiguous=1`));

  it('when one finer bar is missing then the bar is walked as if there were none', () =>
    settles(`${guardedLong}
    part 02:00 10000 10650 9950 10400
    part 02:20 10400 10450 9200 9250
    expect stop 02:17:30 sell 10000 @ 9300 loss path=leg1 pnl=-7526882sat // 700/800 of 20 minutes
    ${atTheStop}`));

  it('when another symbol has a bar then that its finer bars are missing makes both walk by their bars', () =>
    settles(`${guardedLong} ${targetFirst}
    contract ETHUSD generic
    bar 02:00 ETHUSD 200
    expect stop 02:17:30 sell 10000 @ 9300 loss
    ${atTheStop}`));

  test.each([
    [
      'has its own finer bars',
      'bar 02:00 ETHUSD 200\npart 02:00 ETHUSD 200\npart 02:20 ETHUSD 200\npart 02:40 ETHUSD 200',
    ],
    ['has no bar at that time', 'bar 01:00 ETHUSD 200\nbar 03:00 ETHUSD 200'],
  ])('when the other symbol %s then the finer bars count', (_, other) =>
    settles(`${guardedLong} ${targetFirst}
    contract ETHUSD generic
    ${other}
    expect stop 02:12:51.428 sell 10000 @ 10600 profit
    expect account main wallet=105660377sat ambiguous=0`),
  );
});

describe('what is by the bar', () => {
  it('when orders are given at a close then they act from the first finer bar after it, and the strategy is called at closes only', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    detail 20m
    bar 00:00 10000
    order long_open 10000 market stop_loss=9300 @bar1
    order long_close 10000 limit 10100 @bar2
    bar 01:00 10000 10200 9900 10000
    part 01:00 10000 10000 9900 10000
    part 01:20 10000 10200 10000 10200 // the limit is not given yet
    part 01:40 10200 10200 10000 10000
    bar 02:00 10000 10150 10000 10150
    part 02:00 10000
    part 02:20 10000
    part 02:40 10000 10150 10000 10150
    expect order 1 filled given=01:00 ended=01:00
    expect order 2 cancelled
    expect order 3 filled given=02:00 ended=02:51:06.666 // 100/150 of the second leg
    expect closed long 10000 opened=01:00 closed=02:51:06.666 bars=1 exit=10100.00`));

  it('when a position is opened and closed in one bar then it was held for 0 bars, whatever the number of finer ones', () =>
    settles(`${guardedLong}
    order short_open 1000 market stop_loss=9900 @bar3
    bar 03:00 9500 9950 9500 9900
    part 02:00 10000 10650 9950 10400
    part 02:20 10400 10450 9200 9250
    part 02:40 9250 9500 9250 9500
    part 03:00 9500
    part 03:20 9500
    part 03:40 9500 9950 9500 9900
    expect closed long  10000 bars=1 reason=stop_profit
    expect closed short 1000  bars=0 reason=stop_loss exit=9900.00`));

  it('when finer bars part from the bar then prices are theirs, at the open, at the close and in the rows', () =>
    settles(`${longAtTenTimes}
    detail 30m
    part 01:00 10010 10010 10000 10000
    part 01:30 10000 10000 9990 9990
    expect trade 01:00 buy open 10000 @ 10010
    expect position 02:00 long 10000 entry=10010.00 mark=9990
    expect balance 02:00 upnl=-200000sat // 99,900,100 − 100,100,100 units`));
});

describe('the clock inside a bar', () => {
  const longLinear = `
    contract BTCUSDT generic taker_fee=0 fund_time=02:30
    account main balance 10000 cross 10x
    bar 00:00 20000
    order long_open 1 market @bar1
    bar 01:00 20000
    bar 02:00 20000 20400 19000 20400
    funding constant 0.001`;
  const parts = `
    detail 20m
    part 02:00 20000 20000 19000 20000
    part 02:20 20000 20400 20000 20400
    part 02:40 20400`;

  it('when funding falls into a finer bar then the price is that of its path at that time', async () => {
    // Without: up 400, down 1,000, so high first; half past is the middle of the way from 20,400 to 19,000.
    await settles(`${longLinear}
    expect bill 02:30 funding -19.7
    expect wallet 9980.3`);
    // With: the middle of the second of the three legs of 02:20, from 20,000 to 20,400.
    await settles(`${longLinear} ${parts}
    expect bill 02:30 funding -20.2
    expect wallet 9979.8`);
  });

  it('when funding falls on a finer open then it comes before everything else there', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0 fund_time=02:20
    account main balance 1 isolated 10x
    detail 20m
    bar 00:00 10000
    order long_open 10000 market stop_loss=9500 @bar1
    bar 01:00 10000
    bar 02:00 10000 10000 9400 9400
    part 02:00 10000
    part 02:20 9400
    part 02:40 9400
    funding constant 0.001
    // 10,000/9,400 = 1.06382979; then the stop has been passed: 1 − 10,000/9,400
    expect bill 01:00 fee          0sat isolated=0.1
    expect bill 02:20 funding      -106383sat
    expect bill 02:20 realized_pnl -6382979sat
    expect stop 02:20 sell 10000 @ 9400 loss path=open`));

  it('when rows stand at every hour of a longer bar then they are at the closes of its finer bars', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 cross 10x
    interval 8h
    detail 20m
    rows 1h
    bar 00:00 10000
    order long_open 10000 market @bar1
    bar 08:00 10000 12500 10000 12500
    ${Array.from({ length: 24 }, (_, i) => {
      const at = `${String(8 + Math.floor(i / 3)).padStart(2, '0')}:${['00', '20', '40'][i % 3]}`;
      return `part ${at} ${i < 12 ? 10000 : 12500}`;
    }).join('\n')}
    expect balance 09:00 upnl=0
    expect balance 12:00 upnl=0    // at the close of 11:40; the jump is after it
    expect balance 13:00 upnl=0.2
    expect balance 16:00 upnl=0.2`));
});

describe('liquidation inside a bar', () => {
  it('when the third finer bar reaches the due mark then it is there, at its place on that bar’s path', () =>
    settles(`${longAtTenTimes}
    detail 20m
    bar 02:00 10000 10100 9000 9900
    part 02:00 10000 10100 9900 10050
    part 02:20 10050 10050 9500 9600
    part 02:40 9600 9900 9000 9900
    // P* = 9,136.36; up 300 is nearer than down 600: (9,900 − 9,136.36)/900 of the second leg
    expect trade 01:00        buy  open  10000 @ 10000
    expect trade 02:52:19.393 sell close 10000 @ 9091 reason=liquidation pnl=-0.1
    expect account main wallet=0.9 liquidations=1 ambiguous=0`));

  it('when the finer mark holds where the bar’s is said to fall then nobody is liquidated', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    detail 30m
    bar 00:00 10000 | 10000
    order long_open 10000 market @bar1
    bar 01:00 10000 | 10000
    bar 02:00 10000 10000 9000 9500 | 10000 10000 9000 9500
    part 02:00 10000 10000 9000 9400 | 10000 10000 9200 9400
    part 02:30 9400 9500 9400 9500   | 9400 9500 9400 9450 unfinished
    expect account main wallet=1 liquidations=0
    expect position 03:00 long 10000 mark=9450`));

  it('when an order and its stop lie in different finer bars then the stop guards from the fill on', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    detail 20m
    bar 00:00 10000
    order long_open 10000 limit 9800 stop_loss=9600 @bar1
    bar 01:00 10000 10000 9500 10000
    part 01:00 10000 10000 9900 9900
    part 01:20 9900 9900 9700 9900
    part 01:40 9900 10000 9500 10000
    expect order 1 filled ended=01:30 // the middle of the way from 9,900 to 9,700, the second leg
    expect order 2 filled ended=01:52 // up 100 first, then 400/500 of the second leg
    expect account main ambiguous=0`));
});
