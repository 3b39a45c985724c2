/**
 * Which contract a row of a table means: by its account and its symbol, which may name the exchange behind a dot, as the calls of a
 * strategy may. Accounts of one exchange share one table of names.
 */

import type { Contract } from '../contract/contract.js';
import type { AccountInput, TradedContracts } from '../engine/runInput.js';
import type { UserError } from '../errors.js';
import type { ReplayRow } from './replayTable.js';

/** A contract and the name of the candles that it is traded on. */
export interface NamedContract {
  readonly series: string;
  readonly contract: Contract;
}

type Names = ReadonlyMap<string, NamedContract>;
type Trader = Pick<AccountInput, 'name' | 'rules' | 'contracts'>;

export class NamedContracts {
  readonly #accounts: ReadonlyMap<string, Trader>;
  readonly #first: Trader;
  readonly #names = new Map<TradedContracts, Map<string, Names>>();

  /** @param accounts of the run; not empty. */
  constructor(accounts: readonly Trader[]) {
    this.#accounts = new Map(accounts.map((account) => [account.name, account]));
    this.#first = accounts[0]!;
  }

  /** The name of the account of a row. @param account null: the first. @throws UserError exit 3 */
  requireAccount(account: string | null, row: ReplayRow): string {
    return this.#requireTrader(account, row).name;
  }

  /**
   * @param account null: the first.
   * @param hint what to do where the run has no candles of the symbol.
   * @throws UserError exit 3 for an account that is not there, and for a symbol that it does not trade
   */
  requireContract(account: string | null, symbol: string, row: ReplayRow, hint: string): NamedContract {
    const trader = this.#requireTrader(account, row);
    const found = this.#namesOf(trader).get(symbol);
    if (found !== undefined) return found;
    const known = [...trader.contracts.values()].map((contract) => contract.symbol).join(', ');
    const isOfAnother = [...this.#accounts.values()].some((other) => this.#namesOf(other).has(symbol));
    const namesAnother = this.#namesOf(trader).has(withoutExchange(symbol));
    if (!isOfAnother && !namesAnother) throw row.wrong('symbol', `there are no candles of ${symbol}`, known, hint);
    const { name, rules } = trader;
    throw row.wrong(
      'symbol',
      `account ${name} does not trade ${symbol}`,
      known,
      `${name} is an account of ${rules.name}`,
    );
  }

  /** Undefined for what an account does not trade, or does not exist. */
  find(account: string | null, symbol: string): NamedContract | undefined {
    const trader = account === null ? this.#first : this.#accounts.get(account);
    return trader === undefined ? undefined : this.#namesOf(trader).get(symbol);
  }

  #requireTrader(account: string | null, row: ReplayRow): Trader {
    const trader = account === null ? this.#first : this.#accounts.get(account);
    if (trader !== undefined) return trader;
    throw unknownAccount(row, [...this.#accounts.keys()]);
  }

  #namesOf({ contracts, rules }: Trader): Names {
    const byExchange = this.#names.get(contracts) ?? new Map<string, Names>();
    this.#names.set(contracts, byExchange);
    const known = byExchange.get(rules.name);
    if (known !== undefined) return known;
    const names = new Map<string, NamedContract>();
    for (const [series, contract] of contracts) {
      const { symbol } = contract;
      for (const name of [symbol, series, `${symbol}.${rules.name}`, `${symbol}.${rules.listing}`]) {
        names.set(name, { series, contract });
      }
    }
    byExchange.set(rules.name, names);
    return names;
  }
}

/** Lists of accounts in messages: of more the first few are written out. */
const MAX_NAMES = 20;

function unknownAccount(row: ReplayRow, accounts: readonly string[]): UserError {
  const hint = `add --account ${row.text('account')}:balance=AMOUNT`;
  const more = accounts.length > MAX_NAMES ? ` and ${accounts.length - MAX_NAMES} more` : '';
  const expected = `${accounts.slice(0, MAX_NAMES).join(', ')}${more}`;
  return row.wrong('account', 'there is no account of this name', expected, hint);
}

/** The symbol of a row without the exchange that it may name. */
export function withoutExchange(symbol: string): string {
  return /^(.+)\.[A-Za-z][A-Za-z0-9_-]*$/.exec(symbol)?.[1] ?? symbol;
}
