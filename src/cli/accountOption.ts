/**
 * The accounts of a run as the user wrote them: `--account name:key=value,…`, those listed in a file, or the one account `main`;
 * and what `--balance`, `--leverage` and `--mode` change of it. Text in, one record of given values an account out; what they
 * mean for a contract is accountInput.ts.
 */

import { EXIT, UserError } from '../errors.js';
import { TOTAL_ACCOUNT } from '../report/summary.js';
import { badOption, compareSources, type Given, type GivenOptions, nearest, type Source } from './givenOptions.js';

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
const NAME_EXPECTED = 'a name of letters, digits, _ . -';
/** Options of the default account, by the key they stand for. */
export const DEFAULT_ACCOUNT_OPTIONS: readonly AccountKey[] = ['balance', 'leverage', 'mode'];

/** Accounts that were listed elsewhere than in `--account`: in a CSV file, or as a map of the config file. */
export interface ListedAccounts {
  readonly specs: readonly AccountSpec[];
  readonly source: Source;
}

/**
 * The accounts in the order given; the default account when none was. Where several sources give accounts those of the strongest
 * count, whole; a stronger `--leverage` or its like still changes `main` among them.
 *
 * @throws UserError exit 2
 */
export function parseAccounts(given: GivenOptions, listed: ListedAccounts | null = null): AccountSpec[] {
  const usesListed = listed !== null && compareSources(listed.source, given.sourceOf('account')) > 0;
  const specs = usesListed ? [...listed.specs] : given.list('account').map(parseAccount);
  const source = usesListed ? listed.source : given.sourceOf('account');
  if (!usesListed) {
    const names = new Set<string>();
    for (const [i, spec] of specs.entries()) {
      if (names.has(spec.name)) throw badOption(given.list('account')[i]!, `gives account ${spec.name} twice`);
      names.add(spec.name);
    }
  }
  if (specs.length === 0) specs.push({ name: DEFAULT_ACCOUNT, values: new Map() });
  return withDefaultAccountOptions(specs, source, given);
}

/** `name:key=value,…`. @throws UserError exit 2 */
export function parseAccount(given: Given): AccountSpec {
  const cut = given.text.indexOf(':');
  const text = (cut < 0 ? given.text : given.text.slice(0, cut)).trim();
  const name = requireAccountName(text, given, `name:key=value,… with ${NAME_EXPECTED}`);
  const values = new Map<AccountKey, Given>();
  if (cut < 0) return { name, values };
  for (const pair of given.text.slice(cut + 1).split(',')) {
    const equals = pair.indexOf('=');
    const key = requireAccountKey((equals < 0 ? pair : pair.slice(0, equals)).trim(), given);
    const text = equals < 0 ? '' : pair.slice(equals + 1).trim();
    if (text === '') throw badOption(given, `gives ${key} no value`, `${key}=VALUE`);
    if (values.has(key)) throw badOption(given, `gives ${key} twice`);
    values.set(key, { ...given, text, label: `${given.label} ${name}: ${key}` });
  }
  return { name, values };
}

/** @throws UserError exit 2 */
export function requireAccountName(name: string, given: Given, expected = NAME_EXPECTED): string {
  if (!NAME.test(name)) throw badOption(given, 'has no usable account name', expected);
  if (name === TOTAL_ACCOUNT) throw badOption(given, `cannot be named ${name}: the summary's overall row is`);
  return name;
}

/** @throws UserError exit 2 */
export function requireAccountKey(key: string, given: Given): AccountKey {
  const known = ACCOUNT_KEYS.find((one) => one === key);
  if (known !== undefined) return known;
  const expected = `one of ${ACCOUNT_KEYS.join(', ')}`;
  throw badOption(given, `has an unknown key: ${key || '(empty)'}`, expected, nearest(key, ACCOUNT_KEYS));
}

/**
 * `--balance`, `--leverage` and `--mode` speak of `main`; with other accounts only they would say nothing. One from a weaker source
 * than the accounts is not in force, one from a stronger source replaces what the account says itself.
 */
function withDefaultAccountOptions(specs: readonly AccountSpec[], source: Source, given: GivenOptions): AccountSpec[] {
  const extra = DEFAULT_ACCOUNT_OPTIONS.flatMap((key) => {
    const value = given.find(key);
    return value === undefined || compareSources(given.sourceOf(key), source) < 0 ? [] : [{ key, value }];
  });
  const main = specs.find((spec) => spec.name === DEFAULT_ACCOUNT);
  for (const { key, value } of extra) {
    if (main === undefined) {
      const hint = `write ${key}=${value.text} into the --account it is for`;
      throw badOption(value, `is of account ${DEFAULT_ACCOUNT}, which is not among the accounts`, undefined, hint);
    }
    const own = main.values.get(key);
    if (own !== undefined && compareSources(given.sourceOf(key), source) === 0) {
      throw new UserError({
        code: 'bad_option',
        exitCode: EXIT.usage,
        message: `${key} of account ${DEFAULT_ACCOUNT} is given twice`,
        ...(value.place === undefined ? {} : { place: value.place }),
        found: `${value.label} ${value.text}, and ${key}=${own.text}`,
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
