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

import type { BarChunk } from '../market/bars.js';
import { History } from '../strategy/history.js';
import type { Params } from '../strategy/strategy.js';
import { applyFundingDue, liquidateIfDue } from './accountEvents.js';
import type { AccountRuntime } from './accountRuntime.js';
import { BalanceRows } from './balanceRows.js';
import { CurrentBar } from './currentBar.js';
import { DueTimes } from './dueTimes.js';
import { EquityCurve } from './equityCurve.js';
import { FundingClock, type FundingDue } from './fundingClock.js';
import type { Notice } from './journal.js';
import type { BarContext, ClockEvent } from './moment.js';
import type { OrderDesk } from './orderDesk.js';
import { composeOutcome } from './outcome.js';
import { RecordFlow } from './recordFlow.js';
import type { RunOutcome, RunWarning } from './records.js';
import type { RunInput, SymbolInput } from './runInput.js';
import { createDesk, createRuntimes, symbolOf } from './runParts.js';
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

class Run<P extends Params> {
  readonly symbol: SymbolInput;
  readonly #input: RunInput<P>;
  readonly #runtimes: readonly AccountRuntime[];
  readonly #curves: readonly EquityCurve[];
  readonly #book: TriggerBook;
  readonly #flow: RecordFlow;
  readonly #rows: BalanceRows;
  readonly #desk: OrderDesk;
  readonly #driver: StrategyDriver<P>;
  readonly #history: History;
  readonly #warmup: WarmupBuffer;
  readonly #bar: CurrentBar;
  readonly #allAccounts: readonly number[];
  readonly #ambiguous: { account: string; openTimeMs: number }[] = [];
  readonly #warnings: RunWarning[] = [];
  #due: DueTimes | null = null;
  #bars = 0;
  #firstOpenTimeMs: number | null = null;
  #notices: { account: number; notice: Notice }[] = [];
  #isInterrupted = false;

  constructor(input: RunInput<P>) {
    this.#input = input;
    const symbol = symbolOf(input);
    this.symbol = symbol;
    this.#runtimes = createRuntimes(input);
    this.#curves = input.accounts.map((account) => new EquityCurve(account.balance));
    this.#book = new TriggerBook(input.accounts.length);
    this.#flow = new RecordFlow(input.sink, this.#runtimes);
    this.#rows = new BalanceRows(input.sink, this.#runtimes);
    this.#history = new History(symbol.contract.symbol);
    this.#warmup = new WarmupBuffer(input.strategy.warmup ?? 0);
    this.#bar = new CurrentBar(symbol.bars.intervalMs, symbol.hasMark);
    this.#allAccounts = input.accounts.map((_, account) => account);
    this.#desk = createDesk(input, this.#runtimes, (warning) => this.#warnings.push(warning));
    this.#driver = new StrategyDriver({
      strategy: input.strategy,
      params: input.params,
      desk: this.#desk,
      runtimes: this.#runtimes,
      history: this.#history,
      seed: input.seed ?? 0,
      onNotice: input.onNotice ?? (() => {}),
    });
  }

  /** Settles the bars of a chunk. @returns false when the run ends before the data do. */
  settleChunk(chunk: BarChunk): boolean {
    const { fromMs, toMs, isInterrupted, onProgress } = this.#input;
    for (let i = 0; i < chunk.length; i++) {
      const openTimeMs = chunk.openTimeMs[i]!;
      if (fromMs !== null && openTimeMs < fromMs) {
        this.#warmup.push(chunk, i);
        continue;
      }
      if (toMs !== null && openTimeMs >= toMs) return false;
      this.#bar.load(chunk, i);
      this.#settle();
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

  /** The phases of a bar. */
  #settle(): void {
    const bar = this.#bar;
    if (this.#bars === 0) this.#begin();
    else if (bar.openTimeMs > bar.previousCloseMs) this.#settleGap();
    if (this.#due!.nextMs < bar.closeTimeMs || this.#book.isReached(bar)) this.#settleReached();
    else for (const runtime of this.#runtimes) runtime.see(bar.last);
    // What happened at the moment of the standing rows is now in them.
    this.#rows.release();
    for (const curve of this.#curves) curve.sample(bar.mark.close);
    const kinds = this.#due!.rowAtClose(bar.closeTimeMs);
    if (kinds !== null) this.#rows.stand(bar.closeTimeMs, bar.mark.close, kinds);
    this.#callStrategy();
    this.#refreshChanged(bar.mark.close);
  }

  #begin(): void {
    const { accounts } = this.#input;
    const bar = this.#bar;
    this.#firstOpenTimeMs = bar.openTimeMs;
    const funding = new FundingClock(this.symbol.contract, this.symbol.funding, bar.openTimeMs);
    this.#due = new DueTimes(funding, this.#input.balanceEvery, bar.openTimeMs);
    this.#runtimes.forEach((runtime, account) => {
      runtime.account.deposit(accounts[account]!.balance, bar.openTimeMs, 'starting balance');
    });
    this.#flow.flush(this.#allAccounts);
    this.#desk.setPrices(bar.last.open, bar.mark.open, bar.openTimeMs);
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
    const due = this.#due!;
    // Funding at the very moment of the last close still belongs to the rows that stand there.
    if (due.nextMs > bar.previousCloseMs) this.#flush(this.#allAccounts);
    for (let event = due.takeBefore(bar.openTimeMs); event !== null; event = due.takeBefore(bar.openTimeMs)) {
      if (event.kind === 'funding') this.#fundInGap(event.due);
      else this.#rows.stand(event.timeMs, bar.previousMarkClose, event.kinds);
    }
    this.#rows.release();
    this.#refreshChanged(bar.previousMarkClose);
    const kinds = due.takeRowAt(bar.openTimeMs);
    if (kinds !== null) this.#rows.stand(bar.openTimeMs, bar.mark.open, kinds);
  }

  #fundInGap(due: FundingDue): void {
    const { previousLastClose, previousMarkClose } = this.#bar;
    const context = this.#context([], []);
    for (const runtime of this.#runtimes) {
      const moment = runtime.momentOf(due.timeMs, previousLastClose, previousMarkClose, this.#bars);
      applyFundingDue(runtime, due, moment, context);
      liquidateIfDue(runtime, moment, context);
    }
    this.#flush(this.#allAccounts);
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
    const { dueAtOpen, inside } = this.#due!.takeWithin(bar);
    const context = this.#context(dueAtOpen, inside);
    const hasRow = inside.some((event) => event.kind === 'sample');
    const hasFunding = dueAtOpen.length + inside.length > 0;
    const settled: number[] = [];
    this.#runtimes.forEach((runtime, account) => {
      const isFunded = hasFunding && runtime.position.qty !== 0n;
      if (!hasRow && !isFunded && !this.#book.isReachedBy(account, bar)) {
        runtime.see(bar.last);
        return;
      }
      settled.push(account);
      if (settleBar(runtime, bar, context)) this.#noteAmbiguous(account);
    });
    this.#flush(settled);
  }

  #noteAmbiguous(account: number): void {
    this.#flow.totals[account]!.ambiguousBars += 1;
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

  #callStrategy(): void {
    const bar = this.#bar;
    const { last } = bar;
    this.#history.push(bar.openTimeMs, bar.closeTimeMs, last.open, last.high, last.low, last.close, bar.volume);
    // The mark of a longer candle that has not closed would be a look ahead: last stands in for it.
    this.#desk.setPrices(last.close, bar.isMarkKnown ? bar.mark.close : last.close, bar.closeTimeMs);
    const notices = this.#notices;
    if (notices.length > 0) this.#notices = [];
    this.#driver.onClose(bar.closeTimeMs, notices);
    this.#takeRefused();
    const withRow = this.#input.balanceEvery.event || this.#rows.standing?.withBalance === true;
    for (const runtime of this.#runtimes) runtime.collectCalls(bar, withRow);
  }

  #takeRefused(): void {
    for (const { account, order } of this.#desk.takeRefused()) {
      this.#flow.order(account, order);
      this.#notices.push({ account, notice: { kind: 'rejected', order } });
    }
  }

  #refreshChanged(mark: number): void {
    this.#runtimes.forEach((runtime, account) => {
      if (!runtime.hasChanged) return;
      runtime.hasChanged = false;
      this.#book.refresh(account, runtime, mark);
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
      this.#flow.flush(this.#allAccounts, bar.closeTimeMs);
      this.#rows.stand(bar.closeTimeMs, bar.mark.close, { withBalance: true, withPositions: true });
      this.#rows.release();
      this.#flow.finishOrders();
    }
    return composeOutcome({
      runtimes: this.#runtimes,
      curves: this.#curves,
      totals: this.#flow.totals,
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
