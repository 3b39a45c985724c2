/**
 * The equity curves of all ledgers of all accounts, renewed when an account has changed and sampled at every close.
 */

import type { Currency } from '../money/units.js';
import type { AccountRuntime } from './accountRuntime.js';
import { EquityCurve } from './equityCurve.js';
import type { Market } from './market.js';
import type { AccountInput } from './runInput.js';

export class LedgerCurves {
  /** By account, then by settlement currency. */
  readonly #curves: Map<string, EquityCurve>[];
  readonly #market: Market;

  constructor(accounts: readonly AccountInput[], market: Market) {
    this.#market = market;
    this.#curves = accounts.map(
      ({ balances }) => new Map(balances.map(({ currency, amount }) => [currency.code, new EquityCurve(amount)])),
    );
  }

  /** @param netDepositsOf what came in and went out after the start is no result, and is taken off. */
  refresh(account: number, runtime: AccountRuntime, netDepositsOf: (currency: Currency) => bigint): void {
    const { account: trading } = runtime;
    const { valueRounding } = trading.rules;
    for (const currency of trading.currencies) {
      const { code } = currency;
      const curve = this.#curves[account]!.get(code) ?? new EquityCurve(0n);
      this.#curves[account]!.set(code, curve);
      const positions = trading.openPositions(code).filter(({ contract }) => contract.type !== 'spot');
      curve.refresh(trading.walletOf(code) - netDepositsOf(currency), positions, valueRounding, this.#market);
    }
  }

  sample(market: Market): void {
    for (const curves of this.#curves) for (const curve of curves.values()) curve.sample(market);
  }

  maxDrawdown(account: number, code: string): number {
    return this.#curves[account]!.get(code)?.maxDrawdown ?? 0;
  }
}
