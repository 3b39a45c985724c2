/**
 * When funding is paid: who holds at the moment, where it falls inside long bars and in gaps, which times count as missing
 * (settlement rules, sections 5 and 10.2). A plus rate is paid by longs.
 */

import { describe, it, test } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

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
