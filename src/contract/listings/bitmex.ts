/**
 * Contracts of BitMEX, each entry in the contract_info form with its source. Figures that no source gives are not made up: a
 * contract that is missing here is described by the user.
 */

import type { ContractEntry, EntryHistory } from '../contractEntry.js';

const FUND_TIME = { time1: '12:00:00', time2: '20:00:00', time3: '04:00:00' };

/** XBTUSD by the rules of 2017 to mid 2021: the classic contract_info example, and the risk steps of the 2017–2020 guides. */
export const XBTUSD_CLASSIC: ContractEntry = {
  type: 'inverse',
  multiplier: '1',
  quote_currency: 'USD',
  settle_currency: 'XBT',
  initial_margin: '0.01',
  maintenance_margin: '0.005',
  min_qty: '1',
  tick_size: '0.5',
  fund_time: FUND_TIME,
  max_leverage: '100',
  taker_fee: '0.00075',
  maker_fee: '-0.00025',
  risk_limit: { base: '200', step: '100' },
  valid_until: '2021-07-01',
};

/**
 * The other figures are those of BitMEX's instrument list (API, /instrument) of 3 May 2026; nothing is known here of the time
 * between. The step of 150 XBT is in "Risk Limits Examples" too, from 31 August 2021.
 */
const SNAPSHOT = '2026-05-03';

export const bitmexListing: Readonly<Record<string, EntryHistory>> = {
  XBTUSD: [
    XBTUSD_CLASSIC,
    {
      type: 'inverse',
      multiplier: '1',
      quote_currency: 'USD',
      settle_currency: 'XBT',
      initial_margin: '0.01',
      maintenance_margin: '0.005',
      min_qty: '100',
      tick_size: '0.1',
      fund_time: FUND_TIME,
      max_leverage: '100',
      taker_fee: '0.0005',
      maker_fee: '0.0005',
      risk_limit: { base: '200', step: '150' },
      valid_from: SNAPSHOT,
    },
  ],
  ETHUSD: {
    type: 'quanto',
    multiplier: '0.000001',
    quote_currency: 'USD',
    settle_currency: 'XBT',
    initial_margin: '0.01',
    maintenance_margin: '0.005',
    min_qty: '1',
    tick_size: '0.01',
    fund_time: FUND_TIME,
    taker_fee: '0.0005',
    maker_fee: '0.0005',
    risk_limit: { base: '75', step: '100' },
    valid_from: SNAPSHOT,
  },
  // One contract is a millionth of an XBT; amounts of USDT have six digits at BitMEX.
  XBTUSDT: {
    type: 'linear',
    multiplier: '0.000001',
    quote_currency: 'USDT',
    settle_currency: 'USDT',
    initial_margin: '0.01',
    maintenance_margin: '0.005',
    min_qty: '100',
    tick_size: '0.1',
    fund_time: FUND_TIME,
    taker_fee: '0.0005',
    maker_fee: '0.0005',
    risk_limit: { base: '1000000', step: '1000000' },
    settle_decimals: 6,
    valid_from: SNAPSHOT,
  },
};
