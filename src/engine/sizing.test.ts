/** The questions for a quantity: worked numbers of each contract type, leverage, fees, what is available, and what is no question. */

import { describe, expect, it, test } from '@jest/globals';
import { TradingAccount } from '../account/account.js';
import { AccountFacade } from '../strategy/accountFacade.js';
import type { Account } from '../strategy/strategy.js';
import { castContract } from '../testing/cast.js';
import { d, rulesOf } from '../testing/laws/contracts.js';
import { marketAt, standing } from '../testing/laws/steps.js';
import { runtimeOn } from './fixtures/runtimeOn.js';
import { OrderDesk } from './orderDesk.js';

interface Given {
  readonly symbol: string;
  readonly balance: bigint;
  readonly leverage: string;
  readonly mode: 'cross' | 'isolated';
  readonly fee: string;
}

const BASE: Given = { symbol: 'XBTUSD', balance: 50_000_000n, leverage: '10', mode: 'isolated', fee: '0' };

/** An account with a balance in units of the contract's currency, at the close of a bar at 40,000. */
function accountWith(changes: Partial<Given> = {}): Account {
  const { symbol, balance, leverage, mode, fee } = { ...BASE, ...changes };
  const rules = rulesOf('generic');
  const contract = castContract(symbol, rules);
  const pair = castContract('BTC/USDT', rules);
  const market = marketAt([contract, pair].map((each) => ({ contract: each, last: standing(40_000) })));
  const currency = contract.settle;
  const account = new TradingAccount({
    name: 'main',
    rules,
    currency,
    mode,
    leverage: d(leverage),
    positionMode: 'one_way',
    autoMargin: false,
    takerFee: d(fee),
  });
  account.deposit(balance, 0, 'start', currency);
  const runtime = runtimeOn(account, market);
  const slippage = { unit: 'ticks', amount: { num: 0n, den: 1n } } as const;
  const desk = new OrderDesk([runtime], market, [new Set()], { slippage, onOverride: () => {} });
  desk.setTime('close', market.closeTimeMs, 0);
  desk.phase = 'trading';
  return new AccountFacade(desk, 0, { name: 'main', exchange: 'generic', currency: currency.code });
}

const usdt = { symbol: 'BTCUSDT', balance: 100_000_000_000n };

describe('safe size', () => {
  it('when 1,000 USDT are available at 10x then 0.05 BTC at 40,000', () => {
    expect(accountWith(usdt).safeSize('BTCUSDT', 40_000)).toBe(0.05);
  });

  it('when 0.5 XBT are available at 10x then 40,000 inverse contracts at 40,000', () => {
    expect(accountWith().safeSize('XBTUSD', '40000')).toBe(40_000);
  });

  test.each([
    [{}, 40_000, 1, 200_000],
    [{ leverage: '5' }, 40_000, '0.2', 20_000],
    [{ leverage: '0', mode: 'cross' as const }, 40_000, 0.2, 400_000], // 1 % initial margin: as 100x
    [{ mode: 'cross' as const }, 20_000, 0.2, 20_000],
    [{}, 40_000, 0.00000501, 1],
    [{}, 40_000, 0.000005, 1],
    [{}, 40_000, 0.00000499, 0], // 0.998 contracts
    [{ balance: 0n }, 40_000, 1, 0],
  ])('when it is %j at %s with a share of %s then %s', (changes, price, share, qty) => {
    expect(accountWith(changes).safeSize('XBTUSD', price, share)).toBe(qty);
  });

  it('when a position takes margin then what is left counts', () => {
    const account = accountWith();
    account.longOpen('XBTUSD', 39_000, 100_000); // locks 0.2564 of 0.5 XBT
    expect(account.safeSize('XBTUSD', 40_000)).toBe(19_487);
  });
});

describe('risk size', () => {
  // 1,000 USDT: 1 % is 10; a way of 400 a BTC.
  test.each([
    [usdt, 40_000, 39_600, 0.01, 0.025],
    [usdt, 40_000, 40_400, 0.01, 0.025],
    [{ ...usdt, fee: '0.001' }, 40_000, 39_600, 0.01, 0.02], // 10/(400 + 79.6) = 0.02085
    [usdt, 40_000, 40_000, 0.01, 0],
    [usdt, 40_000, 30_000, 0.001, 0],
    [usdt, 40_000, 39_000, 0.001, 0.001],
    [{ ...usdt, fee: '-0.02' }, 40_000, 39_600, 0.01, 0],
  ])('when it is %j from %s to %s with a share of %s then %s', (changes, price, stop, share, qty) => {
    expect(accountWith(changes).riskSize('BTCUSDT', price, stop, share)).toBe(qty);
  });

  it('when contracts are inverse then by their value: 0.005 XBT from 40,000 to 38,000', () => {
    // 1/38,000 − 1/40,000 = 1/760,000 XBT a contract
    expect(accountWith().riskSize('XBTUSD', 40_000, 38_000, 0.01)).toBe(3_800);
  });
});

describe('what is no question', () => {
  test.each<[string, (account: Account) => number]>([
    ['an unknown symbol', (account) => account.safeSize('NONE', 1)],
    ['a spot pair', (account) => account.safeSize('BTC/USDT', 1)],
    ['a price of 0', (account) => account.safeSize('XBTUSD', 0)],
    ['a price that is none', (account) => account.safeSize('XBTUSD', 'ten')],
    ['a share of 0', (account) => account.safeSize('XBTUSD', 1, 0)],
    ['a share that is no number', (account) => account.safeSize('XBTUSD', 1, Number.NaN)],
    ['a stop below 0', (account) => account.riskSize('XBTUSD', 1, -1, 0.1)],
    ['a missing share', (account) => account.riskSize('XBTUSD', 1, 2, undefined as unknown as number)],
  ])('when it has %s then it is an error of the strategy', (_, ask) => {
    expect(() => ask(accountWith())).toThrow(expect.objectContaining({ code: 'bad_sizing', exitCode: 1 }));
  });
});
