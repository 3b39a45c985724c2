/**
 * The context that strategies of the reference engine get: accounts, the bars that close now, the bars of the past, crosses.
 */

import type {
  Account,
  Accounts,
  AllAccounts,
  Bar,
  BarHistory,
  Column,
  Context,
  Params,
} from '../../strategy/strategy.js';
import type { Desk, RefFacade } from './facade.js';
import type { Schedule } from './schedule.js';

/** The context of a run. */
export function contextOf(facades: readonly RefFacade[], desk: Desk, schedule: Schedule, params: Params): Context {
  const accounts: Accounts = {
    all: allOf(facades),
    [Symbol.iterator]: () => facades[Symbol.iterator](),
    names: facades.map((facade) => facade.name),
    get(name: string): Account {
      const found = facades.find((facade) => facade.name === name);
      if (found === undefined) throw new Error(`no account ${name}`);
      return found;
    },
  };
  const [own] = desk.series;
  return {
    params,
    symbol: own!,
    symbols: desk.series,
    get timeMs() {
      return desk.timeMs;
    },
    get warmingUp() {
      return desk.warmingUp;
    },
    account: facades[0]!,
    accounts,
    bar: (symbol) => schedule.bar(symbol ?? own!),
    bars: (symbol) => historyOf(() => schedule.bars(symbol ?? own!)),
    timeframe: (length, symbol) => historyOf(() => schedule.timeframe(length, symbol ?? own!, desk.timeMs)),
    cross: crossing(() => schedule.calledOn()),
    log: (message) => desk.onNotice(message),
  };
}

/** Columns that are looked up whenever they are read. */
/** Calls that are made on every account. */
const CALLS = [
  'longOpen',
  'longClose',
  'shortOpen',
  'shortClose',
  'longOpenPct',
  'longClosePct',
  'shortOpenPct',
  'shortClosePct',
  'buy',
  'sell',
  'buyPct',
  'sellPct',
  'longOpenPob',
  'shortOpenPob',
  'openFixed',
  'safeSize',
  'riskSize',
  'stopLoss',
  'stopProfit',
  'stopLossPct',
  'stopProfitPct',
  'trailingStop',
  'trailingStopPct',
  'modify',
  'cancel',
  'cancelAll',
  'setMode',
  'setMaxLeverage',
  'addMargin',
  'removeMargin',
  'setAutoMargin',
  'setPositionMode',
  'deposit',
  'withdraw',
] as const satisfies readonly (keyof AllAccounts)[];

/** The calls of an account, answered by each in turn. */
function allOf(facades: readonly RefFacade[]): AllAccounts {
  const onAll =
    (name: (typeof CALLS)[number]) =>
    (...args: unknown[]) =>
      facades.map((facade) => (facade[name] as (...given: unknown[]) => unknown).apply(facade, args));
  return Object.fromEntries(CALLS.map((name) => [name, onAll(name)])) as unknown as AllAccounts;
}

function historyOf(bars: () => readonly Bar[]): BarHistory {
  const column = (name: Exclude<keyof Bar, 'symbol'>): Column => ({
    get length() {
      return bars().length;
    },
    at: (index) => bars().at(index)?.[name] ?? Number.NaN,
  });
  return {
    get length() {
      return bars().length;
    },
    openTimeMs: column('openTimeMs'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}

/** All pairs that were asked about, one a bar, by name; the answer compares the last two that differ in themselves. */
function crossing(barOf: () => number): Context['cross'] {
  const asked = new Map<string, Map<number, number>>();
  return (first: string | number, second: number, third?: number) => {
    const [name, a, b] = typeof first === 'string' ? [first, second, third!] : ['', first, second];
    const pairs = asked.get(name) ?? new Map<number, number>();
    asked.set(name, pairs.set(barOf(), Math.sign(a - b)));
    const sides = [...pairs.values()].filter((side) => side === 1 || side === -1);
    const isNew = Math.abs(Math.sign(a - b)) === 1;
    return isNew && sides.length > 1 && sides.at(-2) === -sides.at(-1)! ? (sides.at(-1) as 1 | -1) : 0;
  };
}
