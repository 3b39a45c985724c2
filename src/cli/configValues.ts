/**
 * What a config file may hold, checked over the table of options: every option under its name without dashes, `accounts`, `params`.
 * A tree in, values as given out, each with its key path and its place, paths taken from the file's folder. Whether a value
 * means something is for the files that parse the options.
 */

import type { AccountSpec } from './accountOption.js';
import { readConfigAccounts } from './configAccounts.js';
import { configError, isNothing } from './configError.js';
import { movePaths } from './configPaths.js';
import { type Given, nearest } from './givenOptions.js';
import type { OptionSpec } from './runOptionTable.js';
import type { TreeEntry, TreeList, TreeNode } from './structuredText.js';

export interface ConfigContent {
  /** By option name; a switch is true or false. `params` are values of the option `param`. */
  readonly options: ReadonlyMap<string, readonly Given[] | boolean>;
  /** Null when the file has no map or list of accounts; a CSV file of accounts is the option `accounts`. */
  readonly accounts: readonly AccountSpec[] | null;
}

export interface ConfigSetting {
  /** As messages name it. */
  readonly file: string;
  readonly specs: readonly OptionSpec[];
  /** Absolute folder of the file, where its relative paths start. */
  readonly folder: string;
  readonly cwd: string;
}

/** They say how the file is found, or what to do with it. */
const NOT_IN_FILES: ReadonlySet<string> = new Set(['config', 'print-config']);
/** Accounts are given in one of these ways. */
const ACCOUNT_LISTS: readonly string[] = ['account', 'accounts'];
const PARAM = 'param';

/** @param tree null for an empty file. @throws UserError exit 2 */
export function readConfigTree(tree: TreeNode | null, setting: ConfigSetting): ConfigContent {
  const options = new Map<string, readonly Given[] | boolean>();
  let accounts: readonly AccountSpec[] | null = null;
  for (const entry of entriesOf(tree)) {
    const { key, value } = entry;
    if (key === 'accounts' && value.kind !== 'scalar') {
      accounts = readConfigAccounts(value);
    } else if (key === 'params') {
      options.set(PARAM, [...((options.get(PARAM) as readonly Given[] | undefined) ?? []), ...readParams(value)]);
    } else {
      const spec = requireOption(entry, setting);
      const values = readOption(spec, value, setting);
      if (values === undefined) continue;
      const before = options.get(key);
      // Only `params` can have been there before, under the name of `param`.
      options.set(key, Array.isArray(before) && Array.isArray(values) ? [...before, ...values] : values);
    }
  }
  return { options, accounts };
}

function entriesOf(tree: TreeNode | null): readonly TreeEntry[] {
  if (tree === null || (tree.kind === 'scalar' && tree.type === 'none')) return [];
  if (tree.kind !== 'map') {
    throw configError(
      'the config file is no list of keys with values',
      tree.place,
      tree.source,
      'such as leverage: 10',
    );
  }
  const lists = tree.entries.filter(({ key, value }) => ACCOUNT_LISTS.includes(key) && !isNothing(value));
  const [first, second] = lists;
  if (first !== undefined && second !== undefined) {
    throw configError(
      `${second.key} and ${first.key} exclude each other`,
      second.place,
      `${first.key} in line ${first.place.line}`,
      'the accounts of a run in one place',
    );
  }
  return tree.entries;
}

/** The option that a key names. */
function requireOption({ key, place }: TreeEntry, { specs }: ConfigSetting): OptionSpec {
  const spec = specs.find(({ name }) => name === key);
  if (spec !== undefined && !NOT_IN_FILES.has(key)) return spec;
  if (spec !== undefined) {
    throw configError(`${key} cannot be given in a config file`, place, key, `--${key} on the command line`);
  }
  const names = [...specs.map(({ name }) => name).filter((name) => !NOT_IN_FILES.has(name)), 'accounts', 'params'];
  const expected = 'an option of backtest run without its dashes, accounts or params';
  const hint = nearest(key.replace(/^--/, '').replaceAll('_', '-'), names);
  throw configError(`unknown key ${key || '(empty)'}`, place, key, expected, hint ?? 'see backtest run --help');
}

/** Undefined for a key without a value, which is as if it were not there. */
function readOption(spec: OptionSpec, value: TreeNode, setting: ConfigSetting): readonly Given[] | boolean | undefined {
  if (isNothing(value)) return undefined;
  if (spec.value === null) return readSwitch(spec.name, value);
  const move = ({ text, ...rest }: Given): Given => ({ ...rest, text: movePaths(text, spec.value!, setting) });
  if (value.kind === 'list') {
    const items = readItems(spec, value);
    if (items.length === 0) return undefined;
    if (spec.repeats) return items.map(move);
    // The value of such an option is itself a list with commas.
    return [{ ...items[0]!, text: items.map(({ text }) => text).join(','), label: spec.name, place: value.place }];
  }
  const expected = spec.repeats ? `a list of ${spec.value}` : `one value, ${spec.value}`;
  return [move(readText(spec.name, value, expected))];
}

function readSwitch(path: string, value: TreeNode): boolean {
  if (value.kind === 'scalar' && value.type === 'switch') return value.text.toLowerCase() === 'true';
  throw configError(`${path} is a switch`, value.place, value.source, 'true or false');
}

function readItems(spec: OptionSpec, list: TreeList): Given[] {
  if (!spec.repeats && spec.value !== 'LIST') {
    throw configError(`${spec.name} is one value, not a list`, list.place, list.source, `one value, ${spec.value}`);
  }
  return list.items.map((item, i) => readText(`${spec.name}[${i + 1}]`, item, `a list of ${spec.value}`));
}

/** A text or a number, as it was spelled. */
function readText(path: string, value: TreeNode, expected: string): Given {
  if (value.kind === 'scalar' && (value.type === 'text' || value.type === 'number')) {
    return { text: value.text, label: path, source: 'config', place: value.place };
  }
  const hint = value.kind === 'scalar' ? `write it in quotes if it is meant as a text: "${value.source}"` : undefined;
  throw configError(`${path} is not a text or a number`, value.place, value.source, expected, hint);
}

/** A map of names to values, as `NAME=VALUE`; a parameter without a value keeps its default. */
function readParams(value: TreeNode): Given[] {
  if (isNothing(value)) return [];
  if (value.kind !== 'map') {
    throw configError(
      'params are no map',
      value.place,
      value.source,
      'a name with a value in each line, such as fast: 12',
    );
  }
  return value.entries.flatMap(({ key, value: one }): Given[] => {
    if (isNothing(one)) return [];
    const label = `params.${key}`;
    if (one.kind !== 'scalar') {
      throw configError(`${label} is not one value`, one.place, one.source, 'a number, a text, or true and false');
    }
    const text = one.type === 'switch' ? one.text.toLowerCase() : one.text;
    return [{ text: `${key}=${text}`, label, source: 'config', place: one.place }];
  });
}
