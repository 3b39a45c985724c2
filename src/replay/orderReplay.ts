/**
 * Gives the orders of a table to a run: before each bar those that are due by its open, as the calls that a strategy would make.
 * Orders that no bar opens for are left over and counted. It reads no files and knows no prices.
 */

import type { RunInput } from '../engine/runInput.js';
import type { Account, Context, Order, Strategy } from '../strategy/strategy.js';
import type { NamedContracts } from './namedContracts.js';
import type { OrderRow } from './orderTable.js';

/** One passage through a table; a second run needs another one. */
export interface OrderReplay {
  /** Does nothing by itself: the orders come before each bar. */
  readonly strategy: Strategy;
  readonly beforeOpen: NonNullable<RunInput['beforeOpen']>;
  /** The orders that have not been given. */
  left(): readonly OrderRow[];
}

/** A strategy without a will of its own. */
export const IDLE_STRATEGY: Strategy = { handleData() {} };

/** @param contracts of the run's accounts: spot pairs are bought and sold instead of opened and closed. */
export function createOrderReplay(orders: readonly OrderRow[], contracts: NamedContracts): OrderReplay {
  let next = 0;
  return {
    strategy: IDLE_STRATEGY,
    beforeOpen(context, nextOpenMs) {
      for (let order = orders[next]; order !== undefined && order.timeMs <= nextOpenMs; order = orders[next]) {
        next += 1;
        giveOrder(context, order, contracts.find(order.account, order.symbol)?.contract.type === 'spot');
      }
    },
    left: () => orders.slice(next),
  };
}

function giveOrder(context: Context, order: OrderRow, isSpot: boolean): Order {
  const account = order.account === null ? context.account : context.accounts.get(order.account);
  const { symbol, price, qty, options } = order;
  return account[callOf(order, isSpot)](symbol, price, qty, options);
}

type Call = 'buy' | 'sell' | 'longOpen' | 'longClose' | 'shortOpen' | 'shortClose';

/** A pair is bought to open and sold to close; the other two are refused by the desk, as contracts are. */
function callOf({ side, effect }: OrderRow, isSpot: boolean): Call & keyof Account {
  if (isSpot && side === 'buy' && effect === 'open') return 'buy';
  if (isSpot && side === 'sell' && effect === 'close') return 'sell';
  if (effect === 'open') return side === 'buy' ? 'longOpen' : 'shortOpen';
  return side === 'buy' ? 'shortClose' : 'longClose';
}
