/**
 * Tables of tiers at the limits of what is accepted: a rate of the whole value, leverage that stays while maintenance rises, the
 * two words for what bounds count, and the field that a refusal names.
 */

import { describe, expect, it, test } from '@jest/globals';
import { UserError } from '../errors.js';
import { compareFractions } from '../money/decimal.js';
import { d } from '../testing/laws/contracts.js';
import { createContractTable } from './contractInfo.js';

const ENTRY = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  min_qty: '1',
  tick_size: '0.1',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
  fund_time: [],
  max_leverage: '10',
};
const compiled = (changes: object) =>
  createContractTable({ mine: { ABC: { ...ENTRY, ...changes } } }).find('mine', 'ABC')!;

function refusalOf(changes: object): UserError {
  try {
    compiled(changes);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const FIRST = { upTo: 1000, im: '0.02', mm: '0.01' };

describe('what is just accepted', () => {
  it('when the initial rate of a tier is the whole value then it is a rate', () => {
    const { tiers } = compiled({ tiers: [{ im: '1', mm: '0.5' }] });
    expect(compareFractions(tiers!.tiers[0]!.initial, d('1'))).toBe(0);
  });

  it('when a tier allows a leverage of 1 then its rate is the whole value', () => {
    const { tiers } = compiled({ tiers: [{ max_leverage: 1, mm: '0.5' }] });
    expect(compareFractions(tiers!.tiers[0]!.initial, d('1'))).toBe(0);
  });

  it('when the initial rate stays and maintenance rises then the tier is a tier', () => {
    const { tiers } = compiled({ tiers: [FIRST, { im: '0.02', mm: '0.015' }] });
    expect(tiers!.tiers.map(({ maintenance }) => Number(maintenance.num) / Number(maintenance.den))).toEqual([
      0.01, 0.015,
    ]);
  });

  it('when maintenance of the first tier is 0 then it is accepted', () => {
    expect(compiled({ tiers: [{ im: '0.02', mm: 0 }] }).maintenanceMargin.num).toBe(0n);
  });

  test.each([
    [undefined, 'value'],
    ['value', 'value'],
    ['contracts', 'qty'],
  ])('when tiers_by is %j then bounds count %s', (tiersBy, by) => {
    expect(compiled({ tiers: [FIRST], tiers_by: tiersBy }).tiers!.by).toBe(by);
  });

  it('when the last bound is null then nothing ends there, as without it', () => {
    expect(compiled({ tiers: [{ ...FIRST, upTo: null }] }).tiers!.limit).toBeNull();
    expect(compiled({ tiers: [{ im: '0.02', mm: '0.01' }] }).tiers!.limit).toBeNull();
    expect(compiled({ tiers: [FIRST] }).tiers!.limit).toBe(100_000_000_000n);
  });
});

describe('what is refused', () => {
  test.each<[string, unknown[], string]>([
    ['negative maintenance', [{ im: '0.02', mm: '-0.001' }], 'field "tiers[0].mm" is out of range'],
    ['a rate that is no number', [FIRST, { im: 'x', mm: '0.02' }], 'field "tiers[1].im" is not a number'],
    ['a rate of 0', [{ im: 0, mm: 0 }], 'field "tiers[0].im" must be above zero'],
    ['a leverage that is no number', [{ max_leverage: 'x', mm: 0 }], 'field "tiers[0].max_leverage" is not a number'],
    ['a leverage of 0', [FIRST, { max_leverage: 0, mm: 0 }], 'field "tiers[1].max_leverage" must be above zero'],
    ['a bound that is no number', [{ ...FIRST, upTo: 'x' }], 'field "tiers[0].upTo" is not a number'],
  ])('when a tier has %s then it says so', (_, tiers, message) => {
    expect(refusalOf({ tiers }).message).toBe(`mine.ABC: ${message}`);
  });

  it('when risk steps and a table are both written then that is what was found', () => {
    expect(refusalOf({ tiers: [FIRST], risk_limit: { base: 1, step: 1 } }).found).toBe('both');
  });
});
