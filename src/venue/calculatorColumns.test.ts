/**
 * The three columns that only the margin calculator asks of a venue: the fee in the initial margin, the maintenance rate that
 * follows from the highest leverage, and the ledger of commissions. Who has which is fixed by the venues' own pages.
 */

import { describe, expect, it, test } from '@jest/globals';
import { MARGIN_RULE_NAMES, type MarginRules, marginRulesOf } from './marginRules.js';

type Column = 'feeInInitialMargin' | 'halfOfMaxLeverage' | 'hasCommissionLedger';

describe('columns of the calculator alone', () => {
  test.each<[Column, string[]]>([
    ['feeInInitialMargin', ['mexc']],
    ['halfOfMaxLeverage', ['pacifica', 'hyperliquid']],
    ['hasCommissionLedger', ['bitmex', 'bitmex_2020', 'vitu', 'kucoin_2024']],
  ])('when %s is asked for then it is true of %j and of no other', (column, names) => {
    const found = MARGIN_RULE_NAMES.map(marginRulesOf).filter((rules: MarginRules) => rules[column]);
    expect(found.map(({ name }) => name)).toEqual(names);
  });

  it('when a venue has no row then it has none of the three', () => {
    expect(marginRulesOf('kraken')).toMatchObject({
      feeInInitialMargin: false,
      halfOfMaxLeverage: false,
      hasCommissionLedger: false,
    });
  });

  it('when the names are read then those of runs come first and the calculator’s own last', () => {
    expect(MARGIN_RULE_NAMES.slice(-4)).toEqual(['gate', 'kucoin', 'kucoin_2024', 'mexc']);
    expect(new Set(MARGIN_RULE_NAMES).size).toBe(MARGIN_RULE_NAMES.length);
  });
});
