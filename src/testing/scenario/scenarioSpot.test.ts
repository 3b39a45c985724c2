/**
 * The words of a scenario for spot pairs, several contracts and several currencies: what they mean, what is refused, and that the
 * laws about them can be broken.
 */

import { describe, expect, it, test } from '@jest/globals';
import { brokenLaws } from './laws.js';
import { parseScenario } from './parseScenario.js';
import { type Collected, runScenario } from './runScenario.js';
import { settles } from './scenario.js';

const good = `
  contract BTC/USDT generic taker_fee=0
  contract BTCUSDT  generic taker_fee=0
  account  main balance 10,000 BTC=1 cross 10x
  bar      01:00 20000
  bar      01:00 BTCUSDT 20010
  bar      02:00 20000
  order    buy 0.1 market @bar1`;

describe('several contracts and currencies', () => {
  it('when bars name their symbol then one open time is one step, and rows are picked by symbol and currency', () =>
    settles(`${good}
    order    long_open 0.1 market symbol=BTCUSDT @bar2
    bar      23:00 20000
    bar      23:00 BTCUSDT 20020
    deposit  1 BTC @bar2
    withdraw 1,000 USDT @bar2
    transfer main 1 BTC @bar2
    expect trade 02:00 buy open 0.1 @ 20000 symbol=BTC/USDT
    expect trade 23:00 buy open 0.1 @ 20020 symbol=BTCUSDT
    expect order 1 filled symbol=BTC/USDT
    expect order 2 filled symbol=BTCUSDT
    expect call 1 done
    expect call 2 done
    expect call 3 rejected reason=same_account
    expect position 2/00:00 long 0.1 symbol=BTCUSDT mode=cross leverage=10 free=0.1
    expect position 2/00:00 long 0.1 symbol=BTC/USDT mode=none leverage=none
    expect balance  2/00:00 currency=BTC wallet=2.1
    expect wallet   7000 currency=USDT
    expect account  main currency=BTC deposits=1 spot=0.1`));

  it('when a line could be about several ledgers then it must say which', async () => {
    await expect(settles(`${good}\n expect wallet 8000`)).rejects.toThrow('2 such rows');
  });
});

describe('text that cannot be read', () => {
  test.each([
    ['the same contract twice', 'contract BTCUSDT generic', 'this was said before'],
    ['another venue', 'contract XBTUSD bitmex', 'all contracts are of one venue'],
    ['a currency of no contract', 'account x balance ETH=1 cross 1x', 'no contract has the currency ETH'],
    ['no number after a currency', 'account x balance BTC=one cross 1x', 'BTC=one "one" is not a number'],
    ['a second bar of a symbol too early', 'bar 01:30 BTCUSDT 20000', 'opens before the one above has closed'],
    ['an order on a step that is not there', 'order buy 1 market @bar3', 'there is no bar 3'],
    ['a symbol twice', 'mode cross symbol=BTCUSDT symbol=BTCUSDT @bar1', 'symbol is given twice'],
  ])('when a line has %s then it is refused', (_what, line, complaint) => {
    const text = `${good}\n expect account main currency=BTC wallet=1`;
    expect(() => parseScenario(text)).not.toThrow();
    expect(() => parseScenario(`${text}\n  ${line}`)).toThrow(complaint);
  });
});

describe('laws of spot trades', () => {
  const first = <T>(rows: readonly T[], change: Partial<T>): T[] =>
    rows.map((row, i) => (i === 0 ? { ...row, ...change } : row));

  test.each<[string, (collected: Collected) => Partial<Collected>, string]>([
    ['none', () => ({}), ''],
    [
      'the value of a trade',
      ({ trades }) => ({ trades: first(trades, { amount: 1n }) }),
      'spot trades and their bills',
    ],
    [
      'the coins of a trade',
      ({ trades }) => ({ trades: first(trades, { qty: 1n }) }),
      'spot trades and their bills of',
    ],
    ['the second deposit', ({ bills }) => ({ bills: [bills[0]!, ...bills.slice(2)] }), 'the first bills are not'],
  ])('when %s is broken then it is told', async (what, change, told) => {
    const { script, collected, outcome } = await runScenario(parseScenario(`${good}\n expect no closed`));
    const broken = brokenLaws({ script, outcome, collected: { ...collected, ...change(collected) } });
    if (what === 'none') expect(broken).toEqual([]);
    else expect(broken.join('\n')).toContain(told);
  });
});
