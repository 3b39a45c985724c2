/**
 * Settles what the market has loaded for all accounts: the gap before a step, the step itself or one finer bar of it, and the rows
 * that stand inside and at its close. Keeps what follows from it: trigger levels, records, balance rows, equity curves. When
 * a strategy is called, and what it calls, is the run's.
 */

import type { AccountRuntime } from './accountRuntime.js';
import { AmbiguousSteps } from './ambiguousSteps.js';
import { BalanceRows } from './balanceRows.js';
import { DueTimes, NOTHING_DUE, type StepDues } from './dueTimes.js';
import { dueFor, requireFillsFrom, settleDues } from './givenFills.js';
import type { Notice } from './journal.js';
import type { Market } from './market.js';
import { QuotedMoment, type StepContext } from './moment.js';
import { RecordFlow } from './recordFlow.js';
import type { RunCurves } from './runCurves.js';
import type { RunInput } from './runInput.js';
import { createCurves } from './runParts.js';
import { settleStep } from './settleStep.js';
import { TriggerBook } from './triggerBook.js';

type Settings = Pick<RunInput, 'accounts' | 'intrabar' | 'slippage' | 'balanceEvery' | 'fills' | 'sink' | 'onNotice'>;

/** Bars that are remembered: after so many all accounts catch up. */
const REMEMBERED = 1 << 16;

export class StepSettler {
  readonly flow: RecordFlow;
  readonly curves: RunCurves;
  readonly rows: BalanceRows;
  readonly ambiguous: AmbiguousSteps;
  readonly #settings: Settings;
  readonly #market: Market;
  readonly #runtimes: readonly AccountRuntime[];
  readonly #book: TriggerBook;
  readonly #allAccounts: readonly number[];
  #due: DueTimes | null = null;
  #notices: { account: number; notice: Notice }[] = [];
  /** Accounts in which something has changed since their levels were computed. */
  #changed: number[] = [];
  /** Number of the step at hand, from 0. */
  bar = 0;

  constructor(settings: Settings, market: Market, runtimes: readonly AccountRuntime[]) {
    this.#settings = settings;
    this.#market = market;
    this.#runtimes = runtimes;
    this.curves = createCurves(settings.accounts, market);
    this.#book = new TriggerBook(market, runtimes.length);
    this.flow = new RecordFlow(settings.sink, runtimes);
    this.ambiguous = new AmbiguousSteps(this.flow.ambiguousBars);
    this.rows = new BalanceRows(settings.sink, runtimes);
    this.#allAccounts = runtimes.map((_, account) => account);
    runtimes.forEach((runtime, account) => {
      runtime.tellChanges(() => this.#changed.push(account));
    });
  }

  /** Begins at the first step, whose bars have been loaded. */
  begin(): void {
    const { openTimeMs } = this.#market;
    const fills = requireFillsFrom(this.#settings.fills, openTimeMs);
    this.#due = new DueTimes(this.#settings.balanceEvery, openTimeMs, fills);
    this.#due.beginSymbols(this.#market);
    this.curves.begin();
  }

  /** What the clock brings; only after the beginning. */
  get due(): DueTimes {
    return this.#due!;
  }

  /** Hands over what happened since the last call, for the strategy to be told. */
  takeNotices(): { account: number; notice: Notice }[] {
    const notices = this.#notices;
    if (notices.length > 0) this.#notices = [];
    return notices;
  }

  /** Adds something to be told. */
  note(account: number, notice: Notice): void {
    this.#notices.push({ account, notice });
  }

  /** Computes the trigger levels of all accounts anew in which something has changed. */
  refreshLevels(): void {
    if (this.#changed.length === 0) return;
    for (const account of this.takeChanged()) {
      const runtime = this.#runtimes[account]!;
      // Its levels may have been computed within the step.
      if (!runtime.hasChanged) continue;
      runtime.hasChanged = false;
      this.#book.refresh(account, runtime);
    }
  }

  /** The accounts in which something has changed since their levels were computed, ascending. */
  get changed(): readonly number[] {
    return this.#changed.length < 2 ? this.#changed : [...new Set(this.#changed)].sort((a, b) => a - b);
  }

  takeChanged(): readonly number[] {
    const { changed } = this;
    this.#changed = [];
    return changed;
  }

  /** Settles what is loaded, the step or one finer bar of it, and lets rows stand at its close. */
  settlePart(isLast: boolean): void {
    const market = this.#market;
    const { closeTimeMs } = market;
    if (this.due.nextMs < closeTimeMs || this.#book.isReached(market)) this.#settleReached();
    market.remember();
    if (market.loaded % REMEMBERED === 0) this.#catchUpAll();
    // What happened at the moment of the standing rows is now in them.
    this.rows.release();
    if (isLast) this.curves.sample(market);
    const kinds = this.due.rowAtClose(closeTimeMs, isLast);
    if (kinds !== null) this.rows.stand(new QuotedMoment(market, 'close', closeTimeMs, this.bar), kinds);
  }

  /** Lets every account catch up, so that what is past can be forgotten. */
  #catchUpAll(): void {
    for (const runtime of this.#runtimes) runtime.catchUp();
    this.#market.forget();
  }

  /** A row that is due exactly at the open that ends a gap. */
  standAtOpen(): void {
    const { openTimeMs } = this.#market;
    const kinds = this.due.takeRowAt(openTimeMs);
    if (kinds !== null) this.rows.stand(new QuotedMoment(this.#market, 'open', openTimeMs, this.bar), kinds);
  }

  /** Funding, fills and rows between the last close and the next open. Bars are missing here: the last known marks hold. */
  settleGap(untilMs: number): void {
    const market = this.#market;
    const { due } = this;
    // Funding at the very moment of the last close still belongs to the rows that stand there.
    if (due.nextMs > market.closeTimeMs) this.flush(this.#allAccounts);
    for (let event = due.takeBefore(untilMs); event !== null; event = due.takeBefore(untilMs)) {
      const moment = new QuotedMoment(market, 'close', event.timeMs, this.bar);
      if (event.kind === 'row') {
        this.rows.stand(moment, event.kinds);
        continue;
      }
      const context = this.contextOf(NOTHING_DUE);
      for (const runtime of this.#runtimes) {
        runtime.catchUp();
        settleDues(runtime, event, moment, context);
      }
      this.flush(this.#allAccounts);
    }
    this.rows.release();
    this.refreshLevels();
  }

  contextOf(dues: StepDues): StepContext {
    return {
      bar: this.bar,
      intrabar: this.#settings.intrabar,
      slippage: this.#settings.slippage,
      rowsAtEvents: this.#settings.balanceEvery.event,
      standing: this.rows.standing,
      liquidates: this.#settings.fills?.areAlone !== true,
      ...dues,
    };
  }

  /** Settles the accounts that the step, funding or a row inside it reaches. */
  #settleReached(): void {
    const market = this.#market;
    const allDues = this.due.takeWithin(market.openTimeMs, market.closeTimeMs);
    const reached = this.#book.reachedAccounts(market);
    const areAllAsked = allDues !== NOTHING_DUE;
    const isReached = new Set(reached);
    const settled: number[] = [];
    for (const account of areAllAsked ? this.#allAccounts : reached) {
      const runtime = this.#runtimes[account]!;
      const { dues, isConcerned } = dueFor(runtime, allDues);
      if (!isConcerned && !isReached.has(account)) continue;
      settled.push(account);
      const code = settleStep(runtime, this.contextOf(dues), () => this.#book.isReachedAfterOpen(account, runtime));
      if (code !== null) this.ambiguous.note(account, runtime.name, code, market.openTimeMs);
    }
    this.flush(settled);
  }

  /** Journals become records; what happened at the moment of the standing rows goes into them first. */
  flush(accounts: readonly number[]): void {
    for (const account of accounts) this.rows.renew(account);
    this.rows.release();
    for (const { account, notice } of this.flow.flush(accounts)) {
      this.note(account, notice);
      if (notice.kind === 'bankrupt') {
        this.#settings.onNotice?.(`account ${this.#runtimes[account]!.name}: 爆仓 (blown up)`, notice.timeMs);
      }
    }
    this.refreshCurves(accounts);
  }

  refreshCurves(accounts: readonly number[]): void {
    for (const account of accounts) {
      this.curves.refresh(account, this.#runtimes[account]!, (currency) => this.flow.totalsOf(account, currency));
    }
  }
}
