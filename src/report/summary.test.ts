/** Figures of accounts and of all together, and where there is none, why. */

import { describe, expect, it, test } from '@jest/globals';
import type { AccountOutcome, RunOutcome } from '../engine/records.js';
import { anAccount, aRun, ETHUSDT, TIME } from './fixtures/records.js';
import { METRICS } from './metrics.js';
import { computeSummary, formatFigure, formatSummaryCsv, formatSummaryJson, formatSummaryRows } from './summary.js';

function figureOf(run: RunOutcome, name: string, account: number | 'total'): string | null {
  const summary = computeSummary(run);
  const entry = account === 'total' ? summary.total : summary.accounts[account]!;
  return formatFigure(entry.figures.find(({ metric }) => metric.name === name)!.figure);
}

const two = (second: Partial<AccountOutcome>): RunOutcome =>
  aRun({ accounts: [anAccount(), anAccount({ account: 'second', ...second })] });

describe('figures of an account', () => {
  it('when money was deposited after the start then it is no profit', () => {
    expect(figureOf(aRun(), 'pnl', 0)).toBe('-0.00272793');
  });

  test.each([
    // closed, wins, win rate
    [0, 0, null],
    [1, 0, '0.00000000'],
    [1, 1, '1.00000000'],
    [3, 2, '0.66666667'],
  ])('when %p trades closed and %p won then the win rate is %p', (closedTrades, wins, rate) => {
    const run = aRun({ accounts: [anAccount({ closedTrades, wins, breakEven: 0 })] });
    expect(figureOf(run, 'win_rate', 0)).toBe(rate);
    expect(figureOf(run, 'win_rate', 'total')).toBe(rate);
  });

  it('when the figures are listed then in this order', () => {
    expect(METRICS.map((metric) => metric.name)).toEqual([
      'start_equity',
      'end_equity',
      'pnl',
      'fees',
      'funding',
      'insurance',
      'closed_trades',
      'win_rate',
      'break_even_trades',
      'max_drawdown',
      'liquidations',
      'open_positions',
      'rejected_orders',
      'missing_funding',
      'ambiguous_bars',
      'bars',
    ]);
    expect(METRICS.filter((metric) => !metric.description.endsWith('.'))).toEqual([]);
  });
});

describe('all accounts together', () => {
  it('when they share a currency then money and counts add up', () => {
    const run = two({ fees: 1n, liquidations: 2, closedTrades: 1, wins: 1 });
    expect(figureOf(run, 'fees', 'total')).toBe('0.00018942');
    expect(figureOf(run, 'pnl', 'total')).toBe('-0.00545586');
    expect(figureOf(run, 'liquidations', 'total')).toBe('2');
    expect(figureOf(run, 'win_rate', 'total')).toBe('0.50000000');
    expect(figureOf(run, 'bars', 'total')).toBe('1440');
  });

  it('when they hold different currencies then money is null with a reason and counts still add up', () => {
    const [, , total] = formatSummaryRows(two({ currency: ETHUSDT.settle })).map((row) => JSON.parse(row));
    expect(total).toMatchObject({ account: 'total', currency: null, pnl: null, fees: null, rejected_orders: 4 });
    expect(total.reasons.pnl).toBe('the accounts hold different currencies');
    expect(total.reasons).not.toHaveProperty('rejected_orders');
  });

  it('when one code has different digits then money is not added', () => {
    expect(figureOf(two({ currency: { code: 'XBT', decimals: 6 } }), 'fees', 'total')).toBeNull();
  });

  it('when there is one account then its drawdown is the total, and with two there is none', () => {
    expect(figureOf(aRun(), 'max_drawdown', 'total')).toBe('0.01234568');
    expect(figureOf(two({}), 'max_drawdown', 'total')).toBeNull();
  });
});

describe('an account of two currencies', () => {
  const ledgers = aRun({ accounts: [anAccount(), anAccount({ currency: ETHUSDT.settle, startEquity: 5_000_000n })] });

  it('when it is summed up then each ledger has an entry, the further one with its code', () => {
    const { accounts, total } = computeSummary(ledgers);
    expect(accounts.map(({ account, currency }) => [account, currency])).toEqual([
      ['main', 'XBT'],
      ['main:USDT', 'USDT'],
    ]);
    expect(total).toMatchObject({ account: 'total', currency: null });
    expect(figureOf(ledgers, 'start_equity', 1)).toBe('5.000000');
  });

  it('when money of both would be added then there is none, and the reason says so', () => {
    const total = JSON.parse(formatSummaryRows(ledgers).at(-1)!);
    expect(total).toMatchObject({ pnl: null, max_drawdown: null });
    expect(total.reasons).toMatchObject({
      pnl: 'the account holds different currencies',
      max_drawdown: 'the joint equity of several currencies is not sampled',
    });
    expect(total.rejected_orders).toBe(4);
  });
});

describe('as CSV and JSON', () => {
  it('when the summary is CSV then account, metric, value, with empty cells for what means nothing', () => {
    const run = aRun({ accounts: [anAccount({ account: '=cmd', closedTrades: 0, wins: 0 })] });
    const lines = [...formatSummaryCsv(run)].join('').split('\n');
    expect(lines[0]).toBe('account,metric,value');
    expect(lines[1]).toBe("'=cmd,start_equity,1.00000000");
    expect(lines).toContain("'=cmd,pnl,-0.00272793");
    expect(lines).toContain('total,win_rate,');
    expect(lines.length).toBe(1 + 2 * METRICS.length + 1);
  });

  it('when the summary is a file then accounts in their order and the total, money as text', () => {
    const run = two({ maxDrawdown: 1e-8, bankruptAtMs: TIME });
    const text = [...formatSummaryJson(run)].join('');
    expect(text).toContain('"max_drawdown": 0.00000001');
    expect(text.endsWith('}\n')).toBe(true);
    const json = JSON.parse(text);
    expect(json).toMatchObject({
      first_open_time: '2020-03-12T00:00:00.000Z',
      last_close_time: '2020-03-13T00:00:00.000Z',
      partial: false,
    });
    expect(json.accounts[0]).toEqual({
      account: 'main',
      exchange: 'bitmex',
      currency: 'XBT',
      bankrupt_at: null,
      start_equity: '1.00000000',
      end_equity: '1.49727207',
      pnl: '-0.00272793',
      fees: '0.00018941',
      funding: '0.00001250',
      insurance: '0.00000000',
      closed_trades: 3,
      win_rate: 0.33333333,
      break_even_trades: 1,
      max_drawdown: 0.01234568,
      liquidations: 0,
      open_positions: 1,
      rejected_orders: 2,
      missing_funding: 4,
      ambiguous_bars: 5,
      bars: 1440,
      reasons: {},
    });
    expect(json.accounts[1]).toMatchObject({ account: 'second', bankrupt_at: '2020-03-12T10:15:20.333Z' });
    expect(json.total).toMatchObject({ account: 'total', start_equity: '2.00000000', max_drawdown: null });
    expect(json.total.reasons).toEqual({ max_drawdown: 'the joint equity of several accounts is not sampled' });
  });

  it('when a run settled no bar then its times are null', () => {
    const json = JSON.parse([...formatSummaryJson(aRun({ firstOpenTimeMs: null, lastCloseTimeMs: null }))].join(''));
    expect(json).toMatchObject({ first_open_time: null, last_close_time: null });
  });

  test.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY])('when a count is %p then nothing is printed', (value) => {
    expect(() => formatFigure({ kind: 'count', value })).toThrow('a count is');
  });
});
