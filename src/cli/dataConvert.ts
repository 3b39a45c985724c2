/**
 * `backtest data convert IN OUT`. What a run takes as candles becomes plain CSV, with the bars of the file or with longer ones. What is
 * written is what a run would have read, number by number. OUT appears whole or not at all.
 */

import { existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, type ExitCode, UserError } from '../errors.js';
import { formatInterval } from '../market/intervals.js';
import type { OpenedSeries } from '../market/openSeries.js';
import { formatF64, formatTime } from '../report/cells.js';
import { FileWriter } from '../report/fileWriter.js';
import { writing } from '../report/outputErrors.js';
import { TimeframeBars } from '../strategy/timeframes.js';
import { formatPath } from '../strategy/userFrames.js';
import type { CommandContext } from './commandContext.js';
import { openDataFile, parseDataFile } from './dataFile.js';
import { findDataWarnings, formatCount } from './dataWarnings.js';
import { badOption } from './givenOptions.js';
import { gapsOfSeries } from './periodGaps.js';
import { parseTimeframe, requireFittingTimeframe } from './simulationOptions.js';

const HEADER = 'timestamp,open,high,low,close,volume\n';
const STDOUT = '-';
/** Digits that a decimal may have to survive the way through a float64. */
const EXACT_DIGITS = 15;
/** Characters that are written at once. */
const PIECE_CHARACTERS = 1 << 16;

/** @throws UserError exit 2, 3; exit 5 where OUT is there or cannot be written */
export async function dataConvert(from: string, to: string, context: CommandContext): Promise<ExitCode> {
  const { given, io, log } = context;
  const timeframe = given.find('timeframe');
  const lengthMs = parseTimeframe(timeframe);
  const out = requireOut(to, context);
  const series = await openDataFile(parseDataFile(from, io.cwd), given, given.isOn('skip-bad-rows'));
  try {
    requireFittingTimeframe(timeframe, series.intervalMs);
    const isLonger = lengthMs !== undefined && lengthMs !== series.intervalMs;
    const lines = isLonger ? longerLines(series, lengthMs) : ownLines(series);
    const bars = out === null ? await print(lines, context) : await save(lines, out);
    for (const text of series.assumptions) log.info(text);
    for (const { message, code } of findDataWarnings('', series, null, null, gapsOfSeries(series.stats))) {
      log.warn(message, { code });
    }
    const what = `${formatCount(bars, 'bar')} of ${formatInterval(lengthMs ?? series.intervalMs)}`;
    log.info(out === null ? what : `${what}: ${formatPath(out, io.cwd)}`);
    return EXIT.done;
  } finally {
    await series.close();
  }
}

/** Where the bars go, absolute; null for stdout. @throws UserError exit 2, 5 */
function requireOut(text: string, { given, io }: CommandContext): string | null {
  if (text === STDOUT) return null;
  const form = 'plain CSV: a name that ends in .csv, or - for stdout';
  if (!/\.csv$/i.test(text)) throw badOption({ text, label: 'OUT' }, 'is not a form that is written', form);
  const path = resolve(io.cwd, text);
  if (given.isOn('force') || !existsSync(path)) return path;
  throw new UserError({
    code: 'output_exists',
    exitCode: EXIT.output,
    message: 'there is such a file already',
    place: { file: text },
    hint: 'name another one, or replace it with --force',
  });
}

async function* ownLines({ chunks }: OpenedSeries): AsyncGenerator<string> {
  for await (const { length, openTimeMs, open, high, low, close, volume } of chunks) {
    for (let i = 0; i < length; i++) {
      yield formatBar(openTimeMs[i]!, open[i]!, high[i]!, low[i]!, close[i]!, volume[i]!);
    }
  }
}

async function* longerLines({ chunks, intervalMs, symbol }: OpenedSeries, lengthMs: number): AsyncGenerator<string> {
  const bars = new TimeframeBars([symbol], lengthMs);
  for await (const { length, openTimeMs, open, high, low, close, volume } of chunks) {
    for (let i = 0; i < length; i++) {
      const closeMs = openTimeMs[i]! + intervalMs;
      bars.add(0, closeMs, open[i]!, high[i]!, low[i]!, close[i]!, volume[i]!);
      if (bars.endsAt(closeMs)) bars.complete();
    }
  }
  const [history] = bars.histories;
  const { openTimeMs, open, high, low, close, volume } = history!;
  for (let i = 0; i < history!.length; i++) {
    // A sum of decimals has more digits than the decimals.
    const sum = Number(volume.at(i).toPrecision(EXACT_DIGITS));
    yield formatBar(openTimeMs.at(i), open.at(i), high.at(i), low.at(i), close.at(i), sum);
  }
}

function formatBar(timeMs: number, ...numbers: readonly number[]): string {
  return `${formatTime(timeMs)},${numbers.map((one) => formatF64(one, 0)).join(',')}\n`;
}

/** @returns how many bars. */
async function print(lines: AsyncIterable<string>, { stdout }: CommandContext): Promise<number> {
  let count = 0;
  let piece = HEADER;
  for await (const line of lines) {
    count += 1;
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    await stdout.write(piece);
    piece = '';
  }
  await stdout.write(piece);
  return count;
}

/** Beside its place first, so that what is there is whole. @returns how many bars. */
async function save(lines: AsyncIterable<string>, path: string): Promise<number> {
  const partial = `${path}.partial-${process.pid}`;
  const file = new FileWriter(partial);
  try {
    let count = 0;
    file.write(HEADER);
    for await (const line of lines) {
      count += 1;
      file.write(line);
    }
    file.finish();
    writing(path, () => renameSync(partial, path));
    return count;
  } catch (error) {
    file.close();
    rmSync(partial, { force: true });
    throw error;
  }
}
