/**
 * Runs both engines over one world and compares what they wrote: every row of every table, what the calls that are not orders
 * came to, what the strategy was told, the outcome and the totals. Texts for people (`info` of bills, warnings, details of
 * refusals), the exchange's name, and how far the price and quantity of a rejected order were read are left out; fractions are
 * compared to twelve decimals, drawdowns to nine.
 */

import { runBacktest } from '../../engine/engine.js';
import type { RecordSink, RunOutcome } from '../../engine/records.js';
import type { RunInput } from '../../engine/runInput.js';
import { runReference } from '../referenceEngine/referenceEngine.js';
import { formatWorld, type World } from './world.js';
import { inputOf } from './worldInput.js';

export type Engine = (input: RunInput) => Promise<RunOutcome>;

export interface Difference {
  /** Table, or `outcome`, or `error`. */
  readonly stream: string;
  readonly row: number;
  readonly fast: string;
  readonly reference: string;
  readonly world: World;
}

const STREAMS = [
  'error',
  'trades',
  'orders',
  'bills',
  'balance',
  'stop_trades',
  'positions',
  'closed_trades',
  'calls',
  'outcome',
  'totals',
];
/** Fields for people, which no rule of settlement decides. */
const LEFT_OUT = new Set(['info', 'warnings', 'maxDrawdown', 'exchange']);

type Writings = Map<string, string[]>;

/** A record as text: bigints as digits, fractions as decimals, contracts by venue and symbol. */
function textOf(record: unknown): string {
  return JSON.stringify(record, (key, item: unknown) => {
    if (LEFT_OUT.has(key)) return undefined;
    if (typeof item === 'bigint') return item.toString();
    if (typeof item !== 'object' || item === null) return item;
    if ('num' in item && 'den' in item) return reduced(item.num as bigint, item.den as bigint);
    if ('valueScale' in item && 'symbol' in item && 'venue' in item) return `${item.venue} ${item.symbol}`;
    if (!Array.isArray(item)) return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
    return item;
  });
}

/** A fraction to twelve decimals: averages need not be kept exactly, only far beyond what is printed. */
function reduced(n: bigint, d: bigint): string {
  if (d === 0n) return 'infinite';
  const scaled = (2n * n * 10n ** 12n + d) / (2n * d);
  return `${scaled}e-12`;
}

function sinkInto(writings: Writings): RecordSink {
  const into = (stream: string) => (record: unknown) => {
    writings.get(stream)!.push(textOf(record));
  };
  return {
    trade: into('trades'),
    stopTrade: into('stop_trades'),
    order: (record) => into('orders')(record.status === 'rejected' ? { ...record, price: null, qty: null } : record),
    balance: into('balance'),
    position: into('positions'),
    bill: into('bills'),
    closedTrade: into('closed_trades'),
  };
}

interface Run {
  readonly writings: Writings;
  readonly drawdowns: readonly number[];
}

async function runOne(engine: Engine, world: World): Promise<Run> {
  const writings: Writings = new Map(STREAMS.map((stream) => [stream, []]));
  try {
    const outcome = await engine(inputOf(world, sinkInto(writings), (text) => writings.get('calls')!.push(text)));
    const { totals } = outcome;
    const rest = textOf({ ...outcome, accounts: [], totals: null });
    writings.get('outcome')!.push(...outcome.accounts.map(textOf), rest);
    writings.get('totals')!.push(...totals.accounts.map(textOf), textOf(totals.overall));
    const sampled = [...outcome.accounts, ...totals.accounts, totals.overall];
    return { writings, drawdowns: sampled.map((each) => ('maxDrawdown' in each ? each.maxDrawdown : 0)) };
  } catch (error) {
    writings.get('error')!.push(error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error));
    return { writings, drawdowns: [] };
  }
}

/** Both engines over one world: null, or the first difference. */
export async function compareEngines(
  world: World,
  fast: Engine = runBacktest,
  reference: Engine = runReference,
): Promise<Difference | null> {
  const [a, b] = [await runOne(fast, world), await runOne(reference, world)];
  for (const stream of STREAMS) {
    const [rowsA, rowsB] = [a.writings.get(stream)!, b.writings.get(stream)!];
    for (let row = 0; row < Math.max(rowsA.length, rowsB.length); row += 1) {
      if (rowsA[row] === rowsB[row]) continue;
      return { stream, row, fast: rowsA[row] ?? '(none)', reference: rowsB[row] ?? '(none)', world };
    }
  }
  const i = a.drawdowns.findIndex((drawdown, j) => Math.abs(drawdown - b.drawdowns[j]!) > 1e-9);
  if (i < 0) return null;
  return { stream: 'maxDrawdown', row: i, fast: String(a.drawdowns[i]), reference: String(b.drawdowns[i]), world };
}

export function formatDifference(difference: Difference): string {
  const { stream, row, fast, reference, world } = difference;
  return `seed ${world.seed}: ${stream} row ${row}\nfast      ${fast}\nreference ${reference}\n${formatWorld(world)}`;
}

/** What both engines write over a world, table by table. */
export async function formatTables(world: World): Promise<string> {
  const runs = [
    { name: 'fast', run: await runOne(runBacktest, world) },
    { name: 'reference', run: await runOne(runReference, world) },
  ];
  return STREAMS.flatMap((stream) =>
    runs.map(({ name, run }) => `${stream}, ${name}\n  ${run.writings.get(stream)!.join('\n  ')}`),
  ).join('\n');
}
