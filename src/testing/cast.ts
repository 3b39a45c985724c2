/**
 * The cast of the scenarios: three contracts, one of each type, and a spot pair, under the rules of any preset, and openings that many
 * scenarios share, as scenario text. Amounts are round so that a reader can check an expectation with a pocket calculator.
 * What a line of an opening means is said in scenario/scenario.ts.
 */

import type { Contract } from '../contract/contract.js';
import type { ContractEntry } from '../contract/contractEntry.js';
import { createContractTable } from '../contract/contractInfo.js';
import { XBTUSD_CLASSIC } from '../contract/listings/bitmex.js';
import type { VenueRules } from '../venue/rules.js';

/** Symbols of the cast with their entries: inverse, linear, quanto, spot. */
const ENTRIES: Readonly<Record<string, ContractEntry>> = {
  /** 1 USD a contract, settles XBT; base rate 0.5 %, risk steps of 100 XBT above 200. */
  XBTUSD: XBTUSD_CLASSIC,
  /** 1 BTC a contract, traded in thousandths, settles USDT; base rate 0.5 %, no risk steps. */
  BTCUSDT: {
    type: 'linear',
    multiplier: '1',
    quote_currency: 'USDT',
    settle_currency: 'USDT',
    initial_margin: '0.01',
    maintenance_margin: '0.005',
    min_qty: '0.001',
    tick_size: '0.5',
    fund_time: ['00:00', '08:00', '16:00'],
    max_leverage: '100',
    taker_fee: '0.00055',
    maker_fee: '0.0002',
  },
  /** 0.000001 XBT a contract and dollar, settles XBT; base rate 1 %, no risk steps. */
  ETHUSD: {
    type: 'quanto',
    multiplier: '0.000001',
    quote_currency: 'USD',
    settle_currency: 'XBT',
    initial_margin: '0.02',
    maintenance_margin: '0.01',
    min_qty: '1',
    tick_size: '0.05',
    fund_time: ['04:00', '12:00', '20:00'],
    max_leverage: '50',
    taker_fee: '0.00075',
    maker_fee: '-0.00025',
  },
  /** Spot: coins of BTC in thousandths against USDT, at least 0.001; fees 0.1 %. */
  'BTC/USDT': {
    type: 'spot',
    quote_currency: 'USDT',
    min_qty: '0.001',
    tick_size: '0.5',
    taker_fee: '0.001',
    maker_fee: '0.001',
  },
};

export const CAST_SYMBOLS: readonly string[] = Object.keys(ENTRIES);

/**
 * A contract of the cast as the venue of the rules lists it.
 *
 * @param fields contract_info fields that replace those of the cast.
 * @throws UserError for an entry that the contract table refuses.
 */
export function castContract(symbol: string, rules: VenueRules, fields: ContractEntry = {}): Contract {
  // Tiers of a venue's own contract of the same name are not those of the cast.
  const noTiers: ContractEntry = ENTRIES[symbol]?.type === 'spot' ? {} : { risk_limit: null, tiers: null };
  const entry = { ...noTiers, ...ENTRIES[symbol], ...fields };
  const contract = createContractTable({ [rules.listing]: { [symbol]: entry } }).find(rules.listing, symbol);
  return contract!;
}

/** Inverse long 10,000 @ 10,000 at 10×: A = 0.1 XBT, P* = 100500/11 = 9,136.36 on the mark basis. No fees, no steps. */
export const longAtTenTimes = `
  contract XBTUSD generic taker_fee=0 maker_fee=0
  account  main balance 1 isolated 10x
  bar      00:00 10000
  bar      01:00 10000
  order    long_open 10000 market @bar1`;

/** Inverse short 10,000 @ 10,000 at 10×: A = 0.1 XBT, P* = 99500/9 = 11,055.56 on the mark basis. No fees, no steps. */
export const shortAtTenTimes = `
  contract XBTUSD generic taker_fee=0 maker_fee=0
  account  main balance 1 isolated 10x
  bar      00:00 10000
  bar      01:00 10000
  order    short_open 10000 market @bar1`;

/** The first four lines of most scenarios about orders: 1 XBT, isolated 10×, fees 0.075 % and −0.025 %, flat at 10,000. */
export const flatAtTenThousand = `
  contract XBTUSD generic
  account  main balance 1 isolated 10x
  bar      00:00 10000`;

/** Linear 1 BTC @ 20,000 in an isolated position at 50×: A = 400 USDT. No fees. */
export const linearLongAtFiftyTimes = `
  contract BTCUSDT generic taker_fee=0 maker_fee=0
  account  main balance 10000 isolated 50x
  bar      01:00 20000
  bar      02:00 20000
  order    long_open 1 market @bar1`;
