/**
 * Funding: how much, from which pocket, and when it liquidates (settlement rules, section 5). A plus rate is paid by longs.
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
