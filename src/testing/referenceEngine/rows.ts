/**
 * Rows that describe a state rather than a change: balance rows by time, and position rows. A row stands for the state after
 * everything that happened at its time, so it is written again when more happens then.
 */

import type { BalanceRecord, PositionRecord } from '../../engine/records.js';
import type { Moment, RefAccount } from './account.js';
import { priceOfCost } from './closedTrades.js';
import { bankruptcyPrice, collateralOf, ledgerRequirement, shownLiquidationPrice, usesLedger } from './liquidation.js';
import { figuresAt, heldMargin, reserveOf, unrealized } from './margin.js';
import { ceil, fractionOf, minNum, type Num, ratioToFloat, toBigint, toFloat, ZERO } from './numbers.js';
import { isLive, remainingOf } from './orders.js';
import { exactValue, maintenanceRate, value } from './terms.js';

export function balanceRow(account: RefAccount, moment: Pick<Moment, 'timeMs' | 'mark'>): BalanceRecord {
  const figures = figuresAt(account, moment.mark);
  return {
    timeMs: moment.timeMs,
    account: account.input.name,
    currency: account.terms.contract.settle,
    wallet: toBigint(figures.wallet),
    unrealizedPnl: toBigint(figures.unrealized),
    marginBalance: toBigint(figures.marginBalance),
    positionMargin: toBigint(figures.positionMargin),
    orderMargin: toBigint(figures.orderMargin),
    available: toBigint(figures.available),
  };
}

/** Notes a row of this moment, or renews the one that stands there. */
export function noteRow(account: RefAccount, moment: Moment, withBalance: boolean, withPosition = false): void {
  const before = account.rows.get(moment.timeMs);
  if (before === undefined && !withBalance && !withPosition) return;
  account.rows.set(moment.timeMs, {
    timeMs: moment.timeMs,
    withBalance: withBalance || before?.withBalance === true,
    withPosition: withPosition || before?.withPosition === true,
    balance: balanceRow(account, moment),
    position: account.position === null ? null : positionRow(account, moment),
  });
}

function riskLevel(required: Num, equity: Num): PositionRecord['riskLevel'] {
  if (equity.lte(ZERO) || required.gte(equity)) return 'liquidation';
  if (required.times('10').gt(equity.times('8'))) return 'high';
  return required.times('10').lt(equity.times('3')) ? 'low' : 'normal';
}

/** Quantity locked by resting orders that only close. */
function frozenQty(account: RefAccount): Num {
  const position = account.position!;
  const locked = account.orders
    .filter((o) => isLive(o) && o.closing && o.type === 'limit' && o.side === -position.side && o.qty !== null)
    .reduce((sum, order) => sum.plus(remainingOf(order)), ZERO);
  return minNum(position.qty, locked);
}

export function positionRow(account: RefAccount, moment: Pick<Moment, 'timeMs' | 'mark'>): PositionRecord {
  const { terms, leverage } = account;
  const position = account.position!;
  const { mark } = moment;
  const gain = unrealized(terms, position, mark);
  const atMark = value(terms, position.qty, mark);
  const basis = usesLedger(account) ? ledgerRequirement(account) : maintenanceAtMark(account, mark);
  const equity = collateralOf(account).plus(gain);
  const frozen = frozenQty(account);
  const [liquidation, bankruptcy] = [shownLiquidationPrice(account), bankruptcyPrice(account)];
  return {
    timeMs: moment.timeMs,
    account: account.input.name,
    contract: terms.contract,
    side: position.side === 1 ? 'long' : 'short',
    markPrice: ratioToFloat(mark),
    amount: toBigint(atMark),
    total: toBigint(position.qty),
    available: toBigint(position.qty.minus(frozen)),
    frozen: toBigint(frozen),
    entryPrice: fractionOf(priceOfCost(terms, position.qty, position.cost)),
    unrealizedPnl: toBigint(gain),
    margin: toBigint(heldMargin(account).plus(reserveOf(account))),
    mode: position.mode,
    leverage: leverage.n.eq(ZERO) ? null : fractionOf(leverage),
    liquidationPrice: liquidation === null ? null : toFloat(liquidation),
    bankruptcyPrice: bankruptcy === null ? null : toFloat(bankruptcy),
    maintenanceMargin: toBigint(basis),
    equity: toBigint(equity),
    riskLevel: riskLevel(basis, equity),
  };
}

function maintenanceAtMark(account: RefAccount, mark: Moment['mark']): Num {
  const worth = exactValue(account.terms, account.position!.qty, mark);
  const rate = maintenanceRate(account.terms, ceil(worth));
  return ceil({ n: worth.n.times(rate.n), d: worth.d.times(rate.d) });
}

export const equityAt = (account: RefAccount, mark: Moment['mark']): Num =>
  account.wallet.plus(unrealized(account.terms, account.position, mark));
