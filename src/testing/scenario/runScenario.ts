/**
 * Runs a parsed scenario: bars become a series, the order lines a strategy that gives them at the closes they name, and a sink
 * collects every record. Comparing the records with the expectations is expectations.ts.
 */

import type { Contract } from '../../contract/contract.js';
import { runBacktest } from '../../engine/engine.js';
import type {
  BalanceRecord,
  BillRecord,
  ClosedTradeRecord,
  OrderRecord,
  PositionRecord,
  RecordSink,
  RunOutcome,
  StopTradeRecord,
  TradeRecord,
} from '../../engine/records.js';
import type { AccountInput, FundingSource, RunInput } from '../../engine/runInput.js';
import type { BarChunk, BarSeries, FineBars, SeriesStats } from '../../market/bars.js';
import type { Fraction } from '../../money/decimal.js';
import type { CallAnswer } from './foundRows.js';
import type { Script } from './parseScenario.js';
import type { ScriptBar } from './readBar.js';
import type { CoveredBar } from './readParts.js';
import { scriptedStrategy } from './scriptedStrategy.js';

/** Every record of a run in the order in which the engine gave it. */
export interface Collected {
  readonly trades: TradeRecord[];
  readonly stops: StopTradeRecord[];
  readonly orders: OrderRecord[];
  readonly balances: BalanceRecord[];
  readonly positions: PositionRecord[];
  readonly bills: BillRecord[];
  readonly closedTrades: ClosedTradeRecord[];
  /** What the lines that are no orders were answered. */
  readonly calls: CallAnswer[];
}

export interface ScenarioRun {
  readonly script: Script;
  readonly collected: Collected;
  readonly outcome: RunOutcome;
}

export async function runScenario(script: Script): Promise<ScenarioRun> {
  const collected = collectNothing();
  return { script, collected, outcome: await runBacktest(inputOf(script, collected)) };
}

/** Tables without a row. */
export function collectNothing(): Collected {
  return {
    trades: [],
    stops: [],
    orders: [],
    balances: [],
    positions: [],
    bills: [],
    closedTrades: [],
    calls: [],
  };
}

/** What the engine is given to run a script; its records go into the tables. */
export function inputOf(script: Script, collected: Collected): RunInput {
  return {
    symbols: script.series.map(({ contract, bars }) => ({
      name: contract.symbol,
      symbol: contract.symbol,
      venue: null,
      bars: seriesOf(contract, bars, script),
      hasMark: bars[0] !== undefined && bars[0].mark !== null,
      fineIntervalMs: script.detailMs,
      funding: contract.type === 'spot' ? { kind: 'missing' } : fundingOf(script),
    })),
    accounts: accountsOf(script),
    strategy: scriptedStrategy(script, collected.calls),
    params: {},
    fromMs: null,
    toMs: null,
    intrabar: script.intrabar,
    slippage: script.slippage,
    balanceEvery: script.rows,
    sink: collectInto(collected),
  };
}

function collectInto(collected: Collected): RecordSink {
  return {
    trade: (record) => collected.trades.push(record),
    stopTrade: (record) => collected.stops.push(record),
    order: (record) => collected.orders.push(record),
    balance: (record) => collected.balances.push(record),
    position: (record) => collected.positions.push(record),
    bill: (record) => collected.bills.push(record),
    closedTrade: (record) => collected.closedTrades.push(record),
  };
}

function accountsOf({ accounts, rules, series }: Script): AccountInput[] {
  const contracts = new Map(series.map(({ contract }) => [contract.symbol, contract]));
  return accounts.map((account) => ({
    ...account,
    rules,
    contracts,
    modeIsExplicit: false,
    leverageIsExplicit: false,
  }));
}

function fundingOf({ funding }: Script): FundingSource {
  if (funding === null) return { kind: 'missing' };
  return isFraction(funding) ? { kind: 'constant', rate: funding } : { kind: 'rates', rates: funding };
}

const isFraction = (funding: NonNullable<Script['funding']>): funding is Fraction => 'num' in funding;

function seriesOf({ symbol }: Contract, bars: readonly CoveredBar[], { intervalMs, detailMs }: Script): BarSeries {
  const last = bars.at(-1);
  const stats: SeriesStats = {
    rows: bars.length,
    bars: bars.length,
    firstOpenTimeMs: bars[0]?.openTimeMs ?? 0,
    lastCloseTimeMs: last === undefined ? 0 : last.openTimeMs + intervalMs,
    droppedDuplicates: 0,
    repairedOpens: 0,
    roundedPrices: 0,
    zeroVolumeBars: 0,
    gaps: 0,
    missingBars: 0,
    firstGap: null,
    missingMarks: 0,
    reversed: false,
  };
  const chunks = chunksOf(bars, detailMs !== null);
  return { symbol, intervalMs, dialect: 'plain', assumptions: [], stats, chunks };
}

/** Chunks of at most two bars, so that every scenario of some length also crosses a chunk. */
async function* chunksOf(bars: readonly CoveredBar[], isDetailed: boolean): AsyncGenerator<BarChunk> {
  const hasMark = bars[0]?.mark !== null;
  for (let i = 0; i < bars.length; i += 2) {
    const some = bars.slice(i, i + 2);
    yield { ...chunkOf(some, hasMark), ...(isDetailed ? { fine: finerOf(some, hasMark) } : {}) };
  }
}

function finerOf(bars: readonly CoveredBar[], hasMark: boolean): FineBars {
  let count = 0;
  const first = Int32Array.from(bars, ({ parts }) => {
    count += parts.length;
    return parts.length === 0 ? -1 : count - parts.length;
  });
  const parts = bars.flatMap((bar) => bar.parts);
  return { bars: chunkOf(parts, hasMark), first };
}

function chunkOf(bars: readonly ScriptBar[], hasMark: boolean): BarChunk {
  const column = (of: (bar: ScriptBar) => number): Float64Array => Float64Array.from(bars, of);
  const prices = (series: 'last' | 'mark') => ({
    open: column((bar) => bar[series]![0]),
    high: column((bar) => bar[series]![1]),
    low: column((bar) => bar[series]![2]),
    close: column((bar) => bar[series]![3]),
  });
  const chunk = {
    length: bars.length,
    openTimeMs: column((bar) => bar.openTimeMs),
    ...prices('last'),
    volume: column(() => 1),
  };
  if (!hasMark) return chunk;
  return {
    ...chunk,
    mark: { ...prices('mark'), closedAtClose: Uint8Array.from(bars, (bar) => (bar.isMarkKnown ? 1 : 0)) },
  };
}
