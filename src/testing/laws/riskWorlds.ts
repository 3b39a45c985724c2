/**
 * Random risk groups for the laws: one symbol with tiers of any kind, held by one position or by a hedge, alone or beside a
 * second symbol, under rules put together freely. Not shipped.
 */

import fc from 'fast-check';
import { createPosition, type Position, type Slot } from '../../account/position.js';
import type { MarkOf, RiskGroup } from '../../account/riskGroup.js';
import type { Contract, RiskTier, RiskTierTable } from '../../contract/contract.js';
import { computeExactValue } from '../../contract/payoff.js';
import type { Fraction } from '../../money/decimal.js';
import { integer, minus, plus, times, ZERO } from '../../money/fractions.js';
import { divHalfAway } from '../../money/rounding.js';
import type { VenueRules } from '../../venue/rules.js';
import { contractWith, d, QUANTO, rulesOf } from './contracts.js';

export interface RiskWorld {
  readonly group: RiskGroup;
  /** The symbol that moves. */
  readonly contract: Contract;
  readonly mark: Fraction;
  readonly markOf: MarkOf;
}

/** One unit of value is one of the settlement currency, so that bounds and roots are met by chance. */
const LINEAR = contractWith(
  { settle_decimals: 0, min_qty: '1', tick_size: '1', maintenance_margin: '0.02', initial_margin: '0.05' },
  'AAA',
);
const INVERSE = contractWith(
  {
    type: 'inverse',
    multiplier: '10000',
    settle_currency: 'USDT',
    settle_decimals: 0,
    min_qty: '1',
    tick_size: '1',
    maintenance_margin: '0.02',
    initial_margin: '0.05',
  },
  'AAA',
);
const OTHER: Contract = { ...QUANTO, symbol: 'ZZZ', settle: LINEAR.settle, valueScale: integer(1n) };

/** Tiers at rising floors whose rates rise too; deductions make the marginal reading continuous. */
function tableOf(by: 'value' | 'qty', gaps: readonly bigint[], rises: readonly number[]): RiskTierTable {
  const tiers: RiskTier[] = [];
  let floor = 0n;
  let maintenance = d('0.01');
  let deduction = ZERO;
  for (const [i, gap] of gaps.entries()) {
    tiers.push({ floor, initial: times(maintenance, integer(2n)), maintenance, deduction });
    const next = plus(maintenance, { num: BigInt(rises[i] ?? 1), den: 100n });
    floor += gap;
    deduction = by === 'qty' ? ZERO : plus(deduction, times(integer(floor), minus(next, maintenance)));
    maintenance = next;
  }
  return { by, tiers, limit: null };
}

const contracts: fc.Arbitrary<Contract> = fc
  .record({
    base: fc.constantFrom(LINEAR, INVERSE),
    kind: fc.constantFrom('flat', 'steps', 'value', 'qty'),
    gaps: fc.array(fc.bigInt({ min: 200n, max: 4_000n }), { minLength: 1, maxLength: 5 }),
    rises: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 5, maxLength: 5 }),
  })
  .map(({ base, kind, gaps, rises }) => {
    if (kind === 'flat') return base;
    if (kind === 'steps') return { ...base, riskSteps: { base: gaps[0]!, step: gaps.at(-1)! } };
    const by = kind === 'qty' ? 'qty' : 'value';
    return { ...base, tiers: tableOf(by, by === 'qty' ? gaps.map((gap) => gap / 100n) : gaps, rises) };
  });

const rules: fc.Arbitrary<VenueRules> = fc
  .record({
    isLedger: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    maintenanceBasis: fc.constantFrom('mark', 'mark', 'mark', 'entry'),
    tierModel: fc.constantFrom('step', 'marginal'),
    isolatedFee: fc.constantFrom('none', 'basis', 'cancels'),
    crossFee: fc.constantFrom('none', 'basis', 'bankruptcy'),
    liquidationInclusive: fc.boolean(),
    hedgeMaintenance: fc.constantFrom('both', 'larger'),
    discountsAddedMargin: fc.boolean(),
  })
  .map(({ isLedger, ...fields }) => {
    if (isLedger) return { ...rulesOf('bitmex'), hedgeMaintenance: fields.hedgeMaintenance };
    return { ...rulesOf('generic'), ...fields } as VenueRules;
  });

const sizes = fc.record({ qty: fc.bigInt({ min: 1n, max: 60n }), entry: fc.bigInt({ min: 40n, max: 250n }) });

function held(contract: Contract, slot: Slot, size: { qty: bigint; entry: bigint }, isLong: boolean): Position {
  const value = computeExactValue(contract, size.qty, integer(size.entry));
  const cost = divHalfAway(value.num, value.den);
  const position = createPosition(contract, 'cross', d('10'), slot);
  return { ...position, id: 1, qty: isLong ? size.qty : -size.qty, cost: cost > 0n ? cost : 1n };
}

/** Groups of one to three positions; about half of them are hedges. */
export const groups = (): fc.Arbitrary<RiskWorld> =>
  fc
    .record({
      contract: contracts,
      rules,
      shape: fc.constantFrom('isolated', 'cross', 'hedge', 'hedge', 'beside', 'hedge beside'),
      isLong: fc.boolean(),
      first: sizes,
      second: sizes,
      other: sizes,
      share: fc.integer({ min: -5, max: 60 }),
      added: fc.integer({ min: 0, max: 30 }),
      fee: fc.constantFrom('0', '0.0005', '0.01'),
      mark: fc.bigInt({ min: 30n, max: 300n }),
    })
    .map((w) => {
      const isHedge = w.shape.startsWith('hedge');
      const positions = isHedge
        ? [held(w.contract, 'long', w.first, true), held(w.contract, 'short', w.second, false)]
        : [held(w.contract, 'net', w.first, w.isLong)];
      if (w.shape.endsWith('beside')) positions.push(held(OTHER, 'net', w.other, !w.isLong));
      const mode = w.shape === 'isolated' ? 'isolated' : 'cross';
      const cost = positions.reduce((sum, position) => sum + position.cost, 0n);
      const collateral = (cost * BigInt(w.share)) / 100n;
      for (const position of positions) {
        position.mode = mode;
        if (mode === 'isolated')
          Object.assign(position, { margin: collateral, added: (position.cost * BigInt(w.added)) / 100n });
      }
      const members = positions.map((position) => ({ position, takerFee: d(w.fee) }));
      const group: RiskGroup = { rules: w.rules, mode, currency: w.contract.settle, collateral, members };
      const mark = integer(w.mark);
      const markOf: MarkOf = ({ symbol }) => (symbol === w.contract.symbol ? mark : d('120'));
      return { group, contract: w.contract, mark, markOf };
    });
