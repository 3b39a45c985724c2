/**
 * The curves of many accounts, judged by those that sample every ledger at every close: the same drawdowns, and of all accounts
 * together but for the rounding of values.
 */

import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TradingAccount } from '../account/account.js';
import { contractWith, d, FLAT_INVERSE, fill, rulesOf } from '../testing/laws/contracts.js';
import { marketAt, move, standing } from '../testing/laws/steps.js';
import { runtimeOn } from './fixtures/runtimeOn.js';
import { LedgerCurves } from './ledgerCurves.js';
import type { LedgerTotals } from './ledgerTotals.js';
import { ManyCurves } from './manyCurves.js';
import type { Market } from './market.js';
import type { AccountInput } from './runInput.js';

const LINEAR = contractWith({ settle_currency: 'USD', quote_currency: 'USD', min_qty: '1', tick_size: '1' }, 'BTCLIN');
const RULES = rulesOf('generic');
const ACCOUNTS = 3;

/** What happens after a close: prices of both symbols, then perhaps a fill, or money that comes or goes. */
interface Step {
  readonly inverse: number;
  readonly linear: number;
  readonly account: number;
  readonly what: 'nothing' | 'fill' | 'cash';
  readonly qty: number;
  readonly isLinear: boolean;
}

const steps = fc.array(
  fc.record({
    inverse: fc.integer({ min: 5_000, max: 15_000 }),
    linear: fc.integer({ min: 5_000, max: 15_000 }),
    account: fc.nat(ACCOUNTS - 1),
    what: fc.constantFrom<Step['what']>('nothing', 'nothing', 'nothing', 'fill', 'cash'),
    qty: fc.integer({ min: -3_000, max: 3_000 }),
    isLinear: fc.boolean(),
  }),
  { minLength: 2, maxLength: 60 },
);

function accountsOf(market: Market) {
  const contracts = new Map(market.symbols.map(({ name, contracts: [contract] }) => [name, contract!]));
  const { settle } = FLAT_INVERSE;
  const inputs: AccountInput[] = Array.from({ length: ACCOUNTS }, (_, i) => ({
    name: `a${i}`,
    rules: RULES,
    contracts,
    balances: [{ currency: settle, amount: 10n ** 9n * BigInt(i + 1) }],
    mode: 'cross',
    positionMode: 'one_way',
    autoMargin: false,
    leverage: d('10'),
    modeIsExplicit: false,
    leverageIsExplicit: false,
  }));
  const runtimes = inputs.map(({ name, mode, leverage, balances }) => {
    const account = new TradingAccount({ name, rules: RULES, currency: settle, mode, leverage });
    account.deposit(balances[0]!.amount, 0, 'start', settle);
    account.takeBills();
    return runtimeOn(account, market);
  });
  return { inputs, runtimes };
}

it('when accounts trade, hold and move money then both ways find the same drawdowns', () => {
  let deep = 0;
  fc.assert(
    fc.property(steps, (all) => {
      const [first] = all;
      const at = ({ inverse, linear }: Step) => [
        { contract: FLAT_INVERSE, last: standing(inverse) },
        { contract: LINEAR, last: standing(linear) },
      ];
      const market = marketAt(at(first!));
      const { inputs, runtimes } = accountsOf(market);
      const [few, many] = [new LedgerCurves(inputs, market), new ManyCurves(inputs, market)];
      const deposited = runtimes.map(() => new Map<string, bigint>());
      for (const curves of [few, many]) curves.begin();
      all.forEach((step, time) => {
        move(market, at(step), time * 60_000);
        for (const curves of [few, many]) curves.sample(market);
        const { account, what, qty, isLinear } = step;
        const runtime = runtimes[account]!;
        const contract = isLinear ? LINEAR : FLAT_INVERSE;
        const { settle } = contract;
        if (what === 'nothing' || qty === 0) return;
        if (what === 'fill') {
          const position = runtime.account.position(contract);
          const side = position.qty === 0n ? (qty > 0 ? 'buy' : 'sell') : position.qty > 0n ? 'sell' : 'buy';
          const size = position.qty === 0n ? BigInt(Math.abs(qty)) : position.qty > 0n ? position.qty : -position.qty;
          const effect = position.qty === 0n ? 'open' : 'close';
          fill(runtime.account, contract, side, effect, size, String(isLinear ? step.linear : step.inverse));
          runtime.account.takeBills();
        } else {
          const amount = BigInt(Math.abs(qty)) * 10n ** 5n;
          runtime.account.applyCash('deposit', settle, amount, 0, 'deposit');
          const bills = runtime.account.takeBills();
          const own = deposited[account]!;
          own.set(settle.code, (own.get(settle.code) ?? 0n) + amount);
          for (const curves of [few, many]) curves.noteMoves(account, bills);
        }
        for (const curves of [few, many]) {
          curves.refresh(account, runtime, ({ code }) => {
            const totals: Partial<LedgerTotals> = { netDeposits: deposited[account]!.get(code) ?? 0n, spot: 0n };
            return totals as LedgerTotals;
          });
        }
      });
      for (const [account, runtime] of runtimes.entries()) {
        for (const { code } of runtime.account.currencies) {
          const expected = few.maxDrawdown(account, code);
          if (expected > 0.01) deep += 1;
          expect(many.maxDrawdown(account, code)).toBeCloseTo(expected, 12);
        }
        expect(many.jointOf(account)!.maxDrawdown).toBeCloseTo(few.jointOf(account)!.maxDrawdown, 9);
        expect(many.jointOf(account)!.netDeposits).toBe(few.jointOf(account)!.netDeposits);
      }
      expect(many.jointOf('overall')!.maxDrawdown).toBeCloseTo(few.jointOf('overall')!.maxDrawdown, 7);
      expect(many.jointOf('overall')!.netDeposits).toBe(few.jointOf('overall')!.netDeposits);
    }),
    { numRuns: 400 },
  );
  expect(deep).toBeGreaterThan(100);
});
