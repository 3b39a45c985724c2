/**
 * Contracts for tests, each compiled from a contract_info entry by the product's own table, so that a test's contract is
 * one a user could write. One of each type, and a way to change single fields. Not shipped.
 */

import { TradingAccount } from '../../account/account.js';
import type { MarginMode } from '../../account/bills.js';
import type { AccountSettings } from '../../account/books.js';
import type { Slot } from '../../account/position.js';
import type { Contract } from '../../contract/contract.js';
import type { ContractEntry } from '../../contract/contractEntry.js';
import { createContractTable } from '../../contract/contractInfo.js';
import type { PositionEffect, Side } from '../../contract/sides.js';
import { type Fraction, fractionOf } from '../../money/decimal.js';
import type { Currency } from '../../money/units.js';
import { findPreset } from '../../venue/presets.js';
import type { VenueRules } from '../../venue/rules.js';

/** BitMEX's inverse contract as it is built in: 1 USD a contract, tick 0.5, 1 % and 0.5 %, steps of 100 XBT above 200. */
export const XBTUSD: Contract = createContractTable().find('bitmex', 'XBTUSD')!;

const LINEAR: ContractEntry = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  initial_margin: '0.01',
  maintenance_margin: '0.005',
  min_qty: '0.001',
  tick_size: '0.1',
  fund_time: ['00:00', '08:00', '16:00'],
  taker_fee: '0.00055',
  maker_fee: '0.0002',
};

/** A contract of the venue `generic` with the entry's fields changed. */
export function contractWith(changes: ContractEntry = {}, symbol = 'BTCUSDT'): Contract {
  return createContractTable({ generic: { [symbol]: { ...LINEAR, ...changes } } }).find('generic', symbol)!;
}

/** 1 BTC a contract, steps of 0.001, tick 0.1, flat 1 % and 0.5 %. */
export const BTCUSDT: Contract = contractWith();

/** 1 USD a contract, settled in XBT, without risk steps or funding times. */
export const FLAT_INVERSE: Contract = contractWith(
  { type: 'inverse', settle_currency: 'XBT', min_qty: '1', tick_size: '0.5' },
  'BTCUSD',
);

/** BitMEX's ETHUSD: 0.000001 XBT per contract and USD. */
export const QUANTO: Contract = contractWith(
  { type: 'quanto', multiplier: '0.000001', settle_currency: 'XBT', min_qty: '1', tick_size: '0.05' },
  'ETHUSD',
);

/** Rules by their name. */
export function rulesOf(name: string): VenueRules {
  return findPreset(name)!;
}

/** Decimal text as an exact fraction; short, because tables are full of it. */
export const d: (text: string) => Fraction = fractionOf;

export const XBT_CURRENCY: Currency = { code: 'XBT', decimals: 8 };
export const USDT_CURRENCY: Currency = { code: 'USDT', decimals: 8 };

/** An account with a balance in settlement units of one currency; `more` changes its settings. */
export function accountWith(
  venue: string,
  mode: MarginMode,
  leverage: string,
  balance: bigint,
  currency: Currency = XBT_CURRENCY,
  more: Partial<AccountSettings> = {},
): TradingAccount {
  const base = { name: 'main', currency, rules: rulesOf(venue), mode, leverage: d(leverage) };
  const account = new TradingAccount({ ...base, ...more });
  account.deposit(balance, 0, 'start');
  account.takeBills();
  return account;
}

/** Books one part of a fill, without a fee unless one is given. */
export function fill(
  account: TradingAccount,
  contract: Contract,
  side: Side,
  effect: PositionEffect,
  qty: bigint,
  price: string | Fraction,
  feeRate = '0',
  slot: Slot = 'net',
) {
  const exact = typeof price === 'string' ? d(price) : price;
  return account.applyFillPart({
    timeMs: 1,
    contract,
    slot,
    side,
    effect,
    qty,
    price: exact,
    feeRate: d(feeRate),
    orderId: 1,
  });
}
