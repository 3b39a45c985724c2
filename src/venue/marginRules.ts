/**
 * What the margin calculator knows of venues: the presets of runs with what only the calculator asks, and rows of venues that
 * runs do not offer. A request's own inputs may differ from any of it.
 */

import { generic } from './presets/generic.js';
import { findPreset, PRESET_NAMES } from './presets.js';
import type { VenueRules } from './rules.js';

export interface MarginRules extends VenueRules {
  /** One taker fee on the entry value is part of the initial margin. */
  readonly feeInInitialMargin: boolean;
  /** The maintenance rate is half of 1 / max leverage where none is given. */
  readonly halfOfMaxLeverage: boolean;
  /** A commission reserve on cost and margin is part of the position margin. */
  readonly hasCommissionLedger: boolean;
}

const HALF_OF_MAX_LEVERAGE: readonly string[] = ['hyperliquid', 'pacifica'];

function rowOf(preset: VenueRules): MarginRules {
  return {
    ...preset,
    feeInInitialMargin: false,
    halfOfMaxLeverage: HALF_OF_MAX_LEVERAGE.includes(preset.name),
    hasCommissionLedger: preset.feeReserve === 'ledger',
  };
}

const GENERIC = rowOf(generic);

const ROWS: readonly MarginRules[] = [
  ...PRESET_NAMES.map((name) => rowOf(findPreset(name)!)),
  { ...GENERIC, name: 'gate', tierModel: 'step', isolatedFee: 'basis', crossFee: 'basis' },
  { ...GENERIC, name: 'kucoin', tierModel: 'step' },
  { ...GENERIC, name: 'kucoin_2024', tierModel: 'step', maintenanceBasis: 'entry', hasCommissionLedger: true },
  { ...GENERIC, name: 'mexc', tierModel: 'step', maintenanceBasis: 'entry', feeInInitialMargin: true },
];

const ALIASES: Readonly<Record<string, string>> = { binance: 'binance_usdm' };

export const MARGIN_RULE_NAMES: readonly string[] = ROWS.map(({ name }) => name);

/**
 * The row of a venue; a venue without one is `generic`, and a request's inputs decide.
 *
 * @param venue `binance-coinm` and `binance_coinm` are one; `binance` is `binance_usdm`.
 */
export function marginRulesOf(venue: string): MarginRules {
  const word = venue.toLowerCase().replaceAll('-', '_');
  const name = Object.hasOwn(ALIASES, word) ? ALIASES[word] : word;
  return ROWS.find((row) => row.name === name) ?? GENERIC;
}
