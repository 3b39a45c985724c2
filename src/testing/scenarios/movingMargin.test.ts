/**
 * Moving margin while a position is open: leverage and its bounds, the margin mode, margin added and taken out. Boundaries in
 * threes; a refused call leaves the account as it was.
 */

import { describe, it } from '@jest/globals';
import { longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Long 10,000 @ 10,000, isolated 10×, A = 0.1; mark 9,800: U = 1 − 10/9.8 = −0.02040816; 0.4 usable. No fees. */
const losing = `
  contract XBTUSD generic taker_fee=0 maker_fee=0
  account main balance 0.5 isolated 10x
  bar 00:00 10000 | 10000
  bar 01:00 10000 | 10000
  order long_open 10000 market @bar1
  bar 02:00 10000 | 10000 10000 9800 9800`;

describe('leverage of an open isolated position, generic', () => {
  // Upward: L ≤ 0.5 / 0.02040816 = 24.50000196. Downward: L ≥ 1 / (0.1 + 0.4) = 2.
  it.each([
    ['24.4', 'done', ''],
    ['24.5', 'done', ''],
    ['24.6', 'rejected', 'code=70004 reason=leverage_above_loss_bound'],
    ['2.1', 'done', ''],
    ['2', 'done', ''],
    ['1.9', 'rejected', 'code=70004 reason=insufficient_margin'],
  ])('when leverage %s is asked for with a loss of 0.0204 and 0.4 usable then it is %s', (leverage, status, why) =>
    settles(`${losing}
    leverage ${leverage} @bar3
    bar 03:00 10000 | 9800
    expect call 1 ${status} ${why}`),
  );

  it('when leverage rises then margin is released, and the bill says so without touching the wallet', () =>
    settles(`${longAtTenTimes}
    leverage 25 @bar2
    bar 02:00 10000
    // 1 / 25 = 0.04: 0.06 comes back
    expect bill 01:00 fee 0 isolated=0.1
    expect bill 02:00 leverage_change 0 isolated=-0.06
    expect balance 03:00 wallet=1 position=0.04 available=0.96`));

  it('when leverage falls then margin is taken', () =>
    settles(`${longAtTenTimes}
    leverage 5 @bar2
    bar 02:00 10000
    expect call 1 done
    expect balance 03:00 position=0.2 available=0.8`));

  it('when leverage changes then margin added by hand is reset', () =>
    settles(`${longAtTenTimes}
    margin in 0.3 @bar2
    leverage 20 @bar2
    bar 02:00 10000
    expect call 1 done
    expect call 2 done
    expect balance 03:00 position=0.05 available=0.95`));

  it('when resting orders cannot be margined at the new leverage then nothing changes', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 0.2 isolated 10x
    bar 00:00 10000
    order long_open 10000 limit 9000 @bar1        // 10,000 / 9,000 / 10 = 0.1111 of 0.2
    leverage 1 @bar1                              // would need 1.1111
    rows bar
    bar 01:00 10000
    bar 02:00 10000
    expect call 1 rejected code=70004 reason=insufficient_margin
    expect balance 02:00 order=0.11111112 available=0.08888888`));
});

describe('the margin mode of an open position', () => {
  it('when the venue is generic then it is refused with a position, and with an order', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    bar 00:00 10000
    order long_open 1000 limit 9000 @bar1
    mode cross @bar1
    bar 01:00 10000
    order long_open 1000 market @bar2
    bar 02:00 10000
    mode cross @bar3
    bar 03:00 10000
    expect call 1 rejected code=70001 reason=open_orders
    expect call 2 rejected code=70001 reason=open_position`));

  it('when bitmex turns isolated into cross then the margin goes to the cross wallet, which then stands behind it', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    mode cross @bar2
    bar 03:00 9100
    bar 04:00 9100
    // cross: 0.995 XBT may be lost, so 9,100 does not liquidate
    expect call 1 done
    expect bill 02:00 fee 0 isolated=0.1
    expect bill 03:00 margin_remove 0 isolated=-0.1
    expect account main liquidations=0 open=1`));

  it('when bitmex turns cross into isolated then the initial margin is assigned, if the wallet has it', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 0.15 cross 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    leverage 5 @bar2
    mode isolated @bar2
    bar 03:00 10000
    // at 5× a reservation of 0.2 is not there; at 10× 0.1 is assigned
    expect call 1 rejected code=70004 reason=insufficient_margin
    expect call 2 done
    expect balance 04:00 wallet=0.15 position=0.1 available=0.05`));

  it('when leverage 0 is asked for then bitmex goes to cross and generic refuses', async () => {
    const asked = `
    account main balance 1 isolated 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    leverage 0 @bar2
    bar 03:00 10000`;
    // At the tier's own rate of 1 %.
    await settles(`
    contract XBTUSD bitmex taker_fee=0
    ${asked}
    expect call 1 done
    expect balance 04:00 position=0.01 available=0.99`);
    await settles(`
    contract XBTUSD generic taker_fee=0
    ${asked}
    expect call 1 rejected code=70001 reason=open_position`);
  });
});

describe('margin by hand', () => {
  // 0.5 less 0.1 assigned: 0.4 is usable.
  it.each([
    ['0.39999999', 'done', ''],
    ['0.4', 'done', ''],
    ['0.40000001', 'rejected', 'code=70004 reason=insufficient_margin'],
    ['0', 'rejected', 'code=400 reason=amount_not_positive'],
  ])('when %s is added of 0.4 then it is %s', (amount, status, why) =>
    settles(`${losing}
    margin in ${amount} @bar3
    bar 03:00 10000 | 9800
    expect call 1 ${status} ${why}`),
  );

  // A = 0.15 at 10×: initial 0.1, closing fee 0.00075 · 1.1 = 0.000825, so 0.049175 may go.
  it.each([
    ['0.04917499', 'done', ''],
    ['0.049175', 'done', ''],
    ['0.04917501', 'rejected', 'code=70004 reason=margin_below_initial'],
  ])('when %s is taken out of 0.15 then it is %s', (amount, status, why) =>
    settles(`
    contract XBTUSD generic taker_fee=0.00075 maker_fee=0
    account main balance 1 isolated 10x
    bar 00:00 10000
    order long_open 10000 market @bar1
    bar 01:00 10000
    margin in 0.05 @bar2
    margin out ${amount} @bar2
    bar 02:00 10000
    expect call 1 done
    expect call 2 ${status} ${why}`),
  );

  it('when margin is added then the liquidation price moves away, and a liquidation takes it all', () =>
    settles(`${longAtTenTimes}
    margin in 0.1 @bar2
    // P* = 10,000 · 1.005 / 1.2 = 8,375
    bar 02:00 10000 10000 8375.5 8375.5
    bar 03:00 8375.5 8375.5 8375 8375
    expect account main liquidations=1 wallet=0.8
    expect bill 01:00 fee 0 isolated=0.1
    expect bill 02:00 margin_add 0 isolated=0.1
    expect bill 03:40 liquidation -0.2 isolated=-0.2`));

  it('when added margin is taken out again then the account is as it was', () =>
    settles(`${longAtTenTimes}
    margin in 0.3 @bar2
    bar 02:00 10000
    margin out 0.3 @bar3
    bar 03:00 10000
    expect call 1 done
    expect call 2 done
    expect balance 04:00 wallet=1 position=0.1 available=0.9`));

  it('when the position is cross, or there is none, then it is refused', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 cross 10x
    bar 00:00 10000
    margin in 0.1 @bar1
    order long_open 1000 market @bar1
    bar 01:00 10000
    margin in 0.1 @bar2
    bar 02:00 10000
    expect call 1 rejected code=400 reason=no_position
    expect call 2 rejected code=70001 reason=not_isolated`));
});
