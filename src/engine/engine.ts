/**
 * Runs a strategy over bars. The phases of a bar, in this order:
 *
 *   1. the gap before it: funding and rows that fall between the last close and this open, at the last known mark
 *   2. triggers: does the bar reach any level, is funding or a row due inside it? Nearly always no
 *   3. settlement of the accounts that are reached (settleBar.ts): open, path, events
 *   4. records: journals become rows and bills, balances are checked
 *   5. the close: equity sampled, rows that stand at it
 *   6. the strategy: callbacks, then handleData; its orders are eligible on the next bar
 *   7. trigger levels of whatever changed
 *
 * Money changes in phases 1 and 3 only. Reading data and writing tables are the callers'.
 */

import { TradingAccount } from '../account/account.js';
import { invariant } from '../errors.js';
import type { BarChunk } from '../market/bars.js';
import { History } from '../strategy/history.js';
import type { Params } from '../strategy/strategy.js';
import { applyFundingDue, liquidateIfDue } from './accountEvents.js';
import { AccountRuntime } from './accountRuntime.js';
import { BalanceRows, RowSchedule } from './balanceRows.js';
import { EquityCurve } from './equityCurve.js';
import { FundingClock, type FundingDue } from './fundingClock.js';
import type { Notice } from './journal.js';
import type { BarContext, ClockEvent, Moment } from './moment.js';
import { OrderDesk } from './orderDesk.js';
import { composeOutcome } from './outcome.js';
import type { BarPrices, Ohlc } from './path.js';
import { RecordFlow } from './recordFlow.js';
import type { RunOutcome, RunWarning } from './records.js';
import type { RunInput, SymbolInput } from './runInput.js';
import { settleBar } from './settleBar.js';
import { StrategyDriver } from './strategyDriver.js';
import { TriggerBook } from './triggerBook.js';
import { WarmupBuffer } from './warmupBuffer.js';

const POLL_EVERY_BARS = 1024;
const AMBIGUOUS_LISTED = 100;

/**
 * Runs a strategy and passes its records to the sink.
 *
 * @throws UserError for what the data or the strategy did wrong, InvariantError for what we did.
 */
export async function runBacktest<P extends Params>(input: RunInput<P>): Promise<RunOutcome> {
  const run = new Run(input);
  for await (const chunk of run.symbol.bars.chunks) {
    if (!run.settleChunk(chunk)) break;
  }
  return run.finish();
}

interface MutableOhlc extends Ohlc {
  open: number;
  high: number;
  low: number;
  close: number;
}

/** One bar object for the whole run: nothing is allocated per bar. */
interface CurrentBar extends BarPrices {
  openTimeMs: number;
  closeTimeMs: number;
  readonly last: MutableOhlc;
  readonly mark: MutableOhlc;
}

class Run<P extends Params> {
  readonly symbol: SymbolInput;
  readonly #input: RunInput<P>;
  readonly #runtimes: readonly AccountRuntime[];
  readonly #curves: readonly EquityCurve[];
  readonly #ambiguousBars: number[];
  readonly #book: TriggerBook;
  readonly #flow: RecordFlow;
  readonly #rows: BalanceRows;
  readonly #schedule: RowSchedule;
  readonly #desk: OrderDesk;
  readonly #driver: StrategyDriver<P>;
  readonly #history: History;
  readonly #warmup: WarmupBuffer;
  readonly #bar: CurrentBar;
  readonly #ambiguous: { account: string; openTimeMs: number }[] = [];
  readonly #warnings: RunWarning[] = [];
  #funding: FundingClock | null = null;
  #bars = 0;
  #nextRowMs = Number.POSITIVE_INFINITY;
  #firstOpenTimeMs: number | null = null;
  #notices: { account: number; notice: Notice }[] = [];
  #isInterrupted = false;

  constructor(input: RunInput<P>) {
    const [symbol] = input.symbols;
    invariant(symbol !== undefined && input.symbols.length === 1, `a run has one symbol, not ${input.symbols.length}`);
    invariant(input.accounts.length > 0, 'a run has at least one account');
    this.#input = input;
    this.symbol = symbol;
    const { contract } = symbol;
    this.#runtimes = input.accounts.map(
      (account) =>
        new AccountRuntime(
          new TradingAccount({
            name: account.name,
            rules: account.rules,
            mode: account.mode,
            leverage: account.leverage,
            ...(account.takerFee === undefined ? {} : { takerFee: account.takerFee }),
            ...(account.makerFee === undefined ? {} : { makerFee: account.makerFee }),
          }),
          contract,
        ),
    );
    this.#curves = input.accounts.map((account) => new EquityCurve(account.balance));
    this.#ambiguousBars = input.accounts.map(() => 0);
    this.#book = new TriggerBook(input.accounts.length);
    this.#flow = new RecordFlow(input.sink, this.#runtimes);
    this.#rows = new BalanceRows(input.sink, this.#runtimes);
    this.#schedule = new RowSchedule(input.balanceEvery);
    this.#history = new History(contract.symbol);
    this.#warmup = new WarmupBuffer(input.strategy.warmup ?? 0);
    const last = { open: 0, high: 0, low: 0, close: 0 };
    const mark = symbol.hasMark ? { open: 0, high: 0, low: 0, close: 0 } : last;
    this.#bar = { openTimeMs: 0, closeTimeMs: 0, last, mark };
    this.#desk = this.#createDesk();
    const onNotice = input.onNotice ?? (() => {});
    this.#driver = new StrategyDriver({
      strategy: input.strategy,
      params: input.params,
      desk: this.#desk,
      runtimes: this.#runtimes,
      history: this.#history,
      onNotice,
    });
  }

  #createDesk(): OrderDesk {
    const { accounts, slippage } = this.#input;
    const explicit = accounts.map((account) => {
      const set = new Set<'mode' | 'leverage'>();
      if (account.modeIsExplicit) set.add('mode');
      if (account.leverageIsExplicit) set.add('leverage');
      return set;
    });
    const zero = { num: 0n, den: 1n };
    return new OrderDesk(
      this.#runtimes,
      explicit,
      {
        hasMark: this.symbol.hasMark,
        slippage,
        onOverride: (message) => this.#warnings.push({ code: 'setting_overridden', message, strict: null }),
      },
      { last: zero, mark: zero, timeMs: 0 },
    );
  }

  /** Settles the bars of a chunk. @returns false when the run ends before the data do. */
  settleChunk(chunk: BarChunk): boolean {
    const { fromMs, toMs, isInterrupted, onProgress } = this.#input;
    const interval = this.symbol.bars.intervalMs;
    for (let i = 0; i < chunk.length; i++) {
      const openTimeMs = chunk.openTimeMs[i]!;
      if (fromMs !== null && openTimeMs < fromMs) {
        this.#warmup.push(chunk, i);
        continue;
      }
      if (toMs !== null && openTimeMs >= toMs) return false;
      this.#load(chunk, i, interval);
      this.#settle(chunk, i);
      this.#bars += 1;
      if (this.#bars % POLL_EVERY_BARS === 0) {
        onProgress?.(this.#bars, this.#bar.closeTimeMs);
        if (isInterrupted?.() === true) {
          this.#isInterrupted = true;
          return false;
        }
      }
    }
    if (isInterrupted?.() === true) this.#isInterrupted = true;
    return !this.#isInterrupted;
  }

  #previousCloseMs = 0;
  #previousLastClose = 0;
  #previousMarkClose = 0;

  #load(chunk: BarChunk, i: number, interval: number): void {
    const bar = this.#bar;
    this.#previousCloseMs = bar.closeTimeMs;
    this.#previousLastClose = bar.last.close;
    this.#previousMarkClose = bar.mark.close;
    bar.openTimeMs = chunk.openTimeMs[i]!;
    bar.closeTimeMs = bar.openTimeMs + interval;
    bar.last.open = chunk.open[i]!;
    bar.last.high = chunk.high[i]!;
    bar.last.low = chunk.low[i]!;
    bar.last.close = chunk.close[i]!;
    if (bar.mark !== bar.last) {
      const mark = chunk.mark!;
      bar.mark.open = mark.open[i]!;
      bar.mark.high = mark.high[i]!;
      bar.mark.low = mark.low[i]!;
      bar.mark.close = mark.close[i]!;
    }
  }

  /** The phases of a bar. */
  #settle(chunk: BarChunk, i: number): void {
    const bar = this.#bar;
    if (this.#bars === 0) this.#begin();
    else if (bar.openTimeMs > this.#previousCloseMs) this.#settleGap();
    const { nextTimeMs } = this.#funding!;
    if (nextTimeMs < bar.closeTimeMs || this.#nextRowMs < bar.closeTimeMs || this.#book.isReached(bar)) {
      this.#settleReached();
    } else {
      for (const runtime of this.#runtimes) {
        if (runtime.position.qty !== 0n) runtime.tracker.see(bar.last.low, bar.last.high);
      }
    }
    // What happened at the moment of the standing rows is now in them.
    this.#rows.release();
    for (const curve of this.#curves) curve.sample(bar.mark.close);
    this.#standAtClose();
    this.#callStrategy(chunk, i);
    this.#refreshChanged();
  }

  #begin(): void {
    const { accounts } = this.#input;
    const bar = this.#bar;
    this.#firstOpenTimeMs = bar.openTimeMs;
    this.#funding = new FundingClock(this.symbol.contract, this.symbol.funding, bar.openTimeMs);
    this.#nextRowMs = this.#schedule.nextAfter(bar.openTimeMs);
    this.#runtimes.forEach((runtime, account) => {
      runtime.account.deposit(accounts[account]!.balance, bar.openTimeMs, 'starting balance');
    });
    this.#flow.flush(this.#runtimes.map((_, account) => account));
    this.#driver.initialize(bar.openTimeMs);
    this.#takeRefused();
    this.#warmup.replay(this.#history, this.symbol.bars.intervalMs, (closeTimeMs) => {
      this.#driver.onClose(closeTimeMs, []);
    });
    this.#rows.stand(bar.openTimeMs, bar.mark.open, { withBalance: true, withPositions: false });
  }

  /** Funding and rows between the last close and this open. Bars are missing here: the last known mark holds. */
  #settleGap(): void {
    const bar = this.#bar;
    const mark = this.#previousMarkClose;
    const accounts = this.#runtimes.map((_, account) => account);
    for (;;) {
      const funding = this.#funding!;
      const fundingMs = funding.nextTimeMs;
      const rowMs = this.#nextRowMs;
      if (Math.min(fundingMs, rowMs) >= bar.openTimeMs) break;
      if (fundingMs <= rowMs) {
        this.#fundInGap(funding.take(), mark, accounts);
      } else {
        this.#rows.stand(rowMs, mark, this.#schedule.at(rowMs)!);
        this.#nextRowMs = this.#schedule.nextAfter(rowMs);
      }
    }
    this.#rows.release();
    if (this.#nextRowMs === bar.openTimeMs) {
      this.#rows.stand(bar.openTimeMs, bar.mark.open, this.#schedule.at(bar.openTimeMs)!);
      this.#nextRowMs = this.#schedule.nextAfter(bar.openTimeMs);
    }
  }

  #fundInGap(due: FundingDue, mark: number, accounts: readonly number[]): void {
    for (const account of accounts) {
      const runtime = this.#runtimes[account]!;
      const moment: Moment = {
        timeMs: due.timeMs,
        leg: null,
        last: runtime.exact(this.#previousLastClose),
        mark: runtime.exact(mark),
        bar: this.#bars,
      };
      const context = this.#context([], []);
      applyFundingDue(runtime, due, moment, context);
      liquidateIfDue(runtime, moment, context);
    }
    this.#flush(accounts);
  }

  #context(dueAtOpen: readonly FundingDue[], inside: readonly ClockEvent[]): BarContext {
    return {
      bar: this.#bars,
      intrabar: this.#input.intrabar,
      slippage: this.#input.slippage,
      rowsAtEvents: this.#input.balanceEvery.event,
      standing: this.#rows.standing,
      dueAtOpen,
      inside,
    };
  }

  /** Settles the accounts that the bar, funding or a row inside the bar reaches. */
  #settleReached(): void {
    const bar = this.#bar;
    const funding = this.#funding!;
    const dueAtOpen: FundingDue[] = [];
    const inside: ClockEvent[] = [];
    while (funding.nextTimeMs < bar.closeTimeMs) {
      const due = funding.take();
      if (due.timeMs <= bar.openTimeMs) dueAtOpen.push(due);
      else inside.push({ kind: 'funding', timeMs: due.timeMs, due });
    }
    while (this.#nextRowMs < bar.closeTimeMs) {
      const at = this.#schedule.at(this.#nextRowMs)!;
      inside.push({ kind: 'sample', timeMs: this.#nextRowMs, ...at });
      this.#nextRowMs = this.#schedule.nextAfter(this.#nextRowMs);
    }
    inside.sort((a, b) => a.timeMs - b.timeMs || (a.kind === 'funding' ? -1 : 1));
    const context = this.#context(dueAtOpen, inside);
    const settled: number[] = [];
    this.#runtimes.forEach((runtime, account) => {
      const hasSample = inside.some((event) => event.kind === 'sample');
      const isFunded = runtime.position.qty !== 0n && dueAtOpen.length + inside.length > 0;
      if (!hasSample && !isFunded && !this.#book.isReachedBy(account, bar)) {
        if (runtime.position.qty !== 0n) runtime.tracker.see(bar.last.low, bar.last.high);
        return;
      }
      settled.push(account);
      if (settleBar(runtime, bar, context)) this.#noteAmbiguous(account);
    });
    this.#flush(settled);
  }

  #noteAmbiguous(account: number): void {
    this.#ambiguousBars[account]! += 1;
    if (this.#ambiguous.length < AMBIGUOUS_LISTED) {
      this.#ambiguous.push({ account: this.#runtimes[account]!.name, openTimeMs: this.#bar.openTimeMs });
    }
  }

  /** Journals become records; what happened at the moment of the standing rows goes into them first. */
  #flush(accounts: readonly number[]): void {
    for (const account of accounts) this.#rows.renew(account);
    this.#rows.release();
    for (const { account, notice } of this.#flow.flush(accounts)) {
      this.#notices.push({ account, notice });
      if (notice.kind === 'bankrupt') {
        this.#input.onNotice?.(`account ${this.#runtimes[account]!.name}: 爆仓 (blown up)`, notice.timeMs);
      }
    }
    for (const account of accounts) this.#curves[account]!.refresh(this.#runtimes[account]!);
  }

  #standAtClose(): void {
    const { closeTimeMs, mark } = this.#bar;
    const kinds = this.#schedule.atClose(closeTimeMs);
    if (kinds !== null) this.#rows.stand(closeTimeMs, mark.close, kinds);
    if (this.#nextRowMs <= closeTimeMs) this.#nextRowMs = this.#schedule.nextAfter(closeTimeMs);
  }

  #callStrategy(chunk: BarChunk, i: number): void {
    const bar = this.#bar;
    const { last } = bar;
    this.#history.push(bar.openTimeMs, bar.closeTimeMs, last.open, last.high, last.low, last.close, chunk.volume[i]!);
    // The mark of a longer candle that has not closed would be a look ahead: last stands in for it.
    const isMarkKnown = chunk.mark === undefined || chunk.mark.closedAtClose[i] === 1;
    const [first] = this.#runtimes;
    this.#desk.prices = {
      last: first!.exact(last.close),
      mark: first!.exact(isMarkKnown ? bar.mark.close : last.close),
      timeMs: bar.closeTimeMs,
    };
    const notices = this.#notices;
    this.#notices = [];
    this.#driver.onClose(bar.closeTimeMs, notices);
    this.#takeRefused();
  }

  #takeRefused(): void {
    for (const { account, order } of this.#desk.takeRefused()) {
      this.#flow.order(account, order);
      this.#notices.push({ account, notice: { kind: 'rejected', order } });
    }
  }

  #refreshChanged(): void {
    this.#runtimes.forEach((runtime, account) => {
      if (!runtime.hasChanged) return;
      runtime.hasChanged = false;
      this.#book.refresh(account, runtime, this.#bar.mark.close);
    });
  }

  /** Ends the run: orders expire, the last rows are written, the outcome is composed. */
  finish(): RunOutcome {
    const bar = this.#bar;
    if (this.#bars > 0) {
      this.#driver.finish();
      this.#takeRefused();
      for (const runtime of this.#runtimes) {
        for (const order of [...runtime.orders.all]) {
          runtime.orders.end(order, { status: 'expired', timeMs: bar.closeTimeMs, reason: 'end_of_run' });
        }
      }
      this.#flow.flush(this.#runtimes.map((_, account) => account));
      this.#rows.stand(bar.closeTimeMs, bar.mark.close, { withBalance: true, withPositions: true });
      this.#rows.release();
      this.#flow.finishOrders();
    }
    return composeOutcome({
      runtimes: this.#runtimes,
      curves: this.#curves,
      totals: this.#flow.totals,
      ambiguousBars: this.#ambiguousBars,
      ambiguous: this.#ambiguous,
      warnings: this.#warnings,
      bars: this.#bars,
      firstOpenTimeMs: this.#firstOpenTimeMs,
      lastCloseTimeMs: this.#bars === 0 ? null : bar.closeTimeMs,
      mark: bar.mark.close,
      startBalances: this.#input.accounts.map((account) => account.balance),
      isInterrupted: this.#isInterrupted,
    });
  }
}

