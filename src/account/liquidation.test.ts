/**
 * Liquidation and bankruptcy prices: the worked examples of the settlement rules, positions as BitMEX recorded them, the
 * trigger itself at, above and below its price, and risk steps at the mark against a scan of the exact inequality.
 */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../contract/contract.js';
import { computeExactValue } from '../contract/payoff.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { divCeil } from '../money/rounding.js';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, QUANTO, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import type { VenueRules } from '../venue/rules.js';
import { computeLiquidationPrice } from './dueMarks.js';
import { computeBankruptcyPrice, isBeyondBankruptcy, roundToTick, roundToTickTowardEntry } from './liquidation.js';
import { createPosition, type Position, profitSign } from './position.js';
import { isLiquidatable } from './riskGroup.js';

const XBT = 100_000_000n;
const MARK: VenueRules = rulesOf('generic');
const ENTRY: VenueRules = { ...MARK, maintenanceBasis: 'entry' };
const BITMEX: VenueRules = rulesOf('bitmex');

function positionOf(contract: Contract, qty: bigint, cost: bigint): Position {
  return { ...createPosition(contract, 'isolated', d('10')), id: 1, qty, cost };
}

const LONG = positionOf(FLAT_INVERSE, 10_000n, XBT);
const SHORT = positionOf(FLAT_INVERSE, -10_000n, XBT);
/** 1 BTC at 20,000. */
const LINEAR_LONG = positionOf(BTCUSDT, 1_000n, 20_000n * XBT);
const LINEAR_SHORT = positionOf(BTCUSDT, -1_000n, 20_000n * XBT);
const [ten, five, hundred] = [XBT / 10n, XBT / 2n, XBT / 100n];

const ratio = (text: string): Fraction => {
  const [num, den] = text.split('/').map((part) => d(part));
  return den === undefined ? num! : { num: num!.num * den.den, den: num!.den * den.num };
};

function expectPrice(found: Fraction | null, wanted: string | null): void {
  if (wanted === null) expect(found).toBeNull();
  else expect(found === null ? null : compareFractions(found, ratio(wanted))).toBe(0);
}

describe('liquidation price', () => {
  // position, collateral, on the mark, on the entry
  test.each<[string, Position, bigint, string | null, string | null]>([
    ['inverse long 2×', LONG, five, '6700', '2000000/299'],
    ['inverse long 10×', LONG, ten, '100500/11', '2000000/219'],
    ['inverse long 100×', LONG, hundred, '1005000/101', '2000000/201'],
    ['inverse short 2×', SHORT, five, '19900', '2000000/101'],
    ['inverse short 10×', SHORT, ten, '99500/9', '2000000/181'],
    ['inverse short 100×', SHORT, hundred, '995000/99', '2000000/199'],
    ['inverse short after funding, 0.9 of 1', SHORT, 90_000_000n, '99500', '10000/0.105'],
    ['inverse short 1×', SHORT, XBT, null, '2000000'],
    ['inverse long 1×', LONG, XBT, '5025', '2000000/399'],
    ['inverse short with more than its cost and maintenance', SHORT, 2n * XBT, null, null],
    ['linear long 50×', LINEAR_LONG, 400n * XBT, '19600/0.995', '19700'],
    ['linear short 50×', LINEAR_SHORT, 400n * XBT, '20400/1.005', '20300'],
    ['linear long 1×', LINEAR_LONG, 20_000n * XBT, '0', '100'],
    ['linear short 1×', LINEAR_SHORT, 20_000n * XBT, '40000/1.005', '39900'],
    ['linear long with more than its cost', LINEAR_LONG, 20_001n * XBT, null, '99'],
    ['linear long with far more than its cost', LINEAR_LONG, 20_101n * XBT, null, null],
    ['linear long without collateral', LINEAR_LONG, 0n, '20000/0.995', '20100'],
    ['quanto long 2 %', positionOf(QUANTO, 10_000n, 500_000_000n), 10_000_000n, '490/0.995', '492.5'],
    ['no position', positionOf(BTCUSDT, 0n, 0n), XBT, null, null],
  ])('when it is an %s then as derived, on either basis', (_, position, collateral, onMark, onEntry) => {
    expectPrice(computeLiquidationPrice(MARK, position, collateral, d('10000')), onMark);
    expectPrice(computeLiquidationPrice(ENTRY, position, collateral, d('10000')), onEntry);
  });

  test.each<[VenueRules, string]>([
    [ENTRY, '510'],
    [BITMEX, '510'],
    [MARK, '505.0505050505'],
  ])('when BitMEX’s Karen holds 20 at 1,000 with 10,000 behind, rules %#, then %s', (rules, price) => {
    const contract = contractWith({
      min_qty: '1',
      tick_size: '0.05',
      initial_margin: '0.02',
      maintenance_margin: '0.01',
    });
    const karen = { ...positionOf(contract, 20n, 20_000n * XBT), mode: 'cross' as const };
    const found = computeLiquidationPrice(rules, karen, 10_000n * XBT, d('1000'))!;
    expect((found.num * 10n ** 10n) / found.den).toBe((d(price).num * 10n ** 10n) / d(price).den);
    expectPrice(computeBankruptcyPrice(rules, karen, 10_000n * XBT), '500');
  });

  it('when Bybit’s isolated long is 5 BTC at 8,000 then added margin lowers its price 7,240, 6,440, 6,040', () => {
    const position = positionOf(BTCUSDT, 5_000n, 40_000n * XBT);
    const prices = [4_000n, 8_000n, 10_000n].map((margin) =>
      computeLiquidationPrice(ENTRY, position, margin * XBT, d('8000')),
    );
    prices.forEach((price, i) => {
      expectPrice(price, ['7240', '6440', '6040'][i]!);
    });
  });
});

describe('bankruptcy price, to the tick toward the entry', () => {
  test.each<[string, Position, bigint, string | null]>([
    ['inverse long 2×, 20000/3', LONG, five, '6667'],
    ['inverse long 10×, 100000/11', LONG, ten, '9091'],
    ['inverse long 100×', LONG, hundred, '9901'],
    ['inverse short 2×', SHORT, five, '20000'],
    ['inverse short 10×, 100000/9', SHORT, ten, '11111'],
    ['inverse short 100×', SHORT, hundred, '10101'],
    ['inverse short a unit under 1×', SHORT, XBT - 1n, '1000000000000'],
    ['inverse short 1×', SHORT, XBT, null],
    ['linear long 50×', LINEAR_LONG, 400n * XBT, '19600'],
    ['linear short 50×', LINEAR_SHORT, 400n * XBT, '20400'],
    ['linear long with more than its cost', LINEAR_LONG, 20_001n * XBT, null],
    ['no position', positionOf(BTCUSDT, 0n, 0n), XBT, null],
  ])('when it is an %s then as derived', (_, position, collateral, price) => {
    expectPrice(computeBankruptcyPrice(MARK, position, collateral), price);
  });

  it('when a linear long has exactly its cost behind it then it is bankrupt at 0', () => {
    expectPrice(computeBankruptcyPrice(MARK, LINEAR_LONG, 20_000n * XBT), '0');
  });
});

describe('positions as BitMEX recorded them', () => {
  // Isolated XBTUSD shorts: position streams of August 2018 and July 2019, margin added by hand included in the collateral.
  test.each<[string, bigint, bigint, bigint, string, string]>([
    ['2018, 500 at 6,725, 25×', 500n, 7_435_000n, 297_400n, '6968.5', '7004.5'],
    ['2019, 2,000 at 10,713.5, 5×, 71,429 added', 2_000n, 18_668_000n, 3_733_600n + 71_429n, '13370.5', '13455'],
  ])(
    'when it is the short of %s then both prices are those recorded',
    (_, qty, cost, collateral, liquidation, bankruptcy) => {
      const position = positionOf(XBTUSD, -qty, cost);
      for (const rules of [BITMEX, rulesOf('bitmex_2020')]) {
        expectPrice(computeLiquidationPrice(rules, position, collateral, d('6725')), liquidation);
        expectPrice(computeBankruptcyPrice(rules, position, collateral), bankruptcy);
        const tick = d('0.5');
        const at = d(liquidation);
        const under = { num: at.num * tick.den - tick.num * at.den, den: at.den * tick.den };
        expect(isLiquidatable(rules, position, collateral, at)).toBe(true);
        expect(isLiquidatable(rules, position, collateral, under)).toBe(false);
      }
    },
  );

  test.each<[string, Position, bigint, string | null, string | null]>([
    ['inverse long 10×, the mirror image', positionOf(XBTUSD, 10_000n, XBT), ten, '9132.5', '9091'],
    ['inverse long 10× at 8,000', positionOf(XBTUSD, 10_000n, 125_000_000n), 12_500_000n, '7306.5', '7273'],
    ['inverse short 10× at 8,000', positionOf(XBTUSD, -10_000n, 125_000_000n), 12_500_000n, '8839', '8888.5'],
    ['inverse short 1×', positionOf(XBTUSD, -10_000n, XBT), XBT, null, null],
    ['inverse short a unit under 1×', positionOf(XBTUSD, -10_000n, XBT), XBT - 1n, '1960784', '100000000'],
  ])('when the ledger has an %s then by its rounding', (_, position, collateral, liquidation, bankruptcy) => {
    expectPrice(computeLiquidationPrice(BITMEX, position, collateral, d('8000')), liquidation);
    expectPrice(computeBankruptcyPrice(BITMEX, position, collateral), bankruptcy);
  });

  it('when contracts come in lots of 100 then the value of a lot is rounded', () => {
    const lots = contractWith({ type: 'inverse', settle_currency: 'XBT', min_qty: '100', tick_size: '0.5' });
    // Three lots of 100 worth 27,300 + 2,887 − ceil(136.5) = 30,050: 10,016 a lot, and 10^10 / 10,016 = 998,402.6.
    // A contract would be worth 100 and give 1,000,000; no rounding would give 998,336.1.
    const position = positionOf(lots, 300n, 27_300n);
    expectPrice(computeLiquidationPrice(BITMEX, position, 2_887n, d('1000000')), '998403');
  });
});

describe('the trigger', () => {
  test.each<[VenueRules, Position, bigint, string, boolean]>([
    // a hair above, at, and a hair below each exact price
    [MARK, LONG, five, '6700.000001', false],
    [MARK, LONG, five, '6700', true],
    [MARK, LONG, five, '6699.999999', true],
    [MARK, SHORT, five, '19899.999999', false],
    [MARK, SHORT, five, '19900', true],
    [MARK, SHORT, five, '19900.000001', true],
    [ENTRY, LINEAR_LONG, 400n * XBT, '19700.000001', false],
    [ENTRY, LINEAR_LONG, 400n * XBT, '19700', true],
    [ENTRY, LINEAR_LONG, 400n * XBT, '19699.999999', true],
    [ENTRY, LINEAR_SHORT, 400n * XBT, '20299.999999', false],
    [ENTRY, LINEAR_SHORT, 400n * XBT, '20300', true],
    [ENTRY, LINEAR_SHORT, 400n * XBT, '20300.000001', true],
    [BITMEX, positionOf(XBTUSD, 10_000n, XBT), ten, '9132.51', false],
    [BITMEX, positionOf(XBTUSD, 10_000n, XBT), ten, '9132.5', true],
    [BITMEX, positionOf(XBTUSD, 10_000n, XBT), ten, '9132.49', true],
    [BITMEX, positionOf(XBTUSD, -10_000n, XBT), XBT, '100000000', false],
    [BITMEX, positionOf(BTCUSDT, 1_000n, 20_000n * XBT), 20_101n * XBT, '0.1', false],
    [BITMEX, positionOf(BTCUSDT, -1_000n, 20_000n * XBT), -20_000n * XBT, '0.1', true],
    [BITMEX, positionOf(XBTUSD, 10_000n, XBT), -2n * XBT, '1000000', true],
    [MARK, positionOf(BTCUSDT, 0n, 0n), 0n, '1', false],
  ])('when case %# is tested at a mark then inclusive', (rules, position, collateral, mark, isDue) => {
    expect(isLiquidatable(rules, position, collateral, d(mark))).toBe(isDue);
  });

  test.each<[Position, bigint, string, boolean]>([
    [LONG, five, '6666.7', false],
    [LONG, five, '6666.6', true],
    [LINEAR_LONG, 400n * XBT, '19600.1', false],
    [LINEAR_LONG, 400n * XBT, '19600', false],
    [LINEAR_LONG, 400n * XBT, '19599.9', true],
    [SHORT, five, '20000', false],
    [SHORT, five, '20000.5', true],
    [LONG, -1n, '10000', true],
  ])('when case %# is beyond bankruptcy then only past the very point', (position, collateral, mark, isBeyond) => {
    expect(isBeyondBankruptcy(MARK, position, collateral, d(mark))).toBe(isBeyond);
  });
});

describe('rounding to the tick', () => {
  test.each([
    ['9000.24', '9000.5', '9000', '9000'],
    ['9000.25', '9000.5', '9000', '9000.5'],
    ['9000.26', '9000.5', '9000', '9000.5'],
    ['9000.5', '9000.5', '9000.5', '9000.5'],
    ['0.1', '0.5', '0', '0'],
    ['0', '0', '0', '0'],
  ])('when %s goes to a tick of 0.5 then up %s, down %s, nearest %s', (price, up, down, nearest) => {
    expectPrice(roundToTick(XBTUSD, d(price), 'ceil'), up);
    expectPrice(roundToTick(XBTUSD, d(price), 'floor'), down);
    expectPrice(roundToTick(XBTUSD, d(price), 'nearest'), nearest);
    expectPrice(roundToTickTowardEntry(LONG, d(price)), up);
    expectPrice(roundToTickTowardEntry(SHORT, d(price)), down);
    expect(roundToTickTowardEntry(LONG, null)).toBeNull();
  });
});

describe('risk steps at the mark', () => {
  const fields = {
    tick_size: '1',
    maintenance_margin: '0.05',
    initial_margin: '0.1',
    settle_decimals: 0,
    min_qty: '1',
  };
  const steps = { base: '3000', step: '700' };
  const linear = contractWith({ ...fields, risk_limit: steps });
  const inverse = contractWith({
    ...fields,
    type: 'inverse',
    multiplier: '2000',
    settle_currency: 'XBT',
    risk_limit: steps,
  });
  const [BASE, STEP] = [3000n, 700n];

  /** B + s·σ·(V − C) ≤ m·V with m of the step that ceil(V) is in, written once more by hand. */
  function isDue(position: Position, collateral: bigint, price: Fraction): boolean {
    const { num, den } = computeExactValue(position.contract, position.qty < 0n ? -position.qty : position.qty, price);
    const exposure = divCeil(num, den);
    const k = exposure <= BASE ? 0n : divCeil(exposure - BASE, STEP);
    const equity = collateral * den + profitSign(position) * (num - position.cost * den);
    return equity * 20n <= (k + 1n) * num;
  }

  const whole = (price: bigint): Fraction => ({ num: price, den: 1n });

  it('when a price is found then it is due there or just beyond, and at no tick before it; when none, at no tick', () => {
    const world = fc.record({
      contract: fc.constantFrom(linear, inverse),
      isLong: fc.boolean(),
      qty: fc.bigInt({ min: 1n, max: 60n }),
      cost: fc.bigInt({ min: 100n, max: 9_000n }),
      collateral: fc.bigInt({ min: -500n, max: 4_000n }),
      mark: fc.bigInt({ min: 1n, max: 300n }),
    });
    let met = 0;
    fc.assert(
      fc.property(world, ({ contract, isLong, qty, cost, collateral, mark }) => {
        const position = positionOf(contract, isLong ? qty : -qty, cost);
        fc.pre(!isDue(position, collateral, whole(mark)));
        const found = computeLiquidationPrice(MARK, position, collateral, whole(mark));
        const wrong: bigint[] = [];
        for (let price = mark; price > 0n && price <= 600n; price += isLong ? -1n : 1n) {
          const due = isDue(position, collateral, whole(price));
          const side = found === null ? 1 : compareFractions(whole(price), found) * (isLong ? 1 : -1);
          const isKnown = isLiquidatable(MARK, position, collateral, whole(price)) === due;
          if (!isKnown || (due && side > 0)) wrong.push(price);
        }
        expect(wrong).toEqual([]);
        if (found === null || found.num === 0n) return;
        met += 1;
        const scale = 10n ** 12n;
        const beyond = { num: found.num * scale + (isLong ? -found.num : found.num), den: found.den * scale };
        expect(isDue(position, collateral, found) || isDue(position, collateral, beyond)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(met).toBeGreaterThan(300);
  });
});
