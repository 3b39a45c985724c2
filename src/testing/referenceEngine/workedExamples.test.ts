/**
 * The worked examples of the settlement text, each through a run of the reference engine: liquidation prices, tiers, a hedged
 * pair, two cross symbols, balances and the automatic margin call. The engine that judges must itself be right.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { PositionRecord } from '../../engine/records.js';
import { type ReferenceRun, referenceRunOf } from '../simulator/referenceRun.js';
import type { WorldAccount, WorldCall } from '../simulator/world.js';
import { accountOf, HOUR_MS, INVERSE, LINEAR, order, QUANTO, START_MS, worldOf } from './workedWorlds.js';

const priceOf = (run: ReferenceRun, side: PositionRecord['side'] = 'long'): number | null | undefined =>
  run.positions.find((row) => row.side === side)?.liquidationPrice;

describe('a single position', () => {
  test.each([
    // venue, side, leverage, taker fee, liquidation price on the tick toward the entry
    ['generic', 'longOpen', '2', '0', 6700],
    ['generic', 'longOpen', '10', '0', 9136.5],
    ['generic', 'longOpen', '100', '0', 9950.5],
    ['generic', 'shortOpen', '2', '0', 19_900],
    ['generic', 'shortOpen', '10', '0', 11_055.5],
    ['generic', 'shortOpen', '1', '0', null],
    ['bybit', 'longOpen', '10', '0', 9132.5],
    ['bybit', 'shortOpen', '10', '0', 11_049.5],
    ['okx', 'longOpen', '10', '0.00075', 9143.5],
  ] as const)(
    'when %s has 10,000 inverse at 10,000, %s, %s×, fee %s, then it is liquidated at %s',
    async (preset, call, leverage, takerFee, price) => {
      const account: WorldAccount = { ...accountOf(preset, INVERSE, '200000000'), mode: 'isolated', leverage };
      const contract = { ...INVERSE, takerFee, initialMargin: '0.008' };
      const run = await referenceRunOf(
        worldOf({ SIM: { contract, bars: ['10000', '10000'] } }, account, [order(0, call, 'SIM', '10000')]),
      );
      expect(priceOf(run, call === 'longOpen' ? 'long' : 'short')).toBe(price);
    },
  );

  it('when the BitMEX ledger holds 20 at 1,000 on 10,000 then it is liquidated at 510 and bankrupt at 500', async () => {
    const contract = { ...LINEAR, maintenanceMargin: '0.01', tick: '1', qtyDecimals: 0, settleDecimals: 8 };
    const account = accountOf('bitmex', contract, '1000000000000');
    const run = await referenceRunOf(
      worldOf({ SIM: { contract, bars: ['1000', '1000'] } }, account, [order(0, 'longOpen', 'SIM', '20')]),
    );
    expect(run.positions[0]).toMatchObject({ liquidationPrice: 510, bankruptcyPrice: 500 });
  });

  test.each([
    ['30', 37_049.6],
    ['26', 36_468.6],
  ])('when Binance tiers hold %s BTC at 40,000 on 100,000 then it is liquidated at %s', async (qty, price) => {
    const floors = ['0', '5000000000000', '25000000000000', '100000000000000', '1000000000000000'];
    const rates = ['0.004', '0.005', '0.01', '0.025', '0.05'];
    const rows = floors.map((floor, i) => ({ floor, initial: '0.05', maintenance: rates[i]! }));
    const contract = { ...LINEAR, tiers: { by: 'value', rows, limit: null } } as const;
    const account = { ...accountOf('binance_usdm', contract, '10000000000000'), leverage: '20' };
    const run = await referenceRunOf(
      worldOf({ SIM: { contract, bars: ['40000', '40000'] } }, account, [order(0, 'longOpen', 'SIM', qty)]),
    );
    expect(priceOf(run)).toBe(price);
  });
});

describe('several positions', () => {
  it('when long 2 at 10,000 and short 1 at 9,000 stand on 3,000 then both rows show 8,121.9', async () => {
    const account: WorldAccount = {
      ...accountOf('generic', LINEAR, '300000000000'),
      positionMode: 'hedged',
      leverage: '100',
    };
    const run = await referenceRunOf(
      worldOf({ SIM: { contract: LINEAR, bars: ['10000', '10000', '9000'] } }, account, [
        order(0, 'longOpen', 'SIM', '2'),
        order(1, 'shortOpen', 'SIM', '1'),
      ]),
    );
    expect(run.positions.map((row) => row.liquidationPrice)).toEqual([8121.9, 8121.9]);
  });

  it('when two cross symbols are due at 8,000 and 152 then they share what is left and the wallet ends at 0', async () => {
    const account = accountOf('generic', INVERSE, '100000000');
    const played = {
      A: { contract: INVERSE, bars: ['10000', '10000', '8000'] },
      B: { contract: QUANTO, bars: ['200', '200', '152'] },
    };
    const calls = [order(0, 'longOpen', 'A', '20000'), { ...order(0, 'longOpen', 'B', '10000'), key: 9 } as WorldCall];
    const run = await referenceRunOf(worldOf(played, account, calls));
    const taken = run.trades.filter(({ reason }) => reason === 'liquidation');
    expect(taken.map(({ price }) => price)).toEqual([7971, 150.9]);
    expect(taken.reduce((sum, { realizedPnl }) => sum + realizedPnl, 0n)).toBe(-100_000_000n);
    expect(run.outcome.accounts[0]).toMatchObject({ wallet: 0n, liquidations: 2 });
  });
});

describe('balances', () => {
  test.each([
    ['cross', '10000000', '89584864'],
    ['isolated', '14761905', '84822959'],
  ] as const)(
    'when a position and a buy stand, %s, then position margin is %s and available %s',
    async (mode, margin, available) => {
      const contract = { ...INVERSE, takerFee: '0.00075', initialMargin: '0.008' };
      const account: WorldAccount = { ...accountOf('bitget', contract, '100000000'), mode };
      const run = await referenceRunOf(
        worldOf({ SIM: { contract, bars: ['10000', '10000', '10500', '10500'] } }, account, [
          order(0, 'longOpen', 'SIM', '10000'),
          order(1, 'longOpen', 'SIM', '5000', '9800'),
          { at: START_MS + 2 * HOUR_MS, account: 'main', call: 'deposit', amount: '0.00000001', currency: null },
        ]),
      );
      const row = run.balances.find((each) => each.wallet === 99_925_001n)!;
      expect(row.positionMargin).toBe(BigInt(margin));
      // The unit that was paid in, and the rounding up of the order's margin.
      expect(row.available - BigInt(available)).toBeGreaterThanOrEqual(0n);
      expect(row.available - BigInt(available)).toBeLessThanOrEqual(1n);
    },
  );
});

describe('automatic margin', () => {
  it('when 5 BTC at 8,000 call for margin then 4,000 and the last 2,000 are added before the liquidation', async () => {
    const account: WorldAccount = {
      ...accountOf('bybit', LINEAR, '1000000000000'),
      mode: 'isolated',
      autoMargin: true,
    };
    const run = await referenceRunOf(
      worldOf({ SIM: { contract: LINEAR, bars: ['8000', '8000 8000 6039 6039'] } }, account, [
        order(0, 'longOpen', 'SIM', '5'),
      ]),
    );
    const called = run.bills.filter(({ type }) => type === 'auto_margin').map(({ isolatedDelta }) => isolatedDelta);
    expect(called).toEqual([400_000_000_000n, 200_000_000_000n]);
    expect(run.trades.map(({ price, reason }) => [price, reason])).toEqual([
      [8000, 'order'],
      [6000, 'liquidation'],
    ]);
  });
});
