/**
 * Contracts of BitMEX, each entry in the classic contract_info form with its source. Figures that no source gives are not
 * made up: a contract that is missing here is described by the user.
 */

import type { ContractEntry } from '../contractEntry.js';

/** XBTUSD by the rules of 2017 to mid 2021: the classic contract_info example, and the risk steps of the 2017–2020 guides. */
export const bitmexListing: Readonly<Record<string, ContractEntry>> = {
  XBTUSD: {
    type: 'inverse',
    multiplier: '1',
    quote_currency: 'USD',
    settle_currency: 'XBT',
    initial_margin: '0.01',
    maintenance_margin: '0.005',
    min_qty: '1',
    tick_size: '0.5',
    fund_time: { time1: '12:00:00', time2: '20:00:00', time3: '04:00:00' },
    max_leverage: '100',
    taker_fee: '0.00075',
    maker_fee: '-0.00025',
    risk_limit: { base: '200', step: '100' },
  },
};
