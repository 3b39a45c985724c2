/**
 * Reads an `account` line of a scenario: what it starts with in which currencies, its margin settings, its fees. Whether the
 * currencies are those of a contract is parseScenario.ts.
 */

import type { MarginMode, PositionMode } from '../../engine/records.js';
import type { Fraction } from '../../money/decimal.js';
import type { Words } from './words.js';

/** A starting balance; without a code it is in the currency that the first contract settles in. */
export interface WrittenBalance {
  readonly code: string | null;
  readonly amount: Fraction;
}

export interface WrittenAccount {
  readonly name: string;
  readonly balances: readonly WrittenBalance[];
  readonly mode: MarginMode;
  readonly leverage: Fraction;
  readonly positionMode: PositionMode;
  readonly autoMargin: boolean;
  readonly takerFee?: Fraction;
  readonly makerFee?: Fraction;
}

const FLAGS = ['hedged', 'auto_margin'] as const;

/** @param taken names of accounts that were given before. */
export function readAccount(words: Words, taken: readonly string[]): WrittenAccount {
  const name = words.take('a name');
  if (taken.includes(name)) throw words.error(`account ${name} was given before`);
  words.takeOneOf('the word balance', ['balance'] as const);
  const balances = readBalances(words);
  const mode = words.takeOneOf('mode', ['cross', 'isolated'] as const);
  const leverageWord = words.take('leverage');
  if (!/^[\d.]+x$/.test(leverageWord)) throw words.error(`leverage "${leverageWord}" is not such as 10x`);
  const leverage = words.number('leverage', leverageWord.slice(0, -1));
  const fees: { takerFee?: Fraction; makerFee?: Fraction } = {};
  const said = { hedged: false, auto_margin: false };
  while (words.rest.length > 0) {
    const flag = FLAGS.find((known) => known === words.rest[0]);
    if (flag !== undefined) {
      if (said[flag]) throw words.error(`${flag} is given twice`);
      said[words.takeOneOf('flag', FLAGS)] = true;
      continue;
    }
    const [field, value] = words.takePair();
    if (field === 'taker') fees.takerFee = words.number(field, value);
    else if (field === 'maker') fees.makerFee = words.number(field, value);
    else throw words.error(`"${field}" is unknown; known: taker=, maker=, hedged, auto_margin`);
  }
  const positionMode = said.hedged ? 'hedged' : 'one_way';
  return { name, balances, mode, leverage, positionMode, autoMargin: said.auto_margin, ...fees };
}

/** `1000`, `BTC=2` or several of them, the account's own first. */
function readBalances(words: Words): WrittenBalance[] {
  const balances: WrittenBalance[] = [];
  do {
    const [, code, amount] = /^([A-Z]+)=(.+)$/.exec(words.rest[0] ?? '') ?? [];
    if (code === undefined) balances.push({ code: null, amount: words.takeNumber('balance') });
    else balances.push({ code, amount: words.number(words.take(code), amount!) });
  } while (words.rest[0] !== undefined && /^([A-Z]+=|\d)/.test(words.rest[0]));
  return balances;
}
