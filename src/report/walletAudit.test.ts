/** One unit of difference between bills and wallets, at each of the places where it can stand. */

import { describe, expect, it } from '@jest/globals';
import { aBalance, aBill, anAccount, aRun, ETHUSDT } from './fixtures/records.js';
import { createWalletAudit } from './walletAudit.js';

describe('the report adds the bills again', () => {
  it('when the bills of each account and currency add up to its wallet then nothing happens', () => {
    const audit = createWalletAudit();
    audit.sink.bill(aBill({ amount: 10n, balanceAfter: 10n }));
    audit.sink.bill(aBill({ amount: 7n, balanceAfter: 7n, account: 'b', currency: ETHUSDT.settle }));
    audit.sink.bill(aBill({ amount: -3n, balanceAfter: 7n }));
    const accounts = [anAccount({ wallet: 7n }), anAccount({ account: 'b', currency: ETHUSDT.settle, wallet: 7n })];
    expect(() => audit.requireBalanced(aRun({ accounts }))).not.toThrow();
  });

  it.each([6n, 8n])('when the wallet is %p and the bills say 7 then the run is wrong', (wallet) => {
    const audit = createWalletAudit();
    audit.sink.bill(aBill({ amount: 7n, balanceAfter: 7n }));
    expect(() => audit.requireBalanced(aRun({ accounts: [anAccount({ wallet })] }))).toThrow(
      `the bills add up to 7, the wallet is ${wallet}`,
    );
  });

  it('when a bill does not continue the wallet then it is named', () => {
    const audit = createWalletAudit();
    audit.sink.bill(aBill({ amount: 7n, balanceAfter: 7n }));
    expect(() => audit.sink.bill(aBill({ id: 9, amount: 1n, balanceAfter: 9n }))).toThrow(
      'bill 9 of main: the bills add up to 8, balance_after is 9',
    );
  });

  it.each([{ available: 98_494_897n }, { wallet: 100_000_001n }])(
    'when a balance row is one unit off (%p) then the run is wrong',
    (given) => {
      const audit = createWalletAudit();
      expect(() => audit.sink.balance(aBalance())).not.toThrow();
      expect(() => audit.sink.balance(aBalance(given))).toThrow('balance of main');
    },
  );
});
