/**
 * What resting spot orders lock of a ledger: buys the quote currency they would cost, sells the coins they would deliver. Stops
 * lock nothing until they trigger, market orders nothing until they fill; there is no netting.
 */

import type { TradingAccount } from '../account/account.js';
import { computeSpotLock, toBaseUnits } from '../account/spotCost.js';
import { fractionOfF64 } from '../money/decimal.js';
import { isLimit, type Order } from '../orders/order.js';
import type { SymbolBook } from './symbolBook.js';

/** Σ locks of a ledger, in its units. @param without an order whose own lock is counted back. */
export function computeLocked(
  account: TradingAccount,
  books: readonly SymbolBook[],
  code: string,
  without?: Order,
): bigint {
  let locked = 0n;
  for (const { contract, orders } of books) {
    if (contract.base === null) continue;
    for (const order of orders.all) {
      if (!isLimit(order) || order.qty === null || order === without) continue;
      const rest = order.qty - order.filledQty;
      if (order.side === 'buy' && contract.settle.code === code) {
        const price = fractionOfF64(order.price!, contract.priceDecimals);
        locked += computeSpotLock(contract, rest, price, account.takerFee(contract));
      } else if (order.side === 'sell' && contract.base.code === code) {
        locked += toBaseUnits(contract, rest);
      }
    }
  }
  return locked;
}
