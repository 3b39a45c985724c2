/** The rows of the calculator's venues, and the spellings they answer to. */

import { describe, expect, it, test } from '@jest/globals';
import { MARGIN_RULE_NAMES, marginRulesOf } from './marginRules.js';
import { findPreset, PRESET_NAMES } from './presets.js';

describe('margin rules', () => {
  test.each([
    ['bitmex', 'entry', 'cancels', 'none', 'step', 'ledger'],
    ['bitmex_2020', 'entry', 'cancels', 'none', 'step', 'ledger'],
    ['vitu', 'entry', 'cancels', 'none', 'step', 'ledger'],
    ['bybit', 'entry', 'cancels', 'bankruptcy', 'marginal', 'open_close'],
    ['bybit_uta', 'mark', 'cancels', 'basis', 'marginal', 'open_close'],
    ['binance_usdm', 'mark', 'none', 'none', 'marginal', 'none'],
    ['binance_coinm', 'mark', 'none', 'none', 'marginal', 'none'],
    ['okx', 'mark', 'basis', 'basis', 'step', 'none'],
    ['bitget', 'mark', 'basis', 'basis', 'step', 'none'],
    ['deepcoin', 'mark', 'basis', 'basis', 'step', 'none'],
    ['hyperliquid', 'mark', 'none', 'none', 'marginal', 'none'],
    ['pacifica', 'mark', 'none', 'none', 'flat', 'none'],
    ['generic', 'mark', 'none', 'none', 'flat', 'open_close'],
    ['gate', 'mark', 'basis', 'basis', 'step', 'open_close'],
    ['kucoin', 'mark', 'none', 'none', 'step', 'open_close'],
    ['kucoin_2024', 'entry', 'none', 'none', 'step', 'open_close'],
    ['mexc', 'entry', 'none', 'none', 'step', 'open_close'],
  ])('when the venue is %s then maintenance is on %s, fees %s and %s, tiers %s, reserve %s', (name, ...row) => {
    const rules = marginRulesOf(name);
    expect(rules.name).toBe(name);
    expect([rules.maintenanceBasis, rules.isolatedFee, rules.crossFee, rules.tierModel, rules.feeReserve]).toEqual(row);
  });

  test.each([
    ['binance', 'binance_usdm'],
    ['binance-coinm', 'binance_coinm'],
    ['BitMEX', 'bitmex'],
    ['kraken', 'generic'],
    ['toString', 'generic'],
  ])('when the venue is written %s then it is %s', (written, name) => {
    expect(marginRulesOf(written).name).toBe(name);
  });

  it('when a venue is a preset of runs then the two agree in what both say', () => {
    expect(MARGIN_RULE_NAMES).toEqual(expect.arrayContaining([...PRESET_NAMES]));
    for (const name of PRESET_NAMES) expect(marginRulesOf(name)).toMatchObject(findPreset(name)!);
  });
});
