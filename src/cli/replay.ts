/**
 * `backtest replay`: a table of orders or of fills instead of a strategy, through the same settlement, with the same run folder and
 * tables. Here the two are told apart and turned into what a run trades; reading the tables is src/replay, running is run.ts.
 */

import { basename, extname } from 'node:path';
import { EXIT, type ExitCode, UserError } from '../errors.js';
import { createFillSeries } from '../replay/fillSeries.js';
import { type FillTable, loadFillTable, resolveFills } from '../replay/fillTable.js';
import { NamedContracts } from '../replay/namedContracts.js';
import { createOrderReplay, IDLE_STRATEGY } from '../replay/orderReplay.js';
import { loadOrderTable, type OrderTable, requireOfRun } from '../replay/orderTable.js';
import type { ReplayTable } from '../replay/replayTable.js';
import type { ResolvedAccounts } from './accountInput.js';
import { findCandleStore } from './cacheFolder.js';
import { type OpenedCandles, openCandles, requireDataFiles } from './candleFiles.js';
import type { CommandContext } from './commandContext.js';
import { type DataRequest, parseDataRequest, pathFrom } from './dataOptions.js';
import { badOption, type Given, type GivenOptions } from './givenOptions.js';
import { REPLAY_OPTIONS } from './replayOptionTable.js';
import { settle } from './run.js';
import type { RunData } from './runData.js';
import { prepareSettlement, type SettlementPlan } from './runPlan.js';
import type { RunSource, SourceInput } from './runSource.js';

/** @throws UserError of every exit code but 1, 4, 70 and 130 */
export async function replay(asGiven: CommandContext): Promise<ExitCode> {
  const context = { ...asGiven, given: withoutTimeframe(asGiven.given) };
  const { given, io } = context;
  const table = requireOneTable(given);
  requireDataFiles(given, io.cwd);
  const { plan, data } =
    table.kind === 'orders' ? await prepareOrders(table.given, context) : await prepareFills(table.given, context);
  try {
    return await settle(plan, data, context);
  } finally {
    await data.close();
  }
}

/** On which bars a strategy is called is of no account without one. */
function withoutTimeframe(given: GivenOptions): GivenOptions {
  return { ...given, find: (name) => (name === 'timeframe' ? undefined : given.find(name)) };
}

interface Prepared {
  readonly plan: SettlementPlan;
  readonly data: RunData;
}

function requireOneTable(given: GivenOptions): { readonly kind: 'orders' | 'fills'; readonly given: Given } {
  const [orders, fills] = [given.find('orders'), given.find('fills')];
  if (orders !== undefined && fills !== undefined) {
    throw badOption(fills, `is a second table beside ${orders.label} ${orders.text}`, 'one of --orders and --fills');
  }
  const table = orders ?? fills;
  if (table === undefined) {
    throw new UserError({
      code: 'option_required',
      exitCode: EXIT.usage,
      message: '--orders or --fills is required',
      expected: 'a table: --orders FILE or --fills FILE',
      hint: 'see backtest replay --help',
    });
  }
  if (table.text.trim() === '') throw badOption(table, 'names no file');
  const other = [...given.list('data'), ...given.list('mark')].find(({ text }) => /(?:^|=)-$/.test(text));
  if (table.text === '-' && other !== undefined) {
    throw badOption(table, `reads stdin, and ${other.label} does so too`, 'a file: stdin can be read once');
  }
  return { kind: orders === undefined ? 'fills' : 'orders', given: table };
}

async function prepareOrders(table: Given, context: CommandContext): Promise<Prepared> {
  const { given, io } = context;
  if (given.list('data').length === 0) throw dataRequired();
  return prepareSettlement(context, {
    asked: parseDataRequest(given, io.cwd),
    load: () => loadOrderTable(pathFrom(io.cwd, table.text)),
    open: (request) => openCandles(request, findCandleStore(io, given)),
    compose: (orders, accounts) => orderSource(orders, accounts),
  });
}

function orderSource(table: OrderTable, { accounts }: ResolvedAccounts): RunSource {
  const contracts = new NamedContracts(accounts);
  requireOfRun(table, contracts);
  const create = (): SourceInput & Pick<ReturnType<typeof createOrderReplay>, 'left'> => ({
    ...createOrderReplay(table.orders, contracts),
    params: {},
  });
  const { left, ...input } = create();
  return {
    ...sourceOf(table.table),
    input,
    again: async () => {
      const { left: _, ...again } = create();
      return again;
    },
    assumptions: table.table.hasZonelessTimes ? ['times of orders without a zone are read as UTC'] : [],
    warnings() {
      const [first] = left();
      if (first === undefined) return [];
      const message = `orders after the end of the run were not given: ${left().length}, the first in ${table.table.name}:${first.row.line}`;
      return [{ code: 'orders_after_data', message, strict: 'data' }];
    },
  };
}

function dataRequired(): UserError {
  return new UserError({
    code: 'option_required',
    exitCode: EXIT.usage,
    message: '--orders needs candles to fill on',
    expected: '--data [SYMBOL[.VENUE]=]FILE',
    hint: 'see backtest replay --help; fills need none: --fills FILE',
  });
}

/** Without candles the symbols are those of the rows, and their fills the prices. */
async function prepareFills(path: Given, context: CommandContext): Promise<Prepared> {
  const { given, io } = context;
  refuseForFills(given);
  const areAlone = given.list('data').length === 0;
  const table = await loadFillTable(pathFrom(io.cwd, path.text));
  return prepareSettlement(context, {
    asked: parseDataRequest(given, io.cwd, areAlone ? table.symbols : []),
    load: async () => table,
    open: async (request) =>
      areAlone ? openFills(request, table) : await openCandles(request, findCandleStore(io, given)),
    compose: (fills, accounts) => fillSource(fills, accounts, areAlone),
  });
}

/** @throws UserError exit 2 for options that fills leave nothing for */
function refuseForFills(given: GivenOptions): void {
  if (given.list('data').length > 0) return;
  const [mark] = given.list('mark');
  if (mark !== undefined) {
    throw badOption(mark, 'needs candles beside it', '--data FILE, or no --mark: the last fill is the mark then');
  }
  const [detail] = given.list('detail');
  if (detail !== undefined) throw badOption(detail, 'needs candles beside it', '--data FILE, or no --detail');
}

function openFills({ symbols, fromMs }: DataRequest, { fills }: FillTable): OpenedCandles {
  return {
    symbols: symbols.map((request) => ({
      request,
      bars: createFillSeries(request.symbol, fills),
      marks: null,
      detail: null,
    })),
    firstOpenMs: fromMs ?? fills[0]!.timeMs,
    close: async () => {},
  };
}

function fillSource(table: FillTable, { accounts }: ResolvedAccounts, areAlone: boolean): RunSource {
  const { fills, roundedFees } = resolveFills(table, new NamedContracts(accounts));
  const input = { strategy: IDLE_STRATEGY, params: {}, fills: { rows: fills, areAlone } };
  const rounded = `${roundedFees} fees have more digits than their currency: they were rounded, half away from zero`;
  return {
    ...sourceOf(table.table),
    input,
    again: async () => input,
    assumptions: [...table.assumptions, ...(roundedFees === 0 ? [] : [rounded])],
    warnings: () => [],
  };
}

function sourceOf({
  name,
  sha256,
}: ReplayTable): Pick<RunSource, 'command' | 'name' | 'strategy' | 'files' | 'options'> {
  return {
    command: 'replay',
    name: nameOfTable(name),
    strategy: null,
    files: [{ file: name, sha256 }],
    options: REPLAY_OPTIONS,
  };
}

/** `2020-03/orders.csv.gz` → `orders`. */
function nameOfTable(path: string): string {
  const file = basename(path, '.gz');
  return basename(file, extname(file));
}
