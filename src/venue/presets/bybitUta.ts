/**
 * Bybit's unified account by its pages of May 2026: maintenance and closing fee at the mark, and margin added to an inverse
 * position counts less its own closing fee. Only one settlement currency backs a position: the account's other coins and their
 * discounts are not modelled.
 */

import type { VenueRules } from '../rules.js';
import { bybit } from './bybit.js';

export const bybitUta: VenueRules = {
  ...bybit,
  name: 'bybit_uta',
  maintenanceBasis: 'mark',
  crossFee: 'basis',
  hedgeMaintenance: 'both',
  discountsAddedMargin: true,
};
