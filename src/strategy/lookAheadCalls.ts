/**
 * Records what a strategy asks of its accounts: every order, cancellation, change of margin and move of money, with the time of the
 * run and the arguments as text. It stands between the strategy and its context, so it sees calls as the author made them, refused
 * ones too, and changes none. Questions (balances, positions, sizes) are no calls; what the engine answers is not recorded.
 */

import type { Account, Context, Strategy } from './strategy.js';

/** One call of a strategy. */
export interface StrategyCall {
  /** Close of the bar on which it was made, milliseconds UTC; in `initialize` the open of the first bar. */
  readonly timeMs: number;
  /** `main longOpen("XBTUSD", null, 1000)`: the account, or `all` for every account, the call and its arguments. */
  readonly text: string;
}

type AnyStrategy = Strategy<Record<string, number | string | boolean>, unknown>;
type AnyFunction = (...args: unknown[]) => unknown;

const CALLBACKS = [
  'initialize',
  'handleData',
  'onFill',
  'onOrderRejected',
  'onLiquidation',
  'onFunding',
  'finish',
] as const;

/** What only asks. A name that is not here is taken for a call, so that no call is missed. */
const QUESTIONS: ReadonlySet<PropertyKey> = new Set([
  'position',
  'orders',
  'balanceOf',
  'availableOf',
  'safeSize',
  'riskSize',
]);

/** The same strategy; `onCall` hears of each call before it is made. */
export function recordCalls(strategy: AnyStrategy, onCall: (call: StrategyCall) => void): AnyStrategy {
  let seen: Context | null = null;
  let recorded: Context | null = null;
  const recordedOf = (context: Context): Context => {
    if (recorded === null || seen !== context) recorded = recordContext(context, onCall);
    seen = context;
    return recorded;
  };
  const callbacks: Record<string, PropertyDescriptor> = {};
  for (const name of CALLBACKS) {
    const callback = strategy[name] as AnyFunction | undefined;
    if (callback === undefined) continue;
    const value = (context: Context, ...rest: unknown[]): unknown =>
      Reflect.apply(callback, strategy, [recordedOf(context), ...rest]);
    callbacks[name] = { value, enumerable: true };
  }
  // Everything else, such as `warmup`, is the strategy's own.
  return Object.create(strategy, callbacks) as AnyStrategy;
}

function recordContext(context: Context, onCall: (call: StrategyCall) => void): Context {
  const known = new Map<object, object>();
  const record = (account: object, name: string): object => {
    const before = known.get(account);
    if (before !== undefined) return before;
    const recorded = recordAccount(account, name, (text) => onCall({ timeMs: context.timeMs, text }));
    known.set(account, recorded);
    return recorded;
  };
  const own = (account: Account): object => record(account, account.name);
  const { accounts } = context;
  // An empty object stands for the accounts: what a frozen one answers may not be replaced.
  const recordedAccounts = new Proxy(emptyLike(accounts), {
    get(_, name) {
      const value: unknown = Reflect.get(accounts, name, accounts);
      if (name === 'get') return (asked: string) => own(accounts.get(asked));
      if (name === Symbol.iterator && typeof value === 'function') {
        return () => [...(Reflect.apply(value as AnyFunction, accounts, []) as Iterable<Account>)].map(own).values();
      }
      if (typeof value === 'function') return value.bind(accounts);
      return typeof value === 'object' && value !== null && 'longOpen' in value ? record(value, String(name)) : value;
    },
  });
  return Object.create(context, {
    account: { value: own(context.account), enumerable: true },
    accounts: { value: recordedAccounts, enumerable: true },
  }) as Context;
}

function recordAccount(account: object, label: string, onCall: (text: string) => void): object {
  const methods = new Map<PropertyKey, AnyFunction>();
  return new Proxy(emptyLike(account), {
    get(_, name) {
      const known = methods.get(name);
      if (known !== undefined) return known;
      // Read from the account itself: its private fields know no other object.
      const value: unknown = Reflect.get(account, name, account);
      if (typeof value !== 'function') return value;
      const call: AnyFunction = (...args) => {
        if (!QUESTIONS.has(name)) onCall(`${label} ${String(name)}(${args.map(formatArgument).join(', ')})`);
        return Reflect.apply(value as AnyFunction, account, args);
      };
      methods.set(name, call);
      return call;
    },
  });
}

/** An empty object that is an instance of the same class. */
function emptyLike(value: object): object {
  return Object.create(Object.getPrototypeOf(value) as object | null) as object;
}

/** JSON, and what JSON has no word for written out. */
function formatArgument(value: unknown): string {
  const spell = (_: string, part: unknown): unknown =>
    part === undefined || typeof part === 'bigint' || typeof part === 'function' || typeof part === 'symbol'
      ? String(part)
      : typeof part === 'number' && !Number.isFinite(part)
        ? String(part)
        : part;
  try {
    return value === undefined || typeof value === 'number' ? String(value) : JSON.stringify(value, spell);
  } catch {
    return String(value);
  }
}
