/**
 * Stop-limit orders: what happens at the trigger, inside a leg and over a gap; what only the rest of the path may touch; what they
 * lock and whether they are covered once they rest; by percent, on the mark, as exits, on spot (settlement rules, section 10.5).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('at the trigger inside a leg', () => {
  test.each([
    ['long_open', '10100 10150', '10000 10200 9900 10000', '01:10 buy  open 1000 @ 10100 taker'],
    ['long_open', '10100 10100', '10000 10200 9900 10000', '01:10 buy  open 1000 @ 10100 taker'],
    ['long_open', '10100 10050', '10000 10200 9900 10000', '01:30 buy  open 1000 @ 10050 maker'], // 150/300 of the second leg
    ['short_open', '9900 9850', '10000 10200 9800 10000', '01:35 sell open 1000 @ 9900 taker'], // 300/400
    ['short_open', '9900 9950', '10000 10200 9800 10000', '01:55 sell open 1000 @ 9950 maker'], // 150/200 of the third
  ])('when %s has stop and limit %s and the bar is %s then %s', (call, levels, prices, trade) =>
    settles(`${flat}
    path ohlc
    order ${call} 1000 stop_limit ${levels} @bar1
    bar 01:00 ${prices}
    expect trade ${trade}
    expect order 1 filled type=stop_limit price=${levels.split(' ')[1]}`),
  );

  test.each([
    ['10099.5', 'expired'],
    ['10100', 'filled'],
    ['10100.5', 'filled'],
  ])('when the trigger is 10,100 and the high is %s then it is %s', (high, status) =>
    settles(`${flat}
    path ohlc
    order long_open 1000 stop_limit 10100 10200 @bar1
    bar 01:00 10000 ${high} 10000 10000
    expect order 1 ${status}`),
  );

  test.each([
    ['10050.5', 'expired'],
    ['10050', 'filled'],
    ['10049.5', 'filled'],
  ])('when the limit of 10,050 was passed before the trigger and the bar closes at %s then it is %s', (close, status) =>
    settles(`${flat}
    path olhc
    order long_open 1000 stop_limit 10100 10050 @bar1
    bar 01:00 10000 10200 9900 ${close}
    expect order 1 ${status} price=10050`),
  );

  it('when it rests through the bar then a later bar finds it as a limit that rested', () =>
    settles(`${flat}
    path olhc
    order long_open 1000 stop_limit 10100 10050 @bar1
    bar 01:00 10000 10200 10000 10200
    bar 02:00 9900 // jumped over: at its own price
    expect trade 02:00 buy open 1000 @ 10050 maker`));

  it('when slippage would be beyond the limit then it fills at the limit', () =>
    settles(`${flat}
    path ohlc
    slippage 3 ticks
    order long_open 1000 stop_limit 10100 10101 @bar1
    order long_open 1000 stop_limit 10100 10102 @bar1
    bar 01:00 10000 10200 10000 10000
    expect trade 01:10 buy open 1000 @ 10101 taker
    expect trade 01:10 buy open 1000 @ 10101.5 taker`));

  it('when it goes by the mark then last at that moment is held against the limit', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    path ohlc
    bar 00:00 10000 | 10000
    order long_open 1000 stop_limit 10100 10040 trigger_by=mark @bar1
    order long_open 1000 stop_limit 10100 10060 trigger_by=mark @bar1
    bar 01:00 10000 10100 9900 10000 | 10000 10200 9900 10000 // λ 1/2: last is 10050
    expect trade 01:10 buy open 1000 @ 10050 taker order=2
    expect trade 01:26 buy open 1000 @ 10040 maker order=1`)); // 60/200 of the second leg
});

describe('at an open', () => {
  test.each([
    ['10149.5', '01:00 buy open 1000 @ 10149.5 taker'],
    ['10150', '01:00 buy open 1000 @ 10150 taker'],
    ['10150.5', '01:10 buy open 1000 @ 10150 maker'],
  ])('when a bar opens beyond the trigger at %s then %s', (open, trade) =>
    settles(`${flat}
    path olhc
    order long_open 1000 stop_limit 10100 10150 @bar1
    bar 01:00 ${open} ${open} ${open === '10150.5' ? '10149.5' : open} ${open}
    expect trade ${trade}`),
  );

  it('when it comes to rest at the open then the open itself cannot fill it', () =>
    settles(`${flat}
    order long_open 1000 stop_limit 10100 10150 @bar1
    bar 01:00 10200
    bar 02:00 10100
    expect trade 02:00 buy open 1000 @ 10150 maker`));
});

describe('what it locks', () => {
  it('when it waits then nothing, when it rests then as a limit does', () =>
    settles(`${flat}
    path ohlc
    order long_open 1000 stop_limit 10100 10000 @bar1
    bar 01:00 10050 10090 10040 10050
    bar 02:00 10050 10200 10040 10200
    bar 03:00 10200
    expect balance 02:00 order=0    available=1
    expect balance 03:00 order=0.01 available=0.99
    expect order 1 expired`));

  test.each([
    [90_000, 'expired', ''],
    [90_001, 'cancelled', 'code=70004 reason=insufficient_margin ended=01:30'],
  ])('when %s contracts are held and it comes to rest for 10,000 more then it is %s', (held, status, why) =>
    settles(`${flat}
    path olhc
    order long_open ${held} market @bar1
    order long_open 10000 stop_limit 10100 10000 @bar1
    bar 01:00 10000 10200 10000 10200
    expect order 1 filled
    expect order 2 ${status} ${why}`),
  );

  it('when it closes then nothing is asked of the margin', () =>
    settles(`${flat}
    path ohlc
    order long_open  99000 market @bar1
    bar 01:00 10000
    order long_close 99000 stop_limit 9900 9950 @bar2
    bar 02:00 10000 10000 9890 9940
    bar 03:00 9940 9960 9940 9960
    expect trade 01:00 buy  open  99000 @ 10000
    expect trade 03:10 sell close 99000 @ 9950 maker
    expect order 1 filled
    expect order 2 filled effect=close`));

  it('when the position is closed before then it ends with it', () =>
    settles(`${flat}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 1000 stop_limit 9900 9950 @bar2
    order long_close 1000 market @bar2
    bar 02:00 10000
    expect order 1 filled
    expect order 2 cancelled reason=position_closed
    expect order 3 filled`));
});

describe('sizes and stops', () => {
  it('when it is by percent then it is sized at its trigger by its limit', () =>
    settles(`${flat}
    path ohlc
    order long_open_pct 0.5 stop_limit 10100 10000 @bar1
    bar 01:00 10050 10200 10000 10050 // half of 1 XBT at 10x: 5 XBT at 10,000
    expect trade 01:40 buy open 50000 @ 10000 maker
    expect order 1 filled qty=50000`));

  it('when a share is too small then it ends at its trigger', () =>
    settles(`${flat}
    path ohlc
    order long_open_pct 0.000005 stop_limit 10100 10000 @bar1
    bar 01:00 10050 10200 10000 10050
    expect order 1 cancelled code=400 reason=qty_below_min`));

  it('when it fills then its stops are armed, checked before against its limit', () =>
    settles(
      `${flat}
    path ohlc
    order long_open 1000 stop_limit 10100 10050 stop_loss=10040 @bar1
    order long_open 1000 stop_limit 10100 10050 stop_loss=10050 @bar1
    bar 01:00 10000 10200 9990 10000
    expect trade 01:34:17.142 buy  open  1000 @ 10050 maker
    expect trade 01:35:14.285 sell close 1000 @ 10040 reason=stop_loss
    expect order 1 filled
    expect order 2 filled
    expect order 3 rejected code=400 reason=stop_wrong_side`,
    ));

  it('when both ways of the candle differ then both are walked', () =>
    settles(`${flat}
    path favourable
    order long_open 1000 stop_limit 10100 10050 @bar1
    bar 01:00 10000 10200 9900 10100 // low first: triggered on the second leg, the third does not come back
    expect trade 01:30 buy open 1000 @ 10050 maker
    expect account main ambiguous=1`));
});

describe('time in force', () => {
  test.each([
    ['ioc', '10150', 'filled', 'avg=10100'],
    ['fok', '10100', 'filled', 'avg=10100'],
    ['ioc', '10099.5', 'cancelled', 'reason=not_filled_at_once code=none ended=01:10'],
    ['fok', '10099.5', 'cancelled', 'reason=not_filled_at_once code=none ended=01:10'],
    ['gtc', '10099.5', 'filled', 'avg=10099.5'],
  ])('when it is %s with a limit of %s then it is %s', (force, limit, status, fields) =>
    settles(`${flat}
    path ohlc
    order long_open 1000 stop_limit 10100 ${limit} time_in_force=${force} @bar1
    bar 01:00 10000 10200 9900 10000
    expect order 1 ${status} ${fields}`),
  );
});

describe('on spot', () => {
  const spot = `
    contract BTC/USDT generic taker_fee=0 maker_fee=0
    account main balance 20000 cross 1x
    path ohlc
    bar 00:00 20000`;

  test.each([
    ['19,000', 'filled', ''],
    ['2,000', 'cancelled', 'code=70004 reason=insufficient_balance'],
  ])('when %s USDT are left at its trigger then a buy for 10,000 is %s', (left, status, why) =>
    settles(`${spot}
    order buy ${left === '2,000' ? '0.9' : '0.05'} market @bar1
    order buy 0.5 stop_limit 21000 20000 @bar1
    bar 01:00 20000 21000 20000 20000
    expect order 1 filled
    expect order 2 ${status} ${why}`),
  );
});
