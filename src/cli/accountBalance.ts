/**
 * The starting balances of an account: `1XBT+5000USDT` as settlement units, one a currency, the account's own first. A currency
 * is one that a contract of the account settles in, or the base of a spot pair, and is spelled as the contract spells it.
 */

import type { Contract } from '../contract/contract.js';
import { isSameCurrency } from '../contract/contractInfo.js';
import type { StartingBalance } from '../engine/runInput.js';
import { EXIT, UserError } from '../errors.js';
import { parseFraction } from '../money/decimal.js';
import { type Currency, pow10 } from '../money/units.js';
import { badOption, type Given } from './givenOptions.js';

const DOLLARS = /^(?:[A-Z]{0,2}USD[A-Z]?|DAI)$/;
const DEFAULT_DOLLARS = 10_000n;
const DEFAULT_COINS = 1n;
const AMOUNT = /^([-+.\d]+(?:[eE][-+]?\d+)?)\s*([A-Za-z]\w*)?$/;
/** Between two amounts; the plus of an exponent stands before a digit and after an e. */
const BETWEEN_AMOUNTS = /(?<=[A-Za-z]\w*)\s*\+\s*(?=[.\d])(?<![\d.][eE]\+)/;

/** What an account may hold: settlement currencies in the order of the symbols, then the bases of spot pairs. */
export function currenciesOf(contracts: readonly Contract[]): Currency[] {
  const all = [
    ...contracts.map(({ settle }) => settle),
    ...contracts.flatMap(({ base }) => (base === null ? [] : [base])),
  ];
  return all.filter((one, i) => all.findIndex((other) => isSameCurrency(other.code, one.code)) === i);
}

/**
 * A ledger counts in one unit and has one name: contracts of an account that count a currency otherwise, or spell it otherwise, do
 * not go together.
 *
 * @throws UserError exit 2
 */
export function requireOneUnit(contracts: readonly Contract[]): void {
  const uses = contracts.flatMap(({ symbol, settle, base }) =>
    [settle, ...(base === null ? [] : [base])].map((currency) => ({ symbol, currency })),
  );
  for (const [i, { symbol, currency }] of uses.entries()) {
    const other = uses.slice(0, i).find((use) => isSameCurrency(use.currency.code, currency.code));
    if (other === undefined) continue;
    const { code, decimals } = other.currency;
    if (code === currency.code && decimals === currency.decimals) continue;
    const isSpelling = code !== currency.code;
    throw new UserError({
      code: 'currency_mismatch',
      exitCode: EXIT.usage,
      message: isSpelling
        ? `${other.symbol} and ${symbol} spell one coin in two ways`
        : `${other.symbol} and ${symbol} count ${code} in different units`,
      found: isSpelling ? `${code} and ${currency.code}` : `${decimals} and ${currency.decimals} decimals`,
      expected: 'one spelling and one unit for each currency of an account',
      hint: `give --contracts FILE with an entry of ${symbol} that ${isSpelling ? `calls it ${code}` : `has "settle_decimals": ${decimals}`}`,
    });
  }
}

/** 1 of a coin, 10,000 of a dollar, in whole units. */
export function defaultBalance(currency: Currency): bigint {
  return DOLLARS.test(currency.code) ? DEFAULT_DOLLARS : DEFAULT_COINS;
}

/**
 * @param own the value of the key `currency`.
 * @throws UserError exit 2 for an amount that is none, not above 0 or too fine, and for a currency that is none of its contracts'.
 */
export function parseBalances(
  balance: Given | undefined,
  own: Given | undefined,
  contracts: readonly Contract[],
): StartingBalance[] {
  const currencies = currenciesOf(contracts);
  const ownCurrency = own === undefined ? undefined : requireCurrency(own, own.text, currencies, contracts);
  const first = ownCurrency ?? currencies[0]!;
  if (balance === undefined) return [{ currency: first, amount: defaultBalance(first) * pow10(first.decimals) }];
  const parts = balance.text.split(BETWEEN_AMOUNTS);
  const balances = parts.map((part) => parseOne(balance, part.trim(), parts.length > 1, first, currencies, contracts));
  for (const [i, { currency }] of balances.entries()) {
    const isTwice = balances.slice(0, i).some((before) => before.currency.code === currency.code);
    if (isTwice) throw badOption(balance, `gives ${currency.code} twice`, 'one amount a currency');
  }
  const at = balances.findIndex(({ currency }) => currency.code === first.code);
  if (ownCurrency !== undefined && at < 0) {
    throw badOption(balance, `is not in ${own!.text}, the account's currency`, `an amount of ${first.code}`);
  }
  return ownCurrency === undefined ? balances : [balances[at]!, ...balances.toSpliced(at, 1)];
}

/** One amount, with its currency where there are several. Never rounded: a finer amount is refused. */
function parseOne(
  given: Given,
  text: string,
  isOneOfSeveral: boolean,
  own: Currency,
  currencies: readonly Currency[],
  contracts: readonly Contract[],
): StartingBalance {
  const match = AMOUNT.exec(text);
  const expected = `an amount above 0 with at most ${own.decimals} decimals, such as 1${own.code}; several as 1${own.code}+…`;
  const amount = parseFraction(match?.[1] ?? '');
  if (match === null || amount === undefined) throw badOption(given, 'is not an amount', expected);
  if (match[2] === undefined && isOneOfSeveral) throw badOption(given, `names no currency for ${text}`, expected);
  const currency = match[2] === undefined ? own : requireCurrency(given, match[2], currencies, contracts);
  if (amount.num <= 0n) throw badOption(given, 'is not above 0', expected);
  const units = amount.num * pow10(currency.decimals);
  if (units % amount.den !== 0n) throw badOption(given, `is finer than ${currency.code} can be divided`, expected);
  return { currency, amount: units / amount.den };
}

function requireCurrency(
  given: Given,
  code: string,
  currencies: readonly Currency[],
  contracts: readonly Contract[],
): Currency {
  const currency = currencies.find((one) => isSameCurrency(one.code, code));
  if (currency !== undefined) return currency;
  const symbols = contracts.map(({ symbol }) => symbol).join(', ');
  const codes = currencies.map((one) => one.code).join(' or ');
  throw badOption(given, `has a currency that settles none of ${symbols}: ${code}`, codes);
}
