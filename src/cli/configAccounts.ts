/**
 * `accounts` of a config file: a map from names to the keys of --account, or a list of such maps (each with its name) and of texts
 * as --account takes them. The order of the file is the order of the accounts. What the values mean is for others to judge.
 */

import type { Place } from '../errors.js';
import { ACCOUNT_KEYS, type AccountKey, type AccountSpec, parseAccount, requireAccountName } from './accountOption.js';
import { configError, isNothing } from './configError.js';
import { type Given, nearest } from './givenOptions.js';
import type { TreeEntry, TreeList, TreeMap, TreeNode } from './structuredText.js';

const NAME_KEY = 'name';

/** Null when there is no account in it. @throws UserError exit 2 */
export function readConfigAccounts(value: TreeMap | TreeList): AccountSpec[] | null {
  const specs =
    value.kind === 'map'
      ? value.entries.map(({ key, place, value: keys }) => readAccount(key, place, `accounts.${key}`, keys))
      : readList(value);
  return specs.length === 0 ? null : specs;
}

function readList(list: TreeList): AccountSpec[] {
  const lines = new Map<string, number>();
  return list.items.map((item, i) => {
    const path = `accounts[${i + 1}]`;
    const spec = readItem(item, path);
    const line = lines.get(spec.name);
    if (line !== undefined) {
      throw configError(
        `${path} has the name of another account`,
        item.place,
        `${spec.name}, as in line ${line}`,
        'a name of its own for each account',
      );
    }
    lines.set(spec.name, item.place.line!);
    return spec;
  });
}

function readItem(item: TreeNode, path: string): AccountSpec {
  if (item.kind === 'scalar' && item.type === 'text') {
    return parseAccount({ text: item.text, label: path, source: 'config', place: item.place });
  }
  if (item.kind !== 'map') {
    throw configError(`${path} is no account`, item.place, item.source, 'a map with name and the keys of --account');
  }
  const name = item.entries.find(({ key }) => key === NAME_KEY);
  if (name === undefined || name.value.kind !== 'scalar' || isNothing(name.value)) {
    throw configError(`${path} has no name`, name?.place ?? item.place, item.source, 'name: and a name');
  }
  const entries = item.entries.filter((entry) => entry !== name);
  return readAccount(name.value.text, name.value.place, path, { ...item, entries });
}

function readAccount(name: string, place: Place, path: string, keys: TreeNode): AccountSpec {
  requireAccountName(name, { text: name, label: path, source: 'config', place });
  if (isNothing(keys)) return { name, values: new Map() };
  if (keys.kind !== 'map') {
    throw configError(`${path} is no map`, keys.place, keys.source, 'keys of --account, such as leverage: 10');
  }
  const values = new Map<AccountKey, Given>();
  for (const entry of keys.entries) {
    const key = requireKey(entry, path);
    const { value } = entry;
    if (isNothing(value)) continue;
    if (value.kind !== 'scalar') {
      throw configError(`${path}.${key} is not one value`, value.place, value.source, 'one text or number');
    }
    // A switch is a word here: auto_margin takes `true` and `false`.
    const text = value.type === 'switch' ? value.text.toLowerCase() : value.text;
    values.set(key, { text, label: `${path}.${key}`, source: 'config', place: value.place });
  }
  return { name, values };
}

function requireKey({ key, place }: TreeEntry, path: string): AccountKey {
  const known = ACCOUNT_KEYS.find((one) => one === key);
  if (known !== undefined) return known;
  const hint = nearest(key.replaceAll('-', '_'), ACCOUNT_KEYS);
  throw configError(`unknown key ${path}.${key}`, place, key, `one of ${ACCOUNT_KEYS.join(', ')}`, hint);
}
