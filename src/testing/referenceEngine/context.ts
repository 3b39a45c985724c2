/**
 * The context that strategies of the reference engine get: accounts, the bars that close now, and the bars of the past.
 */

import type { Account, Accounts, Bar, BarHistory, Column, Context, Params } from '../../strategy/strategy.js';
import type { Desk, RefFacade } from './facade.js';

/** The context of a run. */
export function contextOf(facades: readonly RefFacade[], desk: Desk, params: Params): Context {
  const accounts: Accounts = {
    names: facades.map((facade) => facade.name),
    get(name: string): Account {
      const found = facades.find((facade) => facade.name === name);
      if (found === undefined) throw new Error(`no account ${name}`);
      return found;
    },
  };
  return {
    params,
    symbol: desk.symbols[0]!,
    symbols: desk.symbols,
    get timeMs() {
      return desk.timeMs;
    },
    get warmingUp() {
      return desk.warmingUp;
    },
    account: facades[0]!,
    accounts,
    bar: (symbol) => desk.current.get(symbol ?? desk.symbols[0]!),
    bars: (symbol) => historyOf(desk.bars.get(symbol ?? desk.symbols[0]!) ?? []),
    log: (message) => desk.onNotice(message),
  };
}

function historyOf(bars: readonly Bar[]): BarHistory {
  const column = (name: Exclude<keyof Bar, 'symbol'>): Column => ({
    length: bars.length,
    at: (index) => bars.at(index)?.[name] ?? Number.NaN,
  });
  return {
    length: bars.length,
    openTimeMs: column('openTimeMs'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}
