/**
 * Sizes by position value over wallet that are chosen beforehand: reading two of value over wallet, leverage and margin over wallet,
 * and remembering what was chosen last for an account and a symbol.
 */

import { compareFractions, type Fraction } from '../money/decimal.js';
import { formatSignificant, integer, over, times } from '../money/fractions.js';
import type { FixedRequest } from '../strategy/broker.js';
import type { DecimalInput, FixedSize } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';
import { readPositive } from './readDecimal.js';
import { type Refusal, refusal } from './refusal.js';
import { walletBehind } from './sizing.js';
import type { SymbolBook } from './symbolBook.js';

/** What was chosen: position value over wallet, and the leverage of a choice that fixes it. */
export interface Selection {
  readonly pob: DecimalInput;
  readonly leverage: Fraction | null;
}

/** The last selection that was accepted, by account and symbol. */
export class SizeMemory {
  readonly #selections = new Map<string, Selection>();

  find(account: number, symbol: string): Selection | undefined {
    return this.#selections.get(`${account} ${symbol}`);
  }

  keep(account: number, symbol: string, selection: Selection): void {
    this.#selections.set(`${account} ${symbol}`, selection);
  }
}

/** More digits than any product of two numbers that people write. */
const DIGITS = 60;

/**
 * What openFixed asks for: two of pob = leverage · map, or what was chosen before; refused where the margin is not there.
 */
export function readFixed(
  runtime: AccountRuntime,
  { contract }: SymbolBook,
  { side, size, options }: Omit<FixedRequest, 'symbol'>,
  before: Selection | undefined,
  moment: Moment,
): Selection | Refusal {
  if (side !== 'long' && side !== 'short') return refusal(400, 'unknown_side', { side, known: 'long short' });
  if (options.leverage !== undefined) return refusal(400, 'unknown_option', { option: 'leverage' });
  const [position] = runtime.account.positionsOf(contract);
  if (position!.mode !== 'isolated') return refusal(70001, 'not_isolated');
  const read = size === undefined ? ofBefore(before, contract.symbol) : readSize(size);
  if ('reason' in read) return read;
  const { pob, leverage, map } = read;
  const wallet = integer(walletBehind(runtime, contract));
  const available = runtime.usable(position!, moment);
  const need = times(map, wallet);
  if (map.num > map.den || compareFractions(need, integer(available)) > 0) {
    return refusal(70004, 'insufficient_margin', { need: formatSignificant(need, 20), available });
  }
  return { pob: formatSignificant(pob, DIGITS), leverage };
}

interface Whole {
  readonly pob: Fraction;
  readonly leverage: Fraction;
  readonly map: Fraction;
}

function ofBefore(before: Selection | undefined, symbol: string): Whole | Refusal {
  if (before === undefined || before.leverage === null) return refusal(400, 'no_selection', { symbol });
  const pob = readPositive(before.pob)!;
  return { pob, leverage: before.leverage, map: over(pob, before.leverage) };
}

function readSize(size: FixedSize): Whole | Refusal {
  const given = (['pob', 'leverage', 'map'] as const).filter((name) => size[name] !== undefined);
  if (given.length < 2) return refusal(400, 'two_of_three_needed', { given: given.join(' ') });
  const [pob, leverage, map] = [readPositive(size.pob), readPositive(size.leverage), readPositive(size.map)];
  const bad = given.find((name) => readPositive(size[name]) === undefined);
  if (bad !== undefined) return refusal(400, 'qty_not_positive', { [bad]: size[bad] });
  if (pob === undefined) return { pob: times(leverage!, map!), leverage: leverage!, map: map! };
  if (leverage === undefined) return { pob, leverage: over(pob, map!), map: map! };
  if (map === undefined) return { pob, leverage, map: over(pob, leverage) };
  const agree = compareFractions(times(leverage, map), pob) === 0;
  return agree ? { pob, leverage, map } : refusal(400, 'fixed_inconsistent', { ...size });
}
