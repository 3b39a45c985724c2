/**
 * Market, limit and stop orders: when each fills, at which price, as taker or maker, with slippage; flips and closes in one-way
 * mode; reduce-only and post-only (settlement rules, sections 1.2, 6.3, 10.1 and 10.5).
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

  it('when it has rested then it fills as any limit', () =>
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

describe('flips', () => {
  it('when an order exceeds the opposite position then it is two fills of one order whose fees are those of one fill', () =>
    settles(`
    contract XBTUSD generic
    account main balance 1 isolated 10x
    bar 01:00 6000
    order short_open 700 market @bar1
    bar 02:00 6000
    order long_open 2500 market @bar2
    bar 03:00 6000
    expect trade 02:00 sell open  700  @ 6000 order=1 amount=11666667sat fee=8750sat
    expect trade 03:00 buy  close 700  @ 6000 order=2 amount=11666667sat fee=8750sat  pnl=0
    expect trade 03:00 buy  open  1800 @ 6000 order=2 amount=30000000sat fee=22500sat pnl=0 // 31,250 in all
    expect bill  02:00 fee          -8750sat  isolated=1166667sat position=1
    expect bill  03:00 realized_pnl 0         isolated=-1166667sat position=1
    expect bill  03:00 fee          -8750sat  isolated=0 position=1
    expect bill  03:00 fee          -22500sat isolated=3000000sat position=2
    expect closed short 700 net=-17500sat
    expect order 1 filled
    expect order 2 filled qty=2500 filled=2500
    expect position 04:00 long 1800`));

  it('when the opening part is not covered then the closing part fills and the order ends there', () =>
    settles(`${longAtTenTimes}
    order short_open 200,000 market @bar2
    bar 02:00 10000
    // 190,000 would need 1.9 XBT at 10×
    expect trade 01:00 buy  open  10000 @ 10000
    expect trade 02:00 sell close 10000 @ 10000
    expect order 1 filled
    expect order 2 cancelled code=70004 reason=insufficient_margin filled=10000 qty=200000
    expect account main open=0 wallet=1`));

  it('when the margin that the close releases is needed then the flip uses it', () =>
    settles(`${longAtTenTimes}
    order short_open 110,000 market @bar2
    bar 02:00 10000
    expect trade 01:00 buy  open  10000  @ 10000
    expect trade 02:00 sell close 10000  @ 10000
    expect trade 02:00 sell open  100000 @ 10000
    expect position 03:00 short 100000 margin=1`));

  it('when an order equals the opposite position then it only closes', () =>
    settles(`${longAtTenTimes}
    order short_open 10000 market @bar2
    bar 02:00 10000
    expect trade 01:00 buy  open  10000 @ 10000
    expect trade 02:00 sell close 10000 @ 10000
    expect account main open=0`));
});

describe('closing and reduce-only', () => {
  test.each([
    'long_close 100 market',
    'short_close 100 market',
    'long_close 100 limit 11000',
    'long_close_pct 1 market',
  ])('when %s is given on a flat account then it is refused', (call) =>
    settles(`${flat}
      order ${call} @bar1
      bar 01:00 10000
      expect no trade
      expect order 1 rejected code=400 reason=no_position`),
  );

  it('when the close is on the other side of the position then it is refused too', () =>
    settles(`${longAtTenTimes}
    order short_close 1000 market @bar2
    bar 02:00 10000
    expect order 1 filled
    expect order 2 rejected code=400 reason=no_position`));

  it('when a reduce-only order exceeds the position then it is cut and does not flip', () =>
    settles(`${longAtTenTimes}
    order short_open 25000 market reduce_only @bar2
    bar 02:00 10000
    expect trade 01:00 buy  open  10000 @ 10000
    expect trade 02:00 sell close 10000 @ 10000
    expect account main open=0`));

  it('when a reduce-only order would open then it is refused', () =>
    settles(`${flat}
    order long_open 1000 market reduce_only @bar1
    bar 01:00 10000
    expect order 1 rejected code=400
    expect no trade`));

  it('when the position has gone before a queued close fills then the close is cancelled', () =>
    settles(`${longAtTenTimes}
    order long_close 10000 market @bar2
    order long_close 10000 market @bar2
    bar 02:00 10000
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled code=400 reason=no_position
    expect account main open=0`));

  it('when a resting close outlives its position then it does not touch the next one', () =>
    settles(`${longAtTenTimes}
    order long_close 10000 limit 10500 @bar2
    order long_close 10000 market @bar2
    bar 02:00 10000
    order long_open 5000 market @bar3
    bar 03:00 10000
    bar 04:00 10000 10600 10000 10600
    expect order 1 filled
    expect order 2 cancelled filled=0 ended=02:00      // trimmed to nothing when the position went
    expect order 3 filled
    expect order 4 filled
    expect position 05:00 long 5000`));

  it('when a closing stop outlives its position then it does not touch the next one', () =>
    settles(`${longAtTenTimes}
    order long_close 10000 stop 9900 @bar2
    order long_close 10000 market @bar2
    bar 02:00 10000
    order long_open 5000 market @bar3
    bar 03:00 10000
    bar 04:00 10000 10000 9800 9800
    expect order 1 filled
    expect order 2 cancelled filled=0 ended=02:00
    expect order 3 filled
    expect order 4 filled
    expect position 05:00 long 5000`));

  it('when the position shrinks and grows again then trimmed closes stay trimmed', () =>
    settles(`${longAtTenTimes}
    order long_close 10000 limit 10500 @bar2
    order long_close 4000 market @bar2
    bar 02:00 10000
    order long_open 4000 market @bar3
    bar 03:00 10000
    bar 04:00 10000 10600 10000 10600
    expect order 1 filled
    expect order 2 filled filled=6000
    expect order 3 filled
    expect order 4 filled
    expect position 05:00 long 4000`));

  it('when the position shrinks below resting closes then the least aggressive is trimmed first', () =>
    settles(`${longAtTenTimes}
    order long_close 6000 limit 10500 @bar2
    order long_close 4000 limit 10600 @bar2
    order long_close 2000 market @bar2
    bar 02:00 10000
    bar 03:00 10000 10700 10000 10700
    expect order 1 filled
    expect order 2 filled filled=6000
    expect order 3 filled filled=2000
    expect order 4 filled filled=2000
    expect account main open=0`));
});

describe('orders of one bar', () => {
  it('when several are given then they fill in the order given', () =>
    settles(`${flat}
    order long_open  1000 market tag=first  @bar1
    order long_close 1000 market tag=second @bar1
    order short_open 500  market tag=third  @bar1
    bar 01:00 10000
    // the second is refused: at the close the account was flat
    expect trade 01:00 buy  open  1000 @ 10000 order=1
    expect trade 01:00 sell close 500  @ 10000 order=3
    expect order 1 filled   tag=first
    expect order 2 rejected tag=second reason=no_position
    expect order 3 filled   tag=third
    expect position 02:00 long 500`));

  it('when an order is cancelled before it fills then nothing happens, and a second cancellation finds no order', () =>
    settles(`${flat}
    order long_open 1000 limit 9000 stop_loss=8900 @bar1
    cancel 1 @bar2
    cancel 1 @bar2
    bar 01:00 10000
    bar 02:00 8950
    expect no trade
    expect call 1 done
    expect call 2 rejected code=400 reason=unknown_order
    expect order 1 cancelled reason=cancelled_by_strategy ended=02:00
    expect order 2 cancelled reason=parent_ended parent=1`));
});
