/**
 * The slow engine that judges the fast one: every bar is fully evaluated for every account in exact decimals, written from the
 * settlement text and sharing no code with src/engine. One symbol, one-way positions, the sink contract of the fast engine.
 * It reads all bars into memory and is meant for some hundred of them.
 */

import type { AccountOutcome, RunOutcome } from '../../engine/records.js';
import type { AccountInput, RunInput } from '../../engine/runInput.js';
import type { Context, Params } from '../../strategy/strategy.js';
import { type Moment, RefAccount } from './account.js';
import { contextOf, type Desk, RefFacade } from './facade.js';
import { fundingTimes } from './funding.js';
import type { RefBar, RowTime } from './legs.js';
import { num, type Ratio, ratio, ratioOf, toBigint, toFloat, ZERO } from './numbers.js';
import { payFunding, slipped, type WalkSettings } from './pathWalk.js';
import { readBars, type SeenBar } from './readBars.js';
import { equityAt, noteRow } from './rows.js';
import { settleBar } from './settleBar.js';
import { stopsFirst } from './takeOver.js';
import { termsOf } from './terms.js';
import { orderRecord, WritingOrder } from './writingOrder.js';

const DAY_MS = 86_400_000;

/** Settles a run. */
export async function runReference<P extends Params = Params>(input: RunInput<P>): Promise<RunOutcome> {
  const symbol = input.symbols[0]!;
  const bars = await readBars(symbol.bars, input.fromMs, input.toMs);
  return new ReferenceRun(input as unknown as RunInput, bars).settle();
}

class ReferenceRun {
  private readonly input: RunInput;
  private readonly bars: readonly SeenBar[];
  private readonly accounts: RefAccount[];
  private readonly writing: WritingOrder;
  private readonly desk: Desk;
  private readonly context: Context;
  private readonly settings: WalkSettings;
  private readonly equity: number[][];
  private readonly ambiguous: { account: string; openTimeMs: number }[] = [];
  private nextOrderId = 1;
  private seen: SeenBar | null = null;
  private closedFor: string | null = 'before_first_bar';

  constructor(input: RunInput, bars: readonly SeenBar[]) {
    this.input = input;
    this.bars = bars;
    const { contract } = input.symbols[0]!;
    const feeOf = (fee: AccountInput['takerFee']): Ratio | undefined => (fee === undefined ? undefined : ratioOf(fee));
    this.accounts = input.accounts.map(
      (account) =>
        new RefAccount(account, termsOf(contract, account.rules, feeOf(account.takerFee), feeOf(account.makerFee))),
    );
    this.equity = this.accounts.map(() => []);
    this.writing = new WritingOrder(input.sink);
    this.settings = { slippage: input.slippage, eventRows: input.balanceEvery.event };
    this.desk = this.openDesk();
    this.context = contextOf(
      this.accounts.map((account) => new RefFacade(account, this.desk)),
      this.desk,
      input.params,
    );
  }

  private openDesk(): Desk {
    const { input } = this;
    return {
      contractSymbol: input.symbols[0]!.contract.symbol,
      timeMs: this.bars[0]?.settled.openTimeMs ?? 0,
      warmingUp: false,
      bars: [],
      onNotice: (message) => input.onNotice?.(message, this.desk.timeMs),
      moment: (account) => ({
        timeMs: this.desk.timeMs,
        closedFor: this.closedFor,
        last: this.seen?.settled.last.close ?? null,
        mark: this.seen?.knownMark ?? null,
        hasMark: input.symbols[0]!.hasMark,
        marketPrice: (side) => {
          const close = this.seen!.settled.last.close;
          return ratio(slipped(account.terms, side, close.n.div(close.d), input.slippage));
        },
        nextId: () => this.nextOrderId++,
      }),
    };
  }

  settle(): RunOutcome {
    const { strategy } = this.input;
    const state = strategy.initialize?.(this.context);
    let settled = 0;
    let isInterrupted = false;
    for (const bar of this.bars) {
      if (this.input.isInterrupted?.() === true) {
        isInterrupted = true;
        break;
      }
      this.settleOne(bar);
      settled += 1;
      this.desk.warmingUp = settled <= (strategy.warmup ?? 0);
      strategy.handleData(this.context, bar.shown, state);
      this.noteCalls(bar.settled);
    }
    this.closedFor = 'run_finished';
    this.desk.warmingUp = false;
    strategy.finish?.(this.context, state);
    this.finish();
    return this.outcome(settled, isInterrupted);
  }

  /** Gap, bar and close step of one bar, for every account. */
  private settleOne(bar: SeenBar): void {
    const { openTimeMs, closeTimeMs } = bar.settled;
    const { contract, funding } = this.input.symbols[0]!;
    const previous = this.seen;
    if (previous === null) this.deposit(bar.settled);
    else if (previous.settled.closeTimeMs < openTimeMs) this.crossGap(previous.settled, bar.settled);
    const due = fundingTimes(contract, funding, openTimeMs, closeTimeMs);
    const rowTimes = this.rowTimes(openTimeMs + 1, closeTimeMs);
    this.accounts.forEach((account, i) => {
      const isAmbiguous = settleBar(
        account,
        { ...bar.settled, funding: due, rowTimes },
        this.input.intrabar,
        this.settings,
      );
      if (isAmbiguous) this.ambiguous.push({ account: account.input.name, openTimeMs });
      this.equity[i]!.push(toFloat(equityAt(account, bar.settled.mark.close)));
    });
    this.closeStep(bar.settled);
    this.seen = bar;
    this.desk.timeMs = closeTimeMs;
    this.desk.bars.push(bar.shown);
    this.closedFor = null;
  }

  private deposit(bar: RefBar): void {
    for (const account of this.accounts) {
      account.book({ timeMs: bar.openTimeMs, type: 'deposit', amount: num(account.input.balance) });
      noteRow(account, this.openMoment(bar), true);
    }
  }

  /** Times in [from, to) at which rows stand by the clock: multiples of the lengths asked for, and midnights for positions. */
  private rowTimes(fromMs: number, toMs: number): RowTime[] {
    const { everyMs } = this.input.balanceEvery;
    const times = new Set<number>();
    for (const every of [...everyMs, DAY_MS]) {
      for (let timeMs = Math.ceil(fromMs / every) * every; timeMs < toMs; timeMs += every) times.add(timeMs);
    }
    return [...times]
      .sort((a, b) => a - b)
      .map((timeMs) => ({
        timeMs,
        withBalance: everyMs.some((every) => timeMs % every === 0),
        withPosition: timeMs % DAY_MS === 0,
      }));
  }

  /** Funding and rows that are due between two bars, at the last close; rows at the next open, at that open. */
  private crossGap(before: RefBar, next: RefBar): void {
    const { contract, funding } = this.input.symbols[0]!;
    const payments = fundingTimes(contract, funding, before.closeTimeMs, next.openTimeMs);
    const rowTimes = this.rowTimes(before.closeTimeMs + 1, next.openTimeMs + 1);
    const times = [...new Set([...payments, ...rowTimes].map((time) => time.timeMs))].sort((a, b) => a - b);
    for (const account of this.accounts) {
      for (const timeMs of times) {
        const moment: Moment =
          timeMs === next.openTimeMs
            ? this.openMoment(next)
            : { ...this.closeMoment(before), barIndex: next.index, timeMs, leg: 'open' };
        const payment = payments.find((time) => time.timeMs === timeMs);
        if (payment !== undefined) payFunding(account, payment, moment, this.settings);
        const row = rowTimes.find((time) => time.timeMs === timeMs);
        if (row !== undefined) noteRow(account, moment, row.withBalance, row.withPosition);
      }
    }
  }

  /** Rows that stand at a close. */
  private closeStep(bar: RefBar): void {
    const [time] = this.rowTimes(bar.closeTimeMs, bar.closeTimeMs + 1);
    const withBalance = this.input.balanceEvery.bar || time?.withBalance === true;
    for (const account of this.accounts) {
      noteRow(account, this.closeMoment(bar), withBalance, time?.withPosition === true);
    }
    this.writing.drain(this.accounts, bar.closeTimeMs);
  }

  /** What calls at a close have booked has a row of the moment, or renews the one that stands; written with the next bar's. */
  private noteCalls(bar: RefBar): void {
    for (const account of this.accounts.filter((each) => each.writings.length > 0)) {
      account.bookedAtMs = bar.closeTimeMs;
      noteRow(account, this.closeMoment(bar), this.settings.eventRows);
    }
  }

  private openMoment(bar: RefBar): Moment {
    return { timeMs: bar.openTimeMs, barIndex: bar.index, last: bar.last.open, mark: bar.mark.open, leg: 'open' };
  }

  private closeMoment(bar: RefBar): Moment {
    return { timeMs: bar.closeTimeMs, barIndex: bar.index, last: bar.last.close, mark: bar.mark.close, leg: 'leg3' };
  }

  /** Ends what is still working and writes the last rows. */
  private finish(): void {
    const last = this.seen?.settled ?? null;
    for (const account of this.accounts) {
      if (last === null) break;
      for (const order of stopsFirst(account)) {
        account.end(order, last.closeTimeMs, 'expired', null, 'end_of_run');
      }
      noteRow(account, this.closeMoment(last), true, true);
    }
    this.writing.drain(this.accounts, Number.POSITIVE_INFINITY);
    const ended = this.accounts.flatMap((account) => account.ended.map((order) => orderRecord(account, order)));
    for (const record of ended.sort((a, b) => a.id - b.id)) this.input.sink.order(record);
  }

  private outcome(settled: number, interrupted: boolean): RunOutcome {
    return {
      accounts: this.accounts.map((account, i) => this.accountOutcome(account, this.equity[i]!)),
      bars: settled,
      firstOpenTimeMs: this.bars[0]?.settled.openTimeMs ?? null,
      lastCloseTimeMs: this.seen?.settled.closeTimeMs ?? null,
      interrupted,
      ambiguous: this.ambiguous.slice(0, 100),
      warnings: [],
    };
  }

  private accountOutcome(account: RefAccount, equity: readonly number[]): AccountOutcome {
    const { counters, input } = account;
    const mark = this.seen?.settled.mark.close ?? null;
    const end = mark === null ? ZERO : equityAt(account, mark);
    return {
      account: input.name,
      exchange: input.rules.name,
      currency: account.terms.contract.settle,
      startEquity: input.balance,
      endEquity: toBigint(end),
      wallet: toBigint(account.wallet),
      netDeposits: 0n,
      fees: toBigint(counters.fees),
      funding: toBigint(counters.funding),
      insurance: toBigint(counters.insurance),
      closedTrades: counters.closedTrades,
      wins: counters.wins,
      breakEven: counters.breakEven,
      maxDrawdown: maxDrawdown(Number(input.balance), equity),
      liquidations: counters.liquidations,
      bankruptAtMs: account.bankruptAtMs,
      rejectedOrders: counters.rejectedOrders,
      missingFunding: counters.missingFunding,
      ambiguousBars: counters.ambiguousBars,
      openPositions: account.position === null ? 0 : 1,
    };
  }
}

/** Largest fall of the samples from the peak before, as a share of that peak. */
function maxDrawdown(start: number, samples: readonly number[]): number {
  let peak = start;
  let worst = 0;
  for (const sample of samples) {
    peak = Math.max(peak, sample);
    worst = Math.max(worst, (peak - sample) / peak);
  }
  return worst;
}
