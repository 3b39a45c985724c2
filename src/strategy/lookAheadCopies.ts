/**
 * Copies of data files that end otherwise than the files themselves: rows from a time on have other prices, or are left out. Text of cells,
 * plain or packed by gzip, stays as it is written in every line that is not changed, so that whoever parses it by himself still
 * can; candles in any other container become plain CSV. The original is only read.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BarColumns } from '../market/barColumns.js';
import { timeTextOf } from '../market/barRow.js';
import type { NumberStyle } from '../market/cells.js';
import type { BarLayout, BarTime } from '../market/dialects/layout.js';
import { parseFileName } from '../market/fileNames.js';
import { type FileTraits, settleTraits } from '../market/fileTraits.js';
import { type FundingLayout, FundingStarts } from '../market/fundingLayout.js';
import { openParquetFeed } from '../market/parquetFeed.js';
import { readRows } from '../market/reader.js';
import type { RowFeed, RowSettings } from '../market/rowFeed.js';
import { RowJudge } from '../market/rowJudge.js';
import { ByteSource } from '../market/source.js';
import { SymbolCheck } from '../market/symbolCell.js';
import { openTextFeed } from '../market/textFeed.js';
import type { LayoutWish } from '../market/textLayout.js';
import { formatTime, TimeColumn, type TimeForm } from '../market/timestamps.js';

/** Open, high, low and close. */
export type Prices = readonly [number, number, number, number];

export interface FutureCopy {
  readonly path: string;
  readonly kind: 'candles' | 'funding';
  /** Overrides which end of the bar the file's times name. */
  readonly barTime: BarTime | null;
  /** What the user says of the file's layout and times; what is absent is recognized. */
  readonly layout?: LayoutWish;
  readonly timeForm?: TimeForm;
  /** Length of a bar, where the file does not tell it. */
  readonly intervalMs: number;
  /** Rows that open at this time or later are changed; of a funding file those stamped so are left out. */
  readonly cutMs: number;
  /** Prices of the bar that opens then; a row without is left out. */
  readonly pricesAt: (openTimeMs: number) => Prices | null;
}

/**
 * Writes the copy into a folder of its own below `folder`, under the file's own name; packed by gzip where the file is.
 *
 * @returns its path.
 * @throws UserError data, for a file that could not be read as candles or funding either
 */
export async function writeFutureCopy(copy: FutureCopy, folder: string): Promise<string> {
  const source = new ByteSource(copy.path);
  try {
    const isPacked = (await source.packing()) === 'gzip';
    const bytes = copy.kind === 'funding' ? await copyFunding(copy, source) : await copyCandles(copy, source);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, basename(copy.path));
    writeFileSync(path, isPacked ? gzipSync(bytes) : bytes);
    return path;
  } finally {
    await source.close();
  }
}

/** The lines of a file, byte for byte, and what becomes of them. Rows are told in file order; other lines stay. */
class ChangedLines {
  readonly #lines: readonly string[];
  readonly #out: string[] = [];
  /** The next line to be written, from 0. */
  #next = 0;
  #isKept = true;

  private constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  static async load(path: string): Promise<ChangedLines> {
    const chunks: Buffer[] = [];
    for await (const chunk of new ByteSource(path).read()) chunks.push(Buffer.from(chunk));
    return new ChangedLines(Buffer.concat(chunks).toString('latin1').split('\n'));
  }

  /** The row that begins on a line, from 1, stays. */
  keep(line: number): void {
    this.#startRow(line, true);
  }

  /** The row is left out, or another text stands in for it. */
  replace(line: number, text: string | null): void {
    this.#startRow(line, false);
    if (text === null) return;
    const end = this.#lines[line - 1]?.endsWith('\r') ? '\r' : '';
    this.#out.push(Buffer.from(text).toString('latin1') + end);
  }

  bytes(): Buffer {
    this.#startRow(this.#lines.length + 1, true);
    const text = this.#out.join('\n');
    return Buffer.from(text.endsWith('\n') ? text : `${text}\n`, 'latin1');
  }

  /** Lines between two rows belong to the first of them: they stay if it does. */
  #startRow(line: number, isKept: boolean): void {
    if (this.#isKept) for (let i = this.#next; i < line - 1; i++) this.#out.push(this.#lines[i]!);
    this.#next = line - 1;
    this.#isKept = isKept;
  }
}

async function copyFunding({ path, cutMs }: FutureCopy, source: ByteSource): Promise<Buffer> {
  const lines = await ChangedLines.load(path);
  const starts = new FundingStarts(source.name);
  const times = new TimeColumn();
  let layout: FundingLayout | undefined;
  for await (const { cells, lines: numbers } of readRows(source)) {
    for (const [i, row] of cells.entries()) {
      const line = numbers[i]!;
      layout ??= starts.find(row, line)?.layout;
      const isLate = layout !== undefined && times.parse(starts.split(row)[layout.time] ?? '') >= cutMs;
      if (isLate) lines.replace(line, null);
      else lines.keep(line);
    }
  }
  return lines.bytes();
}

/** Candles that have been opened for a copy. */
interface OpenCandles {
  readonly copy: FutureCopy;
  readonly feed: RowFeed;
  readonly traits: FileTraits;
  readonly settings: RowSettings;
  readonly intervalMs: number;
}

async function copyCandles(copy: FutureCopy, source: ByteSource): Promise<Buffer> {
  const packing = await source.packing();
  const feed = packing === 'parquet' ? await openParquetFeed(source) : await openTextFeed(source, copy.layout);
  try {
    const nameMs = parseFileName(copy.path).intervalMs;
    const traits = settleTraits(feed, source.name, {
      nameMs,
      barTime: copy.barTime ?? undefined,
      timeForm: copy.timeForm,
    });
    const { layout, numbers } = traits;
    const times = new TimeColumn(traits.timeForm, feed.midnightMs);
    // Whether a bar is complete is judged by its cell; all else that cells say has been judged by the run.
    const constants = layout.header.map((_, at) => (at === layout.confirm ? null : undefined));
    const settings = { layout, numbers, times, strict: false, constants };
    const intervalMs = traits.intervalIsAssumed ? copy.intervalMs : traits.intervalMs;
    const isTextOfCells = (packing === 'none' || packing === 'gzip') && feed.delimiter !== '';
    const candles = { copy, feed, traits, settings, intervalMs };
    return isTextOfCells ? await changeRows(candles) : await writePlainBars(candles, source.name);
  } finally {
    await feed.close();
  }
}

/** The file with other prices in the rows of the future; everything else in it stays. */
async function changeRows({ copy, feed, traits, settings, intervalMs }: OpenCandles): Promise<Buffer> {
  const { layout, numbers, times } = settings;
  const toOpenMs = traits.shiftMs - (traits.barTime === 'close' ? intervalMs : 0);
  const lines = await ChangedLines.load(copy.path);
  for await (const batch of feed.batches(settings)) {
    for (let i = 0; i < batch.length; i++) {
      const line = batch.line[i]!;
      const cells = batch.cellsOf(i);
      const openTimeMs = times.parse(timeTextOf(layout, cells)) + toOpenMs;
      if (!(openTimeMs >= copy.cutMs)) {
        lines.keep(line);
        continue;
      }
      const prices = copy.pricesAt(openTimeMs);
      const changed = prices === null ? null : withPrices(cells, layout, prices, numbers);
      lines.replace(line, changed?.map((cell) => quote(cell, feed.delimiter)).join(feed.delimiter) ?? null);
    }
  }
  return lines.bytes();
}

function withPrices(cells: readonly string[], layout: BarLayout, prices: Prices, { point }: NumberStyle): string[] {
  const changed = [...cells];
  [layout.open, layout.high, layout.low, layout.close].forEach((at, i) => {
    changed[at] = String(prices[i]).replace('.', point);
  });
  return changed;
}

/** The bars of the file as plain CSV, ascending and stamped by their opens. */
async function writePlainBars(candles: OpenCandles, name: string): Promise<Buffer> {
  const { copy, feed, traits, settings, intervalMs } = candles;
  const anySymbol = { ...traits, layout: { ...traits.layout, symbol: -1 } };
  const judge = new RowJudge(name, anySymbol, settings.times, false, true, new SymbolCheck('', name, false));
  const bars = new BarColumns();
  for await (const batch of feed.batches(settings)) {
    judge.judge(batch, intervalMs);
    for (let i = 0; i < batch.length; i++) bars.addFrom(batch, i, batch.line[i]!);
  }
  if (traits.descending) bars.reverse();
  const { openTimeMs, open, high, low, close, volume, length } = bars;
  const lines = ['timestamp,open,high,low,close,volume'];
  for (let i = 0; i < length; i++) {
    const openMs = openTimeMs[i]!;
    const prices = openMs < copy.cutMs ? [open[i]!, high[i]!, low[i]!, close[i]!] : copy.pricesAt(openMs);
    const traded = Number.isNaN(volume[i]!) ? '' : volume[i]!;
    if (prices !== null) lines.push([formatTime(openMs), ...prices, traded].join(','));
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

function quote(cell: string, delimiter: string): string {
  return /["\n\r]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
