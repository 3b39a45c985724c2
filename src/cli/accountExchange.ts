/**
 * Exchanges of the accounts of a run: the rules of each, and which series of candles its accounts trade, by which contracts. An
 * account trades the series of its own exchange's venue, and of those that name no venue the ones that its exchange lists.
 * Accounts of one exchange share one map of contracts, however many they are.
 */

import type { Contract } from '../contract/contract.js';
import { type ContractTable, exampleEntry } from '../contract/contractInfo.js';
import type { TradedContracts } from '../engine/runInput.js';
import { EXIT, UserError } from '../errors.js';
import { generic } from '../venue/presets/generic.js';
import { findPreset, PRESET_NAMES } from '../venue/presets.js';
import type { VenueRules } from '../venue/rules.js';
import { requireOneUnit } from './accountBalance.js';
import type { AccountSpec } from './accountOption.js';
import { listingOf, type Series } from './dataSeries.js';
import { badOption, type Given, nearest } from './givenOptions.js';

export interface ExchangesRequest {
  /** In the order of the data; not empty. */
  readonly series: readonly Series[];
  /** The `.venue` of the first --data that has one; null without one. */
  readonly dataVenue: string | null;
  readonly contracts: ContractTable;
  /** Time of the first bar, for contracts with a history; null while it is not known. */
  readonly atMs: number | null;
}

/** A contract with the name of the series that its prices come from. */
export interface SeriesContract {
  readonly series: string;
  readonly contract: Contract;
}

/** Where a venue is not named, it is this one if it lists the symbols. */
const FIRST_VENUE = 'bitmex';

export class Exchanges {
  /** One sentence for each default that was used; the accounts' own are added here too. */
  readonly defaults: string[] = [];
  readonly #request: ExchangesRequest;
  /** By the name of the exchange. */
  readonly #rules = new Map<string, VenueRules>();
  /** By listing, in the order of the accounts. */
  readonly #traded = new Map<string, TradedContracts>();
  #default: string | null = null;

  /** @throws UserError exit 2 for a venue of --data that is none */
  constructor(request: ExchangesRequest) {
    this.#request = request;
    for (const { name, symbol, venue } of request.series) {
      if (venue === null || findPreset(venue) !== undefined) continue;
      if (!request.contracts.venuesOf(symbol).includes(venue)) {
        rejectVenue({ text: venue, label: `the venue of ${name}` });
      }
    }
  }

  /** All contracts that are traded, each once, by series, then in the order of the accounts. */
  get contracts(): readonly SeriesContract[] {
    return this.#request.series.flatMap(({ name }) =>
      [...this.#traded.values()].flatMap((traded) => {
        const contract = traded.get(name);
        return contract === undefined ? [] : [{ series: name, contract }];
      }),
    );
  }

  /** The rules of an account's exchange. @throws UserError exit 2 */
  requireRules(spec: AccountSpec): VenueRules {
    const given = spec.values.get('exchange');
    const text = given?.text ?? this.#defaultExchange(spec);
    if (given === undefined) this.defaults.push(`account ${spec.name}: exchange ${text}`);
    const rules = this.#rules.get(text) ?? this.#resolveRules(given ?? { text, label: `account ${spec.name}` });
    if (given !== undefined) this.#requireVenue(given, rules);
    if (!this.#traded.has(rules.listing)) this.#traded.set(rules.listing, this.#resolveContracts(rules.listing));
    if (!this.#rules.has(text)) {
      for (const contract of this.#traded.get(rules.listing)!.values()) requireLiquidationFee(rules, contract);
      this.#rules.set(text, rules);
    }
    return rules;
  }

  /** Refuses series that no account trades; called once all accounts have their rules. @throws UserError exit 2 */
  requireTraders(): void {
    const listings = [...this.#traded.keys()];
    for (const series of this.#request.series) {
      if (listings.some((listing) => this.#traded.get(listing)!.has(series.name))) continue;
      const fitting = listings.filter((listing) => isOfListing(series, listing));
      throw fitting.length === 0 ? accountNeeded(series) : unknownSymbol(series.symbol, fitting);
    }
  }

  /** What an account trades. @throws UserError exit 2 where that is nothing, or does not go together */
  requireContracts(spec: AccountSpec, rules: VenueRules): TradedContracts {
    const traded = this.#traded.get(rules.listing)!;
    if (traded.size > 0) return traded;
    const given = spec.values.get('exchange') ?? { text: rules.name, label: `account ${spec.name}: exchange` };
    const symbols = this.#request.series.filter((series) => isOfListing(series, rules.listing));
    throw badOption(
      given,
      `lists none of ${symbols.map(({ symbol }) => symbol).join(', ')}`,
      'an exchange that lists a symbol of --data',
      'leave the account out, or give the missing entries in --contracts FILE',
    );
  }

  /** The preset of a venue; a venue that only the user's contract table knows has the generic rules. */
  #resolveRules(given: Given): VenueRules {
    const { series, contracts } = this.#request;
    const preset = findPreset(given.text);
    if (preset !== undefined) return preset;
    if (!series.some(({ symbol }) => contracts.venuesOf(symbol).includes(given.text))) return rejectVenue(given);
    this.defaults.push(`exchange ${given.text} has no rules of its own here: those of ${generic.name}`);
    return { ...generic, name: given.text, listing: given.text };
  }

  /** Where every series names a venue, one of them must be that of the exchange. */
  #requireVenue(given: Given, { listing }: VenueRules): void {
    const { series } = this.#request;
    if (series.some((one) => isOfListing(one, listing))) return;
    const venues = [...new Set(series.map(({ venue }) => venue!))];
    throw badOption(
      given,
      `does not trade the candles of --data, which are of ${venues.join(', ')}`,
      `${venues.join(', ')}, or --data without a venue`,
    );
  }

  /** The contracts of a listing by the names of their series; judged once for all accounts of it. */
  #resolveContracts(listing: string): TradedContracts {
    const { series, contracts, atMs } = this.#request;
    const traded = new Map<string, Contract>();
    for (const one of series) {
      if (!isOfListing(one, listing)) continue;
      const contract = contracts.find(listing, one.symbol, atMs ?? undefined);
      if (contract === undefined) continue;
      this.defaults.push(...contracts.defaultsUsed(contract));
      traded.set(one.name, contract);
    }
    requireOneUnit([...traded.values()]);
    return traded;
  }

  #defaultExchange({ name }: AccountSpec): string {
    this.#default ??= this.#request.dataVenue ?? chooseVenue(this.#request, name);
    return this.#default;
  }
}

/** Whether accounts of a listing may trade the series. */
function isOfListing({ venue }: Series, listing: string): boolean {
  return venue === null || listingOf(venue) === listing;
}

/** The venue of symbols for which none is named. */
function chooseVenue({ series, contracts }: ExchangesRequest, account: string): string {
  const symbols = series.map(({ symbol }) => symbol);
  const [first, ...others] = symbols.map((symbol) => contracts.venuesOf(symbol));
  const venues = first!.filter((venue) => others.every((list) => list.includes(venue)));
  if (venues.includes(FIRST_VENUE)) return FIRST_VENUE;
  if (venues.length === 1) return venues[0]!;
  const unlisted = symbols.find((symbol) => contracts.venuesOf(symbol).length === 0);
  if (unlisted !== undefined) throw unknownSymbol(unlisted, []);
  const listed = symbols.map((symbol) => `${symbol}: ${contracts.venuesOf(symbol).join(', ')}`);
  const options = symbols.map((symbol) => {
    const venue = contracts.venuesOf(symbol)[0]!;
    return `--data ${symbol}.${venue}=FILE --account NAME:exchange=${venue}`;
  });
  const isNone = venues.length === 0;
  throw new UserError({
    code: 'venue_unclear',
    exitCode: EXIT.usage,
    message: `${isNone ? 'no venue lists all of' : 'several venues list'} ${symbols.join(', ')}`,
    found: isNone ? listed.join('; ') : venues.join(', '),
    expected: isNone ? 'an account on each exchange' : 'one exchange',
    hint: isNone
      ? `name the venue of each symbol and an account for it: ${options.join(' ')}; or give the missing entries in --contracts FILE`
      : `add --account ${account}:exchange=${venues[0]}`,
  });
}

/** Where a take-over is at the mark the venue charges for it, and a fee that is not known is not taken for none. */
function requireLiquidationFee(rules: VenueRules, contract: Contract): void {
  const isCharged = rules.liquidationFill !== 'bankruptcy' && rules.liquidationFeeRule !== 'pacifica';
  if (!isCharged || contract.type === 'spot' || contract.liquidationFee !== null) return;
  const { venue, symbol } = contract;
  const entry = JSON.stringify({ [venue]: { [symbol]: { liquidation_fee: '0.005' } } }, null, 2);
  throw new UserError({
    code: 'liquidation_fee_needed',
    exitCode: EXIT.usage,
    message: `${rules.name} charges a fee for liquidations, and the contract table has none for ${venue}'s ${symbol}`,
    expected: 'liquidation_fee, a share of the value',
    hint: `give --contracts FILE with this entry, the rate changed to that of ${symbol}; "0" is none\n${entry}`,
  });
}

function rejectVenue(given: Given): never {
  throw badOption(
    given,
    'is no known exchange',
    `one of ${PRESET_NAMES.join(', ')}`,
    nearest(given.text, PRESET_NAMES) ??
      'a contract of another venue can be given in --contracts, under the venue or under generic',
  );
}

function accountNeeded({ symbol, venue }: Series): UserError {
  return new UserError({
    code: 'account_needed',
    exitCode: EXIT.usage,
    message: `no account trades the candles of ${symbol}.${venue}`,
    expected: `an account of ${venue}`,
    hint: `add --account NAME:exchange=${venue}`,
  });
}

/** @param venues those that were asked; empty when the user named none. */
function unknownSymbol(symbol: string, venues: readonly string[]): UserError {
  const [venue] = venues;
  const where =
    venue === undefined
      ? 'no venue lists'
      : venues.length === 1
        ? `${venue} does not list`
        : `none of ${venues.join(', ')} lists`;
  return new UserError({
    code: 'unknown_symbol',
    exitCode: EXIT.usage,
    message: `${where} ${symbol}`,
    expected: 'a symbol of the contract table',
    hint:
      `give --contracts FILE with this entry, its figures changed to those of ${symbol}; ` +
      `or name the symbol in front of the file: --data SYMBOL=FILE\n${exampleEntry(venue ?? 'generic', symbol)}`,
  });
}
