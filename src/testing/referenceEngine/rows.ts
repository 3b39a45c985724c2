/**
 * Rows that describe a state rather than a change: balance rows by time, and position rows. A row stands for the state after
 * everything that happened at its time, so it is written again when more happens then.
 */

import type { BalanceRecord, PositionRecord } from '../../engine/records.js';
import type { Book, Holding, Moment, Quotes, RefAccount, RefPosition } from './account.js';
import { priceOfCost } from './closedTrades.js';
import type { RefLedger } from './ledger.js';
import { figuresAt, gainOf, heldMargin, markOf, reserveOf } from './margin.js';
import { ceil, fractionOf, minNum, type Num, ratioToFloat, toBigint, toFloat, ZERO } from './numbers.js';
import { isLive, remainingOf, restsAtLimit } from './orders.js';
import { groupOf, groupRequirement, ownRequirement, shownEquity } from './requirement.js';
import { bankruptcyPrice, shownLiquidationPrice } from './shownPrices.js';
import { value } from './terms.js';

type RowMoment = Pick<Moment, 'timeMs' | 'quotes'>;

function balanceRow(account: RefAccount, ledger: RefLedger, moment: RowMoment): BalanceRecord {
  const figures = figuresAt(account, ledger, moment.quotes);
  return {
    timeMs: moment.timeMs,
    account: account.input.name,
    currency: ledger.currency,
    wallet: toBigint(figures.wallet),
    unrealizedPnl: toBigint(figures.unrealized),
    marginBalance: toBigint(figures.marginBalance),
    positionMargin: toBigint(figures.positionMargin),
    orderMargin: toBigint(figures.orderMargin),
    available: toBigint(figures.available),
  };
}

/** Notes a row of a ledger at this moment, or renews the one that stands there. */
export function noteRow(
  account: RefAccount,
  ledger: RefLedger,
  moment: RowMoment,
  withBalance: boolean,
  withPosition = false,
): void {
  // Where rows stand by the clock, a ledger that opens at that very moment has one too: a row for each currency.
  const others = ledger.isNew ? account.ledgers.map((other) => other.rows.get(moment.timeMs)) : [];
  const before = ledger.rows.get(moment.timeMs) ?? others.find((row) => row !== undefined);
  ledger.isNew = false;
  if (before === undefined && !withBalance && !withPosition) return;
  const hasPositions = withPosition || before?.withPosition === true;
  ledger.rows.set(moment.timeMs, {
    timeMs: moment.timeMs,
    withBalance: withBalance || before?.withBalance === true,
    withPosition: hasPositions,
    balance: balanceRow(account, ledger, moment),
    positions: hasPositions ? account.heldIn(ledger).map((each) => positionRow(each, moment)) : [],
  });
}

/** Notes rows of all ledgers of an account. */
export function noteRows(account: RefAccount, moment: RowMoment, withBalance: boolean, withPosition = false): void {
  for (const ledger of account.ledgers) noteRow(account, ledger, moment, withBalance, withPosition);
}

function riskLevel(required: Num, equity: Num): PositionRecord['riskLevel'] {
  if (equity.lte(ZERO) || required.gte(equity)) return 'liquidation';
  if (required.times('10').gt(equity.times('8'))) return 'high';
  return required.times('10').lt(equity.times('3')) ? 'low' : 'normal';
}

/** Quantity locked by resting orders that only close. */
export function frozenQty(book: Book, position: RefPosition): Num {
  const locked = book.orders
    .filter((o) => isLive(o) && o.closing && restsAtLimit(o) && o.side === -position.side && o.qty !== null)
    .reduce((sum, order) => sum.plus(remainingOf(order)), ZERO);
  return minNum(position.qty, locked);
}

function pricesOf(at: Holding, quotes: Quotes): Pick<PositionRecord, 'liquidationPrice' | 'bankruptcyPrice'> {
  const [liquidation, bankruptcy] = [shownLiquidationPrice(at, quotes), bankruptcyPrice(at, quotes)];
  return {
    liquidationPrice: liquidation === null ? null : toFloat(liquidation),
    bankruptcyPrice: bankruptcy === null ? null : toFloat(bankruptcy),
  };
}

/** What is held, at the mark; a spot pair's mark is its last price. */
function heldPart(at: Holding, { timeMs, quotes }: RowMoment): HeldPart {
  const { book, position } = at;
  const { terms, account } = book;
  const mark = markOf(book, quotes);
  const frozen = frozenQty(book, position);
  return {
    timeMs,
    account: account.input.name,
    contract: terms.contract,
    side: position.side === 1 ? 'long' : 'short',
    markPrice: ratioToFloat(mark),
    amount: toBigint(value(terms, position.qty, mark)),
    total: toBigint(position.qty),
    available: toBigint(position.qty.minus(frozen)),
    frozen: toBigint(frozen),
    entryPrice: fractionOf(priceOfCost(terms, position.qty, position.cost)),
    unrealizedPnl: toBigint(gainOf(at, quotes)),
  };
}

type HeldPart = Omit<
  PositionRecord,
  | 'margin'
  | 'mode'
  | 'leverage'
  | 'liquidationPrice'
  | 'bankruptcyPrice'
  | 'maintenanceMargin'
  | 'groupMaintenance'
  | 'equity'
  | 'riskLevel'
>;

/** Coins: nothing is borrowed on them, so nothing is at risk but their worth. */
function holdingRow(held: HeldPart): PositionRecord {
  return {
    ...held,
    margin: 0n,
    mode: null,
    leverage: null,
    liquidationPrice: null,
    bankruptcyPrice: null,
    maintenanceMargin: 0n,
    groupMaintenance: 0n,
    equity: held.amount,
    riskLevel: 'low',
  };
}

function positionRow(at: Holding, moment: RowMoment): PositionRecord {
  const { book, position } = at;
  const { leverage, account } = book;
  const { quotes } = moment;
  const held = heldPart(at, moment);
  if (book.isSpot) return holdingRow(held);
  const group = groupOf(account, position);
  const required = ceil(groupRequirement(group, quotes));
  const equity = shownEquity(group, quotes);
  return {
    ...held,
    margin: toBigint(heldMargin(at, quotes).plus(reserveOf(at))),
    mode: position.mode,
    leverage: leverage.n.eq(ZERO) ? null : fractionOf(leverage),
    ...pricesOf(at, quotes),
    maintenanceMargin: toBigint(ceil(ownRequirement(group, at, quotes))),
    groupMaintenance: toBigint(required),
    equity: toBigint(equity),
    riskLevel: riskLevel(required, equity),
  };
}
