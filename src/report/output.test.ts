/** What goes to stdout as CSV and JSON, and which rows are kept for it. */

import { describe, expect, it } from '@jest/globals';
import { aBalance, anOrder, aRun, aTrade } from './fixtures/records.js';
import { createRunOutput, type OutputFormat } from './output.js';
import { collectingSink, teeSink } from './sinks.js';
import type { OutputName } from './tables.js';

function printed(tables: readonly OutputName[], format: OutputFormat): string {
  const output = createRunOutput({ tables, format, style: { columns: 80, color: true }, isSaved: true });
  for (let id = 1; id <= 1500; id++) output.sink.trade(aTrade({ id }));
  output.sink.order(anOrder({ tag: '=1+1' }));
  return [...output.render(aRun())].join('');
}

describe('csv', () => {
  it('when one table is asked for then all its rows, on a terminal too', () => {
    const lines = printed(['trades'], 'csv').split('\n');
    expect(lines.length).toBe(1 + 1500 + 1);
    expect(lines[0]).toMatch(/^id,time,account,/);
    expect(lines[1500]).toMatch(/^1500,2020-03-12T10:15:20.333Z,main,/);
  });

  it('when a table has no rows then its header', () => {
    expect(printed(['bills'], 'csv')).toBe(
      'id,time,account,currency,symbol,type,amount,fee,balance_after,isolated_delta,order_id,position_id,info\n',
    );
  });

  it('when the summary is asked for then account, metric, value', () => {
    expect(printed(['summary'], 'csv')).toMatch(/^account,metric,value\nmain,start_equity,1\.00000000\n/);
  });

  it('when other than one table is asked for then it is a mistake of the caller', () => {
    expect(() => printed(['trades', 'orders'], 'csv')).toThrow('csv of 2 tables');
    expect(() => printed([], 'csv')).toThrow('csv of 0 tables');
  });
});

describe('json', () => {
  it('when one table is asked for then an array of rows with decimals as text', () => {
    const rows = JSON.parse(printed(['orders'], 'json'));
    expect(rows).toEqual([
      {
        id: 3,
        time: '2020-03-12T10:15:20.333Z',
        account: 'main',
        symbol: 'XBTUSD',
        side: 'buy',
        position_effect: 'open',
        type: 'limit',
        price: '8000.0',
        qty: '1000',
        filled_qty: '400',
        avg_price: '8000.00000000',
        status: 'cancelled',
        code: null,
        reason: null,
        parent_id: null,
        tag: '=1+1',
        end_time: '2020-03-12T10:16:20.333Z',
      },
    ]);
  });

  it('when several are asked for then an object with their names, in the order asked', () => {
    const text = printed(['trades', 'summary', 'bills', 'trades'], 'json');
    const json = JSON.parse(text);
    expect(Object.keys(json)).toEqual(['trades', 'summary', 'bills']);
    expect(json.trades.length).toBe(1500);
    expect(json.bills).toEqual([]);
    expect(json.summary.map((row: { account: string }) => row.account)).toEqual(['main', 'total']);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('when the one table has no rows then an empty array', () => {
    expect(printed(['bills'], 'json')).toBe('[]\n');
  });
});

describe('sinks', () => {
  it('when a table is not asked for then none of its rows is kept', () => {
    const collected = collectingSink(['trades'], null);
    collected.sink.trade(aTrade());
    collected.sink.balance(aBalance());
    expect(collected.rows('trades')).toEqual({ count: 1, first: [aTrade()], last: [] });
    expect(collected.rows('balance')).toEqual({ count: 0, first: [], last: [] });
  });

  it('when there is a limit then only the first and the last rows are kept', () => {
    const collected = collectingSink(['trades'], { first: 2, last: 3 });
    for (let id = 1; id <= 5000; id++) collected.sink.trade(aTrade({ id }));
    const { count, first, last } = collected.rows('trades');
    expect(count).toBe(5000);
    expect(first.map((r) => r.id)).toEqual([1, 2]);
    expect(last.map((r) => r.id)).toEqual([4998, 4999, 5000]);
  });

  it('when there are as many rows as the limit then each is kept once', () => {
    const collected = collectingSink(['trades'], { first: 2, last: 3 });
    for (let id = 1; id <= 5; id++) collected.sink.trade(aTrade({ id }));
    const { first, last } = collected.rows('trades');
    expect([...first, ...last].map((r) => r.id)).toEqual([1, 2, 3, 4, 5]);
  });

  it('when records are handed to several sinks then each gets all of them', () => {
    const a = collectingSink(['trades', 'orders'], null);
    const b = collectingSink(['trades'], null);
    const both = teeSink([a.sink, b.sink]);
    both.trade(aTrade());
    both.order(anOrder());
    expect([a.rows('trades').count, a.rows('orders').count]).toEqual([1, 1]);
    expect([b.rows('trades').count, b.rows('orders').count]).toEqual([1, 0]);
  });
});
