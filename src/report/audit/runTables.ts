/**
 * The files of a run folder as an audit reads them: tables as rows of text with their lines, summary and manifest as objects.
 * A folder that is none, lacks a file or a column, or holds a cell that is no number is a UserError of exit code 3; what the
 * figures say is not judged here.
 */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, type Place, UserError } from '../../errors.js';
import { readRows } from '../../market/reader.js';
import { ByteSource } from '../../market/source.js';
import { SUMMARY_FILE } from '../runFolder.js';
import { MANIFEST_FILE } from '../runFolderName.js';
import { TABLE_NAMES, TABLES, type TableName } from '../tables.js';
import { parseExact } from './exactText.js';

/** A row of a table. Cells are asked for by the name of their column. */
export class AuditRow {
  readonly file: string;
  readonly line: number;
  readonly #cells: readonly string[];
  readonly #columns: ReadonlyMap<string, number>;

  constructor(file: string, line: number, cells: readonly string[], columns: ReadonlyMap<string, number>) {
    this.file = file;
    this.line = line;
    this.#cells = cells;
    this.#columns = columns;
  }

  text(column: string): string {
    return this.#cells[this.#columns.get(column) ?? -1] ?? '';
  }

  /** In 10^-18. @throws UserError exit 3 */
  amount(column: string): bigint {
    const amount = parseExact(this.text(column));
    if (amount === undefined) throw this.#bad(column, 'a plain decimal');
    return amount;
  }

  /** Milliseconds. @throws UserError exit 3 */
  timeMs(column: string): number {
    const text = this.text(column);
    const timeMs = TIME.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(timeMs)) throw this.#bad(column, 'a time such as 2020-06-01T00:00:00.000Z');
    return timeMs;
  }

  #bad(column: string, expected: string): UserError {
    const place = { file: this.file, line: this.line, column };
    return badFile('the cell cannot be read', place, this.text(column), expected);
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export type JsonObject = { readonly [key: string]: unknown };

/** A run folder, read. */
export interface RunTables {
  readonly tables: { readonly [N in TableName]: readonly AuditRow[] };
  readonly summary: JsonObject;
  readonly manifest: JsonObject;
  /** Path of a file, for messages. */
  pathOf(file: string): string;
}

/**
 * Reads a run folder.
 *
 * @param dir absolute; `name` is how messages call it.
 * @throws UserError exit 3: `not_a_run_folder`, `run_file_missing`, `bad_run_file`, `partial_without_rows`
 */
export async function loadRunTables(dir: string, name: string): Promise<RunTables> {
  requireRunFolder(dir, name);
  const pathOf = (file: string): string => join(name, file);
  for (const file of [...TABLE_NAMES.map((table) => `${table}.csv`), SUMMARY_FILE]) {
    if (!existsSync(join(dir, file))) throw missingFile(pathOf(file));
  }
  const manifest = readObject(join(dir, MANIFEST_FILE), pathOf(MANIFEST_FILE));
  const summary = readObject(join(dir, SUMMARY_FILE), pathOf(SUMMARY_FILE));
  const tables = {} as { [N in TableName]: AuditRow[] };
  for (const table of TABLE_NAMES) tables[table] = await readTable(table, dir, pathOf(`${table}.csv`));
  if (manifest['partial'] === true) requireWrittenRows(manifest, tables, name);
  return { tables, summary, manifest, pathOf };
}

function requireRunFolder(dir: string, name: string): void {
  const isFolder = existsSync(dir) && statSync(dir).isDirectory();
  if (isFolder && existsSync(join(dir, MANIFEST_FILE))) return;
  throw new UserError({
    code: 'not_a_run_folder',
    exitCode: EXIT.data,
    message: isFolder ? 'the folder is no run folder' : 'there is no such run folder',
    place: { file: name },
    expected: `a folder with ${MANIFEST_FILE}, as backtest run writes it`,
    hint: 'backtest run names the folder it wrote on stderr',
  });
}

function missingFile(file: string): UserError {
  return new UserError({
    code: 'run_file_missing',
    exitCode: EXIT.data,
    message: 'a file of the run folder is missing',
    place: { file },
    hint: 'copy the run folder whole, or run again',
  });
}

function badFile(message: string, place: Place, found: string, expected: string): UserError {
  return new UserError({ code: 'bad_run_file', exitCode: EXIT.data, message, place, found, expected });
}

function readObject(path: string, name: string): JsonObject {
  const text = readFileSync(path, 'utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw badFile('the file is not JSON', { file: name }, (error as Error).message, 'the JSON of a run');
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw badFile('the file holds no object', { file: name }, text.slice(0, 40), 'the JSON of a run');
  }
  return parsed as JsonObject;
}

async function readTable(table: TableName, dir: string, name: string): Promise<AuditRow[]> {
  const wanted = TABLES[table].columns.map((column) => column.name);
  const rows: AuditRow[] = [];
  let columns: Map<string, number> | null = null;
  for await (const batch of readRows(new ByteSource(join(dir, `${table}.csv`)))) {
    for (const [i, cells] of batch.cells.entries()) {
      const line = batch.lines[i]!;
      if (columns !== null) {
        if (cells.length !== columns.size) {
          throw badFile('the row has another width', { file: name, line }, `${cells.length} cells`, `${columns.size}`);
        }
        rows.push(new AuditRow(name, line, cells, columns));
        continue;
      }
      columns = new Map(cells.map((cell, at) => [cell, at]));
      const missing = wanted.find((column) => !columns!.has(column));
      if (missing !== undefined) {
        throw badFile('the header lacks a column', { file: name, line }, cells.join(','), `a column ${missing}`);
      }
    }
  }
  if (columns === null) throw badFile('the file is empty', { file: name }, 'nothing', 'a header');
  return rows;
}

/** An interrupted run is complete as far as it went; one whose rows are not there cannot be audited. */
function requireWrittenRows(manifest: JsonObject, tables: RunTables['tables'], name: string): void {
  const written = (manifest['rows_written'] ?? {}) as JsonObject;
  for (const table of TABLE_NAMES) {
    const found = tables[table].length;
    if (written[table] === found) continue;
    throw new UserError({
      code: 'partial_without_rows',
      exitCode: EXIT.data,
      message: 'the run is marked partial, and rows of it are missing',
      place: { file: join(name, `${table}.csv`) },
      found: `${found} rows`,
      expected: `${String(written[table])} rows, as ${MANIFEST_FILE} says`,
      hint: 'run again to the end',
    });
  }
}
