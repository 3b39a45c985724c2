/** An order that brings its own leverage, and what percent stops are of (settlement rules, sections 6.4 and 7.1). */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees, isolated at 10x. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('leverage on an order', () => {
  it('when it is accepted then the leverage is set at once and stays', () =>
    settles(`${flat}
    order long_open 10000 market leverage=20 @bar1
    bar 01:00 10000
    order long_open 10000 market @bar2
    bar 02:00 10000
    expect position 03:00 long 20000 leverage=20 margin=0.1`));

  test.each([
    ['100000 market leverage=101', 'code=70003 reason=leverage_above_max'],
    ['100000 market leverage=-1', 'code=400 reason=bad_leverage'],
    ['100001 market leverage=10', 'code=70004 reason=insufficient_margin'],
    ['200001 market leverage=20', 'code=70004 reason=insufficient_margin'],
    ['1000 market leverage=20 stop_loss=10000', 'code=400 reason=stop_wrong_side'],
    ['1000 limit 10000 leverage=20 post_only', 'code=400 reason=post_only_would_take'],
  ])('when %s is refused then everything is as before', (order, why) =>
    settles(`${flat}
    order long_open ${order} @bar1
    order long_open 10000 market @bar1
    bar 01:00 10000
    expect order 1 rejected ${why}
    expect order 2 filled
    expect position 02:00 long 10000 leverage=10 margin=0.1`),
  );

  it('when only the higher leverage makes it affordable then it is', () =>
    settles(`${flat}
    order long_open 150000 market leverage=20 @bar1
    bar 01:00 10000
    expect order 1 filled
    expect position 02:00 long 150000 leverage=20 margin=0.75`));

  it('when an open position has margin of another leverage then it moves first, and back if the order is refused', () =>
    settles(`${flat}
    order long_open 10000 market @bar1
    bar 01:00 10000
    order long_open 999999 market leverage=5 @bar2
    bar 02:00 10000
    order long_open 1000 market leverage=5 @bar3
    bar 03:00 10000
    expect order 1 filled
    expect order 2 rejected reason=insufficient_margin
    expect order 3 filled
    expect bill 01:00 fee 0 isolated=0.1
    expect bill 03:00 leverage_change 0 isolated=0.1
    expect bill 03:00 fee 0 isolated=0.02
    expect position 04:00 long 11000 leverage=5 margin=0.22`));

  it('when leverage 0 is asked for then the order is one in cross mode', () =>
    settles(`${flat}
    order long_open 1000 market leverage=0 @bar1
    bar 01:00 10000
    expect position 02:00 long 1000 mode=cross leverage=none`));

  it('when a closing call brings one then it is refused', () =>
    settles(`${flat}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 1000 market leverage=5 @bar2
    bar 02:00 10000
    expect order 1 filled
    expect order 2 rejected code=400 reason=leverage_needs_opening_order`));
});

describe('what a percent stop is of', () => {
  // 15 % from 10,000 at 10x: of the price, of the result, of the margin (1.5 % of the result).
  test.each([
    ['XBTUSD', 'long_open', 'stop_loss_pct', 'price', 8500],
    ['XBTUSD', 'long_open', 'stop_loss_pct', 'pnl', 8695.5], // 10000/1.15 = 8695.65
    ['XBTUSD', 'long_open', 'stop_loss_pct', 'roe', 9852], // 10000/1.015 = 9852.22
    ['XBTUSD', 'long_open', 'stop_profit_pct', 'roe', 10152.5], // 10000/0.985 = 10152.28
    ['XBTUSD', 'short_open', 'stop_loss_pct', 'pnl', 11764.5], // 10000/0.85 = 11764.71
    ['XBTUSD', 'short_open', 'stop_loss_pct', 'roe', 10152.5],
    ['XBTUSD', 'short_open', 'stop_profit_pct', 'roe', 9852],
    ['BTCUSDT', 'long_open', 'stop_loss_pct', 'pnl', 8500],
    ['BTCUSDT', 'long_open', 'stop_loss_pct', 'roe', 9850],
    ['BTCUSDT', 'short_open', 'stop_loss_pct', 'roe', 10150],
    ['BTCUSDT', 'short_open', 'stop_profit_pct', 'pnl', 8500],
    ['ETHUSD', 'long_open', 'stop_loss_pct', 'roe', 9850],
    ['ETHUSD', 'short_open', 'stop_loss_pct', 'roe', 10150],
    ['ETHUSD', 'short_open', 'stop_loss_pct', 'price', 11500],
  ])('when %s %s has a %s of %s then it stands at %s', (symbol, call, style, base, price) =>
    settles(`
    contract ${symbol} generic taker_fee=0 maker_fee=0
    account main balance 10000 isolated 10x
    bar 00:00 10000
    order ${call} 1 market ${style}=0.15:${base} @bar1
    bar 01:00 10000
    expect order 1 filled
    expect order 2 expired price=${price}`),
  );

  it('when the order brings its leverage then the share is of that margin', () =>
    settles(`${flat}
    order long_open 1000 limit 10000 leverage=5 stop_loss_pct=0.15:roe @bar1
    leverage 20 @bar1
    bar 01:00 10000
    expect call 1 done
    expect order 1 filled
    expect order 2 expired price=9925.5`)); // set at the fill: 0.15/20, 10000/1.0075 = 9925.56

  it('when no leverage is set then the tier’s initial rate stands for it', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 10000 cross 0x
    bar 00:00 10000
    order long_open 1000 market stop_loss_pct=0.15:roe @bar1
    bar 01:00 10000
    expect order 1 filled
    expect order 2 expired price=9985`)); // 0.15 · 0.01: 10000/1.0015 = 9985.02

  it('when the stop would be worth nothing then it ends at the fill', () =>
    settles(`${flat}
    order short_open 1000 limit 10000 leverage=10 stop_loss_pct=1:roe @bar1
    leverage 1 @bar1
    bar 01:00 10000
    expect call 1 done
    expect order 1 filled
    expect order 2 cancelled code=400 reason=stop_price_not_positive ended=01:00`)); // 10000/(1 − 1)

  test.each([
    ['stop_loss=9900:pnl', 'base_needs_pct_style'],
    ['trailing_stop_pct=0.1:price', 'base_needs_pct_style'],
  ])('when %s is asked for then %s', (style, reason) =>
    settles(`${flat}
    order long_open 1000 market ${style} @bar1
    bar 01:00 10000
    expect order 1 rejected code=400 reason=${reason}`),
  );
});
