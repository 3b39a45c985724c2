/**
 * Small worlds for the walk to a due point, whose answers can be worked out beside the test: one settlement unit is one of the
 * currency, so a linear contract's unit value is its price. D is what stands at value 0 before requirements: the collateral,
 * less the cost of what gains with value, plus the cost of what loses with it. Not shipped.
 */

import { expect } from '@jest/globals';
import { type Direction, type DuePoint, ExcessWalk } from '../../account/excessWalk.js';
import { createPosition, profitSign } from '../../account/position.js';
import type { RiskMember } from '../../account/riskGroup.js';
import type { Contract, RiskTierTable } from '../../contract/contract.js';
import { compareFractions, type Fraction } from '../../money/decimal.js';
import { over, ZERO } from '../../money/fractions.js';
import type { VenueRules } from '../../venue/rules.js';
import { contractWith, d, rulesOf } from './contracts.js';

export const INCLUSIVE: VenueRules = rulesOf('generic');
export const STRICT: VenueRules = { ...INCLUSIVE, liquidationInclusive: false };

/** Flat, 10 % of the value. */
export const FLAT = contractWith(
  { settle_decimals: 0, min_qty: '1', tick_size: '1', maintenance_margin: '0.1', initial_margin: '0.2' },
  'AAA',
);
/** 10 %, from a value of 1,000 on 20 %, from 3,000 on 50 %. */
export const TABLE: RiskTierTable = {
  by: 'value',
  limit: null,
  tiers: [
    { floor: 0n, initial: d('0.2'), maintenance: d('0.1'), deduction: ZERO },
    { floor: 1_000n, initial: d('0.4'), maintenance: d('0.2'), deduction: d('100') },
    { floor: 3_000n, initial: d('1'), maintenance: d('0.5'), deduction: d('1000') },
  ],
};
export const TIERED: Contract = { ...FLAT, tiers: TABLE };
/** 10 % up to and with 1,000, 20 % up to and with 2,000, and so on without end. */
export const STEPPED: Contract = { ...FLAT, riskSteps: { base: 1_000n, step: 1_000n } };

export const UP: Direction = 1;
export const DOWN: Direction = -1;

export const ratio = (text: string): Fraction => {
  const [num, den] = text.split('/').map((part) => d(part));
  return den === undefined ? num! : over(num!, den);
};

export interface World {
  readonly contract?: Contract;
  readonly rules?: VenueRules;
  /** Signed quantities, long before short. */
  readonly held: readonly bigint[];
  /** What stands at value 0 before requirements. */
  readonly d: string;
  /** Open costs; 1,000 each unless they count. */
  readonly costs?: readonly bigint[];
  /** Wallet, where closing fees ask for it; the rest up to D is what other symbols have made. */
  readonly collateral?: bigint;
  /** Taker fee of each member. */
  readonly fees?: readonly string[];
}

export function walkOf({
  contract = FLAT,
  rules = INCLUSIVE,
  held,
  costs,
  collateral = 0n,
  fees,
  ...rest
}: World): ExcessWalk {
  const members = held.map((qty, i): RiskMember => {
    const slot = held.length === 1 ? 'net' : qty > 0n ? 'long' : 'short';
    const position = { ...createPosition(contract, 'cross', d('1'), slot), id: i + 1, qty, cost: costs?.[i] ?? 1_000n };
    return { position, takerFee: d(fees?.[i] ?? '0') };
  });
  const lost = members.reduce((sum, { position }) => sum + profitSign(position) * position.cost, 0n);
  const { num, den } = ratio(rest.d);
  const frozen = { num: num + lost * den, den };
  return new ExcessWalk({ rules, mode: 'cross', currency: contract.settle, collateral, members }, frozen);
}

/** −1, 0 or 1 against the value expected; a fraction without a denominator would be equal to everything. */
function orderOf(found: Fraction, value: string): number {
  expect(found.den).toBeGreaterThan(0n);
  return compareFractions(found, ratio(value));
}

function expectPoint(found: DuePoint | null, value: string | null, isDueAt = true): void {
  if (found === null || value === null) expect([found, value]).toEqual([null, null]);
  else expect([orderOf(found.unitValue, value), found.isDueAt]).toEqual([0, isDueAt]);
}

export function expectFirst(
  world: World,
  start: string,
  direction: Direction,
  value: string | null,
  isDueAt = true,
): void {
  expectPoint(walkOf(world).findFirst(ratio(start), direction), value, isDueAt);
}

export function expectEnd(world: World, start: string, direction: Direction, value: string | null): void {
  const found = walkOf(world).findEnd(ratio(start), direction);
  if (found === null || value === null) expect([found, value]).toEqual([null, null]);
  else expect(orderOf(found, value)).toBe(0);
}
