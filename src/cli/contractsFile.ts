/**
 * Reads a `--contracts` file, JSON or YAML, into the contract table. YAML's parser is imported only for files that are YAML.
 * What an entry may hold is for the table to judge.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { type ContractTable, createContractTable } from '../contract/contractInfo.js';
import { EXIT, type Place, UserError } from '../errors.js';
import type { ManifestFile } from '../report/manifest.js';
import type { Given } from './givenOptions.js';

export interface LoadedContracts {
  readonly table: ContractTable;
  /** Null when only the built-in table is used. */
  readonly file: ManifestFile | null;
}

/** @throws UserError exit 2 for a file that cannot be read or parsed, or is of the wrong shape. */
export async function loadContracts(given: Given | undefined, cwd: string): Promise<LoadedContracts> {
  if (given === undefined) return { table: createContractTable(), file: null };
  const path = given.text;
  const bytes = await readFile(resolve(cwd, path)).catch((cause: unknown) => {
    throw contractsError(
      `${given.label}: the file cannot be read`,
      { file: path },
      'a file that exists and may be read',
      cause,
    );
  });
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const isYaml = /^\.ya?ml$/i.test(extname(path));
  const parsed = isYaml ? await parseYaml(text, path) : parseJson(text, path);
  return {
    table: createContractTable(parsed, path),
    file: { file: path, sha256: createHash('sha256').update(bytes).digest('hex') },
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw contractsError(
      `the file is not JSON: ${(cause as Error).message}`,
      { file: path, ...placeInJson(cause, text) },
      undefined,
      cause,
    );
  }
}

/** The parser names a position in some of its messages, in characters from 0. */
function placeInJson(error: unknown, text: string): Place {
  const position = /position (\d+)/.exec((error as Error).message)?.[1];
  const at = position === undefined ? undefined : Number(position);
  if (at === undefined) return {};
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

async function parseYaml(text: string, path: string): Promise<unknown> {
  const { parse, YAMLParseError } = await import('yaml');
  try {
    // YAML 1.2: `12:00:00` is text, and numbers are read as those of JSON are.
    return parse(text, { prettyErrors: true });
  } catch (cause) {
    const start = cause instanceof YAMLParseError ? cause.linePos?.[0] : undefined;
    const place = start === undefined ? { file: path } : { file: path, line: start.line, column: start.col };
    const [message] = String((cause as Error).message).split('\n');
    throw contractsError(`the file is not YAML: ${message}`, place, undefined, cause);
  }
}

function contractsError(message: string, place: Place, expected: string | undefined, cause: unknown): UserError {
  return new UserError({
    code: 'bad_contracts_file',
    exitCode: EXIT.usage,
    message,
    place,
    ...(expected === undefined ? {} : { expected }),
    cause,
  });
}
