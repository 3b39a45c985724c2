/**
 * The commands that stand in the heads of the example strategies, so that tests can run what a reader would copy: one on the
 * sample data of data/, one on real candles, of which a head has the names only. Reads the shape of such a command, no shell.
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Where real candles are, beside the project; not everybody has them. */
export const REAL_DATA = resolve(ROOT, '../shared/data');

const FOLDERS = ['candles', 'mark', 'funding', 'dialects'] as const;
const COMMAND = /^ {4}(?:sed '1i (?<header>[^']+)' (?<piped>\S+) \|\n {4})?backtest (?<args>run (?:.*\\\n)*.*)$/gm;
/** A file of real data: its name without a folder, after `SYMBOL=` if need be. */
const REAL_NAME = /^(?<symbol>[^=]+=)?(?<name>[^/=]+\.csv(?:\.gz)?)$/;

export interface HeadCommand {
  /** As written, from `run` on. */
  readonly args: readonly string[];
  /** A file that is piped into the command, with the line of column names that is put before it. */
  readonly piped: { readonly header: string; readonly name: string } | null;
  /** Names of real files; none of a command on the sample data. */
  readonly realNames: readonly string[];
}

/** The block comment at the top of a strategy, without its stars. */
export function headOf(source: string): string {
  const comment = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source)?.[1] ?? '';
  return comment.replace(/^ \* ?/gm, '');
}

/** The commands of a strategy's head, in their order. */
export function commandsOf(source: string): readonly HeadCommand[] {
  return [...headOf(source).matchAll(COMMAND)].map(({ groups }) => {
    const args = groups!['args']!.replace(/\\\n/g, ' ').trim().split(/\s+/);
    const name = groups!['piped'];
    const named = args.map((arg) => REAL_NAME.exec(arg)?.groups?.['name']);
    return {
      args,
      piped: name === undefined ? null : { header: groups!['header']!, name },
      realNames: [...named, name].filter((one) => one !== undefined),
    };
  });
}

/** The data of a command on the sample data: the options of a run but for the strategy and the tables. */
export function sampleOptionsOf(source: string): readonly string[] {
  const { args } = commandsOf(source).find(({ realNames }) => realNames.length === 0)!;
  const without = ['--strategy', '--table'];
  return args.slice(1).filter((arg, i, all) => !without.includes(arg) && !without.includes(all[i - 1]!));
}

/** Path of each real file by its name; undefined where there are none. */
export function findRealFiles(): ReadonlyMap<string, string> | undefined {
  if (!existsSync(REAL_DATA)) return undefined;
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(REAL_DATA, folder)).map((name) => [name, join(REAL_DATA, folder, name)] as const),
  );
  return new Map(paths);
}

/**
 * The command with the paths of its files. What would be piped into it becomes a file in `folder`, because a test has one standard
 * input for all.
 *
 * @throws when a name is of no file.
 */
export function withRealFiles(
  { args, piped }: HeadCommand,
  files: ReadonlyMap<string, string>,
  folder: string,
): readonly string[] {
  const pathOf = (name: string): string => {
    const path = files.get(name);
    if (path === undefined) throw new Error(`${name}: there is no such file below ${REAL_DATA}`);
    return path;
  };
  const pipe = join(folder, 'piped.csv');
  if (piped !== null) writeFileSync(pipe, `${piped.header}\n${readFileSync(pathOf(piped.name), 'utf8')}`);
  return args.map((arg) => {
    const real = REAL_NAME.exec(arg)?.groups;
    if (real !== undefined) return `${real['symbol'] ?? ''}${pathOf(real['name']!)}`;
    return piped === null ? arg : arg.replace(/=-$/, `=${pipe}`);
  });
}
