/**
 * Numbers of a single position and a group at their edges: added margin where a venue discounts it and where it does not, flat
 * positions, tiers by contracts, reductions on the entry, and automatic margin in the ledger round by round.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { accountWith, BTCUSDT, d, FLAT_INVERSE, fill, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { planAutoMargin } from './autoMargin.js';
import { computeBankruptcyPrice, computeLedgerPrice } from './liquidation.js';
import { computeLiquidationFeeRate, planPartialLiquidation } from './liquidationPlan.js';
import { computeAddedInitialMargin, computeCommissionReserve } from './margin.js';
import { applyFill, cannotLoseAll, computeEntryPrice, createPosition, type Position } from './position.js';
import { isOnMark } from './requirement.js';
import { collateralOf, countedRequirements, groupOfOne } from './riskGroup.js';

const XBT = 100_000_000n;
const GENERIC = rulesOf('generic');
const BITMEX = rulesOf('bitmex');

function held(contract: Contract, more: Partial<Position> = {}): Position {
  return { ...createPosition(contract, 'isolated', d('10')), id: 1, qty: 10_000n, cost: XBT, ...more };
}

describe('added margin', () => {
  const discounting: VenueRules = { ...GENERIC, discountsAddedMargin: true };
  // 0.2 behind, 0.1 of it added, a fee of 25 %: 0.1 / 1.25 = 0.08, of a short 0.1 / 0.75
  test.each<[string, VenueRules, Partial<Position>, Contract, Fraction]>([
    ['an inverse long', discounting, {}, FLAT_INVERSE, d('18000000')],
    ['an inverse short', discounting, { qty: -10_000n }, FLAT_INVERSE, { num: 70_000_000n, den: 3n }],
    ['a venue that counts it whole', GENERIC, {}, FLAT_INVERSE, d('20000000')],
    ['a cross position', discounting, { mode: 'cross' }, FLAT_INVERSE, d('20000000')],
    ['a linear position', discounting, {}, BTCUSDT, d('20000000')],
    ['nothing added', discounting, { added: 0n }, FLAT_INVERSE, d('20000000')],
    ['a linear position of a venue that counts it whole', GENERIC, {}, BTCUSDT, d('20000000')],
  ])('when it is %s then so much stands behind it', (_, rules, more, contract, collateral) => {
    const position = held(contract, { margin: 20_000_000n, added: 10_000_000n, ...more });
    expect(compareFractions(collateralOf(groupOfOne(rules, position, 20_000_000n, d('0.25'))), collateral)).toBe(0);
  });
});

describe('a flat position', () => {
  it('when it is asked for prices then it has none, whatever the contract', () => {
    for (const contract of [BTCUSDT, FLAT_INVERSE, XBTUSD]) {
      const flat = createPosition(contract, 'isolated', d('10'));
      for (const rules of [GENERIC, BITMEX]) {
        expect(computeBankruptcyPrice(rules, flat, 0n)).toBeNull();
        expect(computeLedgerPrice(rules, flat, 0n)).toBeNull();
      }
      expect(computeEntryPrice(flat)).toBeNull();
      expect(cannotLoseAll(flat, 0n)).toBe(false);
    }
  });
});

describe('rules and tiers', () => {
  test.each<[VenueRules['maintenanceBasis'], VenueRules['liquidationRule'], boolean]>([
    ['mark', 'exact', true],
    ['mark', 'bitmex_ledger', false],
    ['entry', 'exact', false],
    ['entry', 'bitmex_ledger', false],
  ])('when maintenance is on %s and the rule is %s then it moves with the mark: %s', (basis, rule, moves) => {
    expect(isOnMark({ ...GENERIC, maintenanceBasis: basis, liquidationRule: rule })).toBe(moves);
  });

  it('when tiers count contracts then a fill is margined at the tier that it lifts the position into', () => {
    const rows = [
      { floor: 0n, initial: d('0.1'), maintenance: d('0.01'), deduction: d('0') },
      { floor: 100n, initial: d('0.5'), maintenance: d('0.02'), deduction: d('0') },
    ];
    const tiers: RiskTierTable = { by: 'qty', limit: null, tiers: rows };
    const position = held({ ...BTCUSDT, tiers }, { qty: -90n, cost: 900n, leverage: d('0') });
    const added = [9n, 10n, 11n].map((qty) => computeAddedInitialMargin(GENERIC, position, 100n, qty));
    expect(added).toEqual([10n, 50n, 50n]);
  });

  it('when neither contract nor venue names a liquidation fee then there is none', () => {
    const rateOf = (rules: VenueRules) => computeLiquidationFeeRate(rules, held(BTCUSDT), d('10000'));
    expect(rateOf(GENERIC).num).toBe(0n);
    expect(compareFractions(rateOf(rulesOf('pacifica')), d('0.0075'))).toBe(0);
    const named = held({ ...BTCUSDT, liquidationFee: d('0.001') });
    expect(computeLiquidationFeeRate(rulesOf('pacifica'), named, d('10000'))).toEqual(d('0.001'));
  });
});

describe('the ledger’s price of a linear position', () => {
  const contract: Contract = { ...BTCUSDT, valueScale: { num: 1n, den: 1n }, minQty: 1n, qtyDecimals: 0 };
  // 7 that cost 420,000 with 42,003 behind: 39,903 may be lost, 380,097 / 7 = 54,299.57 and 459,903 / 7 = 65,700.43
  test.each([
    [7n, '54299.6'],
    [-7n, '65700.4'],
  ])('when %s are held then it is the exact price on the tick toward the entry, no lot is rounded', (qty, price) => {
    const found = computeLedgerPrice(BITMEX, held(contract, { qty, cost: 420_000n }), 42_003n);
    expect(compareFractions(found!, d(price))).toBe(0);
  });
});

describe('two cross symbols where of a hedge the larger side is charged', () => {
  it('when each has one side then both are charged', () => {
    const rules: VenueRules = { ...GENERIC, hedgeMaintenance: 'larger' };
    const [a, b] = ['AAA', 'BBB'].map((symbol) => held({ ...BTCUSDT, symbol }, { mode: 'cross', qty: 1_000n }));
    const members = [a!, b!].map((position) => ({ position, takerFee: d('0') }));
    const group = { ...groupOfOne(rules, a!, 0n), members };
    // 0.5 % of 10,000 each
    const counted = countedRequirements(group, () => d('10000'));
    expect(counted.map(({ num, den }) => Number(num) / Number(den))).toEqual([50e8, 50e8]);
  });
});

describe('reductions of 230 XBT of XBTUSD', () => {
  const long = held(XBTUSD, { mode: 'cross', qty: 2_300_000n, cost: 230n * XBT });
  const sold = (maintenanceBasis: VenueRules['maintenanceBasis'], mark: Fraction): bigint | undefined => {
    const rules: VenueRules = { ...GENERIC, tierModel: 'step', partialLiquidation: 'one_tier', maintenanceBasis };
    return planPartialLiquidation(groupOfOne(rules, long, 10n ** 18n), () => mark)?.qty;
  };

  test.each<[VenueRules['maintenanceBasis'], Fraction, bigint]>([
    ['entry', d('10000'), 300_000n],
    ['entry', d('9000'), 300_000n],
    // down to 200 XBT at the mark: 200 · 10,000.5 = 2,000,100, and 200 · 28,001/3 = 1,866,733.3
    ['mark', d('10000.5'), 299_900n],
    ['mark', { num: 28_001n, den: 3n }, 433_267n],
  ])('when tiers are read at the %s and the mark is %j then %s contracts go', (basis, mark, qty) => {
    expect(sold(basis, mark)).toBe(qty);
  });
});

describe('automatic margin in the BitMEX ledger', () => {
  it('when several rounds are called for then they and the growth of the reserve use up what is left, to the last unit', () => {
    const account = accountWith('bitmex', 'isolated', '10', XBT, undefined, { takerFee: d('0.00075') });
    fill(account, XBTUSD, 'buy', 'open', 10_000n, '10000');
    const position = account.position(XBTUSD);
    const left = 25_000_000n;
    const rounds = planAutoMargin(account.riskGroups()[0]!, () => d('5000'), left);
    expect(rounds.slice(0, 2)).toEqual([10_000_000n, 10_000_000n]);
    expect(rounds.length).toBe(3);
    const reserveWith = (added: bigint): bigint =>
      computeCommissionReserve(account.rules, { ...position, added, margin: position.margin + added }, d('0.00075'));
    const used = (added: bigint): bigint => added + reserveWith(added) - reserveWith(0n);
    const total = rounds.reduce((sum, amount) => sum + amount, 0n);
    expect([used(total) <= left, used(total + 1n) > left]).toEqual([true, true]);
  });
});

describe('a fill on a holding', () => {
  // an inverse long of 1,000 at 9,000
  const before = { qty: d('1000'), cost: { num: 1n, den: 9n } };
  test.each<[string, string, Fraction, Fraction]>([
    // contracts, what is held after, its cost, what was closed
    ['1000', '2000', { num: 19n, den: 90n }, d('0')],
    ['-400', '600', { num: 1n, den: 15n }, d('400')],
    ['-1000', '0', d('0'), d('1000')],
    ['-1500', '-500', { num: 1n, den: 20n }, d('1000')],
  ])('when %s contracts come at 10,000 then %s are held', (qty, after, cost, closed) => {
    const value = { num: d(qty).num < 0n ? -d(qty).num : d(qty).num, den: 10_000n };
    const change = applyFill(before, d(qty), value, -1n);
    expect([
      compareFractions(change.after.qty, d(after)),
      compareFractions(change.after.cost, cost),
      compareFractions(change.closed, closed),
    ]).toEqual([0, 0, 0]);
    const gross = { num: closed.num, den: closed.den * 90_000n };
    expect(compareFractions(change.gross, gross)).toBe(0);
  });
});
