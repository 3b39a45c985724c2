/**
 * Orders against an open position in one-way mode: flips as two fills, closes and reduce-only orders cut to the position, orders
 * of one bar in the order given, cancellations (settlement rules, sections 1.2 and 6.3).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand, longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

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
