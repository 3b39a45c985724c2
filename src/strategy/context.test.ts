/** What the facade of an account makes of its calls: which request each order call is, and which ledger a question is about. */

import { describe, expect, it, test } from '@jest/globals';
import type { Broker, OrderRequest } from './broker.js';
import { createContext, initialContextState } from './context.js';
import { History } from './history.js';
import type { Account, Order } from './strategy.js';

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

describe('ledgers', () => {
  it('when a currency is asked for then its wallet and what is available of it are told', () => {
    const { account } = accountOf();
    expect([account.balanceOf('BTC'), account.availableOf('BTC')]).toEqual([2, 1.5]);
    expect([account.balanceOf('ETH'), account.availableOf('ETH')]).toEqual([0, 0]);
  });
});
