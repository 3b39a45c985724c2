/**
 * The second half of `backtest check`: runs of one strategy whose calls must be equal. First the same run twice; then, for each cut,
 * a run whose future is another, by a strategy loaded anew and by one that has seen the whole true run before. What calls are is
 * lookAheadCalls.ts, what another future is lookAheadScramble.ts; what is found is put into words in checkFindings.ts.
 */

import { runBacktest } from '../engine/engine.js';
import type { RunInput } from '../engine/runInput.js';
import { EXIT, UserError } from '../errors.js';
import { sinkOf } from '../report/sinks.js';
import { loadStrategy } from '../strategy/loader.js';
import { recordCalls, type StrategyCall } from '../strategy/lookAheadCalls.js';
import { CallComparison, type CallDifference } from '../strategy/lookAheadComparison.js';
import { chooseCuts } from '../strategy/lookAheadCuts.js';
import { type OpenedFile, whileWatching } from '../strategy/lookAheadFiles.js';
import { createDraws } from '../strategy/lookAheadScramble.js';
import { findUserFrames, type UserFrame } from '../strategy/userFrames.js';
import type { CheckMarket, World } from './checkMarket.js';
import type { RunPlan } from './runPlan.js';
import { inShortSteps } from './shortSteps.js';

/** The first call that two runs do not share, with the author's line where it is known. */
export interface RunDifference extends CallDifference {
  readonly frame: UserFrame | null;
  /** From when on the second run had another future; null when it had none. */
  readonly cutMs: number | null;
}

/** What one of the comparisons came to; `compared` counts calls. */
export interface Comparison {
  readonly compared: number;
  readonly difference: RunDifference | null;
}

export interface LookAheadResult {
  /** Calls of the whole run. */
  readonly calls: number;
  readonly cuts: number;
  /** The same run twice. */
  readonly determinism: Comparison;
  /** Loaded anew, with another future; null where two equal runs differ already. */
  readonly lookAhead: Comparison | null;
  /** The same module a second time, with another future. */
  readonly carryOver: Comparison | null;
  /** Files that the strategy opened, each once. */
  readonly opened: readonly OpenedFile[];
}

export interface RunnerSettings {
  readonly plan: RunPlan;
  readonly market: CheckMarket;
  readonly cuts: number;
  readonly cwd: string;
  /** Of compiled strategies; null keeps none. */
  readonly storeFolder: string | null;
  readonly now: () => Date;
  readonly isInterrupted: () => boolean;
  readonly onProgress: (bars: number, timeMs: number) => void;
}

/** Thrown when the user has asked for the end. */
export class CheckInterrupted extends Error {}

type AnyStrategy = RunInput['strategy'];

/** More than a run has symbols: each draws by a seed of its own. */
const SEEDS_A_CUT = 1000;

/** @throws UserError exit 1 when the strategy fails in the true run; CheckInterrupted */
export async function compareRuns(settings: RunnerSettings): Promise<LookAheadResult> {
  const runs = new Runs(settings);
  const { market, plan } = settings;
  const base: StrategyCall[] = [];
  await runs.run(plan.strategy.strategy, market.truth(), (call) => base.push(call));
  const seen = await runs.loadAnew([]);
  const determinism = await runs.compare(base, { strategy: seen, world: market.truth(), cutMs: null, copies: [] });
  const result = { calls: base.length, determinism };
  if (determinism.difference !== null) {
    return { ...result, cuts: 0, lookAhead: null, carryOver: null, opened: runs.opened };
  }
  const seed = plan.simulation.seed ?? 0;
  const cuts = chooseCuts(
    market.closesMs,
    base.map(({ timeMs }) => timeMs),
    settings.cuts,
    createDraws(seed),
  );
  const lookAhead = { compared: 0, difference: null as RunDifference | null };
  const carryOver = { compared: 0, difference: null as RunDifference | null };
  for (const [i, cutMs] of cuts.entries()) {
    const worldSeed = seed + 1 + i * SEEDS_A_CUT;
    if (lookAhead.difference === null) {
      const readsData = runs.opened.some(({ watched }) => watched !== null);
      const world = await market.another(cutMs, worldSeed, readsData);
      try {
        add(lookAhead, await runs.compare(base, { strategy: null, world, cutMs, copies: world.copies }));
      } finally {
        world.remove();
      }
    }
    if (carryOver.difference === null) {
      // No files stand in: what a strategy reads again is the other half's to find.
      const world = await market.another(cutMs, worldSeed, false);
      add(carryOver, await runs.compare(base, { strategy: seen, world, cutMs, copies: [] }));
    }
  }
  return { ...result, cuts: cuts.length, lookAhead, carryOver, opened: runs.opened };
}

function add(sum: { compared: number; difference: RunDifference | null }, one: Comparison): void {
  sum.compared += one.compared;
  sum.difference = one.difference;
}

interface SecondRun {
  /** Null: loaded anew, under the watch of the run's own files. */
  readonly strategy: AnyStrategy | null;
  readonly world: World;
  /** Calls up to then are compared; null: all. */
  readonly cutMs: number | null;
  readonly copies: readonly (string | null)[];
}

class Runs {
  readonly #settings: RunnerSettings;
  readonly #authorFiles: ReadonlySet<string>;
  readonly #opened = new Map<string, OpenedFile>();

  constructor(settings: RunnerSettings) {
    this.#settings = settings;
    this.#authorFiles = new Set(settings.plan.strategy.inputs.map(({ path }) => path));
  }

  get opened(): readonly OpenedFile[] {
    return [...this.#opened.values()];
  }

  loadAnew(copies: readonly (string | null)[]): Promise<AnyStrategy> {
    const { plan, cwd, storeFolder } = this.#settings;
    return this.#watching(copies, async () => (await loadStrategy(plan.strategyPath, cwd, storeFolder)).strategy);
  }

  /** Runs a strategy to the end of a world. */
  async run(
    strategy: AnyStrategy,
    world: World,
    onCall: (call: StrategyCall) => void,
    copies: readonly (string | null)[] = [],
  ): Promise<void> {
    const { plan, now, onProgress, isInterrupted } = this.#settings;
    const symbols = world.symbols.map((symbol, i) => {
      const chunks = inShortSteps(symbol.bars.chunks, now, i === 0 ? onProgress : () => {});
      return { ...symbol, bars: { ...symbol.bars, chunks } };
    });
    const outcome = await this.#watching(copies, () =>
      runBacktest({
        symbols,
        accounts: plan.accounts.accounts,
        strategy: recordCalls(strategy, onCall),
        params: plan.params,
        fromMs: plan.data.fromMs,
        toMs: plan.data.toMs,
        ...plan.simulation,
        balanceEvery: { bar: false, event: false, everyMs: [] },
        sink: sinkOf(() => {}),
        isInterrupted,
      }),
    );
    if (outcome.interrupted || isInterrupted()) throw new CheckInterrupted();
  }

  /** Makes a second run and compares its calls with those of the first. */
  async compare(base: readonly StrategyCall[], second: SecondRun): Promise<Comparison> {
    const { cutMs, world, copies } = second;
    const comparison = new CallComparison(base, cutMs ?? Number.POSITIVE_INFINITY);
    let frame: UserFrame | null = null;
    try {
      const strategy = second.strategy ?? (await this.loadAnew(copies));
      const onCall = (call: StrategyCall): void => {
        if (comparison.take(call)) frame = this.#callingFrame();
      };
      await this.run(strategy, world, onCall, copies);
    } catch (error) {
      // It may fail where it did not before; what counts is which calls are missing then.
      if (!(error instanceof UserError) || error.exitCode !== EXIT.strategy) throw error;
    }
    const difference = comparison.conclude();
    if (difference === null) return { compared: comparison.agreed, difference: null };
    if (difference.second === null) frame = await this.#locate(comparison.agreed);
    return { compared: comparison.agreed + 1, difference: { ...difference, frame, cutMs } };
  }

  /** The line of a call of the true run, by its number from 0. */
  async #locate(index: number): Promise<UserFrame | null> {
    let count = 0;
    let frame: UserFrame | null = null;
    await this.run(await this.loadAnew([]), this.#settings.market.truth(), () => {
      if (count === index) frame = this.#callingFrame();
      count += 1;
    });
    return frame;
  }

  #callingFrame(): UserFrame | null {
    return findUserFrames(new Error('called here'), this.#authorFiles)[0] ?? null;
  }

  #watching<T>(copies: readonly (string | null)[], action: () => Promise<T>): Promise<T> {
    const onOpen = (file: OpenedFile): void => {
      const known = this.#opened.get(file.path);
      if (known === undefined || known.frame === null) this.#opened.set(file.path, file);
    };
    const { files } = this.#settings.market;
    return whileWatching({ watched: files, instead: copies, authorFiles: this.#authorFiles, onOpen }, action);
  }
}
