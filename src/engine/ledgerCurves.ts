/**
 * The equity curves of all ledgers of all accounts, renewed when an account has changed and sampled at every close; and the
 * joint curves, in one currency, of each account with several ledgers and of all accounts together.
 */

import type { Bill } from '../account/bills.js';
import type { Route } from '../contract/currencyLinks.js';
import type { Fraction } from '../money/decimal.js';
import { plus, ZERO } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import type { Currency } from '../money/units.js';
import type { AccountRuntime } from './accountRuntime.js';
import { CurrencyRates, convertUnits } from './currencyRates.js';
import { EquityCurve } from './equityCurve.js';
import { JointCurve } from './jointCurve.js';
import type { Market } from './market.js';
import { CASH_BILLS, type LedgerTotals } from './recordFlow.js';
import type { AccountInput } from './runInput.js';

interface LedgerCurve {
  readonly currency: Currency;
  readonly curve: EquityCurve;
  /** Into the account's own currency, and into that of all accounts together. */
  readonly conversions: readonly [Conversion, Conversion];
}

/** How a currency's units become those of a report currency; a null route has no rate. */
interface Conversion {
  readonly route: Route | null;
  /** Power of ten between the units. */
  readonly scale: number;
}

export class LedgerCurves {
  readonly rates: CurrencyRates;
  /** By account, then by currency. */
  readonly #curves: Map<string, LedgerCurve>[];
  readonly #inputs: readonly AccountInput[];
  /** By account; none before the run begins, and where one ledger is all there can be. */
  #ofAccount: readonly JointCurve[] = [];
  #overall: JointCurve | null = null;

  constructor(accounts: readonly AccountInput[], market: Market) {
    this.#inputs = accounts;
    this.rates = new CurrencyRates(market);
    this.#curves = accounts.map(() => new Map());
    accounts.forEach(({ balances }, account) => {
      for (const { currency, amount } of balances) this.#open(account, currency, amount);
    });
  }

  /** Starts the joint curves at the prices of the first opens. Called once, when the first bars have been loaded. */
  begin(): void {
    this.rates.begin();
    if (this.#hasOneLedger()) return;
    this.#ofAccount = this.#inputs.map((input) => this.#startJoint(input.balances[0]!.currency, [input]));
    this.#overall = this.#startJoint(this.#inputs[0]!.balances[0]!.currency, this.#inputs);
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

  /** Begins at the start equity in whole units of the target; nothing that has no rate is comparable to it. */
  #startJoint(target: Currency, inputs: readonly AccountInput[]): JointCurve {
    let start: Fraction | null = ZERO;
    for (const { currency, amount } of inputs.flatMap(({ balances }) => balances)) {
      const route = this.rates.route(currency.code, target.code);
      const rate = route === null ? null : this.rates.exact(route, 'start');
      if (amount === 0n || start === null) continue;
      start = rate === null ? null : plus(start, convertUnits(amount, currency, target, rate));
    }
    return new JointCurve(target, start === null ? Number.NaN : Number(divHalfAway(start.num, start.den)));
  }

  #conversion(from: Currency, target: Currency): Conversion {
    return {
      route: this.rates.route(from.code, target.code),
      scale: 10 ** (target.decimals - from.decimals),
    };
  }

  /** Nothing is nothing in any currency; what has no rate is NaN, and so is every sample it is in. */
  #convert(amount: number, { route, scale }: Conversion): number {
    if (amount === 0) return 0;
    if (route === null) return Number.NaN;
    return amount * this.rates.float(route) * scale;
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
    const conversions = [this.#conversion(currency, own), this.#conversion(currency, overall)] as const;
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
        const route = this.rates.route(currency.code, joint.currency.code);
        const rate = route === null ? null : this.rates.exact(route, 'close');
        if (rate !== null) joint.move(convertUnits(amount, currency, joint.currency, rate));
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
        joint.add(this.#convert(equity, conversions[0]));
        overall.add(this.#convert(equity, conversions[1]));
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
