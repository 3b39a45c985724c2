/**
 * The context a strategy works with: its accounts, the bars of the past. It shows only what has closed. No rule of trading is
 * decided here.
 */

import { UserError } from '../errors.js';
import { AccountFacade, type AccountIdentity } from './accountFacade.js';
import { AccountsFacade } from './accountsFacade.js';
import type { Broker } from './broker.js';
import { CrossMemory } from './crossMemory.js';
import type { History } from './history.js';
import type { Bar, BarHistory, Context, Params } from './strategy.js';
import { TimeframeHistories } from './timeframeHistory.js';

/** What the engine moves on from bar to bar. */
export interface ContextState {
  timeMs: number;
  warmingUp: boolean;
  /** Close of the bar that the strategy is called on; before `timeMs` for a longer bar that lacks its last candles. */
  barCloseMs: number;
  /** Close of the last bar that the data have and the strategy was not shown; −Infinity when it was shown all. */
  unseenUntilMs: number;
}

/** As before the first bar. */
export function initialContextState(): ContextState {
  return { timeMs: 0, warmingUp: false, barCloseMs: Number.NEGATIVE_INFINITY, unseenUntilMs: Number.NEGATIVE_INFINITY };
}

/** Builds the context of a run; the engine keeps `state` and the history up to date. */
export function createContext<P extends Params>(parts: {
  readonly broker: Broker;
  readonly accounts: readonly AccountIdentity[];
  readonly params: P;
  /** The name of the first series. */
  readonly symbol: string;
  /** Further names of series, each with the one that `histories` has. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The closed bars that the strategy is called on, by symbol. */
  readonly histories: ReadonlyMap<string, History>;
  /** The closed bars of the data, by symbol; the same ones, but for `--timeframe`. */
  readonly base: { readonly intervalMs: number; readonly histories: ReadonlyMap<string, History> };
  readonly state: ContextState;
  readonly log: (message: string) => void;
}): Context<P> {
  const { broker, params, symbol, histories, state } = parts;
  const accounts = parts.accounts.map((identity, index) => new AccountFacade(broker, index, identity));
  const accountsFacade = new AccountsFacade(accounts);
  const crosses = new CrossMemory();
  const timeframes = new TimeframeHistories(parts.base.intervalMs, state);
  const nameOf = (asked = symbol): string => parts.aliases.get(asked) ?? asked;
  const historyOf = (asked: string | undefined, of = histories): History => {
    const history = of.get(nameOf(asked));
    if (history !== undefined) return history;
    throw new UserError({
      code: 'unknown_symbol',
      exitCode: 1,
      message: `There are no bars of "${asked}" in this run`,
      found: String(asked),
      expected: [...histories.keys()].join(', '),
    });
  };
  return {
    params: Object.freeze({ ...params }),
    symbol,
    get timeMs() {
      return state.timeMs;
    },
    get warmingUp() {
      return state.warmingUp;
    },
    account: accounts[0]!,
    accounts: accountsFacade,
    symbols: [...histories.keys()],
    bar(asked?: string): Bar | undefined {
      return historyOf(asked).barAt(state.barCloseMs);
    },
    bars(asked?: string): BarHistory {
      return historyOf(asked);
    },
    timeframe: (length, asked) => timeframes.of(length, nameOf(asked), historyOf(asked, parts.base.histories)),
    cross: (first: string | number, second: number, third?: number) =>
      crosses.read(state.barCloseMs, first, second, third),
    log: parts.log,
  };
}
