/**
 * The law of refusals in the tables: a run in which the calls that were rejected are never made writes the same rows, but for the
 * rows of the rejected orders themselves and the numbers that they took. Over the worlds of the simulator. Invariant 15; what
 * the state itself says is rejectionLaws.test.ts.
 */

import { describe, expect, it } from '@jest/globals';
import type { RunWarning } from '../../engine/records.js';
import type { RunInput } from '../../engine/runInput.js';
import { allOf } from '../../strategy/accountsFacade.js';
import type { Account, Context, Strategy } from '../../strategy/strategy.js';
import { worldOf } from '../simulator/worldOf.js';
import { firstDifference, type Row, type RunTables, runWorld } from './runTables.js';

const WORLDS = 32;
/** Calls whose first argument is the number of an order. */
const BY_ID = new Set([
  'cancel',
  'modify',
  'stopLoss',
  'stopProfit',
  'stopLossPct',
  'stopProfitPct',
  'trailingStop',
  'trailingStopPct',
]);

/** A call as it was made, and what came of it. */
interface Made {
  /** Number of the callback in which it was made. */
  readonly turn: number;
  readonly account: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly answer: unknown;
}

const isRejected = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'status' in answer && answer.status === 'rejected';
const idOf = (answer: unknown): number | null =>
  typeof answer === 'object' && answer !== null && 'id' in answer ? (answer.id as number) : null;

/** The same strategy, writing down what it calls. Reading an account is no call. */
function recorded(input: RunInput, made: Made[]): RunInput {
  let turn = 0;
  const watch = (account: Account): Account =>
    new Proxy(account, {
      get(target, method: keyof Account & string) {
        const member: unknown = target[method];
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          const answer: unknown = (member as (...all: unknown[]) => unknown).apply(target, args);
          if (isRejected(answer) || idOf(answer) !== null || typeof answer === 'number' || 'status' in Object(answer)) {
            made.push({ turn, account: target.name, method, args, answer });
          }
          return answer;
        };
      },
    });
  const { strategy } = input;
  const seen = (context: Context): Context => {
    const { names } = context.accounts;
    const get = (name: string): Account => watch(context.accounts.get(name));
    const watched = names.map(get);
    const accounts = { names, all: allOf(watched), get, [Symbol.iterator]: () => watched[Symbol.iterator]() };
    return { ...context, timeMs: context.timeMs, accounts };
  };
  const copy: Strategy = {
    ...(strategy.warmup === undefined ? {} : { warmup: strategy.warmup }),
    initialize: (context) => strategy.initialize?.(seen(context)),
    handleData(context, bar, state) {
      turn += 1;
      strategy.handleData(seen(context), bar, state);
    },
  };
  return { ...input, strategy: copy };
}

/** A strategy that makes the calls again, those left out that were rejected; `ids` says how orders are numbered now. */
function withoutRejected(input: RunInput, made: readonly Made[], ids: Map<number, number>): RunInput {
  let turn = 0;
  const callAgain = (context: Context): void => {
    for (const { turn: at, account, method, args, answer } of made) {
      if (at !== turn || isRejected(answer)) continue;
      const target = context.accounts.get(account);
      const again = BY_ID.has(method) ? [ids.get(args[0] as number) ?? args[0], ...args.slice(1)] : args;
      const member = target[method as 'cancelAll'] as unknown as (...all: unknown[]) => unknown;
      const id = idOf(member.apply(target, again as unknown[]));
      // Stops of a bracket have the numbers that follow; a changed order keeps its own.
      const was = method === 'modify' ? null : idOf(answer);
      if (id !== null && was !== null) for (let leg = 0; leg <= 4; leg += 1) ids.set(was + leg, id + leg);
    }
  };
  const strategy: Strategy = {
    ...(input.strategy.warmup === undefined ? {} : { warmup: input.strategy.warmup }),
    initialize: callAgain,
    handleData(context) {
      turn += 1;
      callAgain(context);
    },
  };
  return { ...input, strategy };
}

/** The rows of a run without those of calls that were rejected, orders numbered as in the other run. */
function expected(tables: RunTables, made: readonly Made[], ids: ReadonlyMap<number, number>): RunTables {
  // A change that is refused is answered by the order that stays.
  const refused = made.filter(({ method, answer }) => method !== 'modify' && isRejected(answer));
  const gone = new Set(refused.map(({ answer }) => idOf(answer)));
  const named = (value: unknown): unknown => (typeof value === 'number' ? (ids.get(value) ?? value) : value);
  const renumbered = (rows: readonly Row[], fields: readonly string[]): Row[] =>
    rows.map((row) => ({
      ...row,
      ...Object.fromEntries(fields.filter((f) => f in row).map((f) => [f, named(row[f])])),
    }));
  return {
    ...tables,
    trades: renumbered(tables.trades, ['orderId']),
    stop_trades: renumbered(tables.stop_trades, ['orderId']).map((row) => ({
      ...row,
      trade: renumbered([row['trade'] as Row], ['orderId'])[0],
    })),
    bills: renumbered(tables.bills, ['orderId']),
    orders: renumbered(
      tables.orders.filter(({ id }) => !gone.has(id as number)),
      ['id', 'parentId'],
    ),
    calls: [],
  };
}

/** The outcome counts and warns of rejected orders; that alone may differ. */
const withoutCount = (tables: RunTables): RunTables => ({
  ...tables,
  calls: [],
  outcome: tables.outcome.map(({ rejectedOrders: _, warnings, ...row }) => ({
    ...row,
    warnings: (warnings as readonly RunWarning[] | undefined)?.filter(({ code }) => code !== 'rejected_orders'),
  })),
});

describe('invariant 15: a rejected call in the tables', () => {
  it('when the rejected calls of a run are never made then all other rows are the same to the byte', async () => {
    let [rejected, rows] = [0, 0];
    const methods = new Set<string>();
    for (let seed = 1; seed <= WORLDS; seed += 1) {
      const world = worldOf(seed);
      const made: Made[] = [];
      const as = await runWorld(world, (input) => recorded(input, made));
      const refusals = made.filter(({ answer }) => isRejected(answer));
      rejected += refusals.length;
      for (const { method } of refusals) methods.add(method);
      rows += as.trades.length;
      const ids = new Map<number, number>();
      const without = await runWorld(world, (input) => withoutRejected(input, made, ids));
      const difference = firstDifference(withoutCount(expected(as, made, ids)), withoutCount(without));
      expect(difference === null ? 'the same' : `seed ${seed}: ${difference}`).toBe('the same');
    }
    expect(Math.min(rejected, rows)).toBeGreaterThan(300);
    expect(methods.size).toBeGreaterThan(12);
  });
});
