/**
 * Copies of data files that end otherwise than the files themselves: rows from a time on have other prices, or are left out. Text,
 * plain or packed by gzip, in any dialect of candles and any funding history is copied; what is packed otherwise is not, because it
 * could not be packed again. The original is only read.
 */

import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { requireDialect } from '../market/dialects/dialects.js';
import type { BarLayout, BarTime } from '../market/dialects/layout.js';
import { readRows } from '../market/reader.js';
import { ByteSource } from '../market/source.js';
import { TimeColumn } from '../market/timestamps.js';

/** Open, high, low and close. */
export type Prices = readonly [number, number, number, number];

export interface FutureCopy {
  readonly path: string;
  readonly kind: 'candles' | 'funding';
  /** Overrides which end of the bar the file's times name. */
  readonly barTime: BarTime | null;
  readonly intervalMs: number;
  /** Rows that open at this time or later are changed; of a funding file those stamped so are left out. */
  readonly cutMs: number;
  /** Prices of the bar that opens then; a row without is left out. */
  readonly pricesAt: (openTimeMs: number) => Prices | null;
}

/** First bytes of what is no text: gzip is unpacked on reading and packed again, the others are left alone. */
const GZIP = '1f8b';
const OTHER_PACKED = ['28b52ffd', '504b0304', '50415231'];

/**
 * Writes the copy into a folder of its own below `folder`, under the file's own name.
 *
 * @returns its path; null for a file that cannot be copied.
 */
export async function writeFutureCopy(copy: FutureCopy, folder: string): Promise<string | null> {
  const magic = firstBytes(copy.path);
  if (OTHER_PACKED.includes(magic)) return null;
  const lines: string[] = [];
  let change: ((cells: readonly string[]) => readonly string[] | null) | null = null;
  for await (const batch of readRows(new ByteSource(copy.path))) {
    for (const [i, cells] of batch.cells.entries()) {
      const changed: readonly string[] | null = change === null ? cells : change(cells);
      change ??= copy.kind === 'funding' ? changeFunding(copy) : changeCandles(copy, cells, batch.lines[i]!);
      if (changed !== null) lines.push(changed.map(quote).join(','));
    }
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, basename(copy.path));
  const text = `${lines.join('\n')}\n`;
  writeFileSync(path, magic.startsWith(GZIP) ? gzipSync(text) : text);
  return path;
}

function firstBytes(path: string): string {
  const bytes = Buffer.alloc(4);
  const file = openSync(path, 'r');
  const count = readSync(file, bytes);
  closeSync(file);
  return bytes.subarray(0, count).toString('hex');
}

function changeCandles(
  copy: FutureCopy,
  header: readonly string[],
  line: number,
): (cells: readonly string[]) => readonly string[] | null {
  const { dialect, layout } = requireDialect(header, copy.path, line);
  const times = new TimeColumn();
  const late = (copy.barTime ?? dialect.barTime) === 'close' ? copy.intervalMs : 0;
  return (cells) => {
    const openTimeMs = times.parse(cells[layout.time] ?? '') - late;
    if (!(openTimeMs >= copy.cutMs)) return cells;
    const prices = copy.pricesAt(openTimeMs);
    return prices === null ? null : withPrices(cells, layout, prices);
  };
}

function withPrices(cells: readonly string[], layout: BarLayout, prices: Prices): string[] {
  const changed = [...cells];
  [layout.open, layout.high, layout.low, layout.close].forEach((at, i) => {
    changed[at] = String(prices[i]);
  });
  return changed;
}

/** The time of a row is its first cell that is one. */
function changeFunding({ cutMs }: FutureCopy): (cells: readonly string[]) => readonly string[] | null {
  const times = new TimeColumn();
  let at = -1;
  return (cells) => {
    if (at < 0) at = cells.findIndex((cell) => !Number.isNaN(new TimeColumn().parse(cell)));
    return at >= 0 && times.parse(cells[at] ?? '') >= cutMs ? null : cells;
  };
}

function quote(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
