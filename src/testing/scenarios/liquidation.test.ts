/**
 * When a position is liquidated and what it costs: boundaries of the mark in threes (one tick better, at, one tick worse) for
 * every contract type, side, mode and rule; the price and the bills of the take-over; who cannot be liquidated at all
 * (settlement rules, section 4).
 */

import { describe, it, test } from '@jest/globals';
import { longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** An entry at 02:00; then the mark alone touches a price while last stands still. No fees. */
const touched = (o: {
  contract: string;
  account: string;
  order: string;
  entry: number;
  mark: number | string;
}): string => {
  const mark = Number(o.mark);
  return `
    contract ${o.contract} taker_fee=0 maker_fee=0
    account main ${o.account}
    bar 01:00 ${o.entry} | ${o.entry}
    order ${o.order} market @bar1
    bar 02:00 ${o.entry} | ${o.entry}
    bar 03:00 ${o.entry} | ${o.entry} ${Math.max(o.entry, mark)} ${Math.min(o.entry, mark)} ${o.entry}`;
};

describe('inverse, isolated, maintenance on the value at the mark', () => {
  // 10,000 @ 10,000, V = 1 XBT. Long: P* = N·(1 + m)/(V + A); short: P* = N·(1 − m)/(V − A).
  const rows: [string, string, number, string, number, string][] = [
    // 10,050/1.5 = 6,700 exactly
    ['long', '2x', 6700.5, 'no', 6700, '0.5'],
    ['long', '2x', 6700, 'yes', 6700, '0.5'],
    ['long', '2x', 6699.5, 'yes', 6700, '0.5'],
    // 100,500/11 = 9,136.36
    ['long', '10x', 9136.5, 'no', 9136.5, '0.9'],
    ['long', '10x', 9136, 'yes', 9136.5, '0.9'],
    ['long', '10x', 9135.5, 'yes', 9136.5, '0.9'],
    // 10,050/1.01 = 9,950.495
    ['long', '100x', 9950.5, 'no', 9950.5, '0.99'],
    ['long', '100x', 9950, 'yes', 9950.5, '0.99'],
    ['long', '100x', 9949.5, 'yes', 9950.5, '0.99'],
    // 9,950/0.5 = 19,900 exactly
    ['short', '2x', 19899.5, 'no', 19900, '0.5'],
    ['short', '2x', 19900, 'yes', 19900, '0.5'],
    ['short', '2x', 19900.5, 'yes', 19900, '0.5'],
    // 99,500/9 = 11,055.56
    ['short', '10x', 11055.5, 'no', 11055.5, '0.9'],
    ['short', '10x', 11056, 'yes', 11055.5, '0.9'],
    ['short', '10x', 11056.5, 'yes', 11055.5, '0.9'],
    // 9,950/0.99 = 10,050.505
    ['short', '100x', 10050.5, 'no', 10050.5, '0.99'],
    ['short', '100x', 10051, 'yes', 10050.5, '0.99'],
    ['short', '100x', 10051.5, 'yes', 10050.5, '0.99'],
  ];
  test.each(rows)(
    'when a %s at %s meets a mark of %s then liquidated: %s',
    async (side, leverage, mark, isLiquidated, shown, wallet) => {
      const text = touched({
        contract: 'XBTUSD generic',
        account: `balance 1 isolated ${leverage}`,
        order: `${side}_open 10000`,
        entry: 10000,
        mark,
      });
      if (isLiquidated === 'no') {
        await settles(`${text}
      expect account main liquidations=0 wallet=1
      expect position 04:00 ${side} 10000 liquidation=${shown}   // toward the entry on the tick`);
      } else {
        await settles(`${text}
      expect account main liquidations=1 wallet=${wallet} open=0  // the margin, and no more
      expect closed ${side} 10000 reason=liquidation`);
      }
    },
  );
});

describe('inverse, the integer ledger of BitMEX', () => {
  // Loss allowed = A − ceil(0.5 % of 1 XBT); the value of a contract at that loss in whole satoshi, the price to the tick, both
  // toward the entry; at that price it happens.
  const rows: [string, string, number, string, number][] = [
    // 0.495 allowed: 14,950 sat a contract, 6,688.96 → 6,689
    ['long', '2x', 6689.5, 'no', 6689],
    ['long', '2x', 6689, 'yes', 6689],
    ['long', '2x', 6688.5, 'yes', 6689],
    // 0.095 allowed: 10,950 sat, 9,132.42 → 9,132.5
    ['long', '10x', 9133, 'no', 9132.5],
    ['long', '10x', 9132.5, 'yes', 9132.5],
    ['long', '10x', 9132, 'yes', 9132.5],
    // 0.005 allowed: 10,050 sat, 9,950.25 → 9,950.5
    ['long', '100x', 9951, 'no', 9950.5],
    ['long', '100x', 9950.5, 'yes', 9950.5],
    ['long', '100x', 9950, 'yes', 9950.5],
    // 5,050 sat, 19,801.98 → 19,801.5
    ['short', '2x', 19801, 'no', 19801.5],
    ['short', '2x', 19801.5, 'yes', 19801.5],
    ['short', '2x', 19802, 'yes', 19801.5],
    // 9,050 sat, 11,049.72 → 11,049.5
    ['short', '10x', 11049, 'no', 11049.5],
    ['short', '10x', 11049.5, 'yes', 11049.5],
    ['short', '10x', 11050, 'yes', 11049.5],
    // 9,950 sat, 10,050.25 → 10,050
    ['short', '100x', 10049.5, 'no', 10050],
    ['short', '100x', 10050, 'yes', 10050],
    ['short', '100x', 10050.5, 'yes', 10050],
  ];
  test.each(rows)(
    'when a %s at %s meets a mark of %s then liquidated: %s',
    (side, leverage, mark, isLiquidated, shown) => {
      const text = touched({
        contract: 'XBTUSD bitmex',
        account: `balance 1 isolated ${leverage}`,
        order: `${side}_open 10000`,
        entry: 10000,
        mark,
      });
      const wallet = isLiquidated === 'no' ? '1' : { '2x': '0.5', '10x': '0.9', '100x': '0.99' }[leverage];
      return settles(`${text}
      ${isLiquidated === 'no' ? `expect position 04:00 ${side} 10000 liquidation=${shown} maintenance=0.005` : 'expect no stop'}
      expect account main liquidations=${isLiquidated === 'no' ? 0 : 1} wallet=${wallet}`);
    },
  );
});

describe('the ledger of BitMEX in whole satoshi', () => {
  it('when 500 are short from 6,725 at 25× then the price is 6,968.5', () =>
    // a contract is 14,870 sat: cost 7,435,000, A 297,400, requirement 37,175, so 260,225 may be lost;
    // (7,435,000 − 260,225)/500 = 14,349.55 → 14,350 sat a contract, 6,968.64 → 6,968.5
    settles(`${touched({ contract: 'XBTUSD bitmex', account: 'balance 1 isolated 25x', order: 'short_open 500', entry: 6725, mark: 6968 })}
    expect position 04:00 short 500 margin=297400sat maintenance=37175sat liquidation=6968.5`));

  it('when lots are of 100 contracts then the value of a lot is rounded', () =>
    // 1,486,989 sat a lot: cost 7,434,945, A 297,397.8 → 297,398, requirement 37,175: 260,223 may be lost;
    // 7,174,722/5 = 1,434,944.4 → 1,434,945 sat a lot, 6,968.91 → 6,968.5
    settles(`${touched({ contract: 'XBTUSD bitmex min_qty=100', account: 'balance 1 isolated 25x', order: 'short_open 500', entry: 6725, mark: 6968 })}
    expect position 04:00 short 500 margin=297398sat maintenance=37175sat liquidation=6968.5`));

  it('when a position is added to then the margin is that of the whole cost, rounded up once', () =>
    // 885 · 13,701 = 12,125,385 → 1,212,539; with 885 · 14,286 = 12,643,110 in all 24,768,495 → 2,476,850
    settles(`
    contract XBTUSD bitmex taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 7299
    order long_open 885 market @bar1
    bar 02:00 7299
    order long_open 885 market @bar2
    bar 03:00 7000
    expect bill 02:00 fee 0 isolated=1212539sat
    expect bill 03:00 fee 0 isolated=1264311sat`));

  it('when values are rounded per fill then each fill rounds its margin up', () =>
    // 12,124,948 → 1,212,495; 12,642,857 → 1,264,286
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 01:00 7299
    order long_open 885 market @bar1
    bar 02:00 7299
    order long_open 885 market @bar2
    bar 03:00 7000
    expect bill 02:00 fee 0 isolated=1212495sat
    expect bill 03:00 fee 0 isolated=1264286sat`));

  test.each(['generic', 'bitmex'])(
    'when an inverse short under %s has a wallet above its cost then no price liquidates it',
    (rules) =>
      settles(`${touched({ contract: `XBTUSD ${rules}`, account: 'balance 1.5 cross 10x', order: 'short_open 10000', entry: 10000, mark: 900000 })}
    expect account main liquidations=0
    expect position 04:00 short 10000 liquidation=none bankruptcy=none`),
  );
});

describe('inverse, cross', () => {
  // The cross wallet of 0.1 stands behind the position as a margin of 0.1 would.
  test.each([
    ['generic', 'long', 9136.5, 0],
    ['generic', 'long', 9136, 1],
    ['generic', 'long', 9135.5, 1],
    ['generic', 'short', 11055.5, 0],
    ['generic', 'short', 11056, 1],
    ['generic', 'short', 11056.5, 1],
    ['bitmex', 'long', 9133, 0],
    ['bitmex', 'long', 9132.5, 1],
    ['bitmex', 'long', 9132, 1],
    ['bitmex', 'short', 11049, 0],
    ['bitmex', 'short', 11049.5, 1],
    ['bitmex', 'short', 11050, 1],
  ])(
    'when under %s a %s of 1 XBT with a wallet of 0.1 meets a mark of %s then liquidations: %s',
    (rules, side, mark, count) => {
      const text = touched({
        contract: `XBTUSD ${rules}`,
        account: 'balance 0.1 cross 10x',
        order: `${side}_open 10000`,
        entry: 10000,
        mark,
      });
      // The cross wallet goes to 0, and with it the account.
      return settles(`${text}
      expect account main liquidations=${count} wallet=${count === 1 ? '0' : '0.1'}
      expect balance 04:00 wallet=${count === 1 ? '0' : '0.1'}`);
    },
  );
});

describe('linear', () => {
  test.each([
    // 1 @ 20,000 at 50×, A = 400. At the mark: (20,000 − 400)/0.995 = 19,698.49; (20,000 + 400)/1.005 = 20,298.51
    ['generic', 'long', 19698.5, 0],
    ['generic', 'long', 19698, 1],
    ['generic', 'long', 19697.5, 1],
    ['generic', 'short', 20298.5, 0],
    ['generic', 'short', 20299, 1],
    ['generic', 'short', 20299.5, 1],
    // On the entry value: 300 of the 400 may be lost, 19,700 and 20,300 exactly
    ['bitmex', 'long', 19700.5, 0],
    ['bitmex', 'long', 19700, 1],
    ['bitmex', 'long', 19699.5, 1],
    ['bitmex', 'short', 20299.5, 0],
    ['bitmex', 'short', 20300, 1],
    ['bitmex', 'short', 20300.5, 1],
  ])('when under %s an isolated %s at 50× meets a mark of %s then liquidations: %s', (rules, side, mark, count) =>
    settles(`${touched({ contract: `BTCUSDT ${rules}`, account: 'balance 1000 isolated 50x', order: `${side}_open 1`, entry: 20000, mark })}
    expect account main liquidations=${count} wallet=${count === 1 ? '600' : '1000'}`),
  );

  test.each([
    // 20 @ 1,000 with a wallet of 10,000 and 1 %. Entry value: 10,000 − 200 may be lost: 510. At the mark: 10,000/(20 · 0.99) = 505.05
    ['bitmex', 510.5, 0, ''],
    ['bitmex', 510, 1, ''],
    ['bitmex', 509.5, 1, ''],
    ['generic', 505.5, 0, ''],
    ['generic', 505, 1, ''],
    ['generic', 504.5, 1, ''],
  ])('when under %s a cross long of 20 @ 1,000 meets a mark of %s then liquidations: %s', (rules, mark, count) =>
    settles(`${touched({
      contract: `BTCUSDT ${rules} initial_margin=0.02 maintenance_margin=0.01`,
      account: 'balance 10000 cross 10x',
      order: 'long_open 20',
      entry: 1000,
      mark,
    })}
    expect account main liquidations=${count} wallet=${count === 1 ? '0' : '10000'}
    ${count === 1 ? 'expect trade 02:00 buy open 20 @ 1000' : 'expect no stop'}
    ${count === 1 ? `expect trade ${timeOfTouch(1000, mark, rules === 'bitmex' ? 510 : 100000 / 198)} sell close 20 @ 500 reason=liquidation pnl=-10000 amount=10000` : ''}`),
  );
});

/** Time of the liquidation on the first leg, 20 minutes from 03:00 for the whole way from the entry to the mark. */
function timeOfTouch(entry: number, mark: number, at: number): string {
  const ms = Math.floor(((entry - at) / (entry - mark)) * 1_200_000 + 1e-6);
  const clock = new Date(3 * 3_600_000 + ms).toISOString().slice(11, 23);
  return clock.replace(/\.000$/, '').replace(/:00$/, '');
}

describe('quanto', () => {
  test.each([
    // 10,000 × 0.000001 @ 200: V = 2 XBT, 20×, A = 0.1, m = 1 %. At the mark (2 − 0.1)/(0.01 · 0.99) = 191.919; entry 192 exactly
    ['generic', 'long', 191.95, 0],
    ['generic', 'long', 191.9, 1],
    ['generic', 'long', 191.85, 1],
    ['bitmex', 'long', 192.05, 0],
    ['bitmex', 'long', 192, 1],
    ['bitmex', 'long', 191.95, 1],
    // (2 + 0.1)/(0.01 · 1.01) = 207.92; entry 208
    ['generic', 'short', 207.9, 0],
    ['generic', 'short', 207.95, 1],
    ['generic', 'short', 208, 1],
    ['bitmex', 'short', 207.95, 0],
    ['bitmex', 'short', 208, 1],
    ['bitmex', 'short', 208.05, 1],
  ])('when under %s a %s of 2 XBT at 20× meets a mark of %s then liquidations: %s', (rules, side, mark, count) =>
    settles(`${touched({ contract: `ETHUSD ${rules}`, account: 'balance 1 isolated 20x', order: `${side}_open 10000`, entry: 200, mark })}
    expect account main liquidations=${count} wallet=${count === 1 ? '0.9' : '1'}`),
  );
});

describe('positions at 1×', () => {
  test.each([
    // An inverse short: at any price the loss stays below its own value.
    ['XBTUSD', 'generic', 'short', 10000, '1000000', 0, 'none'],
    ['XBTUSD', 'bitmex', 'short', 10000, '1000000', 0, 'none'],
    // An inverse long: 10,050/2 = 5,025; by the ledger 19,950 sat, 5,012.53 → 5,013
    ['XBTUSD', 'generic', 'long', 10000, '5025.5', 0, '5025'],
    ['XBTUSD', 'generic', 'long', 10000, '5025', 1, ''],
    ['XBTUSD', 'bitmex', 'long', 10000, '5013.5', 0, '5013'],
    ['XBTUSD', 'bitmex', 'long', 10000, '5013', 1, ''],
    // A linear long: only at 0; by the entry value at 100
    ['BTCUSDT', 'generic', 'long', 20000, '0.5', 0, '0'],
    ['BTCUSDT', 'bitmex', 'long', 20000, '100.5', 0, '100'],
    ['BTCUSDT', 'bitmex', 'long', 20000, '100', 1, ''],
    // A linear short: 40,000/1.005 = 39,800.995; entry 39,900
    ['BTCUSDT', 'generic', 'short', 20000, '39800.5', 0, '39800.5'],
    ['BTCUSDT', 'generic', 'short', 20000, '39801', 1, ''],
    ['BTCUSDT', 'bitmex', 'short', 20000, '39899.5', 0, '39900'],
    ['BTCUSDT', 'bitmex', 'short', 20000, '39900', 1, ''],
  ])(
    'when %s under %s is held %s from %s and the mark meets %s then liquidations: %s',
    (symbol, rules, side, entry, mark, count, shown) => {
      const qty = symbol === 'XBTUSD' ? 10000 : 1;
      const text = touched({
        contract: `${symbol} ${rules}`,
        account: `balance ${symbol === 'XBTUSD' ? 2 : 40000} isolated 1x`,
        order: `${side}_open ${qty}`,
        entry,
        mark,
      });
      return settles(`${text}
    expect account main liquidations=${count}
    ${count === 0 ? `expect position 04:00 ${side} ${qty} liquidation=${shown}` : ''}`);
    },
  );
});

describe('risk steps at the mark', () => {
  // Steps of 1 XBT: 9,900 @ 10,000 is 0.99, the base. Below 9,900 it is worth more than 1 and needs 1 %, not 0.5:
  // (0.99 + 0.099)/1.01 = 1.0782178, which is 9,181.82.
  test.each([
    ['9182', 0],
    ['9181.5', 1],
    ['9181', 1],
  ])('when the value grows into the next step and the mark meets %s then liquidations: %s', (mark, count) =>
    settles(`${touched({ contract: 'XBTUSD generic risk_limit=1/1', account: 'balance 1 isolated 10x', order: 'long_open 9900', entry: 10000, mark })}
    expect account main liquidations=${count}`),
  );
});

describe('the take-over of an isolated position', () => {
  it('when it is generic then one fill at the bankruptcy price costs exactly the margin', () =>
    settles(`
    contract XBTUSD generic
    account main balance 1 isolated 10x
    path olhc
    bar 01:00 10000
    order long_open 10000 market stop_loss=9000 @bar1
    order long_close 5000 limit 11000 @bar1
    order long_close 5000 limit 11000 @bar2
    bar 02:00 10000
    bar 03:00 10000 10000 9091 9500
    // P* = 9,136.36 at λ = (10,000 − 9,136.36)/909 = 950/999.9: 20 min · 0.950095 = 1,140.114 s
    expect trade 02:00        buy  open  10000 @ 10000 fee=0.00075
    expect trade 03:19:00.114 sell close 10000 @ 9091  taker order=none amount=1.1 fee=0 pnl=-0.1 reason=liquidation
    expect bill  02:00        fee         -0.00075 isolated=0.1
    expect bill  03:19:00.114 liquidation -0.1     isolated=-0.1 fee=0 balance=0.89925
    expect order 1 filled
    expect order 2 cancelled reason=liquidation type=stop parent=1
    expect order 3 rejected  reason=no_position
    expect order 4 cancelled reason=liquidation filled=0
    expect closed long 10000 gross=-0.1 fees=0.00075 net=-0.10075 reason=liquidation
    expect wallet 0.89925
    expect no stop`));

  it('when it is BitMEX then its commission reserve pays the fee of the take-over, as a bill of its own', () =>
    settles(`
    contract XBTUSD bitmex
    account main balance 1 isolated 10x
    path olhc
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    bar 03:00 10000 10000 9132 9500
    // reserve ceil(0.00075 · 1.1) = 0.000825; bankruptcy: 11,000 sat a contract, 9,090.91 → 9,091
    // 9,132.5 at λ = 867.5/868: 1,199.308 s
    expect trade 02:00        buy  open  10000 @ 10000 fee=0.00075
    expect trade 03:19:59.308 sell close 10000 @ 9091  amount=1.1 fee=0.000825 pnl=-0.1 reason=liquidation
    expect bill  02:00        fee         -0.00075  isolated=0.1
    expect bill  03:19:59.308 liquidation -0.1      isolated=-0.1 fee=0.000825
    expect bill  03:19:59.308 fee         -0.000825
    expect closed long 10000 gross=-0.1 fees=0.001575 net=-0.101575
    expect balance 03:00 wallet=0.99925 position=0.100825 available=0.898425
    expect wallet 0.898425`));

  it('when the mark opens beyond bankruptcy then the fill is at the mark and insurance makes up the rest', () =>
    settles(`${longAtTenTimes}
    bar 02:00 8000
    // 1 − 10,000/8,000 = −0.25; all but the margin of 0.1 is made good
    expect trade 01:00 buy  open  10000 @ 10000
    expect trade 02:00 sell close 10000 @ 8000 amount=1.25 pnl=-0.25 reason=liquidation
    expect bill 01:00 fee          0    isolated=0.1
    expect bill 02:00 liquidation -0.25 isolated=-0.1
    expect bill 02:00 insurance    0.15
    expect closed long 10000 gross=-0.1 net=-0.1 reason=liquidation
    expect account main wallet=0.9 insurance=0.15 liquidations=1`));

  it('when slippage is set then a take-over has none', () =>
    settles(`${longAtTenTimes}
    slippage 10 ticks
    bar 02:00 9100
    // bought at 10,005: V = 99,950,025, A = 9,995,003, P_B = 9,095.45 → 9,095.5
    expect trade 01:00 buy  open  10000 @ 10005
    expect trade 02:00 sell close 10000 @ 9095.5 pnl=-9995003sat reason=liquidation
    expect wallet 90004997sat`));
});

describe('the take-over of a cross position', () => {
  it('when it is generic then the whole wallet is lost at the bankruptcy price and the account ends', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.25 cross 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    order long_open 10000 limit 5000 @bar2
    bar 03:00 8010
    order long_open 1 market @bar3
    bar 04:00 8010
    // P* = 10,050/1.25 = 8,040; P_B = 10,000/1.25 = 8,000
    expect trade 02:00 buy  open  10000 @ 10000
    expect trade 03:00 sell close 10000 @ 8000 pnl=-0.25 amount=1.25 reason=liquidation fee=0
    expect bill 03:00 liquidation -0.25 isolated=0 balance=0
    expect order 1 filled
    expect order 2 rejected code=70004
    expect order 3 rejected code=70005
    expect account main wallet=0 liquidations=1 bankrupt=03:00 rejected=2`));

  it('when it is BitMEX then there is no fee bill', () =>
    settles(`
    contract XBTUSD bitmex
    account main balance 0.25 cross 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    bar 03:00 8010
    expect balance 02:00 wallet=0.24925 position=0.100825
    expect bill 02:00 fee         -0.00075
    expect bill 03:00 liquidation -0.24925 balance=0
    expect account main bankrupt=03:00 fees=0.00075`));

  it('when the mark opens beyond bankruptcy then insurance brings the wallet to 0', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.25 cross 10x
    bar 01:00 10000
    order long_open 10000 market @bar1
    bar 02:00 10000
    bar 03:00 5000
    expect bill 03:00 liquidation -1   balance=-0.75
    expect bill 03:00 insurance   0.75 balance=0
    expect account main wallet=0 insurance=0.75 bankrupt=03:00`));
});

describe('liquidation at an open and orders given at the last close', () => {
  it('when the gap liquidates then a queued close is dropped and a queued open fills', () =>
    settles(`${longAtTenTimes}
    order long_close 5000 market @bar2
    order short_open 1000 market @bar2
    bar 02:00 9100
    expect trade 01:00 buy  open  10000 @ 10000
    expect trade 02:00 sell close 10000 @ 9091 pnl=-0.1 reason=liquidation
    expect trade 02:00 sell open  1000  @ 9100 reason=order
    expect order 1 filled
    expect order 2 cancelled reason=no_position code=400
    expect order 3 filled
    expect wallet 0.9`));

  it('when a stop lies exactly at the liquidation price then liquidation comes first', () =>
    settles(`
    contract BTCUSDT bitmex taker_fee=0
    account main balance 1000 isolated 50x
    bar 01:00 20000
    order long_open 1 market stop_loss=19700 @bar1
    bar 02:00 20000
    bar 03:00 20000 20000 19600 19650
    expect account main liquidations=1 wallet=600
    expect no stop`));

  it('when the stop is one tick nearer then the stop comes first', () =>
    settles(`
    contract BTCUSDT bitmex taker_fee=0
    account main balance 1000 isolated 50x
    bar 01:00 20000
    order long_open 1 market stop_loss=19700.5 @bar1
    bar 02:00 20000
    bar 03:00 20000 20000 19600 19650
    expect account main liquidations=0 wallet=700.5
    // either way round the stop is met first and the ends agree: low first, 299.5/400 of 20 minutes
    expect stop 03:14:58.500 sell 1 @ 19700.5 loss pnl=-299.5`));
});

describe('an order whose position would be liquidated at once', () => {
  it('when this is known at submission then the order is refused', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 10 isolated 10x
    bar 01:00 10000 | 9000
    order long_open 10000 market @bar1       // A = 0.1, U = 1 − 10/9 = −0.111: equity below 0
    bar 02:00 10000 | 9000
    expect order 1 rejected reason=would_liquidate
    expect no trade`));

  it('when a gap brings it about then the fill is liquidated', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 10 isolated 10x
    bar 01:00 10000 | 10000
    order long_open 10000 market @bar1
    bar 02:00 10000 | 9100
    expect account main liquidations=1 wallet=9.9
    expect order 1 filled`));
});
