/**
 * What the user gave for each option, as text with the name it was given under: the flag, else the BACKTEST_ variable of the
 * environment, else the config file. Values are not interpreted here, apart from yes and no of a switch in the environment.
 */

import { EXIT, type Place, UserError } from '../errors.js';
import type { CliIo } from './cliStreams.js';
import { environmentName, type OptionSpec } from './runOptionTable.js';

/** Where a value comes from, the weakest first. */
const SOURCES = ['default', 'config', 'environment', 'flag'] as const;
export type Source = (typeof SOURCES)[number];

/** A value as the user wrote it; `label` is the flag, the variable or the key of the config file, for messages. */
export interface Given {
  readonly text: string;
  readonly label: string;
  readonly source?: Source;
  /** In a file; absent for flags and the environment. */
  readonly place?: Place;
}

export interface GivenOptions {
  /** The last value of an option; undefined when it was not given. */
  find(name: string): Given | undefined;
  /** All values of a repeatable option, in order. */
  list(name: string): readonly Given[];
  isOn(name: string): boolean;
  /** Where what is in force comes from; of parameters, which are merged, the strongest source. */
  sourceOf(name: string): Source;
}

/** Values by option name as the command line has them; a switch that is on has an empty list. */
export type FlagValues = ReadonlyMap<string, readonly string[]>;

/** Values by option name as a config file has them; a switch is true or false. */
export type ConfigValues = ReadonlyMap<string, readonly Given[] | boolean>;

/** What one source says of one option; a switch has no values. */
interface GivenValues {
  readonly source: Source;
  readonly values: readonly Given[];
  readonly isOn: boolean;
}

/** Lists of names in messages: up to so many are written out, of more the first few. */
const MAX_NAMES = 20;
const FIRST_NAMES = 3;

const YES = new Set(['1', 'true', 'yes', 'on']);
const NO = new Set(['0', 'false', 'no', 'off']);

/**
 * Flags, then the environment, then the config file. An empty variable counts as absent; several values of a repeatable option are
 * separated by semicolons in its variable. A stronger source replaces a weaker one's list whole, but parameters are merged by name.
 *
 * @throws UserError exit 2 for a switch whose variable is neither yes nor no.
 */
export function createGivenOptions(
  specs: readonly OptionSpec[],
  flags: FlagValues,
  env: CliIo['env'],
  config: ConfigValues = new Map(),
): GivenOptions {
  const given = new Map<string, GivenValues>();
  for (const spec of specs) {
    const layers = [flagLayer(spec, flags), environmentLayer(spec, env), configLayer(spec, config)];
    const [strongest, ...weaker] = layers.filter((layer) => layer !== undefined);
    if (strongest === undefined) continue;
    const values = spec.isMergedByName ? mergeByName([strongest, ...weaker]) : strongest.values;
    given.set(spec.name, { ...strongest, values });
  }
  return {
    find: (name) => given.get(name)?.values.at(-1),
    list: (name) => given.get(name)?.values ?? [],
    isOn: (name) => given.get(name)?.isOn ?? false,
    sourceOf: (name) => given.get(name)?.source ?? 'default',
  };
}

/** Above zero when the first source is the stronger one. */
export function compareSources(a: Source, b: Source): number {
  return SOURCES.indexOf(a) - SOURCES.indexOf(b);
}

/** In the words of the documentation; with the line in a file. */
export function describeSource(source: Source, { label, place }: Given): string {
  if (source === 'environment') return `environment, ${label}`;
  if (source !== 'config') return source;
  return place?.line === undefined ? 'config file' : `config file, line ${place.line}`;
}

function flagLayer(spec: OptionSpec, flags: FlagValues): GivenValues | undefined {
  const texts = flags.get(spec.name);
  if (texts === undefined) return undefined;
  const label = `--${spec.name}`;
  return { source: 'flag', values: texts.map((text) => ({ text, label, source: 'flag' })), isOn: true };
}

function environmentLayer(spec: OptionSpec, env: CliIo['env']): GivenValues | undefined {
  const label = environmentName(spec.name);
  const values = environmentValues(spec, env);
  if (values === undefined) return undefined;
  if (typeof values === 'boolean') return { source: 'environment', values: [], isOn: values };
  return { source: 'environment', values: values.map((text) => ({ text, label, source: 'environment' })), isOn: true };
}

function configLayer(spec: OptionSpec, config: ConfigValues): GivenValues | undefined {
  const values = config.get(spec.name);
  if (values === undefined) return undefined;
  return typeof values === 'boolean'
    ? { source: 'config', values: [], isOn: values }
    : { source: 'config', values, isOn: true };
}

/** Of `NAME=VALUE` in several sources those of the strongest that has the name; a name given twice in one source stays twice. */
function mergeByName(layers: readonly GivenValues[]): Given[] {
  const nameOf = ({ text }: Given): string => text.split('=', 1)[0]!.trim();
  const merged: Given[] = [];
  for (const { values } of layers) {
    const known = new Set(merged.map(nameOf));
    merged.unshift(...values.filter((one) => !known.has(nameOf(one))));
  }
  return merged;
}

/** A switch is true or false. */
function environmentValues(spec: OptionSpec, env: CliIo['env']): string[] | boolean | undefined {
  const name = environmentName(spec.name);
  const text = env[name]?.trim();
  if (text === undefined || text === '') return undefined;
  if (spec.value === null) {
    const word = text.toLowerCase();
    if (!YES.has(word) && !NO.has(word)) throw badOption({ text, label: name }, 'is a switch', '1 or 0');
    return YES.has(word);
  }
  return spec.repeats
    ? text
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    : [text];
}

/** An option whose value is wrong: exit 2. */
export function badOption(given: Given, message: string, expected?: string, hint?: string): UserError {
  return new UserError({
    code: 'bad_option',
    exitCode: EXIT.usage,
    message: `${given.label} ${message}`,
    ...(given.place === undefined ? {} : { place: given.place }),
    found: given.text,
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What `parse` returns; an error of it that names no place has that of the value. */
export function atPlaceOf<T>(given: Given, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UserError) || error.place !== undefined || given.place === undefined) throw error;
    const { code, exitCode, message, found, expected, hint, cause } = error;
    throw new UserError({
      ...{ code, exitCode, message, place: given.place, cause },
      ...(found === undefined ? {} : { found }),
      ...(expected === undefined ? {} : { expected }),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** One of a list of words; `fallback` when the option was not given. @throws UserError exit 2 */
export function requireChoice<T extends string>(given: Given | undefined, choices: readonly T[], fallback: T): T {
  if (given === undefined) return fallback;
  const choice = choices.find((word) => word === given.text);
  if (choice === undefined)
    throw badOption(given, 'is not known', `one of ${choices.join(', ')}`, nearest(given.text, choices));
  return choice;
}

/** Names with commas; of many the first few and how many there are. */
export function formatNames(names: readonly string[]): string {
  return names.length <= MAX_NAMES
    ? names.join(', ')
    : `${names.slice(0, FIRST_NAMES).join(', ')} and ${names.length - FIRST_NAMES} more`;
}

/** `did you mean …?` when a choice is a slip of the keyboard away. */
export function nearest(text: string, choices: readonly string[]): string | undefined {
  const distances = choices.map((choice) => ({
    choice,
    distance: computeEditDistance(text.toLowerCase(), choice.toLowerCase()),
  }));
  distances.sort((a, b) => a.distance - b.distance);
  const best = distances[0];
  if (best === undefined || best.distance > Math.max(1, Math.floor(best.choice.length / 3))) return undefined;
  return `did you mean ${best.choice}?`;
}

/** Insertions, deletions and replacements that turn `a` into `b`. */
function computeEditDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
