/**
 * Stops that trail the best price since their order filled: where their level stands, when it is reached inside a candle, over gaps
 * and in still bars, on the mark, beside other stops, and what a candle with two ways makes of it (settlement rules, section 6.4).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;
/** Long 1,000 at 10,000, trailed by 250: the level stands at 9,750. */
const trailed = `${flat}
    order long_open 1000 market trailing_stop=250 @bar1
    bar 01:00 10000`;

describe('inside a candle', () => {
  it('when the price rises and falls then the stop fires at the distance from the top', () =>
    settles(`${trailed}
    path ohlc
    bar 02:00 10000 10500 10000 10400 // best 10500, level 10250: half of the second leg
    expect trade 01:00 buy  open  1000 @ 10000
    expect trade 02:30 sell close 1000 @ 10250 taker reason=trailing_stop
    expect stop  02:30 sell 1000 @ 10250 loss stop=10250 rule=trailing_stop trigger=last path=leg2 order=1
    expect order 1 filled
    expect order 2 filled type=trailing_stop price=10250 parent=1 effect=close
    expect closed long 1000 exit=10250 reason=trailing_stop`));

  it('when the top comes after the low then the close is what matters', () =>
    settles(`${trailed}
    path olhc
    bar 02:00 10000 10500 10000 10400
    expect no stop
    expect order 1 filled
    expect order 2 expired type=trailing_stop price=10250 qty=1000`));

  test.each([
    ['long_open', '10000 10500 10250.5 10400', ''],
    ['long_open', '10000 10500 10250 10400', 'sell 1000 @ 10250'],
    ['long_open', '10000 10500 10249.5 10400', 'sell 1000 @ 10250'],
    ['short_open', '10000 9749.5 9500 9600', ''],
    ['short_open', '10000 9750 9500 9600', 'buy 1000 @ 9750'],
    ['short_open', '10000 9750.5 9500 9600', 'buy 1000 @ 9750'],
  ])('when %s is trailed by 250 and the bar after the best is %s then: %s', (call, prices, stop) => {
    const [, high, low, close] = prices.split(' ');
    const best = call === 'long_open' ? high : low;
    const worst = call === 'long_open' ? low : high;
    // Of equal ends low first is kept; 250/250.5 of the leg.
    const leg = call === 'long_open' ? ['03:20', '03:19:57.604'] : ['03:40', '03:39:57.604'];
    const time = leg[worst?.endsWith('.5') ? 1 : 0];
    return settles(`${flat}
    order ${call} 1000 market trailing_stop=250 @bar1
    bar 01:00 10000
    bar 02:00 ${best}
    bar 03:00 ${best} ${call === 'long_open' ? `${best} ${worst}` : `${worst} ${best}`} ${close}
    ${stop === '' ? 'expect no stop' : `expect stop ${time} ${stop} loss`}`);
  });

  it('when the stop is by percent then of the best price, on the nearest tick', () =>
    settles(`${flat}
    path ohlc
    order short_open 1000 market trailing_stop_pct=0.0333 @bar1
    bar 01:00 10000
    bar 02:00 10000 10000 9500 9900 // 9500 · 1.0333 = 9816.35: 9816.5 on the tick, 316.5/400 of the third leg
    expect stop 02:55:49.500 buy 1000 @ 9816.5 loss stop=9816.5 rule=trailing_stop_pct`));

  it('when the entry fills on the way then the best price counts from there', () =>
    settles(`${flat}
    path ohlc
    order long_open 1000 limit 9900 trailing_stop=50 @bar1
    bar 01:00 10000 10060 9800 9950 // second leg: entry at 160/260, stop at 210/260
    expect trade 01:32:18.461 buy  open  1000 @ 9900 maker
    expect trade 01:36:09.230 sell close 1000 @ 9850 reason=trailing_stop
    expect closed long 1000 bars=0`));

  it('when the entry fills on a leg that goes on in favour then the stop follows it to the end of the leg', () =>
    settles(`${flat}
    path ohlc
    order long_open 1000 stop 10100 trailing_stop=150 @bar1
    bar 01:00 10000 10300 10000 10200 // best 10300, level 10150: half of the second leg
    expect trade 01:06:40 buy  open  1000 @ 10100
    expect trade 01:30    sell close 1000 @ 10150 reason=trailing_stop`));

  it('when slippage is set then it pays it', () =>
    settles(`${trailed}
    path ohlc
    slippage 3 ticks
    bar 02:00 10001.5 10500 10000 10400
    expect stop 02:30 sell 1000 @ 10248.5 loss stop=10250`));
});

describe('between candles', () => {
  test.each([
    ['10250.5', ''],
    ['10250', 'sell 1000 @ 10250'],
    ['10249.5', 'sell 1000 @ 10249.5'],
    ['9500', 'sell 1000 @ 9500'],
  ])('when the level stands at 10,250 and a bar opens at %s then: %s', (open, stop) =>
    settles(`${trailed}
    bar 02:00 10500
    bar 03:00 ${open}
    ${stop === '' ? 'expect no stop' : `expect stop 03:00 ${stop} loss stop=10250 path=open`}`),
  );

  it('when the market gaps up first then the rest of the bar is judged by the new best', () =>
    settles(`${trailed}
    path olhc
    bar 02:00 11000 11000 10700 10800 // open 11000: level 10750, 250/300 of the first leg
    expect stop 02:16:40 sell 1000 @ 10750 loss stop=10750 path=leg1`));

  it('when bars stand still then each of them may be the best', () =>
    settles(`${trailed}
    bar 02:00 10100
    bar 03:00 10300
    bar 04:00 10200
    bar 05:00 10050 // 10300 − 250
    expect stop 05:00 sell 1000 @ 10050 loss stop=10050 path=open`));

  it('when no bar is better and none reaches it then nothing changes', () =>
    settles(`${trailed}
    bar 02:00 9990 9999 9760 9800
    bar 03:00 9800 10000 9750.5 9900
    expect no stop
    expect order 1 filled
    expect order 2 expired price=9750 filled=0
    expect account main ambiguous=0`));

  it('when the order never fills then the stop has no price', () =>
    settles(`${flat}
    order long_open 1000 limit 9000 trailing_stop=250 @bar1
    bar 01:00 10000
    expect order 1 expired
    expect order 2 expired type=trailing_stop price=none qty=1000`));

  it('when the level would be below one tick then it stands at one tick', () =>
    settles(`${flat.replace('10000', '1000')}
    path ohlc
    order long_open 1 limit 990 trailing_stop=989.4 @bar1
    bar 01:00 980
    expect trade 01:00 buy open 1 @ 980 taker
    expect order 1 filled
    expect order 2 expired price=0.5`));
});

describe('on the mark', () => {
  const marked = `
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    path ohlc
    bar 00:00 10000 | 10000
    bar 01:00 10000 | 10000`;

  it('when it goes by the mark then the best is the mark’s, and it fills at last', () =>
    settles(`${marked}
    order long_open 1000 market trailing_stop=250 trigger_by=mark @bar1
    bar 02:00 10000 10500 10000 10400 | 10000 10200 9940 10100
    // level 9950: 250/260 of the second leg, where last is 10019.23
    expect stop 02:39:13.846 sell 1000 @ 10019 loss stop=9950 trigger=mark path=leg2`));

  it('when the mark stands still then what last does is nothing to it', () =>
    settles(`${marked}
    order long_open 1000 market trailing_stop=250 trigger_by=mark @bar1
    bar 02:00 10000 10500 9500 9600 | 10000
    expect no stop
    expect order 1 filled
    expect order 2 expired price=9750`));
});

describe('beside other stops', () => {
  const three = 'stop_loss=9800 stop_profit=10600 trailing_stop=250';

  it('when one of three fires then the other two end', () =>
    settles(`${flat}
    path ohlc
    order long_open 1000 market ${three} @bar1
    bar 01:00 10000
    bar 02:00 10000 10500 10000 10400
    expect stop 02:30 sell 1000 @ 10250 loss rule=trailing_stop
    expect order 1 filled
    expect order 2 cancelled reason=other_stop_filled price=9800
    expect order 3 cancelled reason=other_stop_filled price=10600
    expect order 4 filled`));

  it('when the target fills on a leg in favour then the trailing stop ends where it had followed to', () =>
    settles(`${flat}
    path ohlc
    order long_open 1000 market stop_profit=10300 trailing_stop=250 @bar1
    bar 01:00 10000
    bar 02:00 10000 10500 10000 10400
    expect stop 02:12 sell 1000 @ 10300 profit rule=stop_profit
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled reason=other_stop_filled price=10050 ended=02:12`));

  it('when the loss stop and it stand at one price then the older id goes first', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9750 trailing_stop=250 @bar1
    bar 01:00 10000
    bar 02:00 9700
    expect stop 02:00 sell 1000 @ 9700 loss rule=stop_loss
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled reason=other_stop_filled`));

  it('when a flip opens a part then it guards that part', () =>
    settles(`${flat}
    path olhc
    order long_open  1000 market @bar1
    bar 01:00 10000
    order short_open 1500 market trailing_stop=250 @bar2
    bar 02:00 10000
    bar 03:00 10000 10100 9500 9600
    bar 04:00 9600 9800 9600 9700 // best 9500, level 9750
    expect order 1 filled
    expect order 2 filled
    expect order 3 filled qty=500 filled=500 avg=9750
    expect account main open=0`));

  it('when the position is closed by hand then it dies with it', () =>
    settles(`${trailed}
    order long_close 1000 market @bar2
    bar 02:00 10000
    bar 03:00 9000
    expect no stop
    expect order 1 filled
    expect order 2 cancelled reason=position_closed price=9750
    expect order 3 filled`));
});

describe('a candle with two ways', () => {
  // Low first: 9,900 on the first leg. High first: best 10,250, level 10,150 on the second.
  const wide = '10000 10250 9850 10000';

  test.each([
    ['nearest', '02:13:20', 9900, 0],
    ['adverse', '02:13:20', 9900, 1],
    ['favourable', '02:25', 10150, 1],
    ['ohlc', '02:25', 10150, 1],
    ['olhc', '02:13:20', 9900, 1],
  ])('when the path is %s then it fires at %s at %s', (path, time, price, ambiguous) =>
    settles(`${flat}
    path ${path}
    order long_open 1000 market trailing_stop=100 @bar1
    bar 01:00 10000
    bar 02:00 ${wide}
    expect stop ${time} sell 1000 @ ${price} loss stop=${price}
    ${path === 'nearest' ? '' : `expect account main ambiguous=${ambiguous}`}`),
  );

  test.each([
    ['adverse', '02:13:20', 'sell 1000 @ 9900 loss'],
    ['favourable', '02:16', 'sell 1000 @ 10200 profit'],
  ])('when a target is in reach too and the path is %s then: %s %s', (path, time, stop) =>
    settles(`${flat}
    path ${path}
    order long_open 1000 market trailing_stop=100 stop_profit=10200 @bar1
    bar 01:00 10000
    bar 02:00 ${wide}
    expect stop ${time} ${stop}
    expect account main ambiguous=1`),
  );

  it('when the entry and its trailing stop are in one candle then both ways are walked', () =>
    settles(`${flat}
    path adverse
    order long_open 1000 limit 9900 trailing_stop=100 @bar1
    bar 01:00 10000 10250 9880 10200 // high first: stop not met; low first: neither, but the end is the same
    expect no stop
    expect order 1 filled avg=9900
    expect order 2 expired
    expect account main ambiguous=0`));
});

describe('side check and value', () => {
  test.each([
    ['trailing_stop=9999.5', 'filled', ''],
    ['trailing_stop=9999.8', 'rejected', 'code=400 reason=stop_price_not_positive'],
    ['trailing_stop=0', 'rejected', 'code=400 reason=stop_value_not_positive'],
    ['trailing_stop_pct=0.9999', 'filled', ''],
    ['trailing_stop_pct=1', 'rejected', 'code=400 reason=stop_price_not_positive'],
    ['trailing_stop=100:roe', 'rejected', 'code=400 reason=base_needs_pct_style'],
  ])('when %s is asked for at 10,000 then the order is %s', (style, status, why) =>
    settles(`${flat}
    order long_open 1000 market ${style} @bar1
    bar 01:00 10000
    expect order 1 ${status} ${why}
    ${status === 'filled' ? 'expect order 2 expired' : ''}`),
  );
});
