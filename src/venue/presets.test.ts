/** The presets: the rows of the venue table as the product fixes them. */

import { describe, expect, it, test } from '@jest/globals';
import { findPreset, PRESET_NAMES } from './presets.js';

const BITMEX = {
  listing: 'bitmex',
  maintenanceBasis: 'entry',
  liquidationRule: 'bitmex_ledger',
  feeReserve: 'ledger',
  openLossInOrderMargin: true,
  orderNetting: 'bitmex',
  marginModeSwitch: 'anytime',
  leverageChange: 'free',
  triggerDefault: 'mark',
  tierExposure: 'position_plus_orders',
};

describe('presets', () => {
  test.each([
    ['bitmex', { ...BITMEX, valueRounding: 'per_lot', crossProfitUse: 'all' }],
    ['bitmex_2020', { ...BITMEX, valueRounding: 'per_contract', crossProfitUse: 'losses_only' }],
    [
      'generic',
      {
        listing: 'generic',
        maintenanceBasis: 'mark',
        valueRounding: 'per_fill',
        liquidationRule: 'exact',
        feeReserve: 'open_close',
        openLossInOrderMargin: true,
        orderNetting: 'max_side',
        crossProfitUse: 'all',
        marginModeSwitch: 'flat_no_orders',
        leverageChange: 'deepcoin',
        triggerDefault: 'last',
        tierExposure: 'position',
      },
    ],
  ])('when %s is asked for then its row is the one of the table', (name, rules) => {
    expect(findPreset(name)).toEqual({ name, ...rules });
  });

  it('when the names are listed then each is found, and no other', () => {
    expect(PRESET_NAMES).toEqual(['bitmex', 'bitmex_2020', 'generic']);
    expect(PRESET_NAMES.map((name) => findPreset(name)?.name)).toEqual([...PRESET_NAMES]);
    expect(findPreset('binance')).toBeUndefined();
    expect(findPreset('toString')).toBeUndefined();
  });
});
