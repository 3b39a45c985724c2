/**
 * Worked examples of sizes by value over wallet, of leverage with an order, of the questions for a size, and of calls on all
 * accounts: the numbers of settlement text §9.4. Each is settled by both engines, which must write the same rows.
 */

import { describe, expect, it, test } from '@jest/globals';
import { compareEngines } from '../simulator/compareEngines.js';
import { type ReferenceRun, referenceRunOf } from '../simulator/referenceRun.js';
import {
  ALL_ACCOUNTS,
  type OrderCall,
  type SizedCall,
  type World,
  type WorldAccount,
  type WorldCall,
} from '../simulator/world.js';
import { accountOf, HOUR_MS, INVERSE, LINEAR, order, type Played, START_MS, worldOf } from './workedWorlds.js';

async function settled(world: World): Promise<ReferenceRun> {
  expect(await compareEngines(world)).toBeNull();
  return referenceRunOf(world);
}

const LINEAR_OWNER: WorldAccount = { ...accountOf('generic', LINEAR, '100000000000'), mode: 'isolated' };
const onLinear = (
  bars: readonly string[],
  calls: readonly WorldCall[],
  account = LINEAR_OWNER,
): Promise<ReferenceRun> => settled(worldOf({ SIM: { contract: LINEAR, bars } }, account, calls));

const sized = (
  bar: number,
  call: SizedCall['call'],
  size: SizedCall['size'],
  part: Partial<SizedCall> = {},
): SizedCall => ({
  at: START_MS + bar * HOUR_MS,
  account: 'main',
  call,
  symbol: 'SIM',
  key: bar + 1,
  side: 'long',
  size,
  options: {},
  ...part,
});
const answersOf = (run: ReferenceRun): string[] => run.calls.map((call) => call.split(' ').slice(2, 6).join(' '));

describe('size by value over wallet', () => {
  test.each([
    ['1000000000', 40_000n],
    ['100000000', 4000n],
    ['10000000', 400n],
  ])('when %s satoshi open once their worth at 4,000 then it is %s contracts', async (balance, qty) => {
    const played: Played = { contract: INVERSE, bars: ['3900', '4000'] };
    const run = await settled(
      worldOf({ SIM: played }, accountOf('generic', INVERSE, balance), [sized(0, 'longOpenPob', { pob: '1' })]),
    );
    expect(run.trades).toMatchObject([{ price: 4000, qty }]);
  });

  it('when a short of twice the wallet meets a long of 5 then it closes that first', async () => {
    const calls = [order(0, 'longOpen', 'SIM', '5'), sized(1, 'shortOpenPob', { pob: '2' })];
    const run = await onLinear(['100', '100', '100'], calls);
    expect(run.trades.map(({ positionEffect, qty }) => [positionEffect, qty])).toEqual([
      ['open', 5000n],
      ['close', 5000n],
      ['open', 15_000n],
    ]);
  });

  it('when it is below the least quantity then it is rejected at its fill', async () => {
    const contract = { ...LINEAR, minQty: '100000' };
    const run = await settled(
      worldOf({ SIM: { contract, bars: ['100', '100'] } }, LINEAR_OWNER, [sized(0, 'longOpenPob', { pob: '9' })]),
    );
    expect(run.orders[0]).toMatchObject({ status: 'rejected', code: 400, reason: 'qty_below_min' });
  });

  it('when eleven times the wallet is asked for at leverage 10 then it is rejected whole', async () => {
    const run = await onLinear(['100', '100'], [sized(0, 'longOpenPob', { pob: '11' })]);
    expect(run.orders[0]).toMatchObject({ status: 'rejected', code: 70004, reason: 'insufficient_margin' });
  });
});

describe('size by two of three', () => {
  test.each([
    // two of three, value of the fill in USDT, leverage afterwards
    [{ leverage: '5', map: '0.2' }, 1000, 5],
    [{ pob: '2', map: '0.1' }, 2000, 20],
    [{ pob: '1', leverage: '10' }, 1000, 10],
    [{ pob: '1', leverage: '4', map: '0.25' }, 1000, 4],
  ])('when 1,000 open %j then it is worth %s at leverage %s', async (size, worth, leverage) => {
    const run = await onLinear(['100', '100'], [sized(0, 'openFixed', size)]);
    expect(run.trades[0]!.amount).toBe(BigInt(worth) * 100_000_000n);
    const { leverage: held } = run.positions[0]!;
    expect(Number(held!.num) / Number(held!.den)).toBe(leverage);
  });

  test.each([
    [{ pob: '1' }, 400, 'two_of_three_needed'],
    [{}, 400, 'two_of_three_needed'],
    [{ pob: '1', leverage: '10', map: '0.2' }, 400, 'fixed_inconsistent'],
    [{ pob: '0', leverage: '10' }, 400, 'qty_not_positive'],
    [{ leverage: '2', map: '1.01' }, 70004, 'insufficient_margin'],
    [{ leverage: '200', map: '0.1' }, 70003, 'leverage_above_max'],
    [null, 400, 'no_selection'],
  ])('when %j is asked for then it is refused: %s %s', async (size, code, reason) => {
    expect((await onLinear(['100'], [sized(0, 'openFixed', size)])).orders[0]).toMatchObject({ code, reason });
  });

  it('when the symbol is cross then it is refused', async () => {
    const run = await onLinear(['100'], [sized(0, 'openFixed', { pob: '1', map: '0.5' })], {
      ...LINEAR_OWNER,
      mode: 'cross',
    });
    expect(run.orders[0]).toMatchObject({ code: 70001, reason: 'not_isolated' });
  });

  it('when no size is given then the last accepted one counts, and one by value alone does not serve two of three', async () => {
    const run = await onLinear(
      ['100', '100', '100', '100', '100'],
      [
        sized(0, 'openFixed', { leverage: '5', map: '0.1' }),
        sized(1, 'openFixed', { pob: '900', map: '0.1' }),
        sized(1, 'longOpenPob', null, { key: 20 }),
        sized(2, 'longOpenPob', { pob: '0.3' }),
        sized(3, 'openFixed', null),
      ],
    );
    expect(run.trades.map(({ qty }) => qty)).toEqual([5000n, 5000n, 3000n]);
    expect(run.orders.map(({ reason }) => reason)).toEqual([null, 'leverage_above_max', null, null, 'no_selection']);
  });
});

describe('leverage with an order', () => {
  const leveraged = (qty: string, leverage: string, call: OrderCall['call'] = 'longOpen'): OrderCall => ({
    ...order(0, call, 'SIM', qty),
    leverage,
  });

  it('when it is taken then the position has it', async () => {
    const run = await onLinear(['100', '100'], [leveraged('1', '20')]);
    expect(run.positions[0]).toMatchObject({ leverage: { num: 20n, den: 1n }, margin: 500_000_000n });
  });

  test.each([
    ['longOpen', '1', '126', 70003, 'leverage_above_max'],
    ['longOpen', '1', 'x', 400, 'bad_leverage'],
    ['longClose', '1', '5', 400, 'leverage_needs_opening_order'],
    ['longOpen', '51', '5', 70004, 'insufficient_margin'],
  ] as const)(
    'when %s of %s at %s is refused then %s %s, and the leverage stays 10',
    async (call, qty, leverage, code, reason) => {
      const later = { ...order(0, 'longOpen', 'SIM', '1'), key: 7 };
      const run = await onLinear(['100', '100'], [leveraged(qty, leverage, call), later]);
      expect(run.orders[0]).toMatchObject({ status: 'rejected', code, reason });
      expect(run.positions[0]).toMatchObject({ leverage: { num: 10n, den: 1n } });
    },
  );
});

describe('questions for a size', () => {
  const ask = (call: 'safeSize' | 'riskSize', ...numbers: string[]): WorldCall => ({
    at: START_MS,
    account: 'main',
    call,
    symbol: 'SIM',
    numbers,
  });

  test.each([
    ['linear', '100000000000', ['safeSize', '40000', '0.2'], '0.05'],
    ['inverse', '50000000', ['safeSize', '40000', '0.2'], '40000'],
    ['linear', '100000000000', ['riskSize', '100', '98', '0.01'], '5'],
    ['linear', '100000000000', ['riskSize', '98', '100', '0.01'], '5'],
    ['linear', '100000000000', ['riskSize', '100', '100', '0.01'], '0'],
    ['linear', '100000000000', ['safeSize', '40000', '0.000003'], '0'],
  ] as const)(
    'when %s with %s is asked %j then the answer is %s',
    async (type, balance, [call, ...numbers], answer) => {
      const contract = type === 'linear' ? LINEAR : INVERSE;
      const world = worldOf({ SIM: { contract, bars: ['100'] } }, accountOf('generic', contract, balance), [
        ask(call, ...numbers),
      ]);
      expect(answersOf(await settled(world))[0]).toBe(`${call} answered ${answer}`);
    },
  );

  it('when fees of a thousandth come both ways then 10 are risked by 4.549', async () => {
    const contract = { ...LINEAR, takerFee: '0.001' };
    const calls = [ask('riskSize', '100', '98', '0.01')];
    const run = await settled(worldOf({ SIM: { contract, bars: ['100'] } }, LINEAR_OWNER, calls));
    expect(answersOf(run)[0]).toBe('riskSize answered 4.549');
  });

  it('when a number is none then the question throws', async () => {
    expect(answersOf(await onLinear(['100'], [ask('safeSize', '0', '0.2')]))[0]).toBe('safeSize threw bad_sizing');
  });
});

describe('all accounts at once', () => {
  it('when each opens half of what it has then the sizes are its own', async () => {
    const world = worldOf({ SIM: { contract: LINEAR, bars: ['100', '100'] } }, LINEAR_OWNER, [
      { ...order(0, 'longOpenPct', 'SIM', '0.5'), account: ALL_ACCOUNTS },
    ]);
    const other: WorldAccount = {
      ...LINEAR_OWNER,
      name: 'other',
      balances: [{ currency: 'USDT', amount: '20000000000' }],
    };
    const run = await settled({ ...world, accounts: [LINEAR_OWNER, other] });
    expect(run.trades.map(({ account, qty }) => [account, qty])).toEqual([
      ['main', 50_000n],
      ['other', 10_000n],
    ]);
  });
});
