/**
 * The balances of an account: what a position and resting orders lock, what stays available, how orders of both sides net, how
 * a share of the balance is turned into contracts, and at which moments rows stand (settlement rules, sections 2, 3 and 6).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** 1 XBT, long 10,000 @ 10,000 at 10×, mark then 10,500, a resting buy of 5,000 @ 9,800. */
const workedExample = (rules: string, mode: string, fees: string): string => `
  contract XBTUSD ${rules} ${fees}
  account main balance 1 ${mode} 10x
  bar 05:00 10000
  order long_open 10000 market @bar1
  bar 06:00 10000 10500 10000 10500
  order long_open 5000 limit 9800 @bar2
  bar 07:00 10500
  bar 08:00 10500`;

describe('the worked example of balances', () => {
  // W = 1; U = 1 − 10,000/10,500 = 1/21; order margin 5/98 = 0.05102041 (of 51,020,408 sat a tenth, rounded up)
  test.each([
    ['cross', 'position=0.1 available=89659864sat'],
    ['isolated', 'position=14761905sat available=84897959sat'],
  ])('when the position is %s and there are no fees then available is what is left of 1.04761905', (mode, rest) =>
    settles(`${workedExample('generic', mode, 'taker_fee=0 maker_fee=0')}
    expect balance 08:00 wallet=1 upnl=4761905sat margin=104761905sat order=5102041sat ${rest}`),
  );

  // W = 0.99925. The order also reserves both fees: ceil(51,020,408 · 0.00075) = 38,266 and, on the value at its bankruptcy
  // price, 1.1 times as much, ceil(42,091.8) = 42,092: 5,182,399 in all.
  test.each([
    ['cross', 'position=0.1 available=89504506sat'],
    ['isolated', 'position=14761905sat available=84742601sat'],
  ])('when the position is %s and the taker pays 0.075 %% then the order also reserves its two fees', (mode, rest) =>
    settles(`${workedExample('generic', mode, '')}
    expect balance 08:00 wallet=0.99925 upnl=4761905sat margin=104686905sat order=5182399sat ${rest}`),
  );

  // BitMEX: values per contract: 1/10,500 = 9,524 sat, so U = 10,000 · (10,000 − 9,524); 1/9,800 = 10,204 sat.
  // Commission reserve ceil(0.00075 · (1 + 0.1)) = 82,500 in the position margin.
  // Order: V = 51,020,000: 5,102,000 + 38,265 + ceil(0.00075 · 56,122,000) = 42,092 (42,091.5): 5,182,357.
  test.each([
    ['cross', 'position=10082500sat available=89420143sat'],
    ['isolated', 'position=14842500sat available=84660143sat'],
  ])('when the position is %s under bitmex then its commission reserve is not available either', (mode, rest) =>
    settles(`${workedExample('bitmex', mode, '')}
    expect balance 08:00 wallet=0.99925 upnl=0.0476 margin=1.04685 order=5182357sat ${rest}`),
  );

  it('when unrealised profit may not back trades then it is withheld in the position margin', () =>
    settles(`${workedExample('bitmex_2020', 'cross', '')}
    expect balance 08:00 upnl=0.0476 margin=1.04685 position=14842500sat order=5182357sat available=84660143sat`));

  it('when a cross position loses then the loss counts under either rule', () =>
    settles(`
    contract XBTUSD bitmex_2020 taker_fee=0
    account main balance 1 cross 10x
    bar 05:00 10000
    order long_open 10000 market @bar1
    bar 06:00 10000 10000 9500 9500
    expect balance 07:00 upnl=-0.0526 position=0.1 available=0.8474`)); // 1/9,500 = 10,526 sat
});

describe('order margin of one order', () => {
  it('when 1 BTC is bid at 50,000, 10×, 0.055 % then it costs 5,000 + 27.5 + 24.75', () =>
    settles(`
    contract BTCUSDT generic taker_fee=0.00055
    account main balance 10000 isolated 10x
    bar 01:00 50100
    order long_open 1 limit 50000 @bar1
    bar 02:00 50100
    bar 03:00 50100
    expect balance 03:00 order=5052.25 available=4947.75`));

  it('when 10,000 inverse are bid at 2,000, 25×, 0.055 % then it costs 0.2 + 0.00275 + 0.00286', () =>
    settles(`
    contract XBTUSD generic taker_fee=0.00055
    account main balance 1 isolated 25x
    bar 05:00 2001
    order long_open 10000 limit 2000 @bar1
    bar 06:00 2001
    bar 07:00 2001
    expect balance 07:00 order=0.20561 available=0.79439`));

  it('when a buy rests above the mark then it also costs the loss it would start with', () =>
    settles(`
    contract BTCUSDT generic taker_fee=0
    account main balance 1000 isolated 20x
    bar 01:00 9310 | 9259.84
    order long_open 1 limit 9300 @bar1
    bar 02:00 9310 | 9259.84
    bar 03:00 9310 | 9259.84
    expect balance 03:00 order=505.16 available=494.84`)); // 465 + (9,300 − 9,259.84)

  it('when an order only reduces the position then it costs nothing, and what exceeds the position does', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 05:00 10000
    order long_open 1000 market @bar1
    bar 06:00 10000
    order short_open 1000 limit 10100 @bar2
    bar 07:00 10000
    order short_open 500 limit 12500 @bar3
    bar 08:00 10000
    bar 09:00 10000
    expect balance 07:00 order=0
    expect balance 08:00 order=0
    expect balance 09:00 order=0.004`)); // 500/12,500 = 0.04 at 10×; the better price closes

  it('when a stop rests then it locks nothing', () =>
    settles(`${flatAtTenThousand}
    order long_open 5000 stop 10500 @bar1
    bar 01:00 10000
    expect balance 02:00 order=0 available=1`));
});

describe('netting of resting orders', () => {
  // Bids 20 @ 100 and offers 15 @ 150 at 1 %: the bids cost 20, the offers 22.5. Rates and fees are chosen to have no others.
  const bothSides = (rules: string): string => `
    contract BTCUSDT ${rules} taker_fee=0
    account main balance 100 isolated 100x
    bar 01:00 120
    order long_open  20 limit 100 @bar1
    order short_open 15 limit 150 @bar1
    bar 02:00 120
    bar 03:00 120`;

  it('when the rules take the larger side then 22.5 are locked', () =>
    settles(`${bothSides('generic')}
    expect balance 03:00 order=22.5 available=77.5`));

  it('when the rules are those of BitMEX then sells count in full and buys for their excess of 5: 27.5', () =>
    settles(`${bothSides('bitmex')}
    expect balance 03:00 order=27.5 available=72.5`));

  it('when the buys exceed the sells then the excess is what would fill last', () =>
    settles(`
    contract BTCUSDT bitmex taker_fee=0
    account main balance 100 isolated 100x
    bar 01:00 120
    order short_open 15 limit 150 @bar1
    order long_open  10 limit 100 @bar1
    order long_open  10 limit 80  @bar1
    bar 02:00 120
    bar 03:00 120
    expect balance 03:00 order=26.5 available=73.5`)); // 22.5, and 5 of the bid at 80: 4
});

describe('sizing by a share of the balance', () => {
  // Cost of one contract at 9,980.5, 10×, 0.075 %: (0.1 + 0.00075 + 0.00075 · 1.1)/9,980.5 = 0.101575/9,980.5.
  test.each([
    ['generic', 'market', '19651'], // 0.2 · 9,980.5/0.101575 = 19,651.49
    ['generic', 'limit 9980.5', '19651'],
    ['bitmex', 'market', '19650'], // a contract is 10,020 sat there: 20,000,000/(10,020 · 0.101575) = 19,650.58
  ])('when half of 0.4 is to be opened at 9,980.5 under %s at %s then it buys %s', (rules, type, qty) =>
    settles(`
    contract XBTUSD ${rules}
    account main balance 0.4 isolated 10x
    bar 05:00 9980.5
    order long_open_pct 0.5 ${type} @bar1
    bar 06:00 9980.5
    expect trade 06:00 buy open ${qty} @ 9980.5
    expect order 1 filled qty=${qty}`),
  );

  it('when a market order by percent waits for its fill then it is sized at the fill price', () =>
    settles(`
    contract XBTUSD generic
    account main balance 0.4 isolated 10x
    bar 05:00 9980.5
    order long_open_pct 0.5 market @bar1
    bar 06:00 10157.5
    expect trade 06:00 buy open 20000 @ 10157.5`)); // 0.2 · 10,157.5/0.101575

  it('when a short is sized then its closing fee is reserved on 0.9 of the value', () =>
    settles(`
    contract XBTUSD generic
    account main balance 0.4 isolated 10x
    bar 05:00 10000
    order short_open_pct 0.5 market @bar1
    bar 06:00 10000
    expect trade 06:00 sell open 19719 @ 10000`)); // 0.2 · 10,000/(0.1 + 0.00075 + 0.000675) = 19,719.0 (…9.003)

  test.each([
    ['0.5', '500', 'long 500'],
    ['0.3335', '333', 'long 667'], // 333.5 down to the step
  ])('when %s of a position of 1,000 is closed then %s are sold', (share, sold, rest) =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 05:00 10000
    order long_open 1000 market @bar1
    bar 06:00 10000
    order long_close_pct ${share} market @bar2
    bar 07:00 10000
    expect trade 06:00 buy  open  1000 @ 10000
    expect trade 07:00 sell close ${sold} @ 10000
    expect position 08:00 ${rest}`),
  );

  it('when all of a position is closed by percent then nothing is left', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 05:00 10000
    order short_open 1001 market @bar1
    bar 06:00 10000
    order short_close_pct 1 market @bar2
    bar 07:00 10000
    expect trade 06:00 sell open  1001 @ 10000
    expect trade 07:00 buy  close 1001 @ 10000
    expect account main open=0`));
});

describe('margins by tier', () => {
  // 230 XBT, base 200, step 100: one step, so 1.0 % and 1.5 %.
  it('when 230 XBT are held cross without leverage then initial margin is 3.45 and maintenance 2.3', () =>
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 10 cross 0x
    bar 05:00 10000
    order long_open 2,300,000 market @bar1
    bar 06:00 10000
    expect position 07:00 long 2300000 amount=230 margin=3.45 maintenance=2.3
    expect balance  07:00 position=3.45 available=6.55`));

  test.each([
    ['2,000,000', '1', '2'], // 200 XBT exactly are still the base
    ['2,000,001', '2.000001', '3.0000015'],
  ])(
    'when %s contracts are held then maintenance and initial margin are %s (of 0.5 or 1 %%) and %s',
    (qty, maintenance, margin) =>
      settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 10 cross 0x
    bar 05:00 10000
    order long_open ${qty} market @bar1
    bar 06:00 10000
    expect position 07:00 long ${qty} margin=${margin} maintenance=${maintenance}`),
  );
});

describe('moments of the balance table', () => {
  it('when two things happen at one moment then one row shows the state after both', () =>
    settles(`
    contract XBTUSD generic
    account main balance 1 isolated 10x
    rows bar event
    bar 05:00 10000
    order long_open  1000 market @bar1
    order long_open  1000 market @bar1
    bar 06:00 10000
    expect balance 05:00 wallet=1
    expect balance 06:00 wallet=99985000sat position=0.02 // two fees of 7,500 sat
    expect balance 07:00 wallet=99985000sat position=0.02`));

  it('when something happens inside a bar then its row stands at that time, at the mark of that time', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    rows event
    path olhc
    bar 05:00 10000
    order long_open 1000 limit 9900 @bar1
    bar 06:00 10000 10000 9800 10000
    expect balance 05:00 order=0
    expect balance 06:10 upnl=0 position=1010101sat order=0 // 1,000/9,900 = 10,101,010 sat, at 10×
    expect balance 07:00 upnl=101010sat`));

  it('when rows stand each hour and day then the multiples inside and between bars have one', () =>
    settles(`
    contract XBTUSD generic
    account main balance 1 isolated 10x
    interval 8h
    rows 1h 1d
    bar 16:00 10000
    bar 2/08:00 10000
    expect balance 16:00   wallet=1
    expect balance 17:00   wallet=1
    expect balance 2/00:00 wallet=1
    expect balance 2/03:00 wallet=1
    expect balance 2/09:00 wallet=1
    expect balance 2/16:00 wallet=1`));
});
