/** Tables of fills: order of the rows, quantities and fees in the units of a contract, prices without candles. */

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { createContractTable } from '../contract/contractInfo.js';
import { findPreset } from '../venue/presets.js';
import { createFillSeries } from './fillSeries.js';
import { loadFillTable, resolveFills } from './fillTable.js';
import { NamedContracts } from './namedContracts.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fills-')));
afterAll(() => rmSync(folder, { recursive: true }));

const XBTUSD = createContractTable().find('bitmex', 'XBTUSD')!;
const MAIN = { name: 'main', rules: findPreset('bitmex')!, contracts: new Map([['XBTUSD', XBTUSD]]) };

async function tableOf(...rows: string[]): ReturnType<typeof loadFillTable> {
  const path = join(folder, 'fills.csv');
  writeFileSync(path, ['time,symbol,side,qty,price,fee,order_id', ...rows].join('\n'));
  return loadFillTable(path);
}

describe('fills', () => {
  test.each<[string, string[], string[], string | null]>([
    ['in the order of time', ['1:a', '1:b', '2:c'], ['a', 'b', 'c'], null],
    ['newest first', ['2:c', '1:b', '1:a'], ['a', 'b', 'c'], 'turned round'],
    ['with a step back', ['1:a', '3:c', '2:b', '4:d'], ['a', 'b', 'c', 'd'], 'sorted'],
    ['all of one time', ['1:b', '1:a'], ['b', 'a'], null],
  ])('when they are %s then they are settled by time, of one time as they stand', async (_how, rows, ids, note) => {
    const texts = rows
      .map((row) => row.split(':'))
      .map(([s, id]) => `2020-03-01T00:00:0${s}Z,XBTUSD,buy,1,9000,,${id}`);
    const table = await tableOf(...texts);
    expect(table.fills.map(({ orderId }) => orderId)).toEqual(ids);
    expect(table.assumptions).toEqual(note === null ? [] : [expect.stringContaining(note)]);
  });

  test.each<[string, bigint | null, number]>([
    ['', null, 0],
    ['0.00000001', 1n, 0],
    ['-0.5', -50_000_000n, 0],
    ['0.000000004', 0n, 1],
    ['0.000000005', 1n, 1],
    ['-0.000000005', -1n, 1],
  ])(
    'when a fee is %j then it is so many units, rounded half away from zero and counted',
    async (fee, units, rounded) => {
      const table = await tableOf(`2020-03-01T00:00:00Z,XBTUSD,buy,1,9000,${fee},`);
      const { fills, roundedFees } = resolveFills(table, new NamedContracts([MAIN]));
      expect([fills[0]!.fee, roundedFees]).toEqual([units, rounded]);
    },
  );

  it('when a price has more digits than any tick then it stays exact', async () => {
    const table = await tableOf('2020-03-01T00:00:00Z,XBTUSD,buy,1,9000.123456789012345678,,');
    expect(table.fills[0]!.price).toEqual({ num: 9000123456789012345678n, den: 10n ** 18n });
  });

  it('when there are no candles then each millisecond with fills is a bar at the last of them', async () => {
    const rows = ['0Z,XBTUSD,buy,1,9000', '0Z,XBTUSD,buy,1,9001', '1Z,ETHUSD,buy,1,200', '2Z,XBTUSD,sell,1,9002'];
    const { fills } = await tableOf(...rows.map((row) => `2020-03-01T00:00:0${row},,`));
    const series = createFillSeries('XBTUSD', fills);
    const bars: number[][] = [];
    for await (const { length, openTimeMs, open, close } of series.chunks) {
      for (let i = 0; i < length; i++) bars.push([openTimeMs[i]! - Date.UTC(2020, 2, 1), open[i]!, close[i]!]);
    }
    expect(bars).toEqual([
      [0, 9001, 9001],
      [2000, 9002, 9002],
    ]);
  });
});
