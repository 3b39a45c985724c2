/** Tables of orders read into calls: every kind of cell once as it should be; what is wrong with cells is in cli/replay.test.ts. */

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { loadOrderTable } from './orderTable.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orders-')));
afterAll(() => rmSync(folder, { recursive: true }));

const REQUIRED = 'time,symbol,side,position_effect,qty';
const START = '2020-03-01T00:00:00Z,XBTUSD,buy,open,10';

async function ordersOf(text: string): ReturnType<typeof loadOrderTable> {
  const path = join(folder, 'orders.csv');
  writeFileSync(path, text);
  return loadOrderTable(path);
}

describe('a row of orders', () => {
  test.each<[string, string, object]>([
    ['nothing else', '', { price: null, options: {} }],
    ['a price', 'price=9000.50', { price: '9000.50', options: {} }],
    ['a trigger', 'trigger=9100', { price: null, options: { trigger: '9100' } }],
    ['a price and a trigger', 'price=9000,trigger=9100', { price: '9000', options: { trigger: '9100' } }],
    ['a type that its prices fit', 'type=stop_limit,price=9,trigger=8', { price: '9', options: { trigger: '8' } }],
    [
      'two styles, the second with a base',
      'order_style=stop_loss|stop_profit_pct,order_style_value=8000|0.1,order_style_base=|roe',
      {
        options: {
          orderStyle: [
            { name: 'stop_loss', value: '8000' },
            { name: 'stop_profit_pct', value: '0.1', base: 'roe' },
          ],
        },
      },
    ],
    [
      'a trailing stop',
      'order_style=trailing_stop,order_style_value=50',
      { options: { orderStyle: [{ value: '50' }] } },
    ],
    ['reduce only', 'reduce_only=TRUE', { options: { reduceOnly: true } }],
    ['not reduce only', 'reduce_only=0', { options: {} }],
    ['a leverage of 0', 'leverage=0', { options: { leverage: '0' } }],
    ['a tag and an account', 'tag=first one,account=b', { account: 'b', options: { tag: 'first one' } }],
  ])('when it has %s then the call has it', async (_what, cells, expected) => {
    const pairs = cells === '' ? [] : cells.split(',').map((cell) => cell.split('='));
    const header = [REQUIRED, ...pairs.map(([name]) => name)].join(',');
    const { orders } = await ordersOf(`${header}\n${[START, ...pairs.map(([, value]) => value)].join(',')}\n`);
    expect(orders).toMatchObject([{ symbol: 'XBTUSD', side: 'buy', effect: 'open', qty: '10', ...expected }]);
  });

  test.each([
    ['2020-03-01T00:00:00Z', false],
    ['2020-03-01 00:00:00', true],
    ['1583020800', false],
    ['1583020800000', false],
  ])('when its time is %s then it is midnight of March 1, UTC', async (time, isZoneless) => {
    const { orders, table } = await ordersOf(`${REQUIRED}\n${time},XBTUSD,buy,open,10\n`);
    expect(orders[0]!.timeMs).toBe(Date.UTC(2020, 2, 1));
    expect(table.hasZonelessTimes).toBe(isZoneless);
  });

  it('when the header is in capitals, in another order and after a mark of byte order then it is read all the same', async () => {
    const { orders } = await ordersOf(`\uFEFFQty,Side,Symbol,Position_Effect,TIME\r\n1,Buy,XBTUSD,OPEN,2020-03-01\r\n`);
    expect(orders).toMatchObject([{ qty: '1', side: 'buy', symbol: 'XBTUSD', effect: 'open' }]);
  });
});
