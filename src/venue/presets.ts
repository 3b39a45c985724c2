/**
 * The venue presets by name. A preset is one record of choices in one file; adding a venue is that file and a line here.
 */

import { binanceCoinm } from './presets/binanceCoinm.js';
import { binanceUsdm } from './presets/binanceUsdm.js';
import { bitget } from './presets/bitget.js';
import { bitmex } from './presets/bitmex.js';
import { bitmex2020 } from './presets/bitmex2020.js';
import { bybit } from './presets/bybit.js';
import { bybitUta } from './presets/bybitUta.js';
import { deepcoin } from './presets/deepcoin.js';
import { generic } from './presets/generic.js';
import { hyperliquid } from './presets/hyperliquid.js';
import { okx } from './presets/okx.js';
import { pacifica } from './presets/pacifica.js';
import { vitu } from './presets/vitu.js';
import type { VenueRules } from './rules.js';

const PRESETS: readonly VenueRules[] = [
  bitmex,
  bitmex2020,
  vitu,
  bybit,
  bybitUta,
  binanceUsdm,
  binanceCoinm,
  okx,
  bitget,
  deepcoin,
  pacifica,
  hyperliquid,
  generic,
];

export const PRESET_NAMES: readonly string[] = PRESETS.map((preset) => preset.name);

/** The preset of a name; undefined when there is none. */
export function findPreset(name: string): VenueRules | undefined {
  return PRESETS.find((preset) => preset.name === name);
}
