/**
 * What the margin calculator knows of venues: a record of choices for each, from which a request's own inputs may differ. The
 * presets of runs are in presets.ts; the two agree where both speak, and this record has the venues that runs do not offer.
 */

import { bitmex } from './presets/bitmex.js';
import { bitmex2020 } from './presets/bitmex2020.js';
import { generic } from './presets/generic.js';
import type { VenueRules } from './rules.js';

/** Whether a closing fee counts as maintenance: on the basis, at bankruptcy, or not; `cancels`: it sits in the margin too. */
export type FeeInMaintenance = 'none' | 'basis' | 'bankruptcy' | 'cancels';

export interface MarginRules
  extends Pick<
    VenueRules,
    'name' | 'maintenanceBasis' | 'liquidationRule' | 'feeReserve' | 'openLossInOrderMargin' | 'valueRounding'
  > {
  readonly isolatedFee: FeeInMaintenance;
  readonly crossFee: FeeInMaintenance;
  /** A table of rates: whole position at the rate it reaches, or each slice at its own; `flat`: the venue has no table. */
  readonly tierModel: 'flat' | 'step' | 'marginal';
  readonly isolatedInitialBasis: 'entry' | 'mark';
  readonly crossInitialBasis: 'entry' | 'mark';
  /** One taker fee on the entry value is part of the initial margin. */
  readonly feeInInitialMargin: boolean;
  /** Long and short of one symbol in cross: both are charged, or the larger. */
  readonly hedgeMaintenance: 'both' | 'larger';
  /** The maintenance rate is half of 1 / max leverage where none is given. */
  readonly halfOfMaxLeverage: boolean;
  /** A commission reserve on cost and margin is part of the position margin. */
  readonly hasCommissionLedger: boolean;
  /** Margin added to an isolated inverse position counts less its own closing fee. */
  readonly discountsAddedMargin: boolean;
}

const GENERIC: MarginRules = {
  ...generic,
  isolatedFee: 'none',
  crossFee: 'none',
  tierModel: 'flat',
  isolatedInitialBasis: 'entry',
  crossInitialBasis: 'entry',
  feeInInitialMargin: false,
  hedgeMaintenance: 'both',
  halfOfMaxLeverage: false,
  hasCommissionLedger: false,
  discountsAddedMargin: false,
};

const BITMEX: MarginRules = {
  ...GENERIC,
  ...bitmex,
  isolatedFee: 'cancels',
  tierModel: 'step',
  hasCommissionLedger: true,
};

const BYBIT: MarginRules = {
  ...GENERIC,
  name: 'bybit',
  maintenanceBasis: 'entry',
  isolatedFee: 'cancels',
  crossFee: 'bankruptcy',
  tierModel: 'marginal',
  openLossInOrderMargin: false,
  hedgeMaintenance: 'larger',
};

const BINANCE: MarginRules = {
  ...GENERIC,
  name: 'binance_usdm',
  tierModel: 'marginal',
  isolatedInitialBasis: 'mark',
  crossInitialBasis: 'mark',
  feeReserve: 'none',
};

const OKX: MarginRules = {
  ...GENERIC,
  name: 'okx',
  isolatedFee: 'basis',
  crossFee: 'basis',
  tierModel: 'step',
  crossInitialBasis: 'mark',
  feeReserve: 'none',
  openLossInOrderMargin: false,
};

const HYPERLIQUID: MarginRules = {
  ...GENERIC,
  name: 'hyperliquid',
  tierModel: 'marginal',
  isolatedInitialBasis: 'mark',
  crossInitialBasis: 'mark',
  feeReserve: 'none',
  openLossInOrderMargin: false,
  halfOfMaxLeverage: true,
};

const ROWS: readonly MarginRules[] = [
  BITMEX,
  { ...BITMEX, ...bitmex2020 },
  { ...BITMEX, ...bitmex2020, name: 'vitu' },
  BYBIT,
  {
    ...BYBIT,
    name: 'bybit_uta',
    maintenanceBasis: 'mark',
    crossFee: 'basis',
    hedgeMaintenance: 'both',
    discountsAddedMargin: true,
  },
  BINANCE,
  { ...BINANCE, name: 'binance_coinm' },
  OKX,
  { ...OKX, name: 'bitget', crossInitialBasis: 'entry', hedgeMaintenance: 'larger' },
  { ...OKX, name: 'deepcoin', crossInitialBasis: 'entry' },
  HYPERLIQUID,
  { ...HYPERLIQUID, name: 'pacifica', tierModel: 'flat' },
  GENERIC,
  { ...GENERIC, name: 'gate', tierModel: 'step', isolatedFee: 'basis', crossFee: 'basis' },
  { ...GENERIC, name: 'kucoin', tierModel: 'step' },
  { ...GENERIC, name: 'kucoin_2024', tierModel: 'step', maintenanceBasis: 'entry', hasCommissionLedger: true },
  { ...GENERIC, name: 'mexc', maintenanceBasis: 'entry', feeInInitialMargin: true },
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
