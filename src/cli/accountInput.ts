/**
 * Accounts as the engine takes them: the venue's rules, the balance in settlement units, leverage and fees checked against
 * the contract, each default that was used told in a sentence. It reads no files and knows nothing of flags but the text.
 */

import type { Contract } from '../contract/contract.js';
import { type ContractTable, exampleEntry, isSameCurrency } from '../contract/contractInfo.js';
import type { MarginMode } from '../engine/records.js';
import type { AccountInput } from '../engine/runInput.js';
import { EXIT, UserError } from '../errors.js';
import { compareFractions, type Fraction, formatFraction, parseFraction } from '../money/decimal.js';
import { pow10 } from '../money/units.js';
import { generic } from '../venue/presets/generic.js';
import { findPreset, PRESET_NAMES } from '../venue/presets.js';
import type { VenueRules } from '../venue/rules.js';
import type { AccountSpec } from './accountOption.js';
import { badOption, type Given, nearest, requireChoice } from './givenOptions.js';
import { parseFee } from './simulationOptions.js';

export interface AccountsRequest {
  readonly specs: readonly AccountSpec[];
  readonly symbol: string;
  /** The `.venue` of the first --data; null without one. */
  readonly dataVenue: string | null;
  readonly contracts: ContractTable;
  readonly takerFee: Given | undefined;
  readonly makerFee: Given | undefined;
}

export interface ResolvedAccounts {
  readonly contract: Contract;
  readonly accounts: readonly AccountInput[];
  /** One sentence for each default that was used. */
  readonly defaults: readonly string[];
}

const MODES: readonly MarginMode[] = ['cross', 'isolated'];
/** Where a venue is not named, it is this one if it lists the symbol. */
const FIRST_VENUE = 'bitmex';
const DOLLARS = /^(?:[A-Z]{0,2}USD[A-Z]?|DAI)$/;
const DEFAULT_DOLLARS = 10_000n;
const DEFAULT_COINS = 1n;
const ZERO: Fraction = { num: 0n, den: 1n };
const ONE: Fraction = { num: 1n, den: 1n };

/** @throws UserError exit 2 */
export function resolveAccounts(request: AccountsRequest): ResolvedAccounts {
  const defaults: string[] = [];
  const rules = request.specs.map((spec) => resolveRules(spec, request, defaults));
  const listing = rules[0]!.listing;
  const contract = request.contracts.find(listing, request.symbol);
  if (contract === undefined) throw unknownSymbol(request.symbol, listing);
  defaults.push(...request.contracts.defaultsUsed(contract));
  const accounts = request.specs.map((spec, i) => {
    if (rules[i]!.listing !== listing) throw otherListing(spec, rules[i]!, contract);
    return resolveAccount(spec, rules[i]!, contract, request, defaults);
  });
  return { contract, accounts, defaults };
}

function resolveRules(spec: AccountSpec, request: AccountsRequest, defaults: string[]): VenueRules {
  const given = spec.values.get('exchange');
  if (given === undefined) {
    const name = defaultExchange(request);
    defaults.push(`account ${spec.name}: exchange ${name}`);
    return rulesOf({ text: name, label: `the venue of ${request.symbol}` }, request, defaults);
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
  if (!request.contracts.venuesOf(request.symbol).includes(given.text)) return rejectVenue(given);
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

function defaultExchange(request: AccountsRequest): string {
  if (request.dataVenue !== null) return request.dataVenue;
  const venues = request.contracts.venuesOf(request.symbol);
  if (venues.includes(FIRST_VENUE)) return FIRST_VENUE;
  if (venues.length === 1) return venues[0]!;
  if (venues.length === 0) throw unknownSymbol(request.symbol, null);
  throw new UserError({
    code: 'venue_unclear',
    exitCode: EXIT.usage,
    message: `several venues list ${request.symbol}`,
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
  contract: Contract,
  request: AccountsRequest,
  defaults: string[],
): AccountInput {
  requireCurrency(spec.values.get('currency'), contract);
  const balance = spec.values.get('balance');
  if (balance === undefined) {
    defaults.push(`account ${spec.name}: balance ${defaultBalance(contract)} ${contract.settle.code}`);
  }
  const mode = spec.values.get('mode');
  const leverage = spec.values.get('leverage');
  const takerFee = spec.values.get('taker_fee') ?? request.takerFee;
  const makerFee = spec.values.get('maker_fee') ?? request.makerFee;
  return {
    name: spec.name,
    rules,
    balance:
      balance === undefined
        ? defaultBalance(contract) * pow10(contract.settle.decimals)
        : parseBalance(balance, contract),
    mode: requireChoice(mode, MODES, 'cross'),
    leverage: parseLeverage(leverage, mode, contract),
    modeIsExplicit: mode !== undefined,
    leverageIsExplicit: leverage !== undefined,
    ...(takerFee === undefined ? {} : { takerFee: parseFee(takerFee) }),
    ...(makerFee === undefined ? {} : { makerFee: parseFee(makerFee) }),
  };
}

/** In whole units of the settlement currency. */
function defaultBalance(contract: Contract): bigint {
  return DOLLARS.test(contract.settle.code) ? DEFAULT_DOLLARS : DEFAULT_COINS;
}

function requireCurrency(given: Given | undefined, contract: Contract): void {
  if (given === undefined || isSameCurrency(given.text, contract.settle.code)) return;
  const hint = `leave currency out: it is that of the contract`;
  throw badOption(given, `does not settle ${contract.symbol}`, contract.settle.code, hint);
}

const AMOUNT = /^([-+.\d]+(?:[eE][-+]?\d+)?)\s*([A-Za-z]\w*)?$/;

/** `1`, `0.5`, `2XBT` → settlement units. Never rounded: a finer amount is refused. @throws UserError exit 2 */
function parseBalance(given: Given, contract: Contract): bigint {
  const { code, decimals } = contract.settle;
  const expected = `one amount of ${code} above 0, with at most ${decimals} decimals`;
  const match = AMOUNT.exec(given.text);
  const amount = parseFraction(match?.[1] ?? '');
  if (match === null || amount === undefined) throw badOption(given, 'is not an amount', expected);
  if (match[2] !== undefined && !isSameCurrency(match[2], code)) {
    throw badOption(given, `is not in the currency that settles ${contract.symbol}`, expected);
  }
  if (amount.num <= 0n) throw badOption(given, 'is not above 0', expected);
  const units = amount.num * pow10(decimals);
  if (units % amount.den !== 0n) throw badOption(given, `is finer than ${code} can be divided`, expected);
  return units / amount.den;
}

/** Default 1; 0 is cross at the contract's own initial rate. @throws UserError exit 2 */
function parseLeverage(given: Given | undefined, mode: Given | undefined, contract: Contract): Fraction {
  if (given === undefined) return ONE;
  const leverage = parseFraction(given.text);
  const most = formatFraction(contract.maxLeverage, 8).replace(/\.?0+$/, '');
  const expected = `0 to ${most}`;
  if (leverage === undefined) throw badOption(given, 'is not a number', expected);
  const isInRange = compareFractions(leverage, ZERO) >= 0 && compareFractions(leverage, contract.maxLeverage) <= 0;
  if (!isInRange) throw badOption(given, `is not a leverage of ${contract.symbol}`, expected);
  if (leverage.num === 0n && mode?.text === 'isolated') {
    throw badOption(given, 'selects cross, and the mode is isolated', `above 0, to ${most}`);
  }
  return leverage;
}
