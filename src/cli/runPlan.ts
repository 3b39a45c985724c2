/**
 * What a run is to do, checked: options parsed, contracts and accounts resolved, strategy compiled, data files opened, the
 * place of the run folder known. Cheap checks come first, so that a slip in an option costs no reading. No bar has been read.
 */

import type { RunInput } from '../engine/runInput.js';
import { EXIT, UserError } from '../errors.js';
import { type RunFolderTarget, requireWritableRunFolder } from '../report/runFolderName.js';
import { type LoadedStrategy, loadStrategy } from '../strategy/loader.js';
import type { Params } from '../strategy/strategy.js';
import { type ResolvedAccounts, resolveAccounts } from './accountInput.js';
import { parseAccounts } from './accountOption.js';
import { type Assertion, parseAssertion } from './assertion.js';
import type { CommandContext } from './commandContext.js';
import { type LoadedContracts, loadContracts } from './contractsFile.js';
import { type DataRequest, parseDataRequest } from './dataOptions.js';
import type { GivenOptions } from './givenOptions.js';
import { type OutputOptions, parseOutputOptions, parseRunFolderTarget } from './outputOptions.js';
import { parseParams } from './paramOption.js';
import { openCandles, openRunData, type RunData, requireDataFiles } from './runData.js';
import { parseBalanceEvery, parseIntrabar, parseSeed, parseSlippage } from './simulationOptions.js';
import { withoutSpotFunding } from './spotPairs.js';

/** Everything that was asked for, checked; nothing of the data has been read yet. */
export interface RunPlan {
  readonly startedAtMs: number;
  readonly data: DataRequest;
  readonly output: OutputOptions;
  readonly contracts: LoadedContracts;
  readonly accounts: ResolvedAccounts;
  readonly assertions: readonly Assertion[];
  readonly simulation: Pick<RunInput, 'intrabar' | 'slippage' | 'balanceEvery' | 'seed'>;
  readonly strategy: LoadedStrategy;
  /** As typed, for messages and the manifest. */
  readonly strategyPath: string;
  readonly params: Params;
  /** Null with --no-save. */
  readonly target: RunFolderTarget | null;
}

/** @throws UserError exit 1, 2, 3 or 5; no file is left open then */
export async function prepareRun(context: CommandContext): Promise<{ plan: RunPlan; data: RunData }> {
  const { given, io, stdout, strategyFiles } = context;
  const startedAtMs = io.now().getTime();
  const strategyPath = requireStrategyPath(given);
  requireDataFiles(given, io.cwd);
  const asked = parseDataRequest(given, io.cwd);
  const output = parseOutputOptions(given, stdout.isTerminal);
  const simulation = {
    intrabar: parseIntrabar(given.find('intrabar')),
    slippage: parseSlippage(given.find('slippage')),
    seed: parseSeed(given.find('seed')),
    balanceEvery: parseBalanceEvery(given.find('balance-every')),
  };
  const specs = parseAccounts(given);
  const names = specs.map((spec) => spec.name);
  const assertions = given.list('assert').map((one) => parseAssertion(one, names));
  const contracts = await loadContracts(given.find('contracts'), io.cwd);
  const resolve = (atMs: number | null): ResolvedAccounts =>
    resolveAccounts({
      specs,
      symbols: asked.symbols.map(({ symbol }) => symbol),
      dataVenue: asked.venue,
      contracts: contracts.table,
      atMs,
      takerFee: given.find('fee-taker'),
      makerFee: given.find('fee-maker'),
    });
  // What is wrong with accounts and symbols is told before a file is opened, which may tell another time of the contracts.
  const request = withoutSpotFunding(asked, resolve(asked.fromMs).contracts);
  // Compiling the strategy and opening the files wait for different things, so they wait together.
  const [loaded, opened] = await Promise.allSettled([loadStrategy(strategyPath, io.cwd), openData(request, resolve)]);
  try {
    if (loaded.status === 'rejected') throw loaded.reason;
    const strategy = loaded.value;
    for (const file of strategy.inputs) strategyFiles.add(file.path);
    const params = parseParams(given.list('param'), strategy.strategy.params ?? {});
    if (opened.status === 'rejected') throw opened.reason;
    const target = parseRunFolderTarget(given, io, {
      strategy: strategy.name,
      symbol: request.symbols[0]!.symbol,
      startMs: startedAtMs,
    });
    if (target !== null) requireWritableRunFolder(target);
    const { accounts, data } = opened.value;
    const checked = { startedAtMs, data: request, output, contracts, accounts, assertions, simulation };
    return { plan: { ...checked, strategy, strategyPath, params, target }, data };
  } catch (error) {
    if (opened.status === 'fulfilled') await opened.value.data.close();
    throw error;
  }
}

/** Opens the files, and resolves the accounts with the contracts as they were at the first bar. */
async function openData(
  request: DataRequest,
  resolve: (atMs: number | null) => ResolvedAccounts,
): Promise<{ accounts: ResolvedAccounts; data: RunData }> {
  const candles = await openCandles(request);
  try {
    const accounts = resolve(candles.firstOpenMs);
    const fundTimesOf = (symbol: string): readonly number[] =>
      accounts.contracts.find((contract) => contract.symbol === symbol)?.fundTimesMs ?? [];
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
