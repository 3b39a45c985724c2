/**
 * The facts of a run for its manifest: what was asked for and under which name, what was read, what was assumed. The names
 * and the order of manifest.json are the report's.
 */

import type { RunOutcome, RunWarning } from '../engine/records.js';
import type { AccountInput, Intrabar, Slippage } from '../engine/runInput.js';
import { formatInterval } from '../market/intervals.js';
import { type Fraction, formatFraction } from '../money/decimal.js';
import { formatUnits } from '../money/units.js';
import type { JsonValue, Manifest, ManifestData, ManifestFile } from '../report/manifest.js';
import type { SeriesContract } from './accountExchange.js';
import type { CliIo } from './cliStreams.js';
import type { GivenOptions } from './givenOptions.js';
import type { RunData } from './runData.js';
import type { SettlementPlan } from './runPlan.js';
import { loadVersion } from './version.js';

export interface ManifestFacts {
  readonly plan: SettlementPlan;
  readonly data: RunData;
  readonly files: readonly ManifestData[];
  readonly outcome: RunOutcome;
  readonly warnings: readonly RunWarning[];
  readonly given: GivenOptions;
  readonly config: ManifestFile | null;
  readonly argv: readonly string[];
  readonly io: Pick<CliIo, 'cwd' | 'now' | 'nodeVersion'>;
}

export function composeManifest(facts: ManifestFacts): Manifest {
  const { plan, data, files, outcome, warnings, given, config, argv, io } = facts;
  const { command, strategy, input, files: own } = plan.source;
  const simulation = describeSimulation(plan, data, outcome);
  return {
    command,
    args: argv.slice(1),
    versions: { backtest: loadVersion(), node: io.nodeVersion },
    strategy,
    config: config === null ? null : { file: config.file, sha256: config.sha256 },
    files: [...own, ...[plan.contracts.file, plan.accountsFile].filter((file) => file !== null)],
    contracts: plan.accounts.contracts.map(describeContract),
    data: files,
    options: describeOptions(plan, given),
    params: input.params,
    assumptions: [...plan.accounts.defaults, ...data.assumptions(), ...plan.source.assumptions, ...simulation],
    warnings,
    bars: outcome.bars,
    firstOpenTimeMs: outcome.firstOpenTimeMs,
    lastCloseTimeMs: outcome.lastCloseTimeMs,
    isPartial: outcome.interrupted,
    startedAtMs: plan.startedAtMs,
    finishedAtMs: io.now().getTime(),
  };
}

/** Options of the log and the terminal say nothing about a result. */
const NOT_OF_THE_RESULT: ReadonlySet<string> = new Set(['Configuration:', 'Diagnostics:', 'Output:']);
/** What came of these is told whole. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['account', 'accounts', 'param']);

/** What was given, and what the accounts came to be. */
function describeOptions(plan: SettlementPlan, given: GivenOptions): Record<string, JsonValue> {
  const options: Record<string, JsonValue> = {};
  for (const spec of plan.source.options) {
    if (NOT_OF_THE_RESULT.has(spec.group) || TOLD_OTHERWISE.has(spec.name)) continue;
    const values = given.list(spec.name).map((one) => one.text);
    if (spec.value === null) options[spec.name] = given.isOn(spec.name);
    else options[spec.name] = spec.repeats ? values : (values.at(-1) ?? null);
  }
  options['balance-every'] = given.find('balance-every')?.text ?? null;
  options['intrabar'] = plan.simulation.intrabar;
  options['accounts'] = plan.accounts.accounts.map(describeAccount);
  return options;
}

function describeAccount(account: AccountInput): JsonValue {
  const contracts = [...account.contracts.values()];
  const [own, ...others] = account.balances.map(({ currency, amount }) => ({
    balance: formatUnits(amount, currency.decimals),
    currency: currency.code,
  }));
  return {
    name: account.name,
    exchange: account.rules.name,
    contracts: account.rules.listing,
    ...own!,
    ...(others.length === 0 ? {} : { further_balances: others }),
    mode: account.mode,
    leverage: formatRate(account.leverage),
    position_mode: account.positionMode,
    auto_margin: account.autoMargin,
    taker_fee: formatSharedRate(contracts.map((contract) => account.takerFee ?? contract.takerFee)),
    maker_fee: formatSharedRate(contracts.map((contract) => account.makerFee ?? contract.makerFee)),
  };
}

/** Null where the contracts differ: theirs stand under `contracts`. */
function formatSharedRate(rates: readonly Fraction[]): string | null {
  const texts = new Set(rates.map(formatRate));
  return texts.size === 1 ? [...texts][0]! : null;
}

/** The terms of each contract that decide a result. */
function describeContract({ series, contract }: SeriesContract): JsonValue {
  return {
    venue: contract.venue,
    symbol: contract.symbol,
    data: series,
    type: contract.type,
    base_currency: contract.base?.code ?? null,
    quote_currency: contract.quoteCurrency,
    settle_currency: contract.settle.code,
    multiplier: formatRate(contract.multiplier),
    tick_size: formatRate(contract.tick),
    initial_margin: formatRate(contract.initialMargin),
    maintenance_margin: formatRate(contract.maintenanceMargin),
    max_leverage: formatRate(contract.maxLeverage),
    taker_fee: formatRate(contract.takerFee),
    maker_fee: formatRate(contract.makerFee),
    liquidation_fee: contract.liquidationFee === null ? null : formatRate(contract.liquidationFee),
    tiers: contract.tiers?.tiers.length ?? null,
  };
}

/** Shortest decimal. */
function formatRate(rate: Fraction): string {
  return formatFraction(rate, 18).replace(/\.?0+$/, '');
}

function describeSimulation(plan: SettlementPlan, data: RunData, outcome: RunOutcome): string[] {
  const { fills } = plan.source.input;
  // Nothing is left to a simulation where fills stand by themselves.
  if (fills?.areAlone === true) return [];
  const { intrabar, slippage, timeframeMs } = plan.simulation;
  const { bars, fineIntervalMs } = data.symbols[0]!;
  const { intervalMs } = bars;
  const [length, interval] = [formatInterval(timeframeMs ?? intervalMs), formatInterval(intervalMs)];
  return [
    ...(length === interval ? [] : [`the strategy is called on bars of ${length}, made of the candles of ${interval}`]),
    describePath(intrabar, fineIntervalMs, outcome),
    ...(fills !== undefined ? [] : [describeSlippage(slippage)]),
  ];
}

function describePath(intrabar: Intrabar, fineIntervalMs: number | null, { bars, fineBars }: RunOutcome): string {
  if (fineIntervalMs === null) return `the path inside a bar is ${intrabar}`;
  const along = `that of the candles of ${formatInterval(fineIntervalMs)} on ${fineBars} of ${bars} bars`;
  return `the path inside a bar is ${along}; inside those, and on the others, it is ${intrabar}`;
}

function describeSlippage(slippage: Slippage): string {
  return slippage.amount.num === 0n
    ? 'no slippage'
    : `slippage of ${formatRate(slippage.amount)} ${slippage.unit} on every taker fill, against the trader`;
}
