/**
 * Reads a scenario's text into what runScenario.ts runs and compareExpectations.ts compares. Strict: an unknown word, a field
 * given twice, a bar out of order or an order on a bar that does not exist is an error that names the line. The grammar is
 * written down in scenario.ts.
 */

import type { Contract } from '../../contract/contract.js';
import type { ContractEntry } from '../../contract/contractEntry.js';
import type { MarginMode, PositionMode } from '../../engine/records.js';
import type { Intrabar, Slippage } from '../../engine/runInput.js';
import type { FundingRate } from '../../market/bars.js';
import { type Fraction, formatFraction } from '../../money/decimal.js';
import { findPreset, PRESET_NAMES } from '../../venue/presets.js';
import type { VenueRules } from '../../venue/rules.js';
import { CAST_SYMBOLS, castContract } from '../cast.js';
import { type Action, CALL_READERS, readOrder, readWhen } from './actions.js';
import { type Expectation, readExpectation } from './expectations.js';
import { type Line, linesOf, ScenarioError, Words } from './words.js';

export interface ScriptAccount {
  readonly name: string;
  readonly balance: Fraction;
  readonly mode: MarginMode;
  readonly leverage: Fraction;
  readonly positionMode: PositionMode;
  readonly autoMargin: boolean;
  readonly takerFee?: Fraction;
  readonly makerFee?: Fraction;
}

export type Ohlc = readonly [open: number, high: number, low: number, close: number];

export interface ScriptBar {
  readonly line: Line;
  readonly openTimeMs: number;
  readonly last: Ohlc;
  readonly mark: Ohlc | null;
  /** False where the mark comes from a longer candle that has not closed yet. */
  readonly isMarkKnown: boolean;
}

export interface Script {
  readonly contract: Contract;
  readonly rules: VenueRules;
  readonly accounts: readonly ScriptAccount[];
  readonly intervalMs: number;
  readonly bars: readonly ScriptBar[];
  readonly funding: readonly FundingRate[] | Fraction | null;
  readonly actions: readonly Action[];
  readonly intrabar: Intrabar;
  readonly slippage: Slippage;
  readonly rows: { readonly bar: boolean; readonly event: boolean; readonly everyMs: readonly number[] };
  readonly expectations: readonly Expectation[];
}

interface Draft {
  contract: { readonly line: Line; readonly contract: Contract; readonly rules: VenueRules } | null;
  accounts: ScriptAccount[];
  intervalMs: number | null;
  bars: ScriptBar[];
  rates: FundingRate[];
  constantFunding: Fraction | null;
  actions: Action[];
  intrabar: Intrabar | null;
  slippage: Slippage | null;
  rows: Script['rows'] | null;
  expectations: Expectation[];
}

const HOUR_MS = 3_600_000;
const INTERVALS = { '1m': 60_000, '5m': 300_000, '1h': HOUR_MS, '8h': 8 * HOUR_MS, '1d': 24 * HOUR_MS };
const PATHS = ['adverse', 'nearest', 'favourable', 'ohlc', 'olhc'] as const;
const keysOf = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];

const STATEMENTS: Readonly<Record<string, (words: Words, draft: Draft) => void>> = {
  contract: readContract,
  account: (words, draft) => draft.accounts.push(readAccount(words, draft)),
  interval(words, draft) {
    requireFirst(words, draft.intervalMs === null);
    draft.intervalMs = INTERVALS[words.takeOneOf('interval', keysOf(INTERVALS))];
  },
  bar: (words, draft) => draft.bars.push(readBar(words)),
  funding: readFunding,
  order: (words, draft) => draft.actions.push(readOrder(words)),
  cancel(words, draft) {
    const target = words.take('an order id or all');
    if (!/^(all|\d+)$/.test(target)) throw words.error(`"${target}" is not an order id or all`);
    draft.actions.push({ kind: 'cancel', orderId: target === 'all' ? 'all' : Number(target), ...readWhen(words) });
  },
  ...callStatements(),
  path(words, draft) {
    requireFirst(words, draft.intrabar === null);
    draft.intrabar = words.takeOneOf('path', PATHS);
  },
  slippage(words, draft) {
    requireFirst(words, draft.slippage === null);
    const amount = words.takeNumber('slippage');
    draft.slippage = { amount, unit: words.takeOneOf('unit', ['ticks', 'bps'] as const) };
  },
  rows: readRows,
  expect: (words, draft) => draft.expectations.push(readExpectation(words)),
};

function callStatements(): Record<string, (words: Words, draft: Draft) => void> {
  const readers = Object.entries(CALL_READERS);
  return Object.fromEntries(
    readers.map(([name, read]) => [name, (words: Words, draft: Draft) => void draft.actions.push(read(words))]),
  );
}

/** @throws ScenarioError */
export function parseScenario(text: string): Script {
  const draft: Draft = {
    contract: null,
    accounts: [],
    intervalMs: null,
    bars: [],
    rates: [],
    constantFunding: null,
    actions: [],
    intrabar: null,
    slippage: null,
    rows: null,
    expectations: [],
  };
  const lines = linesOf(text);
  for (const line of lines) {
    const read = STATEMENTS[line.words[0]!];
    if (read === undefined) {
      throw new ScenarioError(
        line,
        `"${line.words[0]}" is unknown; a line begins with ${keysOf(STATEMENTS).join(', ')}`,
      );
    }
    const words = new Words(line);
    read(words, draft);
    words.end();
  }
  return completeScript(draft, lines.at(-1) ?? { number: 0, text: '', words: [] });
}

function completeScript(draft: Draft, lastLine: Line): Script {
  const { contract, accounts, bars, actions, expectations } = draft;
  const need = (holds: boolean, what: string): void => {
    if (!holds) throw new ScenarioError(lastLine, `the scenario has no ${what}`);
  };
  need(contract !== null, 'contract');
  need(accounts.length > 0, 'account');
  need(bars.length > 0, 'bar');
  need(expectations.length > 0, 'expect line');
  const intervalMs = draft.intervalMs ?? HOUR_MS;
  const hasMark = bars[0]!.mark !== null;
  bars.forEach((bar, i) => {
    const previous = bars[i - 1];
    if (previous !== undefined && bar.openTimeMs < previous.openTimeMs + intervalMs) {
      throw new ScenarioError(bar.line, 'this bar opens before the one above has closed');
    }
    if ((bar.mark !== null) !== hasMark) throw new ScenarioError(bar.line, 'a mark on every bar, or on none');
  });
  for (const { line, bar, account } of actions) {
    if (bar > bars.length) throw new ScenarioError(line, `there is no bar ${bar}`);
    if (account !== null && !accounts.some(({ name }) => name === account)) {
      throw new ScenarioError(line, `there is no account ${account}`);
    }
  }
  return {
    contract: contract!.contract,
    rules: contract!.rules,
    accounts,
    intervalMs,
    bars,
    funding: draft.constantFunding ?? (draft.rates.length > 0 ? draft.rates : null),
    actions,
    intrabar: draft.intrabar ?? 'adverse',
    slippage: draft.slippage ?? { unit: 'ticks', amount: { num: 0n, den: 1n } },
    rows: draft.rows ?? { bar: true, event: true, everyMs: [] },
    expectations,
  };
}

function requireFirst(words: Words, isFirst: boolean): void {
  if (!isFirst) throw words.error('this was said before');
}

function readContract(words: Words, draft: Draft): void {
  requireFirst(words, draft.contract === null);
  const symbol = words.takeOneOf('contract', CAST_SYMBOLS);
  const rules = findPreset(words.takeOneOf('rules', PRESET_NAMES))!;
  const fields: Record<string, unknown> = {};
  while (words.rest.length > 0) {
    const [name, value] = words.takePair();
    if (name in fields) throw words.error(`${name} is given twice`);
    if (name === 'risk_limit') {
      const [base, step] = value.split('/');
      fields[name] = { base, step };
    } else if (name === 'fund_time') {
      fields[name] = value.split(',');
    } else {
      fields[name] = name === 'settle_decimals' ? Number(value) : value;
    }
  }
  try {
    draft.contract = { line: words.line, contract: castContract(symbol, rules, fields as ContractEntry), rules };
  } catch (error) {
    throw words.error((error as Error).message);
  }
}

function readAccount(words: Words, draft: Draft): ScriptAccount {
  const name = words.take('a name');
  if (draft.accounts.some((account) => account.name === name)) throw words.error(`account ${name} was given before`);
  words.takeOneOf('the word balance', ['balance'] as const);
  const balance = words.takeNumber('balance');
  const mode = words.takeOneOf('mode', ['cross', 'isolated'] as const);
  const leverageWord = words.take('leverage');
  if (!/^[\d.]+x$/.test(leverageWord)) throw words.error(`leverage "${leverageWord}" is not such as 10x`);
  const leverage = words.number('leverage', leverageWord.slice(0, -1));
  const fees: { takerFee?: Fraction; makerFee?: Fraction } = {};
  const said = { hedged: false, auto_margin: false };
  while (words.rest.length > 0) {
    const flag = keysOf(said).find((known) => known === words.rest[0]);
    if (flag !== undefined) {
      if (said[flag]) throw words.error(`${flag} is given twice`);
      said[words.takeOneOf('flag', keysOf(said))] = true;
      continue;
    }
    const [field, value] = words.takePair();
    if (field === 'taker') fees.takerFee = words.number(field, value);
    else if (field === 'maker') fees.makerFee = words.number(field, value);
    else throw words.error(`"${field}" is unknown; known: taker=, maker=, hedged, auto_margin`);
  }
  const positionMode = said.hedged ? 'hedged' : 'one_way';
  return { name, balance, mode, leverage, positionMode, autoMargin: said.auto_margin, ...fees };
}

function readBar(words: Words): ScriptBar {
  const openTimeMs = words.takeTime('the open time');
  const bar = words.line.words.indexOf('|');
  const last = readPrices(words);
  if (bar < 0) return { line: words.line, openTimeMs, last, mark: null, isMarkKnown: true };
  words.takeOneOf('the mark', ['|'] as const);
  const mark = readPrices(words);
  const isMarkKnown = words.rest[0] !== 'unfinished';
  if (!isMarkKnown) words.take('unfinished');
  return { line: words.line, openTimeMs, last, mark, isMarkKnown };
}

/** One price for a bar that stands still, or open, high, low, close. */
function readPrices(words: Words): Ohlc {
  const open = words.takePrice('a price');
  const [next] = words.rest;
  if (next === undefined || next === '|' || next === 'unfinished') return [open, open, open, open];
  const high = words.takePrice('the high');
  const low = words.takePrice('the low');
  const close = words.takePrice('the close');
  if (low > Math.min(open, close) || high < Math.max(open, close))
    throw words.error('low ≤ open, close ≤ high does not hold');
  return [open, high, low, close];
}

function readFunding(words: Words, draft: Draft): void {
  if (words.rest[0] === 'constant') {
    words.take('constant');
    requireFirst(words, draft.constantFunding === null && draft.rates.length === 0);
    draft.constantFunding = words.takeNumber('rate');
    return;
  }
  requireFirst(words, draft.constantFunding === null);
  const timeMs = words.takeTime('the funding time');
  const rate = words.takeNumber('rate');
  const before = draft.rates.at(-1);
  if (before !== undefined && before.timeMs >= timeMs) throw words.error('funding rows ascend');
  const price = words.rest[0] === 'at' ? words.rest[1] : undefined;
  if (price !== undefined) {
    words.take('at');
    words.takePrice('the price');
  }
  draft.rates.push({ timeMs, rate: formatFraction(rate, 12), ...(price === undefined ? {} : { price }) });
}

function readRows(words: Words, draft: Draft): void {
  requireFirst(words, draft.rows === null);
  const rows = { bar: false, event: false, everyMs: [] as number[] };
  while (words.rest.length > 0) {
    const word = words.takeOneOf('rows', ['bar', 'event', '1h', '1d'] as const);
    if (word === 'bar' || word === 'event') rows[word] = true;
    else rows.everyMs.push(INTERVALS[word]);
  }
  draft.rows = rows;
}
