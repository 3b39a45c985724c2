/**
 * Reads a scenario's text into what runScenario.ts runs and compareExpectations.ts compares. Strict: an unknown word, a field
 * given twice, a bar out of order or an order on a bar that does not exist is an error that names the line. The grammar is
 * written down in scenario.ts.
 */

import type { Contract } from '../../contract/contract.js';
import type { ContractEntry } from '../../contract/contractEntry.js';
import type { Intrabar, Slippage, StartingBalance } from '../../engine/runInput.js';
import type { FundingRate } from '../../market/bars.js';
import { type Fraction, formatFraction } from '../../money/decimal.js';
import { pow10 } from '../../money/units.js';
import { findPreset, PRESET_NAMES } from '../../venue/presets.js';
import type { VenueRules } from '../../venue/rules.js';
import { CAST_SYMBOLS, castContract } from '../cast.js';
import { type Action, CALL_READERS, readOrder, readWhen } from './actions.js';
import { type Expectation, readExpectation } from './expectations.js';
import { readAccount, type WrittenAccount } from './readAccount.js';
import { checkBars, readBar, type ScriptBar } from './readBar.js';
import { type CoveredBar, coveredBars, DETAILS } from './readParts.js';
import { type Line, linesOf, ScenarioError, Words } from './words.js';

/** An account with its starting balances in units, its own currency first. */
export interface ScriptAccount extends Omit<WrittenAccount, 'balances'> {
  readonly balances: readonly StartingBalance[];
}

/** The bars of one contract. */
export interface ScriptSeries {
  readonly contract: Contract;
  readonly bars: readonly CoveredBar[];
}

export interface Script {
  /** The first is the strategy's own. */
  readonly series: readonly [ScriptSeries, ...ScriptSeries[]];
  readonly rules: VenueRules;
  readonly accounts: readonly ScriptAccount[];
  readonly intervalMs: number;
  /** Length of the finer bars; null without. */
  readonly detailMs: number | null;
  readonly funding: readonly FundingRate[] | Fraction | null;
  readonly actions: readonly Action[];
  readonly intrabar: Intrabar;
  readonly slippage: Slippage;
  readonly rows: { readonly bar: boolean; readonly event: boolean; readonly everyMs: readonly number[] };
  readonly expectations: readonly Expectation[];
}

interface Draft {
  contracts: Contract[];
  rules: VenueRules | null;
  accounts: WrittenAccount[];
  intervalMs: number | null;
  detailMs: number | null;
  bars: ScriptBar[];
  parts: ScriptBar[];
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
  account(words, draft) {
    const taken = draft.accounts.map(({ name }) => name);
    draft.accounts.push(readAccount(words, taken));
  },
  interval(words, draft) {
    requireFirst(words, draft.intervalMs === null);
    draft.intervalMs = INTERVALS[words.takeOneOf('interval', keysOf(INTERVALS))];
  },
  detail(words, draft) {
    requireFirst(words, draft.detailMs === null);
    draft.detailMs = DETAILS[words.takeOneOf('detail', keysOf(DETAILS))];
  },
  bar: (words, draft) => draft.bars.push(readBar(words, CAST_SYMBOLS)),
  part: (words, draft) => draft.parts.push(readBar(words, CAST_SYMBOLS)),
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
    contracts: [],
    rules: null,
    accounts: [],
    intervalMs: null,
    detailMs: null,
    bars: [],
    parts: [],
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
  const { contracts, accounts, bars, actions, expectations } = draft;
  const need = (holds: boolean, what: string): void => {
    if (!holds) throw new ScenarioError(lastLine, `the scenario has no ${what}`);
  };
  need(contracts.length > 0, 'contract');
  need(accounts.length > 0, 'account');
  need(bars.length > 0, 'bar');
  need(expectations.length > 0, 'expect line');
  const intervalMs = draft.intervalMs ?? HOUR_MS;
  const steps = new Set(bars.map(({ openTimeMs }) => openTimeMs)).size;
  for (const { line, bar, account } of actions) {
    if (bar > steps) throw new ScenarioError(line, `there is no bar ${bar}`);
    if (account !== null && account !== 'all' && !accounts.some(({ name }) => name === account)) {
      throw new ScenarioError(line, `there is no account ${account}`);
    }
  }
  const [first, ...others] = contracts.map((contract, i) => seriesOf(contract, i === 0, draft, intervalMs));
  return {
    series: [first!, ...others],
    rules: draft.rules!,
    accounts: accounts.map((account) => ({ ...account, balances: balancesOf(account, contracts, lastLine) })),
    intervalMs,
    detailMs: draft.detailMs,
    funding: draft.constantFunding ?? (draft.rates.length > 0 ? draft.rates : null),
    actions,
    intrabar: draft.intrabar ?? 'adverse',
    slippage: draft.slippage ?? { unit: 'ticks', amount: { num: 0n, den: 1n } },
    rows: draft.rows ?? { bar: true, event: true, everyMs: [] },
    expectations,
  };
}

function seriesOf(contract: Contract, isFirst: boolean, draft: Draft, intervalMs: number): ScriptSeries {
  const { detailMs } = draft;
  const isOwn = ({ symbol }: ScriptBar): boolean => symbol === contract.symbol || (isFirst && symbol === null);
  const own = draft.bars.filter(isOwn);
  if (own.length > 0) checkBars(own, intervalMs);
  return { contract, bars: coveredBars(own, draft.parts.filter(isOwn), { intervalMs, detailMs }) };
}

/** Balances in units of the currencies that the contracts settle in or are the coins of. */
function balancesOf(account: WrittenAccount, contracts: readonly Contract[], line: Line): StartingBalance[] {
  const known = contracts.flatMap(({ settle, base }) => (base === null ? [settle] : [settle, base]));
  return account.balances.map(({ code, amount }) => {
    const currency = code === null ? known[0] : known.find((candidate) => candidate.code === code);
    if (currency === undefined) throw new ScenarioError(line, `no contract has the currency ${code}`);
    return { currency, amount: (amount.num * pow10(currency.decimals)) / amount.den };
  });
}

function requireFirst(words: Words, isFirst: boolean): void {
  if (!isFirst) throw words.error('this was said before');
}

function readContract(words: Words, draft: Draft): void {
  const symbol = words.takeOneOf('contract', CAST_SYMBOLS);
  const rules = findPreset(words.takeOneOf('rules', PRESET_NAMES))!;
  requireFirst(words, !draft.contracts.some((known) => known.symbol === symbol));
  if (draft.rules !== null && draft.rules !== rules) throw words.error('all contracts are of one venue');
  draft.rules = rules;
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
    draft.contracts.push(castContract(symbol, rules, fields as ContractEntry));
  } catch (error) {
    throw words.error((error as Error).message);
  }
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
