/**
 * Calls the strategy at the right moments with the right knowledge: initialize once, warm-up bars without orders, the
 * callbacks of what happened, then handleData on the closed bar. It sees closed bars only; settlement never waits for it.
 */

import { unitsToF64 } from '../money/units.js';
import { callStrategy } from '../strategy/callStrategy.js';
import { type ContextState, createContext } from '../strategy/context.js';
import type { History } from '../strategy/history.js';
import { SimulatedGlobals } from '../strategy/simulatedGlobals.js';
import type { Context, Params, Strategy } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Notice } from './journal.js';
import type { OrderDesk } from './orderDesk.js';

export class StrategyDriver<P extends Params> {
  readonly #strategy: Strategy<P, unknown>;
  readonly #context: Context<P>;
  readonly #state: ContextState = { timeMs: 0, warmingUp: false };
  readonly #desk: OrderDesk;
  readonly #runtimes: readonly AccountRuntime[];
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
    readonly history: History;
    readonly seed: number;
    readonly onNotice: (message: string, timeMs: number) => void;
  }) {
    const { strategy, desk, runtimes, history } = parts;
    this.#strategy = strategy;
    this.#desk = desk;
    this.#runtimes = runtimes;
    this.#history = history;
    this.#globals = new SimulatedGlobals(parts.seed);
    this.#warmupLeft = strategy.warmup ?? 0;
    this.#context = createContext({
      broker: desk,
      accounts: runtimes.map((runtime) => ({
        name: runtime.name,
        exchange: runtime.account.rules.name,
        currency: runtime.contract.settle.code,
      })),
      params: parts.params,
      symbol: runtimes[0]!.contract.symbol,
      history,
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
      this.#strategy.handleData(this.#context, this.#history.current!, this.#own);
    } catch (error) {
      callStrategy('handleData', () => {
        throw error;
      });
    }
  };

  /** Calls handleData on the newest bar of the history, told about `notices` before. */
  onClose(timeMs: number, notices: readonly { account: number; notice: Notice }[]): void {
    this.#state.timeMs = timeMs;
    this.#state.warmingUp = this.#warmupLeft > 0;
    if (this.#warmupLeft > 0) this.#warmupLeft -= 1;
    this.#desk.phase = this.#state.warmingUp ? 'warming_up' : 'trading';
    for (const { account, notice } of notices) this.#tell(account, notice);
    this.#globals.during(timeMs, this.#handleData);
  }

  /** Runs `finish`; it cannot trade. */
  finish(): void {
    if (!this.#isInitialized) return;
    this.#desk.phase = 'finished';
    const { finish } = this.#strategy;
    if (finish !== undefined) this.#call('finish', () => finish.call(this.#strategy, this.#context, this.#own));
  }

  #tell(account: number, notice: Notice): void {
    const strategy = this.#strategy;
    const runtime = this.#runtimes[account]!;
    const { contract } = runtime;
    const money = (units: bigint): number => unitsToF64(units, contract.settle.decimals);
    const contracts = (qty: bigint): number => unitsToF64(qty, contract.qtyDecimals);
    if (notice.kind === 'fill' && strategy.onFill !== undefined) {
      const { trade } = notice;
      const fill = {
        account: runtime.name,
        symbol: contract.symbol,
        orderId: trade.orderId,
        timeMs: trade.timeMs,
        side: trade.side,
        positionEffect: trade.positionEffect,
        price: trade.price,
        qty: contracts(trade.qty),
        amount: money(trade.amount),
        commission: money(trade.commission),
        realizedPnl: money(trade.realizedPnl),
        reason: trade.reason,
      };
      this.#call('onFill', () => strategy.onFill!(this.#context, fill, this.#own));
    } else if (notice.kind === 'rejected' && strategy.onOrderRejected !== undefined) {
      const view = this.#desk.view(notice.order);
      this.#call('onOrderRejected', () => strategy.onOrderRejected!(this.#context, view, this.#own));
    } else if (notice.kind === 'liquidation' && strategy.onLiquidation !== undefined) {
      const { kind: _kind, ...rest } = notice;
      const event = { ...rest, account: runtime.name, qty: contracts(notice.qty), loss: money(notice.loss) };
      this.#call('onLiquidation', () => strategy.onLiquidation!(this.#context, event, this.#own));
    } else if (notice.kind === 'funding' && strategy.onFunding !== undefined) {
      const { kind: _kind, ...rest } = notice;
      const event = { ...rest, account: runtime.name, amount: money(notice.amount) };
      this.#call('onFunding', () => strategy.onFunding!(this.#context, event, this.#own));
    }
  }
}
