/**
 * The way through a bar: which extreme comes first under each of the five rules, what happens on the one clock of mark and
 * last, which bars are ambiguous, and the six outcomes of the worked example (settlement rules, section 10).
 */

import { describe, it, test } from '@jest/globals';
import { longAtTenTimes, shortAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Inverse long 10,000 @ 10,000, 10×, P* = 9,136.36, with mark candles. */
const guardedLong = (stops: string): string => `
  contract XBTUSD generic taker_fee=0 maker_fee=0
  account main balance 1 isolated 10x
  bar 00:00 10000 | 10000
  order long_open 10000 market ${stops} @bar1
  bar 01:00 10000 | 10000`;

const WIDE_BAR = 'bar 02:00 9900 10650 9100 9500';

describe('the six outcomes of the worked example', () => {
  const example = guardedLong('stop_loss=9300 stop_profit=10600');

  it('when the nearer extreme comes first then the target is met: +3/53', () =>
    settles(`${example}
    path nearest
    ${WIDE_BAR} | 9905 10600 9150 9510
    // up 750, down 800: high first; 700/750 of 20 minutes; 1 − 10,000/10,600
    expect stop 02:18:40 sell 10000 @ 10600 profit stop=10600 rule=stop_profit path=leg1 trigger=last order=1 pnl=5660377sat
    expect order 1 filled
    expect order 2 cancelled reason=other_stop_filled
    expect order 3 filled
    expect account main wallet=105660377sat ambiguous=1`));

  it('when the worse end counts then the stop is met: −7/93', () =>
    settles(`${example}
    path adverse
    ${WIDE_BAR} | 9905 10600 9150 9510
    // low first, 600/800 of 20 minutes
    expect stop 02:15 sell 10000 @ 9300 loss stop=9300 rule=stop_loss path=leg1 pnl=-7526882sat
    expect account main wallet=92473118sat liquidations=0 ambiguous=1`));

  it('when the mark falls to 9,000 then the stop is still met before liquidation: −7/93', () =>
    settles(`${example}
    path adverse
    ${WIDE_BAR} | 9905 10600 9000 9510
    // liquidation at 1691/1991 = 0.849 of the leg, the stop at 0.75
    expect stop 02:15 sell 10000 @ 9300 loss pnl=-7526882sat
    expect account main wallet=92473118sat liquidations=0`));

  it('when the stop lies at 9,150 then liquidation is met before it: −0.1', () =>
    settles(`${guardedLong('stop_loss=9150 stop_profit=10600')}
    path adverse
    ${WIDE_BAR} | 9905 10600 9000 9510
    // the stop at 0.9375; 1691/1991 of 1,200 s is 1,019.186 s
    expect no stop
    expect trade 01:00        buy  open  10000 @ 10000
    expect trade 02:16:59.186 sell close 10000 @ 9091 pnl=-0.1 reason=liquidation
    expect account main wallet=0.9 liquidations=1`));

  it('when last gaps below the stop and the mark holds then the stop fills at the open: −2/23', () =>
    settles(`${example}
    bar 02:00 9200 9250 9150 9200 | 9210 9250 9150 9210
    expect stop 02:00 sell 10000 @ 9200 loss stop=9300 path=open pnl=-8695652sat
    expect account main wallet=91304348sat liquidations=0`));

  it('when the mark gaps below the liquidation price then liquidation comes first: −0.1', () =>
    settles(`${example}
    bar 02:00 9200 9250 9150 9200 | 9100 9250 9100 9210
    expect no stop
    expect account main wallet=0.9 liquidations=1
    expect order 1 filled
    expect order 2 cancelled reason=liquidation
    expect order 3 cancelled reason=liquidation`));
});

describe('five rules on one bar with a target and a stop', () => {
  test.each([
    // No mark candles, so the low stays above 9,136. Up 700, down 750; the stop at 650/750, the target at 650/700 of 20 minutes.
    ['adverse', '02:17:20     sell 10000 @ 9300  loss', '92473118sat'],
    ['nearest', '02:18:34.285 sell 10000 @ 10600 profit', '105660377sat'],
    ['favourable', '02:18:34.285 sell 10000 @ 10600 profit', '105660377sat'],
    ['ohlc', '02:18:34.285 sell 10000 @ 10600 profit', '105660377sat'],
    ['olhc', '02:17:20     sell 10000 @ 9300  loss', '92473118sat'],
  ])('when a long is walked %s then it ends at %s', (path, stop, wallet) =>
    settles(`${longAtTenTimes.replace('market @bar1', 'market stop_loss=9300 stop_profit=10600 @bar1')}
    path ${path}
    bar 02:00 9950 10650 9200 9500
    expect account main ambiguous=1
    expect stop ${stop}
    expect wallet ${wallet}`),
  );

  test.each([
    // 10,000/10,700 − 1 = −0.06542056; 10,000/9,300 − 1 = 0.07526882. Up 800, down 750.
    ['adverse', '02:17:30 buy 10000 @ 10700 loss', '93457944sat'], // 700/800 of 20 minutes
    ['nearest', '02:18:40 buy 10000 @ 9300 profit', '107526882sat'], // low first, 700/750
    ['favourable', '02:18:40 buy 10000 @ 9300 profit', '107526882sat'],
    ['ohlc', '02:17:30 buy 10000 @ 10700 loss', '93457944sat'],
    ['olhc', '02:18:40 buy 10000 @ 9300 profit', '107526882sat'],
  ])('when a short is walked %s then it ends at %s', (path, stop, wallet) =>
    settles(`${shortAtTenTimes.replace('market @bar1', 'market stop_loss=10700 stop_profit=9300 @bar1')}
    path ${path}
    bar 02:00 10000 10800 9250 10000
    expect account main ambiguous=1
    expect stop ${stop}
    expect wallet ${wallet}`),
  );
});

describe('the nearer extreme', () => {
  // One level in range, so the nearer extreme is walked under adverse too; the time of the fill shows which came first.
  test.each([
    ['the high is nearer', '10000 10100 9850 10000', '02:36'], // second leg, 200/250 of it
    ['the low is nearer', '10000 10150 9900 10000', '02:20'],
    ['both are as far and the position is long', '10000 10100 9900 10000', '02:20'],
  ])('when %s then a stop at 9,900 is met at its time', (_what, prices, time) =>
    settles(`${longAtTenTimes.replace('market @bar1', 'market stop_loss=9900 @bar1')}
    bar 02:00 ${prices}
    expect stop ${time} sell 10000 @ 9900 loss
    expect account main ambiguous=0`),
  );

  it('when both are as far and the position is short then the high comes first', () =>
    settles(`${shortAtTenTimes.replace('market @bar1', 'market stop_loss=10100 @bar1')}
    bar 02:00 10000 10100 9900 10000
    expect stop 02:20 buy 10000 @ 10100 loss path=leg1`));

  it('when both are as far and there is no position then the low comes first', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    order short_open 1000 limit 10100 @bar1
    bar 02:00 10000 10100 9900 10000
    expect trade 02:40 sell open 1000 @ 10100 maker`));
});

describe('ambiguous bars', () => {
  it('when two bars hold both levels and a third only one then two walks are counted and the third is not', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 1000 market stop_loss=9900 stop_profit=10100 @bar1
    bar 02:00 10000 10200 9800 10000
    order long_open 1000 market stop_loss=9900 stop_profit=10100 @bar2
    bar 03:00 10000 10200 9800 10000
    order long_open 1000 market stop_loss=9900 stop_profit=10100 @bar3
    bar 05:00 10000 10200 9950 10000
    expect account main ambiguous=2 trades=3 wins=1`));

  it('when both walks end alike then the bar is not ambiguous', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 1000 limit 9900 @bar1
    order long_open 1000 limit 9800 @bar1
    bar 02:00 10000 10200 9700 10000
    expect account main ambiguous=0
    expect order 1 filled avg=9900
    expect order 2 filled avg=9800`));

  it('when a target is met on the way up only then the worse walk is the one that misses it', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 1000 limit 9900 stop_profit=10050 @bar1
    bar 02:00 10000 10100 9800 9850
    // high first: bought on the way down, target never met, 1,000 @ 9,900 marked at 9,850
    expect no stop
    expect trade 02:33:20 buy open 1000 @ 9900 maker
    expect position 03:00 long 1000 upnl=-51274sat // 10,101,010 − 10,152,284
    expect account main ambiguous=1`));

  it('when the better end counts then the same target is met', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    path favourable
    bar 01:00 10000
    order long_open 1000 limit 9900 stop_profit=10050 @bar1
    bar 02:00 10000 10100 9800 9850
    // low first: bought at half of the first leg, sold at 250/300 of the second
    expect trade 02:10    buy  open  1000 @ 9900  maker
    expect trade 02:36:40 sell close 1000 @ 10050 taker pnl=150761sat // 10,101,010 − 9,950,249
    expect account main ambiguous=1`));
});

describe('one clock for mark and last', () => {
  it('when a stop is set off by the mark then it fills at the last price of that moment', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000 | 10000
    order long_open 1000 market stop_loss=9700 @bar1
    bar 02:00 10000 | 10000
    bar 03:00 10000 10000 9200 9500 | 10000 10000 9400 9500
    // the mark is at 9,700 half way down, where last is 9,600; high first, so on the second leg
    expect stop 03:30 sell 1000 @ 9600 loss stop=9700 trigger=mark path=leg2`));

  it('when that last price lies between two ticks then it goes to the tick against the trader', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 1 isolated 10x
    path olhc
    bar 01:00 10000 | 10000
    order long_open 1000 market stop_loss=9800 @bar1
    bar 02:00 10000 | 10000
    bar 03:00 10000 10000 9199 9500 | 10000 10000 9500 9500
    // λ = 200/500; last 10,000 − 0.4 · 801 = 9,679.6
    expect stop 03:08 sell 1000 @ 9679.5 loss trigger=mark`));

  it('when only last passes the stop and the mark does not then a stop on the mark rests', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000 | 10000
    order long_open 1000 market stop_loss=9700 @bar1
    bar 02:00 10000 | 10000
    bar 03:00 10000 10000 9200 10000 | 10000 10000 9700.5 10000
    expect no stop
    expect order 1 filled
    expect order 2 expired reason=end_of_run`));

  it('when the mark alone reaches the liquidation price while last is still above a stop on last then it liquidates', () =>
    settles(`${guardedLong('stop_loss=9500')}
    bar 02:00 10000 10000 9600 10000 | 10000 10000 9100 10000
    expect no stop
    expect account main liquidations=1 wallet=0.9`));

  it('when the mark opens beyond a stop on the mark then it fills at the open of last', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000 | 10000
    order long_open 1000 market stop_loss=9700 @bar1
    bar 02:00 10000 | 10000
    bar 03:00 9800 | 9690
    expect stop 03:00 sell 1000 @ 9800 loss stop=9700 trigger=mark path=open`));

  it('when there is no mark series then last sets off stops under every rule', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 1000 market stop_loss=9700 @bar1
    bar 02:00 10000
    bar 03:00 10000 10000 9600 10000
    expect stop 03:35 sell 1000 @ 9700 loss trigger=last`)); // second leg, 300 of 400
});

describe('a bar that stands still', () => {
  it('when open, high, low and close are one price at a stop then it is met once', () =>
    settles(`${longAtTenTimes.replace('market @bar1', 'market stop_loss=9900 @bar1')}
    bar 02:00 9900
    expect stop 02:00 sell 10000 @ 9900 loss path=open
    expect account main ambiguous=0 trades=1`));
});

describe('ties at one price', () => {
  it('when a target and a limit exit wait at one price then the target fills and the limit has nothing to close', () =>
    settles(`${longAtTenTimes.replace('market @bar1', 'market stop_profit=10500 @bar1')}
    order long_close 10000 limit 10500 @bar2
    path ohlc
    bar 02:00 10000 10600 10000 10600
    expect stop 02:16:40 sell 10000 @ 10500 profit       // 500/600 of the first leg
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled filled=0`));

  it('when an exit and an entry wait at one price then the exit goes first', () =>
    settles(`${longAtTenTimes}
    order short_open 3000  limit 10500 @bar2
    order long_close 10000 limit 10500 @bar2
    bar 02:00 10000 10600 10000 10600
    path ohlc
    expect trade 01:00    buy  open  10000 @ 10000
    expect trade 02:16:40 sell close 10000 @ 10500 order=3 maker
    expect trade 02:16:40 sell open  3000  @ 10500 order=2 maker`));
});
