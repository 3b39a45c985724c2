/**
 * The harness of the scenarios can fail: wrong numbers, missing and surplus rows, broken laws and misspelt lines are each told
 * by line. What the engine does is judged elsewhere; here its results are only something to be wrong about.
 */

import { describe, expect, it, test } from '@jest/globals';
import { PRESET_NAMES } from '../../venue/presets.js';
import { CAST_SYMBOLS, longAtTenTimes } from '../cast.js';
import { brokenLaws } from './laws.js';
import { parseScenario } from './parseScenario.js';
import { type Collected, runScenario } from './runScenario.js';
import { settles } from './scenario.js';
import { formatTime, parseNumber, parseTime } from './words.js';

async function complaintOf(text: string): Promise<string> {
  try {
    await settles(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no complaint';
}

const closedAtNineThousand = `${longAtTenTimes}
  order long_close 10000 market @bar2
  bar 02:00 9900`;

describe('a scenario that comes out as written', () => {
  it('when every line agrees then there is no complaint', async () => {
    const text = `${closedAtNineThousand}
      expect trade   01:00 buy  open  10000 @ 10000 taker fee=0 amount=1
      expect trade   02:00 sell close 10000 @ 9900  taker pnl=-1010101sat // 1 − 10000/9900 = −0.01010101
      expect wallet  0.98989899
      expect closed  long 10,000 entry=10000.00 exit=29700/3
      expect balance 02:00 available=0.98989899
      expect no stop`;
    expect(await complaintOf(text)).toBe('no complaint');
  });
});

describe('lines of settings and money', () => {
  it('when an account is hedged then both sides stand side by side', async () => {
    // Linear, no fees: long 1 and short 0.5 at 20,000 in cross at 10×; at 21,000 they have made +1,000 and −500.
    const text = `
      contract BTCUSDT generic taker_fee=0 maker_fee=0
      account  main balance 10000 cross 10x hedged
      bar      01:00 20000
      bar      02:00 20000
      bar      03:00 21000
      order    long_open  1   market @bar1
      order    short_open 0.5 market @bar1
      expect trade 02:00 buy  open 1   @ 20000
      expect trade 02:00 sell open 0.5 @ 20000
      expect position 04:00 long  1   upnl=1000 margin=2000
      expect position 04:00 short 0.5 upnl=-500 margin=1000
      expect balance  04:00 wallet=10000 upnl=500 position=3000 available=7500`;
    expect(await complaintOf(text)).toBe('no complaint');
  });

  it('when the position mode is changed then orders of both directions stand side by side from then on', async () => {
    const text = `
      contract BTCUSDT generic taker_fee=0 maker_fee=0
      account  main balance 10000 isolated 10x taker=0
      bar      01:00 20000
      bar      02:00 20000
      bar      03:00 20000
      position_mode hedged @bar1
      position_mode one_way @bar2
      order    long_open  1 market @bar1
      order    short_open 1 market @bar1
      margin   in 100 @bar2
      margin   in 100 side=short @bar2
      expect call 1 done
      expect call 2 rejected code=70002 reason=open_position
      expect call 3 rejected code=400 reason=side_needed
      expect call 4 done
      expect position 04:00 long  1 margin=2000
      expect position 04:00 short 1 margin=2100
      expect account main open=2`;
    expect(await complaintOf(text)).toBe('no complaint');
  });

  it('when money comes and goes then the bills, the wallet and the deposits of the account say so', async () => {
    const text = `
      contract BTCUSDT generic
      account  main  balance 10,000 cross 10x
      account  other balance 500 cross 10x
      bar      01:00 20000
      bar      02:00 20000
      deposit  250.5 @bar1
      withdraw 1,000 @bar1
      transfer other 50 @bar1
      transfer nobody 50 @bar1
      withdraw 1000 account=other @bar1
      expect call 1 done
      expect call 2 done
      expect call 3 done
      expect call 4 rejected code=400 reason=unknown_account
      expect call 5 rejected code=70004 reason=insufficient_margin
      expect bill 02:00 deposit 250.5 account=main balance=10250.5
      expect bill 02:00 withdraw -1000 account=main balance=9250.5
      expect bill 02:00 transfer_out -50 account=main balance=9200.5
      expect bill 02:00 transfer_in 50 account=other balance=550
      expect account main wallet=9200.5 deposits=-799.5
      expect account other wallet=550 deposits=50`;
    expect(await complaintOf(text)).toBe('no complaint');
  });

  it('when margin is called for by itself then the account says so, and a line can turn it off', async () => {
    // Inverse long 10,000 at 10,000, 10×: due at 9,136.36. With margin on call it lives at 9,100; without it does not.
    const text = `
      contract XBTUSD generic taker_fee=0 maker_fee=0
      account  main balance 1 isolated 10x auto_margin
      bar      00:00 10000
      bar      01:00 10000
      bar      02:00 10000 10000 9100 9100
      order    long_open 10000 market @bar1`;
    expect(await complaintOf(`${text}\nexpect account main liquidations=0 open=1`)).toBe('no complaint');
    const off = `${text}\nauto_margin off @bar1\nexpect call 1 done\nexpect account main liquidations=1 open=0`;
    expect(await complaintOf(off)).toBe('no complaint');
  });

  test.each(PRESET_NAMES)('when the rules are those of %s then every contract of the cast trades', async (rules) => {
    const prices: Readonly<Record<string, string>> = { XBTUSD: '10000', BTCUSDT: '20000', ETHUSD: '200' };
    for (const symbol of CAST_SYMBOLS.filter((name) => name in prices)) {
      const text = `
        contract ${symbol} ${rules} taker_fee=0 maker_fee=0 liquidation_fee=0.01
        account  main balance 1,000,000 isolated 10x
        bar      01:00 ${prices[symbol]}
        bar      02:00 ${prices[symbol]}
        bar      03:00 ${prices[symbol]}
        order    long_open 100 market @bar1
        order    long_close 100 market @bar2
        expect trade 02:00 buy open 100 @ ${prices[symbol]}
        expect trade 03:00 sell close 100 @ ${prices[symbol]}
        expect wallet 1,000,000`;
      expect(await complaintOf(text)).toBe('no complaint');
    }
  });
});

describe('a scenario that comes out otherwise', () => {
  it('when a field differs then expected and found stand one under the other', async () => {
    const complaint = await complaintOf(`${longAtTenTimes}
  expect trade 01:00 buy open 10000 @ 10001 taker fee=75000sat`);
    expect(complaint).toBe(`the scenario does not come out as written

line 7
  expected  trade 01:00 buy open 10000 @ 10001 taker fee=75000sat
  found     trade 01:00 buy open 10000 @ 10000 taker fee=0sat
  differs   price: expected 10001, found 10000; fee: expected 75000sat, found 0sat
`);
  });

  test.each([
    ['a wallet', 'expect wallet 0.90000001', 'wallet: expected 0.90000001'],
    ['a time', 'expect balance 00:30 wallet=1', '0 such rows'],
    ['a flag', 'expect trade 01:00 buy open 10000 @ 10000 maker', 'liquidity: expected maker, found taker'],
    ['a side', 'expect position 02:00 short 10000', 'side: expected short, found long'],
    ['an average', 'expect position 02:00 long 10000 entry=10000.01', 'entry: expected 10000.01'],
    ['a missing value', 'expect position 02:00 long 10000 liquidation=none', 'found 9136.5'],
    ['an order', 'expect order 1 rejected code=70004', 'code: expected 70004, found none'],
    ['a count', 'expect account main liquidations=1', 'liquidations: expected 1, found 0'],
    ['an unknown account', 'expect account second wallet=1', '0 such rows'],
  ])('when %s differs then the complaint says so', async (_what, line, complaint) => {
    expect(await complaintOf(`${longAtTenTimes}\n${line}`)).toContain(complaint);
  });

  test.each([
    ['is missing', 'expect trade 01:00 buy open 10000 @ 10000', 'not expected\n  found     trade 02:00 sell close'],
    [
      'is too much',
      `expect trade 01:00 buy open 10000 @ 10000
       expect trade 02:00 sell close 10000 @ 9900
       expect trade 02:00 sell close 1 @ 9900`,
      'found     nothing',
    ],
    ['is there at all', 'expect no trade', 'not expected'],
    [
      'is out of order',
      `expect trade 02:00 sell close 10000 @ 9900
       expect trade 01:00 buy open 10000 @ 10000`,
      'time: expected 02:00, found 01:00',
    ],
  ])('when a row %s then the complaint says so', async (_what, lines, complaint) => {
    expect(await complaintOf(`${closedAtNineThousand}\n${lines}`)).toContain(complaint);
  });
});

describe('laws that hold in every run', () => {
  const run = () => runScenario(parseScenario(`${closedAtNineThousand}\nexpect wallet 1`));
  const first = <T>(rows: readonly T[], change: Partial<T>): T[] =>
    rows.map((row, i) => (i === 0 ? { ...row, ...change } : row));

  test.each<[string, (collected: Collected) => Partial<Collected>, string]>([
    ['none', () => ({}), ''],
    ['a balance', ({ balances }) => ({ balances: first(balances, { available: 0n }) }), 'is not 0 +'],
    ['a wallet', ({ balances }) => ({ balances: first(balances, { wallet: 0n }) }), 'margin balance'],
    ['a moment', ({ balances }) => ({ balances: [balances[0]!, ...balances] }), 'a second row for one moment'],
    ['the last row', ({ balances }) => ({ balances: balances.slice(0, -1) }), 'not at the last close'],
    ['a bill', ({ bills }) => ({ bills: first(bills, { amount: 1n }) }), 'the bills sum to 1'],
    ['an assigned margin', ({ bills }) => ({ bills: first(bills, { isolatedDelta: 1n }) }), 'still has 1 assigned'],
    [
      'a commission',
      ({ trades }) => ({ trades: first(trades, { commission: 1n }) }),
      'fees of the summary and of trades',
    ],
    ['a profit', ({ trades }) => ({ trades: first(trades, { realizedPnl: 1n }) }), 'PnL of trades and of bills'],
    ['a quantity', ({ trades }) => ({ trades: first(trades, { qty: 1n }) }), 'has filled 10000, its trades 1'],
    ['an open order', ({ orders }) => ({ orders: first(orders, { status: 'open' }) }), 'is open after the end'],
    ['an id', ({ trades }) => ({ trades: first(trades, { id: 2 }) }), 'do not count from 1'],
    ['a time', ({ trades }) => ({ trades: first(trades, { timeMs: 9e12 }) }), 'run backwards'],
    [
      'the deposit',
      ({ bills }) => ({ bills: first(bills, { type: 'funding' }) }),
      'the first bills are not the deposits',
    ],
    ['a call', ({ calls }) => ({ calls: [...calls, { id: 1, kind: 'deposit', status: 'done' }] }), 'account and call'],
  ])('when %s is broken then it is told', async (what, change, told) => {
    const { script, collected, outcome } = await run();
    const broken = brokenLaws({ script, outcome, collected: { ...collected, ...change(collected) } });
    if (what === 'none') expect(broken).toEqual([]);
    else expect(broken.join('\n')).toContain(told);
  });
});

describe('text that cannot be read', () => {
  const good = `${longAtTenTimes}\n  expect wallet 1`;

  it('when the text is read then the line of a mistake is named', () => {
    expect(() => parseScenario(`${longAtTenTimes}\n  expct wallet 1`)).toThrow(/^line 7: "expct" is unknown/);
  });

  test.each([
    ['an unknown table', 'expect wealth 1', 'table "wealth" is unknown'],
    ['an unknown field', 'expect wallet 1 colour=red', '"colour=red" is unknown'],
    ['a field without a value', 'expect account main wallet=', '"wallet=" is unknown'],
    ['a field given twice', 'expect account main wallet=1 wallet=1', 'wallet is given twice'],
    ['no @ before a price', 'expect trade 01:00 buy open 1 9000', 'the word @ "9000" is unknown'],
    ['a bar before the last', 'bar 00:30 10000', 'opens before the one above has closed'],
    ['a mark on one bar only', 'bar 02:00 10000 | 10000', 'a mark on every bar, or on none'],
    ['a low above the open', 'bar 02:00 10000 10001 10000.5 10001', 'low ≤ open, close ≤ high'],
    ['a word after the mark', 'bar 02:00 10000 finished', 'high "finished" is not a number'],
    ['an order on a bar that is not there', 'order long_open 1 market @bar9', 'there is no bar 9'],
    ['an order without a bar', 'order long_open 1 market', '@bar is missing'],
    ['an unknown call', 'order hold 1 market @bar1', 'call "hold" is unknown'],
    ['an unknown option', 'order long_open 1 market stop_los=9 @bar1', '"stop_los" is unknown'],
    ['an unknown account', 'order long_open 1 market account=x @bar1', 'there is no account x'],
    ['a second contract', 'contract XBTUSD generic', 'this was said before'],
    ['a number that is none', 'slippage two ticks', 'slippage "two" is not a number'],
    ['a side that is none', 'margin in 1 side=up @bar1', 'side is long or short'],
    ['a switch that is none', 'auto_margin maybe @bar1', 'auto_margin "maybe" is unknown'],
    ['a position mode that is none', 'position_mode net @bar1', 'position mode "net" is unknown'],
    ['a flag given twice', 'account x balance 1 cross 1x hedged hedged', 'hedged is given twice'],
    ['an unknown flag', 'account x balance 1 cross 1x hedge', '"hedge" is not name=value'],
    ['a transfer without an amount', 'transfer other', 'the amount is missing'],
    ['surplus words', 'path ohlc please', '"please" is not understood here'],
    ['"no" of a row picked', 'expect no balance', 'compared whole'],
  ])('when a line has %s then it is refused', (_what, line, complaint) => {
    expect(() => parseScenario(good)).not.toThrow();
    expect(() => parseScenario(`${good}\n  ${line}`)).toThrow(complaint);
  });

  it('when a contract has an unknown field then the contract table refuses it', () => {
    expect(() => parseScenario(good.replace('taker_fee=0', 'colour=red'))).toThrow('unknown field "colour"');
  });

  test.each([
    ['expect line', longAtTenTimes],
    ['contract', 'account main balance 1 cross 1x\nbar 00:00 1\nexpect wallet 1'],
    ['account', 'contract XBTUSD generic\nbar 00:00 1\nexpect wallet 1'],
    ['bar', 'contract XBTUSD generic\naccount main balance 1 cross 1x\nexpect wallet 1'],
  ])('when there is no %s then it is refused', (what, text) => {
    expect(() => parseScenario(text)).toThrow(`the scenario has no ${what}`);
  });
});

describe('words', () => {
  test.each([
    ['10,000', { num: 10000n, den: 1n }],
    ['-83333sat', { num: -83333n, den: 100_000_000n }],
    ['100500/11', { num: 100500n, den: 11n }],
    ['0.5', { num: 5n, den: 10n }],
    ['9,00', undefined],
    ['x', undefined],
  ])('when a number is written %s then it is exact', (word, value) => {
    expect(parseNumber(word)).toEqual(value);
  });

  test.each(['09:00', '23:59:59', '2/00:00', '2/04:00:00.001'])(
    'when a time is %s then it reads and prints alike',
    (word) => {
      expect(formatTime(parseTime(word)!)).toBe(word);
    },
  );

  test.each(['9:00', '24:00', '09:60', '0900'])('when a time is %s then it is none', (word) => {
    expect(parseTime(word)).toBeUndefined();
  });
});
