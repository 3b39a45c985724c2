/** What the facade of an account makes of its calls: which request each order call is, and which ledger a question is about. */

import { describe, expect, it, test } from '@jest/globals';
import { AccountFacade } from './accountFacade.js';
import { AccountsFacade } from './accountsFacade.js';
import type { Broker, OrderRequest } from './broker.js';
import { createContext, initialContextState } from './context.js';
import { History } from './history.js';
import type { Account, Accounts, Order } from './strategy.js';

const VIEW: Order = { id: 1, symbol: 'BTC/USDT', side: 'buy', positionEffect: 'open', type: 'market', status: 'open' };

/** An account whose order calls are kept, and whose ledgers are named by what is asked. */
function accountOf(): { account: Account; requests: OrderRequest[] } {
  const requests: OrderRequest[] = [];
  const broker: Partial<Broker> = {
    submit: (_account, request) => {
      requests.push(request);
      return VIEW;
    },
    ledger: (_account, currency) =>
      currency === 'BTC' ? { balance: 2, available: 1.5 } : { balance: 0, available: 0 },
  };
  const context = createContext({
    broker: broker as Broker,
    accounts: [{ name: 'main', exchange: 'generic', currency: 'USDT' }],
    params: {},
    symbol: 'BTC/USDT',
    aliases: new Map(),
    histories: new Map([['BTC/USDT', new History('BTC/USDT')]]),
    state: initialContextState(),
    base: { intervalMs: 60_000, histories: new Map() },
    log: () => {},
  });
  return { account: context.account, requests };
}

type Call = 'buy' | 'sell' | 'buyPct' | 'sellPct' | 'longOpen' | 'longClose' | 'shortOpenPct' | 'shortClosePct';

describe('order calls', () => {
  test.each<[Call, Partial<OrderRequest>]>([
    ['buy', { kind: 'spot', side: 'buy', effect: 'open', sizing: 'qty' }],
    ['sell', { kind: 'spot', side: 'sell', effect: 'close', sizing: 'qty' }],
    ['buyPct', { kind: 'spot', side: 'buy', effect: 'open', sizing: 'pct' }],
    ['sellPct', { kind: 'spot', side: 'sell', effect: 'close', sizing: 'pct' }],
    ['longOpen', { kind: 'contract', side: 'buy', effect: 'open', sizing: 'qty' }],
    ['longClose', { kind: 'contract', side: 'sell', effect: 'close', sizing: 'qty' }],
    ['shortOpenPct', { kind: 'contract', side: 'sell', effect: 'open', sizing: 'pct' }],
    ['shortClosePct', { kind: 'contract', side: 'buy', effect: 'close', sizing: 'pct' }],
  ])('when %s is called then the request says so', (call, wanted) => {
    const { account, requests } = accountOf();
    expect(account[call]('BTC/USDT', null, '0.5', { tag: 'x' })).toBe(VIEW);
    expect(account[call]('BTC/USDT', 20_000, 0.5)).toBe(VIEW);
    const shared = { symbol: 'BTC/USDT', ...wanted };
    expect(requests).toEqual([
      { ...shared, price: null, amount: '0.5', options: { tag: 'x' } },
      { ...shared, price: 20_000, amount: 0.5, options: {} },
    ]);
  });
});

describe('stops, sizes and changes', () => {
  test.each<[string, (account: Account) => unknown, string, unknown]>([
    ['stopLoss', (a) => a.stopLoss(7, 9), 'attachStop', { orderId: 7, name: 'stop_loss', value: 9, base: undefined }],
    [
      'stopProfit',
      (a) => a.stopProfit(7, 9),
      'attachStop',
      { orderId: 7, name: 'stop_profit', value: 9, base: undefined },
    ],
    [
      'stopLossPct',
      (a) => a.stopLossPct(7, '0.1', 'roe'),
      'attachStop',
      { orderId: 7, name: 'stop_loss_pct', value: '0.1', base: 'roe' },
    ],
    [
      'stopProfitPct',
      (a) => a.stopProfitPct(7, 1),
      'attachStop',
      { orderId: 7, name: 'stop_profit_pct', value: 1, base: undefined },
    ],
    [
      'trailingStop',
      (a) => a.trailingStop(7, 9),
      'attachStop',
      { orderId: 7, name: 'trailing_stop', value: 9, base: undefined },
    ],
    [
      'trailingStopPct',
      (a) => a.trailingStopPct(7, 1),
      'attachStop',
      { orderId: 7, name: 'trailing_stop_pct', value: 1, base: undefined },
    ],
    [
      'openFixed',
      (a) => a.openFixed('A', 'short', { pob: 1 }),
      'submitFixed',
      { symbol: 'A', side: 'short', size: { pob: 1 }, options: {} },
    ],
    ['safeSize', (a) => a.safeSize('A', 5), 'size', { kind: 'safe', symbol: 'A', price: 5, fraction: '0.2' }],
    [
      'riskSize',
      (a) => a.riskSize('A', 5, 4, 1),
      'size',
      { kind: 'risk', symbol: 'A', price: 5, stopPrice: 4, fraction: 1 },
    ],
  ])('when %s is called then the request says so', (_, call, method, wanted) => {
    const seen: unknown[] = [];
    const broker = { [method]: (account: number, request: unknown) => seen.push(account, request) };
    call(new AccountFacade(broker as unknown as Broker, 0, { name: 'main', exchange: 'generic', currency: 'USDT' }));
    expect(seen).toEqual([0, wanted]);
  });
});

describe('ledgers', () => {
  it('when a currency is asked for then its wallet and what is available of it are told', () => {
    const { account } = accountOf();
    expect([account.balanceOf('BTC'), account.availableOf('BTC')]).toEqual([2, 1.5]);
    expect([account.balanceOf('ETH'), account.availableOf('ETH')]).toEqual([0, 0]);
  });
});

describe('all accounts', () => {
  const named = (...names: string[]): { accounts: Accounts; asked: [number, string][] } => {
    const asked: [number, string][] = [];
    const broker: Partial<Broker> = {
      submit: (account, { sizing, amount }) => {
        asked.push([account, `${sizing} ${amount}`]);
        return { ...VIEW, id: account + 1 };
      },
      size: (account, { kind }) => {
        asked.push([account, kind]);
        return account;
      },
      cancelAll: (account) => account,
    };
    const accounts = names.map(
      (name, i) => new AccountFacade(broker as Broker, i, { name, exchange: 'generic', currency: 'USDT' }),
    );
    return { accounts: new AccountsFacade(accounts), asked };
  };

  it('when a call is made on all then each account makes it in their order, and each is answered', () => {
    const { accounts, asked } = named('x', 'y', 'z');
    const { all } = accounts;
    expect(all.longOpenPob('A', 1).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(all.safeSize('A', 100)).toEqual([0, 1, 2]);
    expect(all.cancelAll()).toEqual([0, 1, 2]);
    expect(asked).toEqual([0, 1, 2].map((i) => [i, 'pob 1']).concat([0, 1, 2].map((i) => [i, 'safe'])));
  });

  it('when accounts are iterated then in their order, as often as one likes', () => {
    const { accounts } = named('x', 'y');
    expect([...accounts].map(({ name }) => name)).toEqual(['x', 'y']);
    expect([...accounts][1]).toBe(accounts.get('y'));
  });

  it('when the calls of an account are counted then all has them but for readings and transfers', () => {
    const { accounts } = named('x');
    const calls = Object.getOwnPropertyNames(Object.getPrototypeOf(accounts.get('x')));
    const readings = ['constructor', 'balance', 'available', 'marginBalance', 'bankrupt', 'balanceOf', 'availableOf'];
    const others = [...readings, 'position', 'orders', 'transfer'];
    expect(Object.keys(accounts.all).sort()).toEqual(calls.filter((name) => !others.includes(name)).sort());
  });
});

describe('calls that the compiler refuses', () => {
  it('when a style, a base, a force or a price is none then it is a type error', () => {
    const call = (account: Account): void => {
      // @ts-expect-error there is no such style
      account.longOpen('A', 1, 1, { orderStyle: { name: 'stop', value: 1 } });
      // @ts-expect-error a price is no boolean
      account.longOpen('A', true, 1);
      // @ts-expect-error a value is no boolean
      account.longOpen('A', 1, 1, { orderStyle: { name: 'stop_loss', value: false } });
      // @ts-expect-error only a percent stop is of something
      account.longOpen('A', 1, 1, { orderStyle: { name: 'trailing_stop', value: 1, base: 'roe' } });
      // @ts-expect-error there is no such base
      account.longOpen('A', 1, 1, { orderStyle: { name: 'stop_loss_pct', value: 1, base: 'margin' } });
      // @ts-expect-error there is no such time in force
      account.longOpen('A', 1, 1, { timeInForce: 'day' });
      // @ts-expect-error it sets the leverage itself
      account.openFixed('A', 'long', { pob: 1, map: 0.1 }, { leverage: 5 });
      // @ts-expect-error there is no such side
      account.openFixed('A', 'buy', { pob: 1, map: 0.1 });
      // @ts-expect-error nothing else of an order changes
      account.modify(1, { tag: 'x' });
    };
    expect(call).toBeInstanceOf(Function);
  });
});
