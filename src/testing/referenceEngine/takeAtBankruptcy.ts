/**
 * Take-overs that cost all that stands behind a group: one position fills at its bankruptcy price, several share what is left by
 * maintenance, and where the mark is beyond, the fund makes up the difference (settlement text §4.6, §11).
 */

import type { Holding, Moment } from './account.js';
import { closeTrade, settleExtremes } from './closedTrades.js';
import { crossWallet, exactUnrealized, gainOf, lastOf, markOf, reserveOf } from './margin.js';
import {
  compare,
  divide,
  int,
  maxNum,
  minNum,
  multiply,
  type Num,
  negate,
  type Ratio,
  ratio,
  round,
  signed,
  subtract,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { collateralOf, exactEquity, type Group, requirementsOf, sumOf } from './requirement.js';
import { shownPrice } from './shownPrice.js';
import { priceOfLoss } from './shownPrices.js';
import { priceAtValue, toTick, value } from './terms.js';
import { liquidationTiding } from './tidings.js';
import { noteClosing, writeTrade } from './trades.js';

/** How one position is taken over. */
interface Loss {
  readonly price: Ratio;
  readonly shown: Num;
  readonly worth: Num;
  /** Amount of the liquidation bill. */
  readonly pnl: Num;
  /** What the fund adds, or takes. */
  readonly insurance: Num;
  readonly fee: Num;
}

export function takeAtBankruptcy(group: Group, moment: Moment): void {
  const losses = group.members.length === 1 ? [lossOfOne(group, moment)] : lossesOfSeveral(group, moment);
  group.members.forEach((at, i) => {
    bookLoss(group, at, losses[i]!, moment);
  });
}

/** Values and price of a fill at the mark. */
function atMark({ book, position }: Holding, { quotes }: Moment): Pick<Loss, 'price' | 'shown' | 'worth' | 'pnl'> {
  const { terms } = book;
  const mark = markOf(book, quotes);
  const worth = value(terms, position.qty, mark);
  const pnl = signed(position.side * terms.sigma, worth.minus(position.cost));
  return { price: mark, shown: shownPrice(terms, mark), worth, pnl };
}

function lossOfOne(group: Group, moment: Moment): Loss {
  const at = group.members[0]!;
  const { book, position } = at;
  const collateral = collateralOf(group);
  const shown = priceOfLoss(at, collateral);
  const gain = gainOf(at, moment.quotes);
  const reserve = group.kind === 'isolated' ? reserveOf(at) : ZERO;
  const fee = minNum(reserve, maxNum(ZERO, crossWallet(group.account, group.ledger)));
  // Where only the rounding of values makes the mark look beyond, the fund would be paid for it: that is no shortfall.
  const isShort = compare(exactEquity(group, moment.quotes), ZERO_RATIO) < 0 && gain.plus(collateral).lte(ZERO);
  if (isShort || shown === null) {
    const fill = atMark(at, moment);
    return { ...fill, insurance: negate(collateral).minus(fill.pnl), fee };
  }
  const worth = position.cost.minus(signed(position.side * book.terms.sigma, collateral));
  return { price: ratio(shown), shown, worth, pnl: negate(collateral), insurance: ZERO, fee };
}

/** Several cross positions share the equity by maintenance; below zero all fill at the mark and the fund pays the rest. */
function lossesOfSeveral(group: Group, moment: Moment): Loss[] {
  const { quotes } = moment;
  const { members } = group;
  const wallet = collateralOf(group);
  const equity = exactEquity(group, quotes);
  if (compare(equity, ZERO_RATIO) < 0) {
    const fills = members.map((at) => atMark(at, moment));
    const rest = fills.reduce((left, { pnl }) => left.plus(pnl), wallet);
    return fills.map((fill, i) => ({
      ...fill,
      insurance: i === members.length - 1 ? negate(rest) : ZERO,
      fee: ZERO,
    }));
  }
  const required = requirementsOf(group, quotes);
  const whole = sumOf(required);
  let left = negate(wallet);
  return members.map((at, i) => {
    const share = compare(whole, ZERO_RATIO) === 0 ? ratio(int(1), int(members.length)) : divide(required[i]!, whole);
    const gain = exactUnrealized(at.book.terms, at.position, markOf(at.book, quotes));
    const own = round(subtract(gain, multiply(equity, share)));
    const pnl = i === members.length - 1 ? left : own;
    left = left.minus(pnl);
    return shareOfLoss(at, pnl, moment);
  });
}

/** A fill at the price at which a position has this result; at the mark and with the fund where there is none. */
function shareOfLoss(at: Holding, pnl: Num, moment: Moment): Loss {
  const { terms } = at.book;
  const { position } = at;
  const worth = position.cost.plus(signed(position.side * terms.sigma, pnl));
  if (worth.lte(ZERO)) {
    const fill = atMark(at, moment);
    return { ...fill, insurance: pnl.minus(fill.pnl), fee: ZERO };
  }
  const price = priceAtValue(terms, position.qty, ratio(worth))!;
  return { price, shown: toTick(terms, price, 'nearest'), worth, pnl, insurance: ZERO, fee: ZERO };
}

function bookLoss(group: Group, at: Holding, taken: Loss, moment: Moment): void {
  const { book, position } = at;
  const { account, ledger } = group;
  settleExtremes(at, lastOf(book, moment.quotes));
  const { price, shown, worth, pnl, insurance, fee } = taken;
  const margin = position.margin;
  const before = ledger.wallet;
  position.margin = ZERO;
  const bill = { timeMs: moment.timeMs };
  account.bookOn(at, { ...bill, type: 'liquidation', amount: pnl, fee, isolatedDelta: negate(margin) });
  account.bookOn(at, { ...bill, type: 'fee', amount: negate(fee) });
  account.bookOn(at, { ...bill, type: 'insurance', amount: insurance });
  noteClosing(at, position.qty, price, pnl.plus(insurance));
  position.fees = position.fees.plus(fee);
  const cause = { reason: 'liquidation', orderId: null, stop: null } as const;
  const side = -position.side as 1 | -1;
  writeTrade(
    { book, side, shown, liquidity: 'taker', moment, cause },
    { effect: 'close', qty: position.qty, worth, fee, pnl },
  );
  const loss = before.minus(ledger.wallet);
  account.tidings.push(
    liquidationTiding(book, { timeMs: moment.timeMs, side: position.side, qty: position.qty, price: shown, loss }),
  );
  ledger.counters.liquidations += 1;
  closeTrade(at, moment, 'liquidation');
}
