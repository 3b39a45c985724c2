/**
 * Balances of a ledger by hand: the worked example, withheld profit, margins at the mark, spot beside, and what may be withdrawn.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import { type Balances, computeBalances, computeWithdrawable } from './balances.js';
import type { MarginMode } from './bills.js';
import { computeMaintenanceMargin } from './margin.js';
import { createPosition, type Position } from './position.js';

const XBT = 100_000_000n;
const bitmex = rulesOf('bitmex');
const generic = rulesOf('generic');
const TAKER = d('0.00075');

interface Held {
  contract?: Contract;
  qty?: bigint;
  cost?: bigint;
  margin?: bigint;
  mode?: MarginMode;
  leverage?: string;
}

function held({
  contract = XBTUSD,
  qty = 10_000n,
  cost = XBT,
  margin = 0n,
  mode = 'isolated',
  leverage = '10',
}: Held): Position {
  return { ...createPosition(contract, mode, d(leverage)), id: 1, qty, cost, margin };
}

describe('balances of the worked example', () => {
  // 1 XBT, 10,000 bought at 10,000 with 10×, taker 0.075 %, mark 10,500, a resting order of 0.05102041 XBT
  const wallet = 99_925_000n;
  const orderMargin = 5_102_041n;
  const at = (rules: typeof bitmex, mode: MarginMode, mark = '10500') => {
    const position = held({ contract: FLAT_INVERSE, mode, margin: mode === 'isolated' ? 10_000_000n : 0n });
    return computeBalances(rules, wallet, [{ position, takerFee: TAKER, mark: d(mark) }], orderMargin);
  };

  it('when the position is cross then its profit is available', () => {
    expect(at(generic, 'cross')).toEqual({
      wallet,
      unrealizedPnl: 4_761_905n,
      marginBalance: 104_686_905n,
      positionMargin: 10_000_000n,
      orderMargin,
      locked: 0n,
      available: 89_584_864n,
      crossWallet: 99_925_000n,
      transferable: 89_584_864n,
      crossUnrealizedPnl: 4_761_905n,
      crossInitial: 10_000_000n,
      crossValue: 95_238_095n,
    });
  });

  it('when it is isolated then its profit stays in its margin', () => {
    expect(at(generic, 'isolated')).toMatchObject({
      positionMargin: 14_761_905n,
      available: 84_822_959n,
      transferable: 84_822_959n,
    });
  });

  it('when the ledger reserves a commission then it is in the position margin and not available', () => {
    expect(at(bitmex, 'cross')).toMatchObject({ positionMargin: 10_082_500n, available: 89_500_459n });
    expect(at(bitmex, 'isolated')).toMatchObject({ positionMargin: 14_842_500n, available: 84_740_459n });
  });

  it('when profits are withheld then only losses of cross positions reach what is available', () => {
    expect(at(rulesOf('bitmex_2020'), 'cross')).toMatchObject({ positionMargin: 14_842_500n, available: 84_740_459n });
    // 10,000 contracts at 9,500 per contract: 10,000 · 10,526
    expect(at(rulesOf('bitmex_2020'), 'cross', '9500')).toMatchObject({
      unrealizedPnl: -5_260_000n,
      positionMargin: 10_082_500n,
      available: 79_480_459n,
    });
  });

  it('when profit makes more available than the cross wallet holds then only the wallet is transferable', () => {
    const balances = at(generic, 'cross', '20000');
    expect(balances.available).toBe(wallet + 50_000_000n - 10_000_000n - orderMargin);
    expect(balances.transferable).toBe(wallet);
  });

  it('when a loss eats everything then available is below zero and nothing is transferable', () => {
    const balances = at(generic, 'cross', '5000');
    expect(balances.available).toBe(wallet - XBT - 10_000_000n - orderMargin);
    expect(balances.transferable).toBe(0n);
  });

  it('when there is no position then all but the order margin is available', () => {
    const none = computeBalances(generic, 100n, [], 30n);
    expect(none).toMatchObject({ marginBalance: 100n, positionMargin: 0n, available: 70n, transferable: 70n });
  });

  it('when a linear position of BitMEX’s cross example has 50× then 400 is reserved, 200 maintained', () => {
    const contract = contractWith({
      min_qty: '1',
      tick_size: '0.05',
      initial_margin: '0.02',
      maintenance_margin: '0.01',
    });
    const position = held({ contract, qty: 20n, cost: 20_000n * XBT, mode: 'cross', leverage: '50' });
    const rules = { ...bitmex, feeReserve: 'open_close' } as const;
    const balances = computeBalances(rules, 10_000n * XBT, [{ position, takerFee: d('0'), mark: d('1000') }], 0n);
    expect(balances).toMatchObject({ positionMargin: 400n * XBT, available: 9_600n * XBT });
    expect(computeMaintenanceMargin(bitmex, position, 10_000n * XBT, d('1000'))).toBe(200n * XBT);
  });
});

describe('margin at the mark', () => {
  const rules = { ...generic, crossInitialBasis: 'mark' } as const;
  const tiers = {
    by: 'value',
    limit: null,
    tiers: [
      { floor: 0n, initial: d('0.1'), maintenance: d('0.01'), deduction: d('0') },
      { floor: 11_000n * XBT, initial: d('0.5'), maintenance: d('0.02'), deduction: d('0') },
    ],
  } as const;
  const position = held({
    contract: { ...BTCUSDT, tiers },
    qty: 1_000n,
    cost: 10_000n * XBT,
    mode: 'cross',
    leverage: '10',
  });
  const at = (mark: string): Balances =>
    computeBalances(rules, 20_000n * XBT, [{ position, takerFee: d('0'), mark: d(mark) }], 0n);

  test.each([
    ['9000', 900n],
    ['10000', 1_000n],
    ['10990', 1_099n],
    ['11000', 5_500n],
    ['11010', 5_505n],
  ])('when the venue margins cross positions at the mark and it is %s then %s, by the tier there', (mark, initial) => {
    expect(at(mark)).toMatchObject({ crossInitial: initial * XBT, positionMargin: initial * XBT });
    expect(at(mark).available + at(mark).positionMargin).toBe(at(mark).marginBalance);
  });

  it('when a hedge is held then both sides are margined, and a spot holding is none', () => {
    const long = held({ contract: BTCUSDT, qty: 2_000n, cost: 20_000n * XBT, mode: 'cross' });
    const short = held({ contract: BTCUSDT, qty: -1_000n, cost: 9_000n * XBT, mode: 'cross' });
    const spot = held({ contract: { ...BTCUSDT, type: 'spot' }, qty: 1_000n, cost: 1n, mode: 'cross' });
    const inputs = [long, short, spot].map((each) => ({ position: each, takerFee: d('0'), mark: d('9500') }));
    expect(computeBalances(generic, 10_000n * XBT, inputs, 0n)).toMatchObject({
      unrealizedPnl: -1_500n * XBT,
      crossInitial: 2_900n * XBT,
      crossValue: 28_500n * XBT,
      available: 5_600n * XBT,
    });
  });
});

describe('what spot orders lock', () => {
  it('when cash is locked then profit does not stand in for it in what may be spent', () => {
    // A long of 1 BTC from 10,000 at 12,000: 2,000 of profit, 1,000 of margin.
    const position = { ...createPosition(BTCUSDT, 'cross', d('10')), qty: 1_000n, cost: 10_000n * XBT };
    const input = { position, takerFee: d('0'), mark: d('12000') };
    const at = (orderMargin: bigint, locked: bigint) =>
      computeBalances(generic, 1_500n * XBT, [input], orderMargin * XBT, locked * XBT);
    expect(at(1_200n, 1_200n)).toMatchObject({
      orderMargin: 1_200n * XBT,
      locked: 1_200n * XBT,
      available: 1_300n * XBT,
      crossWallet: 1_500n * XBT,
      transferable: 300n * XBT,
    });
    expect(at(1_200n, 0n).transferable).toBe(1_300n * XBT);
    expect(at(2_400n, 100n).transferable).toBe(100n * XBT);
    expect(at(2_000n, 1_600n).transferable).toBe(0n);
  });
});

describe('what may be withdrawn', () => {
  const none = computeBalances(generic, 0n, [], 0n);
  const pacifica = { withdrawRule: 'pacifica' } as const;
  const withdrawable = (
    crossWallet: bigint,
    profit: bigint,
    crossValue: bigint,
    crossInitial: bigint,
    orderMargin = 0n,
    locked = 0n,
  ) =>
    computeWithdrawable(pacifica, {
      ...none,
      crossWallet,
      crossUnrealizedPnl: profit,
      crossValue,
      crossInitial,
      orderMargin,
      locked,
    });

  test.each<[string, bigint, bigint, bigint, bigint, bigint, bigint]>([
    ['Pacifica’s example', 1_000n, 500n, 12_000n, 575n, 0n, 300n],
    ['profit that is not cash', 200n, 3_000n, 10_000n, 0n, 0n, 200n],
    ['margin above a tenth', 1_000n, 500n, 12_000n, 1_201n, 0n, 299n],
    ['margin at a tenth', 1_000n, 500n, 12_000n, 1_200n, 0n, 300n],
    ['margin below a tenth', 1_000n, 500n, 12_000n, 1_199n, 0n, 300n],
    ['orders that count as margin', 1_000n, 500n, 12_000n, 575n, 700n, 225n],
    ['a tenth that is rounded up', 1_000n, 500n, 12_001n, 0n, 0n, 299n],
    ['a unit left', 1_000n, 201n, 12_000n, 0n, 0n, 1n],
    ['nothing left', 1_000n, 200n, 12_000n, 0n, 0n, 0n],
    ['less than nothing', 1_000n, 199n, 12_000n, 0n, 0n, 0n],
    ['a wallet below zero', -1n, 5_000n, 0n, 0n, 0n, 0n],
  ])('when it is %s then by Pacifica’s rule', (_, wallet, profit, value, initial, orders, wanted) => {
    expect(withdrawable(wallet, profit, value, initial, orders)).toBe(wanted);
  });

  test.each<[string, bigint, bigint, bigint, bigint, bigint, bigint]>([
    // Orders of 700, of which spot orders have locked 400: 600 + 500 − 1,200
    ['a tenth that leaves something', 1_000n, 500n, 11_000n, 700n, 400n, 0n],
    ['a tenth that leaves a unit', 1_000n, 500n, 10_990n, 700n, 400n, 1n],
    ['contract orders above a tenth', 1_000n, 500n, 2_990n, 700n, 400n, 600n],
    ['a unit less profit than they need', 1_000n, 299n, 2_990n, 700n, 400n, 599n],
    ['profit that is no cash', 1_000n, 9_000n, 0n, 400n, 400n, 600n],
  ])(
    'when spot orders have locked cash and it is %s then that never leaves',
    (_, wallet, profit, value, orders, locked, wanted) => {
      expect(withdrawable(wallet, profit, value, 0n, orders, locked)).toBe(wanted);
    },
  );

  test.each([
    [100n, 99n, 99n],
    [100n, 100n, 100n],
    [100n, 101n, 100n],
    [-1n, 0n, 0n],
  ])(
    'when %s are in the wallet and %s transferable then unrealised profit never leaves',
    (wallet, transferable, wanted) => {
      expect(computeWithdrawable({ withdrawRule: 'bitmex' }, { ...none, wallet, transferable })).toBe(wanted);
    },
  );
});
