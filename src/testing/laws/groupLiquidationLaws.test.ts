/**
 * Laws of what liquidations cost, over accounts with several symbols, hedges and both margin modes, and every fill rule: bills
 * make the wallet, nobody loses more than stands behind a group, and a cross wallet ends at 0 or, at the market, above it.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TradingAccount } from '../../account/account.js';
import type { MarginMode } from '../../account/bills.js';
import { planPartialLiquidation, worsePrice } from '../../account/liquidationPlan.js';
import { computeGroupEquity, isGroupDue, type MarkOf } from '../../account/riskGroup.js';
import type { Contract } from '../../contract/contract.js';
import { oppositeSide, positionSideOf } from '../../contract/sides.js';
import type { VenueRules } from '../../venue/rules.js';
import { contractWith, d, fill, rulesOf } from './contracts.js';
import { near, priceAt } from './worlds.js';

const WHOLE = { settle_decimals: 2, min_qty: '1', tick_size: '0.5', settle_currency: 'USDT', liquidation_fee: '0.005' };
const tierOf = (floor: bigint, rate: string, deduction: bigint) => ({
  floor,
  initial: d('0.05'),
  maintenance: d(rate),
  deduction: { num: deduction, den: 1n },
});
const TIERS = {
  by: 'value',
  limit: null,
  tiers: [tierOf(0n, '0.01', 0n), tierOf(1_000_000n, '0.03', 20_000n), tierOf(5_000_000n, '0.04', 70_000n)],
} as const;
const CONTRACTS: readonly Contract[] = [
  { ...contractWith(WHOLE, 'AAA'), tiers: TIERS },
  { ...contractWith({ ...WHOLE, type: 'inverse', multiplier: '1000000' }, 'BBB'), tiers: TIERS },
  contractWith({ ...WHOLE, multiplier: '0.5' }, 'CCC'),
];
const BASE = 1_000n;

const positions = fc.array(
  fc.record({
    which: fc.nat({ max: 2 }),
    isLong: fc.boolean(),
    lots: fc.bigInt({ min: 1n, max: 400n }),
    off: fc.integer({ min: -200, max: 200 }),
  }),
  { minLength: 1, maxLength: 5 },
);

const world = fc.record({
  positions,
  mode: fc.constantFrom<MarginMode>('isolated', 'cross', 'cross'),
  fillRule: fc.constantFrom<VenueRules['liquidationFill']>('bankruptcy', 'mark', 'backstop'),
  hedgeMaintenance: fc.constantFrom<VenueRules['hedgeMaintenance']>('both', 'larger'),
  partialLiquidation: fc.constantFrom<VenueRules['partialLiquidation']>('none', 'one_tier', 'two_tiers_in_cross'),
  leverage: fc.constantFrom('2', '5', '20'),
  wallet: fc.bigInt({ min: 10_000n, max: 20_000_000n }),
  funding: fc.integer({ min: -40, max: 40 }),
  marks: fc.array(fc.integer({ min: -600, max: 900 }), { minLength: 3, maxLength: 3 }),
  gaps: fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 3, maxLength: 3 }),
});

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function opened(w: World): TradingAccount {
  const { fillRule: liquidationFill, hedgeMaintenance, partialLiquidation } = w;
  const rules: VenueRules = {
    ...rulesOf('generic'),
    tierModel: 'marginal',
    liquidationFill,
    hedgeMaintenance,
    partialLiquidation,
  };
  const account = new TradingAccount({
    name: 'main',
    currency: CONTRACTS[0]!.settle,
    rules,
    mode: w.mode,
    leverage: d(w.leverage),
    positionMode: 'hedged',
    takerFee: d('0.0006'),
  });
  account.deposit(w.wallet, 0, 'start');
  for (const { which, isLong, lots, off } of w.positions) {
    const contract = CONTRACTS[which]!;
    fill(
      account,
      contract,
      isLong ? 'buy' : 'sell',
      'open',
      lots,
      near(contract, BASE, off),
      '0',
      isLong ? 'long' : 'short',
    );
  }
  for (const position of account.openPositions()) {
    const { contract, slot } = position;
    account.applyFunding(contract, 1, { num: BigInt(w.funding), den: 1000n }, priceAt(contract, BASE), { slot });
  }
  account.takeBills();
  return account;
}

const pricesOf =
  (offs: readonly number[]): MarkOf =>
  (contract) =>
    near(contract, BASE, offs[CONTRACTS.findIndex(({ symbol }) => symbol === contract.symbol)]!);

describe('the liquidation of every group that is due', () => {
  it('when groups are liquidated then bills make the wallet and no group loses more than stands behind it', () => {
    const met = { bankruptcy: 0, mark: 0, backstop: 0 };
    fc.assert(
      fc.property(world, (w) => {
        const account = opened(w);
        const { code } = account.settings.currency;
        const markOf = pricesOf(w.marks);
        const lastOf = pricesOf(w.marks.map((mark, i) => mark + w.gaps[i]!));
        for (const { members } of account.riskGroups()) {
          const { position } = members[0]!;
          if (position.qty === 0n) continue;
          const group = account.riskGroupOf(position);
          if (!isGroupDue(group, markOf)) continue;
          met[w.fillRule] += 1;
          const [wallet, cross, margin] = [account.wallet, account.crossWallet(), position.margin];
          const results = account.applyLiquidation(group, 5, { markOf, lastOf });
          const bills = account.takeBills();
          expect(bills.reduce((sum, { amount }) => sum + amount, wallet)).toBe(account.wallet);
          expect(bills.reduce((sum, { isolatedDelta }) => sum + isolatedDelta, 0n)).toBe(
            group.mode === 'isolated' ? -margin : 0n,
          );
          const made = results.reduce((sum, each) => sum + each.realizedPnl - each.commission + each.insurance, 0n);
          expect(wallet + made).toBe(account.wallet);
          expect(results.map(({ contract, slot }) => `${contract.symbol}${slot}`)).toEqual(
            group.members.map(({ position: { contract, slot } }) => `${contract.symbol}${slot}`),
          );
          expect(results.every(({ qty, value }) => qty > 0n && value >= 0n)).toBe(true);
          if (group.mode === 'isolated') {
            // Never more than A: what is not assigned is untouched, and at bankruptcy nothing comes back.
            expect(account.crossWallet() >= cross).toBe(true);
            if (w.fillRule === 'bankruptcy') expect(account.crossWallet()).toBe(cross);
          } else {
            expect(account.crossWallet() >= 0n).toBe(true);
            if (w.fillRule === 'bankruptcy') expect(account.crossWallet()).toBe(0n);
          }
        }
        expect(account.crossWallet(code)).toBe(
          account.openPositions().reduce((left, { margin }) => left - margin, account.wallet),
        );
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(met.bankruptcy, met.mark, met.backstop)).toBeGreaterThan(100);
  });

  it('when the venue reduces first then the reduction is less than all, and ends', () => {
    let reduced = 0;
    fc.assert(
      fc.property(world, (w) => {
        // Near the entry and at high leverage, where a requirement is met before the equity is gone.
        const account = opened({ ...w, leverage: '20', wallet: w.wallet / 10n });
        const markOf = pricesOf(w.marks.map((mark) => Math.trunc(mark / 8)));
        for (const { members } of account.riskGroups()) {
          for (let round = 0; ; round += 1) {
            const { position } = members[0]!;
            const group = account.riskGroupOf(position);
            const plan = isGroupDue(group, markOf) ? planPartialLiquidation(group, markOf) : null;
            if (plan === null) break;
            reduced += 1;
            expect(round).toBeLessThan(20);
            expect(computeGroupEquity(group, markOf).num > 0n).toBe(true);
            const { contract, slot, qty } = plan.position;
            const held = qty < 0n ? -qty : qty;
            expect(plan.qty > 0n && plan.qty < held).toBe(true);
            const side = oppositeSide(positionSideOf(qty) === 'long' ? 'buy' : 'sell');
            const price = worsePrice(plan.position, markOf(contract), markOf(contract));
            fill(account, contract, side, 'close', plan.qty, price, '0.0006', slot);
          }
        }
      }),
      { numRuns: 1500 },
    );
    expect(reduced).toBeGreaterThan(100);
  });
});
