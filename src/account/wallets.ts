/**
 * The wallets of one account: a ledger for each settlement currency, the account's own first. Bills of all ledgers are handed
 * over in the order in which they were posted. There is no netting between ledgers.
 */

import { invariant } from '../errors.js';
import type { Currency } from '../money/units.js';
import { type Bill, type BillDraft, Ledger } from './bills.js';

export class Wallets {
  readonly #ledgers = new Map<string, Ledger>();
  /** The same as a list; null when a ledger has come. */
  #currencies: readonly Currency[] | null = null;
  /** Bills of all ledgers not yet taken, as they came. */
  #fresh: Bill[] = [];

  /** In the order in which they were opened. */
  get currencies(): readonly Currency[] {
    this.#currencies ??= [...this.#ledgers.values()].map(({ currency }) => currency);
    return this.#currencies;
  }

  has(code: string): boolean {
    return this.#ledgers.has(code);
  }

  /** Opens a ledger with nothing in it; one that is there stays as it is. */
  open(currency: Currency): void {
    const there = this.#ledgers.get(currency.code);
    if (there === undefined) {
      this.#ledgers.set(currency.code, new Ledger(currency));
      this.#currencies = null;
    } else {
      const { decimals } = there.currency;
      invariant(
        decimals === currency.decimals,
        () => `${currency.code} with ${decimals} and ${currency.decimals} digits`,
      );
    }
  }

  /** Balance in the ledger's units; 0 where there is no ledger. */
  balanceOf(code: string): bigint {
    return this.#ledgers.get(code)?.balance ?? 0n;
  }

  /** Books a bill in the ledger of a currency, which is opened if need be. */
  post(currency: Currency, draft: BillDraft): void {
    this.open(currency);
    const bill = this.#ledgers.get(currency.code)!.post(draft);
    if (bill !== null) this.#fresh.push(bill);
  }

  /** Hands over the bills since the last call, after each ledger has checked its own. */
  takeBills(): Bill[] {
    const bills = this.#fresh;
    for (const ledger of this.#ledgers.values()) ledger.takeBills();
    this.#fresh = [];
    return bills;
  }

  /** Copies with the balances of these and no bills. Bills must have been taken. */
  clone(): Wallets {
    const copy = new Wallets();
    for (const [code, ledger] of this.#ledgers) copy.#ledgers.set(code, ledger.clone());
    return copy;
  }
}
