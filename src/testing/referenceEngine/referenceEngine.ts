/**
 * The slow engine that judges the fast one: every step is fully evaluated for every account in exact decimals, written from the
 * settlement text and sharing no code with src/engine. Accounts of several exchanges, several symbols and ledgers, one-way and hedged positions, the sink
 * contract of the fast engine. It reads all bars into memory and is meant for some hundred of them.
 */

import type { GivenFill } from '../../engine/givenFills.js';
import type { RunOutcome } from '../../engine/records.js';
import type { AccountInput, RunInput } from '../../engine/runInput.js';
import type { Context, Params } from '../../strategy/strategy.js';
import { type Moment, type Quote, RefAccount } from './account.js';
import { type Funded, fundingOf, rowTimesOf } from './clock.js';
import { contextOf } from './context.js';
import { type Desk, RefFacade } from './facade.js';
import { duesOf } from './funding.js';
import { fillsAt, fillsOf } from './givenFills.js';
import { quotesAt, type RefStep } from './legs.js';
import { equityAt, lastOf } from './margin.js';
import { type Num, num, type Ratio, ratio, ratioOf, toFloat, ZERO } from './numbers.js';
import { ledgerOutcomes } from './outcome.js';
import { settleDue, slipped, type WalkSettings } from './pathWalk.js';
import { readSteps, type SeenStep, type Stretch } from './readBars.js';
import { noteRow, noteRows } from './rows.js';
import { Schedule, type ShownBar, type ShownStep } from './schedule.js';
import { settleStep } from './settleBar.js';
import { stopsFirst } from './takeOver.js';
import { termsOf } from './terms.js';
import { type Tiding, takeFromBar, takeFromCalls, tell } from './tidings.js';
import { type CloseRecord, linkPricesOf, type Prices, type RunRecord, totalsOf } from './totals.js';
import { orderRecord, WritingOrder } from './writingOrder.js';

/** Settles a run. */
export async function runReference<P extends Params = Params>(input: RunInput<P>): Promise<RunOutcome> {
  const { before, steps } = await readSteps(input);
  return new ReferenceRun(input as unknown as RunInput, steps).settle(before);
}

/** What an account trades, each with its fees, in code-unit order of the symbols: what other exchanges have changes nothing. */
function accountOf(input: AccountInput): RefAccount {
  const { contracts, rules, takerFee, makerFee } = input;
  const fees = {
    taker: takerFee === undefined ? null : ratioOf(takerFee),
    maker: makerFee === undefined ? null : ratioOf(makerFee),
  };
  const listed = [...contracts].sort(([, a], [, b]) => (a.symbol < b.symbol ? -1 : 1));
  return new RefAccount(
    input,
    listed.map((each) => termsOf(each, rules, fees)),
  );
}

/** All contracts of the run, each once: by the names of their candles, then in the order of the accounts. */
function contractsOf({ symbols, accounts }: Pick<RunInput, 'symbols' | 'accounts'>): Funded[] {
  const named = [...symbols].sort((a, b) => (a.name < b.name ? -1 : 1));
  return named.flatMap(({ name, funding }) => {
    const traded = new Set(accounts.flatMap(({ contracts }) => contracts.get(name) ?? []));
    return [...traded].map((contract) => ({ series: name, contract, funding }));
  });
}

/** The open of the first bar of each, whatever its finer bars open at. */
function firstOpensOf(steps: readonly SeenStep[]): Prices {
  const opens = new Map<string, Ratio>();
  for (const { bars } of steps) {
    for (const [series, { settled }] of bars) if (!opens.has(series)) opens.set(series, settled.last.open);
  }
  return opens;
}

/** A fill before the first open would leave every position after it wrong. */
function requireInside({ fills }: RunInput, [first]: readonly SeenStep[]): void {
  const early = fills?.rows.find(({ timeMs }) => first !== undefined && timeMs < first.openTimeMs);
  if (early !== undefined) throw new Error(`${early.file}:${early.line}: a fill lies before the run begins`);
}

class ReferenceRun {
  private readonly input: RunInput;
  private readonly steps: readonly SeenStep[];
  private readonly contracts: readonly Funded[];
  private readonly accounts: RefAccount[];
  private readonly writing: WritingOrder;
  private readonly desk: Desk;
  private readonly schedule: Schedule;
  private readonly context: Context;
  private readonly settings: WalkSettings;
  private readonly ambiguous: { account: string; openTimeMs: number }[] = [];
  private readonly firstOpens: Prices;
  private readonly closes: CloseRecord[] = [];
  /** Refused at the last close: the strategy is told first of all after the next bar. */
  private refusedCalls: Tiding[] = [];
  /** What the strategy has not been told yet. */
  private untold: Tiding[] = [];
  private called = 0;
  private nextOrderId = 1;
  private settled = 0;
  /** Of these, along finer bars. */
  private settledFinely = 0;
  /** The newest step, or part of one. */
  private last: RefStep | null = null;
  private closedFor: string | null = 'before_first_bar';

  constructor(input: RunInput, steps: readonly SeenStep[]) {
    this.input = input;
    this.steps = steps;
    this.firstOpens = firstOpensOf(steps);
    this.contracts = contractsOf(input);
    this.accounts = input.accounts.map(accountOf);
    for (const account of this.accounts) account.hasRisk = input.fills?.areAlone !== true;
    requireInside(input, steps);
    this.writing = new WritingOrder(input.sink);
    this.settings = { slippage: input.slippage, eventRows: input.balanceEvery.event };
    this.desk = this.openDesk();
    this.schedule = new Schedule(input);
    this.context = contextOf(
      this.accounts.map((account) => new RefFacade(account, this.accounts, this.desk)),
      this.desk,
      this.schedule,
      input.params,
    );
  }

  private openDesk(): Desk {
    const { input } = this;
    const known = new Map<string, Quote>();
    return {
      series: input.symbols.map(({ name }) => name),
      timeMs: this.steps[0]?.openTimeMs ?? 0,
      warmingUp: false,
      known,
      onNotice: (message) => input.onNotice?.(message, this.desk.timeMs),
      moment: () => ({
        timeMs: this.desk.timeMs,
        closedFor: this.closedFor,
        quotes: known,
        hasMark: (series) => input.symbols.find(({ name }) => name === series)?.hasMark === true,
        marketPrice: (book, side) => {
          const close = lastOf(book, known);
          return ratio(slipped(book.terms, side, close.n.div(close.d), input.slippage));
        },
        nextId: () => this.nextOrderId++,
      }),
    };
  }

  /** @param before bars before the run's start. */
  settle(before: readonly ShownBar[]): RunOutcome {
    const { strategy } = this.input;
    this.showStart((amount) => num(amount));
    const state = strategy.initialize?.(this.context);
    this.refusedCalls = takeFromCalls(this.accounts);
    const startMs = this.desk.timeMs;
    for (const step of this.schedule.warmUpOn(before, strategy.warmup ?? 0, startMs)) this.callStrategy(step, state);
    this.showStart(() => ZERO);
    let isInterrupted = false;
    for (const seen of this.steps) {
      if (this.input.isInterrupted?.() === true) {
        isInterrupted = true;
        break;
      }
      this.settleOne(seen);
      this.settled += 1;
      if (seen.stretches.length > 1) this.settledFinely += 1;
      this.untold.push(...this.refusedCalls, ...takeFromBar(this.accounts));
      const shown = [...seen.bars.values()].map((each) => ({ series: each.series, bar: each.shown }));
      this.callStrategy({ closeTimeMs: seen.closeTimeMs, bars: shown }, state);
      this.refusedCalls = takeFromCalls(this.accounts);
      this.noteCalls(this.last!);
    }
    this.settleAtEnd();
    this.closedFor = 'run_finished';
    this.desk.warmingUp = false;
    strategy.finish?.(this.context, state);
    this.finish();
    return this.outcome(isInterrupted);
  }

  /** Calls the strategy on each bar of its timeframe that a step completes, none, one or two; first it is told what happened. */
  private callStrategy(step: ShownStep, state: unknown): void {
    const { strategy } = this.input;
    for (const closeMs of this.schedule.show(step)) {
      this.schedule.callOn(closeMs);
      this.desk.timeMs = step.closeTimeMs;
      this.called += 1;
      this.desk.warmingUp = this.called <= (strategy.warmup ?? 0);
      const tidings = this.untold;
      this.untold = [];
      tell(tidings, strategy, this.context, state);
      strategy.handleData(this.context, this.schedule.bar(this.desk.series[0]!)!, state);
    }
  }

  /** What `initialize` sees in the wallets; the deposits are booked at the first open. */
  private showStart(walletOf: (amount: bigint) => Num): void {
    for (const account of this.accounts) {
      for (const { currency, amount } of account.input.balances) account.ledgerOf(currency).wallet = walletOf(amount);
    }
  }

  /** The index is the step's also of its parts. */
  private stepOf({ openTimeMs, closeTimeMs, bars }: Stretch): RefStep {
    const previous = this.last;
    const held = previous === null ? new Map<string, Quote>() : quotesAt(previous, 'close');
    const traded = this.contracts.filter(({ series }) => held.has(series) || bars.has(series));
    return {
      index: this.settled,
      openTimeMs,
      closeTimeMs,
      bars: new Map([...bars].map(([series, { settled }]) => [series, settled])),
      held,
      funding: fundingOf(traded, openTimeMs, closeTimeMs),
      fills: this.givenIn(openTimeMs, closeTimeMs),
      rowTimes: rowTimesOf(this.input.balanceEvery, openTimeMs + 1, closeTimeMs),
    };
  }

  /** Given fills in [from, to). */
  private givenIn(fromMs: number, toMs: number): GivenFill[] {
    return (this.input.fills?.rows ?? []).filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs);
  }

  /** Gap, bars and close of one step, for every account: its parts in order, each as a bar of its own but for what is at its close. */
  private settleOne({ stretches }: SeenStep): void {
    for (const [i, stretch] of stretches.entries()) {
      const step = this.stepOf(stretch);
      const previous = this.last;
      if (previous === null) this.deposit(step);
      if (i === 0) this.feed(step);
      if (previous !== null && previous.closeTimeMs < step.openTimeMs) this.crossGap(previous, step);
      for (const account of this.accounts) {
        const isAmbiguous = settleStep(account, step, this.input.intrabar, this.settings);
        if (isAmbiguous) this.ambiguous.push({ account: account.input.name, openTimeMs: step.openTimeMs });
      }
      const isLast = i === stretches.length - 1;
      if (isLast) this.sample(step);
      this.closeStep(step, isLast);
      this.last = step;
    }
    const { bars, closeTimeMs } = stretches.at(-1)!;
    this.desk.timeMs = closeTimeMs;
    for (const [series, { settled, knownMark }] of bars) {
      this.desk.known.set(series, { last: settled.last.close, mark: knownMark });
    }
    this.closedFor = null;
  }

  /** What curves and totals go by. */
  private sample(step: RefStep): void {
    for (const account of this.accounts) {
      for (const ledger of account.ledgers) {
        const equity = equityAt(account, ledger, quotesAt(step, 'close'));
        const { netDeposits, spot } = ledger.counters;
        ledger.samples.push(toFloat(equity.minus(netDeposits).minus(spot)));
      }
    }
    this.closes.push(this.closeRecordOf(step));
  }

  /** Takes orders that are fed into the run for this step: at the last close, for the first one at its open. */
  private feed(step: RefStep): void {
    const { beforeOpen } = this.input;
    if (beforeOpen === undefined) return;
    if (this.last === null) {
      this.closedFor = null;
      for (const [series, quote] of quotesAt(step, 'open')) this.desk.known.set(series, quote);
    }
    beforeOpen(this.context, step.openTimeMs);
    this.refusedCalls.push(...takeFromCalls(this.accounts));
    if (this.last !== null) this.noteCalls(this.last);
  }

  private closeRecordOf(step: RefStep): CloseRecord {
    const quotes = quotesAt(step, 'close');
    const newest = [...quotes].map(([series, { last }]): [string, Ratio] => [series, last]);
    const equities = this.accounts.map((account) => {
      const ofLedgers = account.ledgers.map((ledger): [string, Num] => [
        ledger.currency.code,
        equityAt(account, ledger, quotes),
      ]);
      return [account, new Map(ofLedgers)] as const;
    });
    const prices = new Map([...this.firstOpens, ...newest]);
    return { timeMs: step.closeTimeMs, prices, equities: new Map(equities) };
  }

  private deposit(step: RefStep): void {
    for (const account of this.accounts) {
      for (const { currency, amount } of account.input.balances) {
        const ledger = account.ledgerOf(currency);
        account.book(ledger, { timeMs: step.openTimeMs, type: 'deposit', amount: num(amount) }, null);
      }
      noteRows(account, this.openMoment(step), true);
    }
    // What everybody starts with stands before what happens at that very time.
    this.writing.drain(this.accounts, step.openTimeMs);
  }

  /** Funding, given fills and rows that are due between two steps, at the last prices; rows at the next open, at that open. */
  private crossGap(before: RefStep, next: RefStep): void {
    const traded = this.contracts.filter(({ series }) => next.held.has(series));
    const payments = fundingOf(traded, before.closeTimeMs, next.openTimeMs);
    const rowTimes = rowTimesOf(this.input.balanceEvery, before.closeTimeMs + 1, next.openTimeMs + 1);
    const fills = this.givenIn(before.closeTimeMs, next.openTimeMs);
    const dueTimes = [...payments.map(({ time }) => time.timeMs), ...fills.map(({ timeMs }) => timeMs)];
    const times = new Set([...dueTimes, ...rowTimes.map(({ timeMs }) => timeMs)]);
    for (const account of this.accounts) {
      for (const timeMs of [...times].sort((a, b) => a - b)) {
        const moment: Moment =
          timeMs === next.openTimeMs
            ? this.openMoment(next)
            : { quotes: next.held, barIndex: next.index, timeMs, leg: 'open' };
        const funding = duesOf(account, payments).filter(({ time }) => time.timeMs === timeMs);
        const given = fillsAt(account, fills, timeMs);
        if (funding.length + given.length > 0) settleDue(account, { funding, fills: given }, moment, this.settings);
        const row = rowTimes.find((time) => time.timeMs === timeMs);
        if (row !== undefined) noteRows(account, moment, row.withBalance, row.withPosition);
      }
    }
  }

  /** Rows that stand at a close; a finer bar's is no bar close but where it is the step's too. */
  private closeStep(step: RefStep, isLast: boolean): void {
    const [time] = rowTimesOf(this.input.balanceEvery, step.closeTimeMs, step.closeTimeMs + 1);
    const withBalance = (this.input.balanceEvery.bar && isLast) || time?.withBalance === true;
    for (const account of this.accounts) {
      noteRows(account, this.closeMoment(step), withBalance, time?.withPosition === true);
    }
    this.writing.drain(this.accounts, step.closeTimeMs);
  }

  /** What calls at a close have booked has a row of the moment, or renews the one that stands; written with the next step's. */
  private noteCalls(step: RefStep): void {
    for (const account of this.accounts) {
      for (const ledger of account.ledgers.filter(({ written }) => written > 0)) {
        ledger.bookedAtMs = step.closeTimeMs;
        noteRow(account, ledger, this.closeMoment(step), this.settings.eventRows);
      }
    }
  }

  private openMoment(step: RefStep): Moment {
    return { timeMs: step.openTimeMs, barIndex: step.index, quotes: quotesAt(step, 'open'), leg: 'open' };
  }

  private closeMoment(step: RefStep): Moment {
    return { timeMs: step.closeTimeMs, barIndex: step.index, quotes: quotesAt(step, 'close'), leg: 'leg3' };
  }

  /** Fills given for the very end; later ones are left over. */
  private settleAtEnd(): void {
    const { last } = this;
    if (last === null) return;
    const given = this.givenIn(last.closeTimeMs, last.closeTimeMs + 1);
    // A close is the next bar's open, also where none follows.
    const moment: Moment = { ...this.closeMoment(last), barIndex: this.settled, leg: 'open' };
    for (const account of this.accounts) {
      const fills = fillsOf(account, given);
      if (fills.length > 0) settleDue(account, { funding: [], fills }, moment, this.settings);
    }
    if (given.length > 0) this.sample(last);
  }

  /** Ends what is still working and writes the last rows. */
  private finish(): void {
    const { last } = this;
    for (const account of this.accounts) {
      if (last === null) break;
      for (const order of stopsFirst(account)) {
        account.end(order, last.closeTimeMs, 'expired', null, 'end_of_run');
      }
      noteRows(account, this.closeMoment(last), true, true);
    }
    this.writing.drain(this.accounts, Number.POSITIVE_INFINITY);
    const ended = this.accounts.flatMap((account) => account.ended.map((order) => orderRecord(account, order)));
    for (const record of ended.sort((a, b) => a.id - b.id)) this.input.sink.order(record);
  }

  private outcome(interrupted: boolean): RunOutcome {
    const quotes = this.last === null ? new Map<string, Quote>() : quotesAt(this.last, 'close');
    const record: RunRecord = {
      contracts: this.contracts,
      firstOpens: this.firstOpens,
      closes: this.closes,
      quotes,
    };
    return {
      accounts: this.accounts.flatMap((account) => ledgerOutcomes(account, quotes)),
      totals: totalsOf(this.accounts, record),
      linkPrices: linkPricesOf(record),
      bars: this.settled,
      fineBars: this.settledFinely,
      firstOpenTimeMs: this.steps[0]?.openTimeMs ?? null,
      lastCloseTimeMs: this.last?.closeTimeMs ?? null,
      interrupted,
      ambiguous: this.ambiguous.slice(0, 100),
      warnings: [],
    };
  }
}
