/**
 * What the user gave for each option, as text with the name it was given under: the flag, else the BACKTEST_ variable of the
 * environment. Values are not interpreted here, apart from yes and no of a switch in the environment.
 */

import { EXIT, UserError } from '../errors.js';
import type { CliIo } from './cliStreams.js';
import { environmentName, type OptionSpec } from './runOptionTable.js';

/** A value as the user wrote it; `label` is the flag or the variable, for messages. */
export interface Given {
  readonly text: string;
  readonly label: string;
}

export interface GivenOptions {
  /** The last value of an option; undefined when it was not given. */
  find(name: string): Given | undefined;
  /** All values of a repeatable option, in order. */
  list(name: string): readonly Given[];
  isOn(name: string): boolean;
}

/** Values by option name as the command line has them; a switch that is on has an empty list. */
export type FlagValues = ReadonlyMap<string, readonly string[]>;

const YES = new Set(['1', 'true', 'yes', 'on']);
const NO = new Set(['0', 'false', 'no', 'off']);

/**
 * Flags, then the environment. An empty variable counts as absent; several values of a repeatable option are separated by
 * semicolons in its variable.
 *
 * @throws UserError exit 2 for a switch whose variable is neither yes nor no.
 */
export function createGivenOptions(specs: readonly OptionSpec[], flags: FlagValues, env: CliIo['env']): GivenOptions {
  const given = new Map<string, readonly Given[]>();
  for (const spec of specs) {
    const values = flags.get(spec.name) ?? environmentValues(spec, env);
    const label = flags.has(spec.name) ? `--${spec.name}` : environmentName(spec.name);
    if (values !== undefined)
      given.set(
        spec.name,
        values.map((text) => ({ text, label })),
      );
  }
  return {
    find: (name) => given.get(name)?.at(-1),
    list: (name) => given.get(name) ?? [],
    isOn: (name) => given.has(name),
  };
}

function environmentValues(spec: OptionSpec, env: CliIo['env']): string[] | undefined {
  const name = environmentName(spec.name);
  const text = env[name]?.trim();
  if (text === undefined || text === '') return undefined;
  if (spec.value === null) {
    const word = text.toLowerCase();
    if (!YES.has(word) && !NO.has(word)) throw badOption({ text, label: name }, 'is a switch', '1 or 0');
    return YES.has(word) ? [] : undefined;
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
    found: given.text,
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** One of a list of words; `fallback` when the option was not given. @throws UserError exit 2 */
export function requireChoice<T extends string>(given: Given | undefined, choices: readonly T[], fallback: T): T {
  if (given === undefined) return fallback;
  const choice = choices.find((word) => word === given.text);
  if (choice === undefined)
    throw badOption(given, 'is not known', `one of ${choices.join(', ')}`, nearest(given.text, choices));
  return choice;
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
