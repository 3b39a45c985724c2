/**
 * `backtest data check FILE`: reads a file of candles as a run would, to the end, and prints what is in it: a table of figures, one of
 * gaps, one of rows that cannot be used. Whether a run may use it is the exit code. Nothing is written.
 */

import { EXIT, type ExitCode, invariant, UserError } from '../errors.js';
import type { BadRow } from '../market/badRows.js';
import type { BarChunk } from '../market/bars.js';
import { formatInterval } from '../market/intervals.js';
import type { OpenedSeries } from '../market/openSeries.js';
import { formatTime } from '../market/timestamps.js';
import { integers, type Table, texts, times, words } from '../report/column.js';
import { formatCsvHeader, formatCsvRow } from '../report/csv.js';
import { formatJsonArray, formatJsonRow } from '../report/json.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../report/output.js';
import type { TextTable } from '../report/tableLayout.js';
import { drawTable } from '../report/terminal.js';
import { recordsAsText, TERMINAL_ROWS } from '../report/terminalTables.js';
import { isColorWanted } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { openDataFile, parseDataFile } from './dataFile.js';
import { CHECK_TABLES, type CheckTable } from './dataOptionTable.js';
import { findDataWarnings, formatCount } from './dataWarnings.js';
import { badOption, type GivenOptions, requireChoice } from './givenOptions.js';
import { gapsOfSeries } from './periodGaps.js';

/** By how much the longest month is longer than the shortest. */
const LONGER_MONTH_MS = 3 * 86_400_000;

interface Figure {
  readonly figure: string;
  readonly value: string;
}

interface Gap {
  /** Physical line of the bar before it. */
  readonly afterLine: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly bars: number;
}

const FIGURES: Table<Figure> = {
  name: 'file',
  columns: [words('figure', 1, (one) => one.figure), texts('value', 2, (one) => one.value)],
};

const GAPS: Table<Gap> = {
  name: 'gaps',
  columns: [
    integers('after_line', 1, (gap) => gap.afterLine),
    times('from', 2, (gap) => gap.fromMs),
    times('to', 3, (gap) => gap.toMs),
    integers('missing_bars', 4, (gap) => gap.bars),
  ],
};

const BAD_ROWS: Table<BadRow> = {
  name: 'bad_rows',
  columns: [
    integers('line', 1, (row) => row.line),
    texts('column', 3, (row) => String(row.column)),
    texts('found', 4, (row) => row.value),
    texts('why', 2, (row) => row.why),
  ],
};

/** @throws UserError exit 2, 5; exit 3 for a file that is not usable, after what was found in it has been printed */
export async function dataCheck(file: string, context: CommandContext): Promise<ExitCode> {
  const { given, io, log } = context;
  const tables = parseTables(given);
  const format = parseFormat(given, tables, context.stdout.isTerminal);
  const series = await openDataFile(parseDataFile(file, io.cwd), given, true);
  const gaps: Gap[] = [];
  let failure: unknown = null;
  try {
    await readAll(series, gaps);
  } catch (error) {
    // What was found up to there helps to mend it.
    failure = error;
  }
  for (const text of series.assumptions) log.info(text);
  for (const { message, code } of findDataWarnings('', series, null, null, gapsOfSeries(series.stats))) {
    // They are in a table, unless there will be none.
    if (failure !== null || code !== 'bad_row') log.warn(message, { code });
  }
  if (failure !== null) throw failure;
  for (const piece of render(tables, format, { series, gaps }, context)) await context.stdout.write(piece);
  if (series.badRowCount === 0 || given.isOn('skip-bad-rows')) return EXIT.done;
  throw notUsable(series);
}

/** Reads the series to its end and notes where bars are missing. */
async function readAll(series: OpenedSeries, gaps: Gap[]): Promise<void> {
  const { intervalMs, stats } = series;
  let expectedMs = Number.POSITIVE_INFINITY;
  let afterLine = 0;
  for await (const chunk of series.chunks) {
    const lines = linesOf(chunk);
    for (let i = 0; i < chunk.length; i++) {
      const toMs = chunk.openTimeMs[i]!;
      const bars = Math.ceil((toMs - expectedMs) / intervalMs);
      if (toMs > expectedMs) gaps.push({ afterLine, fromMs: expectedMs, toMs, bars });
      expectedMs = toMs + intervalMs;
      afterLine = lines[i]!;
    }
  }
  if (gaps.length === stats.gaps) return;
  // Bars are months, and the series knows that they are not of one length.
  const real = gaps.filter(({ fromMs, toMs }) => toMs - fromMs > LONGER_MONTH_MS);
  gaps.splice(0, gaps.length, ...real);
}

/** Bars that come from a file know the lines that they come from. */
function linesOf(chunk: BarChunk): Float64Array {
  invariant('line' in chunk && chunk.line instanceof Float64Array, 'bars of a file without their lines');
  return chunk.line;
}

function parseTables(given: GivenOptions): readonly CheckTable[] {
  const named = given.list('table').map((one) => requireChoice(one, CHECK_TABLES, 'file'));
  return named.length === 0 ? CHECK_TABLES : [...new Set(named)];
}

function parseFormat(given: GivenOptions, tables: readonly CheckTable[], isTerminal: boolean): OutputFormat {
  const isOneInPipe = tables.length === 1 && !isTerminal;
  const format = requireChoice(given.find('format'), OUTPUT_FORMATS, isOneInPipe ? 'csv' : 'table');
  if (format !== 'csv' || tables.length === 1) return format;
  throw badOption(
    given.find('format')!,
    'is one table on stdout',
    `exactly one --table, of ${CHECK_TABLES.join(', ')}`,
  );
}

interface Found {
  readonly series: OpenedSeries;
  readonly gaps: readonly Gap[];
}

function figuresOf({ series, gaps }: Found): Figure[] {
  const { stats, intervalMs, badRowCount } = series;
  const [file] = series.files;
  const time = (ms: number | null): string => (ms === null ? 'none' : formatTime(ms));
  const figures: Record<string, string | number> = {
    file: file!.path === '-' ? 'stdin' : file!.path,
    sha256: file!.sha256(),
    bytes: file!.bytes,
    format: series.dialect,
    symbol: series.symbol,
    interval: formatInterval(intervalMs),
    bar_time: file!.barTime,
    order: stats.reversed ? 'newest first' : 'oldest first',
    rows: stats.rows,
    bars: stats.bars,
    first_open: time(stats.firstOpenTimeMs),
    last_close: time(stats.lastCloseTimeMs),
    gaps: gaps.length,
    missing_bars: stats.missingBars,
    bad_rows: badRowCount,
    dropped_duplicates: stats.droppedDuplicates,
    repaired_opens: stats.repairedOpens,
    rounded_prices: stats.roundedPrices,
    zero_volume_bars: stats.zeroVolumeBars,
  };
  return Object.entries(figures).map(([figure, value]) => ({ figure, value: String(value) }));
}

/** A table and its records, without saying of what. */
interface Rows {
  readonly json: () => Iterable<string>;
  readonly csv: () => Iterable<string>;
  readonly text: () => TextTable;
}

/** @param count of all there are. @param elsewhere where those are that are not shown. */
function rowsOf<R>(table: Table<R>, records: readonly R[], count: number, elsewhere: string): Rows {
  return {
    json: () => records.map((record) => formatJsonRow(table, record)),
    csv: () => [formatCsvHeader(table), ...records.map((record) => formatCsvRow(table, record))],
    text: () => {
      const { first, last } = TERMINAL_ROWS;
      const isLong = records.length > first + last;
      const shown = isLong
        ? { first: records.slice(0, first), last: records.slice(-last) }
        : { first: records, last: [] };
      return recordsAsText(table, { count, ...shown }, elsewhere);
    },
  };
}

function findRows(name: CheckTable, found: Found): Rows {
  const { gaps, series } = found;
  const elsewhere = `all with --format csv --table ${name}`;
  if (name === 'gaps') return rowsOf(GAPS, gaps, gaps.length, elsewhere);
  if (name === 'bad_rows') return rowsOf(BAD_ROWS, series.badRows, series.badRowCount, 'these are the first');
  const figures = figuresOf(found);
  return rowsOf(FIGURES, figures, figures.length, elsewhere);
}

function* render(
  names: readonly CheckTable[],
  format: OutputFormat,
  found: Found,
  { given, io, stdout }: CommandContext,
): Generator<string> {
  const [first] = names;
  if (format === 'csv') return yield* findRows(first!, found).csv();
  if (format === 'table') {
    const style = { columns: stdout.columns, color: isColorWanted(io.stdout, io.env, given.isOn('no-color')) };
    for (const [i, name] of names.entries()) {
      if (i > 0) yield '\n';
      yield* drawTable(findRows(name, found).text(), style);
    }
    return;
  }
  if (names.length === 1) {
    yield* formatJsonArray(findRows(first!, found).json(), '');
    return yield '\n';
  }
  for (const [i, name] of names.entries()) {
    yield `${i === 0 ? '{' : ','}\n  ${JSON.stringify(name)}: `;
    yield* formatJsonArray(findRows(name, found).json(), '  ');
  }
  yield '\n}\n';
}

function notUsable({ badRows, badRowCount }: OpenedSeries): UserError {
  const { file, line, column, value, why } = badRows[0]!;
  const [what, expected] = why.split('; expected ');
  return new UserError({
    code: 'bad_rows',
    exitCode: EXIT.data,
    message: `the file is not usable as it is: ${formatCount(badRowCount, 'bad row')}, the first because ${what}`,
    place: { file, line, column },
    found: value === '' ? 'an empty cell' : value,
    ...(expected === undefined ? {} : { expected }),
    hint: 'mend the rows, or leave them out with --skip-bad-rows, here and in run, replay, check and data convert',
  });
}
