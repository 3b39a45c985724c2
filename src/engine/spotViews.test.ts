/** What a strategy sees of spot: its holding as a position, and the wallets and free money of its ledgers. */

import { describe, expect, it } from '@jest/globals';
import type { Account, SymbolPosition } from '../strategy/strategy.js';
import { parseScenario } from '../testing/scenario/parseScenario.js';
import { collectNothing, inputOf } from '../testing/scenario/runScenario.js';
import { runBacktest } from './engine.js';

/** Runs the text and lets `atClose` act and look at each close, told the number of the bar. */
async function look(text: string, atClose: (account: Account, bar: number) => void): Promise<void> {
  const script = parseScenario(`${text}\n expect wallet 0`);
  let bar = 0;
  const handleData = (context: { readonly account: Account }): void => {
    bar += 1;
    atClose(context.account, bar);
  };
  await runBacktest({ ...inputOf(script, collectNothing()), strategy: { handleData } });
}

const run = `
  contract BTC/USDT generic taker_fee=0
  account  main balance 10000 BTC=1 isolated 10x hedged
  bar      01:00 20000
  bar      02:00 20000 21000 20000 21000
  bar      03:00 21000`;

describe('the position of a pair', () => {
  it('when coins are held and sold then it is the holding at last, without margin, never a short', async () => {
    const seen: SymbolPosition[] = [];
    await look(run, (account, bar) => {
      seen.push(account.position('BTC/USDT'));
      if (bar === 1) account.buy('BTC/USDT', null, '0.1');
      if (bar === 2) account.sell('BTC/USDT', null, '0.5');
    });
    const flat = {
      symbol: 'BTC/USDT',
      qty: 0,
      entryPrice: Number.NaN,
      unrealizedPnl: 0,
      margin: 0,
      mode: 'cross',
      leverage: 1,
      liquidationPrice: null,
    };
    const held = { ...flat, qty: 0.1, entryPrice: 20_000, unrealizedPnl: 100 };
    expect(seen).toHaveLength(3);
    expect(seen).toMatchObject([
      { ...flat, positionMode: 'one_way', long: flat, short: flat },
      { ...held, positionMode: 'one_way', long: held, short: flat },
      { ...flat, positionMode: 'one_way', long: flat, short: flat },
    ]);
    // As text it has the same fields.
    expect(JSON.parse(JSON.stringify(seen[1]))).toEqual({
      ...held,
      positionMode: 'one_way',
      long: held,
      short: { ...flat, entryPrice: null },
    });
  });
});

describe('the ledgers of an account', () => {
  it('when money and coins are held and locked then each ledger says what it has and what is free', async () => {
    const seen: number[][] = [];
    await look(run, (account, bar) => {
      if (bar === 1) {
        account.buy('BTC/USDT', 19_000, '0.1');
        account.sell('BTC/USDT', 30_000, '0.25');
      }
      seen.push([account.balanceOf('USDT'), account.availableOf('USDT'), account.balance, account.available]);
      seen.push([account.balanceOf('BTC'), account.availableOf('BTC'), account.balanceOf('ETH')]);
    });
    expect(seen.slice(0, 2)).toEqual([
      [10_000, 8_100, 10_000, 8_100],
      [1, 0.75, 0],
    ]);
  });

  it('when a ledger is of XBT then BTC is another name of it, unless there is a ledger of that name too', async () => {
    const pairs = 'contract BTC/USDT generic\n contract XBTUSD generic';
    const text = (balances: string): string => `${pairs}
      account main balance ${balances} cross 10x
      bar 01:00 20000
      bar 01:00 XBTUSD 20000`;
    const seen: number[][] = [];
    const both = (account: Account): void => {
      seen.push([account.balanceOf('BTC'), account.availableOf('BTC'), account.balanceOf('XBT')]);
    };
    await look(text('XBT=2'), both);
    await look(text('BTC=1'), both);
    await look(text('BTC=1 XBT=2'), both);
    await look(text('100'), both);
    expect(seen).toEqual([
      [2, 2, 2],
      [1, 1, 1],
      [1, 1, 2],
      [0, 0, 0],
    ]);
  });

  it('when more is locked by margin than there is then nothing is available, not less', async () => {
    // Long 4 at 20,000 with 10,000 and 10x; at 18,500 6,000 are lost of 2,000 free.
    const seen: number[] = [];
    await look(
      `contract BTCUSDT generic taker_fee=0
      account main balance 10000 cross 10x
      bar 01:00 20000
      bar 02:00 20000 20000 18500 18500`,
      (account, bar) => {
        if (bar === 1) account.longOpen('BTCUSDT', null, 4);
        else seen.push(account.balanceOf('USDT'), account.availableOf('USDT'));
      },
    );
    expect(seen).toEqual([10_000, 0]);
  });
});
