/** The audit of run folders: whole ones pass, and one digit changed anywhere it judges is found, with its place. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { UserError } from '../../errors.js';
import { copyGoldenRun } from '../fixtures/goldenRun.js';
import { TABLE_NAMES, type TableName } from '../tables.js';
import { auditRun } from './audit.js';

const folders = new Map<string, string>();
function folderOf(golden: string): string {
  const dir = folders.get(golden) ?? copyGoldenRun(golden);
  folders.set(golden, dir);
  return dir;
}
afterAll(() => {
  for (const dir of folders.values()) rmSync(dir, { recursive: true });
});

/** Audits with one file changed, and puts the file back. */
async function auditChanged(golden: string, file: string, change: (text: string) => string) {
  const dir = folderOf(golden);
  const path = join(dir, file);
  const text = readFileSync(path, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
  try {
    return await auditRun(dir, 'run');
  } finally {
    writeFileSync(path, text);
  }
}

/** What the folder alone does not decide: prices and margins need candles and rules. */
const NOT_JUDGED: { readonly [N in TableName]: readonly string[] } = {
  bills: ['fee', 'isolated_delta', 'info'],
  balance: [],
  trades: ['amount'],
  stop_trades: ['trigger', 'rule', 'path'],
  // A closing order may be larger than what there was to close; the quantity of an opening one is tested below.
  orders: ['qty', 'time', 'position_effect', 'type', 'price', 'code', 'reason', 'parent_id', 'tag', 'end_time'],
  positions: [
    ...['asset_class', 'amount', 'avg_cost', 'margin', 'mode', 'leverage', 'liquidation_price'],
    ...['bankruptcy_price', 'maintenance_margin', 'margin_ratio', 'risk_level'],
  ],
  closed_trades: ['bars', 'mae', 'mfe'],
};

/** The last digit one higher, of a word its first letter. */
function nextDigit(cell: string): string {
  const at = cell.search(/\d\D*$/);
  return at < 0 ? `x${cell.slice(1)}` : `${cell.slice(0, at)}${(Number(cell[at]) + 1) % 10}${cell.slice(at + 1)}`;
}

function withCell(text: string, line: number, column: string): string {
  const rows = text.split('\n').map((row) => row.split(','));
  const at = rows[0]!.indexOf(column);
  rows[line - 1]![at] = nextDigit(rows[line - 1]![at]!);
  return rows.map((row) => row.join(',')).join('\n');
}

/** The judged columns of a table of the golden run, with the first and the last line where the cell is not empty. */
function cellsOf(golden: string, table: TableName): { column: string; line: number }[] {
  const rows = readFileSync(join(folderOf(golden), `${table}.csv`), 'utf8')
    .trim()
    .split('\n');
  const cells = rows.map((row) => row.split(','));
  return cells[0]!.flatMap((column, at) => {
    if (NOT_JUDGED[table].includes(column)) return [];
    // Of an order that never filled nothing else speaks.
    const priced = table === 'orders' ? cells[0]!.indexOf('avg_price') : at;
    const lines = cells.flatMap((row, i) => (i > 0 && row[at] !== '' && row[priced] !== '' ? [i + 1] : []));
    return [...new Set([lines.at(0), lines.at(-1)])].flatMap((line) => (line === undefined ? [] : [{ column, line }]));
  });
}

describe('a run as it was written', () => {
  test.each(['ema-cross', 'mean-reversion', 'breakout', 'synthetic-dollar', 'liquidated'])(
    'when it is %s then all figures agree',
    async (golden) => {
      const { first, checks } = await auditRun(folderOf(golden), 'run');
      expect(first).toBeNull();
      expect(checks.reduce((sum, check) => sum + check.compared, 0)).toBeGreaterThan(50);
    },
  );
});

describe('one digit changed', () => {
  const cases = (golden: string) =>
    TABLE_NAMES.flatMap((table) => cellsOf(golden, table).map((cell) => ({ golden, table, ...cell })));
  test.each([...cases('mean-reversion'), ...cases('liquidated')])(
    'when it is $column in line $line of $table.csv of $golden then it is found',
    async ({ golden, table, column, line }) => {
      const audit = auditChanged(golden, `${table}.csv`, (text) => withCell(text, line, column));
      const found = await audit.then(
        (result) => result.first !== null,
        (error) => error instanceof UserError && error.exitCode === 3,
      );
      expect(found).toBe(true);
    },
  );

  test.each(
    [
      ['start_equity', 'end_equity', 'pnl', 'fees', 'funding', 'insurance', 'closed_trades', 'break_even_trades'],
      ['liquidations', 'open_positions', 'rejected_orders', 'missing_funding', 'ambiguous_bars', 'bars', 'win_rate'],
    ].flat(),
  )('when it is the total %s in summary.json then it is found', async (figure) => {
    const total = /("total": \{.*)$/m;
    const { first } = await auditChanged('mean-reversion', 'summary.json', (text) =>
      text.replace(total, (line) =>
        line.replace(
          new RegExp(`("${figure}": "?)([-0-9.]+)`),
          (_, key: string, value: string) => key + nextDigit(value),
        ),
      ),
    );
    expect(first).toMatchObject({ file: join('run', 'summary.json'), column: `total.${figure}` });
  });
});

describe('the first figure that is off', () => {
  it('when a bill is one unit more then its line is named, with what the amounts add up to', async () => {
    const { first, checks } = await auditChanged('liquidated', 'bills.csv', (text) => withCell(text, 5, 'amount'));
    expect(first).toMatchObject({
      check: 'bills',
      file: join('run', 'bills.csv'),
      line: 5,
      column: 'balance_after',
      found: '0.99636609',
      expected: '0.99636608',
    });
    expect(checks.find((check) => check.check === 'bills')?.differences).toBeGreaterThan(1);
  });

  it('when an opening order is larger than its fills then its quantity is named', async () => {
    const { first } = await auditChanged('liquidated', 'orders.csv', (text) => withCell(text, 2, 'qty'));
    expect(first).toMatchObject({ file: join('run', 'orders.csv'), line: 2, column: 'qty' });
  });

  it('when only a balance row is off then its line, column, figure and what was expected are named', async () => {
    const { first } = await auditChanged('liquidated', 'balance.csv', (text) => withCell(text, 4, 'wallet_balance'));
    expect(first).toMatchObject({ file: join('run', 'balance.csv'), line: 4, column: 'wallet_balance' });
  });

  test.each<[TableName, string]>([
    ['stop_trades', 'id'],
    ['closed_trades', 'id'],
    ['positions', 'time'],
    ['trades', 'id'],
    ['bills', 'id'],
  ])('when a row of %s is missing then it is found', async (table) => {
    const { first } = await auditChanged('mean-reversion', `${table}.csv`, (text) => {
      const rows = text.trimEnd().split('\n');
      return `${rows.toSpliced(-1, 1).join('\n')}\n`;
    });
    expect(first).not.toBeNull();
  });
});

describe('what cannot be audited', () => {
  test.each<[string, string, (text: string) => string, string]>([
    ['a cell is no number', 'bills.csv', (text) => text.replace('1.00000000', 'one'), 'bad_run_file'],
    ['the header lacks a column', 'trades.csv', (text) => text.replace('realized_pnl', 'pnl'), 'bad_run_file'],
    [
      'a row has another width',
      'orders.csv',
      (text) => text.replace(/,/g, (c, at) => (at > 300 ? '' : c)),
      'bad_run_file',
    ],
    ['the summary is not JSON', 'summary.json', (text) => text.slice(1), 'bad_run_file'],
    ['the manifest is an array', 'manifest.json', () => '[]', 'bad_run_file'],
    [
      'it is partial and rows are missing',
      'manifest.json',
      (text) => text.replace('"partial": false', '"partial": true').replace(/"trades": \d+/, '"trades": 99'),
      'partial_without_rows',
    ],
  ])('when %s then it is an error of the data', async (_, file, change, code) => {
    await expect(auditChanged('mean-reversion', file, change)).rejects.toMatchObject({ code, exitCode: 3 });
  });

  it('when the folder is none then it is an error of the data', async () => {
    await expect(auditRun('/nowhere/at/all', 'all')).rejects.toMatchObject({ code: 'not_a_run_folder', exitCode: 3 });
  });

  it('when a table is missing then the file is named', async () => {
    const dir = copyGoldenRun('breakout');
    rmSync(join(dir, 'bills.csv'));
    await expect(auditRun(dir, 'run')).rejects.toMatchObject({
      code: 'run_file_missing',
      exitCode: 3,
      place: { file: join('run', 'bills.csv') },
    });
    rmSync(dir, { recursive: true });
  });
});
