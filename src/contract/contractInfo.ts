/**
 * The table of contracts: built-in listings with a user's contract_info merged over them field by field, defaults filled and
 * noted, each entry checked and compiled into a Contract. It takes parsed JSON or YAML; reading the file is not its business.
 */

import { UserError } from '../errors.js';
import {
  compareFractions,
  decimalsOf,
  type Fraction,
  fractionOf,
  fractionToF64,
  isDecimalText,
} from '../money/decimal.js';
import { pow10 } from '../money/units.js';
import type { Contract, ContractType } from './contract.js';
import type { ContractEntry } from './contractEntry.js';
import { bitmexListing } from './listings/bitmex.js';

const FIELDS = [
  'type',
  'multiplier',
  'quote_currency',
  'settle_currency',
  'initial_margin',
  'maintenance_margin',
  'min_qty',
  'tick_size',
  'fund_time',
  'max_leverage',
  'taker_fee',
  'maker_fee',
  'risk_limit',
  'settle_decimals',
  'qty_step',
] as const;
const REQUIRED = FIELDS.slice(0, 8);

const BUILT_IN: Listings = { bitmex: bitmexListing };

export interface ContractTable {
  /** The contract, compiled; undefined when no entry exists. @throws UserError for an entry that is wrong. */
  find(venue: string, symbol: string): Contract | undefined;
  /** Venues that list the symbol, built-in ones first. */
  venuesOf(symbol: string): string[];
  /** One sentence for each default that was filled into the entry. */
  defaultsUsed(contract: Contract): readonly string[];
}

/**
 * @param overrides parsed contract_info, keyed by venue, then symbol; undefined without a file.
 * @param source the file's name, for messages.
 * @throws UserError exit 2 for a table of the wrong shape.
 */
export function createContractTable(overrides?: unknown, source = 'contract_info'): ContractTable {
  const own = overrides === undefined ? {} : requireShape(overrides, source);
  const defaults = new Map<Contract, readonly string[]>();
  const entryOf = (venue: string, symbol: string): ContractEntry | undefined => {
    const base = ownEntry(BUILT_IN, venue, symbol);
    const over = ownEntry(own, venue, symbol);
    return base === undefined && over === undefined ? undefined : { ...base, ...over };
  };
  return {
    find(venue, symbol) {
      const entry = entryOf(venue, symbol);
      if (entry === undefined) return undefined;
      const notes: string[] = [];
      const contract = compileContract(venue, symbol, fillDefaults(venue, symbol, entry, notes, source), source);
      defaults.set(contract, notes);
      return contract;
    },
    venuesOf(symbol) {
      const venues = [...new Set([...Object.keys(BUILT_IN), ...Object.keys(own)])];
      return venues.filter((venue) => entryOf(venue, symbol) !== undefined);
    },
    defaultsUsed: (contract) => defaults.get(contract) ?? [],
  };
}

type Listings = Readonly<Record<string, Readonly<Record<string, ContractEntry>>>>;

/** An entry of the table itself: a symbol may be called as a method of every object is. */
function ownEntry(table: Listings, venue: string, symbol: string): ContractEntry | undefined {
  const listing = Object.hasOwn(table, venue) ? table[venue] : undefined;
  return listing !== undefined && Object.hasOwn(listing, symbol) ? listing[symbol] : undefined;
}

/** The entry a user has to write for a symbol that no table has, as JSON text. */
export function exampleEntry(venue: string, symbol: string): string {
  const example = { ...bitmexListing['XBTUSD'] };
  return JSON.stringify({ [venue]: { [symbol]: example } }, null, 2);
}

function wrong(source: string, where: string, message: string, found: unknown, expected: string): UserError {
  return new UserError({
    code: 'bad_contract_info',
    exitCode: 2,
    message: `${where}: ${message}`,
    place: { file: source },
    found: typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing'),
    expected,
  });
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}

function requireShape(overrides: unknown, source: string): Record<string, Record<string, ContractEntry>> {
  if (!isRecord(overrides)) throw wrong(source, 'contract_info', 'not a table', overrides, 'venue → symbol → entry');
  for (const [venue, symbols] of Object.entries(overrides)) {
    if (!isRecord(symbols)) throw wrong(source, venue, 'not a table', symbols, 'symbol → entry');
    for (const [symbol, entry] of Object.entries(symbols)) {
      const where = `${venue}.${symbol}`;
      if (!isRecord(entry)) throw wrong(source, where, 'not an entry', entry, 'an object of fields');
      for (const field of Object.keys(entry)) {
        if (!(FIELDS as readonly string[]).includes(field)) {
          throw wrong(source, where, `unknown field "${field}"`, field, `one of ${FIELDS.join(', ')}`);
        }
      }
    }
  }
  return overrides as Record<string, Record<string, ContractEntry>>;
}

type FilledEntry = ContractEntry & { max_leverage: string; taker_fee: string | number; maker_fee: string | number };

function fillDefaults(
  venue: string,
  symbol: string,
  entry: ContractEntry,
  notes: string[],
  source: string,
): FilledEntry {
  const where = `${venue}.${symbol}`;
  for (const field of REQUIRED) {
    if (entry[field] === undefined) throw wrong(source, where, `field "${field}" is missing`, undefined, field);
  }
  const house = Object.values(BUILT_IN[venue] ?? {})[0];
  const feeOf = (field: 'taker_fee' | 'maker_fee'): string | number => {
    // A null is written, so it is not a field left out: it is refused below as no number.
    const fee = entry[field] === undefined ? house?.[field] : entry[field];
    if (fee === undefined) {
      throw wrong(source, where, `field "${field}" is missing, and ${venue} has no built-in fee`, undefined, 'a rate');
    }
    if (entry[field] === undefined) notes.push(`${where}: ${field} ${fee}, that of the venue's other contracts`);
    return fee;
  };
  const taker = feeOf('taker_fee');
  const maker = feeOf('maker_fee');
  let leverage = entry.max_leverage;
  if (leverage === undefined) {
    leverage = reciprocalText(positive(source, where, 'initial_margin', entry.initial_margin));
    notes.push(`${where}: max_leverage ${leverage}, 1 / initial_margin`);
  }
  if (entry.fund_time === undefined) notes.push(`${where}: no fund_time, so no funding times of its own`);
  return { ...entry, max_leverage: String(leverage), taker_fee: taker, maker_fee: maker };
}

function reciprocalText(f: Fraction): string {
  const hundredths = (f.den * 100n) / f.num;
  const text = hundredths.toString().padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`.replace(/\.?0+$/, '');
}

function textOf(source: string, where: string, field: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !isDecimalText(text.trim())) {
    throw wrong(source, where, `field "${field}" is not a number`, value, 'a decimal');
  }
  return text.trim();
}

function positive(source: string, where: string, field: string, value: unknown): Fraction {
  const f = fractionOf(textOf(source, where, field, value));
  if (f.num <= 0n) throw wrong(source, where, `field "${field}" must be above zero`, value, '> 0');
  return f;
}

/** XBT and BTC are the same coin; any other difference of the codes is a difference. */
export function isSameCurrency(a: string, b: string): boolean {
  const normal = (code: string): string => (code.toUpperCase() === 'BTC' ? 'XBT' : code.toUpperCase());
  return normal(a) === normal(b);
}

function compileContract(venue: string, symbol: string, entry: FilledEntry, source: string): Contract {
  const where = `${venue}.${symbol}`;
  const type = entry.type as ContractType;
  if (type !== 'inverse' && type !== 'linear' && type !== 'quanto') {
    throw wrong(source, where, 'field "type" is unknown', entry.type, 'inverse, linear or quanto');
  }
  const field = (name: (typeof FIELDS)[number]): Fraction => positive(source, where, name, entry[name]);
  const decimals = entry.settle_decimals ?? 8;
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 18) {
    throw wrong(source, where, 'field "settle_decimals" is wrong', entry.settle_decimals, 'a whole number 0 to 18');
  }
  field('min_qty');
  const minText = textOf(source, where, 'min_qty', entry.min_qty);
  const stepText = textOf(source, where, 'qty_step', entry.qty_step ?? entry.min_qty);
  const qtyDecimals = Math.max(decimalsOf(stepText), decimalsOf(minText));
  const toQty = (text: string, name: string): bigint => {
    const f = positive(source, where, name, text);
    return (f.num * pow10(qtyDecimals)) / f.den;
  };
  const tick = field('tick_size');
  const initial = field('initial_margin');
  const maintenance = rate(source, where, 'maintenance_margin', entry.maintenance_margin, true);
  if (compareFractions(maintenance, initial) >= 0) {
    throw wrong(
      source,
      where,
      'maintenance_margin is not below initial_margin',
      entry.maintenance_margin,
      'a lower rate',
    );
  }
  const multiplier = field('multiplier');
  const settle = { code: requireCurrency(source, where, 'settle_currency', entry.settle_currency), decimals };
  return {
    venue,
    symbol,
    type,
    quoteCurrency: requireCurrency(source, where, 'quote_currency', entry.quote_currency),
    settle,
    multiplier,
    valueScale: { num: multiplier.num * pow10(decimals), den: multiplier.den * pow10(qtyDecimals) },
    tick,
    tickF64: fractionToF64(tick),
    priceDecimals: decimalsOf(textOf(source, where, 'tick_size', entry.tick_size)),
    qtyDecimals,
    qtyStep: toQty(stepText, 'qty_step'),
    minQty: toQty(minText, 'min_qty'),
    initialMargin: initial,
    maintenanceMargin: maintenance,
    maxLeverage: field('max_leverage'),
    takerFee: rate(source, where, 'taker_fee', entry.taker_fee, false),
    makerFee: rate(source, where, 'maker_fee', entry.maker_fee, false),
    fundTimesMs: fundTimes(source, where, entry.fund_time),
    riskSteps: riskSteps(source, where, entry, decimals),
  };
}

function requireCurrency(source: string, where: string, field: string, value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9]{2,12}$/.test(value)) {
    throw wrong(source, where, `field "${field}" is not a currency`, value, 'a code such as USD');
  }
  return value.toUpperCase();
}

function rate(source: string, where: string, field: string, value: unknown, notNegative: boolean): Fraction {
  const f = fractionOf(textOf(source, where, field, value));
  if ((notNegative && f.num < 0n) || f.num >= f.den || -f.num >= f.den) {
    throw wrong(source, where, `field "${field}" is out of range`, value, 'a fraction such as 0.005');
  }
  return f;
}

function fundTimes(source: string, where: string, times: ContractEntry['fund_time']): number[] {
  if (times === undefined) return [];
  if (typeof times !== 'object' || times === null)
    throw wrong(source, where, 'field "fund_time" is wrong', times, 'a table or list of times');
  const out = Object.values(times).map((text) => {
    const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(String(text));
    if (match === null) throw wrong(source, where, 'field "fund_time" is wrong', text, 'times such as 04:00:00');
    return ((Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3] ?? 0)) * 1000;
  });
  return [...new Set(out)].sort((a, b) => a - b);
}

function riskSteps(source: string, where: string, entry: ContractEntry, decimals: number): Contract['riskSteps'] {
  if (entry.risk_limit === undefined) return null;
  if (!isRecord(entry.risk_limit))
    throw wrong(source, where, 'field "risk_limit" is wrong', entry.risk_limit, '{ base, step }');
  const units = (name: string, value: unknown): bigint => {
    const f = positive(source, where, `risk_limit.${name}`, value);
    const whole = (f.num * pow10(decimals)) / f.den;
    if (whole > 0n) return whole;
    throw wrong(source, where, `field "risk_limit.${name}" is below one settlement unit`, value, 'a larger amount');
  };
  return { base: units('base', entry.risk_limit.base), step: units('step', entry.risk_limit.step) };
}
