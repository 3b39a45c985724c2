/**
 * The table of contracts: built-in listings with a user's contract_info merged over them, each entry completed, checked and
 * compiled into a Contract when it is asked for. It takes parsed JSON or YAML; reading the file is not its business.
 */

import { EXIT, UserError } from '../errors.js';
import { compileContract } from './compileContract.js';
import type { Contract } from './contract.js';
import { type ContractEntry, ENTRY_FIELDS, type EntryHistory, type Listings } from './contractEntry.js';
import { fillDefaults } from './entryDefaults.js';
import { badEntry, type EntryPlace, isRecord, requireTime } from './entryFields.js';
import { findEntryInForce, mergeEntries, type Validity } from './entryHistory.js';
import { XBTUSD_CLASSIC } from './listings/bitmex.js';
import { BUILT_IN, NEEDED_BY_RULES } from './listings.js';

export interface ContractTable {
  /**
   * The contract by the entry in force at a time, compiled; undefined when no entry exists. Before the first entry of a
   * history, and without a time, the first.
   *
   * @param atMs UTC milliseconds, such as a run's first open.
   * @throws UserError exit 2 for an entry that is wrong or incomplete.
   */
  find(venue: string, symbol: string, atMs?: number): Contract | undefined;
  /** Venues that list the symbol, built-in ones first. */
  venuesOf(symbol: string): string[];
  /** Those of them that the user's own file names for the symbol, if only to complete a built-in entry. */
  ownVenuesOf(symbol: string): string[];
  /** One sentence for each default that was filled into the entry. */
  defaultsUsed(contract: Contract): readonly string[];
  /** The time that the contract's entry is of; a run beyond it deserves a warning. */
  validity(contract: Contract): Validity;
}

/**
 * @param overrides parsed contract_info, keyed by venue, then symbol; undefined without a file.
 * @param source the file's name, for messages.
 * @throws UserError exit 2 for a table of the wrong shape.
 */
export function createContractTable(overrides?: unknown, source = 'contract_info'): ContractTable {
  const own = overrides === undefined ? {} : requireShape(overrides, source);
  const found = new Map<Contract, { readonly notes: readonly string[]; readonly validity: Validity }>();
  return {
    find(venue, symbol, atMs) {
      const place = { source, where: `${venue}.${symbol}` };
      const entryOf = (table: Listings) => {
        const history = ownEntry(table, venue, symbol);
        return history === undefined ? undefined : findEntryInForce(place, history, atMs);
      };
      const base = entryOf(BUILT_IN);
      const merged = mergeEntries(base, entryOf(own));
      if (merged === undefined) return undefined;
      const notes: string[] = [];
      const isBuiltIn = base !== undefined;
      const alsoNeeded = isBuiltIn ? (NEEDED_BY_RULES[venue] ?? []) : [];
      const surroundings = { venue, symbol, house: houseEntry(place, venue, atMs), isBuiltIn, alsoNeeded };
      const entry = fillDefaults(place, merged.entry, surroundings, notes);
      const contract = compileContract(venue, symbol, entry, source);
      found.set(contract, { notes, validity: merged.validity });
      return contract;
    },
    venuesOf(symbol) {
      const venues = [...new Set([...Object.keys(BUILT_IN), ...Object.keys(own)])];
      const isListed = (venue: string): boolean =>
        ownEntry(BUILT_IN, venue, symbol) !== undefined || ownEntry(own, venue, symbol) !== undefined;
      return venues.filter(isListed);
    },
    ownVenuesOf: (symbol) => Object.keys(own).filter((venue) => ownEntry(own, venue, symbol) !== undefined),
    defaultsUsed: (contract) => found.get(contract)?.notes ?? [],
    validity: (contract) => found.get(contract)?.validity ?? { fromMs: null, untilMs: null },
  };
}

/** An entry of the table itself: a symbol may be called as a method of every object is. */
function ownEntry(table: Listings, venue: string, symbol: string): EntryHistory | undefined {
  const listing = Object.hasOwn(table, venue) ? table[venue] : undefined;
  return listing !== undefined && Object.hasOwn(listing, symbol) ? listing[symbol] : undefined;
}

/** The first contract of the venue's listing, as it was at the time: its fees are the venue's. */
function houseEntry(place: EntryPlace, venue: string, atMs: number | undefined): ContractEntry | undefined {
  const [first] = Object.values((Object.hasOwn(BUILT_IN, venue) ? BUILT_IN[venue] : undefined) ?? {});
  return first === undefined ? undefined : findEntryInForce(place, first, atMs).entry;
}

/** The entry a user has to write for a symbol that no table has, as JSON text: a spot pair is written `BASE/QUOTE`. */
export function exampleEntry(venue: string, symbol: string): string {
  const { valid_until: _, ...classic } = XBTUSD_CLASSIC;
  const pair = symbol.split('/');
  const spot: ContractEntry = {
    type: 'spot',
    base_currency: pair[0]!,
    quote_currency: pair[1] ?? 'USDT',
    min_qty: '0.00001',
    tick_size: '0.01',
    taker_fee: '0.001',
    maker_fee: '0.001',
  };
  return JSON.stringify({ [venue]: { [symbol]: pair.length === 2 ? spot : classic } }, null, 2);
}

/** XBT and BTC are the same coin; any other difference of the codes is a difference. */
export function isSameCurrency(a: string, b: string): boolean {
  const normal = (code: string): string => (code.toUpperCase() === 'BTC' ? 'XBT' : code.toUpperCase());
  return normal(a) === normal(b);
}

function requireShape(overrides: unknown, source: string): Listings {
  const wrong = (where: string, found: unknown, expected: string): UserError =>
    new UserError({
      code: 'bad_contract_info',
      exitCode: EXIT.usage,
      message: `${where}: not a table`,
      place: { file: source },
      found: typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing'),
      expected,
    });
  if (!isRecord(overrides)) throw wrong('contract_info', overrides, 'venue → symbol → entry');
  for (const [venue, symbols] of Object.entries(overrides)) {
    if (!isRecord(symbols)) throw wrong(venue, symbols, 'symbol → entry');
    for (const [symbol, entry] of Object.entries(symbols))
      requireHistory({ source, where: `${venue}.${symbol}` }, entry);
  }
  return overrides as Listings;
}

function requireHistory(place: EntryPlace, history: unknown): void {
  if (!Array.isArray(history)) {
    requireFields(place, history);
    return;
  }
  if (history.length === 0) throw badEntry(place, 'a history without entries', history, 'entries with valid_from');
  let before = Number.NEGATIVE_INFINITY;
  for (const [i, entry] of history.entries()) {
    requireFields(place, entry);
    const from = (entry as ContractEntry).valid_from;
    if (from === undefined && i === 0) continue;
    if (from === undefined) throw badEntry(place, 'an entry of the history has no valid_from', entry, 'valid_from');
    const start = requireTime(place, 'valid_from', from);
    if (start <= before) throw badEntry(place, 'the history is not in the order of valid_from', from, 'a later time');
    before = start;
  }
}

function requireFields(place: EntryPlace, entry: unknown): void {
  if (!isRecord(entry)) throw badEntry(place, 'not an entry', entry, 'an object of fields, or a list of them');
  for (const field of Object.keys(entry)) {
    if ((ENTRY_FIELDS as readonly string[]).includes(field)) continue;
    throw badEntry(place, `unknown field "${field}"`, field, `one of ${ENTRY_FIELDS.join(', ')}`);
  }
}
