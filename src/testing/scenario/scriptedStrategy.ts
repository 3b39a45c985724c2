/**
 * The strategy of a scenario: it gives the lines of the script at the closes they name, through the calls of the strategy API, and
 * keeps what those that are no orders were answered.
 */

import type {
  Account,
  AllAccounts,
  CallResult,
  Context,
  Order,
  OrderOptions,
  Strategy,
} from '../../strategy/strategy.js';
import type { Action } from './actions.js';
import type { CallAnswer } from './foundRows.js';
import type { Script } from './parseScenario.js';

/** A strategy that gives the lines of the script at the closes they name. */
export function scriptedStrategy(script: Script, calls: CallAnswer[]): Strategy {
  let bar = 0;
  const act = (context: Context): void => {
    for (const action of script.actions) {
      if (action.bar !== bar) continue;
      if (action.account === 'all') {
        giveOrderToAll(context.accounts.all, context.symbol, action);
        continue;
      }
      const account = action.account === null ? context.account : context.accounts.get(action.account);
      const answer = performAction(account, context.symbol, action);
      if (answer !== null) calls.push({ ...answer, kind: action.kind, id: calls.length + 1 });
    }
  };
  return {
    initialize: act,
    handleData(context) {
      bar += 1;
      act(context);
    },
  };
}

function performAction(account: Account, symbol: string, action: Action): CallResult | null {
  switch (action.kind) {
    case 'order':
      giveOrder(account, action.symbol ?? symbol, action);
      return null;
    case 'fixed':
      account.openFixed(action.symbol ?? symbol, action.side, action.size ?? undefined);
      return null;
    case 'guard':
      guard(account, action);
      return null;
    case 'modify': {
      const { status, code, reason } = account.modify(action.orderId, action.changes);
      if (status !== 'rejected') return { status: 'done' };
      return { status, ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) };
    }
    case 'mode':
      return account.setMode(action.mode, action.symbol ?? undefined);
    case 'leverage':
      return account.setMaxLeverage(action.leverage, action.symbol ?? undefined);
    case 'margin':
      return moveMargin(account, action.symbol ?? symbol, action);
    case 'auto_margin':
      return account.setAutoMargin(action.isOn, action.symbol ?? undefined);
    case 'position_mode':
      return account.setPositionMode(action.mode, action.symbol ?? undefined);
    case 'deposit':
      return account.deposit(action.amount, action.currency ?? undefined);
    case 'withdraw':
      return account.withdraw(action.amount, action.currency ?? undefined);
    case 'transfer':
      return account.transfer(action.to, action.amount, action.currency ?? undefined);
    case 'cancel':
      if (action.orderId !== 'all') return account.cancel(action.orderId);
      account.cancelAll(action.symbol ?? undefined);
      return { status: 'done' };
  }
}

function moveMargin(account: Account, symbol: string, action: Action & { kind: 'margin' }): CallResult {
  const { amount, direction } = action;
  const side = action.side ?? undefined;
  return direction === 'in' ? account.addMargin(symbol, amount, side) : account.removeMargin(symbol, amount, side);
}

function guard(account: Account, { orderId, style: { name, value, base } }: Action & { kind: 'guard' }): Order {
  switch (name) {
    case 'stop_loss':
      return account.stopLoss(orderId, value);
    case 'stop_profit':
      return account.stopProfit(orderId, value);
    case 'stop_loss_pct':
      return account.stopLossPct(orderId, value, base);
    case 'stop_profit_pct':
      return account.stopProfitPct(orderId, value, base);
    case 'trailing_stop':
      return account.trailingStop(orderId, value);
    case 'trailing_stop_pct':
      return account.trailingStopPct(orderId, value);
  }
}

/** The order calls with a price, by their words. */
const PRICED = {
  long_open: 'longOpen',
  long_close: 'longClose',
  short_open: 'shortOpen',
  short_close: 'shortClose',
  long_open_pct: 'longOpenPct',
  long_close_pct: 'longClosePct',
  short_open_pct: 'shortOpenPct',
  short_close_pct: 'shortClosePct',
  buy: 'buy',
  sell: 'sell',
  buy_pct: 'buyPct',
  sell_pct: 'sellPct',
} as const;

type OrderAction = Action & { readonly kind: 'order' };

function optionsOf(action: OrderAction): OrderOptions {
  return {
    ...(action.styles.length === 0 ? {} : { orderStyle: action.styles as NonNullable<OrderOptions['orderStyle']> }),
    ...(action.trigger === null ? {} : { trigger: action.trigger }),
    ...(action.triggerBy === null ? {} : { triggerBy: action.triggerBy }),
    ...(action.timeInForce === null ? {} : { timeInForce: action.timeInForce as 'gtc' }),
    ...(action.leverage === null ? {} : { leverage: action.leverage }),
    ...(action.reduceOnly ? { reduceOnly: true } : {}),
    ...(action.postOnly ? { postOnly: true } : {}),
    ...(action.tag === null ? {} : { tag: action.tag }),
  };
}

function giveOrder(account: Account, symbol: string, action: OrderAction): Order {
  const { call, price, qty } = action;
  const options = optionsOf(action);
  if (call === 'long_open_pob') return account.longOpenPob(symbol, qty ?? undefined, options);
  if (call === 'short_open_pob') return account.shortOpenPob(symbol, qty ?? undefined, options);
  return account[PRICED[call]](symbol, price, qty!, options);
}

function giveOrderToAll(all: AllAccounts, symbol: string, action: Action): void {
  if (action.kind !== 'order') throw new Error(`${action.line.text}: account=all is for orders`);
  const { call, price, qty } = action;
  const options = optionsOf(action);
  if (call === 'long_open_pob') all.longOpenPob(symbol, qty ?? undefined, options);
  else if (call === 'short_open_pob') all.shortOpenPob(symbol, qty ?? undefined, options);
  else all[PRICED[call]](symbol, price, qty!, options);
}
