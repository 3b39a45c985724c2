/**
 * The venue presets by name. A preset is one record of choices in one file; adding a venue is that file and a line here.
 */

import { bitmex } from './presets/bitmex.js';
import { bitmex2020 } from './presets/bitmex2020.js';
import { generic } from './presets/generic.js';
import type { VenueRules } from './rules.js';

const PRESETS: readonly VenueRules[] = [bitmex, bitmex2020, generic];

export const PRESET_NAMES: readonly string[] = PRESETS.map((preset) => preset.name);

/** The preset of a name; undefined when there is none. */
export function findPreset(name: string): VenueRules | undefined {
  return PRESETS.find((preset) => preset.name === name);
}
