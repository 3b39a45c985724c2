/**
 * Stops that an order is given after it was given: working or filled, in the place of one of their kind or beside the others, and
 * why they are refused (settlement rules, section 6.4).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('an order that has filled', () => {
  it('when it gets a stop then the stop guards it from the next bar on', () =>
    settles(`${flat}
    order long_open 1000 market tag=mine @bar1
    bar 01:00 10000 10000 9700 10000 // before it was given
    guard 1 stop_loss=9800 @bar2
    bar 02:00 9900 9900 9790 9850
    expect trade 01:00 buy  open  1000 @ 10000
    expect trade 02:38:10.909 sell close 1000 @ 9800 reason=stop_loss // high first: 100/110 of the second leg
    expect stop  02:38:10.909 sell 1000 @ 9800 loss order=1 rule=stop_loss
    expect order 1 filled
    expect order 2 filled type=stop effect=close parent=1 given=02:00 price=9800 tag=mine`));

  it('when it has one of the kind then that one is replaced, and the others stay', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9500 stop_profit=10500 trailing_stop=600 @bar1
    bar 01:00 10000
    guard 1 stop_loss_pct=0.01 @bar2
    guard 1 trailing_stop_pct=0.02 @bar2
    bar 02:00 10000
    guard 1 stop_profit=10300 @bar3
    bar 03:00 10300
    expect stop  03:00 sell 1000 @ 10300 profit
    expect order 1 filled
    expect order 2 cancelled reason=replaced ended=02:00 code=none
    expect order 3 cancelled reason=replaced ended=03:00
    expect order 4 cancelled reason=replaced ended=02:00 price=9400
    expect order 5 cancelled reason=other_stop_filled price=9900
    expect order 6 cancelled reason=other_stop_filled price=10094 // the open was a new best: 10300 · 0.98
    expect order 7 filled parent=1`));

  it('when the percent is of the fill then it counts from the order’s own price, not the last close', () =>
    settles(`${flat}
    order long_open 1000 market @bar1
    bar 01:00 10000 11000 10000 11000
    guard 1 stop_loss_pct=0.02 @bar2
    guard 1 stop_profit_pct=0.15 @bar2
    bar 02:00 11000
    expect order 1 filled
    expect order 2 expired price=9800
    expect order 3 expired price=11500`));

  it('when it trails then the best price counts from the last close', () =>
    settles(`${flat}
    order long_open 1000 market @bar1
    bar 01:00 10000 11000 10000 10500
    guard 1 trailing_stop=100 @bar2
    bar 02:00 10450
    bar 03:00 10399
    expect stop 03:00 sell 1000 @ 10399 loss stop=10400`));

  it('when other stops have less left, or none is there and the position is smaller, then it guards that', () =>
    settles(`${flat}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 400 market @bar2
    bar 02:00 10000
    guard 1 stop_loss=9900 @bar3
    bar 03:00 10000
    guard 1 stop_profit=10100 @bar4
    bar 04:00 9900
    expect order 1 filled
    expect order 2 filled
    expect order 3 filled    qty=600 filled=600
    expect order 4 cancelled qty=600 reason=other_stop_filled`));

  it('when it was a closing order then what it left is guarded', () =>
    settles(`${flat}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 400 market @bar2
    bar 02:00 10000
    guard 2 stop_loss=9900 @bar3
    bar 03:00 9900
    expect order 1 filled
    expect order 2 filled
    expect order 3 filled side=sell qty=600 parent=2`));

  it('when the position was closed, or closed and opened again, then it is refused', () =>
    settles(`${flat}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 1000 market @bar2
    bar 02:00 10000
    guard 1 stop_loss=9900 @bar3
    order long_open  1000 market @bar3
    bar 03:00 10000
    guard 1 stop_loss=9900 @bar4
    guard 4 stop_loss=9900 @bar4
    bar 04:00 10000
    expect order 1 filled
    expect order 2 filled
    expect order 3 rejected code=400 reason=position_closed type=stop effect=close side=sell qty=none parent=1
    expect order 4 filled
    expect order 5 rejected code=400 reason=position_closed
    expect order 6 expired`));

  it('when it only closed the opposite position then there is nothing that it opened', () =>
    settles(`${flat}
    order short_open 1000 market @bar1
    bar 01:00 10000
    order long_open  400 market @bar2
    bar 02:00 10000
    guard 2 stop_loss=9900 @bar3
    bar 03:00 10000
    expect order 1 filled
    expect order 2 filled
    expect order 3 rejected reason=position_closed`));

  it('when the venue corrects labels then the corrected kind is replaced, but a percent has no other label', () =>
    settles(`${flat.replace('XBTUSD generic', 'XBTUSD vitu')}
    order long_open 1000 market stop_profit=10500 @bar1
    bar 01:00 10000
    guard 1 stop_loss=10300 @bar2
    bar 02:00 9800
    guard 1 stop_loss_pct=0.01 @bar3
    bar 03:00 10300
    expect stop 03:00 sell 1000 @ 10300 profit rule=stop_profit
    expect order 1 filled
    expect order 2 cancelled reason=replaced
    expect order 3 filled
    expect order 4 rejected code=400 reason=stop_wrong_side`));
});

describe('an order that works', () => {
  it('when it gets stops then they are armed by its fill', () =>
    settles(`${flat}
    path olhc
    order long_open 1000 limit 9900 stop_loss=9800 @bar1
    guard 1 trailing_stop=50 @bar1
    guard 1 stop_loss=9700 @bar1
    bar 01:00 10000 10000 9800 9900 // entry at 100/200, the trailing stop at 150/200
    expect trade 01:10 buy  open  1000 @ 9900
    expect trade 01:15 sell close 1000 @ 9850 reason=trailing_stop
    expect order 1 filled
    expect order 2 cancelled reason=replaced filled=0
    expect order 3 filled    type=trailing_stop price=9850
    expect order 4 cancelled reason=other_stop_filled price=9700`));

  test.each([
    ['limit 9900', 'stop_loss=9899.5', 'expired'],
    ['limit 9900', 'stop_loss=9900', 'rejected'],
    ['stop 10100', 'stop_loss=10099.5', 'expired'],
    ['stop 10100', 'stop_loss=10100', 'rejected'],
    ['stop_limit 10100 10050', 'stop_loss=10049.5', 'expired'],
    ['stop_limit 10100 10050', 'stop_loss=10050', 'rejected'],
    ['market', 'stop_loss=9999.5', 'filled'],
    ['market', 'stop_loss=10000', 'rejected'],
  ])('when a buy %s gets %s then the stop is %s', (order, style, status) =>
    settles(`${flat}
    order long_open 1000 ${order} @bar1
    guard 1 ${style} @bar1
    bar 01:00 9999
    expect order 1 ${order === 'market' ? 'filled' : 'expired'}
    expect order 2 ${status} ${status === 'rejected' ? 'code=400 reason=stop_wrong_side' : ''}`),
  );

  it('when it ends without a fill then so do its stops, and no more can be hung on it', () =>
    settles(`${flat}
    order long_open 1000 limit 9000 @bar1
    guard 1 stop_loss=8900 @bar1
    cancel 1 @bar1
    guard 1 stop_loss=8900 @bar1
    bar 01:00 10000
    guard 1 stop_loss=8900 @bar2
    expect call 1 done
    expect order 1 cancelled
    expect order 2 cancelled reason=parent_ended price=8900
    expect order 3 rejected code=400 reason=order_ended
    expect order 4 rejected code=400 reason=order_ended`));
});

describe('refusals', () => {
  test.each([
    ['guard 9 stop_loss=9900', 'unknown_order'],
    ['guard 2 stop_loss=9900', 'unknown_order'], // a bracket stop itself
    ['guard 1 stop_loss=0', 'stop_value_not_positive'],
    ['guard 1 stop_loss=0.2', 'stop_price_not_positive'],
    ['guard 1 stop_loss=10000', 'stop_wrong_side'],
    ['guard 1 stop_profit=10000', 'stop_wrong_side'],
    ['guard 1 stop_loss_pct=1', 'stop_price_not_positive'],
    ['guard 1 trailing_stop=9999.8', 'stop_price_not_positive'],
    ['guard 1 trailing_stop_pct=1', 'stop_price_not_positive'],
  ])('when it is %s then %s, and nothing changes', (guard, reason) =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9500 @bar1
    bar 01:00 10000
    ${guard} @bar2
    bar 02:00 10000
    expect order 1 filled
    expect order 2 expired
    expect order 3 rejected code=400 reason=${reason} type=${guard.includes('trailing') ? 'trailing_stop' : 'stop'} effect=close qty=none`),
  );

  it('when there has been no bar then it is too early, and another account’s order is unknown', () =>
    settles(`${flat}
    account other balance 1 isolated 10x
    guard 1 stop_loss=9900 @bar0
    order long_open 1000 market @bar1
    bar 01:00 10000
    guard 2 stop_loss=9900 account=other @bar2
    expect order 1 rejected reason=before_first_bar
    expect order 2 filled
    expect order 3 rejected reason=unknown_order account=other`));
});

describe('liquidation at the next open', () => {
  it('when the guarded position is taken over then its stop ends with it, and the stop of another position stays', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    contract ETHUSD generic taker_fee=0 maker_fee=0
    account main balance 10 isolated 10x
    bar 00:00 10000
    bar 00:00 ETHUSD 1000
    order long_open 1000 market @bar1
    order long_open 1000 market symbol=ETHUSD @bar1
    bar 01:00 10000
    bar 01:00 ETHUSD 1000
    guard 1 stop_loss=9500 @bar2
    guard 2 stop_loss=950 @bar2
    bar 02:00 9000
    bar 02:00 ETHUSD 1000
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled reason=liquidation
    expect order 4 expired`));
});

describe('on spot', () => {
  it('when coins were bought then a stop sells them', () =>
    settles(`
    contract BTC/USDT generic taker_fee=0 maker_fee=0
    account main balance 20000 cross 1x
    bar 00:00 20000
    order buy 0.5 market @bar1
    bar 01:00 20000
    guard 1 trailing_stop=1000 @bar2
    bar 02:00 20500
    bar 03:00 19500
    expect stop 03:00 sell 0.5 @ 19500 loss stop=19500 rule=trailing_stop`));
});
