/**
 * The money of several ledgers as totals in one currency: prices of the run's symbols link their currencies, and each amount goes
 * the shortest way to the report currency at the close it belongs to. Sums are exact and rounded once; only the drawdown is
 * computed with float64.
 */

import type { Contract } from '../../contract/contract.js';
import type { LinkPrice, RunTotals, TotalOutcome } from '../../engine/records.js';
import type { Currency } from '../../money/units.js';
import type { Quotes, RefAccount } from './account.js';
import { coinOf, type RefLedger } from './ledger.js';
import { equityAt } from './margin.js';
import {
  add,
  divide,
  multiply,
  type Num,
  num,
  ONE_RATIO,
  type Ratio,
  ratio,
  ratioToFloat,
  reduced,
  round,
  scale,
  toBigint,
  toFloat,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { maxDrawdown } from './outcome.js';

/** Prices by the name of the candles. */
export type Prices = ReadonlyMap<string, Ratio>;

/** What stood at one close. */
export interface CloseRecord {
  readonly timeMs: number;
  /** Newest closes; the first opens before those. */
  readonly prices: Prices;
  /** Wallet and unrealised result by account and code. */
  readonly equities: ReadonlyMap<RefAccount, ReadonlyMap<string, Num>>;
}

/** A contract that an account trades, and the name of its candles. */
export interface Traded {
  readonly series: string;
  readonly contract: Contract;
}

/** The run as far as totals need it. */
export interface RunRecord {
  /** Contracts of all accounts with their candles, in the order of their names. */
  readonly contracts: readonly Traded[];
  /** First open of each. */
  readonly firstOpens: Prices;
  readonly closes: readonly CloseRecord[];
  /** At the end; the calls at the last close have been made. */
  readonly quotes: Quotes;
}

/** One unit of `from` costs the candles' price in `to`. */
interface Link {
  readonly series: string;
  readonly from: string;
  readonly to: string;
}

/** A link taken forward or backward. */
interface Hop {
  readonly series: string;
  readonly isForward: boolean;
}

export function totalsOf(accounts: readonly RefAccount[], run: RunRecord): RunTotals {
  return {
    accounts: accounts.map((account) => totalOf([account], run)),
    overall: totalOf(accounts, run),
  };
}

/** Contracts of the run that have a price of one currency in another. */
const pricing = ({ contracts, firstOpens }: RunRecord): Traded[] =>
  contracts.filter(
    ({ series, contract: { type } }) => firstOpens.has(series) && (type === 'spot' || type === 'inverse'),
  );

/** What the links begin and end with, once for all contracts of the same candles. */
export function linkPricesOf(run: RunRecord): LinkPrice[] {
  const newest = run.closes[run.closes.length - 1]?.prices ?? run.firstOpens;
  return [...new Set(pricing(run).map(({ series }) => series))].map((name) => ({
    name,
    firstOpen: ratioToFloat(run.firstOpens.get(name)!),
    lastClose: ratioToFloat(newest.get(name)!),
  }));
}

function linksOf(run: RunRecord): Link[] {
  return pricing(run).map(({ series, contract: { type, base, settle, quoteCurrency } }) => {
    const [from, to] = type === 'spot' ? [base!.code, settle.code] : [settle.code, quoteCurrency];
    return { series, from: coinOf(from), to: coinOf(to) };
  });
}

/** All ways between two currencies that pass no currency twice. */
function waysBetween(links: readonly Link[], from: string, to: string, passed: readonly string[] = []): Hop[][] {
  if (from === to) return [[]];
  return links.flatMap(({ series, ...link }) => {
    const isForward = link.from === from;
    if (!isForward && link.to !== from) return [];
    const next = isForward ? link.to : link.from;
    if (next === from || passed.includes(next)) return [];
    return waysBetween(links, next, to, [...passed, from]).map((way) => [{ series, isForward }, ...way]);
  });
}

/** Fewest links, then the first by names, compared link by link; null where there is no way. */
function routeOf(links: readonly Link[], from: string, to: string): Hop[] | null {
  const inTurn = (a: readonly Hop[], b: readonly Hop[]): number => {
    if (a.length !== b.length) return a.length - b.length;
    const i = a.findIndex(({ series }, k) => series !== b[k]!.series);
    return i < 0 ? 0 : a[i]!.series < b[i]!.series ? -1 : 1;
  };
  return waysBetween(links, from, to).sort(inTurn)[0] ?? null;
}

/** A ledger of the total with its way to the report currency. */
interface Member {
  readonly account: RefAccount;
  readonly ledger: RefLedger;
  readonly route: readonly Hop[];
  /** Units of the report currency that a unit of the ledger is at rate 1. */
  readonly unit: Ratio;
}

function totalOf(accounts: readonly RefAccount[], run: RunRecord): TotalOutcome {
  const { currency } = accounts[0]!.ledgers[0]!;
  const links = linksOf(run);
  const members: Member[] = [];
  for (const account of accounts) {
    for (const ledger of account.ledgers) {
      const { code, decimals } = ledger.currency;
      const route = routeOf(links, coinOf(code), coinOf(currency.code));
      if (route === null && ledger.hasBills) {
        return { reason: `no symbol of the run prices ${code} in ${currency.code}` };
      }
      const unit = ratio(num(`1e${currency.decimals}`), num(`1e${decimals}`));
      if (route !== null) members.push({ account, ledger, route, unit });
    }
  }
  const atStart = (amountOf: (member: Member) => Num): Ratio => sumAt(members, run.firstOpens, amountOf);
  const startEquity = round(atStart(({ account, ledger }) => startOf(account, ledger.currency)));
  const end = run.closes[run.closes.length - 1];
  const atEnd = (amountOf: (member: Member) => Num): bigint =>
    toBigint(round(sumAt(members, end?.prices ?? run.firstOpens, amountOf)));
  const deposits = depositsByClose(members, run.closes);
  return {
    currency,
    startEquity: toBigint(startEquity),
    endEquity: atEnd(({ account, ledger }) => equityAt(account, ledger, run.quotes)),
    netDeposits: toBigint(deposits[run.closes.length]!),
    fees: atEnd(({ ledger }) => ledger.counters.fees),
    funding: atEnd(({ ledger }) => ledger.counters.funding),
    insurance: atEnd(({ ledger }) => ledger.counters.insurance),
    maxDrawdown: maxDrawdown(
      toFloat(startEquity),
      run.closes.map((close, i) => equityAtClose(members, close) - toFloat(deposits[i]!)),
    ),
  };
}

const startOf = (account: RefAccount, { code }: Currency): Num =>
  num(account.input.balances.find(({ currency }) => currency.code === code)?.amount ?? 0n);

const equityIn = (close: CloseRecord, { account, ledger }: Member): Num =>
  close.equities.get(account)?.get(ledger.currency.code) ?? ZERO;

/** Price of a route, exact. */
const rateOf = (route: readonly Hop[], prices: Prices): Ratio =>
  route.reduce((rate, { series, isForward }) => {
    const price = prices.get(series)!;
    return isForward ? multiply(rate, price) : divide(rate, price);
  }, ONE_RATIO);

/** Σ amount · rate in units of the report currency. */
function sumAt(members: readonly Member[], prices: Prices, amountOf: (member: Member) => Num): Ratio {
  return members.reduce((sum, member) => reduced(add(sum, worthOf(member, amountOf(member), prices))), ZERO_RATIO);
}

const worthOf = ({ route, unit }: Member, amount: Num, prices: Prices): Ratio =>
  scale(multiply(rateOf(route, prices), unit), amount);

/** What came in less what went out before each close, and after the last, each at the prices of its own close. */
function depositsByClose(members: readonly Member[], closes: readonly CloseRecord[]): Num[] {
  let sum = ZERO_RATIO;
  const before = [ZERO];
  for (const [i, { timeMs, prices }] of closes.entries()) {
    // The last close is there twice where fills were given for it.
    const isNew = closes[i - 1]?.timeMs !== timeMs;
    for (const member of isNew ? members : []) {
      const { code } = member.ledger.currency;
      for (const flow of member.account.flows.filter((each) => each.timeMs === timeMs && each.code === code)) {
        sum = reduced(add(sum, worthOf(member, flow.amount, prices)));
      }
    }
    before.push(round(sum));
  }
  return before;
}

/** Joint equity at a close. */
function equityAtClose(members: readonly Member[], close: CloseRecord): number {
  let sum = 0;
  for (const member of members) {
    let rate = 1;
    for (const { series, isForward } of member.route) {
      const price = ratioToFloat(close.prices.get(series)!);
      rate = isForward ? rate * price : rate / price;
    }
    sum += toFloat(equityIn(close, member)) * rate * ratioToFloat(member.unit);
  }
  return sum;
}
