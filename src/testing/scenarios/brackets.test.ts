/**
 * The life of the stops of an order: armed by its fill, one cancelling the other, closing what is left, dying with the position
 * (settlement rules, section 6.4).
 */

import { describe, it } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('one cancels the other', () => {
  it('when the target fills then the loss stop ends', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9900 stop_profit=10100 @bar1
    bar 01:00 10000
    bar 02:00 10000 10150 10000 10150
    bar 03:00 10150 10150 9800 9800
    expect trade 01:00    buy  open  1000 @ 10000
    expect trade 02:33:20 sell close 1000 @ 10100 reason=stop_profit // low first; second leg, 100/150
    expect order 1 filled
    expect order 2 cancelled reason=other_stop_filled qty=1000 filled=0 ended=02:33:20
    expect order 3 filled    filled=1000
    expect closed long 1000 reason=stop_profit`));

  it('when part of the position has been closed by hand then the stop closes what is left', () =>
    settles(`${flat}
    order long_open  1000 market stop_loss=9900 stop_profit=10100 @bar1
    bar 01:00 10000
    order long_close 400  market @bar2
    bar 02:00 10000
    bar 03:00 10000 10000 9800 9800
    expect trade 01:00 buy  open  1000 @ 10000
    expect trade 02:00 sell close 400  @ 10000 reason=order
    expect trade 03:30 sell close 600  @ 9900  reason=stop_loss
    expect order 1 filled
    expect order 2 filled    filled=600
    expect order 3 cancelled
    expect order 4 filled    filled=400
    expect account main open=0 trades=1`));

  it('when the position is closed by hand then both stops die with it', () =>
    settles(`${flat}
    order long_open  1000 market stop_loss=9900 stop_profit=10100 @bar1
    bar 01:00 10000
    order long_close 1000 market @bar2
    bar 02:00 10000
    bar 03:00 10000 10200 9800 9800
    expect no stop
    expect order 1 filled
    expect order 2 cancelled reason=position_closed ended=02:00
    expect order 3 cancelled reason=position_closed ended=02:00
    expect order 4 filled`));

  it('when the loss stop is cancelled then the target stays, and the guarded order itself is no longer there', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9900 stop_profit=10100 @bar1
    bar 01:00 10000
    cancel 2 @bar2
    cancel 1 @bar2
    bar 02:00 10000 10000 9800 9900
    bar 03:00 10150
    expect call 1 done
    expect call 2 rejected code=400 reason=unknown_order
    expect stop  03:00 sell 1000 @ 10150 profit
    expect order 1 filled
    expect order 2 cancelled reason=cancelled_by_strategy
    expect order 3 filled`));

  it('when two orders have stops of their own then the nearer closes its part and the other stays', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9900 stop_profit=10300 @bar1
    order long_open 500  market stop_loss=9800 stop_profit=10200 @bar1
    bar 01:00 10000
    bar 02:00 10000 10000 9850 10000
    bar 03:00 10000 10250 10000 10250
    expect trade 01:00    buy  open  1000 @ 10000 order=1
    expect trade 01:00    buy  open  500  @ 10000 order=4
    expect trade 02:33:20 sell close 1000 @ 9900  order=2 reason=stop_loss   // second leg, 100/150
    expect trade 03:36    sell close 500  @ 10200 order=6 reason=stop_profit // second leg, 200/250
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled reason=other_stop_filled
    expect order 4 filled
    expect order 5 cancelled reason=other_stop_filled
    expect order 6 filled`));

  it('when a flip ends the guarded position then its stops die and the new position has those of its order', () =>
    settles(`${flat}
    order long_open  1000 market stop_loss=9900 @bar1
    bar 01:00 10000
    order short_open 1500 market stop_loss=10100 @bar2
    bar 02:00 10000
    bar 03:00 10000 10000 9850 10000
    bar 04:00 10000 10150 10000 10000
    expect order 1 filled
    expect order 2 cancelled reason=position_closed ended=02:00
    expect order 3 filled
    expect order 4 filled qty=500 filled=500 avg=10100
    expect account main open=0 trades=2`));
});

describe('stops of an order that opens nothing', () => {
  it('when an open call only closes the opposite position then its stops are never armed', () =>
    settles(`${flat}
    order short_open 1000 market @bar1
    bar 01:00 10000
    order long_open  1000 market stop_loss=9900 @bar2
    bar 02:00 10000
    order long_open  500  market @bar3
    bar 03:00 10000
    bar 04:00 10000 10000 9800 9800
    expect no stop
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled filled=0 ended=02:00
    expect order 4 filled
    expect position 05:00 long 500`));
});

describe('a stop on an order that waits', () => {
  it('when the entry fills on the way down then its stop acts on the rest of the same bar', () =>
    settles(`${flat}
    path olhc
    order long_open 1000 limit 9900 stop_loss=9850 stop_profit=10050 @bar1
    bar 01:00 10000 10060 9800 9950
    expect trade 01:10 buy  open  1000 @ 9900 maker
    expect trade 01:15 sell close 1000 @ 9850 taker reason=stop_loss
    expect stop  01:15 sell 1000 @ 9850 loss path=leg1 order=1
    expect order 1 filled
    expect order 2 filled parent=1 given=01:00
    expect order 3 cancelled reason=other_stop_filled
    expect closed long 1000 opened=01:10 closed=01:15 bars=0`));

  it('when the high came before the entry then the target is not met by it', () =>
    settles(`${flat}
    path ohlc
    order long_open 1000 limit 9900 stop_profit=10050 @bar1
    bar 01:00 10000 10060 9800 9950
    expect trade 01:32:18.461 buy open 1000 @ 9900 maker // second leg, 160/260
    expect no stop
    expect position 02:00 long 1000`));

  it('when the entry is not reached then its stops never arm and end with it', () =>
    settles(`${flat}
    order long_open 1000 limit 9000 stop_loss=8900 @bar1
    bar 01:00 10000 10000 9500 10000
    expect no trade
    expect order 1 expired
    expect order 2 expired filled=0`));

  it('when a stop entry fires then its own stop is armed at once', () =>
    settles(`${flat}
    path ohlc
    order long_open 1000 stop 10100 stop_loss=10050 @bar1
    bar 01:00 10000 10200 9900 9900
    expect trade 01:10 buy  open  1000 @ 10100 taker
    expect trade 01:30 sell close 1000 @ 10050 reason=stop_loss`)); // second leg, 150/300

  it('when the fill has already passed the stop then it fires at once', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9950 @bar1
    bar 01:00 9900
    expect trade 01:00 buy  open  1000 @ 9900 reason=order
    expect trade 01:00 sell close 1000 @ 9900 reason=stop_loss pnl=0
    expect stop  01:00 sell 1000 @ 9900 loss stop=9950 path=open`));
});

describe('a bracket on a closing call', () => {
  it('when something is left then it guards what is left', () =>
    settles(`${flat}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 400 market stop_loss=9900 @bar2
    bar 02:00 10000
    bar 03:00 10000 10000 9900 9950
    expect trade 01:00 buy  open  1000 @ 10000
    expect trade 02:00 sell close 400  @ 10000
    expect trade 03:40 sell close 600  @ 9900 reason=stop_loss
    expect account main open=0`));

  it('when nothing is left then it is dropped', () =>
    settles(`${flat}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 1000 market stop_loss=9900 @bar2
    bar 02:00 10000
    bar 03:00 10000 10000 9800 9800
    expect no stop
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled filled=0 ended=02:00`));
});
