/** What tables of tiers, spot pairs and the optional amounts compile to, and what is refused in them. */

import { describe, expect, it, test } from '@jest/globals';
import { compareFractions } from '../money/decimal.js';
import { d } from '../testing/laws/contracts.js';
import { createContractTable } from './contractInfo.js';

const ENTRY = {
  type: 'linear',
  multiplier: '0.01',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  min_qty: '0.1',
  tick_size: '0.1',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
  fund_time: [],
};
const TIERS = [
  { upTo: 1000, max_leverage: 75, mm: '0.0065' },
  { upTo: '2000.5', max_leverage: '50', mm: '0.01' },
  { im: '0.04', mm: '0.02' },
];
const RATES = { initial_margin: '0.02', maintenance_margin: '0.01' };

const tableOf = (entry: object, symbol = 'ABC') => createContractTable({ mine: { [symbol]: entry } });
const compiled = (changes: object) => tableOf({ ...ENTRY, ...changes }).find('mine', 'ABC')!;

describe('tiers', () => {
  it('when a table is by value then floors are in settlement units and deductions follow from rates', () => {
    const { tiers, initialMargin, maintenanceMargin, maxLeverage, riskSteps } = compiled({ tiers: TIERS });
    expect(tiers!.tiers.map(({ floor }) => floor)).toEqual([0n, 100_000_000_000n, 200_050_000_000n]);
    expect(tiers).toMatchObject({ by: 'value', limit: null });
    // 1000·(0.01 − 0.0065) = 3.5; 3.5 + 2000.5·(0.02 − 0.01) = 23.505
    const deductions = tiers!.tiers.map(({ deduction: c }) => Number(c.num) / Number(c.den) / 1e8);
    expect(deductions).toEqual([0, 3.5, 23.505]);
    expect(initialMargin).toEqual({ num: 1n, den: 75n });
    expect(compareFractions(maintenanceMargin, d('0.0065'))).toBe(0);
    expect(compareFractions(maxLeverage, d('75'))).toBe(0);
    expect(riskSteps).toBeNull();
  });

  it('when a table is by contracts then floors are in quantity units, there is no deduction, and the last bound is the limit', () => {
    const rows = [
      { upTo: '500', im: '0.01', mm: '0.004' },
      { upTo: '1000.5', im: '0.02', mm: '0.005' },
    ];
    const { tiers, maxLeverage } = compiled({ tiers: rows, tiers_by: 'contracts' });
    expect(tiers).toMatchObject({ by: 'qty', limit: 10_005n });
    expect(tiers!.tiers.map(({ floor, deduction }) => [floor, deduction.num])).toEqual([
      [0n, 0n],
      [5_000n, 0n],
    ]);
    expect(compareFractions(maxLeverage, d('100'))).toBe(0);
  });

  it('when rates are written beside a table then they must be those of its first tier', () => {
    expect(compiled({ tiers: [{ im: '0.02', mm: '0.01' }], ...RATES }).tiers!.tiers.length).toBe(1);
    for (const [field, value] of [
      ['initial_margin', '0.021'],
      ['maintenance_margin', '0.011'],
    ] as const) {
      const own = { tiers: [{ im: '0.02', mm: '0.01' }], ...RATES, [field]: value };
      expect(() => compiled(own)).toThrow(`mine.ABC: field "${field}" is not that of the first of the tiers`);
    }
  });

  const [first, second, last] = TIERS;
  test.each<[string, unknown, string]>([
    ['no list', 'none', 'field "tiers" is wrong'],
    ['empty', [], 'field "tiers" is wrong'],
    ['a list of numbers', [1000], 'field "tiers[0]" is wrong'],
    ['with a null', [first, null], 'field "tiers[1]" is wrong'],
    ['with another field', [{ ...first, cum: 0 }], 'unknown field "tiers[0].cum"'],
    ['with both im and leverage', [{ ...first, im: '0.01' }], '"tiers[0]" has both im and max_leverage'],
    ['without an initial rate', [{ upTo: 1, mm: '0.01' }], 'field "tiers[0].im" is not a number'],
    ['without maintenance', [{ upTo: 1, im: '0.01' }], 'field "tiers[0].mm" is not a number'],
    ['with leverage below 1', [{ max_leverage: '0.9', mm: '0.01' }], 'field "tiers[0].max_leverage" is out of range'],
    ['with a rate above 1', [{ im: '1.1', mm: '0.01' }], 'field "tiers[0].im" is out of range'],
    ['with mm at im', [{ im: '0.01', mm: '0.01' }], 'field "tiers[0].mm" is not below the initial rate'],
    ['open before its end', [last, first], 'field "tiers[1]" follows a tier without an end'],
    [
      'with bounds that fall',
      [second, { ...last, upTo: 2000 }],
      'field "tiers[1].upTo" is not above the bound before it',
    ],
    ['with equal bounds', [first, { ...second, upTo: 1000 }], 'field "tiers[1].upTo" is not above the bound before it'],
    ['with maintenance that stays', [first, { ...second, mm: '0.0065' }], 'the rates of "tiers[1]" do not rise'],
    ['with leverage that rises', [first, { ...second, max_leverage: 76 }], 'the rates of "tiers[1]" do not rise'],
    ['with a bound of 0', [{ ...first, upTo: 0 }], 'field "tiers[0].upTo" must be above zero'],
    [
      'finer than a unit',
      [{ ...first, upTo: '1.000000001' }],
      'field "tiers[0].upTo" is finer than the amounts it counts',
    ],
  ])('when tiers are %s then it says so', (_, tiers, message) => {
    expect(() => compiled({ tiers })).toThrow(`mine.ABC: ${message}`);
  });

  it('when bounds count contracts then they are no finer than a quantity', () => {
    const rows = [{ upTo: '0.05', im: '0.02', mm: '0.01' }];
    expect(() => compiled({ tiers: rows, tiers_by: 'contracts' })).toThrow('below one settlement unit');
    const fine = [{ upTo: '1.05', im: '0.02', mm: '0.01' }];
    expect(() => compiled({ tiers: fine, tiers_by: 'contracts' })).toThrow('is finer than the amounts it counts');
  });

  it('when tiers_by is another word then it is refused', () => {
    expect(() => compiled({ tiers: TIERS, tiers_by: 'lots' })).toThrow('field "tiers_by" is unknown');
  });

  it('when risk_limit and tiers are both written then one must go', () => {
    const both = { tiers: TIERS, risk_limit: { base: '1', step: '1' } };
    expect(() => compiled(both)).toThrow('risk_limit and tiers are both written');
  });
});

describe('optional amounts', () => {
  it('when they are absent then they are none', () => {
    expect(compiled(RATES)).toMatchObject({ minNotional: null, liquidationFee: null, tiers: null, base: null });
  });

  it('when they are given then they are exact', () => {
    const contract = compiled({ ...RATES, min_notional: '5.5', liquidation_fee: '0.015' });
    expect(contract.minNotional).toBe(550_000_000n);
    expect(compareFractions(contract.liquidationFee!, d('0.015'))).toBe(0);
    expect(compiled({ ...RATES, liquidation_fee: 0 }).liquidationFee!.num).toBe(0n);
  });

  test.each<[string, unknown, string]>([
    ['min_notional', '0', 'must be above zero'],
    ['min_notional', null, 'is not a number'],
    ['liquidation_fee', '-0.001', 'is out of range'],
    ['liquidation_fee', '1', 'is out of range'],
  ])('when %s is %j then it %s', (field, value, message) => {
    expect(() => compiled({ ...RATES, [field]: value })).toThrow(`mine.ABC: field "${field}" ${message}`);
  });
});

const SPOT = {
  type: 'spot',
  base_currency: 'BTC',
  quote_currency: 'usdt',
  min_qty: '0.00001',
  tick_size: '0.01',
  taker_fee: '0.001',
  maker_fee: '0.001',
};
const spot = (changes: object = {}, symbol = 'BTC/USDT') => {
  const table = tableOf({ ...SPOT, ...changes }, symbol);
  const contract = table.find('mine', symbol)!;
  return { contract, notes: table.defaultsUsed(contract) };
};

describe('spot pairs', () => {
  it('when a pair has the least fields then it has no leverage, settles in its quote currency, and nothing is noted', () => {
    const { contract, notes } = spot();
    expect(contract).toMatchObject({
      type: 'spot',
      quoteCurrency: 'USDT',
      settle: { code: 'USDT', decimals: 8 },
      base: { code: 'BTC', decimals: 8 },
      multiplier: { num: 1n, den: 1n },
      initialMargin: { num: 1n, den: 1n },
      maintenanceMargin: { num: 0n, den: 1n },
      maxLeverage: { num: 1n, den: 1n },
      fundTimesMs: [],
      riskSteps: null,
      tiers: null,
      liquidationFee: null,
    });
    expect(notes).toEqual([]);
  });

  it('when the symbol is BASE/QUOTE then it stands for the currencies, and that is noted', () => {
    const { contract, notes } = spot({ base_currency: undefined, quote_currency: undefined }, 'ETH/EUR');
    expect([contract.base?.code, contract.settle.code]).toEqual(['ETH', 'EUR']);
    expect(notes).toEqual([
      'mine.ETH/EUR: base_currency ETH, by the symbol',
      'mine.ETH/EUR: quote_currency EUR, by the symbol',
    ]);
  });

  it('when the symbol is another name then the currencies must be written', () => {
    expect(() => spot({ base_currency: undefined }, 'BTCUSDT')).toThrow('field "base_currency" is missing');
  });

  it('when quantities are finer than 8 digits then the base currency is too', () => {
    expect(spot({ min_qty: '0.0000000001' }).contract.base!.decimals).toBe(10);
  });

  it('when what holds anyway is written then it is accepted', () => {
    const same = {
      multiplier: 1,
      initial_margin: '1.0',
      maintenance_margin: 0,
      max_leverage: '1',
      settle_currency: 'USDT',
    };
    expect(spot(same).contract).toEqual(spot().contract);
  });

  test.each<[string, unknown, string]>([
    ['multiplier', '2', 'field "multiplier" of a spot pair is not 1'],
    ['initial_margin', '0.5', 'field "initial_margin" of a spot pair is not 1'],
    ['maintenance_margin', '0.005', 'field "maintenance_margin" of a spot pair is not 0'],
    ['max_leverage', '3', 'field "max_leverage" of a spot pair is not 1'],
    ['settle_currency', 'BTC', 'a spot pair settles in its quote currency'],
    ['fund_time', ['04:00'], 'field "fund_time" is not of spot pairs'],
    ['risk_limit', { base: 1, step: 1 }, 'field "risk_limit" is not of spot pairs'],
    ['tiers', TIERS, 'field "tiers" is not of spot pairs'],
    ['liquidation_fee', '0', 'field "liquidation_fee" is not of spot pairs'],
    ['base_currency', 'B', 'field "base_currency" is not a currency'],
  ])('when a pair has %s %j then it says: %s', (field, value, message) => {
    expect(() => spot({ [field]: value })).toThrow(`mine.BTC/USDT: ${message}`);
  });

  it('when a contract has a base currency then it is refused', () => {
    expect(() => compiled({ ...RATES, base_currency: 'BTC' })).toThrow('field "base_currency" is of spot pairs only');
  });

  it('when a type is none of the four then they are named', () => {
    expect(() => compiled({ ...RATES, type: 'option' })).toThrow('field "type" is unknown');
  });
});
