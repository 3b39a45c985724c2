/**
 * Ends an order that cannot fill, or whose rest cannot, at the moment at which it should. Why is decided by its caller.
 */

import { renewRowsOf } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Booked } from './arming.js';
import type { Moment } from './moment.js';
import { ledgerOfRefusal, type Refusal } from './refusal.js';

/** A market order of which nothing has filled is rejected whole; anything else ends with what has filled. */
export function refuseAtFill(
  runtime: AccountRuntime,
  { book, order }: Booked,
  why: Refusal,
  moment: Moment,
  hasFilled: boolean,
): void {
  const isRejected = order.type === 'market' && !hasFilled;
  const status = isRejected ? 'rejected' : 'cancelled';
  if (isRejected) order.refusedIn = ledgerOfRefusal(runtime.account, book.contract);
  book.orders.end(order, { status, timeMs: moment.timeMs, code: why.code, reason: why.reason });
  runtime.hasChanged = true;
  renewRowsOf(runtime, moment, book.contract);
  if (isRejected) runtime.journal.notices.push({ kind: 'rejected', order });
}
