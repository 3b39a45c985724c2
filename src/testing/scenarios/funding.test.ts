/**
 * Funding: how much, from which pocket, who holds at the moment, inside long bars and in gaps, what is missing, and when it
 * liquidates (settlement rules, sections 5 and 10.2). A plus rate is paid by longs.
 */

import { describe, it, test } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

describe('the amount', () => {
  it('when values are rounded per contract then 15,000 at 750 pay a quarter percent of 15,000 · 133,333 satoshi', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 30 cross 1x
    bar 02:00 750
    order long_open 15000 market @bar1
    bar 03:00 750
    funding 04:00 0.0025
    bar 04:00 750
    order long_close 15000 market @bar3
    bar 05:00 800
    expect bill 04:00 funding      -4999988sat isolated=0 // 19.99995 XBT · 0.0025 = 4,999,987.5 sat, away from zero
    expect bill 05:00 realized_pnl 1.24995                // 15,000 · (133,333 − 125,000)
    expect wallet 31.19995012`));

  it('when 15,000 are held at 750 and the rate is 0.25 % then 0.05 XBT are paid, and with a close at 800 1.2 are left of 1.25', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 30 cross 1x
    bar 02:00 750
    order long_open 15000 market @bar1
    bar 03:00 750
    funding 04:00 0.0025
    bar 04:00 750
    order long_close 15000 market @bar3
    bar 05:00 800
    expect bill 04:00 funding      -0.05
    expect bill 05:00 realized_pnl 1.25
    expect closed long 15000 gross=1.25 funding=-0.05 net=1.2
    expect account main wallet=31.2 funding=-0.05 missing=0`));

  test.each([
    ['long', '0.0001', '-11806sat'],
    ['short', '0.0001', '11806sat'],
    ['long', '-0.0001', '11806sat'],
    ['short', '-0.0001', '-11806sat'],
  ])('when a %s of 12,345 meets a rate of %s at 10,456.5 then it gets %s', (side, rate, amount) =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 2 cross 10x
    bar 02:00 10456.5
    order ${side}_open 12345 market @bar1
    bar 03:00 10456.5
    funding 04:00 ${rate}                            // 12,345/10,456.5 = 1.18060536 XBT: 11,806.05 sat
    bar 04:00 10456.5
    expect bill 04:00 funding ${amount}`),
  );

  it('when a linear and a quanto position are held then value is quantity times price', async () => {
    await settles(`
    contract BTCUSDT generic taker_fee=0
    account main balance 10000 cross 10x
    bar 06:00 40000
    order long_open 0.5 market @bar1
    bar 07:00 40000
    funding 08:00 0.0003
    bar 08:00 41000
    expect bill 08:00 funding -6.15`); // 0.5 · 41,000 · 0.0003
    await settles(`
    contract ETHUSD generic taker_fee=0
    account main balance 1 cross 10x
    bar 02:00 200
    order short_open 10000 market @bar1
    bar 03:00 200
    funding 04:00 0.0003
    bar 04:00 210
    expect bill 04:00 funding 0.00063`); // 2.1 XBT · 0.0003
  });

  it('when the row carries a price then the payment is valued at it, else at the mark, not at last', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 cross 10x
    bar 02:00 10000 | 10000
    order long_open 10000 market @bar1
    bar 03:00 10000 | 10000
    funding 04:00 0.001 at 8000
    bar 04:00 10000 | 12500
    funding 05:00 0.001
    bar 05:00 10000 | 12500
    expect bill 04:00 funding -0.00125 // 10,000/8,000 · 0.001
    expect bill 05:00 funding -0.0008  // 10,000/12,500 · 0.001`));

  it('when a payment rounds to nothing then there is no bill', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 cross 10x
    bar 02:00 10000
    order long_open 1 market @bar1
    bar 03:00 10000
    funding 04:00 0.00004                            // 10,000 sat · 0.00004 = 0.4
    bar 04:00 10000
    funding 05:00 0.00005                            // 0.5, away from zero
    bar 05:00 10000
    expect bill 05:00 funding -1sat`));
});

describe('the pocket', () => {
  it('when the position is isolated then funding is paid from and into its margin and moves its liquidation price', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 02:00 10000
    order long_open 10000 market @bar1
    bar 03:00 10000
    funding 04:00 0.01
    bar 04:00 10000
    funding 05:00 -0.005
    bar 05:00 10000
    expect bill 03:00 fee      0     isolated=0.1
    expect bill 04:00 funding -0.01  isolated=-0.01
    expect bill 05:00 funding 0.005  isolated=0.005
    expect balance 04:00 wallet=0.99  position=0.09  available=0.9
    expect balance 06:00 wallet=0.995 position=0.095 available=0.9
    expect position 06:00 long 10000 margin=0.095 liquidation=9178.5`)); // 10,050/1.095 = 9,178.08

  it('when the position is cross then funding moves the wallet and what is available', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 cross 10x
    bar 02:00 10000
    order short_open 10000 market @bar1
    bar 03:00 10000
    funding 04:00 0.01
    bar 04:00 10000
    expect bill 04:00 funding 0.01 isolated=0
    expect balance 05:00 wallet=1.01 position=0.1 available=0.91`));

  it('when part of an isolated position is closed then the margin that funding left is released in proportion', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 02:00 10000
    order long_open 10000 market @bar1
    bar 03:00 10000
    funding 04:00 0.01
    bar 04:00 10000
    order long_close 5000 market @bar3
    bar 05:00 10000
    expect bill 03:00 fee          0     isolated=0.1
    expect bill 04:00 funding      -0.01 isolated=-0.01
    expect bill 05:00 realized_pnl 0     isolated=-0.045`));
});

describe('funding that liquidates', () => {
  // Long 10,000 @ 10,000 at 100×: A = 0.01. A first payment of 0.009 leaves 0.001 while the mark, at 10,101.5, carries it.
  const thin = `
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 100x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000 10101.5 10000 10101.5
    funding 03:00 0.009   at 10000
    bar 03:00 10101.5
    funding 04:00 0.00375 at 10000`;

  it('when unrealised profit carries it then the margin may fall below 0', () =>
    settles(`${thin}
    bar 04:00 10101.5
    // A = 0.001 − 0.00375 = −0.00275; U = 1 − 0.98995199 = 0.01004801: equity 0.0073 > 0.00495
    expect bill 02:00 fee     0        isolated=0.01
    expect bill 03:00 funding -0.009   isolated=-0.009
    expect bill 04:00 funding -0.00375 isolated=-0.00375
    expect position 05:00 long 10000 margin=-0.00275 equity=729801sat
    expect account main liquidations=0`));

  it('when nothing carries it then it is liquidated at once, at the mark, and insurance gives the overdraft back', () =>
    settles(`${thin}
    bar 04:00 10000
    expect trade 02:00 buy  open  10000 @ 10000
    expect trade 04:00 sell close 10000 @ 10000 pnl=0 reason=liquidation
    expect bill 02:00 fee         0        isolated=0.01
    expect bill 03:00 funding     -0.009   isolated=-0.009
    expect bill 04:00 funding     -0.00375 isolated=-0.00375
    expect bill 04:00 liquidation 0        isolated=0.00275
    expect bill 04:00 insurance   0.00275
    expect account main liquidations=1 wallet=0.99 insurance=0.00275`)); // the first margin, and no more

  it('when a cross wallet is overdrawn by funding then it is booked in full and ends at 0', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.02 cross 100x
    bar 02:00 10000
    order long_open 10000 market @bar1
    bar 03:00 10000
    funding 04:00 0.03
    bar 04:00 10000
    expect bill 04:00 funding   -0.03 balance=-0.01
    expect bill 04:00 insurance 0.01  balance=0
    expect account main liquidations=1 wallet=0 insurance=0.01 bankrupt=04:00`));

  it('when funding at the open liquidates then orders of the last close meet a flat account', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 100x
    bar 02:00 10000
    order long_open 10000 market @bar1
    bar 03:00 10000
    order long_close 10000 market @bar2
    order short_open 500 market @bar2
    funding 04:00 0.006
    bar 04:00 10000
    expect trade 03:00 buy  open  10000 @ 10000
    expect trade 04:00 sell close 10000 @ 9960.5 reason=liquidation pnl=-0.004 // 10,000/1.004 = 9,960.16
    expect trade 04:00 sell open  500   @ 10000
    expect order 1 filled
    expect order 2 cancelled reason=no_position
    expect order 3 filled
    expect wallet 0.99`));
});

describe('who holds at the moment', () => {
  const held = (lines: string): string => `
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    ${lines}`;

  it('when a position is opened at the very moment then it does not pay', () =>
    settles(
      held(`bar 03:00 10000
    order long_open 10000 market @bar1
    funding 04:00 0.001
    bar 04:00 10000
    expect bill 04:00 fee 0 isolated=0.1`),
    ));

  it('when a position is closed at the very moment then it pays first', () =>
    settles(
      held(`bar 02:00 10000
    order long_open 10000 market @bar1
    bar 03:00 10000
    order long_close 10000 market @bar2
    funding 04:00 0.001
    bar 04:00 10000
    expect bill 03:00 fee          0      isolated=0.1
    expect bill 04:00 funding      -0.001 isolated=-0.001
    expect bill 04:00 realized_pnl 0      isolated=-0.099`),
    ));

  it('when a position is flipped at the very moment then the old side pays', () =>
    settles(
      held(`bar 02:00 10000
    order long_open 10000 market @bar1
    bar 03:00 10000
    order short_open 15000 market @bar2
    funding 04:00 0.001
    bar 04:00 10000
    expect bill 03:00 fee          0      isolated=0.1
    expect bill 04:00 funding      -0.001 isolated=-0.001
    expect bill 04:00 realized_pnl 0      isolated=-0.099
    expect bill 04:00 fee          0      isolated=0.05`),
    ));

  it('when a stop fills at the very close then that is a millisecond before the moment, and it does not pay', () =>
    settles(
      held(`bar 02:00 10000
    order long_open 10000 limit 9900 stop_profit=9950 @bar1
    bar 03:00 10000 10000 9900 9950
    funding 04:00 0.001
    bar 04:00 9950
    path ohlc
    expect trade 03:40        buy  open  10000 @ 9900 maker
    expect trade 03:59:59.999 sell close 10000 @ 9950 reason=stop_profit
    expect account main funding=0 open=0`),
    ));

  it('when the account is flat then nothing is paid and nothing is missing', () =>
    settles(
      held(`bar 03:00 10000
    bar 04:00 10000
    expect account main funding=0 missing=0
    expect no bill`),
    ));
});

describe('funding inside a bar', () => {
  // A daily bar: the three legs take eight hours each, so BitMEX's 04:00, 12:00 and 20:00 lie in the middle of each.
  const daily = (path: string, lines: string): string => `
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    interval 1d
    path ${path}
    funding constant 0.0001
    bar 00:00 10000
    order long_open 10000 market ${lines} @bar1
    bar 2/00:00 10000 10400 9600 10000`;

  test.each([
    // marks of 10,200, 10,000 and 9,800
    ['ohlc', '-9804sat', '-10000sat', '-10204sat'],
    ['olhc', '-10204sat', '-10000sat', '-9804sat'],
  ])('when a daily bar is walked %s then the three payments use the marks on the way', (path, first, second, third) =>
    settles(`${daily(path, '')}
    expect bill 2/00:00 fee     0 isolated=0.1
    expect bill 2/04:00 funding ${first}
    expect bill 2/12:00 funding ${second}
    expect bill 2/20:00 funding ${third}
    expect balance 2/12:00 upnl=0`),
  );

  it('when a payment falls on a node then it comes before what else happens there', () =>
    settles(`
    contract BTCUSDT generic taker_fee=0
    account main balance 10000 isolated 10x
    interval 1d
    path ohlc
    funding constant 0.001
    bar 00:00 20000
    order long_open 1 market stop_profit=21000 @bar1
    bar 2/00:00 20000 21000 19000 20000
    // 00:00, 08:00 and 16:00: at the open, at the high, at the low. The fill at the open comes after the first.
    expect bill 2/00:00 fee          0    isolated=2000
    expect bill 2/08:00 funding      -21  isolated=-21
    expect bill 2/08:00 realized_pnl 1000 isolated=-1979`));

  it('when the position is closed on the first leg then only what lies before is paid', () =>
    settles(`${daily('ohlc', 'stop_profit=10300')}
    // 10,300 at 300/400 of eight hours: 06:00
    expect bill 2/00:00 fee          0         isolated=0.1
    expect bill 2/04:00 funding      -9804sat
    expect bill 2/06:00 realized_pnl 2912621sat
    expect account main missing=0`));

  it('when no rate is known then the three are missing', () =>
    settles(`${daily('ohlc', '').replace('funding constant 0.0001', '')}
    expect account main missing=3 funding=0`));

  it('when funding inside the bar takes too much then it liquidates there', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 100x
    interval 8h
    bar 00:00 10000
    order long_open 10000 market @bar1
    bar 08:00 10000
    funding 12:00 0.006
    bar 16:00 10000
    expect trade 08:00 buy  open  10000 @ 10000
    expect trade 12:00 sell close 10000 @ 9960.5 reason=liquidation pnl=-0.004`)); // 10,000/1.004 = 9,960.16
});

describe('schedule and gaps', () => {
  it('when bars are missing and funding is due between them then the last known mark values it', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000 10000 10000 10000
    funding 04:00 0.001
    bar 06:00 12500
    expect bill 02:00 fee     0      isolated=0.1
    expect bill 04:00 funding -0.001 isolated=-0.001 // at 10,000, not at 12,500
    expect balance 04:00 wallet=0.999 upnl=0`));

  it('when funding in a gap liquidates then it does so at its time', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 100x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    funding 04:00 0.006
    bar 06:00 12500
    expect trade 02:00 buy  open  10000 @ 10000
    expect trade 04:00 sell close 10000 @ 9960.5 pnl=-0.004 reason=liquidation
    expect wallet 0.99`));

  it('when there is no funding then each of the contract’s times with a position counts as missing', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    interval 8h
    bar 00:00 10000
    order long_open  10000 market @bar1
    bar 08:00 10000
    bar 16:00 10000
    order long_close 10000 market @bar3
    bar 2/00:00 10000
    bar 2/08:00 10000
    // held from 08:00 to 2/00:00, over 12:00 and 20:00; not over 04:00, 2/04:00 and 2/12:00
    expect account main missing=2 funding=0`));

  it('when the file has a hole then the contract’s time in it is missing', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    interval 8h
    funding 12:00   0.0001
    funding 20:00   0.0001
    funding 2/04:00 0.0001
    funding 2/20:00 0.0001
    bar 00:00 10000
    order long_open 10000 market @bar1
    bar 08:00   10000
    bar 16:00   10000
    bar 2/00:00 10000
    bar 2/08:00 10000
    bar 2/16:00 10000
    expect account main missing=1 funding=-0.0004`)); // 2/12:00

  it('when a row lies off the schedule then it is paid at its own time', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    funding 02:30 0.001
    bar 02:00 10000 10300 10000 10000
    path ohlc
    // 30 of 60 minutes: half of the second leg, 10,150; 98,522,167 sat · 0.001
    expect bill 02:00 fee     0         isolated=0.1
    expect bill 02:30 funding -98522sat isolated=-98522sat`));

  it('when funding is due at the last close then the run has ended before it', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 02:00 10000
    order long_open 10000 market @bar1
    bar 03:00 10000
    funding 04:00 0.001
    expect account main funding=0 missing=0
    expect wallet 1`));

  it('when two accounts hold opposite sides then what one pays the other receives', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account a balance 1 isolated 10x
    account b balance 1 cross 10x
    bar 02:00 10000
    order long_open  7777 market account=a @bar1
    order short_open 7777 market account=b @bar1
    bar 03:00 10000
    funding 04:00 0.000123
    bar 04:00 9871.5
    // 7,777/9,871.5 = 78,782,353.2 → 78,782,353 sat · 0.000123 = 9,690.2
    expect bill 03:00 fee     0 account=a isolated=7777000sat
    expect bill 04:00 funding -9690sat account=a
    expect bill 04:00 funding 9690sat  account=b`));
});
