/**
 * Reads a `--contracts` file, JSON or YAML, into the contract table. How the text is parsed is structuredText.ts; what an entry
 * may hold is for the table to judge.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ContractTable, createContractTable } from '../contract/contractInfo.js';
import { EXIT, UserError } from '../errors.js';
import type { ManifestFile } from '../report/manifest.js';
import type { Given } from './givenOptions.js';
import { parseValue } from './structuredText.js';

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
    throw new UserError({
      code: 'bad_contracts_file',
      exitCode: EXIT.usage,
      message: `${given.label}: the file cannot be read`,
      place: { file: path },
      expected: 'a file that exists and may be read',
      cause,
    });
  });
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const parsed = await parseValue({ text, file: path, errorCode: 'bad_contracts_file' });
  return {
    table: createContractTable(parsed, path),
    file: { file: path, sha256: createHash('sha256').update(bytes).digest('hex') },
  };
}
