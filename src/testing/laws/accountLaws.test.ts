/**
 * Laws of an account, over every contract type, mode and preset: the balances are one identity, bills make the wallet,
 * closing at the mark costs only fees, equal and opposite positions cancel, and copies are independent.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TradingAccount } from '../../account/account.js';
import { computeCommissionReserve, computeInitialMargin, computeUnrealizedPnl } from '../../account/margin.js';
import { absolute } from '../../account/position.js';
import { computeValue, roundingLot } from '../../contract/payoff.js';
import { oppositeSide } from '../../contract/sides.js';
import { accountWith, d, fill } from './contracts.js';
import { allVenues, contracts, near, openedAccounts, venues } from './worlds.js';

const offs = fc.integer({ min: -300, max: 300 });
const RUNS = { numRuns: 400 };
const sum = (account: TradingAccount): bigint => account.takeBills().reduce((total, bill) => total + bill.amount, 0n);

describe('balances', () => {
  it('when any position is valued then margin balance = available + position margin + order margin, each by its own rule', () => {
    fc.assert(
      fc.property(
        openedAccounts(allVenues),
        offs,
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        ({ account, contract, base }, off, orderMargin) => {
          const mark = near(contract, base, off);
          const position = account.position(contract);
          const balances = account.balances(account.settings.currency.code, () => mark, orderMargin);
          const profit = computeUnrealizedPnl(account.rules, position, mark);
          const reserve = computeCommissionReserve(account.rules, position, account.takerFee(contract));
          const isCross = position.mode === 'cross';
          const withheld = account.rules.crossProfitUse === 'losses_only' && profit > 0n ? profit : 0n;
          // available by its own definition: cross equity less cross margin, reserve and orders
          const { valueRounding, crossInitialBasis } = account.rules;
          const value = computeValue(contract, valueRounding, absolute(position.qty), mark);
          const basis = crossInitialBasis === 'mark' ? value : position.cost;
          const init = isCross ? computeInitialMargin(contract, position.leverage, basis) + withheld : 0n;
          const crossEquity = account.crossWallet() + (isCross ? profit : 0n);
          expect(balances.available).toBe(crossEquity - init - reserve - orderMargin);
          expect(balances.marginBalance).toBe(account.wallet + profit);
          expect(balances.available + balances.positionMargin + balances.orderMargin).toBe(balances.marginBalance);
          expect(
            balances.transferable >= 0n &&
              balances.transferable <= (account.crossWallet() > 0n ? account.crossWallet() : 0n),
          ).toBe(true);
        },
      ),
      RUNS,
    );
  });
});

describe('closing at the mark', () => {
  it('when everything is closed at the mark at once then the margin balance falls by the fee alone', () => {
    fc.assert(
      fc.property(openedAccounts(allVenues), offs, ({ account, contract, base, side }, off) => {
        const mark = near(contract, base, off);
        const before = account.balances(account.settings.currency.code, () => mark, 0n).marginBalance;
        const qty = absolute(account.position(contract).qty);
        const { fee, insurance } = fill(account, contract, oppositeSide(side), 'close', qty, mark, '0.00055');
        expect(account.wallet).toBe(before - fee + insurance);
        expect(account.balances(account.settings.currency.code, () => mark, 0n).marginBalance).toBe(account.wallet);
        expect(account.wallet >= 0n).toBe(true);
      }),
      RUNS,
    );
  });

  it('when it is closed in parts then rounding moves a unit a part at most, nothing where values go by the piece', () => {
    fc.assert(
      fc.property(
        openedAccounts(),
        offs,
        fc.array(fc.bigInt({ min: 1n, max: 300n }), { maxLength: 4 }),
        ({ account, contract, base, side }, off, parts) => {
          const mark = near(contract, base, off);
          const before = account.balances(account.settings.currency.code, () => mark, 0n).marginBalance;
          const position = account.position(contract);
          let [fees, insurance, count] = [0n, 0n, 0n];
          for (const lots of [...parts, 10n ** 9n]) {
            const held = absolute(position.qty);
            const qty = lots * contract.minQty < held ? lots * contract.minQty : held;
            if (qty === 0n) continue;
            const result = fill(account, contract, oppositeSide(side), 'close', qty, mark, '0.00055');
            fees += result.fee;
            insurance += result.insurance;
            count += 1n;
          }
          const off2 = account.wallet - (before - fees + insurance);
          const isPiecewise = roundingLot(contract, account.rules.valueRounding) !== null;
          expect(absolute(off2) <= (isPiecewise ? 0n : count)).toBe(true);
          expect([position.qty, position.cost, position.margin]).toEqual([0n, 0n, 0n]);
        },
      ),
      RUNS,
    );
  });
});

describe('bills', () => {
  it('when anything happens to an account then its bills add up to the change of its wallet, and of its isolated margin', () => {
    fc.assert(
      fc.property(
        openedAccounts(),
        offs,
        fc.integer({ min: -50, max: 50 }),
        fc.boolean(),
        ({ account, contract, base, side }, off, rate, isTakeOver) => {
          const before = account.wallet;
          const margin = account.position(contract).margin;
          const mark = near(contract, base, off);
          account.applyFunding(contract, 5, { num: BigInt(rate), den: 10_000n }, mark);
          const qty = absolute(account.position(contract).qty);
          if (isTakeOver) account.applyTakeOver(contract, 6, mark);
          else fill(account, contract, oppositeSide(side), 'close', qty, mark, '0.00055');
          const bills = account.takeBills();
          expect(bills.reduce((total, bill) => total + bill.amount, before)).toBe(account.wallet);
          expect(bills.reduce((total, bill) => total + bill.isolatedDelta, margin)).toBe(0n);
          expect(bills.every((bill) => bill.amount !== 0n || bill.isolatedDelta !== 0n)).toBe(true);
          if (bills.length > 0) expect(bills.at(-1)!.balanceAfter).toBe(account.wallet);
        },
      ),
      RUNS,
    );
  });
});

describe('symmetry', () => {
  const lots = fc.bigInt({ min: 1n, max: 1000n });

  it('when a long and a short of equal size come from one price then their profits and funding add up to 0', () => {
    fc.assert(
      fc.property(
        contracts,
        venues,
        fc.bigInt({ min: 2_000n, max: 2_000_000n }),
        lots,
        offs,
        fc.integer({ min: -500, max: 500 }),
        (contract, venue, base, size, off, rate) => {
          const pair = (['buy', 'sell'] as const).map((side) => {
            const account = accountWith(venue, 'cross', '10', 10n ** 18n, contract.settle);
            fill(account, contract, side, 'open', size * contract.minQty, near(contract, base, 0));
            return account;
          });
          const mark = near(contract, base, off);
          const both = (of: (account: TradingAccount) => bigint): bigint =>
            pair.reduce((total, account) => total + of(account), 0n);
          expect(
            both((account) => account.balances(account.settings.currency.code, () => mark, 0n).unrealizedPnl),
          ).toBe(0n);
          expect(both((account) => account.applyFunding(contract, 5, { num: BigInt(rate), den: 100_000n }, mark))).toBe(
            0n,
          );
        },
      ),
      RUNS,
    );
  });

  it('when a fill is split at one price then quantity is equal and the cost within a unit a part', () => {
    fc.assert(
      fc.property(
        contracts,
        venues,
        fc.bigInt({ min: 2_000n, max: 2_000_000n }),
        fc.array(lots, { minLength: 2, maxLength: 6 }),
        (contract, venue, base, parts) => {
          const price = near(contract, base, 0);
          const [whole, split] = [0, 1].map(() => accountWith(venue, 'isolated', '7.5', 10n ** 18n, contract.settle));
          const total = parts.reduce((a, b) => a + b, 0n);
          fill(whole!, contract, 'buy', 'open', total * contract.minQty, price);
          for (const part of parts) fill(split!, contract, 'buy', 'open', part * contract.minQty, price);
          const [a, b] = [whole!.position(contract), split!.position(contract)];
          expect(b.qty).toBe(a.qty);
          const off = absolute(b.cost - a.cost);
          const isPiecewise = roundingLot(contract, whole!.rules.valueRounding) !== null;
          expect(off <= (isPiecewise ? 0n : BigInt(parts.length))).toBe(true);
          const isLedger = whole!.rules.liquidationRule === 'bitmex_ledger';
          expect(absolute(b.margin - a.margin) <= (isLedger ? 0n : 2n * BigInt(parts.length))).toBe(true);
        },
      ),
      RUNS,
    );
  });
});

describe('copies', () => {
  it('when a copy is settled another way then the account is untouched, and the same way ends the same', () => {
    fc.assert(
      fc.property(openedAccounts(allVenues), offs, ({ account, contract, base, side }, off) => {
        const mark = near(contract, base, off);
        const before = { ...account.position(contract) };
        const wallet = account.wallet;
        const settle = (which: TradingAccount): void => {
          which.applyFunding(contract, 5, d('0.001'), mark);
          fill(which, contract, side, 'open', contract.minQty, mark, '0.00055');
          which.applyTakeOver(contract, 7, mark);
          fill(which, contract, oppositeSide(side), 'open', contract.minQty, mark, '0.00055');
        };
        const copy = account.clone();
        settle(copy);
        expect(account.position(contract)).toEqual(before);
        expect([account.wallet, sum(account)]).toEqual([wallet, 0n]);
        settle(account);
        expect(account.position(contract)).toEqual(copy.position(contract));
        expect(account.wallet).toBe(copy.wallet);
        expect(account.takeBills()).toEqual(copy.takeBills());
      }),
      RUNS,
    );
  });
});
