/**
 * Laws of what a wallet is, over accounts of every preset, payoff and mode: its bills make it, its balances are one identity, and
 * closing everything at the mark costs fees alone. Invariants 1, 2 and 3 of the settlement rules.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TradingAccount } from '../../account/account.js';
import { computeCommissionReserve, computeInitialMargin } from '../../account/margin.js';
import { absolute, profitSign } from '../../account/position.js';
import { isGroupDue } from '../../account/riskGroup.js';
import { computeValue } from '../../contract/payoff.js';
import { closeWhole, type Holding, heldBy, holdings, marksOf, offsWithin, trade } from './holdings.js';

const RUNS = { numRuns: 600 };
const assigned = (account: TradingAccount): bigint => heldBy(account).reduce((sum, { margin }) => sum + margin, 0n);
const { code } = { code: 'XBT' };

const events = fc.array(
  fc.record({
    kind: fc.constantFrom('funding', 'trade', 'deposit', 'auto_margin', 'leverage', 'liquidation'),
    which: fc.nat({ max: 2 }),
    isLong: fc.boolean(),
    amount: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    rate: fc.integer({ min: -60, max: 60 }),
    offs: offsWithin(120),
  }),
  { minLength: 1, maxLength: 8 },
);
type Event = typeof events extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

/** Lets something happen to the account, whatever it is able to bear. */
function happen(holding: Holding, { kind, which, isLong, amount, rate, offs }: Event): void {
  const { account, contracts } = holding;
  const contract = contracts[which]!;
  const markOf = marksOf(holding, offs);
  const [mark, held] = [markOf(contract), heldBy(account)];
  if (kind === 'deposit') account.deposit(amount, 5, 'more');
  if (kind === 'trade') trade(account, contract, { isLong, isClose: rate > 0, qty: amount % 500n, price: mark });
  if (kind === 'liquidation') {
    for (const { members } of account.riskGroups()) {
      const group = account.riskGroupOf(members[0]!.position);
      if (isGroupDue(group, markOf))
        account.applyLiquidation(group, 6, { markOf, lastOf: marksOf(holding, [0, 0, 0]) });
    }
  }
  for (const position of held) {
    const { slot, mode } = position;
    if (position.qty === 0n) continue;
    if (kind === 'funding') {
      const options = { slot, transferable: amount };
      account.applyFunding(
        position.contract,
        7,
        { num: BigInt(rate), den: 10_000n },
        markOf(position.contract),
        options,
      );
    }
    if (kind === 'auto_margin' && mode === 'isolated') account.applyAutoMargin(position, 8, amount);
    if (kind === 'leverage' && mode === 'isolated') {
      const moved = { mode, leverage: position.leverage, margin: amount, added: 0n };
      account.applyMove(position.contract, 9, moved, 'leverage_change', 'by hand', slot);
    }
  }
}

describe('invariant 1: the wallet is the sum of its bills', () => {
  it('when anything happens to an account then bills make its wallet, and their isolated parts the margins assigned', () => {
    const types = new Map<string, number>();
    fc.assert(
      fc.property(holdings(), events, (holding, all) => {
        const { account } = holding;
        let [wallet, margin] = [account.wallet, assigned(account)];
        for (const event of all) {
          happen(holding, event);
          for (const bill of account.takeBills()) {
            wallet += bill.amount;
            margin += bill.isolatedDelta;
            expect(bill.balanceAfter).toBe(wallet);
            types.set(bill.type, (types.get(bill.type) ?? 0) + 1);
          }
          expect([account.wallet, assigned(account)]).toEqual([wallet, margin]);
        }
      }),
      RUNS,
    );
    for (const type of ['fee', 'funding', 'realized_pnl', 'liquidation', 'insurance', 'auto_margin', 'deposit']) {
      expect([type, (types.get(type) ?? 0) > 10]).toEqual([type, true]);
    }
  });
});

describe('invariant 2: the balances are one identity', () => {
  it('when positions of any kind are valued then each balance is what its rule says, and they add up', () => {
    fc.assert(
      fc.property(
        holdings(),
        offsWithin(300),
        fc.bigInt({ min: 0n, max: 10n ** 10n }),
        (holding, offs, orderMargin) => {
          const { account } = holding;
          const { rules } = account;
          const markOf = marksOf(holding, offs);
          const balances = account.balances(code, markOf, orderMargin);
          let [unrealized, available, crossWallet] = [0n, account.wallet - orderMargin, account.wallet];
          for (const position of heldBy(account)) {
            const { contract, mode, leverage, cost, margin } = position;
            const value = computeValue(contract, rules.valueRounding, absolute(position.qty), markOf(contract));
            const profit = profitSign(position) * (value - cost);
            const reserve = computeCommissionReserve(rules, position, account.takerFee(contract));
            unrealized += profit;
            available -= reserve;
            if (mode === 'isolated') {
              available -= margin;
              crossWallet -= margin + reserve;
            } else {
              const basis = rules.crossInitialBasis === 'mark' ? value : cost;
              const isWithheld = rules.crossProfitUse === 'losses_only' && profit > 0n;
              available += (isWithheld ? 0n : profit) - computeInitialMargin(contract, leverage, basis);
            }
          }
          expect(balances.unrealizedPnl).toBe(unrealized);
          expect(balances.marginBalance).toBe(account.wallet + unrealized);
          expect(balances.available).toBe(available);
          expect(balances.available + balances.positionMargin + balances.orderMargin).toBe(balances.marginBalance);
          const least = available < crossWallet ? available : crossWallet;
          expect(balances.transferable).toBe(least > 0n ? least : 0n);
        },
      ),
      RUNS,
    );
  });
});

describe('invariant 3: closing everything at the mark', () => {
  it('when all positions are closed at their marks then the margin balance falls by the fees alone', () => {
    fc.assert(
      fc.property(holdings(), offsWithin(300), (holding, offs) => {
        const { account } = holding;
        const markOf = marksOf(holding, offs);
        let left = account.balances(code, markOf, 0n).marginBalance;
        for (const position of heldBy(account)) {
          const { fee, insurance } = closeWhole(account, position, markOf(position.contract));
          left += insurance - fee;
          expect(account.balances(code, markOf, 0n).marginBalance).toBe(left);
        }
        expect(account.wallet).toBe(left);
        expect([heldBy(account).length, assigned(account), account.wallet >= 0n]).toEqual([0, 0n, true]);
      }),
      RUNS,
    );
  });
});
