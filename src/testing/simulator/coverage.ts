/**
 * Which kinds of events the runs of the reference engine have met, counted by name, so that a test can say that the worlds reach
 * what the engines are compared for.
 */

import { findPreset } from '../../venue/presets.js';
import { countFills } from './coverageFills.js';
import { countExchanges, countFiner } from './coverageVenues.js';
import type { ReferenceRun } from './referenceRun.js';
import type { World } from './world.js';

export type Counts = Map<string, number>;

/** Counts what happened in one run. */
export function count(world: World, run: ReferenceRun, counts: Counts): void {
  const note = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const rulesOf = (name: string) => findPreset(world.accounts.find((account) => account.name === name)!.preset)!;
  for (const bill of run.bills) note(`bill ${bill.type}`);
  for (const trade of run.trades) {
    if (trade.reason === 'liquidation') note(`liquidation ${rulesOf(trade.account).liquidationFill}`);
    if (trade.reason === 'partial_liquidation') {
      note(`partial_liquidation ${rulesOf(trade.account).partialLiquidation}`);
    }
  }
  countTogether(run, note);
  for (const order of run.orders) {
    if (order.code !== null) note(`${order.code} ${order.reason}`);
    if (order.reason === 'liquidation') note('cancelled by liquidation');
  }
  for (const call of run.calls) {
    const [, what, name, status, code, reason] = call.split(' ');
    if (what === 'told') note(`told ${name}`);
    else if (what === 'shown') note('bars shown');
    else if (what === '*') note('calls on all accounts');
    else if (name === 'safeSize' || name === 'riskSize') note(`${name} ${answerOf(status, code)}`);
    else if (name === 'modify') note(`modify ${status === 'rejected' ? `${code} ${reason}` : 'accepted'}`);
    else if (name === 'figures') note('figures');
    else note(status === 'done' ? `call ${name}` : `${code} ${reason}`);
  }
  countSpot(run, note);
  countSizes(world, run, note);
  countOrders(run, note);
  countTotals(run, note);
  countExchanges(world, run, note);
  countFiner(world, run, note);
  countFills(world, run, note);
  if (run.outcome.accounts.some(({ bankruptAtMs }) => bankruptAtMs !== null)) note('bankrupt');
  if (run.outcome.ambiguous.length > 0) note('ambiguous');
}

/** How orders by value over wallet ended, and orders that brought their leverage. */
function countSizes(world: World, run: ReferenceRun, note: (name: string) => void): void {
  const statuses = new Map(run.orders.map(({ id, status }) => [id, status]));
  for (const call of run.calls) {
    const [, account, name] = call.split(' ');
    if (account === '*' || (name !== 'longOpenPob' && name !== 'shortOpenPob' && name !== 'openFixed')) continue;
    const { id } = JSON.parse(call.slice(call.indexOf('{'))) as { id: number };
    note(`sized by ${name === 'openFixed' ? 'two of three' : 'value over wallet'} ${statuses.get(id)}`);
  }
  const isLeveraged = world.calls.some((line) => 'leverage' in line && 'orderStyle' in line);
  if (isLeveraged && run.bills.some(({ type }) => type === 'leverage_change')) note('leverage with an order taken');
}

const answerOf = (status: string | undefined, answer: string | undefined): string =>
  status === 'threw' ? 'threw' : answer === '0' ? 'nothing' : 'something';

/** How orders of each type ended, where stops fired, and what became of changed and replaced ones. */
function countOrders(run: ReferenceRun, note: (name: string) => void): void {
  for (const { type, status, reason, timeMs, endTimeMs } of run.orders) {
    if (status !== 'rejected') note(`${type} ${status}${reason === null ? '' : ` ${reason}`}`);
    if (reason === 'not_filled_at_once')
      note(`${type} ${reason} ${timeMs === endTimeMs ? 'at the next open' : 'later'}`);
  }
  const filled = new Map(run.orders.map((order) => [order.id as number | string | null, order]));
  for (const { orderId, liquidity, reason } of run.trades) {
    const type = filled.get(orderId)?.type;
    if (type === 'stop_limit' && reason === 'order') note(`stop_limit ${liquidity}`);
  }
  for (const { rule, path, trigger } of run.stops) {
    note(`${rule} at ${path === 'open' ? 'an open' : 'a place on a leg'}, ${trigger}`);
  }
  for (const call of run.calls) {
    const [, account, name, status] = call.split(' ');
    if (account === '*' || name !== 'modify' || status === 'rejected') continue;
    const { id } = JSON.parse(call.slice(call.indexOf('{'))) as { id: number };
    const { status: end, type, parentId } = filled.get(id)!;
    if (end === 'filled') note(`modified ${parentId === null ? type : 'bracket stop'} filled`);
  }
}

/** Coins bought, sold and moved, and what else is only of spot pairs. */
function countSpot(run: ReferenceRun, note: (name: string) => void): void {
  const pairs = [...run.trades, ...run.orders].flatMap(({ contract }) => (contract?.type === 'spot' ? [contract] : []));
  const coins = new Set(pairs.map(({ base }) => base!.code));
  for (const { contract, side, reason, liquidity } of run.trades) {
    if (contract.type === 'spot') note(`spot ${side} ${reason} ${liquidity}`);
  }
  for (const { contract, status, reason, type, qty, filledQty, parentId } of run.orders) {
    if (contract?.type !== 'spot') continue;
    if (reason === 'liquidation' || reason === 'bankrupt') note(`spot order cancelled by ${reason}`);
    if (reason === 'insufficient_balance') note(`${status} spot ${type} ${reason}`);
    if (parentId !== null && filledQty > 0n && filledQty < qty!) note('spot leg cut to what is free');
  }
  for (const { type, currency, positionId } of run.bills) {
    if (type === 'spot_sell' && positionId === null) note('sale of coins that were not bought');
    if (coins.has(currency.code) && !type.startsWith('spot') && type !== 'fee') note(`coins: ${type}`);
  }
  if (run.closed.some(({ contract }) => contract.type === 'spot')) note('closed holding');
  for (const row of run.positions) {
    if (row.mode === null) note(row.frozen > 0n ? 'row of a holding with coins frozen' : 'row of a holding');
  }
}

function countTotals({ outcome }: ReferenceRun, note: (name: string) => void): void {
  const { accounts, totals } = outcome;
  for (const total of [...totals.accounts, totals.overall]) {
    if ('reason' in total) note('no total');
    else if (new Set(accounts.map(({ currency }) => currency.code)).size > 2) note('total of three currencies');
  }
}

/** Take-overs of several positions at once, and rows with several cross positions or both sides. */
function countTogether(run: ReferenceRun, note: (name: string) => void): void {
  const sizeOf = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
    const groups = new Map<string, T[]>();
    for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
    return groups;
  };
  const taken = sizeOf(
    run.trades.filter(({ reason }) => reason === 'liquidation'),
    (trade) => `${trade.account} ${trade.timeMs} ${trade.contract.settle.code}`,
  );
  for (const trades of taken.values()) {
    if (new Set(trades.map(({ contract }) => contract.symbol)).size > 1) note('liquidation of several symbols');
    else if (trades.length > 1) note('liquidation of a pair');
  }
  const rows = sizeOf(run.positions, (row) => `${row.account} ${row.timeMs}`);
  for (const positions of rows.values()) {
    const cross = positions.filter(({ mode }) => mode === 'cross');
    if (new Set(cross.map(({ contract }) => contract.symbol)).size > 1) note('row of several cross symbols');
    if (new Set(positions.map(({ contract }) => contract.symbol)).size < positions.length) note('row of a pair');
  }
}
