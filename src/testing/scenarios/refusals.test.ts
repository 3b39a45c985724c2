/**
 * What is refused, and with which code: quantities and prices, risk tiers, leverage and mode. A refusal changes nothing but
 * leaves a row (settlement rules, sections 6.5 and 8). Margin has a file of its own, orderCoverage.test.ts.
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand, longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

describe('quantities and prices', () => {
  test.each([
    ['XBTUSD', 'long_open 0.9', 'qty_below_min'],
    ['XBTUSD', 'long_open 0', 'qty_not_positive'],
    ['XBTUSD', 'long_open -5', 'qty_not_positive'],
    ['XBTUSD', 'long_open many', 'qty_not_positive'],
    ['BTCUSDT', 'long_open 0.0009', 'qty_below_min'],
    ['XBTUSD', 'long_open_pct 1.01', 'pct_above_one'],
    ['XBTUSD', 'long_open_pct 0', 'qty_not_positive'],
  ])('when on %s %s is asked at market then it is refused: %s', (symbol, call, reason) =>
    settles(`
    contract ${symbol} generic
    account main balance 1 isolated 10x
    bar 01:00 10000
    order ${call} market @bar1
    bar 02:00 10000
    expect order 1 rejected code=400 reason=${reason}
    expect no trade`),
  );

  test.each([
    ['99', 'rejected', 'none'],
    ['100', 'filled', '100'],
    ['101', 'filled', '100'],
    ['199', 'filled', '100'],
  ])('when the least quantity and step are 100 and %s are asked then the order is %s with %s', (qty, status, filled) =>
    settles(`
    contract XBTUSD generic min_qty=100
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open ${qty} market @bar1
    bar 02:00 10000
    expect order 1 ${status} ${status === 'rejected' ? 'code=400 reason=qty_below_min' : `qty=${filled} filled=${filled}`}`),
  );

  it('when a percent order is too small for a contract then it is refused at its fill', () =>
    settles(`
    contract XBTUSD generic
    account main balance 0.00001 isolated 1x
    bar 01:00 10000
    order long_open_pct 0.5 market @bar1
    bar 02:00 10000
    expect order 1 rejected code=400 reason=qty_below_min ended=02:00
    expect no trade`));

  test.each([
    ['long_open 100 limit 0', 'price_not_positive'],
    ['long_open 100 limit -1', 'price_not_positive'],
    ['long_open 100 stop 0', 'trigger_not_positive'],
    ['long_open 100 market post_only', 'post_only_needs_limit_price'],
    ['long_open 100 market symbol=ETHUSD', 'unknown_symbol'],
  ])('when %s is given then it is refused: %s', (call, reason) =>
    settles(`${flatAtTenThousand}
    order ${call} @bar1
    bar 01:00 10000
    expect order 1 rejected code=400 reason=${reason}`),
  );

  it('when an order is given before the first bar then it is refused', () =>
    settles(`${flatAtTenThousand}
    order long_open 100 market @bar0
    bar 01:00 10000
    expect order 1 rejected code=400 reason=before_first_bar given=00:00
    expect no trade`));
});

describe('risk tiers', () => {
  // Above 200 XBT the initial rate is 1.5 %, so 100× is too much; 200 XBT exactly still are the base.
  test.each([
    ['1,999,999', 'filled', 'code=none'],
    ['2,000,000', 'filled', 'code=none'],
    ['2,000,001', 'rejected', 'code=70003 reason=leverage_above_tier'],
  ])('when %s at 10,000 are asked at 100× then the order is %s', (qty, status, rest) =>
    settles(`
    contract XBTUSD bitmex
    account main balance 10 isolated 100x
    bar 01:00 10000
    order long_open ${qty} market @bar1
    bar 02:00 10000
    expect order 1 ${status} ${rest}`),
  );

  it('when the leverage fits the tier then the larger order is taken', () =>
    settles(`
    contract XBTUSD bitmex
    account main balance 10 isolated 66x
    bar 01:00 10000
    order long_open 2,000,001 market @bar1
    bar 02:00 10000
    expect order 1 filled`));

  it('when resting orders count too then the second order is refused', () =>
    settles(`
    contract XBTUSD bitmex
    account main balance 10 isolated 100x
    bar 01:00 10000
    order long_open 1,500,000 limit 9999.5 @bar1
    order long_open 600,000   limit 9999.5 @bar1
    bar 02:00 10000
    expect order 1 expired
    expect order 2 rejected code=70003`));

  it('when only the position counts then the same two orders are taken', () =>
    settles(`
    contract XBTUSD generic
    account main balance 10 isolated 100x
    bar 01:00 10000
    order long_open 1,500,000 limit 9999.5 @bar1
    order long_open 600,000   limit 9999.5 @bar1
    bar 02:00 10000
    expect order 1 expired
    expect order 2 expired`));

  it('when the gap of an open lifts an order above the tier then it is refused at its fill', () =>
    settles(`
    contract XBTUSD bitmex
    account main balance 10 isolated 100x
    bar 01:00 10000
    order long_open 2,000,000 market @bar1
    bar 02:00 9999.5
    expect order 1 rejected code=70003
    expect no trade`));
});

describe('mode and leverage', () => {
  it('when a position is open then the mode does not change, and the same mode is no change', () =>
    settles(`${longAtTenTimes}
    mode cross    @bar2
    mode isolated @bar2
    bar 02:00 10000
    expect call 1 rejected code=70001 reason=open_position
    expect call 2 done`));

  test.each([
    ['generic', 'rejected code=70001 reason=open_orders'],
    ['bitmex', 'done'],
  ])('when an order rests under %s then a change of mode is %s', (rules, answer) =>
    settles(`
    contract XBTUSD ${rules}
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 100 limit 9000 @bar1
    mode cross @bar1
    bar 02:00 10000
    expect call 1 ${answer}`),
  );

  test.each([
    ['99.99', 'done'],
    ['100', 'done'],
    ['100.01', 'rejected code=70003 reason=leverage_above_max'],
    ['-1', 'rejected code=400 reason=bad_leverage'],
    ['many', 'rejected code=400 reason=bad_leverage'],
  ])('when leverage %s is set then it is %s', (leverage, answer) =>
    settles(`${flatAtTenThousand}
    leverage ${leverage} @bar1
    expect call 1 ${answer}`),
  );

  it('when leverage is set on a flat account then the next order uses it', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    leverage 5 @bar1
    order long_open 10000 market @bar1
    bar 02:00 10000
    expect bill 02:00 fee 0 isolated=0.2
    expect call 1 done`));

  it('when leverage 0 is set then the account is cross at the rate of the tier', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    leverage 0 @bar1
    order long_open 10000 market @bar1
    bar 02:00 10000
    expect call 1 done
    expect position 03:00 long 10000 margin=0.01`));

  it('when mode and leverage are set in initialize then they hold from the first order', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 cross 1x
    mode isolated @bar0
    leverage 10   @bar0
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    expect call 1 done
    expect call 2 done
    expect bill 02:00 fee 0 isolated=0.1`));
});
