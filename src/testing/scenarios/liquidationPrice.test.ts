/**
 * At which mark a position is liquidated: boundaries in threes (one tick better, at, one tick worse) for every contract type,
 * side, mode and rule, and who cannot be liquidated at all (settlement rules, section 4).
 */

import { describe, it, test } from '@jest/globals';
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
      ${isLiquidated === 'no' ? `expect position 04:00 ${side} 10000 liquidation=${shown} maintenance=0.005` : ''}
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

  it('when 500 are long from 6,725 at 25× then the price is 6,498', () =>
    // (7,435,000 + 260,225)/500 = 15,390.45 → 15,390 sat a contract, 6,497.73 → 6,498
    settles(`${touched({ contract: 'XBTUSD bitmex', account: 'balance 1 isolated 25x', order: 'long_open 500', entry: 6725, mark: 6725 })}
    expect position 04:00 long 500 liquidation=6498`));

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
      expect account main liquidations=${count} wallet=${count === 1 ? '0' : '0.1'}`);
    },
  );
});

describe('resting orders of a cross account', () => {
  test.each([
    ['7731', 0],
    ['7730.5', 1],
    ['7730', 1],
  ])('when orders lock margin and the mark meets %s then they do not hasten liquidation: %s', (mark, count) =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 0.3 cross 10x
    bar 01:00 10000 | 10000
    order long_open 10000 market @bar1
    bar 02:00 10000 | 10000
    order short_open 25000 limit 20000 @bar2
    bar 03:00 10000 | 10000
    bar 04:00 10000 | 10000 10000 ${mark} 10000
    // 10,050/1.3 = 7,730.77; the order locks 0.075 for the 15,000 that would open
    expect balance 04:00 order=0.075 available=0.125
    expect account main liquidations=${count}
    expect order 1 filled
    expect order 2 ${count === 1 ? 'cancelled reason=liquidation' : 'expired'}`),
  );
});

describe('a bar that opens at the price', () => {
  test.each([
    ['generic', 'long', '2x', 6700.5, 0],
    ['generic', 'long', '2x', 6700, 1],
    ['generic', 'long', '2x', 6699.5, 1],
    ['generic', 'short', '2x', 19899.5, 0],
    ['generic', 'short', '2x', 19900, 1],
    ['generic', 'short', '2x', 19900.5, 1],
    ['bitmex', 'long', '10x', 9133, 0],
    ['bitmex', 'long', '10x', 9132.5, 1],
    ['bitmex', 'long', '10x', 9132, 1],
    ['bitmex', 'short', '10x', 11049, 0],
    ['bitmex', 'short', '10x', 11049.5, 1],
    ['bitmex', 'short', '10x', 11050, 1],
  ])(
    'when under %s a %s at %s meets a mark that opens at %s then liquidations: %s',
    (rules, side, leverage, mark, count) =>
      settles(`
    contract XBTUSD ${rules} taker_fee=0
    account main balance 1 isolated ${leverage}
    bar 01:00 10000 | 10000
    order ${side}_open 10000 market @bar1
    bar 02:00 10000 | 10000
    bar 03:00 10000 | ${mark}
    expect account main liquidations=${count}
    expect order 1 filled
    expect ${count === 0 ? 'no closed' : `closed ${side} 10000 closed=03:00 reason=liquidation`}`),
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
    ['bitmex', 510.5, 0],
    ['bitmex', 510, 1],
    ['bitmex', 509.5, 1],
    ['generic', 505.5, 0],
    ['generic', 505, 1],
    ['generic', 504.5, 1],
  ])('when under %s a cross long of 20 @ 1,000 meets a mark of %s then liquidations: %s', (rules, mark, count) =>
    settles(`${karen(rules, mark)}
    expect account main liquidations=${count} wallet=${count === 1 ? '0' : '10000'}`),
  );

  it('when that long is liquidated at 510 then it is taken over at its bankruptcy price of 500', () =>
    settles(`${karen('bitmex', 510)}
    expect trade 02:00 buy  open  20 @ 1000
    expect trade 03:20 sell close 20 @ 500 reason=liquidation pnl=-10000 amount=10000 // at the low, the end of the first leg
    expect account main bankrupt=03:20`));
});

/** 20 @ 1,000 cross with a wallet of 10,000 and a maintenance rate of 1 %. */
function karen(rules: string, mark: number): string {
  return touched({
    contract: `BTCUSDT ${rules} initial_margin=0.02 maintenance_margin=0.01`,
    account: 'balance 10000 cross 10x',
    order: 'long_open 20',
    entry: 1000,
    mark,
  });
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
