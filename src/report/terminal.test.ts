/** Tables for people: what stays on a narrow terminal, what a pipe gets, and color only where it is wanted. */

import { describe, expect, it, test } from '@jest/globals';
import type { RunOutcome } from '../engine/records.js';
import {
  aBalance,
  aBill,
  aClosedTrade,
  anAccount,
  anOrder,
  aPosition,
  aRun,
  aStopTrade,
  aTotal,
  aTrade,
  ETHUSDT,
  TIME,
} from './fixtures/records.js';
import { createRunOutput, type RunOutput } from './output.js';
import { OUTPUT_NAMES, type OutputName, TABLE_NAMES } from './tables.js';
import type { TerminalStyle } from './terminal.js';

const ESC = String.fromCharCode(27);
const RED = `${ESC}[31m`;
const GREEN = `${ESC}[32m`;

/** Columns that a line takes: escape sequences none, East Asian characters two. */
function widthOf(line: string): number {
  const plain = line.replaceAll(new RegExp(`${ESC}\\[[0-9;]*m`, 'g'), '');
  return [...plain].reduce(
    (sum, c) => sum + (/[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uff00-\uff60]/u.test(c) ? 2 : 1),
    0,
  );
}

function output(tables: readonly OutputName[], style: Partial<TerminalStyle>, isSaved = true): RunOutput {
  return createRunOutput({ tables, format: 'table', style: { columns: null, color: false, ...style }, isSaved });
}

function printed(run: RunOutput, outcome: RunOutcome = aRun()): string {
  return [...run.render(outcome)].join('');
}

/** One row of everything. */
function fill({ sink }: RunOutput): void {
  sink.trade(aTrade());
  sink.stopTrade(aStopTrade());
  sink.order(anOrder({ tag: '東京 '.repeat(30), reason: 'insufficient_margin', code: 70004 }));
  sink.balance(aBalance());
  sink.position(aPosition());
  sink.bill(aBill({ info: 'x'.repeat(500) }));
  sink.closedTrade(aClosedTrade({ account: 'an account with quite a long name, longer than a column' }));
}

describe('on a terminal', () => {
  test.each([20, 40, 59, 60, 61, 80, 120, 200, 400])('when it has %p columns then no line is longer', (columns) => {
    for (const color of [false, true]) {
      const run = output(OUTPUT_NAMES, { columns, color });
      fill(run);
      const accounts = [anAccount(), anAccount({ account: 'a_long_name_'.repeat(10), closedTrades: 0, wins: 0 })];
      const lines = printed(run, aRun({ accounts })).split('\n');
      expect(lines.length).toBeGreaterThan(40);
      expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
    }
  });

  it('when it has 60 columns then the essential columns stay and a line names the others', () => {
    const run = output(['stop_trades'], { columns: 60 });
    run.sink.stopTrade(aStopTrade());
    expect(printed(run)).toBe(
      [
        'stop_trades (1 row)',
        '                      stop  loss',
        'side   price   qty   price  profit  time',
        '────  ──────  ────  ──────  ──────  ────────────────────────',
        'sell  7840.0  1000  7840.5  loss    2020-03-12T10:15:20.333Z',
        'not shown: id, amount, commission, account, symbol,',
        'order_id, trigger, realized_pnl, rule, path (all in',
        'stop_trades.csv)',
        '',
      ].join('\n'),
    );
  });

  it('when it does not know its width then it is taken to be 80', () => {
    const [unknown, usual] = [0, 80].map((columns) => {
      const run = output(TABLE_NAMES, { columns });
      fill(run);
      return printed(run);
    });
    expect(unknown).toBe(usual);
  });

  it('when columns are left out then no number is ever cut short', () => {
    for (let columns = 30; columns < 200; columns++) {
      const run = output(TABLE_NAMES, { columns });
      fill(run);
      const cut = printed(run).match(/\S*\d…/g) ?? [];
      expect(cut).toEqual([]);
    }
  });

  it('when nothing is saved then the line says how to see the rest', () => {
    const run = output(['stop_trades'], { columns: 80 }, false);
    run.sink.stopTrade(aStopTrade());
    expect(printed(run).replaceAll('\n', ' ')).toContain('(all with --format csv)');
  });

  test.each([
    // rows, rows drawn, the line about the others
    [999, 999, null],
    [1000, 1000, null],
    [1001, 1000, '… 1 rows more: all in trades.csv'],
    [12_345, 1000, '… 11,345 rows more: all in trades.csv'],
  ])('when there are %p rows then %p are drawn', (count, drawn, line) => {
    const run = output(['trades'], { columns: 100 });
    for (let id = 1; id <= count; id++) run.sink.trade(aTrade({ id }));
    const lines = printed(run).split('\n');
    const ids = lines.map((l) => /^ *(\d+) +2020/.exec(l)?.[1]).filter((id) => id !== undefined);
    expect(ids.length).toBe(drawn);
    expect(ids.at(0)).toBe('1');
    expect(ids.at(-1)).toBe(String(count));
    expect(lines.find((l) => l.startsWith('…')) ?? null).toBe(line);
    if (line !== null) expect(lines[lines.indexOf(line) - 1]).toMatch(/^ *500 /);
  });

  it('when color is wanted then losses are red and gains green', () => {
    const run = output(['stop_trades'], { columns: 200, color: true });
    run.sink.stopTrade(aStopTrade());
    run.sink.stopTrade(aStopTrade({ lossProfit: 'profit', trade: aTrade({ realizedPnl: 5n }) }));
    run.sink.stopTrade(aStopTrade({ lossProfit: 'profit', trade: aTrade({ realizedPnl: 0n }) }));
    const text = printed(run);
    expect(text).toContain(`${RED}loss`);
    expect(text).toContain(`${RED}-0.00255102`);
    expect(text).toContain(`${GREEN}profit`);
    expect(text).toContain(`${GREEN}0.00000005`);
    expect(text).toContain(' 0.00000000 ');
    expect(text).not.toContain(`${RED}7840.0`);
  });

  it('when color is not wanted then there is no escape sequence', () => {
    const run = output(OUTPUT_NAMES, { columns: 80, color: false });
    fill(run);
    expect(printed(run)).not.toContain(ESC);
  });

  it('when free text holds control characters then they are shown, not obeyed', () => {
    const run = output(['orders'], { columns: 300 });
    run.sink.order(anOrder({ tag: `a${ESC}[2Jb\nc\u202ed` }));
    const text = printed(run);
    expect(text).toContain('a\\u001b[2Jb\\u000ac\\u202ed');
    expect(text.split('\n').length).toBe(6);
  });
});

describe('in a pipe', () => {
  it('when a table is printed then all columns under their names, unwrapped and without color', () => {
    const run = output(['balance'], { columns: null });
    run.sink.balance(aBalance());
    run.sink.balance(aBalance({ currency: ETHUSDT.settle, account: '東京' }));
    expect(printed(run)).toBe(
      [
        'balance (2 rows)',
        'time                      account  currency  wallet_balance  unrealized_pnl  margin_balance  position_margin  order_margin  available_balance',
        '────────────────────────  ───────  ────────  ──────────────  ──────────────  ──────────────  ───────────────  ────────────  ─────────────────',
        '2020-03-12T10:15:20.333Z  main     XBT           1.00000000     -0.00255102      0.99744898       0.01250000    0.00000000         0.98494898',
        '2020-03-12T10:15:20.333Z  東京     USDT          100.000000       -0.255102       99.744898         1.250000      0.000000          98.494898',
        '',
      ].join('\n'),
    );
  });

  it('when color is insisted on then the cells are colored and stand as without', () => {
    const [plain, colored] = [false, true].map((color) => {
      const run = output(OUTPUT_NAMES, { columns: null, color });
      fill(run);
      return printed(run);
    });
    expect(plain).not.toContain(ESC);
    expect(colored).toContain(`${RED}-0.00255102`);
    expect(colored!.replaceAll(new RegExp(`${ESC}\\[[0-9;]*m`, 'g'), '')).toBe(plain);
  });

  it('when a table is long then every row is there', () => {
    const run = output(['trades'], { columns: null });
    for (let id = 1; id <= 3000; id++) run.sink.trade(aTrade({ id }));
    const text = printed(run);
    expect(text.startsWith('trades (3,000 rows)\n')).toBe(true);
    expect(text.split('\n').length).toBe(3000 + 4);
    expect(text).not.toContain('…');
  });

  it('when a text is long then it is whole', () => {
    const run = output(['bills'], { columns: null });
    run.sink.bill(aBill({ info: 'x'.repeat(500) }));
    expect(printed(run)).toContain('x'.repeat(500));
  });

  it('when a table has no rows then its title says so', () => {
    expect(printed(output(['stop_trades', 'bills'], { columns: null }))).toBe(
      'stop_trades (no rows)\n\nbills (no rows)\n',
    );
  });
});

describe('the summary for people', () => {
  it('when there is one account then one column, and reasons for what means nothing', () => {
    const run = aRun({ accounts: [anAccount({ closedTrades: 0, wins: 0, breakEven: 0 })], interrupted: true });
    expect(printed(output(['summary'], { columns: 60 }), run)).toBe(
      [
        'summary',
        'metric                    main',
        '─────────────────  ───────────',
        'exchange                bitmex',
        'currency                   XBT',
        'start_equity        1.00000000',
        'end_equity          1.49727207',
        'pnl                -0.00272793',
        'fees                0.00018941',
        'funding             0.00001250',
        'insurance           0.00000000',
        'closed_trades                0',
        'win_rate                   n/a',
        'break_even_trades            0',
        'max_drawdown        0.01234568',
        'liquidations                 0',
        'open_positions               1',
        'rejected_orders              2',
        'missing_funding              4',
        'ambiguous_bars               5',
        'bars                      1440',
        'partial: the run was interrupted at 2020-03-13T00:00:00.000Z',
        'n/a: win_rate: no closed trades',
        '',
      ].join('\n'),
    );
  });

  it('when nothing prices one currency in the other then each account has a column and the total only counts', () => {
    const accounts = [anAccount(), anAccount({ account: 'hedge', currency: ETHUSDT.settle, bankruptAtMs: TIME })];
    const overall = { reason: 'no symbol of the run prices USDT in XBT' };
    const totals = { accounts: accounts.map((account) => aTotal([account])), overall };
    const text = printed(output(['summary'], { columns: null }), aRun({ accounts, totals }));
    expect(text).toMatch(/^metric +main +hedge +total$/m);
    expect(text).toMatch(/^pnl +-0\.00272793 +-0\.272793 +n\/a$/m);
    expect(text).toMatch(/^liquidations +0 +0 +0$/m);
    expect(text).toContain('hedge went bankrupt at 2020-03-12T10:15:20.333Z\n');
    expect(text).toContain(
      'n/a: start_equity, end_equity, pnl, fees, funding, insurance, max_drawdown of total: no symbol of the run prices USDT in XBT\n',
    );
  });

  it('when spot trades have moved money between ledgers then a row says how much, and else there is none', () => {
    const spot = { currency: ETHUSDT.settle, spot: -30_000_000n };
    const text = printed(output(['summary'], { columns: null }), aRun({ accounts: [anAccount(spot)] }));
    expect(text).toMatch(/^spot_flow +-30\.000000$/m);
    expect(printed(output(['summary'], { columns: null }), aRun())).not.toContain('spot_flow');
  });

  it('when there are many accounts then each has a line, the total the last, and a terminal shows the ends', () => {
    const accounts = Array.from({ length: 1500 }, (_, i) => anAccount({ account: `a${i}` }));
    const run = aRun({ accounts });
    const piped = printed(output(['summary'], { columns: null }), run).split('\n');
    expect(piped[1]).toMatch(/^account +exchange +currency +start_equity +end_equity +pnl +fees/);
    expect(piped.filter((line) => line.startsWith('a') && line.includes('-0.00272793')).length).toBe(1500);
    expect(piped.find((line) => line.startsWith('total'))).toContain('-4.09189500');
    const narrow = printed(output(['summary'], { columns: 70 }), run);
    expect(narrow).toMatch(/^account +currency +end equity +pnl +fees +drawdown$/m);
    expect(narrow).toContain('… 501 accounts more\n');
    expect(narrow).toMatch(/^not shown: exchange, start_equity, funding/m);
    for (const line of narrow.split('\n')) expect(line.length).toBeLessThanOrEqual(70);
  });

  it('when accounts do not fit then the total and the first accounts stay and the others are named', () => {
    const accounts = Array.from({ length: 7 }, (_, i) => anAccount({ account: `a${i + 1}` }));
    const text = printed(output(['summary'], { columns: 60 }), aRun({ accounts }));
    expect(text).toMatch(/^metric +a1 +a2 +total$/m);
    expect(text.replaceAll('\n', ' ')).toContain('not shown: a3, a4, a5, a6, a7 (all in summary.json)');
  });
});
