/**
 * The equity curves of many accounts. A ledger is looked at when something of it changes: its drawdown since the last change follows
 * from the peaks of the closes between (closeTrail.ts). The joint curve of all is kept as one sum a symbol, without the rounding of each
 * position's value, which in a drawdown is nothing. Accounts that hold several currencies are sampled at every close.
 */

import type { Bill } from '../account/bills.js';
import type { Currency } from '../money/units.js';
import type { AccountRuntime } from './accountRuntime.js';
import { CloseTrail } from './closeTrail.js';
import { type Conversion, Conversions } from './conversions.js';
import { CurrencyRates } from './currencyRates.js';
import { Drawdown } from './drawdown.js';
import { equityOf, type Part, partOf, rises } from './equityParts.js';
import type { JointCurve } from './jointCurve.js';
import { CASH_BILLS, type LedgerTotals } from './ledgerTotals.js';
import type { Market } from './market.js';
import { PooledEquity } from './pooledEquity.js';
import type { JointResult, RunCurves } from './runCurves.js';
import type { AccountInput } from './runInput.js';

/** Closes that are remembered: after so many every ledger is looked at, and they are forgotten. */
const REMEMBERED = 1 << 18;

/** A ledger as it has been since the last change. */
interface Ledger {
  readonly currency: Currency;
  /** Into the account's own currency. */
  readonly conversion: Conversion;
  drawdown: Drawdown;
  wallet: number;
  notResult: number;
  parts: readonly Part[];
  /** The first close, by its place in the trails, that the drawdown does not know. */
  from: number;
}

export class ManyCurves implements RunCurves {
  readonly rates: CurrencyRates;
  readonly #conversions: Conversions;
  readonly #inputs: readonly AccountInput[];
  /** By account, then by currency. */
  readonly #ledgers: readonly Map<string, Ledger>[];
  readonly #trails: readonly CloseTrail[];
  readonly #pool: PooledEquity;
  #ofAccount: readonly JointCurve[] = [];
  #overall: JointCurve | null = null;
  /** Accounts with several ledgers. */
  readonly #several = new Set<number>();

  constructor(accounts: readonly AccountInput[], market: Market) {
    this.#inputs = accounts;
    this.rates = new CurrencyRates(market);
    this.#conversions = new Conversions(this.rates);
    this.#trails = market.symbols.map(() => new CloseTrail());
    this.#pool = new PooledEquity(this.#conversions, accounts[0]!.balances[0]!.currency);
    this.#ledgers = accounts.map(() => new Map());
    accounts.forEach(({ balances }, account) => {
      for (const { currency, amount } of balances) this.#open(account, currency, amount);
    });
  }

  begin(): void {
    this.rates.begin();
    this.#ofAccount = this.#inputs.map(({ balances }) => this.#conversions.startJoint(balances[0]!.currency, balances));
    const all = this.#inputs.flatMap(({ balances }) => balances);
    this.#overall = this.#conversions.startJoint(this.#inputs[0]!.balances[0]!.currency, all);
  }

  #open(account: number, currency: Currency, startEquity: bigint): Ledger {
    const ledgers = this.#ledgers[account]!;
    const own = this.#inputs[account]!.balances[0]!.currency;
    const wallet = Number(startEquity);
    const opened: Ledger = {
      currency,
      conversion: this.#conversions.between(currency, own),
      drawdown: new Drawdown(wallet),
      wallet,
      notResult: 0,
      parts: [],
      from: this.#length,
    };
    ledgers.set(currency.code, opened);
    this.#pool.add(currency, wallet, []);
    if (ledgers.size === 2) this.#beginSeveral(account);
    return opened;
  }

  /** From now on an account is sampled at every close; until now its joint curve was that of its only ledger. */
  #beginSeveral(account: number): void {
    this.#several.add(account);
    const joint = this.#ofAccount[account];
    if (joint === undefined) return;
    const [own] = this.#ledgers[account]!.values() as Iterable<Ledger> as [Ledger];
    this.#look(own!);
    joint.continueFrom(own!.drawdown);
  }

  get #length(): number {
    return this.#trails[0]!.length;
  }

  refresh(account: number, runtime: AccountRuntime, totalsOf: (currency: Currency) => LedgerTotals): void {
    const { account: trading } = runtime;
    const { valueRounding } = trading.rules;
    for (const currency of trading.currencies) {
      const { code } = currency;
      const ledger = this.#ledgers[account]!.get(code) ?? this.#open(account, currency, 0n);
      this.#look(ledger);
      this.#pool.remove(currency, ledger.wallet, ledger.parts);
      const { netDeposits, spot } = totalsOf(currency);
      ledger.wallet = Number(trading.walletOf(code));
      ledger.notResult = Number(netDeposits + spot);
      ledger.parts = trading
        .openPositions(code)
        .filter(({ contract }) => contract.type !== 'spot')
        .map((position) => partOf(position, valueRounding, runtime.symbols.placeOf(position.contract)));
      this.#pool.add(currency, ledger.wallet, ledger.parts);
    }
  }

  noteMoves(account: number, bills: readonly Bill[]): void {
    for (const { type, currency, amount } of bills) {
      if (!CASH_BILLS.has(type)) continue;
      const ledger = this.#ledgers[account]!.get(currency.code) ?? this.#open(account, currency, 0n);
      const moved = Number(amount);
      ledger.wallet += moved;
      ledger.notResult += moved;
      this.#pool.add(currency, moved, []);
      for (const joint of [this.#ofAccount[account], this.#overall]) {
        const converted = joint ? this.#conversions.atClose(amount, currency, joint.currency) : null;
        if (converted !== null) joint!.move(converted);
      }
    }
  }

  sample(market: Market): void {
    for (const { index, bar } of market.symbols) this.#trails[index]!.push(bar.mark.close);
    if (this.#overall !== null) {
      this.#overall.add(this.#pool.sum(market));
      this.#overall.sample();
    }
    for (const account of this.#several) {
      const joint = this.#ofAccount[account];
      if (joint === undefined) continue;
      for (const { wallet, parts, conversion } of this.#ledgers[account]!.values()) {
        const equity = equityOf(wallet, parts, (symbol) => market.symbols[symbol]!.bar.mark.close);
        joint.add(this.#conversions.convert(equity, conversion));
      }
      joint.sample();
    }
    if (this.#length === REMEMBERED) this.#forget();
  }

  #forget(): void {
    for (const ledgers of this.#ledgers) {
      for (const ledger of ledgers.values()) {
        this.#look(ledger);
        ledger.from = 0;
      }
    }
    for (const trail of this.#trails) trail.clear();
  }

  /** Brings a ledger's drawdown up to the newest close. */
  #look(ledger: Ledger): void {
    const { from, parts, wallet, notResult, drawdown } = ledger;
    const length = this.#length;
    if (from === length) return;
    ledger.from = length;
    const [only] = parts;
    if (only === undefined) {
      drawdown.sample(wallet - notResult);
      return;
    }
    if (parts.length > 1) {
      for (let place = from; place < length; place++) {
        drawdown.sample(equityOf(wallet, parts, (symbol) => this.#trails[symbol]!.at(place)) - notResult);
      }
      return;
    }
    const trail = this.#trails[only.symbol]!;
    const take = (peak: number, trough: number): void => {
      drawdown.sample(equityOf(wallet, parts, () => peak) - notResult);
      if (!Number.isNaN(trough)) drawdown.sample(equityOf(wallet, parts, () => trough) - notResult);
    };
    if (rises(only)) trail.eachHigh(from, take);
    else trail.eachLow(from, take);
  }

  maxDrawdown(account: number, code: string): number {
    const ledger = this.#ledgers[account]!.get(code);
    if (ledger === undefined) return 0;
    this.#look(ledger);
    return ledger.drawdown.deepest;
  }

  jointOf(whose: number | 'overall'): JointResult | null {
    if (whose === 'overall') return this.#overall;
    const joint = this.#ofAccount[whose];
    if (joint === undefined || this.#several.has(whose)) return joint ?? null;
    const [only] = this.#ledgers[whose]!.keys();
    return { netDeposits: joint.netDeposits, maxDrawdown: this.maxDrawdown(whose, only!) };
  }
}
