/**
 * Calls the strategy at the right moments with the right knowledge: initialize once, warm-up bars without orders, the
 * callbacks of what happened, then handleData on the closed bar. It sees closed bars only; settlement never waits for it.
 */

import { unitsToF64 } from '../money/units.js';
import { callStrategy } from '../strategy/callStrategy.js';
import { createContext, initialContextState } from '../strategy/context.js';
import { History } from '../strategy/history.js';
import { SimulatedGlobals } from '../strategy/simulatedGlobals.js';
import type { Bar, Context, Params, Strategy } from '../strategy/strategy.js';
import { TimeframeBars } from '../strategy/timeframes.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Notice } from './journal.js';
import type { Market } from './market.js';
import type { OrderDesk } from './orderDesk.js';
import type { SymbolInput } from './runInput.js';

/** What happened on an account, for the strategy to be told. */
interface Told {
  readonly account: number;
  readonly notice: Notice;
}

const NOTHING: readonly Told[] = [];

export class StrategyDriver<P extends Params> {
  readonly #strategy: Strategy<P, unknown>;
  readonly #context: Context<P>;
  readonly #state = initialContextState();
  readonly #desk: OrderDesk;
  readonly #runtimes: readonly AccountRuntime[];
  readonly #market: Market;
  /** Bars of the data, by place of the symbol in the market. */
  readonly #histories: readonly History[];
  /** The longer bars that the strategy is called on; null when it is called on those of the data. */
  readonly #longer: TimeframeBars | null;
  /** What the strategy is called on, of its own symbol, the first of the input. */
  readonly #history: History;
  readonly #globals: SimulatedGlobals;
  #own: unknown;
  #warmupLeft: number;
  #isInitialized = false;

  constructor(parts: {
    readonly strategy: Strategy<P, unknown>;
    readonly params: P;
    readonly desk: OrderDesk;
    readonly runtimes: readonly AccountRuntime[];
    readonly market: Market;
    /** In the order of the input. */
    readonly series: readonly SymbolInput[];
    /** Null: the strategy is called on every bar. */
    readonly timeframeMs: number | null;
    readonly seed: number;
    readonly onNotice: (message: string, timeMs: number) => void;
  }) {
    const { strategy, desk, runtimes, market, series, timeframeMs } = parts;
    this.#strategy = strategy;
    this.#desk = desk;
    this.#runtimes = runtimes;
    this.#market = market;
    const names = market.symbols.map(({ name }) => name);
    const { history = Number.POSITIVE_INFINITY } = strategy;
    this.#histories = names.map((name) => new History(name, history));
    this.#longer = timeframeMs === null ? null : new TimeframeBars(names, timeframeMs, history);
    const shown = this.#longer?.histories ?? this.#histories;
    this.#history = shown[market.first]!;
    const inOrder = (of: readonly History[]): Map<string, History> =>
      new Map(series.map(({ name }) => [name, of[market.placeOf(name)]!]));
    this.#globals = new SimulatedGlobals(parts.seed);
    this.#warmupLeft = strategy.warmup ?? 0;
    this.#context = createContext({
      broker: desk,
      accounts: runtimes.map((runtime) => ({
        name: runtime.name,
        exchange: runtime.account.rules.name,
        currency: runtime.account.settings.currency.code,
      })),
      params: parts.params,
      symbol: series[0]!.name,
      aliases: aliasesOf(series),
      histories: inOrder(shown),
      base: { intervalMs: market.intervalMs, histories: inOrder(this.#histories) },
      state: this.#state,
      log: (message) => parts.onNotice(message, this.#state.timeMs),
    });
  }

  /** Runs `initialize` at the open of the first bar. */
  initialize(timeMs: number): void {
    this.#state.timeMs = timeMs;
    this.#desk.phase = 'before_first_bar';
    this.#isInitialized = true;
    const { initialize } = this.#strategy;
    if (initialize !== undefined) {
      this.#own = this.#call('initialize', () => initialize.call(this.#strategy, this.#context));
    }
  }

  /** Runs one callback of the author's at the time of the run. */
  #call<T>(callback: string, run: () => T): T {
    return this.#globals.during(this.#state.timeMs, () => callStrategy(callback, run));
  }

  /** Made once, because it is called on every bar. */
  readonly #handleData = (): void => {
    try {
      // Missing in steps of other symbols only; a strategy of several symbols asks for it.
      const bar = this.#history.barAt(this.#state.barCloseMs) as Bar;
      this.#strategy.handleData(this.#context, bar, this.#own);
    } catch (error) {
      callStrategy('handleData', () => {
        throw error;
      });
    }
  };

  /** Lets orders be given that do not come from the strategy. */
  feed(give: (context: Context<P>) => void): void {
    this.#desk.phase = 'trading';
    give(this.#context);
  }

  /** Adds the bars of the step that has closed to the histories: those of the data, also where finer ones were settled. */
  pushBars(): void {
    for (const { index, cursor } of this.#market.symbols) {
      const { chunk, taken: i } = cursor;
      if (chunk === null || i < 0) continue;
      const openTimeMs = chunk.openTimeMs[i]!;
      const closeTimeMs = openTimeMs + this.#market.intervalMs;
      const [open, high, low, close] = [chunk.open[i]!, chunk.high[i]!, chunk.low[i]!, chunk.close[i]!];
      this.pushBar(index, openTimeMs, closeTimeMs, open, high, low, close, chunk.volume[i]!);
    }
  }

  /** Adds one bar of a symbol to the past, in the order of the steps. */
  pushBar(
    symbol: number,
    openTimeMs: number,
    closeTimeMs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  ): void {
    this.#histories[symbol]!.push(openTimeMs, closeTimeMs, open, high, low, close, volume);
    if (this.#longer !== null) this.#longer.add(symbol, closeTimeMs, open, high, low, close, volume);
  }

  /** Says up to which close the data have bars that the strategy is not shown. */
  noteUnseen(untilMs: number): void {
    this.#state.unseenUntilMs = untilMs;
  }

  /**
   * Calls the strategy after a step, when a bar of its timeframe is complete: told what happened, then handleData; a second time
   * where the step completes two. The bars of the step have been pushed.
   *
   * @param takeNotices asked only if it is called; else they are for the next time.
   * @returns whether it was called.
   */
  onClose(timeMs: number, takeNotices: () => readonly Told[]): boolean {
    const longer = this.#longer;
    if (longer === null) {
      this.#callOn(timeMs, timeMs, takeNotices());
      return true;
    }
    const lateMs = longer.takeLate();
    if (lateMs !== null) this.#callOn(lateMs, timeMs, takeNotices());
    if (!longer.endsAt(timeMs)) return lateMs !== null;
    longer.complete();
    this.#callOn(timeMs, timeMs, lateMs === null ? takeNotices() : NOTHING);
    return true;
  }

  #callOn(barCloseMs: number, timeMs: number, notices: readonly Told[]): void {
    this.#state.timeMs = timeMs;
    this.#state.barCloseMs = barCloseMs;
    this.#state.warmingUp = this.#warmupLeft > 0;
    if (this.#warmupLeft > 0) this.#warmupLeft -= 1;
    this.#desk.phase = this.#state.warmingUp ? 'warming_up' : 'trading';
    for (const { account, notice } of notices) this.#tell(account, notice);
    this.#globals.during(timeMs, this.#handleData);
  }

  /** Runs `finish`; it cannot trade. */
  finish(): void {
    if (!this.#isInitialized) return;
    this.#state.timeMs = this.#market.closeTimeMs;
    this.#desk.phase = 'finished';
    const { finish } = this.#strategy;
    if (finish !== undefined) this.#call('finish', () => finish.call(this.#strategy, this.#context, this.#own));
  }

  #tell(account: number, notice: Notice): void {
    const strategy = this.#strategy;
    const { name } = this.#runtimes[account]!;
    if (notice.kind === 'bankrupt') return;
    if (notice.kind === 'rejected') {
      if (strategy.onOrderRejected === undefined) return;
      const view = this.#desk.view(notice.order);
      this.#call('onOrderRejected', () => strategy.onOrderRejected!(this.#context, view, this.#own));
      return;
    }
    const { contract } = notice.kind === 'fill' ? notice.trade : notice;
    const { symbol } = contract;
    const money = (units: bigint): number => unitsToF64(units, contract.settle.decimals);
    const contracts = (qty: bigint): number => unitsToF64(qty, contract.qtyDecimals);
    if (notice.kind === 'fill' && strategy.onFill !== undefined) {
      const { orderId, timeMs, side, positionEffect, price, reason, qty, amount, commission, realizedPnl } =
        notice.trade;
      // Text is the id of a given fill, of which no strategy is told.
      const id = typeof orderId === 'string' ? null : orderId;
      const facts = { account: name, symbol, orderId: id, timeMs, side, positionEffect, price, reason };
      const sums = { amount: money(amount), commission: money(commission), realizedPnl: money(realizedPnl) };
      const fill = { ...facts, qty: contracts(qty), ...sums };
      this.#call('onFill', () => strategy.onFill!(this.#context, fill, this.#own));
    } else if (notice.kind === 'liquidation' && strategy.onLiquidation !== undefined) {
      const { timeMs, side, price, qty, loss } = notice;
      const event = { account: name, symbol, timeMs, side, price, qty: contracts(qty), loss: money(loss) };
      this.#call('onLiquidation', () => strategy.onLiquidation!(this.#context, event, this.#own));
    } else if (notice.kind === 'funding' && strategy.onFunding !== undefined) {
      const { timeMs, rate, amount } = notice;
      const event = { account: name, symbol, timeMs, rate, amount: money(amount) };
      this.#call('onFunding', () => strategy.onFunding!(this.#context, event, this.#own));
    }
  }
}

/** Other names of the candles of a run: with their venue, and the plain symbol, which is the first that has it. */
function aliasesOf(series: readonly SymbolInput[]): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { name, symbol, venue } of series) {
    if (venue !== null) aliases.set(`${symbol}.${venue}`, name);
    if (!aliases.has(symbol)) aliases.set(symbol, name);
  }
  return aliases;
}
