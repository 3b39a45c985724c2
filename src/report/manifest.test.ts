/** The text of manifest.json: fixed order, sorted maps, and the clock in one place. */

import { expect, it } from '@jest/globals';
import { aManifest } from './fixtures/records.js';
import { formatManifest } from './manifest.js';

const ROWS = { stop_trades: 0, trades: 2, closed_trades: 1, orders: 3, balance: 4, positions: 0, bills: 5 };

it('when a manifest is written then its keys stand in this order', () => {
  const json = JSON.parse(formatManifest(aManifest(), ROWS));
  expect(Object.keys(json)).toEqual([
    'run_folder_version',
    'command',
    'args',
    'partial',
    'versions',
    'strategy',
    'config',
    'files',
    'contracts',
    'data',
    'options',
    'params',
    'bars',
    'first_open_time',
    'last_close_time',
    'rows_written',
    'assumptions',
    'warnings',
    'wall_clock',
  ]);
  expect(Object.keys(json.versions)).toEqual(['backtest', 'node']);
  expect(Object.keys(json.params)).toEqual(['fast', 'slow']);
  expect(json.data).toEqual([
    {
      role: 'bars',
      symbol: 'XBTUSD',
      file: 'XBTUSD.csv',
      sha256: 'bb',
      dialect: 'plain',
      rows: 1440,
      dropped_duplicates: 1,
      gaps: 0,
    },
  ]);
  expect(json.wall_clock).toEqual({
    started_at: '2026-01-31T10:15:00.000Z',
    finished_at: '2026-01-31T10:15:01.500Z',
    elapsed_ms: 1500,
  });
});

it('when only the clock differs then only wall_clock differs', () => {
  const without = (text: string): unknown => ({ ...JSON.parse(text), wall_clock: null });
  const a = formatManifest(aManifest(), ROWS);
  const b = formatManifest(aManifest({ startedAtMs: 0, finishedAtMs: 1 }), ROWS);
  expect(a).not.toBe(b);
  expect(without(a)).toEqual(without(b));
});
