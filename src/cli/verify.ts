/**
 * `--verify`: settles the same bars a second time with the reference engine, which shares no code of settlement with the
 * first, and compares every row. The strategy is loaded anew, so that nothing it keeps outside its state carries over. A
 * difference is a bug of ours.
 */

import type { RunOutcome } from '../engine/records.js';
import type { RunInput } from '../engine/runInput.js';
import type { RowComparison, RowDifference } from '../report/rowComparison.js';
import { SimulatedGlobals } from '../strategy/simulatedGlobals.js';
import type { Context } from '../strategy/strategy.js';
import { formatCount } from './dataWarnings.js';
import type { KeptBars } from './keptBars.js';
import type { Log } from './log.js';

export interface Verification {
  /** Of the first run, but with what trades made anew. */
  readonly input: RunInput;
  /** Of each symbol of the input, in its order. */
  readonly bars: readonly KeptBars[];
  readonly outcome: RunOutcome;
  readonly comparison: RowComparison;
}

type AnyStrategy = RunInput['strategy'];

const CALLBACKS: readonly (keyof AnyStrategy)[] = [
  'initialize',
  'handleData',
  'onFill',
  'onOrderRejected',
  'onLiquidation',
  'onFunding',
  'finish',
];

/** Runs the reference engine and says on the log what came of it. Returns whether all rows agree. */
export async function verifyRun(verification: Verification, log: Log): Promise<boolean> {
  const { input, bars, outcome, comparison } = verification;
  if (outcome.interrupted) {
    log.warn('--verify: the run was interrupted, nothing was compared');
    return true;
  }
  const { runReference } = await import('../testing/referenceEngine/referenceEngine.js');
  const strategy = seeded(input.strategy, input.seed ?? 0);
  const { isInterrupted: _, onNotice: __, onProgress: ___, ...rest } = input;
  const symbols = input.symbols.map((symbol, i) => ({ ...symbol, bars: bars[i]!.again() }));
  let again: RunOutcome;
  try {
    again = await runReference({ ...rest, strategy, symbols, sink: comparison.second });
  } catch (error) {
    // The first engine came to an end with the same input, so whatever this is, the engines differ.
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error(`--verify: the reference engine failed, which is a bug in backtest: ${reason}`, {
      code: 'verify_failed',
    });
    return false;
  }
  const difference = comparison.conclude(outcome, again);
  if (difference === null) {
    log.info(`--verify: the reference engine agrees in ${formatCount(comparison.agreed, 'row')}`);
    return true;
  }
  tellDifference(difference, log);
  return false;
}

/** The strategy with the clock and the chance that the first engine gave it; the reference engine knows of neither. */
function seeded(strategy: AnyStrategy, seed: number): AnyStrategy {
  const globals = new SimulatedGlobals(seed);
  type Callback = (context: Context, ...rest: never[]) => unknown;
  const wrap = (name: keyof AnyStrategy): object => {
    const callback = strategy[name];
    if (typeof callback !== 'function') return {};
    const call: Callback = (context, ...rest) =>
      globals.during(context.timeMs, () => Reflect.apply(callback, strategy, [context, ...rest]));
    return { [name]: call };
  };
  return Object.assign({}, strategy, ...CALLBACKS.map(wrap));
}

function tellDifference({ table, row, first, second }: RowDifference, log: Log): void {
  log.error(
    `--verify: the engines differ, which is a bug in backtest: ${table} row ${row}\n` +
      `  engine:    ${first ?? '(no such row)'}\n  reference: ${second ?? '(no such row)'}`,
    { code: 'verify_differs', table, row },
  );
}
