/** The presets: the rows of the venue tables as the product fixes them, column by column, and nothing beside them. */

import { describe, expect, it, test } from '@jest/globals';
import { BUILT_IN } from '../contract/listings.js';
import { findPreset, PRESET_NAMES } from './presets.js';
import type { VenueRules } from './rules.js';

type Field = keyof VenueRules;
type Row = readonly [name: string, ...choices: (string | boolean)[]];

const LIQUIDATION: readonly Field[] = [
  'maintenanceBasis',
  'isolatedFee',
  'crossFee',
  'tierModel',
  'isolatedFunding',
  'liquidationFill',
  'partialLiquidation',
];
const LIQUIDATION_ROWS: readonly Row[] = [
  ['bitmex', 'entry', 'cancels', 'none', 'step', 'position_margin', 'bankruptcy', 'one_tier'],
  ['bitmex_2020', 'entry', 'cancels', 'none', 'step', 'position_margin', 'bankruptcy', 'none'],
  ['vitu', 'entry', 'cancels', 'none', 'step', 'position_margin', 'bankruptcy', 'none'],
  ['bybit', 'entry', 'cancels', 'bankruptcy', 'marginal', 'available_first', 'bankruptcy', 'none'],
  ['bybit_uta', 'mark', 'cancels', 'basis', 'marginal', 'available_first', 'bankruptcy', 'none'],
  ['binance_usdm', 'mark', 'none', 'none', 'marginal', 'position_margin', 'mark', 'none'],
  ['binance_coinm', 'mark', 'none', 'none', 'marginal', 'position_margin', 'mark', 'none'],
  ['okx', 'mark', 'basis', 'basis', 'step', 'position_margin', 'bankruptcy', 'two_tiers_from_third'],
  ['bitget', 'mark', 'basis', 'basis', 'step', 'position_margin', 'bankruptcy', 'two_tiers_in_cross'],
  ['deepcoin', 'mark', 'basis', 'basis', 'step', 'position_margin', 'bankruptcy', 'none'],
  ['pacifica', 'mark', 'none', 'none', 'flat', 'position_margin', 'backstop', 'none'],
  ['hyperliquid', 'mark', 'none', 'none', 'marginal', 'position_margin', 'backstop', 'none'],
  ['generic', 'mark', 'none', 'none', 'flat', 'position_margin', 'bankruptcy', 'none'],
];

const TRADING: readonly Field[] = [
  'orderNetting',
  'leverageChange',
  'marginModeSwitch',
  'triggerDefault',
  'valueRounding',
];
const TRADING_ROWS: readonly Row[] = [
  ['bitmex', 'bitmex', 'free', 'anytime', 'mark', 'per_lot'],
  ['bitmex_2020', 'bitmex', 'free', 'anytime', 'mark', 'per_contract'],
  ['vitu', 'bitmex', 'free', 'anytime', 'mark', 'per_contract'],
  ['bybit', 'max_side', 'free', 'flat', 'last', 'per_fill'],
  ['bybit_uta', 'max_side', 'free', 'flat', 'last', 'per_fill'],
  ['binance_usdm', 'max_side', 'no_decrease_isolated', 'flat_no_orders', 'last', 'per_fill'],
  ['binance_coinm', 'max_side', 'no_decrease', 'flat_no_orders', 'last', 'per_fill'],
  ['okx', 'sum', 'free', 'flat_no_orders', 'last', 'per_fill'],
  ['bitget', 'sum', 'free', 'flat_no_orders', 'mark', 'per_fill'],
  ['deepcoin', 'sum', 'deepcoin', 'deepcoin', 'mark', 'per_fill'],
  ['pacifica', 'sum', 'no_decrease', 'flat', 'mark', 'per_fill'],
  ['hyperliquid', 'sum', 'no_decrease', 'flat', 'mark', 'per_fill'],
  ['generic', 'max_side', 'deepcoin', 'flat_no_orders', 'last', 'per_fill'],
];

const MARGIN: readonly Field[] = [
  'isolatedInitialBasis',
  'crossInitialBasis',
  'feeReserve',
  'openLossInOrderMargin',
  'liquidationInclusive',
];
const MARGIN_ROWS: readonly Row[] = [
  ['bitmex', 'entry', 'entry', 'ledger', true, true],
  ['bitmex_2020', 'entry', 'entry', 'ledger', true, true],
  ['vitu', 'entry', 'entry', 'ledger', true, true],
  ['bybit', 'entry', 'entry', 'open_close', false, true],
  ['bybit_uta', 'entry', 'entry', 'open_close', false, true],
  ['binance_usdm', 'mark', 'mark', 'none', true, true],
  ['binance_coinm', 'mark', 'mark', 'none', true, true],
  ['okx', 'entry', 'mark', 'none', false, true],
  ['bitget', 'entry', 'entry', 'none', false, true],
  ['deepcoin', 'entry', 'entry', 'none', false, true],
  ['pacifica', 'mark', 'mark', 'none', false, false],
  ['hyperliquid', 'mark', 'mark', 'none', false, false],
  ['generic', 'entry', 'entry', 'open_close', true, true],
];

// Field, what most presets have, and those that have something else.
const EXCEPTIONS: readonly (readonly [Field, string | boolean, Readonly<Record<string, string | boolean>>])[] = [
  ['liquidationRule', 'exact', { bitmex: 'bitmex_ledger', bitmex_2020: 'bitmex_ledger', vitu: 'bitmex_ledger' }],
  ['crossProfitUse', 'all', { bitmex_2020: 'losses_only', vitu: 'losses_only' }],
  ['withdrawRule', 'bitmex', { pacifica: 'pacifica', hyperliquid: 'pacifica' }],
  ['removeRule', 'deepcoin', { pacifica: 'hyperliquid', hyperliquid: 'hyperliquid' }],
  ['hedgeMaintenance', 'both', { bitget: 'larger', bybit: 'larger' }],
  ['cancelScope', 'symbol', { bitget: 'account', binance_usdm: 'account', binance_coinm: 'account' }],
  [
    'tierExposure',
    'position',
    { bitmex: 'position_plus_orders', bitmex_2020: 'position_plus_orders', vitu: 'position_plus_orders' },
  ],
  ['liquidationFeeRule', 'contract', { pacifica: 'pacifica' }],
  ['discountsAddedMargin', false, { bybit_uta: true }],
  ['bracketSide', 'reject', { vitu: 'infer' }],
  ['pctBase', 'price', { vitu: 'pnl' }],
];

const LISTINGS: Readonly<Record<string, string>> = { bitmex_2020: 'bitmex', vitu: 'bitmex', bybit_uta: 'bybit' };

const choicesOf = (name: string, fields: readonly Field[]) => {
  const rules = findPreset(name)!;
  return fields.map((field) => rules[field]);
};

describe('presets', () => {
  test.each(LIQUIDATION_ROWS)(
    'when %s is asked for then maintenance is on %s, fees %s and %s, tiers %s, funding %s, take-over %s, partial %s',
    (name, ...choices) => {
      expect(choicesOf(name, LIQUIDATION)).toEqual(choices);
    },
  );

  test.each(TRADING_ROWS)(
    'when %s is asked for then netting is %s, leverage %s, mode switch %s, stops on %s, values %s',
    (name, ...choices) => {
      expect(choicesOf(name, TRADING)).toEqual(choices);
    },
  );

  test.each(MARGIN_ROWS)(
    'when %s is asked for then margin is on %s (isolated), %s (cross), reserve %s, open loss %s, inclusive %s',
    (name, ...choices) => {
      expect(choicesOf(name, MARGIN)).toEqual(choices);
    },
  );

  test.each(EXCEPTIONS)('when %s is read then it is %s but in the presets named', (field, usual, others) => {
    for (const name of PRESET_NAMES) {
      const expected = Object.hasOwn(others, name) ? others[name] : usual;
      expect([name, findPreset(name)![field]]).toEqual([name, expected]);
    }
  });

  it('when a preset is read then it has the fields of the tables and no other, and its listing', () => {
    const fields = [...LIQUIDATION, ...TRADING, ...MARGIN, ...EXCEPTIONS.map(([field]) => field), 'name', 'listing'];
    for (const name of PRESET_NAMES) {
      expect(Object.keys(findPreset(name)!).sort()).toEqual([...fields].sort());
      expect(findPreset(name)!.listing).toBe(LISTINGS[name] ?? name);
    }
  });

  it('when a venue has built-in contracts then a preset uses them, and only generic has none', () => {
    const listings = new Set(PRESET_NAMES.map((name) => findPreset(name)!.listing));
    expect([...listings].filter((venue) => !Object.hasOwn(BUILT_IN, venue))).toEqual(['generic']);
    expect(Object.keys(BUILT_IN).filter((venue) => !listings.has(venue))).toEqual([]);
  });

  it('when the names are listed then each is found and has its row in each table, and no other', () => {
    for (const rows of [LIQUIDATION_ROWS, TRADING_ROWS, MARGIN_ROWS]) {
      expect(rows.map(([name]) => name)).toEqual(PRESET_NAMES);
    }
    expect(PRESET_NAMES.map((name) => findPreset(name)?.name)).toEqual([...PRESET_NAMES]);
    expect(findPreset('binance')).toBeUndefined();
    expect(findPreset('toString')).toBeUndefined();
  });
});
