/**
 * Whether an order is covered: at its submission by what it would cost, at its fill by what it takes (settlement rules,
 * sections 6.1, 6.2 and 10.4). Each boundary is worked out to the satoshi.
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

describe('margin at submission', () => {
  // 1 XBT, 10×, taker 0.075 %. q contracts at 10,000 cost q/10,000 · (0.1 + 0.00075 + 0.000825), each part rounded up:
  // 98,449: 98,449,000 + 738,368 + 812,205 = 99,999,573; 98,450: 98,450,000 + 738,375 + 812,213 = 100,000,588.
  test.each([
    ['98,448', 'filled'],
    ['98,449', 'filled'],
    ['98,450', 'rejected'],
  ])('when a long of %s at market needs so much of 1 XBT then it is %s', (qty, status) =>
    settles(`${flatAtTenThousand}
    order long_open ${qty} market @bar1
    bar 01:00 10000
    expect order 1 ${status} ${status === 'rejected' ? 'code=70004 reason=insufficient_margin filled=0 ended=01:00' : 'code=none'}`),
  );

  // A short reserves its closing fee on 0.9 of the value: 98,594: 98,594,000 + 739,455 + 665,509.5 → 665,510 = 99,998,965;
  // 98,595: 98,595,000 + 739,463 + 665,517 = 99,999,980; 98,596: 98,596,000 + 739,470 + 665,523 = 100,000,993.
  test.each([
    ['98,594', 'expired'],
    ['98,595', 'expired'],
    ['98,596', 'rejected'],
  ])('when a short of %s rests at 10,000 then it is %s', (qty, status) =>
    settles(`
    contract XBTUSD generic
    account main balance 1 isolated 10x
    bar 00:00 9999.5 | 10000
    order short_open ${qty} limit 10000 @bar1
    bar 01:00 9999.5 | 10000
    expect order 1 ${status}`),
  );

  it('when slippage is set then a market order is tested at the price it expects', () =>
    settles(`${flatAtTenThousand}
    slippage 100 bps
    order short_open 98,500 market @bar1
    bar 01:00 10000
    // at 9,900 worth 9.949495, a cost of 1.01009: more than 1
    expect order 1 rejected code=70004`));

  test.each([
    // 0.1, and 0.11111111 to lose at once
    ['9000', 'rejected'],
    // The mark of an unfinished candle would be a look ahead: last stands in.
    ['9000 unfinished', 'filled'],
  ])('when last is 10,000 and the mark %s then a long of 1 XBT with 0.15 is %s', (mark, status) =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.15 isolated 10x
    bar 00:00 10000 | ${mark}
    order long_open 10000 market @bar1
    bar 01:00 10000 | 10000
    expect order 1 ${status}`),
  );

  it('when two limits together exceed the balance then the second is refused', () =>
    settles(`${flatAtTenThousand}
    order long_open 60000 limit 9000 @bar1
    order long_open 60000 limit 9000 @bar1
    bar 01:00 10000
    expect order 1 expired
    expect order 2 rejected code=70004`));

  it('when the second is on the other side and the larger side counts then it is taken', () =>
    settles(`${flatAtTenThousand}
    order long_open  60000 limit 9000  @bar1
    order short_open 60000 limit 11000 @bar1
    bar 01:00 10000
    expect order 1 expired
    expect order 2 expired`));

  it('when profit is unrealised then it backs a cross order but not an isolated one', async () => {
    const doubled = (mode: string): string => `
    contract XBTUSD generic taker_fee=0
    account main balance 1 ${mode} 10x
    bar 01:00 10000
    order long_open 50000 market @bar1
    bar 02:00 10000
    bar 03:00 20000
    order long_open 160,000 market @bar3
    bar 04:00 20000`;
    // U = 5 − 2.5 = 2.5; 160,000/20,000 = 8 XBT cost 0.8; the wallet less the margin of 0.5 is 0.5
    await settles(`${doubled('cross')}
    expect order 1 filled
    expect order 2 filled`);
    await settles(`${doubled('isolated')}
    expect order 1 filled
    expect order 2 rejected code=70004 reason=insufficient_margin`);
  });

  it('when available is below 0 then nothing more is opened but closing stays allowed', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 cross 10x
    bar 01:00 10000
    order long_open 90000 market @bar1
    bar 02:00 10000
    bar 03:00 9700
    order long_open  1     market @bar3
    order long_close 90000 market @bar3
    bar 04:00 9700
    // U = 9 − 9.27835 = −0.27835; 1 − 0.27835 − 0.9 < 0
    expect order 1 filled
    expect order 2 rejected code=70004
    expect order 3 filled
    expect balance 03:00 available=0.1
    expect balance 04:00 wallet=0.72164948`));
});

describe('margin at the fill', () => {
  test.each([
    // 98,449/9,950 = 9.89437186 XBT: margin 98,943,719 and fee 742,078, less than 1 XBT
    ['9950', 'filled', 'code=none'],
    // 9.94434343: 99,443,435 and 745,826, more
    ['9900', 'rejected', 'code=70004 reason=insufficient_margin filled=0 ended=01:00 given=01:00'],
  ])('when 98,449 were covered at 10,000 and the next open is %s then the order is %s', (open, status, rest) =>
    settles(`${flatAtTenThousand}
    order long_open 98,449 market @bar1
    bar 01:00 ${open}
    expect order 1 ${status} ${rest}
    expect account main rejected=${status === 'rejected' ? 1 : 0}`),
  );

  it('when two orders of one bar are covered one by one but not together then the second is refused at its fill', () =>
    settles(`${flatAtTenThousand}
    order long_open 60000 market @bar1
    order long_open 60000 market @bar1
    bar 01:00 10000
    expect trade 01:00 buy open 60000 @ 10000 order=1
    expect order 1 filled
    expect order 2 rejected code=70004`));

  it('when a limit by percent and a market order compete then the resting margin is not taken', () =>
    settles(`${flatAtTenThousand}
    order long_open 60000 limit 9000 @bar1
    order long_open_pct 1 market @bar1
    bar 01:00 10000
    // 60,000/9,000 = 6.66666667: 66,666,667 + 500,001 + 550,001; the other 32,283,331 sat at 1,015.75 a contract
    expect order 1 expired
    expect order 2 filled qty=31782`));
});

describe('margin at the fill of a resting limit', () => {
  it('when a loss has eaten what it needs then its opening part is cancelled', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 cross 10x
    path olhc
    bar 01:00 10000
    order long_open 80000 market @bar1
    bar 02:00 10000
    order long_open 10000 limit 9800 @bar2
    bar 03:00 10000 10000 9750 9800
    // at 9,800: U = 8 − 8.16326531 = −0.16326531; 1 − 0.1633 − 0.8 = 0.0367, and 0.1020 is needed
    expect trade 02:00 buy open 80000 @ 10000
    expect order 1 filled
    expect order 2 cancelled code=70004 reason=insufficient_margin filled=0 ended=03:16`)); // 200/250 of the first leg
});
