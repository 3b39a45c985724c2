/**
 * The accounts of `--print-config`: each with every key, its value and where that comes from, or the default it comes to where nothing
 * was given. Where the data are known, exchanges, currencies and balances are those a run would take; no candle is read for it.
 */

import { resolve } from 'node:path';
import type { AccountInput } from '../engine/runInput.js';
import { formatUnits } from '../money/units.js';
import { resolveAccounts } from './accountInput.js';
import {
  ACCOUNT_KEYS,
  type AccountKey,
  type AccountSpec,
  DEFAULT_ACCOUNT,
  DEFAULT_ACCOUNT_OPTIONS,
} from './accountOption.js';
import type { LoadedAccounts } from './accountsFile.js';
import type { CommandContext } from './commandContext.js';
import type { ConfigLine } from './configText.js';
import { loadContracts } from './contractsFile.js';
import { parseDataRequest } from './dataOptions.js';
import { describeSource, type Given } from './givenOptions.js';

/** @param idle options that were given and are not in force. @throws UserError exit 2 */
export async function describeAccounts(
  { specs, file, source }: LoadedAccounts,
  idle: ReadonlySet<string>,
  context: CommandContext,
): Promise<ConfigLine> {
  const { given, io } = context;
  const resolved = await resolveSpecs(specs, context);
  // These stand under their own names, and would be given twice.
  const above = DEFAULT_ACCOUNT_OPTIONS.filter((key) => !idle.has(key) && given.find(key) !== undefined);
  if (file !== null && above.length === 0) {
    const count = specs.length === 1 ? '1 account' : `${specs.length} accounts`;
    const from = describeSource(source, given.find('accounts')!);
    return { key: 'accounts', value: resolve(io.cwd, file.file), comment: `${from}: ${count}` };
  }
  const value = specs.map((spec, i) =>
    describeAccount(spec, resolved?.[i], spec.name === DEFAULT_ACCOUNT ? above : []),
  );
  return { key: 'accounts', value, comment: source === 'default' ? 'default' : '' };
}

/** Null while the data are not known. */
async function resolveSpecs(
  specs: readonly AccountSpec[],
  { given, io }: CommandContext,
): Promise<readonly AccountInput[] | null> {
  if (given.list('data').length === 0) return null;
  const asked = parseDataRequest(given, io.cwd);
  const contracts = await loadContracts(given.find('contracts'), io.cwd);
  const { accounts } = resolveAccounts({
    specs,
    series: asked.symbols,
    dataVenue: asked.venue,
    contracts: contracts.table,
    atMs: asked.fromMs,
    takerFee: given.find('fee-taker'),
    makerFee: given.find('fee-maker'),
  });
  return accounts;
}

function describeAccount(
  spec: AccountSpec,
  resolved: AccountInput | undefined,
  above: readonly AccountKey[],
): ConfigLine {
  const defaults = describeDefaults(resolved);
  const lines = ACCOUNT_KEYS.filter((key) => !above.includes(key)).map((key): ConfigLine => {
    const given = spec.values.get(key);
    if (given === undefined) return { key, value: null, comment: `default: ${defaults[key]}` };
    const isSwitch = given.text === 'true' || given.text === 'false';
    return { key, value: isSwitch ? given.text === 'true' : given.text, comment: describeOrigin(given) };
  });
  return { key: spec.name, value: lines, comment: '' };
}

/** A cell of a CSV file has a place and no source. */
function describeOrigin(given: Given): string {
  if (given.source !== undefined) return describeSource(given.source, given);
  return `${given.place?.file ?? given.label}, line ${given.place?.line ?? 1}`;
}

function describeDefaults(resolved: AccountInput | undefined): Readonly<Record<AccountKey, string>> {
  const balance = resolved?.balances.map(
    ({ currency, amount }) => `${formatUnits(amount, currency.decimals)}${currency.code}`,
  );
  return {
    exchange: resolved?.rules.name ?? 'that of the data',
    balance: balance?.join('+') ?? '1 of a coin, 10000 of a dollar',
    currency: resolved?.balances[0]?.currency.code ?? 'that of the first symbol',
    mode: 'cross, unless the strategy sets it',
    leverage: '1, unless the strategy sets it',
    position_mode: 'one_way, unless the strategy sets it',
    auto_margin: 'false, unless the strategy sets it',
    taker_fee: "fee-taker, else the contract's",
    maker_fee: "fee-maker, else the contract's",
  };
}
