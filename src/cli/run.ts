/**
 * `backtest run`: options → data, accounts and strategy → the engine → run folder, tables on stdout, exit code. The order is
 * fixed: what is cheap to check is checked first, so that a slip in an option costs no reading, and the run folder is
 * complete before a table is printed. Errors are thrown to the program, which prints them.
 */

import { runBacktest } from '../engine/engine.js';
import type { RecordSink, RunOutcome } from '../engine/records.js';
import type { RunInput, SymbolInput } from '../engine/runInput.js';
import { EXIT, type ExitCode, UserError } from '../errors.js';
import type { BarChunk, BarSeries } from '../market/bars.js';
import { formatTime } from '../market/timestamps.js';
import { createRunOutput, type RunOutput } from '../report/output.js';
import { createRowComparison } from '../report/rowComparison.js';
import { createRunFolder } from '../report/runFolder.js';
import { teeSink } from '../report/sinks.js';
import { formatPath } from '../strategy/userFrames.js';
import { type CliIo, isColorWanted, type TableStream } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { findContractWarnings } from './contractWarnings.js';
import { keepBars } from './keptBars.js';
import { createProgressLine } from './progressLine.js';
import type { RunData, SymbolData } from './runData.js';
import { composeManifest } from './runManifest.js';
import { prepareRun, type SettlementPlan } from './runPlan.js';
import { judgeRun } from './runVerdict.js';
import { inShortSteps } from './shortSteps.js';
import { verifyRun } from './verify.js';

/** @throws UserError of every exit code but 4, 70 and 130 */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { plan, data } = await prepareRun(context);
  try {
    return await settle(plan, data, context);
  } finally {
    await data.close();
  }
}

/** Runs, writes, prints. */
export async function settle(plan: SettlementPlan, data: RunData, context: CommandContext): Promise<ExitCode> {
  const { given, io, log, stdout, stderr } = context;
  for (const text of plan.accounts.defaults) log.info(`default: ${text}`);
  const output = createRunOutput({
    ...plan.output,
    style: { columns: stdout.columns, color: isColorWanted(io.stdout, io.env, given.isOn('no-color')) },
    isSaved: plan.target !== null,
  });
  const folder = plan.target === null ? null : createRunFolder(plan.target);
  const progress = createProgressLine(stderr, io, given.isOn('no-progress'));
  let hasSignal = false;
  const stopListening = io.onInterrupt(() => {
    hasSignal = true;
    log.warn('interrupted: the run ends at this bar, what is finished is written; once more ends it at once');
  });
  try {
    const kept = given.isOn('verify') ? data.symbols.map(({ bars }) => keepBars(bars)) : null;
    const comparison = createRowComparison();
    const sinks = [
      ...(folder === null ? [] : [folder.sink]),
      output.sink,
      ...(kept === null ? [] : [comparison.first]),
    ];
    const symbols = data.symbols.map((one, i) =>
      composeSymbol(one, kept?.[i]?.first ?? one.bars, (chunks) => {
        // The first symbol's bars tell how far the run has come.
        return inShortSteps(chunks, io.now, i === 0 ? progress.show : () => {});
      }),
    );
    const input = composeInput(plan, symbols, teeSink(sinks));
    const outcome = await orUncaught(io, (isOver) =>
      runBacktest({
        ...input,
        isInterrupted: () => hasSignal || isOver(),
        onNotice: (message, timeMs) => log.info(`${formatTime(timeMs)} ${message}`),
      }),
    );
    progress.end();
    requireBars(outcome, plan);
    const files = await data.finish();
    const inputWarnings = [...data.warnings(), ...findContractWarnings(plan, outcome), ...plan.source.warnings()];
    const warnings = [...inputWarnings, ...outcome.warnings];
    const { argv, config } = context;
    const manifest = composeManifest({ plan, data, files, outcome, warnings, given, config, argv, io });
    const saved = folder?.finish(outcome, manifest);
    await printTables(output, outcome, stdout);
    for (const text of [...data.assumptions(), ...plan.source.assumptions]) log.info(text);
    const verdict = judgeRun(outcome, warnings, plan.assertions, plan.data.isStrict, log);
    if (saved !== undefined) log.info(`run folder: ${formatPath(saved, io.cwd)}`, { run_folder: saved });
    if (kept === null) return verdict;
    const again = await plan.source.again();
    const isVerified = await verifyRun({ input: { ...input, ...again }, bars: kept, outcome, comparison }, log);
    return isVerified ? verdict : EXIT.internal;
  } finally {
    progress.end();
    stopListening();
    folder?.abort();
  }
}

/**
 * What `start` returns, or the error that a timer or promise of the strategy's threw meanwhile; `isOver` is then true, so
 * that the run stops by itself.
 */
async function orUncaught<T>(io: CliIo, start: (isOver: () => boolean) => Promise<T>): Promise<T> {
  let isOver = false;
  let stopListening: (() => void) | undefined;
  const uncaught = new Promise<never>((_, fail) => {
    stopListening = io.onUncaught?.((error) => {
      isOver = true;
      fail(error);
    });
  });
  try {
    return await Promise.race([start(() => isOver), uncaught]);
  } finally {
    stopListening?.();
  }
}

/** A result over no bars would look like a strategy that did nothing. */
function requireBars(outcome: RunOutcome, plan: SettlementPlan): void {
  if (outcome.bars > 0 || outcome.interrupted) return;
  const { symbols, fromMs, toMs } = plan.data;
  const period = [fromMs === null ? '' : formatTime(fromMs), toMs === null ? '' : formatTime(toMs)].join(' to ').trim();
  throw new UserError({
    code: 'no_bars_in_period',
    exitCode: EXIT.data,
    message: `no candle of ${symbols.map(({ name }) => name).join(', ')} lies in the period`,
    place: { file: symbols.flatMap(({ paths }) => paths).join(', ') },
    found: `--from and --to: ${period}`,
    expected: 'a period that the candles cover',
  });
}

function composeSymbol(
  data: SymbolData,
  series: BarSeries,
  pace: (chunks: AsyncIterable<BarChunk>) => AsyncIterable<BarChunk>,
): SymbolInput {
  const { symbol, intervalMs, dialect, stats, assumptions } = series;
  const bars = { symbol, intervalMs, dialect, stats, assumptions, chunks: pace(series.chunks) };
  const { name, venue, hasMark, fineIntervalMs, funding } = data;
  return { name, symbol: data.symbol, venue, bars, hasMark, fineIntervalMs, funding };
}

function composeInput(plan: SettlementPlan, symbols: readonly SymbolInput[], sink: RecordSink): RunInput {
  return {
    symbols,
    accounts: plan.accounts.accounts,
    ...plan.source.input,
    fromMs: plan.data.fromMs,
    toMs: plan.data.toMs,
    ...plan.simulation,
    sink,
  };
}

/** Pieces of some size: a write a row would cost more than the run. */
const PIECE_CHARACTERS = 1 << 16;

async function printTables(output: RunOutput, outcome: RunOutcome, stdout: TableStream): Promise<void> {
  let piece = '';
  for (const text of output.render(outcome)) {
    piece += text;
    if (piece.length < PIECE_CHARACTERS) continue;
    await stdout.write(piece);
    piece = '';
  }
  await stdout.write(piece);
}
