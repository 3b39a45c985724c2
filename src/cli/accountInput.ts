/**
 * Accounts as the engine takes them: the venue's rules, the balances in settlement units, leverage and fees checked against
 * the contract, each default that was used told in a sentence. It reads no files and knows nothing of flags but the text.
 */

import type { Contract } from '../contract/contract.js';
import { type ContractTable, exampleEntry } from '../contract/contractInfo.js';
import type { MarginMode, PositionMode } from '../engine/records.js';
import type { AccountInput } from '../engine/runInput.js';
import { EXIT, UserError } from '../errors.js';
import { compareFractions, type Fraction, formatFraction, parseFraction } from '../money/decimal.js';
import { generic } from '../venue/presets/generic.js';
import { findPreset, PRESET_NAMES } from '../venue/presets.js';
import type { VenueRules } from '../venue/rules.js';
import { defaultBalance, parseBalances, requireOneUnit } from './accountBalance.js';
import type { AccountSpec } from './accountOption.js';
import { badOption, formatNames, type Given, nearest, requireChoice } from './givenOptions.js';
import { parseFee } from './simulationOptions.js';
import { requireContractSettings } from './spotPairs.js';

export interface AccountsRequest {
  readonly specs: readonly AccountSpec[];
  /** In the order of the data; not empty. */
  readonly symbols: readonly string[];
  /** The `.venue` of the first --data; null without one. */
  readonly dataVenue: string | null;
  readonly contracts: ContractTable;
  /** Time of the first bar, for contracts with a history; null while it is not known. */
  readonly atMs: number | null;
  readonly takerFee: Given | undefined;
  readonly makerFee: Given | undefined;
}

export interface ResolvedAccounts {
  /** One for each symbol, in their order. */
  readonly contracts: readonly Contract[];
  readonly accounts: readonly AccountInput[];
  /** One sentence for each default that was used. */
  readonly defaults: readonly string[];
}

const MODES: readonly MarginMode[] = ['cross', 'isolated'];
const POSITION_MODES: readonly PositionMode[] = ['one_way', 'hedged'];
const SWITCH = ['false', 'true'] as const;
/** Where a venue is not named, it is this one if it lists the symbols. */
const FIRST_VENUE = 'bitmex';
const ZERO: Fraction = { num: 0n, den: 1n };
const ONE: Fraction = { num: 1n, den: 1n };

/** @throws UserError exit 2 */
export function resolveAccounts(request: AccountsRequest): ResolvedAccounts {
  const defaults: string[] = [];
  const rules = request.specs.map((spec) => resolveRules(spec, request, defaults));
  const listing = rules[0]!.listing;
  const contracts = request.symbols.map((symbol) => requireContract(request, listing, symbol, defaults));
  requireOneUnit(contracts);
  const accounts = request.specs.map((spec, i) => {
    if (rules[i]!.listing !== listing) throw otherListing(spec, rules[i]!, contracts[0]!);
    for (const contract of contracts) requireLiquidationFee(rules[i]!, contract);
    return resolveAccount(spec, rules[i]!, contracts, request, defaults);
  });
  return { contracts, accounts, defaults: shareAccountDefaults(defaults) };
}

/** A default that several accounts have is told once, with their names. */
function shareAccountDefaults(defaults: readonly string[]): string[] {
  const names = new Map<string, string[]>();
  const sentences = new Set<string>();
  for (const text of defaults) {
    const [, name, rest] = /^account (\S+): (.*)$/s.exec(text) ?? [];
    if (name === undefined || rest === undefined) {
      sentences.add(text);
      continue;
    }
    sentences.add(rest);
    const known = names.get(rest);
    if (known === undefined) names.set(rest, [name]);
    else known.push(name);
  }
  return [...sentences].map((text) => {
    const of = names.get(text);
    if (of === undefined) return text;
    return of.length === 1 ? `account ${of[0]}: ${text}` : `accounts ${formatNames(of)}: ${text}`;
  });
}

function requireContract(
  { contracts, atMs, symbols }: AccountsRequest,
  listing: string,
  symbol: string,
  defaults: string[],
): Contract {
  const contract = atMs === null ? contracts.find(listing, symbol) : contracts.find(listing, symbol, atMs);
  if (contract === undefined) throw unknownSymbol(symbol, listing);
  const label = symbols.length === 1 ? '' : `${symbol}: `;
  defaults.push(...contracts.defaultsUsed(contract).map((text) => (text.includes(symbol) ? text : `${label}${text}`)));
  return contract;
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

function resolveRules(spec: AccountSpec, request: AccountsRequest, defaults: string[]): VenueRules {
  const given = spec.values.get('exchange');
  if (given === undefined) {
    const name = defaultExchange(request);
    defaults.push(`account ${spec.name}: exchange ${name}`);
    return rulesOf({ text: name, label: `the venue of ${request.symbols.join(', ')}` }, request, defaults);
  }
  const rules = rulesOf(given, request, defaults);
  const data = request.dataVenue;
  if (data !== null && rules.listing !== (findPreset(data)?.listing ?? data)) {
    throw badOption(
      given,
      `does not trade the candles of --data, which are of ${data}`,
      `${data}, or --data without a venue`,
    );
  }
  return rules;
}

/** The preset of a venue; a venue that only the user's contract table knows has the generic rules. */
function rulesOf(given: Given, request: AccountsRequest, defaults: string[]): VenueRules {
  const preset = findPreset(given.text);
  if (preset !== undefined) return preset;
  if (!venuesOfAll(request).includes(given.text)) return rejectVenue(given);
  const note = `exchange ${given.text} has no rules of its own here: those of ${generic.name}`;
  if (!defaults.includes(note)) defaults.push(note);
  return { ...generic, name: given.text, listing: given.text };
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

/** Venues that list every symbol of the run. */
function venuesOfAll({ contracts, symbols }: AccountsRequest): string[] {
  const [first, ...others] = symbols.map((symbol) => contracts.venuesOf(symbol));
  return first!.filter((venue) => others.every((venues) => venues.includes(venue)));
}

function defaultExchange(request: AccountsRequest): string {
  if (request.dataVenue !== null) return request.dataVenue;
  const venues = venuesOfAll(request);
  if (venues.includes(FIRST_VENUE)) return FIRST_VENUE;
  if (venues.length === 1) return venues[0]!;
  const unlisted = request.symbols.find((symbol) => request.contracts.venuesOf(symbol).length === 0);
  if (unlisted !== undefined) throw unknownSymbol(unlisted, null);
  const symbols = request.symbols.join(', ');
  if (venues.length === 0) {
    const found = request.symbols.map((symbol) => `${symbol}: ${request.contracts.venuesOf(symbol).join(', ')}`);
    throw new UserError({
      code: 'venue_unclear',
      exitCode: EXIT.usage,
      message: `no venue lists all of ${symbols}`,
      found: found.join('; '),
      expected: 'symbols of one exchange',
      hint: 'run once for each exchange, or give the missing entries in --contracts FILE',
    });
  }
  throw new UserError({
    code: 'venue_unclear',
    exitCode: EXIT.usage,
    message: `several venues list ${symbols}`,
    found: venues.join(', '),
    expected: 'one exchange',
    hint: `add --account main:exchange=${venues[0]}`,
  });
}

/** @param venue null when the user named none. */
export function unknownSymbol(symbol: string, venue: string | null): UserError {
  const where = venue === null ? 'no venue lists' : `${venue} does not list`;
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

function otherListing(spec: AccountSpec, rules: VenueRules, contract: Contract): UserError {
  const given = spec.values.get('exchange') ?? { text: rules.name, label: `account ${spec.name}` };
  return badOption(
    given,
    `trades the contracts of ${rules.listing}, and this run is of ${contract.venue}'s ${contract.symbol}`,
    'accounts whose exchanges share a contract',
    'run once for each exchange',
  );
}

function resolveAccount(
  spec: AccountSpec,
  rules: VenueRules,
  contracts: readonly Contract[],
  request: AccountsRequest,
  defaults: string[],
): AccountInput {
  const { values } = spec;
  requireContractSettings(spec, contracts);
  const balances = parseBalances(values.get('balance'), values.get('currency'), contracts);
  if (values.get('balance') === undefined) {
    const { currency } = balances[0]!;
    defaults.push(`account ${spec.name}: balance ${defaultBalance(currency)} ${currency.code}`);
  }
  const mode = values.get('mode');
  const leverage = values.get('leverage');
  const takerFee = values.get('taker_fee') ?? request.takerFee;
  const makerFee = values.get('maker_fee') ?? request.makerFee;
  return {
    name: spec.name,
    rules,
    balances,
    mode: requireChoice(mode, MODES, 'cross'),
    positionMode: requireChoice(values.get('position_mode'), POSITION_MODES, 'one_way'),
    autoMargin: requireChoice(values.get('auto_margin'), SWITCH, 'false') === 'true',
    leverage: parseLeverage(leverage, mode, contracts),
    modeIsExplicit: mode !== undefined,
    leverageIsExplicit: leverage !== undefined,
    ...(takerFee === undefined ? {} : { takerFee: parseFee(takerFee) }),
    ...(makerFee === undefined ? {} : { makerFee: parseFee(makerFee) }),
  };
}

/** Default 1; 0 is cross at the contract's own initial rate. @throws UserError exit 2 */
function parseLeverage(given: Given | undefined, mode: Given | undefined, contracts: readonly Contract[]): Fraction {
  if (given === undefined) return ONE;
  const leverage = parseFraction(given.text);
  for (const { symbol, type, maxLeverage } of contracts) {
    if (type === 'spot') continue;
    const most = formatFraction(maxLeverage, 8).replace(/\.?0+$/, '');
    const expected = `0 to ${most}`;
    if (leverage === undefined) throw badOption(given, 'is not a number', expected);
    const isInRange = compareFractions(leverage, ZERO) >= 0 && compareFractions(leverage, maxLeverage) <= 0;
    if (!isInRange) throw badOption(given, `is not a leverage of ${symbol}`, expected);
    if (leverage.num === 0n && mode?.text === 'isolated') {
      throw badOption(given, 'selects cross, and the mode is isolated', `above 0, to ${most}`);
    }
  }
  if (leverage === undefined || leverage.num < 0n) throw badOption(given, 'is not a leverage', 'a number from 0');
  return leverage;
}
