/**
 * BitMEX by its rules of 2017 to 2020: values rounded per contract, and unrealised profit withheld from what is available.
 */

import type { VenueRules } from '../rules.js';
import { bitmex } from './bitmex.js';

export const bitmex2020: VenueRules = {
  ...bitmex,
  name: 'bitmex_2020',
  valueRounding: 'per_contract',
  partialLiquidation: 'none',
  crossProfitUse: 'losses_only',
};
