/**
 * The accounts of a run as the user wrote them: `--account name:key=value,…`, or the one account `main` with `--balance`,
 * `--leverage` and `--mode`. Text in, one record of given values an account out; what they mean for a contract is
 * accountInput.ts.
 */

import { EXIT, UserError } from '../errors.js';
import { TOTAL_ACCOUNT } from '../report/summary.js';
import { badOption, type Given, type GivenOptions, nearest } from './givenOptions.js';

export const ACCOUNT_KEYS = [
  'exchange',
  'balance',
  'currency',
  'mode',
  'leverage',
  'position_mode',
  'auto_margin',
  'taker_fee',
  'maker_fee',
] as const;
export type AccountKey = (typeof ACCOUNT_KEYS)[number];

/** An account as given; a key that is absent has its default. */
export interface AccountSpec {
  readonly name: string;
  readonly values: ReadonlyMap<AccountKey, Given>;
}

export const DEFAULT_ACCOUNT = 'main';
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
/** Options of the default account, by the key they stand for. */
const DEFAULT_ACCOUNT_OPTIONS: readonly AccountKey[] = ['balance', 'leverage', 'mode'];

/** The accounts in the order given; the default account when none was. @throws UserError exit 2 */
export function parseAccounts(given: GivenOptions): AccountSpec[] {
  const specs = given.list('account').map(parseAccount);
  const names = new Set<string>();
  for (const [i, spec] of specs.entries()) {
    if (names.has(spec.name)) throw badOption(given.list('account')[i]!, `gives account ${spec.name} twice`);
    names.add(spec.name);
  }
  if (specs.length === 0) specs.push({ name: DEFAULT_ACCOUNT, values: new Map() });
  return withDefaultAccountOptions(specs, given);
}

function parseAccount(given: Given): AccountSpec {
  const cut = given.text.indexOf(':');
  const name = (cut < 0 ? given.text : given.text.slice(0, cut)).trim();
  if (!NAME.test(name)) {
    throw badOption(given, 'has no usable account name', 'name:key=value,… with a name of letters, digits, _ . -');
  }
  if (name === TOTAL_ACCOUNT) throw badOption(given, `cannot be named ${name}: the summary's overall row is`);
  const values = new Map<AccountKey, Given>();
  if (cut < 0) return { name, values };
  for (const pair of given.text.slice(cut + 1).split(',')) {
    const equals = pair.indexOf('=');
    const key = (equals < 0 ? pair : pair.slice(0, equals)).trim();
    const text = equals < 0 ? '' : pair.slice(equals + 1).trim();
    if (!isAccountKey(key)) {
      const known = ACCOUNT_KEYS.join(', ');
      throw badOption(given, `has an unknown key: ${key || '(empty)'}`, `one of ${known}`, nearest(key, ACCOUNT_KEYS));
    }
    if (text === '') throw badOption(given, `gives ${key} no value`, `${key}=VALUE`);
    if (values.has(key)) throw badOption(given, `gives ${key} twice`);
    values.set(key, { text, label: `${given.label} ${name}: ${key}` });
  }
  return { name, values };
}

function isAccountKey(key: string): key is AccountKey {
  return ACCOUNT_KEYS.some((known) => known === key);
}

/** `--balance`, `--leverage` and `--mode` speak of `main`; with other accounts only they would say nothing. */
function withDefaultAccountOptions(specs: readonly AccountSpec[], given: GivenOptions): AccountSpec[] {
  const extra = DEFAULT_ACCOUNT_OPTIONS.flatMap((key) => {
    const value = given.find(key);
    return value === undefined ? [] : [{ key, value }];
  });
  const main = specs.find((spec) => spec.name === DEFAULT_ACCOUNT);
  for (const { key, value } of extra) {
    if (main === undefined) {
      const hint = `write ${key}=${value.text} into the --account it is for`;
      throw badOption(value, `is of account ${DEFAULT_ACCOUNT}, which is not among the accounts`, undefined, hint);
    }
    if (main.values.has(key)) {
      throw new UserError({
        code: 'bad_option',
        exitCode: EXIT.usage,
        message: `${key} of account ${DEFAULT_ACCOUNT} is given twice`,
        found: `${value.label} ${value.text}, and ${key}=${main.values.get(key)!.text}`,
        expected: 'one of the two',
      });
    }
  }
  return specs.map((spec) =>
    spec !== main
      ? spec
      : { ...spec, values: new Map([...spec.values, ...extra.map(({ key, value }) => [key, value] as const)]) },
  );
}
