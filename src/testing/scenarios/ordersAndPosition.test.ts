/**
 * Orders and the position they meet: exits follow a position that shrinks, entries must be covered when they fill, and one
 * that would be liquidated on the spot, or on the way back, is not overlooked.
 */

import { describe, it } from '@jest/globals';
import { longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

describe('orders and their position', () => {
  it('when an order would be liquidated at once and this is known at submission then it is refused', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 10 isolated 10x
    bar 01:00 10000 | 9000
    order long_open 10000 market @bar1       // A = 0.1, U = 1 − 10/9 = −0.111: equity below 0
    bar 02:00 10000 | 9000
    expect order 1 rejected reason=would_liquidate
    expect no trade`));

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

  it('when a stop entry would be liquidated on the way back then the worse walk is the one that liquidates it', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 100x
    bar 01:00 10000
    order long_open 10000 stop 10100 @bar1
    bar 02:00 10000 10200 9900 10150
    // low first: bought on the way up to 10,200 and held. High first: bought, then liquidated below 10,050.
    expect account main ambiguous=1 liquidations=1 wallet=99009900sat`)); // A = 99,009,901/100, rounded up

  it('when a limit sell sized by percent fills at a higher open then its margin must be covered at that price', () =>
    settles(`
    contract BTCUSDT generic taker_fee=0
    account main balance 1000 isolated 10x
    bar 01:00 10000
    order short_open_pct 1 limit 10100 @bar1
    bar 02:00 10300
    // 0.990 · 10,300/10 = 1,019.7 are not there
    expect order 1 cancelled code=70004 reason=insufficient_margin qty=0.99 filled=0
    expect no trade
    expect wallet 1000`));

  it('when a loss has eaten what a limit sized by percent needs then it is cancelled at its fill', () =>
    settles(`
    contract BTCUSDT generic taker_fee=0 maker_fee=0
    account main balance 1000 cross 10x
    path olhc
    bar 01:00 10000
    order long_open 0.5 market @bar1
    bar 02:00 10000
    order long_open_pct 1 limit 9800 @bar2
    bar 03:00 10000 10000 9750 9800
    // sized by the 500 that were left: 0.510. At 9,800 U = −100 leaves 400, and 499.8 are needed.
    expect order 1 filled
    expect order 2 cancelled code=70004 reason=insufficient_margin qty=0.51 filled=0 ended=03:16
    expect position 04:00 long 0.5`));
});
