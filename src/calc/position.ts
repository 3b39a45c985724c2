/**
 * The position of a request: side, size, entry, and what follows from them without asking for a margin model: values, profit,
 * and the maintenance rate that the request or its table of rates gives.
 */

import { type BracketRow, createBrackets, type MarginBracket } from '../contract/marginBrackets.js';
import type { PositionSide } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import { integer, minus, ONE, over, plus, times, ZERO } from '../money/fractions.js';
import type { MarginRules } from '../venue/marginRules.js';
import type { Inputs } from './inputs.js';
import { createInstrument, type Instrument, signOfSide } from './instrument.js';

export interface CalcPosition {
  readonly inputs: Inputs;
  readonly rules: MarginRules;
  readonly instrument: Instrument;
  /** +1 long, −1 short. */
  readonly side: 1n | -1n;
  /** s·σ: +1 where profit rises with value. */
  readonly sign: 1n | -1n;
  /** Contracts; 1 where the request has none, for prices do not depend on it. */
  readonly qty: Fraction;
  readonly hasQty: boolean;
  readonly entryPrice: Fraction;
  /** V(entry). */
  readonly cost: Fraction;
  /** V(mark); null without a mark. */
  readonly markValue: Fraction | null;
  readonly leverage: Fraction | null;
  readonly mode: 'isolated' | 'cross';
}

/** @param fallbackSide for kinds that need no side. @throws UserError missing_input */
export function readPosition(inputs: Inputs, rules: MarginRules, fallbackSide?: PositionSide): CalcPosition {
  const instrument = createInstrument(inputs);
  const side = signOfSide(inputs, fallbackSide);
  const given = inputs.find('qty');
  const qty = given ?? ONE;
  const entryPrice = inputs.require('entry_price', 'price', 'open_price');
  const mark = inputs.find('mark_price');
  const value = inputs.find('position_value');
  const word = inputs.word('margin_mode');
  const ownsMargin = !inputs.has('margin_balance') && (inputs.has('leverage') || inputs.has('pos_init'));
  return {
    inputs,
    rules,
    instrument,
    side,
    sign: (side * instrument.sigma) as 1n | -1n,
    qty,
    hasQty: given !== null,
    entryPrice,
    cost: inputs.find('pos_cost') ?? instrument.value(qty, entryPrice),
    markValue: mark === null ? value : instrument.value(qty, mark),
    leverage: inputs.find('leverage'),
    mode: word === null ? (ownsMargin ? 'isolated' : 'cross') : word === 'cross' ? 'cross' : 'isolated',
  };
}

/** Profit of a value over another, signed for the position: s·σ·(V − C). */
export function profitOver(position: CalcPosition, value: Fraction, cost: Fraction): Fraction {
  return times(integer(position.sign), minus(value, cost));
}

/** Unrealized profit from the reference price, or from the entry where there is none; null without a mark. */
export function profitOf(position: CalcPosition): Fraction | null {
  if (position.markValue === null) return null;
  const { inputs, instrument, qty } = position;
  const reference = inputs.find('pnl_reference_price');
  const cost = reference === null ? instrument.value(qty, position.entryPrice) : instrument.value(qty, reference);
  return profitOver(position, position.markValue, inputs.find('unrealised_cost') ?? cost);
}

/** The brackets of the request: its table of rates, or its one rate. Null where it gives none. */
export function findBrackets(inputs: Inputs, rules: MarginRules, model = rules.tierModel): MarginBracket[] | null {
  const rows = inputs.rows('tiers');
  const adverse = inputs.find('adverse_funding_rate') ?? ZERO;
  const withFunding = (brackets: MarginBracket[]): MarginBracket[] =>
    brackets.map((bracket) => ({ ...bracket, maintenance: plus(bracket.maintenance, adverse) }));
  const rate = findMaintenanceRate(inputs, rules);
  if (rate !== null) {
    const deduction = inputs.find('maintenance_amount') ?? ZERO;
    return withFunding([{ floor: ZERO, maintenance: rate, deduction }]);
  }
  if (rows.length === 0) return null;
  return withFunding(createBrackets(readBracketRows(rows, rules), model));
}

/** The one maintenance rate of a request; where it has none, half of 1 / max leverage at the venues that say so. */
export function findMaintenanceRate(inputs: Inputs, rules: MarginRules): Fraction | null {
  const rate = inputs.find('maintenance_margin_rate', 'maint_rate');
  if (rate !== null) return rate;
  const maxLeverage = inputs.find('max_leverage');
  if (!rules.halfOfMaxLeverage || maxLeverage === null || inputs.has('tiers')) return null;
  return over(ONE, times({ num: 2n, den: 1n }, maxLeverage));
}

/** Rows with a lower bound, or with an upper one, where each begins at the bound of the row before. */
export function readBracketRows(rows: readonly Inputs[], rules: MarginRules): BracketRow[] {
  let bound: Fraction = ZERO;
  return rows.map((row) => {
    const floor = row.find('min_notional') ?? bound;
    bound = row.find('up_to', 'max_notional') ?? bound;
    return {
      floor,
      maintenance: findMaintenanceRate(row, rules) ?? row.miss('maintenance_margin_rate'),
      deduction: row.find('maintenance_amount'),
    };
  });
}
