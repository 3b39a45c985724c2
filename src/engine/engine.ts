/**
 * Runs a strategy over bars. The phases of a step (an open time at which at least one symbol has a bar), in this order:
 *
 *   1. the gap before it: funding and rows that fall between the last close and this open, at the last known marks
 *   2. triggers: does a bar reach any level, is funding or a row due inside it? Nearly always no
 *   3. settlement of the accounts that are reached (settleStep.ts): open, path, events
 *   4. records: journals become rows and bills, balances are checked
 *   5. the close: equity sampled, rows that stand at it
 *   6. the strategy: callbacks, then handleData; its orders are eligible on the next bar
 *   7. trigger levels of whatever changed
 *
 * Money changes in phases 1 and 3 only, and by the strategy's own calls. Reading data and writing tables are the callers'.
 */

import type { Params } from '../strategy/strategy.js';
import { applyFundingDues } from './accountEvents.js';
import { collectCalls } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import { AmbiguousSteps } from './ambiguousSteps.js';
import { BalanceRows } from './balanceRows.js';
import { DueTimes, NOTHING_DUE, type StepDues } from './dueTimes.js';
import { applyGivenFills, dueFor, findFillsLeft, requireFillsFrom } from './givenFills.js';
import type { Notice } from './journal.js';
import { LedgerCurves } from './ledgerCurves.js';
import { Market } from './market.js';
import { QuotedMoment, type StepContext } from './moment.js';
import type { OrderDesk } from './orderDesk.js';
import { composeOutcome } from './outcome.js';
import { RecordFlow } from './recordFlow.js';
import type { RunOutcome, RunWarning } from './records.js';
import type { RunInput } from './runInput.js';
import { createDesk, createDriver, createRuntimes, createWarmup, depositBalances } from './runParts.js';
import { settleStep } from './settleStep.js';
import type { StrategyDriver } from './strategyDriver.js';
import { TriggerBook } from './triggerBook.js';
import type { WarmupBuffer } from './warmupBuffer.js';

const POLL_EVERY_BARS = 1024;

/**
 * Runs a strategy and passes its records to the sink.
 *
 * @throws UserError for what the data or the strategy did wrong, InvariantError for what we did.
 */
export async function runBacktest<P extends Params>(input: RunInput<P>): Promise<RunOutcome> {
  const run = new Run(input);
  try {
    while (await run.market.fetch()) if (!run.settleAvailable()) break;
  } finally {
    await run.market.close();
  }
  return run.finish();
}

class Run<P extends Params> {
  readonly market: Market;
  readonly #input: RunInput<P>;
  readonly #runtimes: readonly AccountRuntime[];
  readonly #curves: LedgerCurves;
  readonly #book: TriggerBook;
  readonly #flow: RecordFlow;
  readonly #rows: BalanceRows;
  readonly #desk: OrderDesk;
  readonly #driver: StrategyDriver<P>;
  readonly #warmup: WarmupBuffer;
  readonly #allAccounts: readonly number[];
  readonly #ambiguous: AmbiguousSteps;
  readonly #warnings: RunWarning[] = [];
  #due: DueTimes | null = null;
  #bars = 0;
  #firstOpenTimeMs: number | null = null;
  #notices: { account: number; notice: Notice }[] = [];
  #isInterrupted = false;

  constructor(input: RunInput<P>) {
    this.#input = input;
    this.market = new Market(input.symbols);
    this.#runtimes = createRuntimes(input, this.market);
    this.#curves = new LedgerCurves(input.accounts, this.market);
    this.#book = new TriggerBook(this.market, input.accounts.length);
    this.#flow = new RecordFlow(input.sink, this.#runtimes);
    this.#ambiguous = new AmbiguousSteps(this.#flow.ambiguousBars);
    this.#rows = new BalanceRows(input.sink, this.#runtimes);
    this.#warmup = createWarmup(input, this.market);
    this.#allAccounts = input.accounts.map((_, account) => account);
    this.#desk = createDesk(input, this.#runtimes, this.market, (warning) => this.#warnings.push(warning));
    this.#driver = createDriver(input, this.#desk, this.#runtimes, this.market);
  }

  /** Settles the steps that are known without fetching. @returns false when the run ends before the data do. */
  settleAvailable(): boolean {
    const { fromMs, toMs, isInterrupted, onProgress } = this.#input;
    const { market } = this;
    while (market.isReady) {
      const openTimeMs = market.nextOpenMs;
      if (fromMs !== null && openTimeMs < fromMs) {
        market.passOver((symbol) => this.#warmup.push(symbol));
        continue;
      }
      if (toMs !== null && openTimeMs >= toMs) return false;
      this.#settle(openTimeMs);
      this.#bars += 1;
      if (this.#bars % POLL_EVERY_BARS === 0) {
        onProgress?.(this.#bars, market.closeTimeMs);
        if (isInterrupted?.() === true) {
          this.#isInterrupted = true;
          return false;
        }
      }
    }
    if (isInterrupted?.() === true) this.#isInterrupted = true;
    return !this.#isInterrupted;
  }

  /** The phases of a step. */
  #settle(openTimeMs: number): void {
    const { market } = this;
    const isFirst = this.#bars === 0;
    if (!isFirst) this.#takeFedOrders(openTimeMs);
    const isAfterGap = !isFirst && openTimeMs > market.closeTimeMs;
    if (isAfterGap) this.#settleGap(openTimeMs);
    market.load();
    if (isFirst) this.#begin();
    else this.#due!.beginSymbols(market);
    if (isAfterGap) {
      const kinds = this.#due!.takeRowAt(openTimeMs);
      if (kinds !== null) this.#rows.stand(new QuotedMoment(market, 'open', openTimeMs, this.#bars), kinds);
    }
    const { closeTimeMs } = market;
    if (this.#due!.nextMs < closeTimeMs || this.#book.isReached(market)) this.#settleReached();
    else for (const runtime of this.#runtimes) runtime.see();
    // What happened at the moment of the standing rows is now in them.
    this.#rows.release();
    this.#curves.sample(market);
    const kinds = this.#due!.rowAtClose(closeTimeMs);
    if (kinds !== null) this.#rows.stand(new QuotedMoment(market, 'close', closeTimeMs, this.#bars), kinds);
    this.#callStrategy();
    this.#book.refreshChanged(this.#runtimes);
  }

  #begin(): void {
    const { market } = this;
    const { openTimeMs } = market;
    this.#firstOpenTimeMs = openTimeMs;
    const fills = requireFillsFrom(this.#input.fills, openTimeMs);
    this.#due = new DueTimes(this.#input.balanceEvery, openTimeMs, fills);
    this.#due.beginSymbols(market);
    this.#curves.begin();
    depositBalances(this.#runtimes, this.#input.accounts, openTimeMs);
    this.#flow.flush(this.#allAccounts);
    this.#desk.setTime('open', openTimeMs, 0);
    this.#driver.initialize(openTimeMs);
    this.#takeRefused();
    this.#warmup.replay(market.openTimeMs, this.#driver);
    this.#rows.stand(new QuotedMoment(market, 'open', openTimeMs, 0), { withBalance: true, withPositions: false });
    this.#takeFedOrders(openTimeMs);
  }

  /** Takes the orders that are fed into the run for the bar that opens next, at the time the run has reached. */
  #takeFedOrders(nextOpenMs: number): void {
    const { beforeOpen } = this.#input;
    if (beforeOpen === undefined) return;
    this.#driver.feed((context) => beforeOpen(context, nextOpenMs));
    this.#takeCalls(this.#bars === 0 ? 'open' : 'close');
    this.#book.refreshChanged(this.#runtimes);
  }

  /** Funding, fills and rows between the last close and the next open. Bars are missing here: the last known marks hold. */
  #settleGap(untilMs: number): void {
    const { market } = this;
    const due = this.#due!;
    // Funding at the very moment of the last close still belongs to the rows that stand there.
    if (due.nextMs > market.closeTimeMs) this.#flush(this.#allAccounts);
    for (let event = due.takeBefore(untilMs); event !== null; event = due.takeBefore(untilMs)) {
      const moment = new QuotedMoment(market, 'close', event.timeMs, this.#bars);
      if (event.kind === 'row') {
        this.#rows.stand(moment, event.kinds);
        continue;
      }
      const context = this.#context(NOTHING_DUE);
      for (const runtime of this.#runtimes) {
        if (event.kind === 'fills') applyGivenFills(runtime, event.fills, moment, context);
        else applyFundingDues(runtime, event.dues, moment, context);
      }
      this.#flush(this.#allAccounts);
    }
    this.#rows.release();
    this.#book.refreshChanged(this.#runtimes);
  }

  #context(dues: StepDues): StepContext {
    return {
      bar: this.#bars,
      intrabar: this.#input.intrabar,
      slippage: this.#input.slippage,
      rowsAtEvents: this.#input.balanceEvery.event,
      standing: this.#rows.standing,
      liquidates: this.#input.fills?.areAlone !== true,
      ...dues,
    };
  }

  /** Settles the accounts that the step, funding or a row inside it reaches. */
  #settleReached(): void {
    const { market } = this;
    const allDues = this.#due!.takeWithin(market.openTimeMs, market.closeTimeMs);
    const settled: number[] = [];
    this.#runtimes.forEach((runtime, account) => {
      const { dues, isConcerned } = dueFor(runtime, allDues);
      if (!isConcerned && !this.#book.isReachedBy(account, market)) {
        runtime.see();
        return;
      }
      settled.push(account);
      const code = settleStep(runtime, this.#context(dues));
      if (code !== null) this.#ambiguous.note(account, runtime.name, code, market.openTimeMs);
    });
    this.#flush(settled);
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
    this.#refreshCurves(accounts);
  }

  #refreshCurves(accounts: readonly number[]): void {
    for (const account of accounts) {
      this.#curves.refresh(account, this.#runtimes[account]!, (currency) => this.#flow.totalsOf(account, currency));
    }
  }

  #callStrategy(): void {
    const { market } = this;
    this.#driver.pushBars();
    this.#desk.setTime('close', market.closeTimeMs, this.#bars);
    if (!this.#driver.onClose(market.closeTimeMs, this.#notices)) return;
    if (this.#notices.length > 0) this.#notices = [];
    this.#takeCalls('close');
  }

  /** Takes what calls have booked and what of them was refused. */
  #takeCalls(node: 'open' | 'close'): void {
    const { market } = this;
    this.#takeRefused();
    const withRow = this.#input.balanceEvery.event || this.#rows.standing?.withBalance === true;
    const timeMs = node === 'open' ? market.openTimeMs : market.closeTimeMs;
    this.#runtimes.forEach((runtime, account) => {
      const before = runtime.journal.bills.length;
      collectCalls(runtime, () => new QuotedMoment(market, node, timeMs, this.#bars), withRow);
      if (runtime.journal.bills.length > before) this.#curves.noteMoves(account, runtime.journal.bills.slice(before));
    });
  }

  #takeRefused(): void {
    for (const { account, order } of this.#desk.takeRefused()) {
      this.#flow.order(account, order);
      this.#notices.push({ account, notice: { kind: 'rejected', order } });
    }
  }

  /** Ends the run: orders expire, the last rows are written, the outcome is composed. */
  finish(): RunOutcome {
    const { market } = this;
    const last = this.#bars === 0 ? null : new QuotedMoment(market, 'close', market.closeTimeMs, this.#bars);
    if (last !== null) {
      const fills = this.#due!.takeFillsAt(market.closeTimeMs);
      for (const runtime of this.#runtimes) applyGivenFills(runtime, fills, last, this.#context(NOTHING_DUE));
      if (!this.#isInterrupted) this.#warnings.push(...findFillsLeft(this.#due!));
      this.#driver.finish();
      this.#takeRefused();
      for (const runtime of this.#runtimes) runtime.expireOrders(market.closeTimeMs);
      this.#flow.flush(this.#allAccounts, market.closeTimeMs);
      this.#refreshCurves(this.#allAccounts);
      if (fills.length > 0) this.#curves.sample(market);
      this.#rows.stand(last, { withBalance: true, withPositions: true });
      this.#rows.release();
      this.#flow.finishOrders();
    }
    return composeOutcome({
      runtimes: this.#runtimes,
      inputs: this.#input.accounts,
      curves: this.#curves,
      flow: this.#flow,
      ambiguous: this.#ambiguous.listed,
      warnings: this.#warnings,
      bars: this.#bars,
      firstOpenTimeMs: this.#firstOpenTimeMs,
      last,
      isInterrupted: this.#isInterrupted,
    });
  }
}
