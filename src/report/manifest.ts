/**
 * manifest.json: what a run was made of, so that it can be made again: command, versions, hashes of the inputs, rows read,
 * assumptions and warnings. All that differs between two runs of the same inputs stands under `wall_clock`. The facts are
 * the command line's; this file fixes their names and their order.
 */

import type { RunWarning } from '../engine/records.js';
import { formatTime } from './cells.js';
import type { TableName } from './tables.js';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A file that the run read; `sha256` in hexadecimal. */
export interface ManifestFile {
  readonly file: string;
  readonly sha256: string;
}

/** A data file and what was found in it. */
export interface ManifestData extends ManifestFile {
  readonly role: 'bars' | 'mark' | 'funding' | 'detail';
  readonly symbol: string;
  readonly dialect: string | null;
  /** Data rows read, before duplicates were dropped. */
  readonly rows: number;
  /** Counts beside the rows, for example `dropped_duplicates`. */
  readonly counts: { readonly [name: string]: number };
}

export interface Manifest {
  /** `run`, `replay`. */
  readonly command: string;
  /** As typed, after the command. */
  readonly args: readonly string[];
  /** `backtest`, `node` and what else decides the result. */
  readonly versions: { readonly [name: string]: string };
  readonly strategy: (ManifestFile & { readonly name: string }) | null;
  readonly config: ManifestFile | null;
  /** Other files that were read: contracts, accounts. */
  readonly files: readonly ManifestFile[];
  /** Terms of the contracts traded, in the order of the symbols. */
  readonly contracts: readonly JsonValue[];
  readonly data: readonly ManifestData[];
  readonly options: { readonly [name: string]: JsonValue };
  readonly params: { readonly [name: string]: JsonValue };
  readonly assumptions: readonly string[];
  readonly warnings: readonly Pick<RunWarning, 'code' | 'message'>[];
  /** Bars settled. */
  readonly bars: number;
  readonly firstOpenTimeMs: number | null;
  readonly lastCloseTimeMs: number | null;
  /** True when the run was interrupted. */
  readonly isPartial: boolean;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

/** Counts from 1; grows when a file, column or key of the run folder changes its meaning or goes away. */
const RUN_FOLDER_VERSION = 1;

/** The text of manifest.json. Keys of options, params, versions and counts are sorted; all others have a fixed order. */
export function formatManifest(manifest: Manifest, rowsWritten: { readonly [N in TableName]: number }): string {
  const { strategy, config } = manifest;
  const content: JsonValue = {
    run_folder_version: RUN_FOLDER_VERSION,
    command: manifest.command,
    args: manifest.args,
    partial: manifest.isPartial,
    versions: sortKeys(manifest.versions),
    strategy: strategy === null ? null : { name: strategy.name, file: strategy.file, sha256: strategy.sha256 },
    config: config === null ? null : fileJson(config),
    files: manifest.files.map(fileJson),
    contracts: manifest.contracts,
    data: manifest.data.map(dataJson),
    options: sortKeys(manifest.options),
    params: sortKeys(manifest.params),
    bars: manifest.bars,
    first_open_time: timeJson(manifest.firstOpenTimeMs),
    last_close_time: timeJson(manifest.lastCloseTimeMs),
    rows_written: { ...rowsWritten },
    assumptions: manifest.assumptions,
    warnings: manifest.warnings.map(({ code, message }) => ({ code, message })),
    wall_clock: {
      started_at: formatTime(manifest.startedAtMs),
      finished_at: formatTime(manifest.finishedAtMs),
      elapsed_ms: manifest.finishedAtMs - manifest.startedAtMs,
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function dataJson(data: ManifestData): JsonValue {
  return {
    role: data.role,
    symbol: data.symbol,
    file: data.file,
    sha256: data.sha256,
    dialect: data.dialect,
    rows: data.rows,
    ...sortKeys(data.counts),
  };
}

function fileJson({ file, sha256 }: ManifestFile): JsonValue {
  return { file, sha256 };
}

function timeJson(timeMs: number | null): string | null {
  return timeMs === null ? null : formatTime(timeMs);
}

function sortKeys<T extends JsonValue>(object: { readonly [key: string]: T }): { [key: string]: T } {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
