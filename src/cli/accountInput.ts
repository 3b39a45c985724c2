/**
 * Accounts as the engine takes them: the rules and contracts of their exchanges (accountExchange.ts), the balances in settlement
 * units, leverage and fees checked against the contracts, each default that was used told in a sentence. It reads no files and
 * knows nothing of flags but the text.
 */

import type { Contract } from '../contract/contract.js';
import type { MarginMode, PositionMode } from '../engine/records.js';
import type { AccountInput } from '../engine/runInput.js';
import { compareFractions, type Fraction, formatFraction, parseFraction } from '../money/decimal.js';
import { defaultBalance, parseBalances } from './accountBalance.js';
import { Exchanges, type ExchangesRequest, type SeriesContract } from './accountExchange.js';
import type { AccountSpec } from './accountOption.js';
import { badOption, formatNames, type Given, requireChoice } from './givenOptions.js';
import { parseFee } from './simulationOptions.js';
import { requireContractSettings } from './spotPairs.js';

export interface AccountsRequest extends ExchangesRequest {
  readonly specs: readonly AccountSpec[];
  readonly takerFee: Given | undefined;
  readonly makerFee: Given | undefined;
}

export interface ResolvedAccounts {
  /** Each once: those of the first series, in the order of the accounts, then those of the next. */
  readonly contracts: readonly SeriesContract[];
  readonly accounts: readonly AccountInput[];
  /** One sentence for each default that was used. */
  readonly defaults: readonly string[];
}

const MODES: readonly MarginMode[] = ['cross', 'isolated'];
const POSITION_MODES: readonly PositionMode[] = ['one_way', 'hedged'];
const SWITCH = ['false', 'true'] as const;
const ZERO: Fraction = { num: 0n, den: 1n };
const ONE: Fraction = { num: 1n, den: 1n };

/** @throws UserError exit 2 */
export function resolveAccounts(request: AccountsRequest): ResolvedAccounts {
  const exchanges = new Exchanges(request);
  const rules = request.specs.map((spec) => exchanges.requireRules(spec));
  exchanges.requireTraders();
  const accounts = request.specs.map((spec, i) => resolveAccount(spec, rules[i]!, exchanges, request));
  const { contracts, defaults } = exchanges;
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

function resolveAccount(
  spec: AccountSpec,
  rules: AccountInput['rules'],
  exchanges: Exchanges,
  request: AccountsRequest,
): AccountInput {
  const { values } = spec;
  const traded = exchanges.requireContracts(spec, rules);
  const contracts = [...traded.values()];
  requireContractSettings(spec, contracts);
  const balances = parseBalances(values.get('balance'), values.get('currency'), contracts);
  if (values.get('balance') === undefined) {
    const { currency } = balances[0]!;
    exchanges.defaults.push(`account ${spec.name}: balance ${defaultBalance(currency)} ${currency.code}`);
  }
  const mode = values.get('mode');
  const leverage = values.get('leverage');
  const takerFee = values.get('taker_fee') ?? request.takerFee;
  const makerFee = values.get('maker_fee') ?? request.makerFee;
  return {
    name: spec.name,
    rules,
    contracts: traded,
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
