/**
 * The equity curves of all ledgers of all accounts, renewed when an account has changed and sampled at every close; and the
 * joint curves, in one currency, of each account with several ledgers and of all accounts together.
 */

import type { Bill } from '../account/bills.js';
import type { Currency } from '../money/units.js';
import type { AccountRuntime } from './accountRuntime.js';
import { type Conversion, Conversions } from './conversions.js';
import { CurrencyRates } from './currencyRates.js';
import { EquityCurve } from './equityCurve.js';
import type { JointCurve } from './jointCurve.js';
import { CASH_BILLS, type LedgerTotals } from './ledgerTotals.js';
import type { Market } from './market.js';
import type { RunCurves } from './runCurves.js';
import type { AccountInput } from './runInput.js';

interface LedgerCurve {
  readonly currency: Currency;
  readonly curve: EquityCurve;
  /** Into the account's own currency, and into that of all accounts together. */
  readonly conversions: readonly [Conversion, Conversion];
}

export class LedgerCurves implements RunCurves {
  readonly rates: CurrencyRates;
  readonly #conversions: Conversions;
  /** By account, then by currency. */
  readonly #curves: Map<string, LedgerCurve>[];
  readonly #inputs: readonly AccountInput[];
  /** By account; none before the run begins, and where one ledger is all there can be. */
  #ofAccount: readonly JointCurve[] = [];
  #overall: JointCurve | null = null;

  constructor(accounts: readonly AccountInput[], market: Market) {
    this.#inputs = accounts;
    this.rates = new CurrencyRates(market);
    this.#conversions = new Conversions(this.rates);
    this.#curves = accounts.map(() => new Map());
    accounts.forEach(({ balances }, account) => {
      for (const { currency, amount } of balances) this.#open(account, currency, amount);
    });
  }

  /** Starts the joint curves at the prices of the first opens. Called once, when the first bars have been loaded. */
  begin(): void {
    this.rates.begin();
    if (this.#hasOneLedger()) return;
    const start = (balances: AccountInput['balances'], target = balances[0]!.currency): JointCurve =>
      this.#conversions.startJoint(target, balances);
    this.#ofAccount = this.#inputs.map(({ balances }) => start(balances));
    this.#overall = start(this.#inputs.flatMap(({ balances }) => balances));
  }

  /** Whether one account can have one ledger only, which then is every total. */
  #hasOneLedger(): boolean {
    if (this.#inputs.length > 1) return false;
    const codes = new Set(this.#inputs[0]!.balances.map(({ currency }) => currency.code));
    for (const contract of this.#inputs[0]!.contracts.values()) {
      codes.add(contract.settle.code);
      if (contract.base !== null) codes.add(contract.base.code);
    }
    return codes.size === 1;
  }

  /** @param totalsOf what came in, went out or was exchanged on spot after the start is no result. */
  refresh(account: number, runtime: AccountRuntime, totalsOf: (currency: Currency) => LedgerTotals): void {
    const { account: trading } = runtime;
    const { valueRounding } = trading.rules;
    for (const currency of trading.currencies) {
      const { code } = currency;
      const { curve } = this.#curves[account]!.get(code) ?? this.#open(account, currency, 0n);
      const positions = trading.openPositions(code).filter(({ contract }) => contract.type !== 'spot');
      const { netDeposits, spot } = totalsOf(currency);
      curve.refresh(
        { wallet: trading.walletOf(code), notResult: netDeposits + spot },
        positions,
        valueRounding,
        (contract) => runtime.symbols.placeOf(contract),
      );
    }
  }

  #open(account: number, currency: Currency, startEquity: bigint): LedgerCurve {
    const own = this.#inputs[account]!.balances[0]!.currency;
    const overall = this.#inputs[0]!.balances[0]!.currency;
    const between = (target: Currency): Conversion => this.#conversions.between(currency, target);
    const conversions = [between(own), between(overall)] as const;
    const opened = { currency, curve: new EquityCurve(startEquity), conversions };
    this.#curves[account]!.set(currency.code, opened);
    return opened;
  }

  /** Notes the money that calls at the close at hand have brought in or taken out. */
  noteMoves(account: number, bills: readonly Bill[]): void {
    for (const { type, currency, amount } of bills) {
      if (!CASH_BILLS.has(type)) continue;
      (this.#curves[account]!.get(currency.code) ?? this.#open(account, currency, 0n)).curve.move(amount);
      for (const joint of [this.#ofAccount[account], this.#overall]) {
        if (joint === undefined || joint === null) continue;
        const converted = this.#conversions.atClose(amount, currency, joint.currency);
        if (converted !== null) joint.move(converted);
      }
    }
  }

  /** Samples every ledger at the closes of the step, and the joint curves. */
  sample(market: Market): void {
    const overall = this.#overall;
    this.#curves.forEach((curves, account) => {
      const joint = this.#ofAccount[account];
      for (const { curve, conversions } of curves.values()) {
        const equity = curve.sample(market);
        if (joint === undefined || overall === null) continue;
        joint.add(this.#conversions.convert(equity, conversions[0]));
        overall.add(this.#conversions.convert(equity, conversions[1]));
      }
      joint?.sample();
    });
    overall?.sample();
  }

  maxDrawdown(account: number, code: string): number {
    return this.#curves[account]!.get(code)?.curve.maxDrawdown ?? 0;
  }

  /** The joint curve of an account, or of all; null where one ledger is all there is. */
  jointOf(account: number | 'overall'): JointCurve | null {
    return account === 'overall' ? this.#overall : (this.#ofAccount[account] ?? null);
  }
}
