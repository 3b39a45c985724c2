/**
 * The run folder: the rows of a run stream into files in a temporary folder beside the place where the run folder will
 * stand, and at the end that folder gets its name in one step. So a run folder is whole or not there, whatever happens in
 * between. Failures of the disk are UserErrors of exit code 5.
 */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { RecordSink, RunOutcome } from '../engine/records.js';
import { invariant } from '../errors.js';
import { formatCsvHeader, putCsvRow } from './csv.js';
import { FileWriter } from './fileWriter.js';
import { formatManifest, type Manifest } from './manifest.js';
import { isSystemError, writing } from './outputErrors.js';
import { RowBytes } from './rowBytes.js';
import { MANIFEST_FILE, type RunFolderTarget, requireWritableRunFolder, resolveRunFolder } from './runFolderName.js';
import { publishFree, publishOver } from './runFolderPublish.js';
import { sinkOf } from './sinks.js';
import { formatSummaryJson } from './summary.js';
import { TABLE_NAMES, TABLES, type TableName, type TableRecords } from './tables.js';

export const SUMMARY_FILE = 'summary.json';

export interface RunFolder {
  /** Takes the records of the run. Its methods throw UserError, exit code 5, when the disk is full. */
  readonly sink: RecordSink;
  /**
   * Writes summary.json and manifest.json and makes the folder appear.
   *
   * @returns the folder's absolute path
   * @throws UserError exit code 5; nothing is left then, and a folder that was to be replaced is as it was
   */
  finish(run: RunOutcome, manifest: Manifest): string;
  /** Throws everything away. Never throws; does nothing after `finish` or a second time. */
  abort(): void;
}

/**
 * Creates the temporary folder and the tables with their headers.
 *
 * @throws UserError exit code 5, as requireWritableRunFolder
 */
export function createRunFolder(target: RunFolderTarget): RunFolder {
  requireWritableRunFolder(target);
  return new StreamingRunFolder(target);
}

/** A table on its way into its file. */
interface TableWriter {
  readonly file: FileWriter;
  readonly rows: RowBytes;
}

class StreamingRunFolder implements RunFolder {
  readonly sink: RecordSink;
  private readonly target: RunFolderTarget;
  private readonly temporary: string;
  /** The highest folder that had to be created above the run folder; undefined when all were there. */
  private readonly createdAbove: string | undefined;
  private readonly writers = new Map<TableName, TableWriter>();
  private readonly rowsWritten: { [N in TableName]: number };
  private isOver = false;

  constructor(target: RunFolderTarget) {
    const dir = target.kind === 'exact' ? resolveRunFolder(target.dir) : join(resolve(target.baseDir), target.name);
    this.target = target.kind === 'exact' ? { kind: 'exact', dir } : target;
    this.createdAbove = writing(dirname(dir), () => createFolders(dirname(dir)));
    this.temporary = createTemporary(dir);
    this.rowsWritten = {
      stop_trades: 0,
      trades: 0,
      closed_trades: 0,
      orders: 0,
      balance: 0,
      positions: 0,
      bills: 0,
    };
    this.sink = sinkOf((table, record) => this.writeRow(table, record));
    this.orAbort(() => {
      for (const name of TABLE_NAMES) this.openTable(name);
    });
  }

  finish(run: RunOutcome, manifest: Manifest): string {
    invariant(!this.isOver, 'a run folder is finished once');
    return this.orAbort(() => {
      for (const { file, rows } of this.writers.values()) {
        file.writeBytes(rows.written);
        file.finish();
      }
      this.writeFile(SUMMARY_FILE, formatSummaryJson(run));
      this.writeFile(MANIFEST_FILE, [formatManifest(manifest, this.rowsWritten)]);
      putOnDisk(this.temporary);
      const dir =
        this.target.kind === 'exact'
          ? publishOver(this.temporary, this.target.dir)
          : publishFree(this.temporary, resolve(this.target.baseDir), this.target.name);
      this.isOver = true;
      putOnDisk(dirname(dir));
      return dir;
    });
  }

  abort(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const { file } of this.writers.values()) ignoringSystemErrors(() => file.close());
    ignoringSystemErrors(() => rmSync(this.temporary, { recursive: true, force: true }));
    ignoringSystemErrors(() => this.removeCreatedAbove());
  }

  private openTable<N extends TableName>(name: N): void {
    const file = new FileWriter(join(this.temporary, `${name}.csv`));
    this.writers.set(name, { file, rows: new RowBytes() });
    file.write(formatCsvHeader(TABLES[name]));
  }

  private writeRow<N extends TableName>(name: N, record: TableRecords[N]): void {
    const writer = this.writers.get(name);
    invariant(writer !== undefined && !this.isOver, () => `a row of ${name} after the run folder was closed`);
    const { file, rows } = writer;
    putCsvRow(rows, TABLES[name], record);
    this.rowsWritten[name]++;
    if (!rows.isFull) return;
    file.writeBytes(rows.written);
    rows.clear();
  }

  private writeFile(name: string, text: Iterable<string>): void {
    const writer = new FileWriter(join(this.temporary, name));
    try {
      for (const part of text) writer.write(part);
      writer.finish();
    } finally {
      writer.close();
    }
  }

  private orAbort<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  /** Removes the folders that were created above the run folder, as far as they are empty. */
  private removeCreatedAbove(): void {
    if (this.createdAbove === undefined) return;
    for (let dir = dirname(this.temporary); dir.startsWith(this.createdAbove); dir = dirname(dir)) rmdirSync(dir);
  }
}

/**
 * Creates a folder and those above it, one by one: Node's own recursive form never returns on a file system such as /proc,
 * where a folder that cannot be made is reported as one whose parent is missing.
 *
 * @returns the highest folder created; undefined when all were there.
 */
function createFolders(dir: string): string | undefined {
  if (existsSync(dir)) return undefined;
  const above = dirname(dir) === dir ? undefined : createFolders(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    // Another run may have created it in the meantime.
    if (!isSystemError(error, 'EEXIST')) throw error;
    return above;
  }
  return above ?? dir;
}

/** A new folder beside `dir`, hidden, with the user's usual permissions. */
function createTemporary(dir: string): string {
  for (let n = 1; ; n++) {
    const path = join(dirname(dir), `.${basename(dir)}.partial-${process.pid}-${n}`);
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if (isSystemError(error, 'EEXIST')) continue;
      return writing(path, () => {
        throw error;
      });
    }
  }
}

/** Makes the entries of a folder survive a power cut, where the system can. */
function putOnDisk(dir: string): void {
  ignoringSystemErrors(() => {
    const fd = openSync(dir, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

function ignoringSystemErrors(act: () => void): void {
  try {
    act();
  } catch (error) {
    // Closing throws a UserError that wraps the system's; both are beside the point while something else went wrong.
    if (!isSystemError(error) && !(error instanceof Error && isSystemError(error.cause))) throw error;
  }
}
