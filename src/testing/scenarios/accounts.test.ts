/**
 * Several accounts in one run, and the account that blows up: what ends for it, what goes on for the others, and that what one
 * does leaves no trace in another (settlement rules, sections 2.5 and 4.7).
 */

import { describe, it } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

describe('an account that blows up', () => {
  const two = `
    contract XBTUSD generic taker_fee=0
    account weak   balance 0.1 cross 10x
    account strong balance 1   cross 10x
    bar 01:00 10000
    order long_open 10000 market account=weak   @bar1
    order long_open 10000 market account=strong @bar1
    order long_open 10000 limit 5000 account=strong @bar1
    bar 02:00 10000
    bar 03:00 9100`;

  it('when it is liquidated to 0 then later calls are refused with 70005 while the other goes on to the end', () =>
    settles(`${two}
    order  long_open 100 market      account=weak   @bar3
    leverage 5                       account=weak   @bar3
    order  long_close 10000 market   account=strong @bar3
    bar 04:00 9500
    expect trade 02:00 buy  open  10000 @ 10000 account=weak
    expect trade 02:00 buy  open  10000 @ 10000 account=strong
    expect trade 03:00 sell close 10000 @ 9091  account=weak   reason=liquidation pnl=-0.1
    expect trade 04:00 sell close 10000 @ 9500  account=strong pnl=-5263158sat
    expect call 1 rejected code=70005 reason=account_bankrupt
    expect order 1 filled   account=weak
    expect order 2 filled   account=strong
    expect order 3 expired  account=strong
    expect order 4 rejected account=weak code=70005 reason=account_bankrupt
    expect order 5 filled   account=strong
    expect account weak   wallet=0           bankrupt=03:00 liquidations=1 rejected=1
    expect account strong wallet=94736842sat bankrupt=none  liquidations=0 rejected=0
    expect balance 05:00 account=weak   wallet=0 available=0
    expect balance 05:00 account=strong wallet=94736842sat`));

  it('when orders of the last close wait behind the blow-up then they end with 70005', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.11 cross 10x
    bar 01:00 10000
    order long_open 10000 market stop_profit=12000 @bar1
    bar 02:00 10000
    order short_open 100 limit 11000 @bar2
    bar 03:00 10000
    order long_open 100 market @bar3
    bar 04:00 9050
    // P* = 10,050/1.11 = 9,054.05
    expect order 1 filled
    expect order 2 cancelled reason=liquidation
    expect order 3 cancelled reason=liquidation
    expect order 4 cancelled reason=bankrupt code=70005 filled=0 ended=04:00
    expect account main bankrupt=04:00 wallet=0`));

  it('when an isolated position is lost but the wallet is not then the account goes on', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.2 isolated 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    bar 03:00 9000
    order long_open 1000 market @bar3
    bar 04:00 9000
    expect order 1 filled
    expect order 2 filled
    expect account main bankrupt=none wallet=0.1 liquidations=1`));

  it('when an isolated position had taken the whole wallet then the account ends', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.1 isolated 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    bar 03:00 9136.5
    bar 04:00 9136
    expect balance 03:00 wallet=0.1 available=0
    expect balance 04:00 wallet=0
    expect account main bankrupt=04:00 liquidations=1`));
});

describe('two accounts', () => {
  it('when one is isolated and one cross then the same fall takes the margin of the first only', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account safe balance 1 isolated 10x
    account bold balance 1 cross    10x
    bar 01:00 10000
    order long_open 10000 market account=safe @bar1
    order long_open 10000 market account=bold @bar1
    bar 02:00 10000
    bar 03:00 10000 10000 8000 8000
    expect account safe wallet=0.9 equity=0.9  liquidations=1 open=0
    expect account bold wallet=1   equity=0.75 liquidations=0 open=1`)); // 1 − 10,000/8,000 = −0.25

  it('when fees differ then each pays its own', () =>
    settles(
      `
    contract XBTUSD generic
    account retail balance 1 cross 10x
    account desk   balance 1 cross 10x taker=0.0003 maker=-0.0001
    path ohlc
    bar 01:00 10000
    order long_open  10000 market account=retail @bar1
    order long_open  10000 market account=desk   @bar1
    bar 02:00 10000
    order long_close 10000 limit 10000.5 account=retail @bar2
    order long_close 10000 limit 10000.5 account=desk   @bar2
    bar 03:00 10000 10001 10000 10000
    // value at 10,000.5: 99,995,000.25 → 99,995,000
    expect trade 02:00 buy  open  10000 @ 10000   taker account=retail fee=0.00075
    expect trade 02:00 buy  open  10000 @ 10000   taker account=desk   fee=0.0003
    expect trade 03:10 sell close 10000 @ 10000.5 maker account=retail fee=-24999sat // 24,998.75
    expect trade 03:10 sell close 10000 @ 10000.5 maker account=desk   fee=-10000sat // 9,999.5
    expect wallet 99955 account=nobody`.replace(/\n *expect wallet .*$/, ''),
    ));

  it('when both do something in one bar then bills, trades and rows stay in the order of time', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account first  balance 1 isolated 2x
    account second balance 1 isolated 2x
    path ohlc
    bar 01:00 10000
    order long_open  1000 market stop_loss=9900  account=first  @bar1
    order short_open 1000 market stop_loss=10100 account=second @bar1
    bar 02:00 10000 10200 9800 10000
    // the second is stopped half way up, the first three quarters down
    expect bill 02:00 fee          0         account=first  isolated=0.05
    expect bill 02:00 fee          0         account=second isolated=0.05
    expect bill 02:10 realized_pnl -99010sat account=second
    expect bill 02:35 realized_pnl -101010sat account=first`));

  it('when each is walked by its own worse end then the same bar goes two ways', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account bull balance 1 isolated 2x
    account bear balance 1 isolated 2x
    bar 01:00 10000
    order long_open  1000 market stop_loss=9900  stop_profit=10100 account=bull @bar1
    order short_open 1000 market stop_loss=10100 stop_profit=9900  account=bear @bar1
    bar 02:00 10000 10200 9800 10000
    expect stop 02:10 sell 1000 @ 9900  loss account=bull path=leg1 // low first
    expect stop 02:10 buy  1000 @ 10100 loss account=bear path=leg1 // high first
    expect account bull ambiguous=1
    expect account bear ambiguous=1`));
});
