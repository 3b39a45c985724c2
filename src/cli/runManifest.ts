/**
 * The facts of a run for its manifest: what was asked for and under which name, what was read, what was assumed. The names
 * and the order of manifest.json are the report's.
 */

import type { Contract } from '../contract/contract.js';
import type { RunOutcome, RunWarning } from '../engine/records.js';
import type { AccountInput } from '../engine/runInput.js';
import { type Fraction, formatFraction } from '../money/decimal.js';
import { formatUnits } from '../money/units.js';
import type { JsonValue, Manifest, ManifestData } from '../report/manifest.js';
import { formatPath } from '../strategy/userFrames.js';
import type { CliIo } from './cliStreams.js';
import type { GivenOptions } from './givenOptions.js';
import type { RunData } from './runData.js';
import { RUN_OPTIONS } from './runOptionTable.js';
import type { RunPlan } from './runPlan.js';
import { loadVersion } from './version.js';

export interface ManifestFacts {
  readonly plan: RunPlan;
  readonly data: RunData;
  readonly files: readonly ManifestData[];
  readonly outcome: RunOutcome;
  readonly warnings: readonly RunWarning[];
  readonly given: GivenOptions;
  readonly argv: readonly string[];
  readonly io: Pick<CliIo, 'cwd' | 'now' | 'nodeVersion'>;
}

export function composeManifest(facts: ManifestFacts): Manifest {
  const { plan, data, files, outcome, warnings, given, argv, io } = facts;
  const { strategy } = plan;
  const imported = strategy.inputs.slice(1).map(({ path, sha256 }) => ({ file: formatPath(path, io.cwd), sha256 }));
  return {
    command: 'run',
    args: argv.slice(1),
    versions: { backtest: loadVersion(), node: io.nodeVersion },
    strategy: { name: strategy.name, file: plan.strategyPath, sha256: strategy.sha256 },
    config: null,
    files: [...imported, ...(plan.contracts.file === null ? [] : [plan.contracts.file])],
    contracts: plan.accounts.contracts.map(describeContract),
    data: files,
    options: describeOptions(plan, given),
    params: plan.params,
    assumptions: [...plan.accounts.defaults, ...data.assumptions(), ...describeSimulation(plan)],
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
const NOT_OF_THE_RESULT: ReadonlySet<string> = new Set(['Diagnostics:', 'Output:']);

/** What was given, and what the accounts came to be. */
function describeOptions(plan: RunPlan, given: GivenOptions): Record<string, JsonValue> {
  const options: Record<string, JsonValue> = {};
  for (const spec of RUN_OPTIONS) {
    if (NOT_OF_THE_RESULT.has(spec.group) || spec.name === 'account' || spec.name === 'param') continue;
    const values = given.list(spec.name).map((one) => one.text);
    if (spec.value === null) options[spec.name] = given.isOn(spec.name);
    else options[spec.name] = spec.repeats ? values : (values.at(-1) ?? null);
  }
  options['balance-every'] = given.find('balance-every')?.text ?? null;
  options['intrabar'] = plan.simulation.intrabar;
  options['accounts'] = plan.accounts.accounts.map((account) => describeAccount(account, plan.accounts.contracts));
  return options;
}

function describeAccount(account: AccountInput, contracts: readonly Contract[]): JsonValue {
  const [own, ...others] = account.balances.map(({ currency, amount }) => ({
    balance: formatUnits(amount, currency.decimals),
    currency: currency.code,
  }));
  return {
    name: account.name,
    exchange: account.rules.name,
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
function describeContract(contract: Contract): JsonValue {
  return {
    venue: contract.venue,
    symbol: contract.symbol,
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

function describeSimulation(plan: RunPlan): string[] {
  const { intrabar, slippage } = plan.simulation;
  return [
    `the path inside a bar is ${intrabar}`,
    slippage.amount.num === 0n
      ? 'no slippage'
      : `slippage of ${formatRate(slippage.amount)} ${slippage.unit} on every taker fill, against the trader`,
  ];
}
