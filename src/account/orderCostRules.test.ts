/**
 * What an order costs under rules that differ from most: no reserve for fees, no open loss, the ledger's reserve part by part, and
 * sizing where what is held is not a whole number of units.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { createContractTable } from '../contract/contractInfo.js';
import { BTCUSDT, contractWith, d, FLAT_INVERSE, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import {
  computeAffordableQty,
  computeOrderCost,
  computeOrderCostParts,
  type OrderCostInput,
  type OrderCostRules,
} from './orderCost.js';
import { computeSpotLock } from './spotCost.js';

const UNIT = 100_000_000n;
const GENERIC: OrderCostRules = rulesOf('generic');

function orderOf(contract: Contract, changes: Partial<OrderCostInput> = {}): OrderCostInput {
  const price = d('10000');
  const usual = { rules: GENERIC, contract, side: 'buy', price, mark: price, leverage: d('10'), takerFee: d('0.01') };
  return { exposure: 0n, ...usual, ...changes } as OrderCostInput;
}

describe('a venue that reserves no fees', () => {
  const rules: OrderCostRules = { ...GENERIC, feeReserve: 'none' };
  const mostOf = (takerFee: string, share: string, available = 1_000n): bigint =>
    computeAffordableQty(orderOf(BTCUSDT, { rules, takerFee: d(takerFee) }), available * UNIT, d(share));

  // 1,000 is the margin of one coin at 10×; its fee of 1 % is 100
  test.each([
    ['0.01', '1', 909n],
    ['0.01', '0.91', 909n],
    ['0.01', '0.909', 909n],
    ['0.01', '0.908', 908n],
    ['0.01', '0.5', 500n],
    ['0', '1', 1_000n],
    ['-0.01', '1', 1_000n],
  ])(
    'when the fee is %s and a share of %s is asked for then %s thousandths, and the fee still fits',
    (fee, share, qty) => {
      expect(mostOf(fee, share)).toBe(qty);
    },
  );

  it('when nothing is available then nothing is bought', () => {
    expect(mostOf('0.01', '1', 0n)).toBe(0n);
  });

  it('when the mark is better than the price then the start is no loss where the venue does not count it', () => {
    const below = { mark: d('9000'), takerFee: d('0') };
    const costs = [true, false].map((openLossInOrderMargin) =>
      computeOrderCost(orderOf(BTCUSDT, { ...below, rules: { ...rules, openLossInOrderMargin } }), 1_000n),
    );
    expect(costs).toEqual([2_000n * UNIT, 1_000n * UNIT]);
  });
});

describe('parts of the cost', () => {
  const closeFee = (order: OrderCostInput): number => {
    const { feeToClose } = computeOrderCostParts(order, d('10000'), d('10000'));
    return Number(feeToClose.num) / Number(feeToClose.den);
  };
  const ledger: OrderCostRules = rulesOf('bitmex');

  // side, leverage, closing fee of 1 % of a value of 10,000
  test.each<[string, Contract, OrderCostRules, 'buy' | 'sell', string, number]>([
    ['a linear buy', BTCUSDT, GENERIC, 'buy', '10', 90],
    ['a linear sell', BTCUSDT, GENERIC, 'sell', '10', 110],
    ['an inverse buy', FLAT_INVERSE, GENERIC, 'buy', '10', 110],
    ['an inverse sell', FLAT_INVERSE, GENERIC, 'sell', '10', 90],
    ['a ledger’s buy', XBTUSD, ledger, 'buy', '10', 110],
    ['a ledger’s sell', XBTUSD, ledger, 'sell', '10', 110],
    ['a ledger’s inverse sell at 1×, which cannot lose all', XBTUSD, ledger, 'sell', '1', 0],
    ['a ledger’s inverse buy at 1×', XBTUSD, ledger, 'buy', '1', 200],
    ['a ledger’s linear sell at 1×', BTCUSDT, ledger, 'sell', '1', 200],
  ])('when it is %s then it reserves its closing fee', (_, contract, rules, side, leverage, fee) => {
    expect(closeFee(orderOf(contract, { rules, side, leverage: d(leverage) }))).toBe(fee);
  });

  it('when a ledger’s linear sell at 1× is costed whole then its end is reserved too', () => {
    const order = orderOf(BTCUSDT, { rules: ledger, side: 'sell', leverage: d('1') });
    expect(computeOrderCost(order, 1_000n)).toBe((10_000n + 100n + 200n) * UNIT);
  });

  it('when the taker is paid then no part is a fee', () => {
    const { feeToOpen, feeToClose } = computeOrderCostParts(
      orderOf(BTCUSDT, { takerFee: d('-0.01') }),
      d('10000'),
      d('10000'),
    );
    expect([feeToOpen.num, feeToClose.num]).toEqual([0n, 0n]);
  });
});

describe('sizing beside a position', () => {
  const tiers = [
    { upTo: '10000', im: '0.1', mm: '0.01' },
    { im: '0.2', mm: '0.02' },
  ];
  const contract = contractWith({ tiers, initial_margin: '0.1', maintenance_margin: '0.01', tick_size: '0.1' });
  const sized = (held: { num: bigint; den: bigint } | bigint, budget: bigint): bigint =>
    computeAffordableQty(
      orderOf(contract, {
        price: d('1'),
        mark: d('1'),
        leverage: d('0'),
        takerFee: d('0'),
        exposure: { value: held, qty: 0n },
      }),
      budget * UNIT,
      d('1'),
    );

  // thousandths of a coin at 1 USDT; 10 % within the first 10,000, the bound belongs to the tier of 20 %
  test.each<[string, bigint, bigint, bigint]>([
    ['the budget ends within the tier', 5_000n * UNIT, 400n, 4_000_000n],
    ['the tier ends first', 5_000n * UNIT, 600n, 4_999_999n],
    ['the next tier lets more', 5_000n * UNIT, 1_200n, 6_000_000n],
    ['the next tier has begun', 10_000n * UNIT, 600n, 3_000_000n],
  ])('when %s then that is the quantity', (_, held, budget, qty) => {
    expect(sized(held, budget)).toBe(qty);
    // half a unit more or less is no step
    expect(sized({ num: 2n * held + 1n, den: 2n }, budget)).toBe(qty);
  });
});

describe('a lock of spot', () => {
  it('when the price is a third then the value is rounded whole, not coin by coin', () => {
    const pair = { type: 'spot', quote_currency: 'USDT', min_qty: '1', tick_size: '1', taker_fee: '0', maker_fee: '0' };
    const contract = createContractTable({ generic: { 'BTC/USDT': pair } }).find('generic', 'BTC/USDT')!;
    expect(computeSpotLock(contract, 3n, { num: 1n, den: 3n }, d('0'))).toBe(UNIT);
  });
});
