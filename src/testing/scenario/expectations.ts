/**
 * Reads `expect` lines and compares them with what the engine recorded. A difference is told as the expected and the found
 * line, one under the other, and the fields in which they differ. What a table's line looks like is tables.ts.
 */

import { compareFractions, type Fraction, formatFraction } from '../../money/decimal.js';
import { type Cell, type FoundRow, TABLE_NAMES, TABLE_SPECS, type TableName } from './tables.js';
import { formatTime, type Line, parseNumber, parseTime, type Words } from './words.js';

/** A line of expectation: fields with the text they were given; `none` expects an empty table. */
export interface Expectation {
  readonly line: Line;
  readonly table: TableName;
  readonly isNone: boolean;
  readonly fields: ReadonlyMap<string, string>;
}

/** Everything a run left, as rows by table. */
export type FoundTables = Readonly<Record<TableName, readonly FoundRow[]>>;

/** @throws ScenarioError */
export function readExpectation(words: Words): Expectation {
  const isNone = words.rest[0] === 'no';
  if (isNone) words.take('no');
  const table = words.takeOneOf('table', TABLE_NAMES);
  const spec = TABLE_SPECS[table];
  const fields = new Map<string, string>();
  const { line } = words;
  if (isNone) {
    if (!spec.isWhole) throw words.error(`"no" needs a table that is compared whole; ${table} is not`);
    return { line, table, isNone, fields };
  }
  const put = (name: string, value: string): void => {
    if (fields.has(name)) throw words.error(`${name} is given twice`);
    fields.set(name, value);
  };
  for (const name of spec.head) {
    if (name === '@') words.takeOneOf('the word @', ['@'] as const);
    else put(name, words.take(name));
  }
  while (words.rest.length > 0) {
    const word = words.take('a field');
    const [name, value] = word.includes('=')
      ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
      : [];
    const flag = spec.flags[word];
    if (flag !== undefined) put(flag, word);
    else if (name === undefined || value === undefined || value === '' || !spec.options.includes(name)) {
      throw words.error(
        `"${word}" is unknown; known: ${[...Object.keys(spec.flags), ...spec.options.map((o) => `${o}=`)].join(' ')}`,
      );
    } else put(name, value);
  }
  return { line, table, isNone, fields };
}

/** Differences between the expectations and the tables found, each ready to print; empty when all is as expected. */
export function compareExpectations(expectations: readonly Expectation[], found: FoundTables): string[] {
  const differences: string[] = [];
  for (const table of TABLE_NAMES) {
    const lines = expectations.filter((expectation) => expectation.table === table);
    if (lines.length === 0) continue;
    const compare = TABLE_SPECS[table].isWhole ? compareWhole : comparePicked;
    differences.push(...compare(table, lines, found[table]));
  }
  return differences;
}

/** Line by line in the table's order; neither may have a line more. */
function compareWhole(table: TableName, lines: readonly Expectation[], rows: readonly FoundRow[]): string[] {
  const expected = lines.filter((line) => !line.isNone);
  const differences: string[] = [];
  for (let i = 0; i < Math.max(expected.length, rows.length); i++) {
    const [line, row] = [expected[i], rows[i]];
    if (line === undefined) differences.push(`not expected\n  found     ${describeRow(table, row!)}`);
    else if (row === undefined) differences.push(`${place(line)}\n  found     nothing`);
    else differences.push(...compareRow(line, row));
  }
  return differences;
}

/** Each line picks the one row with the same time, and account, currency and symbol when it names them; of a hedge's sides the one it names. */
function comparePicked(table: TableName, lines: readonly Expectation[], rows: readonly FoundRow[]): string[] {
  return lines.flatMap((line) => {
    const named = ['account', 'currency', 'symbol'];
    const key = table === 'balance' || table === 'position' ? ['time', ...named] : named;
    const isAlike = (row: FoundRow, name: string): boolean =>
      !line.fields.has(name) || isEqual(line.fields.get(name)!, row[name]!);
    const alike = rows.filter((row) => key.every((name) => isAlike(row, name)));
    const picks = alike.length > 1 && table === 'position' ? alike.filter((row) => isAlike(row, 'side')) : alike;
    if (picks.length === 1) return compareRow(line, picks[0]!);
    const others = rows.map((row) => `\n            ${describeRow(table, row)}`).join('');
    return [`${place(line)}\n  found     ${picks.length} such rows among${others || ' none'}`];
  });
}

function compareRow(line: Expectation, row: FoundRow): string[] {
  const wrong = [...line.fields].filter(([name, value]) => !isEqual(value, row[name]!));
  if (wrong.length === 0) return [];
  const differs = wrong.map(([name, value]) => `${name}: expected ${value}, found ${describeCell(row[name]!, value)}`);
  const [expected, found] = alignWords(line.line.words.slice(1), describeLike(line, row));
  return [`line ${line.line.number}\n  expected  ${expected}\n  found     ${found}\n  differs   ${differs.join('; ')}`];
}

const place = (line: Expectation): string =>
  `line ${line.line.number}\n  expected  ${line.line.text.replace(/^expect /, '')}`;

/** Both lines with their words in columns. */
function alignWords(expected: readonly string[], found: readonly string[]): [string, string] {
  const width = (i: number): number => Math.max(expected[i]?.length ?? 0, found[i]?.length ?? 0);
  const pad = (words: readonly string[]): string =>
    words
      .map((word, i) => word.padEnd(width(i)))
      .join(' ')
      .trimEnd();
  return [pad(expected), pad(found)];
}

/** The found row in the words of the expected line. */
function describeLike(line: Expectation, row: FoundRow): string[] {
  const { head, flags } = TABLE_SPECS[line.table];
  const first = head.map((name) => (name === '@' ? '@' : describeCell(row[name]!, line.fields.get(name)!)));
  const rest = [...line.fields].slice(first.length - (head.includes('@') ? 1 : 0));
  const words = rest.map(([name, value]) => {
    const cell = describeCell(row[name]!, value);
    return Object.values(flags).includes(name) ? cell : `${name}=${cell}`;
  });
  return [line.table, ...first, ...words];
}

/** A found row with all it has. */
function describeRow(table: TableName, row: FoundRow): string {
  const spec = TABLE_SPECS[table];
  const head = spec.head.map((name) => (name === '@' ? '@' : describeCell(row[name]!)));
  const others = [...new Set([...Object.values(spec.flags), ...spec.options])];
  return [table, ...head, ...others.map((name) => `${name}=${describeCell(row[name]!)}`)].join(' ');
}

function isEqual(expected: string, cell: Cell): boolean {
  if (cell.kind === 'text') return expected === cell.text;
  if (cell.kind === 'time') return parseTime(expected) === cell.timeMs;
  const value = parseNumber(expected);
  if (value === undefined) return false;
  if (cell.kind === 'number' || expected.includes('/')) return compareFractions(value, cell.value) === 0;
  const digits = digitsOf(expected);
  return formatFraction(cell.value, digits) === formatFraction(value, digits);
}

const digitsOf = (text: string): number => /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;

/** @param like an expected text, whose form is taken over where it can be: satoshi, or so many digits. */
function describeCell(cell: Cell, like = ''): string {
  if (cell.kind === 'text') return cell.text;
  if (cell.kind === 'time') return formatTime(cell.timeMs);
  if (like.endsWith('sat')) return `${plain({ num: cell.value.num * 100_000_000n, den: cell.value.den })}sat`;
  return cell.kind === 'average' ? formatFraction(cell.value, Math.max(8, digitsOf(like))) : plain(cell.value);
}

function plain(value: Fraction): string {
  return formatFraction(value, 12).replace(/\.?0+$/, '') || '0';
}
