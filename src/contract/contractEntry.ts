/**
 * A contract_info entry in its written form, the classic table's fields and the optional ones, and which of them must be
 * written. Types and names only: reading, checking and merging are in the files beside this one.
 */

export interface TierEntry {
  /** Upper bound of the tier, which belongs to the next one; absent or null for a last tier without an end. */
  readonly upTo?: string | number | null;
  /** Initial margin rate; instead of it, the highest leverage of the tier may be written, as venues print it. */
  readonly im?: string | number;
  readonly max_leverage?: string | number;
  readonly mm: string | number;
}

/** An entry as written. Numbers may be JSON numbers, taken by their shortest text, or strings. */
export interface ContractEntry {
  type?: string;
  multiplier?: string | number;
  base_currency?: string;
  quote_currency?: string;
  settle_currency?: string;
  initial_margin?: string | number;
  maintenance_margin?: string | number;
  min_qty?: string | number;
  tick_size?: string | number;
  fund_time?: Readonly<Record<string, string>> | readonly string[];
  max_leverage?: string | number;
  taker_fee?: string | number;
  maker_fee?: string | number;
  /** Null for none, over a built-in entry that has them. */
  risk_limit?: { readonly base: string | number; readonly step: string | number } | null;
  /** Null for none, over a built-in entry that has them. */
  tiers?: readonly TierEntry[] | null;
  /** What `upTo` counts: whole units of the settlement currency (the default) or contracts. */
  tiers_by?: string;
  settle_decimals?: number;
  qty_step?: string | number;
  min_notional?: string | number;
  liquidation_fee?: string | number;
  /** UTC time from which the entry is that of the venue. */
  valid_from?: string;
  /** UTC time at which it ended, where no later entry says so. */
  valid_until?: string;
}

/** One entry, or the entries of a symbol in the order of their valid_from. */
export type EntryHistory = ContractEntry | readonly ContractEntry[];

/** Entries by venue, then symbol. */
export type Listings = Readonly<Record<string, Readonly<Record<string, EntryHistory>>>>;

export type EntryField = keyof ContractEntry;

const CLASSIC: readonly EntryField[] = [
  'type',
  'multiplier',
  'quote_currency',
  'settle_currency',
  'initial_margin',
  'maintenance_margin',
  'min_qty',
  'tick_size',
];

export const ENTRY_FIELDS: readonly EntryField[] = [
  ...CLASSIC,
  'fund_time',
  'max_leverage',
  'taker_fee',
  'maker_fee',
  'risk_limit',
  'tiers',
  'tiers_by',
  'settle_decimals',
  'qty_step',
  'min_notional',
  'liquidation_fee',
  'base_currency',
  'valid_from',
  'valid_until',
];

/** Fields of contracts that a spot pair must not have. */
export const NOT_FOR_SPOT: readonly EntryField[] = ['fund_time', 'risk_limit', 'tiers', 'tiers_by', 'liquidation_fee'];

/** Fields that have no default, fees apart: tiers stand for the two rates, and a spot pair has no margin. */
export function requiredFields(entry: ContractEntry): readonly EntryField[] {
  if (entry.type === 'spot') return ['base_currency', 'quote_currency', 'min_qty', 'tick_size'];
  if (entry.tiers === undefined) return CLASSIC;
  return CLASSIC.filter((field) => field !== 'initial_margin' && field !== 'maintenance_margin');
}
