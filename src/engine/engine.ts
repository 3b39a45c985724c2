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
 * Where finer bars are the path of a step, phases 2 to 4, the rows that fall into it and 7 happen for each of them.
 *
 * Money changes in phases 1 and 3 only, and by the strategy's own calls. Reading data and writing tables are the callers'.
 */

import type { Params } from '../strategy/strategy.js';
import { collectCalls } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import { NOTHING_DUE } from './dueTimes.js';
import { findFillsLeft, settleDues } from './givenFills.js';
import { Market } from './market.js';
import { QuotedMoment } from './moment.js';
import type { OrderDesk } from './orderDesk.js';
import { composeOutcome } from './outcome.js';
import type { RunOutcome, RunWarning } from './records.js';
import type { RunInput } from './runInput.js';
import { createDesk, createDriver, createRuntimes, createWarmup, depositBalances } from './runParts.js';
import { StepSettler } from './stepSettler.js';
import type { StrategyDriver } from './strategyDriver.js';
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
  readonly #settler: StepSettler;
  readonly #desk: OrderDesk;
  readonly #driver: StrategyDriver<P>;
  readonly #warmup: WarmupBuffer;
  readonly #allAccounts: readonly number[];
  readonly #warnings: RunWarning[] = [];
  #bars = 0;
  #fineBars = 0;
  #firstOpenTimeMs: number | null = null;
  #isInterrupted = false;

  constructor(input: RunInput<P>) {
    this.#input = input;
    this.market = new Market(input.symbols, input.accounts);
    this.#runtimes = createRuntimes(input, this.market);
    this.#settler = new StepSettler(input, this.market, this.#runtimes);
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
    const settler = this.#settler;
    settler.bar = this.#bars;
    const isFirst = this.#bars === 0;
    if (!isFirst) this.#takeFedOrders(openTimeMs);
    const isAfterGap = !isFirst && openTimeMs > market.closeTimeMs;
    if (isAfterGap) settler.settleGap(openTimeMs);
    const parts = market.advance();
    if (parts > 1) this.#fineBars += 1;
    market.load(0);
    if (isFirst) this.#begin();
    else settler.due.beginSymbols(market);
    if (isAfterGap) settler.standAtOpen();
    settler.settlePart(parts === 1);
    for (let part = 1; part < parts; part++) {
      settler.refreshLevels();
      market.load(part);
      settler.settlePart(part === parts - 1);
    }
    this.#callStrategy();
    settler.refreshLevels();
  }

  #begin(): void {
    const { market } = this;
    const { openTimeMs } = market;
    const settler = this.#settler;
    this.#firstOpenTimeMs = openTimeMs;
    settler.begin();
    depositBalances(this.#runtimes, this.#input.accounts, openTimeMs);
    settler.flow.flush(this.#allAccounts);
    this.#desk.setTime('open', openTimeMs, 0);
    this.#driver.initialize(openTimeMs);
    this.#takeRefused();
    this.#warmup.replay(openTimeMs, this.#driver);
    settler.rows.stand(new QuotedMoment(market, 'open', openTimeMs, 0), { withBalance: true, withPositions: false });
    this.#takeFedOrders(openTimeMs);
  }

  /** Takes the orders that are fed into the run for the bar that opens next, at the time the run has reached. */
  #takeFedOrders(nextOpenMs: number): void {
    const { beforeOpen } = this.#input;
    if (beforeOpen === undefined) return;
    this.#driver.feed((context) => beforeOpen(context, nextOpenMs));
    this.#takeCalls(this.#bars === 0 ? 'open' : 'close');
    this.#settler.refreshLevels();
  }

  /** Made once, because it is asked for on every bar. */
  readonly #takeNotices = () => this.#settler.takeNotices();

  #callStrategy(): void {
    const { market } = this;
    this.#driver.pushBars();
    this.#desk.setTime('close', market.closeTimeMs, this.#bars);
    if (!this.#driver.onClose(market.closeTimeMs, this.#takeNotices)) return;
    this.#takeCalls('close');
  }

  /** Takes what calls have booked and what of them was refused. */
  #takeCalls(node: 'open' | 'close'): void {
    const { market } = this;
    this.#takeRefused();
    const withRow = this.#input.balanceEvery.event || this.#settler.rows.standing?.withBalance === true;
    const timeMs = node === 'open' ? market.openTimeMs : market.closeTimeMs;
    for (const account of this.#settler.changed) {
      const runtime = this.#runtimes[account]!;
      const before = runtime.journal.bills.length;
      collectCalls(runtime, () => new QuotedMoment(market, node, timeMs, this.#bars), withRow);
      if (runtime.journal.bills.length > before)
        this.#settler.curves.noteMoves(account, runtime.journal.bills.slice(before));
    }
  }

  #takeRefused(): void {
    for (const { account, order } of this.#desk.takeRefused()) {
      this.#settler.flow.order(account, order);
      this.#settler.note(account, { kind: 'rejected', order });
    }
  }

  /** Ends the run: orders expire, the last rows are written, the outcome is composed. */
  finish(): RunOutcome {
    const { market } = this;
    const { flow, curves, rows, ambiguous } = this.#settler;
    const last = this.#bars === 0 ? null : new QuotedMoment(market, 'close', market.closeTimeMs, this.#bars);
    if (last !== null) {
      this.#settler.bar = this.#bars;
      const hasFills = this.#settleLastFills(last);
      this.#driver.finish();
      this.#takeRefused();
      for (const runtime of this.#runtimes) runtime.expireOrders(market.closeTimeMs);
      flow.flush(this.#allAccounts, market.closeTimeMs);
      this.#settler.refreshCurves(this.#allAccounts);
      if (hasFills) curves.sample(market);
      rows.stand(last, { withBalance: true, withPositions: true });
      rows.release();
      flow.finishOrders();
    }
    return composeOutcome({
      runtimes: this.#runtimes,
      inputs: this.#input.accounts,
      curves,
      flow,
      ambiguous: ambiguous.listed,
      warnings: this.#warnings,
      bars: this.#bars,
      fineBars: this.#fineBars,
      firstOpenTimeMs: this.#firstOpenTimeMs,
      last,
      isInterrupted: this.#isInterrupted,
    });
  }

  /** Given fills of exactly the last close. @returns whether there are any */
  #settleLastFills(last: QuotedMoment): boolean {
    const { due } = this.#settler;
    const fills = due.takeFillsAt(last.timeMs);
    const context = this.#settler.contextOf(NOTHING_DUE);
    for (const runtime of this.#runtimes) {
      runtime.catchUp();
      settleDues(runtime, { funding: [], fills }, last, context);
    }
    if (!this.#isInterrupted) this.#warnings.push(...findFillsLeft(due));
    return fills.length > 0;
  }
}
