/**
 * `--param NAME=VALUE`: the strategy's own defaults with what the user gave in their place, each read as the type of its
 * default. A name the strategy does not have is an error. What a value means is the strategy's business.
 */

import { EXIT, UserError } from '../errors.js';
import { isDecimalText } from '../money/decimal.js';
import type { Params } from '../strategy/strategy.js';
import { badOption, type Given, nearest } from './givenOptions.js';

/** @throws UserError exit 2 */
export function parseParams(given: readonly Given[], defaults: Params): Params {
  const params: Params = { ...defaults };
  const seen = new Set<string>();
  for (const one of given) {
    const cut = one.text.indexOf('=');
    if (cut < 1) throw badOption(one, 'is not NAME=VALUE', 'for example fast=12');
    const name = one.text.slice(0, cut).trim();
    if (!Object.hasOwn(defaults, name)) throw unknownParam(one, name, Object.keys(defaults));
    if (seen.has(name)) throw badOption(one, `gives parameter ${name} twice`, 'each parameter once');
    seen.add(name);
    params[name] = parseValue(one, name, one.text.slice(cut + 1), defaults[name]!);
  }
  return params;
}

function parseValue(given: Given, name: string, text: string, fallback: Params[string]): Params[string] {
  if (typeof fallback === 'string') return text;
  if (typeof fallback === 'boolean') {
    if (text !== 'true' && text !== 'false') throw badOption(given, `gives ${name} something else`, 'true or false');
    return text === 'true';
  }
  if (!isDecimalText(text.trim())) throw badOption(given, `gives ${name} something else`, 'a number');
  return Number(text);
}

function unknownParam(given: Given, name: string, known: readonly string[]): UserError {
  const hint = nearest(name, known);
  return new UserError({
    code: 'unknown_param',
    exitCode: EXIT.usage,
    message: `${given.label}: the strategy has no parameter ${name}`,
    ...(given.place === undefined ? {} : { place: given.place }),
    found: given.text,
    expected: known.length === 0 ? 'no parameter: the strategy has none' : `one of ${known.join(', ')}`,
    ...(hint === undefined ? {} : { hint }),
  });
}
