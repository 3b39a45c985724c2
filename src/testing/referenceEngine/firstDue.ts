/**
 * The first place on the way of one symbol's mark at which a group becomes due: all tier bounds are walked in the order of travel
 * and each stretch between two of them, on which the condition is linear, is solved exactly. The other symbols stand still.
 */

import type { Quotes } from './account.js';
import { exactUnrealized, markOf } from './margin.js';
import { add, compare, divide, multiply, num, type Ratio, ratio, reduced, subtract, ZERO_RATIO } from './numbers.js';
import {
  amountOf,
  collateralOf,
  type Group,
  goesByLedgerPrice,
  isDue,
  ledgerLiquidationPrice,
  ownRequirement,
  type Requirement,
  requirementIn,
  testedCollateral,
} from './requirement.js';
import { exactValue, priceAtValue, type Terms } from './terms.js';
import { tierAt, tierBounds } from './tiers.js';

/** Quotes with another mark of one symbol. */
export function withMark(quotes: Quotes, series: string, mark: Ratio): Quotes {
  return new Map([...quotes, [series, { last: quotes.get(series)?.last ?? mark, mark }]]);
}

/** What moves with the mark of a symbol, and what stands still. */
interface Moving {
  readonly group: Group;
  readonly series: string;
  readonly terms: Terms;
  readonly members: Group['members'];
  /** Collateral with the result of all others, less what they require. */
  readonly rest: Ratio;
}

export function movingPart(group: Group, series: string, quotes: Quotes): Moving {
  const members = group.members.filter(({ book }) => book.series === series);
  const others = { ...group, members: group.members.filter(({ book }) => book.series !== series) };
  let rest = testedCollateral(group);
  for (const { book, position } of others.members) {
    rest = add(rest, exactUnrealized(book.terms, position, markOf(book, quotes)));
  }
  if (others.members.length > 0) {
    const required = others.members.map((each) => ownRequirement(group, each, quotes));
    others.members.forEach(({ book }, i) => {
      const twin = others.members.findIndex((other, j) => j !== i && other.book === book);
      const isLess = twin >= 0 && (compare(required[i]!, required[twin]!) || (i < twin ? 1 : -1)) < 0;
      if (isLess && book.terms.rules.hedgeMaintenance === 'larger') return;
      rest = subtract(rest, required[i]!);
    });
  }
  return { group, series, terms: members[0]!.book.terms, members, rest };
}

const middleOf = (a: Ratio, b: Ratio): Ratio =>
  ratio(a.n.times(b.d).plus(b.n.times(a.d)), a.d.times(b.d).times(num('2')));

/** Marks between two at which a tier begins or ends, in the direction of travel, the end included. */
function boundsOf({ members }: Moving, from: Ratio, to: Ratio): Ratio[] {
  const bounds = members.flatMap(({ book, position }) => {
    const values = [exactValue(book.terms, position.qty, from), exactValue(book.terms, position.qty, to)] as const;
    const [least, most] = compare(values[0], values[1]) < 0 ? values : [values[1], values[0]];
    if (book.terms.rules.maintenanceBasis === 'entry') return [];
    return tierBounds(book.terms, least, most).map((bound) => priceAtValue(book.terms, position.qty, ratio(bound))!);
  });
  const direction = compare(to, from);
  return [...bounds.sort((a, b) => compare(a, b) * direction), to];
}

/** The requirements of the moving positions on a stretch within one tier each. */
function formsOn({ group, members }: Moving, from: Ratio, to: Ratio): Requirement[] {
  const middle = middleOf(from, to);
  return members.map((each) => {
    const { terms } = each.book;
    const isAtMark = terms.rules.maintenanceBasis === 'mark' && terms.rules.liquidationRule === 'exact';
    const worth = isAtMark ? exactValue(terms, each.position.qty, middle) : ratio(each.position.cost);
    return requirementIn(each, tierAt(terms, { worth, qty: each.position.qty }), collateralOf(group));
  });
}

/** What the moving positions require together at a mark, by the forms of their stretch. */
function requiredAt({ members, terms, group }: Moving, forms: readonly Requirement[], mark: Ratio): Ratio {
  const amounts = members.map(({ position }, i) => amountOf(forms[i]!, exactValue(terms, position.qty, mark)));
  const isLarger = group.kind === 'cross' && terms.rules.hedgeMaintenance === 'larger';
  if (!isLarger) return amounts.reduce(add, ZERO_RATIO);
  return amounts.reduce((a, b) => (compare(a, b) < 0 ? b : a), ZERO_RATIO);
}

/** Equity less requirement at a mark; for an inverse contract times the price, so that it is linear in the price. */
function excessAt(moving: Moving, forms: readonly Requirement[], mark: Ratio): Ratio {
  let equity = moving.rest;
  for (const { book, position } of moving.members) equity = add(equity, exactUnrealized(book.terms, position, mark));
  const rest = subtract(equity, requiredAt(moving, forms, mark));
  return moving.terms.isInverse ? multiply(rest, mark) : rest;
}

/** Marks inside a stretch at which a requirement leaves 0, or becomes the larger of a pair: there the condition bends. */
function bendsOn({ members, terms }: Moving, forms: readonly Requirement[], from: Ratio, to: Ratio): Ratio[] {
  const zero = (rate: Ratio, fixed: Ratio): Ratio[] => {
    if (compare(rate, ZERO_RATIO) === 0) return [];
    const unitWorth = divide(subtract(ZERO_RATIO, fixed), rate);
    const mark = priceAtValue(terms, num('1'), unitWorth);
    if (mark === null) return [];
    return compare(mark, from) * compare(mark, to) < 0 ? [reduced(mark)] : [];
  };
  const perUnit = forms.map(({ rate }, i) => multiply(rate, ratio(members[i]!.position.qty)));
  const bends = forms.flatMap(({ fixed }, i) => zero(perUnit[i]!, fixed));
  if (forms.length === 2) {
    bends.push(...zero(subtract(perUnit[0]!, perUnit[1]!), subtract(forms[0]!.fixed, forms[1]!.fixed)));
  }
  const direction = compare(to, from);
  return [...bends.sort((a, b) => compare(a, b) * direction), to];
}

/** Where on a straight stretch the condition begins to hold; null where nowhere before its end. */
function firstOnStretch(moving: Moving, forms: readonly Requirement[], from: Ratio, to: Ratio): Ratio | null {
  const isInclusive = moving.terms.rules.liquidationInclusive;
  const [start, end] = [excessAt(moving, forms, from), excessAt(moving, forms, to)];
  const [atStart, atEnd] = [compare(start, ZERO_RATIO), compare(end, ZERO_RATIO)];
  if (atStart < 0 || (isInclusive && atStart === 0)) return from;
  if (atStart === 0) return atEnd < 0 ? from : null;
  if (atEnd > 0 || (!isInclusive && atEnd === 0)) return null;
  const share = divide(start, subtract(start, end));
  return reduced(add(from, multiply(share, subtract(to, from))));
}

/** First mark of a symbol on the way from one to another at which a group is due; null where it is not. */
export function firstDueMark(group: Group, series: string, quotes: Quotes, from: Ratio, to: Ratio): Ratio | null {
  const isDueAt = (mark: Ratio): boolean => isDue(group, withMark(quotes, series, mark));
  if (isDueAt(from)) return from;
  if (compare(from, to) === 0) return null;
  if (goesByLedgerPrice(group)) return isDueAt(to) ? ratio(ledgerLiquidationPrice(group)!) : null;
  const moving = movingPart(group, series, quotes);
  let start = from;
  for (const bound of boundsOf(moving, from, to)) {
    const forms = formsOn(moving, start, bound);
    for (const bend of bendsOn(moving, forms, start, bound)) {
      const found = firstOnStretch(moving, forms, start, bend);
      if (found !== null) return found;
      start = bend;
    }
  }
  return isDueAt(to) ? to : null;
}

/** First mark of a symbol on the way from one where a group is due to another at which it no longer is; null where it stays due. */
export function firstSoundMark(group: Group, series: string, quotes: Quotes, from: Ratio, to: Ratio): Ratio | null {
  const moving = movingPart(group, series, quotes);
  let start = from;
  for (const bound of boundsOf(moving, from, to)) {
    const forms = formsOn(moving, start, bound);
    for (const bend of bendsOn(moving, forms, start, bound)) {
      const [here, there] = [excessAt(moving, forms, start), excessAt(moving, forms, bend)];
      if (compare(here, ZERO_RATIO) > 0) return start;
      if (compare(there, ZERO_RATIO) > 0) {
        return reduced(add(start, multiply(divide(here, subtract(here, there)), subtract(bend, start))));
      }
      start = bend;
    }
  }
  return null;
}

/** On how many ways from the open of a bar a group becomes due: down and up for one symbol, once at an extreme for several. */
export function waysDue(group: Group, open: Quotes, low: Quotes, high: Quotes): number {
  const { book } = group.members[0]!;
  if (group.members.some((each) => each.book !== book)) return isDue(group, low) || isDue(group, high) ? 1 : 0;
  const start = markOf(book, open);
  return [low, high].filter((end) => firstDueMark(group, book.series, open, start, markOf(book, end)) !== null).length;
}
