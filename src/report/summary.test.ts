/** Figures of accounts and of all together, and where there is none, why. */

import { describe, expect, it, test } from '@jest/globals';
import type { AccountOutcome, RunOutcome } from '../engine/records.js';
import { anAccount, aRun, aTotal, ETHUSDT, TIME } from './fixtures/records.js';
import { METRICS } from './metrics.js';
import { computeSummary, formatFigure, formatSummaryCsv, formatSummaryJson, formatSummaryRows } from './summary.js';

function figureOf(run: RunOutcome, name: string, account: number | 'total'): string | null {
  const summary = computeSummary(run);
  const entry = account === 'total' ? summary.total : summary.accounts[account]!;
  return formatFigure(entry.figures.find(({ metric }) => metric.name === name)!.figure);
}

/** A run whose ledgers nothing prices in one another. */
function apart(...accounts: AccountOutcome[]): RunOutcome {
  const none = { reason: 'no symbol of the run prices USDT in XBT' };
  return aRun({ accounts, totals: { accounts: accounts.map(() => none), overall: none } });
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
      'spot_flow',
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

  it('when nothing prices one currency in the other then money is null with a reason and counts still add up', () => {
    const run = apart(anAccount(), anAccount({ account: 'second', currency: ETHUSDT.settle }));
    const [, , total] = formatSummaryRows(run).map((row) => JSON.parse(row));
    expect(total).toMatchObject({
      account: 'total',
      currency: null,
      pnl: null,
      max_drawdown: null,
      rejected_orders: 4,
    });
    expect(total.reasons.pnl).toBe('no symbol of the run prices USDT in XBT');
    expect(total.reasons).not.toHaveProperty('rejected_orders');
  });

  it('when there is a total in one currency then it is what the run has computed', () => {
    const overall = { ...aTotal([anAccount()]), maxDrawdown: 0.25, netDeposits: 40_000_000n };
    const run = { ...two({ currency: ETHUSDT.settle }), totals: { accounts: [], overall } };
    expect(figureOf(run, 'pnl', 'total')).toBe('0.09727207');
    expect(figureOf(run, 'max_drawdown', 'total')).toBe('0.25000000');
    expect(computeSummary(run).total).toMatchObject({ account: 'total', exchange: null, currency: 'XBT' });
  });
});

describe('an account of two currencies', () => {
  const ledgers = [anAccount(), anAccount({ currency: ETHUSDT.settle, startEquity: 5_000_000n, spot: 7n })];

  it('when it is summed up then each ledger has an entry, the further one with its code', () => {
    const { accounts } = computeSummary(aRun({ accounts: ledgers }));
    expect(accounts.map(({ account, currency }) => [account, currency])).toEqual([
      ['main', 'XBT'],
      ['main:USDT', 'USDT'],
    ]);
    expect(figureOf(aRun({ accounts: ledgers }), 'start_equity', 1)).toBe('5.000000');
  });

  it('when it is one of several accounts then it has a total of its own beside that of all', () => {
    const of = { ...aTotal(ledgers), endEquity: 123_000_000n };
    const other = anAccount({ account: 'other' });
    const totals = { accounts: [of, aTotal([other])], overall: aTotal([other]) };
    const { accounts } = computeSummary(aRun({ accounts: [...ledgers, other], totals }));
    expect(accounts.map(({ account }) => account)).toEqual(['main', 'main:USDT', 'main:total', 'other']);
    const figures = new Map(accounts[2]!.figures.map(({ metric, figure }) => [metric.name, formatFigure(figure)]));
    expect([figures.get('end_equity'), figures.get('rejected_orders')]).toEqual(['1.23000000', '4']);
  });

  it('when spot trades exchanged money then that is no profit of either, and no total has it', () => {
    const run = aRun({ accounts: ledgers });
    expect(figureOf(run, 'spot_flow', 1)).toBe('0.000007');
    expect(figureOf(run, 'pnl', 1)).toBe('94.727200');
    const total = JSON.parse(formatSummaryRows(run).at(-1)!);
    expect(total.reasons).toEqual({ spot_flow: 'spot trades exchange one currency for another' });
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
    const accounts = [anAccount(), anAccount({ account: 'second', maxDrawdown: 1e-8, bankruptAtMs: TIME })];
    const overall = { ...aTotal(accounts), maxDrawdown: 1e-8 };
    const run = aRun({ accounts, totals: { accounts: [], overall } });
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
      spot_flow: '0.00000000',
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
    expect(json.total).toMatchObject({ account: 'total', start_equity: '2.00000000', max_drawdown: 1e-8 });
    expect(json.total.reasons).toEqual({});
  });

  it('when a run settled no bar then its times are null', () => {
    const json = JSON.parse([...formatSummaryJson(aRun({ firstOpenTimeMs: null, lastCloseTimeMs: null }))].join(''));
    expect(json).toMatchObject({ first_open_time: null, last_close_time: null });
  });

  test.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY])('when a count is %p then nothing is printed', (value) => {
    expect(() => formatFigure({ kind: 'count', value })).toThrow('a count is');
  });
});
