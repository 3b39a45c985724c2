/** What an opening order costs: published examples of Bybit, Binance and BitMEX, and sizing by a share of the balance. */

import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract, RiskTierTable } from '../contract/contract.js';
import { computeUnitValue, computeValue } from '../contract/payoff.js';
import type { Side } from '../contract/sides.js';
import { InvariantError } from '../errors.js';
import { divCeil } from '../money/rounding.js';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import {
  computeAffordableQty,
  computeOrderCost,
  computeOrderCostParts,
  computeUnitOrderCost,
  type OrderCostInput,
} from './orderCost.js';

const XBT = 100_000_000n;
const LINEAR_TICK = contractWith({ tick_size: '0.01' });

function input(
  contract: Contract,
  side: Side,
  price: string,
  leverage: string,
  fee: string,
  mark = price,
): OrderCostInput {
  const rules = rulesOf('generic');
  return {
    rules,
    contract,
    side,
    price: d(price),
    mark: d(mark),
    leverage: d(leverage),
    takerFee: d(fee),
    exposure: 0n,
  };
}

const ledger = (side: Side, leverage: string, mark = '10000'): OrderCostInput => ({
  ...input(XBTUSD, side, '10000', leverage, '0.00075', mark),
  rules: rulesOf('bitmex'),
});

describe('order cost', () => {
  test.each<[string, OrderCostInput, bigint, bigint]>([
    [
      'Bybit, buy 1 BTC at 50,000, 10×, 0.055 %',
      input(BTCUSDT, 'buy', '50000', '10', '0.00055'),
      1_000n,
      505_225_000_000n,
    ],
    ['the same sold', input(BTCUSDT, 'sell', '50000', '10', '0.00055'), 1_000n, 505_775_000_000n],
    [
      'Bybit inverse, buy 10,000 at 2,000, 25×, 0.055 %',
      input(FLAT_INVERSE, 'buy', '2000', '25', '0.00055'),
      10_000n,
      20_561_000n,
    ],
    ['the same sold', input(FLAT_INVERSE, 'sell', '2000', '25', '0.00055'), 10_000n, 20_539_000n],
    [
      'Binance, buy 1 at 9,300, mark 9,259.84, 20×',
      input(LINEAR_TICK, 'buy', '9300', '20', '0', '9259.84'),
      1_000n,
      50_516_000_000n,
    ],
    [
      'sold above the mark: no open loss',
      input(LINEAR_TICK, 'sell', '9300', '20', '0', '9259.84'),
      1_000n,
      46_500_000_000n,
    ],
    ['sold below the mark', input(LINEAR_TICK, 'sell', '9300', '20', '0', '9340.16'), 1_000n, 50_516_000_000n],
    ['no leverage: the tier’s rate', input(BTCUSDT, 'buy', '50000', '0', '0'), 1_000n, 50_000_000_000n],
    [
      'a linear buy at 1×: nothing at bankruptcy',
      input(BTCUSDT, 'buy', '50000', '1', '0.001'),
      1_000n,
      5_005_000_000_000n,
    ],
    ['a linear buy at 0.5×', input(BTCUSDT, 'buy', '50000', '0.5', '0.001'), 1_000n, 10_005_000_000_000n],
    ['a rebate reserves nothing', input(BTCUSDT, 'buy', '50000', '10', '-0.00025'), 1_000n, 500_000_000_000n],
    ['nothing', input(BTCUSDT, 'buy', '50000', '10', '0.00055'), 0n, 0n],
    ['BitMEX, buy 10,000 at 10,000, 10×', ledger('buy', '10'), 10_000n, 10_000_000n + 75_000n + 82_500n],
    ['BitMEX, the same sold', ledger('sell', '10'), 10_000n, 10_000_000n + 75_000n + 82_500n],
    ['BitMEX, a buy above the mark', ledger('buy', '10', '9900'), 10_000n, 10_157_500n + 1_010_000n],
    ['BitMEX, sold at 1×: nothing to reserve for its end', ledger('sell', '1'), 10_000n, XBT + 75_000n],
    ['BitMEX, bought at 1×', ledger('buy', '1'), 10_000n, XBT + 75_000n + 150_000n],
  ])('when it is %s then to the unit', (_, order, qty, cost) => {
    expect(computeOrderCost(order, qty)).toBe(cost);
  });

  it('when the BitMEX ledger reserves the closing fee then of the value and its margin in whole units', () => {
    // 12 contracts of 101 satoshi: margin ceil(121.2) = 122, reserve ceil(0.00075 · 1,334) = 2
    const order = { ...ledger('buy', '10', '990099'), price: d('990099') };
    expect(computeValue(XBTUSD, 'per_lot', 12n, order.price)).toBe(1_212n);
    expect(computeOrderCost(order, 12n)).toBe(122n + 1n + 2n);
  });

  it('when an order is split then its parts cost as much as it does, but for rounding up', () => {
    const qty = fc.bigInt({ min: 1n, max: 10n ** 6n });
    const orders = fc.constantFrom(
      input(BTCUSDT, 'buy', '49999.9', '7', '0.00055', '49000'),
      input(FLAT_INVERSE, 'sell', '9980.5', '3', '0.00075', '9990'),
      ledger('buy', '10', '9999.5'),
    );
    fc.assert(
      fc.property(orders, qty, qty, (order, a, b) => {
        const more = computeOrderCost(order, a) + computeOrderCost(order, b) - computeOrderCost(order, a + b);
        expect(more >= -6n && more <= 6n).toBe(true);
      }),
    );
  });
});

describe('sizing by a share', () => {
  it('when half of 0.4 XBT buys at 9,980.5 with 10× then 19,651 contracts', () => {
    expect(computeAffordableQty(input(FLAT_INVERSE, 'buy', '9980.5', '10', '0.00075'), 40_000_000n, d('0.5'))).toBe(
      19_651n,
    );
  });

  test.each<[string, bigint, string, bigint]>([
    ['nothing is available', 0n, '1', 0n],
    ['less than nothing is available', -1n, '1', 0n],
    ['a unit less than one contract costs', 10_000n - 1n, '1', 0n],
    ['just one contract is covered', 10_000n, '1', 1n],
    ['a unit less than two', 20_000n - 1n, '1', 1n],
    ['half of two', 20_000n, '0.5', 1n],
  ])('when %s then the quantity is rounded down', (_, available, share, qty) => {
    const order = input(FLAT_INVERSE, 'buy', '1000', '10', '0');
    expect(computeAffordableQty(order, available, d(share))).toBe(qty);
  });

  it('when the contract has a step then the quantity stands on it', () => {
    const stepped = contractWith({ min_qty: '0.01', qty_step: '0.005' });
    const order = input(stepped, 'buy', '1000', '10', '0');
    // 1.2399 BTC are affordable
    expect(computeAffordableQty(order, 12_399_000_000n, d('1'))).toBe(1_235n);
  });

  it('when any share is sized then its unrounded cost is covered and a step more is not', () => {
    const share = fc.integer({ min: 1, max: 100 }).map((percent) => ({ num: BigInt(percent), den: 100n }));
    const rules = fc.constantFrom('generic', 'bitmex', 'bitmex_2020');
    const sides = fc.constantFrom<Side>('buy', 'sell');
    const available = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(
        rules,
        sides,
        available,
        share,
        fc.integer({ min: 1, max: 99 }),
        (name, side, money, part, leverage) => {
          const order = { ...input(XBTUSD, side, '9980.5', String(leverage), '0.00075', '9979'), rules: rulesOf(name) };
          const qty = computeAffordableQty(order, money, part);
          // The exposure that a quantity makes decides its rate.
          const unitValue = computeUnitValue(XBTUSD, order.rules.valueRounding, order.price);
          const isCovered = (wanted: bigint): boolean => {
            const exposure = divCeil(wanted * unitValue.num, unitValue.den);
            const unit = computeUnitOrderCost({ ...order, exposure });
            return wanted * unit.num * part.den <= money * part.num * unit.den;
          };
          expect([isCovered(qty), isCovered(qty + 1n)]).toEqual([true, false]);
        },
      ),
    );
  });
});

describe('sizing through a table of tiers', () => {
  const world = fc.record({
    by: fc.constantFrom('value', 'qty'),
    type: fc.constantFrom('linear', 'inverse'),
    gaps: fc.array(fc.bigInt({ min: 1n, max: 300n }), { minLength: 1, maxLength: 4 }),
    rises: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 4, maxLength: 4 }),
    heldValue: fc.bigInt({ min: 0n, max: 400n }),
    heldQty: fc.bigInt({ min: 0n, max: 400n }),
    step: fc.constantFrom(1n, 3n),
    money: fc.bigInt({ min: 1n, max: 200n }),
    price: fc.constantFrom('1', '1.5', '2'),
    leverage: fc.constantFrom('0', '2', '20'),
  });

  it('when a share is sized then it is the largest quantity whose cost, at the rate of the tier it makes, is covered', () => {
    fc.assert(
      fc.property(world, (w) => {
        let floor = 0n;
        let rate = 2n;
        const tiers = w.gaps.map((gap, i) => {
          const tier = { floor, initial: { num: rate, den: 100n }, maintenance: d('0.01'), deduction: d('0') };
          floor += gap;
          rate += BigInt(w.rises[i]!);
          return tier;
        });
        const base = contractWith({
          type: w.type,
          settle_decimals: 0,
          min_qty: '1',
          multiplier: '1',
          tick_size: '0.5',
        });
        const table: RiskTierTable = { by: w.by as 'value' | 'qty', limit: null, tiers };
        const contract: Contract = { ...base, qtyStep: w.step, tiers: table };
        const held = { value: w.heldValue, qty: w.heldQty };
        const order = { ...input(contract, 'buy', w.price, w.leverage, '0'), exposure: held };
        const isCovered = (qty: bigint): boolean => {
          const value = computeValue(contract, 'per_fill', qty, order.price);
          const unit = computeUnitOrderCost({ ...order, exposure: { value: held.value + value, qty: held.qty + qty } });
          return qty * unit.num <= w.money * unit.den;
        };
        let most = 0n;
        for (let qty = w.step; qty < 20_000n && isCovered(qty); qty += w.step) most = qty;
        expect(computeAffordableQty(order, w.money, d('1'))).toBe(most);
      }),
      { numRuns: 300 },
    );
  });

  it('when tiers count contracts then an exposure of value alone is a fault of the caller', () => {
    const tier = { floor: 0n, initial: d('0.1'), maintenance: d('0.01'), deduction: d('0') };
    const contract: Contract = { ...BTCUSDT, tiers: { by: 'qty', limit: null, tiers: [tier] } };
    expect(() => computeOrderCost(input(contract, 'buy', '100', '5', '0'), 1n)).toThrow(InvariantError);
  });
});

describe('order cost part by part', () => {
  const partsOf = (order: OrderCostInput, mark: string) => {
    const { initialMargin, openLoss, feeToOpen, feeToClose } = computeOrderCostParts(order, d('10000'), d(mark));
    return [initialMargin, openLoss, feeToOpen, feeToClose].map(({ num, den }) => Number(num) / Number(den));
  };
  const bybit = input(BTCUSDT, 'buy', '10000', '50', '0.00075');

  test.each([
    ['9999', [200, 1, 7.5, 7.35]],
    ['10000', [200, 0, 7.5, 7.35]],
    ['10001', [200, 0, 7.5, 7.35]],
  ])('when Bybit’s example of 1 BTC at 10,000, 50× has a mark of %s then the parts are %j', (mark, parts) => {
    expect(partsOf(bybit, mark)).toEqual(parts);
  });

  it('when the venue reserves no fees then there are none, in the sum too', () => {
    const order = { ...bybit, rules: { ...bybit.rules, feeReserve: 'none' as const } };
    expect(partsOf(order, '10000')).toEqual([200, 0, 0, 0]);
    expect(computeOrderCost(order, 1000n)).toBe(20_000_000_000n);
  });
});
