/**
 * The classic contract note: BitMEX by its rules of 2017 to 2020, the label of a stop on the wrong side corrected, and percent
 * stops that are of the profit.
 */

import type { VenueRules } from '../rules.js';
import { bitmex2020 } from './bitmex2020.js';

export const vitu: VenueRules = {
  ...bitmex2020,
  name: 'vitu',
  bracketSide: 'infer',
  pctBase: 'pnl',
};
