/**
 * `--accounts FILE`: many accounts as CSV, one a row; the first column is `name`, the others are keys of --account, an empty cell is
 * the default. Also decides between the ways in which accounts can be given. What a value means is for others to judge.
 */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, type Place, UserError } from '../errors.js';
import { readRows } from '../market/reader.js';
import { ByteSource } from '../market/source.js';
import type { ManifestFile } from '../report/manifest.js';
import { ACCOUNT_KEYS, type AccountKey, type AccountSpec, parseAccounts, requireAccountName } from './accountOption.js';
import { compareSources, type Given, type GivenOptions, nearest, type Source } from './givenOptions.js';

export interface LoadedAccounts {
  readonly specs: readonly AccountSpec[];
  /** Where they come from, `--balance` and its like apart. */
  readonly source: Source;
  /** The CSV file; null when the accounts were given otherwise. */
  readonly file: ManifestFile | null;
}

const NAME_COLUMN = 'name';
const COLUMNS: readonly string[] = [NAME_COLUMN, ...ACCOUNT_KEYS];

/**
 * The accounts of a run: those of the strongest source that gives any, as `--account`, as `--accounts` or as a list of the config
 * file; else the default account.
 *
 * @param configAccounts null when the config file lists none.
 * @throws UserError exit 2
 */
export async function loadAccounts(
  given: GivenOptions,
  configAccounts: readonly AccountSpec[] | null,
  cwd: string,
): Promise<LoadedAccounts> {
  const file = given.find('accounts');
  const compared = compareSources(given.sourceOf('accounts'), given.sourceOf('account'));
  if (file !== undefined && compared === 0) {
    throw new UserError({
      code: 'bad_option',
      exitCode: EXIT.usage,
      message: `${file.label} and ${given.find('account')!.label} exclude each other`,
      ...(file.place === undefined ? {} : { place: file.place }),
      found: `${file.text}, and ${given.find('account')!.text}`,
      expected: 'the accounts of a run in one place',
    });
  }
  if (file !== undefined && compared > 0) {
    const source = new ByteSource(resolve(cwd, file.text));
    const specs = await readAccounts(source, file, cwd);
    const accounts = parseAccounts(given, { specs, source: given.sourceOf('accounts') });
    return { specs: accounts, source: given.sourceOf('accounts'), file: { file: file.text, sha256: source.hash() } };
  }
  const listed = configAccounts === null ? null : { specs: configAccounts, source: 'config' as const };
  const own = given.sourceOf('account');
  const source = listed !== null && compareSources(listed.source, own) > 0 ? listed.source : own;
  return { specs: parseAccounts(given, listed), source, file: null };
}

async function readAccounts(source: ByteSource, file: Given, cwd: string): Promise<AccountSpec[]> {
  if (!existsSync(resolve(cwd, file.text))) {
    throw accountsError(
      `${file.label}: there is no such file`,
      { file: file.text },
      undefined,
      'a CSV file of accounts',
    );
  }
  const specs: AccountSpec[] = [];
  const lines = new Map<string, number>();
  let columns: readonly Column[] | null = null;
  try {
    for await (const { cells, lines: lineNumbers } of readRows(source)) {
      for (const [i, row] of cells.entries()) {
        const place = { file: file.text, line: lineNumbers[i]! };
        if (columns === null) {
          columns = requireColumns(row, place);
          continue;
        }
        const spec = readRow(row, columns, place);
        const other = lines.get(spec.name);
        if (other !== undefined) {
          const found = `${spec.name}, as in line ${other}`;
          throw accountsError('two rows have one name', { ...place, column: NAME_COLUMN }, found, 'each name once');
        }
        lines.set(spec.name, place.line);
        specs.push(spec);
      }
    }
  } catch (error) {
    throw asUsage(error, file);
  }
  if (specs.length === 0) {
    throw accountsError(
      'the file has no accounts',
      { file: file.text },
      undefined,
      `a header, ${NAME_COLUMN} first, and rows`,
    );
  }
  return specs;
}

type Column = AccountKey | typeof NAME_COLUMN;

function requireColumns(header: readonly string[], place: Place): readonly Column[] {
  const names = header.map((cell) => cell.trim());
  if (names[0] !== NAME_COLUMN) {
    const found = names[0] ?? '';
    throw accountsError(
      `the first column is not ${NAME_COLUMN}`,
      { ...place, column: 1 },
      found,
      `${NAME_COLUMN},key,…`,
    );
  }
  return names.map((name, i): Column => {
    const known = COLUMNS.find((column) => column === name) as Column | undefined;
    const at = { ...place, column: name === '' ? i + 1 : name };
    if (known === undefined) {
      const expected = `one of ${ACCOUNT_KEYS.join(', ')}`;
      throw accountsError('the column is not known', at, name || '(empty)', expected, nearest(name, COLUMNS));
    }
    if (names.indexOf(name) !== i) throw accountsError('the column stands there twice', at, name, 'each column once');
    return known;
  });
}

function readRow(row: readonly string[], columns: readonly Column[], place: Place): AccountSpec {
  if (row.length !== columns.length) {
    throw accountsError(
      'the row has another number of cells',
      place,
      String(row.length),
      `${columns.length}, as the header`,
    );
  }
  const label = 'the row';
  const text = row[0]!.trim();
  const name = requireAccountName(text, { text: text || '(empty)', label, place: { ...place, column: NAME_COLUMN } });
  const values = new Map<AccountKey, Given>();
  for (const [i, column] of columns.entries()) {
    const cell = row[i]!.trim();
    if (column === NAME_COLUMN || cell === '') continue;
    values.set(column, { text: cell, label: `account ${name}: ${column}`, place: { ...place, column } });
  }
  return { name, values };
}

/** What the reader of rows finds wrong with candles is wrong with a table of accounts too, but not a matter of data. */
function asUsage(error: unknown, file: Given): unknown {
  if (!(error instanceof UserError) || error.exitCode === EXIT.usage) return error;
  const place = { ...error.place, file: file.text };
  return accountsError(error.message, place, error.found, error.expected ?? 'a CSV file of accounts', error.hint);
}

function accountsError(
  message: string,
  place: Place,
  found: string | undefined,
  expected: string,
  hint?: string,
): UserError {
  return new UserError({
    code: 'bad_accounts_file',
    exitCode: EXIT.usage,
    message,
    place,
    expected,
    ...(found === undefined ? {} : { found }),
    ...(hint === undefined ? {} : { hint }),
  });
}
