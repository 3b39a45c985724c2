/**
 * Changing a working order: it keeps its id, its place and its stops, is judged as a new one would be, and is changed whole or not
 * at all (settlement rules, section 6.3).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('what changes', () => {
  it('when a limit is moved then the order fills there under its own id, and its stops follow', () =>
    settles(`${flat}
    order long_open 1000 limit 9000 stop_loss_pct=0.01 stop_profit=10500 @bar1
    order long_open 1 limit 9000 @bar1
    bar 01:00 10000
    modify 1 price=9900.3 qty=2000 @bar2
    bar 02:00 10000 10000 9900 10000
    expect call 1 done
    expect trade 02:40 buy open 2000 @ 9900 maker order=1
    expect order 1 filled price=9900 qty=2000 given=01:00
    expect order 2 expired price=9801 qty=2000
    expect order 3 expired price=10500 qty=2000
    expect order 4 expired`));

  it('when a resting limit is moved beyond the next open then it takes there, as a new one', () =>
    settles(`${flat}
    order long_open 1000 limit 9000 @bar1
    bar 01:00 10000
    modify 1 price=9990 @bar2
    bar 02:00 9950
    expect call 1 done
    expect trade 02:00 buy open 1000 @ 9950 taker`));

  it('when a trigger is moved then it fires there', () =>
    settles(`${flat}
    order long_open 1000 stop 10500 @bar1
    bar 01:00 10000
    modify 1 trigger=10100.2 @bar2
    bar 02:00 10000 10100 10000 10000
    expect call 1 done
    expect order 1 filled price=10100 avg=10100`));

  it('when a stop-limit is moved then both its levels may be, once triggered the limit alone', () =>
    settles(`${flat}
    path olhc
    order long_open 1000 stop_limit 10500 10400 @bar1
    bar 01:00 10000
    modify 1 trigger=10100 price=10050 @bar2
    bar 02:00 10000 10200 10000 10200 // comes to rest
    modify 1 trigger=10300 @bar3
    modify 1 price=10150 @bar3
    bar 03:00 10200 10200 10150 10200
    expect call 1 done
    expect call 2 rejected code=400 reason=not_modifiable
    expect call 3 done
    expect order 1 filled price=10150 avg=10150`));

  it('when a bracket stop is moved then it stands there, armed or not', () =>
    settles(`${flat}
    order long_open 1000 market stop_loss=9000 @bar1
    order long_open 1000 limit 9500 stop_loss=9000 @bar1
    bar 01:00 10000
    modify 2 trigger=9900 @bar2
    modify 4 trigger=9400 @bar2
    bar 02:00 9900
    expect call 1 done
    expect call 2 done
    expect stop 02:00 sell 1000 @ 9900 loss stop=9900
    expect order 1 filled
    expect order 2 filled price=9900
    expect order 3 expired
    expect order 4 expired price=9400`));

  it('when only the quantity changes then its own margin is counted back', () =>
    settles(`${flat}
    order long_open 60000 limit 10000 @bar1
    modify 1 qty=100000 @bar1
    modify 1 qty=100001 @bar1
    bar 01:00 10100
    expect call 1 done
    expect call 2 rejected code=70004 reason=insufficient_margin
    expect order 1 expired qty=100000`));

  it('when a closing order is to close more then it does', () =>
    settles(`${flat}
    order long_open  1000 market @bar1
    bar 01:00 10000
    order long_close 500 limit 10100 @bar2
    modify 2 qty=1000 @bar2
    bar 02:00 10100
    expect call 1 done
    expect order 1 filled
    expect order 2 filled filled=1000`));

  it('when a limit by percent is moved then it is sized anew at its price', () =>
    settles(`${flat}
    order long_open_pct 0.5 limit 8000 @bar1
    modify 1 price=9000 @bar1
    bar 01:00 10000
    expect call 1 done
    expect order 1 expired price=9000 qty=45000`)); // half of 1 XBT at 10x: 5 XBT at 9,000
});

describe('refusals change nothing', () => {
  test.each([
    ['limit 9000', 'modify 9 price=9100', 'code=400 reason=unknown_order'],
    ['limit 9000', 'modify 1', 'code=400 reason=nothing_to_modify'],
    ['limit 9000', 'modify 1 trigger=9100', 'code=400 reason=not_modifiable'],
    ['limit 9000', 'modify 1 price=9100 trigger=9100', 'code=400 reason=not_modifiable'],
    ['limit 9000', 'modify 1 price=0', 'code=400 reason=price_not_positive'],
    ['limit 9000', 'modify 1 qty=0', 'code=400 reason=qty_not_positive'],
    ['limit 9000', 'modify 1 qty=0.5', 'code=400 reason=qty_below_min'],
    ['limit 9000', 'modify 1 price=9100 qty=91001', 'code=70004 reason=insufficient_margin'],
    ['limit 9000 post_only', 'modify 1 price=10000', 'code=400 reason=post_only_would_take'],
    ['limit 9000 stop_loss=8900', 'modify 1 price=8900', 'code=400 reason=stop_wrong_side'],
    ['limit 9000 stop_loss=8900', 'modify 2 trigger=9000', 'code=400 reason=stop_wrong_side'],
    ['limit 9000 stop_loss=8900', 'modify 2 price=8800', 'code=400 reason=not_modifiable'],
    ['limit 9000 stop_loss=8900', 'modify 2 trigger=0', 'code=400 reason=trigger_not_positive'],
    ['limit 9000 stop_loss_pct=0.1', 'modify 2 trigger=8800', 'code=400 reason=not_modifiable'],
    ['limit 9000 trailing_stop=100', 'modify 2 trigger=8800', 'code=400 reason=not_modifiable'],
    ['stop 11000', 'modify 1 price=10900', 'code=400 reason=not_modifiable'],
    ['stop 11000', 'modify 1 trigger=-1', 'code=400 reason=trigger_not_positive'],
  ])('when an order %s is changed by %s then %s', (order, modify, why) =>
    settles(`${flat}
    order long_open 1000 ${order} @bar1
    ${modify} @bar1
    bar 01:00 9500
    expect call 1 rejected ${why}
    expect order 1 expired qty=1000 price=${order.split(' ')[1]}
    ${order.includes('_') && !order.includes('post') ? `expect order 2 expired price=${order.includes('=8900') ? '8900' : 'none'}` : ''}`),
  );

  it('when an order was given by percent or value over wallet then its quantity stays', () =>
    settles(`${flat}
    order long_open_pct 0.1 limit 9000 @bar1
    order long_open_pob 0.1 stop 11000 @bar1
    modify 1 qty=5 @bar1
    modify 2 qty=5 @bar1
    modify 2 trigger=10900 @bar1
    bar 01:00 10000
    expect call 1 rejected reason=not_modifiable
    expect call 2 rejected reason=not_modifiable
    expect call 3 done
    expect order 1 expired qty=9000
    expect order 2 expired qty=none price=10900`));

  it('when there has been no bar then it is too early', () =>
    settles(`${flat}
    modify 1 price=9000 @bar0
    expect call 1 rejected code=400 reason=before_first_bar`));
});

describe('stops that could not stand at the new price', () => {
  // Ticks of 0.5: a trailing stop 100 below 100.5 begins at 0.5; 100 below 100 there is none.
  test.each([
    ['100.5', 'done', ''],
    ['100', 'rejected', 'code=400 reason=stop_price_not_positive'],
    ['99.5', 'rejected', 'code=400 reason=stop_price_not_positive'],
  ])('when a limit with a trailing stop of 100 is moved to %s then it is %s', (price, answer, why) =>
    settles(`${flat}
    order long_open 1000 limit 9000 trailing_stop=100 @bar1
    bar 01:00 10000
    modify 1 price=${price} @bar2
    expect call 1 ${answer} ${why}
    expect order 1 expired price=${answer === 'done' ? price : '9000'}
    expect order 2 expired type=trailing_stop`),
  );
});
