/**
 * Which kinds of events the runs of the reference engine have met, counted by name, so that a test can say that the worlds reach
 * what the engines are compared for.
 */

import { findPreset } from '../../venue/presets.js';
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
    const [, , name, status, code, reason] = call.split(' ');
    note(status === 'done' ? `call ${name}` : `${code} ${reason}`);
  }
  if (run.outcome.accounts.some(({ bankruptAtMs }) => bankruptAtMs !== null)) note('bankrupt');
  if (run.outcome.ambiguous.length > 0) note('ambiguous');
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
