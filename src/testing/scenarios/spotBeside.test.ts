/**
 * Spot pairs beside contracts that share a ledger with them: money spent on coins, and coins sold, no longer stand behind a
 * position; orders of a pair end with either of its ledgers; profit does not replace locked cash. No fees unless said.
 */

import { describe, it, test } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

const FREE = 'taker_fee=0 maker_fee=0';

describe('a linear cross position in the quote ledger', () => {
  // Long 4 at 20,000: (10,000 − 80,000 + 4p) = 0.02p at 17,587.94; with 8,000 in the wallet at 18,090.45, bankrupt at 18,000.
  const long = `
    contract BTC/USDT generic ${FREE}
    contract BTCUSDT  generic ${FREE}
    account  main balance 10000 BTC=1 cross 10x
    bar      01:00 20000
    bar      01:00 BTCUSDT 20000
    bar      02:00 20000
    bar      02:00 BTCUSDT 20000
    bar      03:00 20000
    bar      03:00 BTCUSDT 20000 20000 18000 18000
    order    long_open 4 market symbol=BTCUSDT @bar1`;

  it('when nothing is bought then the position lives through the fall', () =>
    settles(`${long}
    expect account main currency=USDT liquidations=0 wallet=10000 bankrupt=none`));

  it('when coins are bought then the collateral is less, the position is liquidated and the quote ledger ends; coins stay', () =>
    // 20 minutes stand still at the high, then 1,909.55 of 2,000 down
    settles(`${long}
    bar      04:00 20000
    order    buy  0.1 market      @bar1
    order    sell 0.5 limit 25000 @bar1
    order    buy  0.1 limit 19000 @bar2
    order    sell 0.1 market      @bar3
    order    buy  0.1 market      @bar3
    expect trade 02:00 buy  open  4   @ 20000 symbol=BTCUSDT
    expect trade 02:00 buy  open  0.1 @ 20000 symbol=BTC/USDT
    expect trade 03:39:05.728 sell close 4 @ 18000 symbol=BTCUSDT reason=liquidation pnl=-8000
    expect order 1 filled    symbol=BTCUSDT
    expect order 2 filled    symbol=BTC/USDT
    expect order 3 cancelled code=70005 reason=bankrupt side=sell
    expect order 4 rejected  code=70004 reason=insufficient_balance
    expect order 5 rejected  code=70005 reason=account_bankrupt
    expect order 6 rejected  code=70005 reason=account_bankrupt
    expect account main currency=USDT wallet=0   bankrupt=03:39:05.728 liquidations=1 open=1
    expect account main currency=BTC  wallet=1.1 bankrupt=none
    expect balance 03:00 currency=BTC order=0.5
    expect balance 05:00 currency=BTC order=0 available=1.1`));

  it('when coins are sold then the collateral is more', () =>
    // 12,000 − 80,000 + 4p = 0.02p at 17,085.43
    settles(`${long}
    order    sell 0.1 market @bar1
    bar      23:00 20000
    bar      23:00 BTCUSDT 20000
    expect position 2/00:00 long 4 symbol=BTCUSDT liquidation=17085.5 equity=12000`));

  test.each([
    // 10,000 less 8,000 of initial margin
    ['0.099', 'filled'],
    ['0.1', 'filled'],
    ['0.101', 'rejected code=70004 reason=insufficient_balance'],
  ])('when the position leaves 2,000 available then a buy of %s at 20,000 is %s', (qty, outcome) =>
    settles(`${long}
    order    buy ${qty} market @bar2
    expect order 1 filled
    expect order 2 ${outcome}`),
  );

  it('when the position has made profit then it is no money for spot, and does not stand in for what is locked', () =>
    // At 30,000: 40,000 of profit, 42,000 available. The cross wallet is 10,000, of which the limit locks 7,980.
    settles(`
    contract BTC/USDT generic ${FREE}
    contract BTCUSDT  generic ${FREE}
    account  main balance 10000 cross 10x
    bar      01:00 20000
    bar      01:00 BTCUSDT 20000
    bar      02:00 20000
    bar      02:00 BTCUSDT 20000 30000 20000 30000
    bar      03:00 20000
    bar      03:00 BTCUSDT 30000
    order    long_open 4 market symbol=BTCUSDT @bar1
    order    buy 0.501 limit 20000   @bar2
    order    buy 0.399 limit 20000   @bar2
    order    buy 0.102 limit 19999.5 @bar2
    order    buy 0.101 market        @bar2
    withdraw 2020.00000001 @bar2
    withdraw 2020          @bar2
    expect order 1 filled
    expect order 2 rejected code=70004 reason=insufficient_balance
    expect order 3 filled
    expect order 4 rejected code=70004 reason=insufficient_balance
    expect order 5 rejected code=70004 reason=insufficient_balance ended=03:00
    expect call 1 rejected code=70004 reason=insufficient_margin
    expect call 2 done
    expect account main currency=USDT wallet=0`));
});

describe('an inverse cross position in the base ledger', () => {
  // Long 50,000 at 10,000 is 5 BTC: 1 + 5 − 50,000/p = 250/p at 8,375; with 0.7 behind it at 8,815.79, bankrupt at 8,771.93.
  const long = `
    contract BTC/USDT generic ${FREE}
    contract XBTUSD   generic ${FREE} settle_currency=BTC
    account  main balance 10000 BTC=1 cross 10x
    bar      01:00 10000
    bar      01:00 XBTUSD 10000
    bar      02:00 10000
    bar      02:00 XBTUSD 10000
    bar      03:00 10000
    bar      03:00 XBTUSD 8800
    order    long_open 50000 market symbol=XBTUSD @bar1`;
  const quiet = long.replace('XBTUSD 8800', 'XBTUSD 10000');

  it('when no coins are sold then the position lives', () =>
    settles(`${long}
    expect account main currency=BTC liquidations=0 bankrupt=none wallet=1`));

  it('when coins are sold then the position is liquidated, the base ledger ends, and orders of the pair with it', () =>
    settles(`${long}
    bar      04:00 10000
    order    sell 0.3 market      @bar1
    order    buy  0.5 limit 9000  @bar1
    order    sell 0.1 limit 11000 @bar1
    order    buy  0.1 market      @bar2
    order    buy  0.1 market      @bar3
    order    long_open 100 market @bar3
    deposit  1 BTC @bar3
    expect trade 02:00 buy  open  50000 @ 10000
    expect trade 02:00 sell close 0.3   @ 10000 symbol=BTC/USDT pnl=0
    // The bankruptcy price on the tick, toward the entry.
    expect trade 03:00 sell close 50000 @ 8772 reason=liquidation
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled code=70005 reason=bankrupt ended=03:00 side=buy
    expect order 4 cancelled code=70005 reason=bankrupt ended=03:00 side=sell
    expect order 5 cancelled code=70005 reason=bankrupt ended=03:00 side=buy filled=0
    expect order 6 rejected  code=70005 reason=account_bankrupt
    expect order 7 rejected  code=70005 reason=account_bankrupt
    expect call 1 rejected code=70005 reason=account_bankrupt
    expect balance 04:00 currency=USDT wallet=13000 order=0 available=13000
    expect account main currency=BTC  wallet=0     bankrupt=03:00 liquidations=1
    expect account main currency=USDT wallet=13000 bankrupt=none`));

  test.each([
    // 1 less 0.5 of initial margin
    ['0.499', 'filled'],
    ['0.5', 'filled'],
    ['0.501', 'rejected code=70004 reason=insufficient_balance'],
  ])('when the position leaves 0.5 coins available then a sell of %s is %s', (qty, outcome) =>
    settles(`${quiet}
    order sell ${qty} market @bar2
    expect order 1 filled
    expect order 2 ${outcome}`),
  );

  it('when a limit sell locks coins then a new position may not use them', () =>
    settles(`${quiet.slice(0, quiet.lastIndexOf('order'))}
    order sell 0.6 limit 11000 @bar1
    order long_open 40001 limit 10000 symbol=XBTUSD @bar1
    order long_open 40000 limit 10000 symbol=XBTUSD @bar1
    expect order 1 expired
    expect order 2 rejected code=70004 reason=insufficient_margin
    expect order 3 filled`));
});

describe('isolated margin', () => {
  const both = `
    contract BTC/USDT generic ${FREE}
    contract BTCUSDT  generic ${FREE}
    account  main balance 10000 isolated 10x
    bar      01:00 20000
    bar      01:00 BTCUSDT 20000
    bar      02:00 20000
    bar      02:00 BTCUSDT 20000
    bar      03:00 20000
    bar      03:00 BTCUSDT 20000`;

  // 10,000 less 7,600 locked: 1.2 at 20,000 and 10x take 2,400
  test.each([
    ['1.199', 'filled'],
    ['1.2', 'filled'],
    ['1.201', 'rejected code=70004 reason=insufficient_margin'],
  ])('when a limit buy locks 7,600 of 10,000 then an isolated position of %s is %s', (qty, outcome) =>
    settles(`${both}
    order buy 0.4 limit 19000 @bar1
    order long_open ${qty} market symbol=BTCUSDT @bar1
    expect order 1 expired
    expect order 2 ${outcome}`),
  );

  it('when margin is assigned then it is no money for coins', () =>
    settles(`${both}
    order long_open 1 market symbol=BTCUSDT @bar1
    order buy 0.401 market @bar2
    order buy 0.4   market @bar2
    expect order 1 filled
    expect order 2 rejected code=70004 reason=insufficient_balance
    expect order 3 filled`));

  it('when money is locked then margin is added from the rest only', () =>
    settles(`${both}
    order long_open 1 market symbol=BTCUSDT @bar1
    order buy 0.2 limit 19000 @bar1
    margin in 4200.00000001 symbol=BTCUSDT @bar2
    margin in 4200          symbol=BTCUSDT @bar2
    expect call 1 rejected code=70004 reason=insufficient_margin
    expect call 2 done`));
});

describe('which orders a liquidation cancels', () => {
  // Long 4 at 20,000 with 10,000 behind it falls to 17,580: equity 320 of a requirement of 351.6; the rest stays in the wallet.
  const fall = (rules: string): string => `
    contract BTC/USDT ${rules} ${FREE}
    contract BTCUSDT  ${rules} ${FREE} liquidation_fee=0
    account  main balance 10000 BTC=1 cross 10x
    bar      01:00 20000
    bar      01:00 BTCUSDT 20000
    bar      02:00 20000
    bar      02:00 BTCUSDT 20000
    bar      03:00 20000
    bar      03:00 BTCUSDT 17580
    bar      04:00 20000
    bar      04:00 BTCUSDT 17580
    order    long_open 4 market symbol=BTCUSDT @bar1
    order    sell 0.3 limit 25000 @bar1
    order    buy  0.01 limit 15000 @bar1`;

  it('when the venue cancels all orders of the account then those of pairs are among them, and their coins are free', () =>
    settles(`${fall('binance_usdm')}
    expect order 1 filled
    expect order 2 cancelled reason=liquidation ended=03:00
    expect order 3 cancelled reason=liquidation ended=03:00
    expect balance 04:00 currency=BTC  order=0 available=1
    expect account main currency=USDT liquidations=1 bankrupt=none wallet=320`));

  it('when the venue cancels the orders of the symbol then those of pairs go on', () =>
    settles(`${fall('hyperliquid')}
    expect order 1 filled
    expect order 2 expired
    expect order 3 expired
    expect balance 04:00 currency=BTC  order=0.3 available=0.7
    expect balance 04:00 currency=USDT order=150 wallet=320 available=170`));
});

describe('rows of the other ledger at the moment at which orders end', () => {
  // Both fall at the open of 03:00: the one in USDT goes first and leaves a row that still has the lock of 150, then the XBT one.
  const twoFalls = (rules: string, mode: string): string => `
    contract BTC/USDT ${rules} ${FREE} base_currency=XBT
    contract BTCUSDT  ${rules} ${FREE} liquidation_fee=0
    contract XBTUSD   ${rules} ${FREE} liquidation_fee=0
    account  main balance 10000 XBT=1 cross 10x
    rows     event
    mode     ${mode} symbol=BTCUSDT @bar1
    bar      01:00 20000
    bar      01:00 BTCUSDT 20000
    bar      01:00 XBTUSD 20000
    bar      02:00 20000
    bar      02:00 BTCUSDT 20000
    bar      02:00 XBTUSD 20000
    bar      03:00 20000
    bar      03:00 BTCUSDT 17580
    bar      03:00 XBTUSD 15000
    bar      04:00 20000
    order    long_open 4 market symbol=BTCUSDT @bar1
    order    long_open 100000 market symbol=XBTUSD @bar1
    order    buy 0.01 limit 15000 @bar1`;

  it('when the base ledger goes bankrupt then the money its orders had locked is free in the row of that moment', () =>
    // 100,000 at 20,000 are 5 XBT, at 15,000 6.67: more than the 1 behind them is lost.
    settles(`${twoFalls('hyperliquid', 'cross')}
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled code=70005 reason=bankrupt ended=03:00
    expect balance 03:00 currency=USDT wallet=320 order=0 available=320
    expect account main currency=XBT bankrupt=03:00`));

  it('when a liquidation in the base ledger cancels all orders then their money is free in the row of that moment', () =>
    settles(`${twoFalls('binance_usdm', 'isolated')}
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled reason=liquidation ended=03:00
    expect balance 03:00 currency=USDT order=0`));

  it('when a post-only sell is cancelled at an open at which coins came in then they are free in the row of that moment', () =>
    settles(`
    contract BTC/USDT generic ${FREE}
    account  main balance 10000 BTC=1 cross 10x
    rows     event
    bar      01:00 20000
    bar      02:00 21000
    bar      03:00 21000
    order    sell 0.3 limit 20500 post_only @bar1
    order    buy  0.1 market @bar1
    expect order 1 cancelled code=400 reason=post_only_would_take
    expect order 2 filled
    expect balance 02:00 currency=BTC wallet=1.1 order=0 available=1.1`));
});

describe('what a holding is not', () => {
  it('when funding is due then a holding pays none and misses none', () =>
    settles(`
    contract BTC/USDT generic
    account  main balance 10000 cross 10x
    bar      06:00 20000
    bar      07:00 20000
    bar      08:00 20000
    order    buy 0.1 market @bar1
    expect account main currency=USDT missing=0 funding=0 open=1`));

  it('when the account is hedged then a holding is still one', () =>
    settles(`
    contract BTC/USDT generic taker_fee=0
    account  main balance 10000 cross 10x hedged
    bar      21:00 20000
    bar      22:00 20000
    bar      23:00 20000
    order    buy  0.2 market @bar1
    order    sell 0.1 market @bar2
    expect position 2/00:00 long 0.1 entry=20000 mode=none leverage=none
    expect trade 22:00 buy  open  0.2 @ 20000
    expect trade 23:00 sell close 0.1 @ 20000`));
});
