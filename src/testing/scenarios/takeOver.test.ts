/**
 * What a liquidation does: the price, the bills and the fee of the take-over, insurance beyond bankruptcy, what becomes of
 * orders, and which of two things at one price comes first (settlement rules, sections 4.6 and 10.8).
 */

import { describe, it } from '@jest/globals';
import { longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

describe('the take-over of an isolated position', () => {
  it('when it is generic then one fill at the bankruptcy price costs exactly the margin', () =>
    settles(`
    contract XBTUSD generic
    account main balance 1 isolated 10x
    path olhc
    bar 01:00 10000
    order long_open 10000 market stop_loss=9000 @bar1
    order long_close 5000 limit 11000 @bar1
    order long_close 5000 limit 11000 @bar2
    bar 02:00 10000
    bar 03:00 10000 10000 9091 9500
    // P* = 9,136.36 at λ = (10,000 − 9,136.36)/909 = 950/999.9: 20 min · 0.950095 = 1,140.114 s
    expect trade 02:00        buy  open  10000 @ 10000 fee=0.00075
    expect trade 03:19:00.114 sell close 10000 @ 9091  taker order=none amount=1.1 fee=0 pnl=-0.1 reason=liquidation
    expect bill  02:00        fee         -0.00075 isolated=0.1
    expect bill  03:19:00.114 liquidation -0.1     isolated=-0.1 fee=0 balance=0.89925
    expect order 1 filled
    expect order 2 cancelled reason=liquidation type=stop parent=1
    expect order 3 rejected  reason=no_position
    expect order 4 cancelled reason=liquidation filled=0
    expect closed long 10000 gross=-0.1 fees=0.00075 net=-0.10075 reason=liquidation
    expect wallet 0.89925
    expect no stop`));

  it('when it is BitMEX then its commission reserve pays the fee of the take-over, as a bill of its own', () =>
    settles(`
    contract XBTUSD bitmex
    account main balance 1 isolated 10x
    path olhc
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    bar 03:00 10000 10000 9132 9500
    // reserve ceil(0.00075 · 1.1) = 0.000825; bankruptcy: 11,000 sat a contract, 9,090.91 → 9,091
    // 9,132.5 at λ = 867.5/868: 1,199.308 s
    expect trade 02:00        buy  open  10000 @ 10000 fee=0.00075
    expect trade 03:19:59.308 sell close 10000 @ 9091  amount=1.1 fee=0.000825 pnl=-0.1 reason=liquidation
    expect bill  02:00        fee         -0.00075  isolated=0.1
    expect bill  03:19:59.308 liquidation -0.1      isolated=-0.1 fee=0.000825
    expect bill  03:19:59.308 fee         -0.000825
    expect closed long 10000 gross=-0.1 fees=0.001575 net=-0.101575
    expect balance 03:00 wallet=0.99925 position=0.100825 available=0.898425
    expect wallet 0.898425`));

  it('when the mark opens beyond bankruptcy then the fill is at the mark and insurance makes up the rest', () =>
    settles(`${longAtTenTimes}
    bar 02:00 8000
    // 1 − 10,000/8,000 = −0.25; all but the margin of 0.1 is made good
    expect trade 01:00 buy  open  10000 @ 10000
    expect trade 02:00 sell close 10000 @ 8000 amount=1.25 pnl=-0.25 reason=liquidation
    expect bill 01:00 fee          0    isolated=0.1
    expect bill 02:00 liquidation -0.25 isolated=-0.1
    expect bill 02:00 insurance    0.15
    expect closed long 10000 gross=-0.1 net=-0.1 reason=liquidation
    expect account main wallet=0.9 insurance=0.15 liquidations=1`));

  it('when slippage is set then a take-over has none', () =>
    settles(`${longAtTenTimes}
    slippage 10 ticks
    bar 02:00 9100
    // bought at 10,005: V = 99,950,025, A = 9,995,003, P_B = 9,095.45 → 9,095.5
    expect trade 01:00 buy  open  10000 @ 10005
    expect trade 02:00 sell close 10000 @ 9095.5 pnl=-9995003sat reason=liquidation
    expect wallet 90004997sat`));
});

describe('the take-over of a cross position', () => {
  it('when it is generic then the whole wallet is lost at the bankruptcy price and the account ends', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.25 cross 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    order long_open 10000 limit 5000 @bar2
    bar 03:00 8010
    order long_open 1 market @bar3
    bar 04:00 8010
    // P* = 10,050/1.25 = 8,040; P_B = 10,000/1.25 = 8,000
    expect trade 02:00 buy  open  10000 @ 10000
    expect trade 03:00 sell close 10000 @ 8000 pnl=-0.25 amount=1.25 reason=liquidation fee=0
    expect bill 03:00 liquidation -0.25 isolated=0 balance=0
    expect order 1 filled
    expect order 2 rejected code=70004
    expect order 3 rejected code=70005
    expect account main wallet=0 liquidations=1 bankrupt=03:00 rejected=2`));

  it('when it is BitMEX then there is no fee bill', () =>
    settles(`
    contract XBTUSD bitmex
    account main balance 0.25 cross 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    bar 03:00 8010
    expect balance 02:00 wallet=0.24925 position=0.100825
    expect bill 02:00 fee         -0.00075
    expect bill 03:00 liquidation -0.24925 balance=0
    expect account main bankrupt=03:00 fees=0.00075`));

  it('when the mark opens beyond bankruptcy then insurance brings the wallet to 0', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.25 cross 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    bar 03:00 5000
    expect bill 03:00 liquidation -1   balance=-0.75
    expect bill 03:00 insurance   0.75 balance=0
    expect account main wallet=0 insurance=0.75 bankrupt=03:00`));
});

describe('liquidation at an open and orders given at the last close', () => {
  it('when the gap liquidates then a queued close is dropped and a queued open fills', () =>
    settles(`${longAtTenTimes}
    order long_close 5000 market @bar2
    order short_open 1000 market @bar2
    bar 02:00 9100
    expect trade 01:00 buy  open  10000 @ 10000
    expect trade 02:00 sell close 10000 @ 9091 pnl=-0.1 reason=liquidation
    expect trade 02:00 sell open  1000  @ 9100 reason=order
    expect order 1 filled
    expect order 2 cancelled reason=no_position code=400
    expect order 3 filled
    expect wallet 0.9`));

  it('when a stop lies exactly at the liquidation price then liquidation comes first', () =>
    settles(`
    contract BTCUSDT bitmex taker_fee=0
    account main balance 1000 isolated 50x
    bar 01:00 20000
    order long_open 1 market stop_loss=19700 @bar1
    bar 02:00 20000
    bar 03:00 20000 20000 19600 19650
    expect account main liquidations=1 wallet=600
    expect no stop`));

  it('when the stop is one tick nearer then the stop comes first', () =>
    settles(`
    contract BTCUSDT bitmex taker_fee=0
    account main balance 1000 isolated 50x
    bar 01:00 20000
    order long_open 1 market stop_loss=19700.5 @bar1
    bar 02:00 20000
    bar 03:00 20000 20000 19600 19650
    expect account main liquidations=0 wallet=700.5
    // either way round the stop is met first and the ends agree: low first, 299.5/400 of 20 minutes
    expect stop 03:14:58.500 sell 1 @ 19700.5 loss pnl=-299.5`));
});

describe('an order whose position would be liquidated at once', () => {
  it('when a gap brings it about then the fill is liquidated', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 10 isolated 10x
    bar 01:00 10000 | 10000
    order long_open 10000 market @bar1
    bar 02:00 10000 | 9100
    expect account main liquidations=1 wallet=9.9
    expect order 1 filled`));
});
