/**
 * What a run is to do, checked: options parsed, contracts and accounts resolved, strategy compiled, data files opened, the
 * place of the run folder known. Cheap checks come first, so that a slip in an option costs no reading. No bar has been read.
 */

import type { RunInput } from '../engine/runInput.js';
import { EXIT, UserError } from '../errors.js';
import type { ManifestFile } from '../report/manifest.js';
import { type RunFolderTarget, requireWritableRunFolder } from '../report/runFolderName.js';
import { type LoadedStrategy, loadStrategy } from '../strategy/loader.js';
import type { Params } from '../strategy/strategy.js';
import { formatPath } from '../strategy/userFrames.js';
import { type ResolvedAccounts, resolveAccounts } from './accountInput.js';
import { loadAccounts } from './accountsFile.js';
import { type Assertion, parseAssertion } from './assertion.js';
import { findCandleStore, findStrategyStore } from './cacheFolder.js';
import { type OpenedCandles, openCandles, requireDataFiles } from './candleFiles.js';
import type { CliIo } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { type LoadedContracts, loadContracts } from './contractsFile.js';
import { type DataRequest, parseDataRequest } from './dataOptions.js';
import type { GivenOptions } from './givenOptions.js';
import { type OutputOptions, parseOutputOptions, parseRunFolderTarget } from './outputOptions.js';
import { parseParams } from './paramOption.js';
import { openRunData, type RunData } from './runData.js';
import { RUN_OPTIONS } from './runOptionTable.js';
import type { RunSource } from './runSource.js';
import {
  parseBalanceEvery,
  parseIntrabar,
  parseSeed,
  parseSlippage,
  parseTimeframe,
  requireFittingTimeframe,
} from './simulationOptions.js';
import { withoutSpotFunding } from './spotPairs.js';

/** What is to be settled, checked; nothing of the data has been read yet. */
export interface SettlementPlan {
  readonly startedAtMs: number;
  readonly data: DataRequest;
  readonly output: OutputOptions;
  readonly contracts: LoadedContracts;
  /** The file of --accounts; null without one. */
  readonly accountsFile: ManifestFile | null;
  readonly accounts: ResolvedAccounts;
  readonly assertions: readonly Assertion[];
  readonly simulation: Pick<RunInput, 'intrabar' | 'slippage' | 'balanceEvery' | 'seed' | 'timeframeMs'>;
  readonly source: RunSource;
  /** Null with --no-save. */
  readonly target: RunFolderTarget | null;
}

/** Everything that was asked of a run. */
export interface RunPlan extends SettlementPlan {
  readonly strategy: LoadedStrategy;
  /** As typed, for messages and the manifest. */
  readonly strategyPath: string;
  readonly params: Params;
}

/** @throws UserError exit 1, 2, 3 or 5; no file is left open then */
export async function prepareRun(context: CommandContext): Promise<{ plan: RunPlan; data: RunData }> {
  const { given, io, strategyFiles } = context;
  const strategyPath = requireStrategyPath(given);
  requireDataFiles(given, io.cwd);
  const load = async (): Promise<Omit<RunPlan, keyof SettlementPlan>> => {
    const strategy = await loadStrategy(strategyPath, io.cwd, findStrategyStore(io));
    for (const file of strategy.inputs) strategyFiles.add(file.path);
    return { strategy, strategyPath, params: parseParams(given.list('param'), strategy.strategy.params ?? {}) };
  };
  const { plan, data, loaded } = await prepareSettlement(context, {
    asked: parseDataRequest(given, io.cwd),
    load,
    compose: (own) => strategySource(own, io),
    open: (request) => openCandles(request, findCandleStore(io, given)),
  });
  return { plan: { ...plan, ...loaded }, data };
}

function strategySource({ strategy, strategyPath, params }: Omit<RunPlan, keyof SettlementPlan>, io: CliIo): RunSource {
  const { cwd } = io;
  const imported = strategy.inputs.slice(1).map(({ path, sha256 }) => ({ file: formatPath(path, cwd), sha256 }));
  return {
    command: 'run',
    name: strategy.name,
    input: { strategy: strategy.strategy, params },
    again: async () => ({ strategy: (await loadStrategy(strategyPath, cwd, findStrategyStore(io))).strategy, params }),
    strategy: { name: strategy.name, file: strategyPath, sha256: strategy.sha256 },
    files: imported,
    options: RUN_OPTIONS,
    assumptions: [],
    warnings: () => [],
  };
}

/** What a command brings to the preparation of its run. */
export interface Preparation<L> {
  readonly asked: DataRequest;
  /** Loads what trades, while the candles are opened. */
  load(): Promise<L>;
  open(request: DataRequest): Promise<OpenedCandles>;
  /** Makes a source of what was loaded, once contracts and accounts are known. */
  compose(loaded: L, accounts: ResolvedAccounts): RunSource;
}

/** @throws UserError exit 1, 2, 3 or 5; no file is left open then */
export async function prepareSettlement<L>(
  context: CommandContext,
  { asked, load, open, compose }: Preparation<L>,
): Promise<{ plan: SettlementPlan; data: RunData; loaded: L }> {
  const { given, config, io, stdout } = context;
  const startedAtMs = io.now().getTime();
  const output = parseOutputOptions(given, stdout.isTerminal);
  const simulation = parseSimulation(given);
  const { specs, file: accountsFile } = await loadAccounts(given, config?.accounts ?? null, io.cwd);
  const names = specs.map((spec) => spec.name);
  const assertions = given.list('assert').map((one) => parseAssertion(one, names));
  const contracts = await loadContracts(given.find('contracts'), io.cwd);
  const resolve = (atMs: number | null): ResolvedAccounts =>
    resolveAccounts({
      specs,
      series: asked.symbols,
      dataVenue: asked.venue,
      contracts: contracts.table,
      atMs,
      takerFee: given.find('fee-taker'),
      makerFee: given.find('fee-maker'),
    });
  // What is wrong with accounts and symbols is told before a file is opened, which may tell another time of the contracts.
  const request = withoutSpotFunding(asked, resolve(asked.fromMs).contracts);
  // Compiling a strategy and opening the files wait for different things, so they wait together.
  const [loaded, opened] = await Promise.allSettled([load(), openData(request, open, resolve)]);
  try {
    if (loaded.status === 'rejected') throw loaded.reason;
    if (opened.status === 'rejected') throw opened.reason;
    requireFittingTimeframe(given.find('timeframe'), opened.value.data.symbols[0]!.bars.intervalMs);
    const { accounts, data } = opened.value;
    const source = compose(loaded.value, accounts);
    const target = parseRunFolderTarget(given, io, {
      strategy: source.name,
      symbol: request.symbols[0]!.symbol,
      startMs: startedAtMs,
    });
    if (target !== null) requireWritableRunFolder(target);
    const checked = { startedAtMs, data: request, output, contracts, accountsFile, accounts, assertions, simulation };
    return { plan: { ...checked, source, target }, data, loaded: loaded.value };
  } catch (error) {
    if (opened.status === 'fulfilled') await opened.value.data.close();
    throw error;
  }
}

/** @throws UserError exit 2 */
export function parseSimulation(given: GivenOptions): SettlementPlan['simulation'] {
  return {
    intrabar: parseIntrabar(given.find('intrabar')),
    slippage: parseSlippage(given.find('slippage')),
    seed: parseSeed(given.find('seed')),
    timeframeMs: parseTimeframe(given.find('timeframe')),
    balanceEvery: parseBalanceEvery(given.find('balance-every')),
  };
}

/** Opens the files, and resolves the accounts with the contracts as they were at the first bar. */
async function openData(
  request: DataRequest,
  open: (request: DataRequest) => Promise<OpenedCandles>,
  resolve: (atMs: number | null) => ResolvedAccounts,
): Promise<{ accounts: ResolvedAccounts; data: RunData }> {
  const candles = await open(request);
  try {
    const accounts = resolve(candles.firstOpenMs);
    const fundTimesOf = (name: string): readonly number[] => {
      const own = accounts.contracts.filter(({ series }) => series === name);
      return [...new Set(own.flatMap(({ contract }) => contract.fundTimesMs))].sort((a, b) => a - b);
    };
    return { accounts, data: await openRunData(request, candles, fundTimesOf) };
  } catch (error) {
    await candles.close();
    throw error;
  }
}

function requireStrategyPath(given: GivenOptions): string {
  const path = given.find('strategy');
  if (path !== undefined) return path.text;
  throw new UserError({
    code: 'option_required',
    exitCode: EXIT.usage,
    message: '--strategy is required',
    expected: 'a TypeScript or JavaScript module: --strategy FILE',
    hint: 'see backtest run --help',
  });
}
