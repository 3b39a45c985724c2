/**
 * Stops that hang on an order: where they fire and at which price they fill, percent stops, the side check, the price series
 * that sets them off (settlement rules, section 6.4).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand, linearLongAtFiftyTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('the trigger of a stop', () => {
  test.each([
    ['long_open', 'stop_loss=9900', '10000 10000 9900.5 10000', ''],
    ['long_open', 'stop_loss=9900', '10000 10000 9900 10000', 'sell 1000 @ 9900 loss'],
    ['long_open', 'stop_loss=9900', '10000 10000 9899.5 10000', 'sell 1000 @ 9900 loss'],
    ['long_open', 'stop_profit=10100', '10000 10099.5 10000 10000', ''],
    ['long_open', 'stop_profit=10100', '10000 10100 10000 10000', 'sell 1000 @ 10100 profit'],
    ['long_open', 'stop_profit=10100', '10000 10100.5 10000 10000', 'sell 1000 @ 10100 profit'],
    ['short_open', 'stop_loss=10100', '10000 10099.5 10000 10000', ''],
    ['short_open', 'stop_loss=10100', '10000 10100 10000 10000', 'buy 1000 @ 10100 loss'],
    ['short_open', 'stop_loss=10100', '10000 10100.5 10000 10000', 'buy 1000 @ 10100 loss'],
    ['short_open', 'stop_profit=9900', '10000 10000 9900.5 10000', ''],
    ['short_open', 'stop_profit=9900', '10000 10000 9900 10000', 'buy 1000 @ 9900 profit'],
    ['short_open', 'stop_profit=9900', '10000 10000 9899.5 10000', 'buy 1000 @ 9900 profit'],
  ])('when %s has %s and the bar is %s then: %s', (call, style, prices, stop) => {
    const path = stop.includes('@ 9900') ? 'olhc' : 'ohlc';
    const extreme = Number(prices.split(' ')[stop.includes('@ 9900') ? 2 : 1]);
    const time = Math.abs(extreme - 10000) === 100 ? '02:20' : '02:19:54.029'; // 100/100.5 of the first leg
    return settles(`${flat}
    path ${path}
    order ${call} 1000 market ${style} @bar1
    bar 01:00 10000
    bar 02:00 ${prices}
    ${stop === '' ? 'expect no stop' : `expect stop ${time} ${stop} path=leg1`}`);
  });

  it('when slippage is set then a stop pays it', () =>
    settles(`${flat}
    slippage 3 ticks
    order long_open 1000 market stop_loss=9900 @bar1
    bar 01:00 10000
    bar 02:00 10000 10000 9850 9850
    expect stop 02:33:20 sell 1000 @ 9898.5 loss stop=9900`)); // high first: second leg, 100/150

  test.each([
    ['long_open', 'stop_loss=9900', 9700, 'sell 1000 @ 9700 loss stop=9900'],
    ['long_open', 'stop_profit=10100', 10300, 'sell 1000 @ 10300 profit stop=10100'],
    ['short_open', 'stop_loss=10100', 10300, 'buy 1000 @ 10300 loss stop=10100'],
    ['short_open', 'stop_profit=9900', 9700, 'buy 1000 @ 9700 profit stop=9900'],
  ])('when %s has %s and the next bar opens at %s then it fills at the open', (call, style, open, stop) =>
    settles(`${flat}
    order ${call} 1000 market ${style} @bar1
    bar 01:00 10000
    bar 02:00 ${open}
    expect stop 02:00 ${stop} path=open`),
  );

  it('when last gaps beyond bankruptcy and the mark holds then the cross wallet bears what exceeds the margin', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 00:00 10000 | 10000
    order long_open 10000 market stop_loss=9500 @bar1
    bar 01:00 10000 | 10000
    bar 02:00 8000 | 9500
    expect stop 02:00 sell 10000 @ 8000 loss pnl=-0.25
    expect bill 01:00 fee          0    isolated=0.1
    expect bill 02:00 realized_pnl -0.25 isolated=-0.1
    expect account main wallet=0.75 insurance=0 liquidations=0`));

  it('when the loss exceeds the wallet too then insurance ends the account at 0', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.1 isolated 10x
    bar 00:00 10000 | 10000
    order long_open 10000 market stop_loss=9500 @bar1
    bar 01:00 10000 | 10000
    bar 02:00 8000 | 9500
    expect bill 01:00 fee          0     isolated=0.1
    expect bill 02:00 realized_pnl -0.25 isolated=-0.1 balance=-0.15
    expect bill 02:00 insurance    0.15  balance=0
    expect closed long 10000 gross=-0.1 net=-0.1 reason=stop_loss
    expect account main wallet=0 insurance=0.15 liquidations=0 bankrupt=02:00`));
});

describe('percent stops', () => {
  test.each([
    // 9,980.5 · 1.15 = 11,477.575 and · 0.85 = 8,483.425, to the nearest tick
    ['short_open', 'stop_loss_pct=0.15', '11477.5'],
    ['long_open', 'stop_loss_pct=0.15', '8483.5'],
    ['short_open', 'stop_profit_pct=0.15', '8483.5'],
    ['long_open', 'stop_profit_pct=0.15', '11477.5'],
  ])('when %s at 9,980.5 has %s then its trigger is %s', (call, style, trigger) =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 2x
    bar 01:00 9980.5
    order ${call} 1000 market ${style} @bar1
    bar 02:00 9980.5
    expect order 1 filled
    expect order 2 expired type=stop price=${trigger} qty=1000 parent=1`),
  );

  it('when the fill differs from the last close then the percent counts from the fill', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss_pct=0.02 stop_profit_pct=0.04 @bar1
    bar 01:00 10100
    bar 02:00 10100 10200 9890 10000
    expect order 1 filled avg=10100
    expect order 2 filled    price=9898 type=stop avg=9898
    expect order 3 cancelled price=10504 reason=other_stop_filled`));

  it('when the position has another average then the percent counts from its own order', () =>
    settles(`${flat}
    order long_open 1000 market @bar1
    bar 01:00 10000
    order long_open 1000 market stop_loss_pct=0.1 @bar2
    bar 02:00 11000
    bar 03:00 11000 11000 9850 10000
    // 11,000 · 0.9 = 9,900, not 0.9 of the average 10,476
    expect stop 03:39:07.826 sell 1000 @ 9900 loss rule=stop_loss_pct order=2 // second leg, 1,100/1,150
    expect position 04:00 long 1000`));

  it('when the percent of a stop loss is 1 then there is no price for it', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss_pct=1 @bar1
    bar 01:00 10000
    expect no trade
    expect order 1 rejected code=400`));
});

describe('the side of a stop', () => {
  test.each([
    ['long_open 1000 market stop_loss=10000.5', 'rejected'],
    ['long_open 1000 market stop_loss=10000', 'rejected'],
    ['long_open 1000 market stop_loss=9999.5', 'expired'],
    ['long_open 1000 market stop_profit=9999.5', 'rejected'],
    ['long_open 1000 market stop_profit=10000', 'rejected'],
    ['long_open 1000 market stop_profit=10000.5', 'expired'],
    ['short_open 1000 market stop_loss=9999.5', 'rejected'],
    ['short_open 1000 market stop_loss=10000', 'rejected'],
    ['short_open 1000 market stop_loss=10000.5', 'expired'],
    ['short_open 1000 market stop_profit=10000.5', 'rejected'],
    ['short_open 1000 market stop_profit=10000', 'rejected'],
    ['short_open 1000 market stop_profit=9999.5', 'expired'],
    // a limit is checked against its own price
    ['long_open 1000 limit 9900 stop_loss=9950', 'rejected'],
    ['long_open 1000 limit 9900 stop_profit=9950', 'expired'],
  ])('when %s is given at a close of 10,000 then it is %s', (call, status) =>
    settles(`${flat}
    order ${call} @bar1
    expect order 1 ${status} ${status === 'rejected' ? 'code=400 reason=stop_wrong_side' : 'code=none'}
    ${status === 'rejected' ? '' : 'expect order 2 expired parent=1'}`),
  );

  it('when one of two stops is on the wrong side then the whole call is refused', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9900 stop_profit=9950 @bar1
    bar 01:00 10000
    expect no trade
    expect order 1 rejected reason=stop_wrong_side`));

  it('when the classic note’s short at 9,980.5 asks for a loss stop at 9,600 then it is refused', () =>
    settles(`
    contract XBTUSD bitmex
    account main balance 1 cross 10x
    bar 01:00 9980.5
    order short_open 1000 market stop_loss=9600 @bar1
    expect order 1 rejected code=400 reason=stop_wrong_side`));
});

describe('linear stops', () => {
  it('when a linear long is stopped then it loses the way times the quantity', () =>
    settles(`${linearLongAtFiftyTimes.replace('market', 'market stop_loss_pct=0.01 stop_profit_pct=0.03')}
    bar 03:00 20000 20050 19750 19900
    expect stop 03:36:40 sell 1 @ 19800 loss pnl=-200 amount=19800 // high first; second leg, 250/300
    expect wallet 9800`));
});

describe('which price sets a stop off', () => {
  test.each([
    ['generic', '', 'last'],
    ['generic', 'trigger_by=mark', 'mark'],
    ['bitmex', '', 'mark'],
    ['bitmex', 'trigger_by=last', 'last'],
  ])('when the rules are %s and the order says "%s" then it is the %s price', (rules, asked, trigger) =>
    settles(`
    contract XBTUSD ${rules} taker_fee=0
    account main balance 1 isolated 10x
    path ohlc
    bar 01:00 10000 | 10000
    order long_open 1000 market stop_loss=9900 ${asked} @bar1
    bar 02:00 10000 | 10000
    bar 03:00 10000 10000 ${trigger === 'last' ? '9900 9950 | 10000 10000 9950 9950' : '9950 9950 | 10000 10000 9900 9950'}
    expect stop 03:40 sell 1000 @ ${trigger === 'last' ? 9900 : 9950} loss stop=9900 trigger=${trigger}`),
  );
});
