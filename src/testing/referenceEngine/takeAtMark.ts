/**
 * Take-overs in the market: each position fills at the worse of mark and last, pays the taker fee and the liquidation fee, and
 * what is left returns to the wallet; what it cannot bear is insurance (settlement text §4.6).
 */

import type { Holding, Moment } from './account.js';
import { closeTrade, settleExtremes } from './closedTrades.js';
import { crossWallet, lastOf } from './margin.js';
import {
  maxRatio,
  multiply,
  type Num,
  negate,
  num,
  type Ratio,
  ratio,
  ratioOf,
  signed,
  ZERO,
  ZERO_RATIO,
} from './numbers.js';
import { worsePrice } from './partial.js';
import { type Group, tierOf } from './requirement.js';
import { shownPrice } from './shownPrice.js';
import { value } from './terms.js';
import { liquidationTiding } from './tidings.js';
import { feeOf, noteClosing, shareOf, writeTrade } from './trades.js';

export function takeAtMark(group: Group, moment: Moment): void {
  group.members.forEach((at, i) => {
    takeOne(group, at, moment, i === group.members.length - 1);
  });
}

/** Rate of the value that a liquidation costs beside the taker fee. */
function liquidationFeeRate(at: Holding, moment: Moment): Ratio {
  const { contract, rules } = at.book.terms;
  if (contract.liquidationFee !== null) return ratioOf(contract.liquidationFee);
  if (rules.liquidationFeeRule !== 'pacifica') return ZERO_RATIO;
  return maxRatio(ratio(num('0.0075')), multiply(ratio(num('0.4')), tierOf(at, moment.quotes).maintenance));
}

function takeOne(group: Group, at: Holding, moment: Moment, isLast: boolean): void {
  const { book, position } = at;
  const { account, ledger } = group;
  const { terms } = book;
  const price = worsePrice(at, moment);
  settleExtremes(at, lastOf(book, moment.quotes));
  const worth = value(terms, position.qty, price);
  const pnl = signed(position.side * terms.sigma, worth.minus(position.cost));
  const fee = feeOf(book, worth, 'taker');
  const extra = shareOf(liquidationFeeRate(at, moment), worth);
  const commission = fee.plus(extra);
  const margin = position.margin;
  const before = ledger.wallet;
  position.margin = ZERO;
  const bill = { timeMs: moment.timeMs };
  account.bookOn(at, { ...bill, type: 'liquidation', amount: pnl, fee: commission, isolatedDelta: negate(margin) });
  account.bookOn(at, { ...bill, type: 'fee', amount: negate(fee) });
  account.bookOn(at, { ...bill, type: 'liquidation_fee', amount: negate(extra) });
  const rest = group.kind === 'isolated' ? margin.plus(pnl).minus(commission) : crossRest(group, isLast);
  const insurance = rest.lt(ZERO) ? negate(rest) : ZERO;
  account.bookOn(at, { ...bill, type: 'insurance', amount: insurance });
  noteClosing(at, position.qty, price, pnl.plus(insurance));
  position.fees = position.fees.plus(commission);
  const cause = { reason: 'liquidation', orderId: null, stop: null } as const;
  const side = -position.side as 1 | -1;
  const shown = shownPrice(terms, price);
  writeTrade(
    { book, side, shown, liquidity: 'taker', moment, cause },
    { effect: 'close', qty: position.qty, worth, fee: commission, pnl },
  );
  const loss = before.minus(ledger.wallet);
  account.tidings.push(
    liquidationTiding(book, { timeMs: moment.timeMs, side: position.side, qty: position.qty, price: shown, loss }),
  );
  ledger.counters.liquidations += 1;
  closeTrade(at, moment, 'liquidation');
}

/** What the cross wallet has after the last of a group; only then the fund steps in. */
const crossRest = ({ account, ledger }: Group, isLast: boolean): Num => (isLast ? crossWallet(account, ledger) : ZERO);
