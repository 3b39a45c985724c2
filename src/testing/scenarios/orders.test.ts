/**
 * Market, limit and stop orders: when each fills, at which price, as taker or maker, with slippage; post-only (settlement rules,
 * sections 6.3, 10.1 and 10.5).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand, longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('market orders', () => {
  it('when an order is given on a bar then it fills at the next open, not at the close', () =>
    settles(`${flatAtTenThousand}
    order long_open 1000 market @bar1
    bar 01:00 10050 10060 10040 10055
    expect trade 01:00 buy open 1000 @ 10050 taker amount=9950249sat fee=7463sat reason=order // 7,462.69
    expect order 1 filled given=01:00 ended=01:00 type=market price=none qty=1000 filled=1000 avg=10050`));

  it('when it is given on the last bar then it expires', () =>
    settles(`${flatAtTenThousand}
    order long_open 1000 market @bar1
    expect no trade
    expect order 1 expired reason=end_of_run ended=01:00`));

  test.each([
    ['2 ticks', '10001', '9999'],
    ['5 bps', '10005', '9995'],
    ['1.3 bps', '10001.5', '9998.5'], // 10,001.3 and 9,998.7, to the tick against the trader
    ['0.5 ticks', '10000.5', '9999.5'],
    ['0 ticks', '10000', '10000'],
  ])('when slippage is %s then a buy at 10,000 pays %s and a sell gets %s', (slippage, buy, sell) =>
    settles(`${flat}
    slippage ${slippage}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 1000 market @bar2
    bar 02:00 10000
    expect trade 01:00 buy  open  1000 @ ${buy}  taker
    expect trade 02:00 sell close 1000 @ ${sell} taker`),
  );

  it('when the open of the data lies off the tick then it is used as it is', () =>
    settles(`${flat}
    order long_open 1000 market @bar1
    bar 01:00 10000.25
    expect trade 01:00 buy open 1000 @ 10000.25`));
});

describe('limit orders', () => {
  test.each([
    ['a tick above', 9900.5, 'expect no trade'],
    ['at', 9900, 'expect trade 01:40 buy open 1000 @ 9900 maker'],
    ['a tick below', 9899.5, 'expect trade 01:39:54.029 buy open 1000 @ 9900 maker'], // 100/100.5 of the second leg
  ])('when the low is %s a limit then it fills by touch', (_what, low, line) =>
    settles(`${flat}
    order long_open 1000 limit 9900 @bar1
    path ohlc
    bar 01:00 10000 10000 ${low} 9950
    ${line}`),
  );

  test.each([
    ['a tick below', 10099.5, 'expect no trade'],
    ['at', 10100, 'expect trade 01:20 sell open 1000 @ 10100 maker'],
    ['a tick above', 10100.5, 'expect trade 01:19:54.029 sell open 1000 @ 10100 maker'],
  ])('when the high is %s the limit of a sell then it fills by touch', (_what, high, line) =>
    settles(`${flat}
    order short_open 1000 limit 10100 @bar1
    path ohlc
    bar 01:00 10000 ${high} 10000 10050
    ${line}`),
  );

  it('when a limit has rested through a bar and a gap passes it then it fills at its own price as maker', () =>
    settles(`${flatAtTenThousand}
    order long_open 1000 limit 9900 @bar1
    bar 01:00 10000
    bar 02:00 9800
    expect trade 02:00 buy open 1000 @ 9900 maker amount=10101010sat fee=-2525sat // rebate of 0.025 %, 2,525.25
    expect wallet 100002525sat`));

  it('when a limit is first eligible at an open that has passed it then it takes at the open', () =>
    settles(`${flatAtTenThousand}
    order long_open 1000 limit 9900 @bar1
    bar 01:00 9800
    expect trade 01:00 buy open 1000 @ 9800 taker amount=10204082sat fee=7653sat // 7,653.06
    expect order 1 filled type=limit price=9900 avg=9800`));

  test.each([
    ['9900.5', 'expect no trade'],
    ['9900', 'expect trade 01:00 buy open 1000 @ 9900 taker'],
    ['9899.5', 'expect trade 01:00 buy open 1000 @ 9899.5 taker'],
  ])('when the first open of a limit at 9,900 is %s then it takes inclusively', (open, line) =>
    settles(`${flat}
    order long_open 1000 limit 9900 @bar1
    bar 01:00 ${open}
    ${line}`),
  );

  it('when a closing limit is first eligible at a better open then it takes the better price', () =>
    settles(`${longAtTenTimes}
    order long_close 10000 limit 10100 @bar2
    bar 02:00 10200
    expect trade 01:00 buy  open  10000 @ 10000
    expect trade 02:00 sell close 10000 @ 10200 taker`));

  test.each([
    ['100 ticks', '9850'],
    ['200 ticks', '9900'],
    ['201 ticks', '9900'],
  ])('when it takes with a slippage of %s then it pays %s, never worse than its limit', (slippage, price) =>
    settles(`${flat}
    slippage ${slippage}
    order long_open 1000 limit 9900 @bar1
    bar 01:00 9800
    expect trade 01:00 buy open 1000 @ ${price} taker`),
  );

  it('when a limit lies off the tick then a buy goes down to it and a sell up', () =>
    settles(`${flat}
    order long_open  1000 limit 9900.4  @bar1
    order short_open 1000 limit 10100.1 @bar1
    order long_open  1000 stop 10100.2  @bar1
    order long_open  1000 stop 10100.3  @bar1
    bar 01:00 10000
    expect order 1 expired price=9900
    expect order 2 expired price=10100.5
    expect order 3 expired price=10100   // triggers go to the nearest
    expect order 4 expired price=10100.5`));

  it('when slippage is set then a resting limit has none', () =>
    settles(`${flat}
    slippage 10 ticks
    path ohlc
    order long_open 1000 limit 9900 @bar1
    bar 01:00 10000 10000 9900 9900
    expect trade 01:40 buy open 1000 @ 9900 maker`));
});

describe('post-only', () => {
  test.each([
    ['long_open', 9999.5, 'expired', 'end_of_run', 'none'],
    ['long_open', 10000, 'rejected', 'post_only_would_take', '400'],
    ['long_open', 10000.5, 'rejected', 'post_only_would_take', '400'],
    ['short_open', 10000.5, 'expired', 'end_of_run', 'none'],
    ['short_open', 10000, 'rejected', 'post_only_would_take', '400'],
    ['short_open', 9999.5, 'rejected', 'post_only_would_take', '400'],
  ])('when %s at %s is given at a close of 10,000 then it is %s', (call, price, status, reason, code) =>
    settles(`${flat}
    order ${call} 1000 limit ${price} post_only @bar1
    expect order 1 ${status} reason=${reason} code=${code}`),
  );

  it('when the next open has passed it then it is cancelled instead of taking', () =>
    settles(`${flat}
    order long_open 1000 limit 9900 post_only @bar1
    bar 01:00 9890
    expect no trade
    expect order 1 cancelled reason=post_only_would_take ended=01:00`));

  it('when it has rested then it fills like every limit', () =>
    settles(`${flatAtTenThousand}
    order long_open 1000 limit 9900 post_only @bar1
    bar 01:00 10000
    bar 02:00 9890
    expect trade 02:00 buy open 1000 @ 9900 maker`));
});

describe('stop orders', () => {
  test.each([
    ['a tick below', 10099.5, 'expect no trade'],
    ['at', 10100, 'expect trade 01:20 buy open 1000 @ 10100 taker'],
    ['a tick above', 10100.5, 'expect trade 01:19:54.029 buy open 1000 @ 10100 taker'],
  ])('when the high is %s a buy stop then it fires inclusively', (_what, high, line) =>
    settles(`${flat}
    order long_open 1000 stop 10100 @bar1
    path ohlc
    bar 01:00 10000 ${high} 10000 10050
    ${line}`),
  );

  it('when the open has passed it then it fills at the open', () =>
    settles(`${flat}
    order long_open 1000 stop 10100 @bar1
    bar 01:00 10000
    bar 02:00 10150
    expect trade 02:00 buy open 1000 @ 10150 taker
    expect order 1 filled type=stop price=10100 avg=10150`));

  it('when slippage is set then it is paid on top of the trigger, and of the open', () =>
    settles(`${flat}
    slippage 2 ticks
    path ohlc
    order long_open 1000 stop 10100 @bar1
    order long_close 1000 stop 9950 @bar2
    bar 01:00 10000 10100 10000 10100
    bar 02:00 9940
    expect trade 01:20 buy  open  1000 @ 10101 taker
    expect trade 02:00 sell close 1000 @ 9939  taker`));

  it('when an opening stop fires without margin then it is cancelled', () =>
    settles(`${flatAtTenThousand}
    order long_open 200,000 stop 10100 @bar1
    bar 01:00 10000 10200 10000 10200
    expect no trade
    expect order 1 cancelled code=70004 reason=insufficient_margin filled=0`));
});
