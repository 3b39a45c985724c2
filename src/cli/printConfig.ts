/**
 * `--print-config`: every option of a command, its accounts and parameters, as they are in force, each with where it comes from. The
 * text is itself a config file; its paths are absolute. What was given is checked as a run would check it, but no candle is read
 * and nothing is written but the compiled strategy that is kept.
 */

import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../errors.js';
import { loadStrategy } from '../strategy/loader.js';
import type { Params } from '../strategy/strategy.js';
import { loadAccounts } from './accountsFile.js';
import { parseAssertion } from './assertion.js';
import { findStrategyStore } from './cacheFolder.js';
import type { CommandContext } from './commandContext.js';
import { changePath } from './configPaths.js';
import { type ConfigLine, formatConfig, formatScalar } from './configText.js';
import { compareSources, describeSource, type GivenOptions, type Source } from './givenOptions.js';
import { findDefault } from './optionDefaults.js';
import { parseOutputOptions } from './outputOptions.js';
import { parseParams } from './paramOption.js';
import { describeAccounts } from './printAccounts.js';
import { parseReadingOptions } from './readingOptions.js';
import { environmentName, type OptionSpec } from './runOptionTable.js';
import { parseSimulation } from './runPlan.js';

/** These are told by the block of accounts or parameters, or by the first lines. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['config', 'print-config', 'account', 'accounts', 'param']);
const PARAM = 'param';

/** @param specs the options of the command. @throws UserError exit 1 or 2 */
export async function printConfig(specs: readonly OptionSpec[], context: CommandContext): Promise<ExitCode> {
  const { given, config, io, stdout } = context;
  parseOutputOptions(given, stdout.isTerminal);
  parseSimulation(given);
  parseReadingOptions(given);
  const accounts = await loadAccounts(given, config?.accounts ?? null, io.cwd);
  const names = accounts.specs.map(({ name }) => name);
  for (const one of given.list('assert')) parseAssertion(one, names);
  const idle = findIdleOptions(given, accounts.source);
  const options = specs
    .filter(({ name }) => !TOLD_OTHERWISE.has(name))
    .map((spec) => describeOption(spec, given, idle.has(spec.name), io.cwd));
  const lines = [...options, await describeAccounts(accounts, idle, context)];
  if (specs.some(({ name }) => name === PARAM)) lines.push(await describeParams(context));
  const file = config === null ? 'none' : formatScalar(resolve(io.cwd, config.file));
  await stdout.write(
    [
      '# What is in force, and where it comes from. This is a config file too; its paths are absolute, null is the default.\n',
      `# config file: ${file}\n`,
      '# --account and --accounts stand under accounts, --param under params\n',
      formatConfig(lines),
    ].join(''),
  );
  return EXIT.done;
}

/** Options that were given and have no effect, because a stronger source says otherwise. */
function findIdleOptions(given: GivenOptions, accountsSource: Source): ReadonlySet<string> {
  const isWeaker = (name: string, than: string): boolean =>
    compareSources(given.sourceOf(name), given.sourceOf(than)) < 0;
  const idle = new Set<string>();
  if (given.isOn('out') && isWeaker('no-save', 'out')) idle.add('no-save');
  if (given.isOn('verbose') && isWeaker('quiet', 'verbose')) idle.add('quiet');
  if (given.isOn('quiet') && isWeaker('verbose', 'quiet')) idle.add('verbose');
  for (const name of ['quiet', 'verbose']) if (given.isOn(name) && isWeaker('log-level', name)) idle.add('log-level');
  for (const name of ['balance', 'leverage', 'mode']) {
    if (compareSources(given.sourceOf(name), accountsSource) < 0) idle.add(name);
  }
  return new Set([...idle].filter((name) => given.sourceOf(name) !== 'default'));
}

function describeOption(spec: OptionSpec, given: GivenOptions, isIdle: boolean, cwd: string): ConfigLine {
  const { name: key } = spec;
  const values = given.list(key);
  const source = describeSource(given.sourceOf(key), values[0] ?? { text: '', label: environmentName(key) });
  if (isIdle) {
    const told = spec.value === null ? 'true' : formatScalar(values.at(-1)?.text ?? '');
    return { ...describeDefault(spec), comment: `default; ${told} of the ${source} is not in force` };
  }
  if (given.sourceOf(key) === 'default') return describeDefault(spec);
  if (spec.value === null) return { key, value: given.isOn(key), comment: source };
  const texts = values.map(({ text }) => changePath(text, spec.value!, (path) => resolve(cwd, path)));
  return { key, value: spec.repeats ? texts : texts.at(-1)!, comment: source };
}

function describeDefault({ name: key, value: valueForm, repeats }: OptionSpec): ConfigLine {
  if (valueForm === null) return { key, value: false, comment: 'default' };
  const { value, note } = findDefault(key, repeats);
  return { key, value, comment: note === '' ? 'default' : `default: ${note}` };
}

/** The strategy's parameters; without a strategy those that were given. */
async function describeParams({ given, io, strategyFiles }: CommandContext): Promise<ConfigLine> {
  const byName = new Map(given.list(PARAM).map((one) => [one.text.split('=', 1)[0]!.trim(), one]));
  const path = given.find('strategy');
  let params: Params = {};
  if (path !== undefined) {
    const { strategy, inputs } = await loadStrategy(path.text, io.cwd, findStrategyStore(io));
    for (const { path: file } of inputs) strategyFiles.add(file);
    params = parseParams(given.list(PARAM), strategy.params ?? {});
  }
  const names = path === undefined ? [...byName.keys()] : Object.keys(params);
  const lines = names.map((key): ConfigLine => {
    const one = byName.get(key);
    if (one === undefined) return describeParamDefault(key, params[key]!);
    const text = one.text.slice(one.text.indexOf('=') + 1);
    const isSwitch = typeof params[key] !== 'string' && (text === 'true' || text === 'false');
    return { key, value: isSwitch ? text === 'true' : text, comment: describeSource(one.source ?? 'default', one) };
  });
  const isUnknown = path === undefined ? 'those of the strategy, which is not given' : '';
  if (lines.length === 0)
    return { key: 'params', value: null, comment: isUnknown === '' ? 'the strategy has none' : isUnknown };
  return { key: 'params', value: lines, comment: isUnknown === '' ? '' : `and ${isUnknown}` };
}

function describeParamDefault(key: string, value: Params[string]): ConfigLine {
  const isWritten = typeof value !== 'number' || Number.isFinite(value);
  if (!isWritten) return { key, value: null, comment: `default: ${value}` };
  return { key, value: typeof value === 'boolean' ? value : String(value), comment: 'default' };
}
