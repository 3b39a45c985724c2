/**
 * Worked examples of stop-limits, orders that may not wait, trailing stops, stops after the fact and changes, by hand. Each is
 * settled by both engines, which must write the same rows. Sizes are workedSizes.test.ts.
 */

import { describe, expect, it, test } from '@jest/globals';
import { compareEngines } from '../simulator/compareEngines.js';
import { type ReferenceRun, referenceRunOf } from '../simulator/referenceRun.js';
import type { ModifyCall, OrderCall, StopCall, StopCallName, World, WorldCall } from '../simulator/world.js';
import { accountOf, HOUR_MS, INVERSE, LINEAR, order, PAIR, START_MS, worldOf } from './workedWorlds.js';

async function settled(world: World): Promise<ReferenceRun> {
  expect(await compareEngines(world)).toBeNull();
  return referenceRunOf(world);
}

/** On 1,000 USDT at leverage 10, without fees and slippage. */
const onLinear = (
  bars: readonly string[],
  calls: readonly WorldCall[],
  part: Partial<World> = {},
): Promise<ReferenceRun> =>
  settled({
    ...worldOf({ SIM: { contract: LINEAR, bars } }, accountOf('generic', LINEAR, '100000000000'), calls),
    ...part,
  });

const long = (bar: number, qty: string, part: Partial<OrderCall> = {}): OrderCall => ({
  ...order(bar, 'longOpen', 'SIM', qty),
  ...part,
});
const stopOf = (bar: number, of: number, call: StopCallName, value: string, base: string | null = null): StopCall => ({
  at: START_MS + bar * HOUR_MS,
  account: 'main',
  call,
  of,
  child: 0,
  key: 100 + bar,
  value,
  base,
});
const change = (bar: number, key: number, changes: ModifyCall['changes'], child = 0): ModifyCall => ({
  at: START_MS + bar * HOUR_MS,
  account: 'main',
  call: 'modify',
  key,
  child,
  changes,
});

const fillsOf = (run: ReferenceRun): unknown[] => run.trades.map(({ price, liquidity }) => [price, liquidity]);
const endsOf = (run: ReferenceRun): unknown[] => run.orders.map(({ type, status, reason }) => [type, status, reason]);
const answersOf = (run: ReferenceRun): string[] => run.calls.map((call) => call.split(' ').slice(2, 6).join(' '));

describe('stop-limit', () => {
  test.each([
    // what, limit, bars after the call, fills
    ['the limit lies beyond the trigger', '106', ['100 107 100 107'], [[105, 'taker']]],
    ['the limit is the trigger', '105', ['100 107 100 107'], [[105, 'taker']]],
    ['the limit lies before the trigger', '104', ['100 110 100 103'], [[104, 'maker']]],
    ['the rest of the path does not come back', '104', ['100 110 100 105'], []],
    ['it comes back in a later bar', '104', ['100 110 100 105', '105 105 103 103'], [[104, 'maker']]],
    ['a later bar opens beyond its limit', '104', ['100 110 100 105', '102'], [[104, 'maker']]],
    ['the open has passed the trigger but not the limit', '106', ['105.5'], [[105.5, 'taker']]],
    ['the open has passed both', '106', ['108 109 107 107.5', '107 107 105 105'], [[106, 'maker']]],
    ['the limit was passed before the trigger was', '101', ['100 110 100 110'], []],
  ] as const)('when a buy at 105 waits and %s then it fills so', async (_what, price, bars, fills) => {
    const run = await onLinear(['100', ...bars], [long(0, '1', { price, trigger: '105' })]);
    expect(fillsOf(run)).toEqual(fills);
    expect(run.orders[0]).toMatchObject({ type: 'stop_limit', price: Number(price) });
  });

  it('when slippage would go beyond the limit then it takes at the limit', async () => {
    const slippage = { unit: 'ticks', amount: '10' } as const;
    const run = await onLinear(['100', '100 107 100 107'], [long(0, '1', { price: '105.5', trigger: '105' })], {
      slippage,
    });
    expect(fillsOf(run)).toEqual([[105.5, 'taker']]);
  });

  it('when its limit is not covered as it comes to rest then it ends there with 70004', async () => {
    const run = await onLinear(['100', '100 110 100 103'], [long(0, '97', { price: '104', trigger: '105' })]);
    expect(run.orders[0]).toMatchObject({ status: 'cancelled', code: 70004, reason: 'insufficient_margin' });
    expect(run.orders[0]!.endTimeMs).toBe(START_MS + HOUR_MS + Math.floor(HOUR_MS * (1 / 3 + 1 / 6)));
  });

  it('when half of 1,000 opens at a limit of 104 and leverage 10 then the trigger makes it 48.076', async () => {
    const call = { ...order(0, 'longOpenPct', 'SIM', '0.5', '104'), trigger: '105' };
    const run = await onLinear(['100', '100 110 100 105'], [call]);
    expect(run.orders[0]).toMatchObject({ qty: 48_076n, status: 'expired' });
  });

  it('when it may not wait and the price has passed its limit then it ends at its trigger', async () => {
    const call = long(0, '1', { price: '104', trigger: '105', timeInForce: 'fok' });
    expect(endsOf(await onLinear(['100', '100 110 100 103'], [call]))).toEqual([
      ['stop_limit', 'cancelled', 'not_filled_at_once'],
    ]);
  });

  it('when a pair is bought with it then it rests at its limit, and only then locks money', async () => {
    const call = { ...order(0, 'buy', 'SIM', '0.1', '9900'), trigger: '10000' };
    const account = accountOf('generic', PAIR, '100000');
    const world = worldOf({ SIM: { contract: PAIR, bars: ['9950', '9950 10010 9940 9960', '9960'] } }, account, [call]);
    const run = await settled({ ...world, balanceEvery: { bar: true, event: false, everyMs: [] } });
    // 990.00 and its taker fee of 0.99, of 1,000.00, until the order ends with the run.
    expect(run.balances.map(({ orderMargin }) => orderMargin)).toEqual([0n, 0n, 99_099n, 0n]);
  });
});

describe('an order that may not wait', () => {
  test.each([
    ['ioc', '98', [[98, 'taker']], ['limit', 'filled', null]],
    ['fok', '99 99 90 95', [[99, 'taker']], ['limit', 'filled', null]],
    ['ioc', '99.1 100 90 95', [], ['limit', 'cancelled', 'not_filled_at_once']],
  ])(
    'when a buy at 99 is %s and the bar is %s then it is settled at the open',
    async (timeInForce, bar, fills, end) => {
      const run = await onLinear(['100', bar], [long(0, '1', { price: '99', timeInForce })]);
      expect(fillsOf(run)).toEqual(fills);
      expect(endsOf(run)).toEqual([end]);
      expect(run.orders[0]!.endTimeMs).toBe(START_MS + HOUR_MS);
    },
  );
});

describe('trailing stop', () => {
  const distance = [{ name: 'trailing_stop', value: '5' }] as const;
  const share = [{ name: 'trailing_stop_pct', value: '0.05' }] as const;

  test.each([
    // style, bars after the one that fills at 100, price of the stop, of the fill, leg
    [distance, ['101 110 101 104'], 105, 105, 'leg3'],
    [distance, ['106 110 106 108', '103'], 105, 103, 'open'],
    [distance, ['106 110 106 108', '120 120 114 118'], 115, 115, 'leg1'],
    [distance, ['100 104 94 94'], 95, 95, 'leg1'],
    [share, ['101 110 101 104'], 104.5, 104.5, 'leg3'],
  ] as const)(
    'when a long at 100 is followed by %j over %j then it fires',
    async (orderStyle, bars, stop, price, path) => {
      const run = await onLinear(['100', '100', ...bars], [long(0, '1', { orderStyle })]);
      expect(run.stops).toMatchObject([{ stopPrice: stop, lossProfit: 'loss', rule: orderStyle[0].name, path }]);
      expect(run.trades[1]).toMatchObject({ price, reason: 'trailing_stop', positionEffect: 'close' });
      expect(run.orders[1]).toMatchObject({ type: 'trailing_stop', price: stop, status: 'filled' });
      expect(run.closed[0]).toMatchObject({ exitReason: 'trailing_stop' });
    },
  );

  it('when a short at 100 falls to 90 and rises then it fires at 95', async () => {
    const call = { ...order(0, 'shortOpen', 'SIM', '1'), orderStyle: distance };
    const run = await onLinear(['100', '100', '99 99 90 96'], [call]);
    expect(run.stops).toMatchObject([{ stopPrice: 95, path: 'leg3' }]);
  });

  it('when it goes by the mark then it fills at last of the same place', async () => {
    const bars = ['100', '100', '100 120 100 110'];
    const world = worldOf({ SIM: { contract: LINEAR, bars } }, accountOf('generic', LINEAR, '100000000000'), [
      long(0, '1', { orderStyle: distance, triggerBy: 'mark' }),
    ]);
    const [symbol] = world.symbols;
    const marks = [
      [100, 100, 100, 100],
      [100, 100, 100, 100],
      [100, 110, 100, 100],
    ] as const;
    const marked = { ...symbol!, bars: symbol!.bars.map((bar, i) => ({ ...bar, mark: marks[i]! })) };
    const run = await settled({ ...world, symbols: [marked] });
    expect(run.stops).toMatchObject([{ stopPrice: 105, trigger: 'mark', path: 'leg2' }]);
    expect(run.trades[1]!.price).toBe(110);
  });

  it('when it has followed to the end then its last level is shown, and none where it was never armed', async () => {
    const never = { ...long(0, '1', { price: '50', orderStyle: distance }), key: 9 };
    const run = await onLinear(['100', '100', '108 112.3 108 112'], [long(0, '1', { orderStyle: distance }), never]);
    expect(run.orders.map(({ price, status }) => [price, status])).toEqual([
      [null, 'filled'],
      [107.3, 'expired'],
      [50, 'expired'],
      [null, 'expired'],
    ]);
  });

  test.each([
    ['trailing_stop', '100', 'stop_price_not_positive'],
    ['trailing_stop', '99.9', null],
    ['trailing_stop_pct', '1', 'stop_price_not_positive'],
    ['trailing_stop_pct', '0', 'stop_value_not_positive'],
  ] as const)('when %s is %s at a price of 100 then the call comes to %s', async (name, value, reason) => {
    const run = await onLinear(['100', '100'], [long(0, '1', { orderStyle: [{ name, value }] })]);
    expect(run.orders[0]!.reason).toBe(reason);
  });
});

describe('percent stop of a base', () => {
  test.each([
    // contract, side, base, value, level: the examples of the settlement text, on the tick
    ['linear', 'shortOpen', 'roe', 10_130.2],
    ['inverse', 'shortOpen', 'roe', 10_132.5],
    ['linear', 'shortOpen', 'pnl', 11_477.6],
    ['inverse', 'shortOpen', 'pnl', 11_742],
    ['inverse', 'shortOpen', 'price', 11_477.5],
    ['inverse', 'longOpen', 'pnl', 8678.5],
  ] as const)('when %s %s at 9980.5 has 0.15 of %s then it stands at %s', async (type, call, base, level) => {
    const contract = type === 'linear' ? LINEAR : INVERSE;
    const orderStyle = [{ name: 'stop_loss_pct', value: '0.15', base }] as const;
    const calls = [{ ...order(0, call, 'SIM', '1'), orderStyle }];
    const account = accountOf('generic', contract, '10000000000000');
    const run = await settled(worldOf({ SIM: { contract, bars: ['9980.5', '9980.5'] } }, account, calls));
    expect(run.orders[1]!.price).toBe(level);
  });

  it('when leverage is 0 then roe is of the initial rate: half of 1 % below 100', async () => {
    const orderStyle = [{ name: 'stop_loss_pct', value: '0.5', base: 'roe' }] as const;
    const account = { ...accountOf('generic', LINEAR, '100000000000'), leverage: '0' };
    const run = await settled(
      worldOf({ SIM: { contract: LINEAR, bars: ['100', '100'] } }, account, [long(0, '1', { orderStyle })]),
    );
    expect(run.orders[1]!.price).toBe(99.5);
  });

  it.each([
    [{ name: 'stop_loss_pct', value: '0.1', base: 'equity' }, 'unknown_base'],
    [{ name: 'trailing_stop_pct', value: '0.1', base: 'price' }, 'base_needs_pct_style'],
  ])('when the style is %j then the call is refused: %s', async (style, reason) => {
    const orderStyle = [style] as unknown as OrderCall['orderStyle'];
    expect((await onLinear(['100'], [long(0, '1', { orderStyle })])).orders[0]).toMatchObject({ code: 400, reason });
  });
});

describe('stop after the fact', () => {
  it('when a filled long gets a loss stop in the place of the one it has then the new one fires', async () => {
    const orderStyle = [{ name: 'stop_loss', value: '90' }] as const;
    const calls = [long(0, '1', { orderStyle }), stopOf(1, 1, 'stopLoss', '97')];
    const run = await onLinear(['100', '100', '100 100 96 96'], calls);
    expect(endsOf(run)).toEqual([
      ['market', 'filled', null],
      ['stop', 'cancelled', 'replaced'],
      ['stop', 'filled', null],
    ]);
    expect(run.trades[1]).toMatchObject({ price: 97, reason: 'stop_loss' });
  });

  it('when it is a percent then it is of the fill, and its side is judged by the last close', async () => {
    const calls = [long(0, '1'), stopOf(1, 1, 'stopLossPct', '0.02'), stopOf(2, 1, 'stopLossPct', '0.02')];
    const run = await onLinear(['100', '100', '99 99 97 97.5'], calls);
    expect(run.orders[1]).toMatchObject({ price: 98, status: 'filled' });
    expect(run.orders[2]).toMatchObject({ status: 'rejected', code: 400, reason: 'position_closed', parentId: 1 });
  });

  it('when it trails then its best price begins at the last close', async () => {
    const calls = [long(0, '1'), stopOf(1, 1, 'trailingStop', '5')];
    const run = await onLinear(['100', '100 108 100 107', '106 106 101 101'], calls);
    expect(run.stops).toMatchObject([{ stopPrice: 102, path: 'leg1' }]);
  });

  it('when the order still waits then the stop waits with it', async () => {
    const calls = [long(0, '1', { price: '98' }), stopOf(0, 1, 'stopProfit', '99')];
    const run = await onLinear(['100', '100 100 97 100'], calls);
    expect(run.trades.map(({ price }) => price)).toEqual([98, 99]);
  });

  test.each([
    ['stopLoss', 7, '90', 'unknown_order'],
    ['stopLoss', 1, '101', 'stop_wrong_side'],
    ['stopProfit', 1, '0', 'stop_value_not_positive'],
    ['trailingStopPct', 1, '1', 'stop_price_not_positive'],
  ] as const)('when %s is asked for order %s at %s then it is refused: %s', async (call, of, value, reason) => {
    const run = await onLinear(['100', '100', '100'], [long(0, '1'), stopOf(1, of, call, value)]);
    expect(run.orders[1]).toMatchObject({ status: 'rejected', code: 400, reason, qty: null, positionEffect: 'close' });
  });
});

describe('a changed order', () => {
  it('when a buy of 90 becomes one of 101 then it takes at the next open, at 100', async () => {
    const run = await onLinear(['100', '100', '100'], [long(0, '1', { price: '90' }), change(1, 1, { price: '101' })]);
    expect(fillsOf(run)).toEqual([[100, 'taker']]);
    expect(run.orders).toHaveLength(1);
    expect(run.orders[0]).toMatchObject({ id: 1, price: 101 });
  });

  it('when one that may only make would take then it stays as it was', async () => {
    const calls = [long(0, '1', { price: '90', postOnly: true }), change(0, 1, { price: '100' })];
    const run = await onLinear(['100', '100 100 90 95'], calls);
    expect(answersOf(run)[0]).toBe('modify rejected 400 post_only_would_take');
    expect(fillsOf(run)).toEqual([[90, 'maker']]);
  });

  test.each([
    // new quantity at 100, leverage 10, on 1,000, of which the old order has 900
    ['100', 'open'],
    ['100.01', 'rejected'],
  ])('when a limit of 90 becomes %s then it is %s: what it locked counts back', async (qty, status) => {
    const calls = [long(0, '90', { price: '100', postOnly: false }), change(0, 1, { qty })];
    const run = await onLinear(['100.1', '100.1'], calls);
    expect(answersOf(run)[0]).toMatch(new RegExp(`^modify ${status} `));
  });

  it('when a bracket stop moves from 95 to 98 then it fires there', async () => {
    const orderStyle = [{ name: 'stop_loss', value: '95' }] as const;
    const calls = [long(0, '1', { orderStyle }), change(1, 1, { trigger: '98' }, 1)];
    expect((await onLinear(['100', '100', '100 100 97 97'], calls)).stops).toMatchObject([{ stopPrice: 98 }]);
  });

  it('when the price passes a fixed stop that waits with it then the change is refused', async () => {
    const orderStyle = [{ name: 'stop_loss', value: '95' }] as const;
    const calls = [long(0, '1', { price: '98', orderStyle }), change(0, 1, { price: '94' })];
    expect(answersOf(await onLinear(['100'], calls))[0]).toBe('modify rejected 400 stop_wrong_side');
  });

  test.each([
    [{ trigger: '101' }, 'not_modifiable'],
    [{}, 'nothing_to_modify'],
    [{ tag: 'x' }, 'unknown_option'],
    [{ price: '-1' }, 'price_not_positive'],
    [{ qty: '0' }, 'qty_not_positive'],
  ])('when a limit is to be changed by %j then it is refused: %s', async (changes, reason) => {
    const run = await onLinear(['100'], [long(0, '1', { price: '90' }), change(0, 1, changes)]);
    expect(answersOf(run)[0]).toBe(`modify rejected 400 ${reason}`);
  });
});
