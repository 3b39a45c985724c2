/** Limit orders that fill at the first open at which they can or end there (settlement rules, sections 6.3 and 10.1). */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('immediate or cancel, fill or kill', () => {
  test.each([
    ['long_open', 'ioc', '9900.5', 'cancelled reason=not_filled_at_once code=none filled=0 ended=01:00'],
    ['long_open', 'ioc', '9900', 'filled avg=9900'],
    ['long_open', 'fok', '9899.5', 'filled avg=9899.5'],
    ['short_open', 'fok', '9899.5', 'cancelled reason=not_filled_at_once'],
    ['short_open', 'fok', '9900', 'filled avg=9900'],
    ['short_open', 'ioc', '9900.5', 'filled avg=9900.5'],
    ['long_open', 'gtc', '9900.5', 'filled avg=9900'],
  ])('when %s at 9,900 is %s and the next bar opens at %s then it is %s', (call, force, open, end) =>
    settles(`${flat}
    order ${call} 1000 limit 9900 time_in_force=${force} @bar1
    bar 01:00 ${open} 10000 9800 9900
    expect order 1 ${end}`),
  );

  it('when one takes then as a passed limit does: slippage, the taker’s fee, no worse than its limit', () =>
    settles(`${flatAtTenThousand}
    slippage 3 ticks
    order long_open 1000 limit 9900 time_in_force=ioc @bar1
    bar 01:00 9899
    expect trade 01:00 buy open 1000 @ 9900 taker fee=7576sat`)); // 0.00075 of 1000/9900

  it('when it waits for the open then it locks, and no longer', () =>
    settles(`${flat}
    order long_open 1000 limit 10000 time_in_force=ioc @bar1
    bar 01:00 10100
    bar 02:00 10100
    expect order 1 cancelled ended=01:00
    expect balance 01:00 order=0 available=1
    expect balance 02:00 order=0`));

  it('when the order is one that takes anyway then it means nothing', () =>
    settles(`${flat}
    order long_open 1000 market     time_in_force=fok @bar1
    order long_open 1000 stop 10100 time_in_force=ioc @bar1
    bar 01:00 10000
    bar 02:00 10100
    expect order 1 filled
    expect order 2 filled ended=02:00`));

  it('when the stops of one are not reached then they stay: they have no time of their own', () =>
    settles(`${flat}
    order long_open 1000 limit 10000 time_in_force=ioc stop_loss=9900 @bar1
    bar 01:00 10000
    bar 02:00 9950
    bar 03:00 9900
    expect order 1 filled
    expect order 2 filled ended=03:00`));
});
