/**
 * What a quantity is worth, how an average entry moves, and what closing makes, for each type of contract and each rounding
 * (settlement rules, sections 1 and 13). Funding times are avoided; fees are as said in each scenario.
 */

import { describe, it, test } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

describe('the worked example of adds, partial closes and a flip', () => {
  // Taker 0.075 %, values rounded per fill:
  //   1,000 / 5,000 = 0.20000000           fee 15,000 sat
  //   2,000 / 6,000 = 0.33333333           fee 25,000 (24,999.99975)
  //   1,200 / 6,250 = 0.19200000           fee 14,400   releases 53,333,333 · 1,200/3,000 = 21,333,333.2 → 21,333,333
  //   1,800 / 6,000 = 0.30000000           fee 22,500   releases the rest, 32,000,000
  //     700 / 6,000 = 0.11666667           fee  8,750
  // A long gains what its cost exceeds its value by: 21,333,333 − 19,200,000 = 2,133,333 and 32,000,000 − 30,000,000.
  const steps = `
    contract XBTUSD generic
    account main balance 10 cross 10x
    bar 05:00 5000
    order long_open 1000 market  @bar1
    bar 06:00 5000
    order long_open 2000 market  @bar2
    bar 07:00 6000`;

  it('when two buys have filled then the entry is their harmonic mean 5,625', () =>
    settles(`${steps}
    // 3,000 / (1/5 + 1/3) = 5,625; the mark is 6,000: worth 0.5, cost 0.53333333
    expect position 08:00 long 3000 entry=5625 mark=6000 amount=0.5 upnl=3333333sat
    expect wallet   9.9996                                                   // 10 − 0.00015 − 0.00025`));

  it('when a part is sold then the average entry does not move', () =>
    settles(`${steps}
    order long_close 1200 market @bar3
    bar 08:00 6250
    expect position 09:00 long 1800 entry=5625 upnl=3200000sat              // 1,800/6,250 = 0.288, cost 0.32
    expect bill 06:00 fee          -15000sat
    expect bill 07:00 fee          -25000sat
    expect bill 08:00 realized_pnl 2133333sat fee=14400sat
    expect bill 08:00 fee          -14400sat`));

  it('when more is sold than is held then the order closes 1,800 and opens 700 the other way', () =>
    settles(`${steps}
    order long_close 1200 market @bar3
    bar 08:00 6250
    order short_open 2500 market @bar4
    bar 09:00 6000
    expect trade 06:00 buy  open  1000 @ 5000 taker order=1 amount=20000000sat fee=15000sat pnl=0
    expect trade 07:00 buy  open  2000 @ 6000 taker order=2 amount=33333333sat fee=25000sat pnl=0
    expect trade 08:00 sell close 1200 @ 6250 taker order=3 amount=19200000sat fee=14400sat pnl=2133333sat
    expect trade 09:00 sell close 1800 @ 6000 taker order=4 amount=30000000sat fee=22500sat pnl=2000000sat
    expect trade 09:00 sell open  700  @ 6000 taker order=4 amount=11666667sat fee=8750sat  pnl=0
    // exit: 3,000 / (1,200/6,250 + 1,800/6,000) = 3,000 / 0.492
    expect closed long 3000 opened=06:00 closed=09:00 bars=3 entry=5625.00 exit=6097.56 value=53333333sat gross=4133333sat fees=76900sat net=4056433sat reason=order
    expect position 10:00 short 700 entry=6000 upnl=0
    expect order 1 filled filled=1000 avg=5000
    expect order 2 filled filled=2000 avg=6000
    expect order 3 filled filled=1200 avg=6250
    expect order 4 filled filled=2500 avg=6000
    expect wallet 1004047683sat                       // 10 + 0.04133333 − 0.0008565
    expect account main fees=85650sat trades=1 wins=1`));
});

describe('average entry', () => {
  it('when 50 at 10,000 and 50 at 15,000 are bought inverse then the entry is 12,000', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 cross 10x
    bar 05:00 10000
    order long_open 50 market @bar1
    bar 06:00 10000
    order long_open 50 market @bar2
    bar 07:00 15000
    expect position 08:00 long 100 entry=12000          // 100 / (50/10,000 + 50/15,000); cost 500,000 + 333,333 sat
    expect wallet 1`));

  it('when 0.5 at 40,000 and 0.25 at 46,000 are bought linear then the entry is 42,000 and closing 0.3 at 45,000 makes 900', () =>
    settles(`
    contract BTCUSDT generic taker_fee=0
    account main balance 50000 cross 10x
    bar 01:00 40000
    order long_open 0.5  market @bar1
    bar 02:00 40000
    order long_open 0.25 market @bar2
    bar 03:00 46000
    order long_close 0.3 market @bar3
    bar 04:00 45000
    expect trade 02:00 buy  open  0.5  @ 40000 amount=20000 pnl=0
    expect trade 03:00 buy  open  0.25 @ 46000 amount=11500 pnl=0
    expect trade 04:00 sell close 0.3  @ 45000 amount=13500 pnl=900      // 0.3 · (45,000 − 42,000)
    expect position 05:00 long 0.45 entry=42000.00 upnl=1350             // 0.45 · 3,000
    expect wallet 50900`));
});

describe('profit of each type', () => {
  test.each([
    // 11,111,111.1 → 11,111,111; less 10,000,000
    ['generic', 'per fill', '', '1111111sat'],
    // 1,000 · (11,111 − 10,000)
    ['bitmex_2020', 'per contract', '', '1111000sat'],
    // a lot is one contract
    ['bitmex', 'per lot of 1', '', '1111000sat'],
    // ten lots: 10 · (1,111,111 − 1,000,000)
    ['bitmex', 'per lot of 100', 'min_qty=100', '1111110sat'],
  ])(
    'when 1,000 inverse go from 9,000 to 10,000 under %s, rounded %s, then profit is as the rounding says',
    (rules, _what, fields, pnl) =>
      settles(`
    contract XBTUSD ${rules} taker_fee=0 ${fields}
    account main balance 1 isolated 10x
    bar 05:00 9000
    order long_open 1000 market @bar1
    bar 06:00 9000
    order long_close 1000 market @bar2
    bar 07:00 10000
    expect trade 06:00 buy  open  1000 @ 9000  pnl=0
    expect trade 07:00 sell close 1000 @ 10000 pnl=${pnl} amount=0.1`),
  );

  it('when 10,000 quanto of 0.000001 go from 500 to 540 then profit is 0.4 XBT on a margin of 0.1', () =>
    settles(`
    contract ETHUSD generic taker_fee=0
    account main balance 1 isolated 50x
    bar 05:00 500
    order long_open 10000 market @bar1
    bar 06:00 500
    order long_close 10000 market @bar2
    bar 07:00 540
    expect bill 06:00 fee          0   isolated=0.1     // 10,000 · 0.000001 · 500 = 5 XBT, a fiftieth; no fee
    expect bill 07:00 realized_pnl 0.4 isolated=-0.1    // 5.4 − 5
    expect wallet 1.4`));

  it('when a long and a short of equal size meet one move then their results sum to 0', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account long  balance 1 isolated 10x
    account short balance 1 isolated 10x
    bar 05:00 9000
    order long_open  1000 market account=long  @bar1
    order short_open 1000 market account=short @bar1
    bar 06:00 9000
    order long_close  1000 market account=long  @bar2
    order short_close 1000 market account=short @bar2
    bar 07:00 9500
    // 11,111,111 against 1,000/9,500 = 10,526,315.8 → 10,526,316
    expect wallet 1.00584795 account=long
    expect wallet 0.99415205 account=short`));
});

describe('settlement units', () => {
  it('when the currency has two digits then every amount is whole cents', () =>
    settles(`
    contract BTCUSDT generic settle_decimals=2
    account main balance 1000 isolated 10x
    bar 01:00 10000.5
    order long_open 0.333 market @bar1
    bar 02:00 10000.5
    order long_close 0.333 market @bar2
    bar 03:00 9999
    // 3,330.1665 → 3,330.17; a tenth up to 333.02; fees 1.83 (1.8316) and 1.83 (1.8313); 3,329.667 → 3,329.67
    expect trade 02:00 buy  open  0.333 @ 10000.5 amount=3330.17 fee=1.83
    expect trade 03:00 sell close 0.333 @ 9999    amount=3329.67 fee=1.83 pnl=-0.5
    expect bill 02:00 fee          -1.83 isolated=333.02
    expect bill 03:00 realized_pnl -0.5  isolated=-333.02
    expect bill 03:00 fee          -1.83
    expect wallet 995.84`));
});

describe('a recorded period of 2017', () => {
  it('when 885 go from 7,299 to 6,635.5 per contract, with +3,334 +783 −709, then the period makes −1,208,157 satoshi', () =>
    settles(`
    contract XBTUSD bitmex_2020 maker_fee=-0.00025
    account main balance 1 isolated 2x taker=0
    bar 01:00 7299
    order long_open 885 market @bar1
    bar 02:00 7299
    funding 03:00 -0.00006193             // received: 885 · 14,286 · 0.00006193 = 782.99 → 783
    bar 03:00 7000
    funding 04:00 0.00005448              // paid: 885 · 14,706 · 0.00005448 = 709.05 → 709
    bar 04:00 6800
    bar 05:00 6600
    order long_close 885 limit 6635.5 @bar5
    bar 06:00 6600 6640 6600 6640         // 35.5 of the 40 of the way up: 17 min 45 s of 20
    // 885 · (13,701 − 15,070) = −1,211,565; rebate 885 · 15,070 · 0.00025 = 3,334.2
    expect trade 02:00        buy  open  885 @ 7299   taker amount=12125385sat fee=0
    expect trade 06:37:45     sell close 885 @ 6635.5 maker amount=13336950sat fee=-3334sat pnl=-1211565sat
    expect closed long 885 gross=-1211565sat fees=-3334sat funding=74sat net=-1208157sat
    expect wallet 98791843sat`));
});

describe('closing everything', () => {
  it('when a position is closed in odd parts then no dust is left and the cost is released to the last unit', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 05:00 7000
    order long_open 1000 market @bar1
    bar 06:00 7000
    order long_close 333 market @bar2
    order long_close 333 market @bar2
    order long_close 334 market @bar2
    bar 07:00 7000
    // cost 14,285,714; 333/1000 of it 4,757,142.8 → 4,757,143; then 333/667 of 9,528,571 = 4,757,142.7 → 4,757,143; the rest 4,771,428.
    // values at 7,000: 4,757,142.86 → 4,757,143 twice, 4,771,428.57 → 4,771,429: 0, 0 and −1.
    // margin 1,428,572: floor(1,428,572 · 333/1,000) = 475,714; floor(952,858 · 333/667) = 475,714; the rest 477,144.
    expect bill 06:00 fee          0     isolated=1428572sat
    expect bill 07:00 realized_pnl 0     isolated=-475714sat
    expect bill 07:00 realized_pnl 0     isolated=-475714sat
    expect bill 07:00 realized_pnl -1sat isolated=-477144sat
    expect wallet 0.99999999`));

  it('when a close is asked for more than is held then it is cut to the position', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 05:00 10000
    order short_open 1000 market @bar1
    bar 06:00 10000
    order short_close 5000 market @bar2
    bar 07:00 8000
    expect trade 06:00 sell open  1000 @ 10000
    expect trade 07:00 buy  close 1000 @ 8000 pnl=0.025       // a short gains 1,000/8,000 − 1,000/10,000
    expect order 1 filled filled=1000
    expect order 2 filled filled=1000 qty=5000
    expect wallet 1.025`));
});
