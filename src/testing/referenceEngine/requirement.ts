/**
 * Which positions are liquidated together, and when: the exact inequality of settlement text §4.1 over a group, or the price of
 * the integer ledger of the BitMEX venues (§11) for a single position. Where on a way it first holds is firstDue.ts.
 */

import type { Book, Holding, Quotes, RefAccount, RefPosition } from './account.js';
import type { RefLedger } from './ledger.js';
import { crossWallet, exactUnrealized, markOf, unrealized } from './margin.js';
import {
  add,
  ceil,
  compare,
  divide,
  floor,
  maxRatio,
  multiply,
  type Num,
  num,
  ONE_RATIO,
  type Ratio,
  ratio,
  signed,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { exactValue, priceAtValue, toTick } from './terms.js';
import { exposureOf, type Tier, tierAt } from './tiers.js';

/** Positions that are liquidated together: an isolated one, or all cross positions of a ledger. */
export interface Group {
  readonly account: RefAccount;
  readonly ledger: RefLedger;
  readonly kind: 'isolated' | 'cross';
  /** By symbol, long before short; not empty. */
  readonly members: readonly Holding[];
}

/** The groups that can be liquidated: none where fills are only booked. */
export const groupsAtRisk = (account: RefAccount): Group[] => (account.hasRisk ? groupsOf(account) : []);

/** All groups: the isolated ones by symbol and side, then the cross ones by currency. */
export function groupsOf(account: RefAccount): Group[] {
  const isolated = account.books.flatMap((book) =>
    book.positions
      .filter((position) => position.mode === 'isolated')
      .map((position): Group => ({ account, ledger: book.ledger, kind: 'isolated', members: [{ book, position }] })),
  );
  const byCode = [...account.ledgers].sort((a, b) => (a.currency.code < b.currency.code ? -1 : 1));
  const cross = byCode.map(
    (ledger): Group => ({
      account,
      ledger,
      kind: 'cross',
      members: account.holdings(ledger).filter(({ position }) => position.mode === 'cross'),
    }),
  );
  return [...isolated, ...cross.filter(({ members }) => members.length > 0)];
}

/** The group that a position belongs to. */
export const groupOf = (account: RefAccount, position: RefPosition): Group =>
  groupsOf(account).find(({ members }) => members.some((each) => each.position.serial === position.serial))!;

export const isOneSymbol = ({ members }: Group): boolean => members.every(({ book }) => book === members[0]!.book);
export const usesLedger = (book: Book): boolean => book.terms.rules.liquidationRule === 'bitmex_ledger';

/** B: the isolated margin, or the cross wallet. */
export const collateralOf = ({ account, ledger, kind, members }: Group): Num =>
  kind === 'isolated' ? members[0]!.position.margin : crossWallet(account, ledger);

/** B as the test takes it: added margin of an inverse position may count less its own closing fee. */
export function testedCollateral(group: Group): Ratio {
  const whole = ratio(collateralOf(group));
  const { book, position } = group.members[0]!;
  const { rules, isInverse, takerFee } = book.terms;
  if (group.kind === 'cross' || !rules.discountsAddedMargin || !isInverse) return whole;
  const factor = position.side === 1 ? add(ONE_RATIO, takerFee) : subtract(ONE_RATIO, takerFee);
  return add(subtract(whole, ratio(position.added)), divide(ratio(position.added), factor));
}

/** True for an inverse short whose collateral covers its cost: no price can take it. */
export const cannotLose = ({ book, position }: Holding, collateral: Num): boolean =>
  book.terms.isInverse && position.side === -1 && collateral.gte(position.cost);

/** Taker fee as far as it counts as maintenance. */
const closingFee = (book: Book): Ratio => maxRatio(ZERO_RATIO, book.terms.takerFee);

/** Tier that a position's requirement is read from. */
export function tierOf({ book, position }: Holding, quotes: Quotes): Tier {
  const isAtMark = !usesLedger(book) && book.terms.rules.maintenanceBasis === 'mark';
  const worth = isAtMark ? exactValue(book.terms, position.qty, markOf(book, quotes)) : ratio(position.cost);
  return tierAt(book.terms, { worth, qty: position.qty });
}

/** f·V(P_B), P_B with the fee, where the collateral is all that stands behind the position. */
function bankruptcyFee({ book, position }: Holding, collateral: Num): Ratio {
  const fee = closingFee(book);
  const direction = position.side * book.terms.sigma;
  const lost = ratio(position.cost.minus(signed(direction, collateral)));
  const worth = divide(lost, direction === 1 ? subtract(ONE_RATIO, fee) : add(ONE_RATIO, fee));
  return maxRatio(ZERO_RATIO, multiply(fee, worth));
}

/** A requirement as rate·V(mark) + fixed, at least 0, as long as the tier stays. */
export interface Requirement {
  readonly rate: Ratio;
  readonly fixed: Ratio;
}

/** Requirement of one position in a tier. */
export function requirementIn(at: Holding, tier: Tier, collateral: Num): Requirement {
  const { book, position } = at;
  const { rules } = book.terms;
  const cost = ratio(position.cost);
  if (usesLedger(book)) {
    const whole = cannotLose(at, collateral) ? ZERO : ceil(multiply(tier.maintenance, cost));
    return { rate: ZERO_RATIO, fixed: ratio(whole) };
  }
  const fee = position.mode === 'isolated' ? rules.isolatedFee : rules.crossFee;
  const rate = fee === 'basis' ? add(tier.maintenance, closingFee(book)) : tier.maintenance;
  const extra = fee === 'bankruptcy' ? bankruptcyFee(at, collateral) : ZERO_RATIO;
  const fixed = subtract(extra, tier.deduction);
  if (rules.maintenanceBasis === 'mark') return { rate, fixed };
  return { rate: ZERO_RATIO, fixed: add(fixed, multiply(rate, cost)) };
}

/** A requirement at a value. */
export const amountOf = ({ rate, fixed }: Requirement, worth: Ratio): Ratio =>
  maxRatio(ZERO_RATIO, add(multiply(rate, worth), fixed));

/** What a position of a group requires by itself. */
export function ownRequirement(group: Group, at: Holding, quotes: Quotes): Ratio {
  const worth = exactValue(at.book.terms, at.position.qty, markOf(at.book, quotes));
  return amountOf(requirementIn(at, tierOf(at, quotes), collateralOf(group)), worth);
}

/** What each position of a group requires; of a hedged pair in cross some venues charge the larger only. */
export function requirementsOf(group: Group, quotes: Quotes): Ratio[] {
  const own = group.members.map((each) => ownRequirement(group, each, quotes));
  return own.map((each, i) => {
    const { book } = group.members[i]!;
    const twin = group.members.findIndex((other, j) => j !== i && other.book === book);
    if (group.kind === 'isolated' || twin < 0 || book.terms.rules.hedgeMaintenance === 'both') return each;
    const order = compare(each, own[twin]!);
    return order > 0 || (order === 0 && i < twin) ? each : ZERO_RATIO;
  });
}

export const sumOf = (items: readonly Ratio[]): Ratio => items.reduce(add, ZERO_RATIO);
export const groupRequirement = (group: Group, quotes: Quotes): Ratio => sumOf(requirementsOf(group, quotes));

/** Equity behind a group at the marks, not rounded. */
export const exactEquity = (group: Group, quotes: Quotes, collateral = ratio(collateralOf(group))): Ratio =>
  add(
    collateral,
    sumOf(group.members.map(({ book, position }) => exactUnrealized(book.terms, position, markOf(book, quotes)))),
  );

/** Equity of a group as the tables show it. */
export const shownEquity = (group: Group, quotes: Quotes): Num =>
  group.members.reduce(
    (total, { book, position }) => total.plus(unrealized(book.terms, position, markOf(book, quotes))),
    collateralOf(group),
  );

/** True where one position of a ledger venue stands alone, which then goes by the ledger's price. */
export const goesByLedgerPrice = ({ members }: Group): boolean => members.length === 1 && usesLedger(members[0]!.book);

/** True where a group is to be liquidated at these marks. */
export function isDue(group: Group, quotes: Quotes): boolean {
  const { book, position } = group.members[0]!;
  if (goesByLedgerPrice(group)) {
    const price = ledgerLiquidationPrice(group);
    // Without a price a position that gains as its value falls is due at every mark, the others at none.
    if (price === null) return position.side * book.terms.sigma < 0;
    return compare(markOf(book, quotes), ratio(price)) * position.side <= 0;
  }
  const order = compare(exactEquity(group, quotes, testedCollateral(group)), groupRequirement(group, quotes));
  return book.terms.rules.liquidationInclusive ? order <= 0 : order < 0;
}

/** Price of the BitMEX ledger at which a loss is reached, lot value and tick rounded toward the entry; null for none. */
export function ledgerPrice({ book, position }: Holding, collateral: Num, loss: Num): Num | null {
  const { terms } = book;
  const direction = position.side === 1 ? 'up' : 'down';
  if (!terms.isInverse) {
    const worth = position.cost.minus(signed(position.side, loss));
    const price = priceAtValue(terms, position.qty, ratio(worth));
    return price === null ? null : toTick(terms, price, direction);
  }
  if (cannotLose({ book, position }, collateral)) return null;
  const lot = num(terms.contract.minQty);
  const worth = position.cost.plus(signed(position.side, loss));
  const share = ratio(worth.times(lot), position.qty);
  const lotValue = position.side === 1 ? floor(share) : ceil(share);
  const price = priceAtValue(terms, lot, ratio(lotValue));
  return price === null ? null : toTick(terms, price, direction);
}

/** Liquidation price of the ledger for a single position; null where there is none. */
export function ledgerLiquidationPrice(group: Group): Num | null {
  const at = group.members[0]!;
  const collateral = collateralOf(group);
  const tier = tierAt(at.book.terms, exposureOf(at.position.cost, at.position.qty));
  const required = requirementIn(at, tier, collateral).fixed.n;
  return ledgerPrice(at, collateral, collateral.minus(required));
}

/** The same group with the state of now: positions that have been closed are gone; null where none is left. */
export function renewed(group: Group): Group | null {
  const members = group.members.filter(({ book, position }) => book.positions.includes(position));
  return members.length === 0 ? null : { ...group, members };
}
