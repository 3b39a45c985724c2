/**
 * What a spot pair refuses: calls of contracts, calls about margin, orders in the wrong order of things; and in which ledger a
 * refused order counts.
 */

import { describe, it, test } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

const pair = `
  contract BTC/USDT generic
  contract BTCUSDT  generic
  account  main balance 10000 BTC=1 cross 10x
  bar      01:00 20000
  bar      01:00 BTCUSDT 20000
  bar      02:00 20000
  bar      02:00 BTCUSDT 20000`;

describe('orders', () => {
  test.each([
    // Calls of the other kind, market, limit and stop.
    ['long_open 0.1 market', 'spot_pair'],
    ['long_close 0.1 market', 'spot_pair'],
    ['short_open 0.1 limit 21000', 'spot_pair'],
    ['short_close 0.1 stop 21000', 'spot_pair'],
    ['long_open_pct 0.5 market', 'spot_pair'],
    ['long_close_pct 0.5 market', 'spot_pair'],
    ['short_open_pct 0.5 market', 'spot_pair'],
    ['short_close_pct 0.5 market', 'spot_pair'],
    ['buy 0.1 market symbol=BTCUSDT', 'not_a_spot_pair'],
    ['sell 0.1 limit 21000 symbol=BTCUSDT', 'not_a_spot_pair'],
    ['buy_pct 0.1 market symbol=BTCUSDT', 'not_a_spot_pair'],
    ['sell_pct 0.1 market symbol=BTCUSDT', 'not_a_spot_pair'],
    // Before the call is read.
    ['long_open 0 market', 'spot_pair'],
    ['buy 0 market symbol=BTCUSDT', 'not_a_spot_pair'],
    ['buy 0.1 market symbol=ETHUSD', 'unknown_symbol'],
    // The reading is that of contracts.
    ['buy 0 market', 'qty_not_positive'],
    ['buy 0.1 limit 0', 'price_not_positive'],
    ['buy 0.1 stop 0', 'trigger_not_positive'],
    ['buy_pct 1.1 market', 'pct_above_one'],
    ['buy 0.1 market post_only', 'post_only_needs_limit_price'],
    ['sell 0.1 limit 21000 stop_loss=0', 'stop_value_not_positive'],
    // After it, in this order.
    ['buy 0.1 market reduce_only', 'reduce_only_on_spot'],
    ['sell 0.1 market reduce_only', 'reduce_only_on_spot'],
    ['sell 0.1 limit 20000 reduce_only post_only', 'reduce_only_on_spot'],
    ['buy 0.0001 limit 20000 post_only', 'post_only_would_take'],
    ['sell 0.0001 limit 20000 post_only', 'post_only_would_take'],
    ['buy 0.0001 limit 19999.5 post_only', 'qty_below_min'],
    ['sell 0.0001 limit 20000.5 post_only', 'qty_below_min'],
    ['buy 0.0001 stop 21000', 'qty_below_min'],
  ])('when the call is %s then it is refused with %s', (call, reason) =>
    settles(`${pair}
    order ${call} @bar1
    expect order 1 rejected code=400 reason=${reason} filled=0
    expect account main currency=USDT rejected=1`),
  );

  it('when post-only limits do not take then they rest', () =>
    settles(`${pair}
    order buy  0.1 limit 19999.5 post_only @bar1
    order sell 0.1 limit 20000.5 post_only @bar1
    expect order 1 expired
    expect order 2 expired`));

  it('when the open of the next bar would take a post-only limit then it is cancelled there', () =>
    settles(`
    contract BTC/USDT generic
    account  main balance 10000 BTC=1 cross 10x
    bar      01:00 20000
    bar      02:00 19000
    order    buy  0.1 limit 19500 post_only @bar1
    expect order 1 cancelled code=400 reason=post_only_would_take
    expect balance 02:00 currency=USDT order=0`));

  it('when the value is too small then this is said before the money is counted', () =>
    settles(`
    contract BTC/USDT generic min_notional=100
    account  main balance 1 cross 10x
    bar      01:00 20000
    order    buy 0.001 market @bar1
    order    buy 0.01  market @bar1
    expect order 1 rejected code=400   reason=notional_below_min
    expect order 2 rejected code=70004 reason=insufficient_balance`));

  it('when the pair has no bar yet then there is no price, whatever the call', () =>
    settles(`
    contract BTCUSDT  generic
    contract BTC/USDT generic
    account  main balance 10000 cross 10x
    bar      01:00 20000
    bar      02:00 20000
    bar      02:00 BTC/USDT 20000
    order    buy       0.1 market symbol=BTC/USDT @bar1
    order    long_open 0.1 market symbol=BTC/USDT @bar1
    order    long_open 0.1 market symbol=BTC/USDT @bar2
    expect order 1 rejected code=400 reason=no_price_yet
    expect order 2 rejected code=400 reason=no_price_yet
    expect order 3 rejected code=400 reason=spot_pair`));

  it('when orders are given before the first bar then they are refused', () =>
    settles(`${pair}
    order buy 0.1 market @bar0
    expect order 1 rejected code=400 reason=before_first_bar`));
});

describe('calls about margin', () => {
  test.each([
    'mode isolated',
    'leverage 5',
    'margin in 100',
    'margin out 100',
    'auto_margin on',
    'position_mode hedged',
  ])('when %s names a spot pair then it is refused', (call) =>
    settles(`${pair}
    ${call} symbol=BTC/USDT @bar1
    expect call 1 rejected code=400 reason=spot_pair`),
  );

  test.each(['mode isolated', 'leverage 5', 'auto_margin on', 'position_mode hedged'])(
    'when %s names no symbol then the pair is passed over, also with a holding and orders in it',
    (call) =>
      settles(`${pair}
    bar   23:00 20000
    bar   23:00 BTCUSDT 20000
    order buy  0.1 market      @bar1
    order sell 0.1 limit 25000 @bar1
    ${call} @bar2
    expect call 1 done
    expect position 2/00:00 long 0.1 symbol=BTC/USDT mode=none leverage=none`),
  );

  test.each(['mode isolated', 'leverage 5', 'auto_margin on', 'position_mode hedged'])(
    'when %s names no symbol and there are only spot pairs then it is done',
    (call) =>
      settles(`
    contract BTC/USDT generic
    account  main balance 10000 cross 10x
    bar      01:00 20000
    ${call} @bar1
    expect call 1 done`),
  );
});

describe('the ledger in which a refused order counts', () => {
  const own = `
    contract BTC/USDT generic
    contract BTCUSDT  generic
    account  main balance BTC=1 cross 10x
    bar      01:00 20000
    bar      01:00 BTCUSDT 20000
    bar      02:00 20000
    bar      02:00 BTCUSDT 20000`;

  it('when the quote ledger is opened only afterwards, at the same close, then it counts in the own one', () =>
    settles(`${own}
    order   buy 0.1 market @bar1
    order   long_open 0.1 market symbol=BTCUSDT @bar1
    deposit 100 USDT @bar1
    expect order 1 rejected code=70004 reason=insufficient_balance
    expect order 2 rejected code=70004 reason=insufficient_margin
    expect account main currency=BTC  rejected=2
    expect account main currency=USDT rejected=0`));

  it('when the quote ledger is there then it counts in it', () =>
    settles(`${own}
    deposit 100 USDT @bar1
    order   buy 0.1 market @bar1
    order   buy 0.1 market symbol=ETHUSD @bar1
    expect order 1 rejected reason=insufficient_balance
    expect order 2 rejected reason=unknown_symbol
    expect account main currency=BTC  rejected=1
    expect account main currency=USDT rejected=1`));

  it('when an order is refused at its fill and the quote ledger is there then it counts in it', () =>
    settles(`${own}
    deposit 3000 USDT @bar1
    order   buy 0.1 market @bar1
    order   buy 0.1 market @bar1
    expect order 1 filled
    expect order 2 rejected code=70004 reason=insufficient_balance
    expect account main currency=BTC  rejected=0
    expect account main currency=USDT rejected=1`));

  it('when an order is refused at its fill before a sell of the same open brings money then it counts in the own one', () =>
    settles(`${own}
    order buy_pct 1   market @bar1
    order sell    0.1 market @bar1
    order buy_pct 1   limit 100000 @bar1
    expect order 1 rejected code=400 reason=qty_below_min
    expect order 2 filled
    expect order 3 rejected code=400 reason=qty_below_min
    expect account main currency=BTC  rejected=2
    expect account main currency=USDT rejected=0`));
});
