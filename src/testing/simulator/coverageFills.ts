/**
 * Which kinds of events the runs of the reference engine have met that only worlds with given fills have, counted by name.
 */

import type { ReferenceRun } from './referenceRun.js';
import { timesOf, type World, type WorldFill } from './world.js';

type Note = (name: string) => void;

/** Counts what comes of given fills in one run. */
export function countFills(world: World, run: ReferenceRun, note: Note): void {
  const { fills } = world;
  if (fills === undefined) return;
  const kind = fills.areAlone ? 'given alone' : 'given';
  note(`${kind}: a world`);
  for (const { liquidity, contract, reason, positionEffect } of run.trades) {
    if (reason !== 'replay') continue;
    note(`${kind}: ${contract.type === 'spot' ? 'spot' : positionEffect}, ${liquidity}`);
  }
  for (const fill of fills.rows) {
    countParts(world, run, { fill, note });
    if (!fills.areAlone) note(`given ${placeOf(world, fill)}`);
  }
  if (fills.areAlone) countAlone(run, note);
  else if (run.trades.some(({ reason }) => reason === 'liquidation')) note('given: liquidation');
  if (run.calls.some((call) => call.includes(' setMaxLeverage done'))) note('given: leverage changed between them');
}

/** How a fill was split, what it cost, and who else filled then. */
function countParts(
  { accounts, fills }: World,
  run: ReferenceRun,
  { fill, note }: { readonly fill: WorldFill; readonly note: Note },
): void {
  const isItsOwn = ({ timeMs, account }: { readonly timeMs: number; readonly account: string }): boolean =>
    timeMs === fill.timeMs && account === fill.account;
  const parts = run.trades.filter(
    (trade) => isItsOwn(trade) && trade.reason === 'replay' && trade.price === Number(fill.price),
  );
  const traded = parts.reduce((sum, { qty }) => sum + qty, 0n);
  if (parts.length > 1 && traded === BigInt(fill.qty))
    note(`given: turned round, fee by ${fill.fee === null ? 'rate' : 'table'}`);
  if (fill.effect === 'close' && traded < BigInt(fill.qty)) note('given: a close cut');
  if (fill.fee?.startsWith('-')) note('given: a rebate');
  if (run.bills.some((bill) => isItsOwn(bill) && bill.type === 'funding')) note('given at the time of funding');
  const { positionMode, exchange } = accounts.find(({ name }) => name === fill.account)!;
  if (positionMode === 'hedged') note('given: hedged');
  if (exchange === 'simulated2') note('given at the second exchange');
  const isAfterAnother = fills!.rows.some(
    ({ timeMs, account }, i) => i < fills!.rows.indexOf(fill) && timeMs === fill.timeMs && account > fill.account,
  );
  if (isAfterAnother) note('given: accounts in the order of the table');
}

/** Where in time a fill lies. */
function placeOf(world: World, { timeMs, symbol }: WorldFill): string {
  const { intervalMs, parts } = world;
  const opens = timesOf(world);
  const step = opens.findLast((openTimeMs) => openTimeMs <= timeMs)!;
  if (timeMs === step) return 'at an open';
  if (timeMs >= step + intervalMs) {
    if (step !== opens.at(-1)) return 'in a gap';
    return timeMs === step + intervalMs ? 'at the last close' : 'after the last close';
  }
  const bar = world.symbols.find(({ name }) => name === symbol)!.bars.find(({ openTimeMs }) => openTimeMs === step);
  if (bar === undefined) return 'where its symbol stands still';
  if (bar.parts === undefined || parts === undefined) return 'inside a bar';
  return ((timeMs - step) * parts) % intervalMs === 0 ? 'at the open of a finer bar' : 'inside a finer bar';
}

/** What there is without candles, and what there must not be. */
function countAlone({ bills, trades, outcome }: ReferenceRun, note: Note): void {
  if (bills.some(({ balanceAfter }) => balanceAfter < 0n)) note('given alone: a wallet below zero');
  if (bills.some(({ type }) => type === 'funding')) note('given alone: funding');
  if (new Set(trades.map(({ contract }) => contract.symbol)).size > 1) note('given alone: several symbols');
  if (outcome.accounts.some(({ openPositions }) => openPositions > 0)) note('given alone: open at the end');
}
