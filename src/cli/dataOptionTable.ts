/**
 * The options of `backtest data …`, and what their help says around them. The program builds its parser from these lists.
 */

import type { CommandWords } from './commands.js';
import { type OptionSpec, RUN_OPTIONS } from './runOptionTable.js';

const OF_READING = ['bar-time', 'delimiter', 'columns', 'time-format', 'skip-bad-rows'];
const OF_LOG = ['quiet', 'verbose', 'log-level', 'log-format', 'no-color'];

function ofRun(names: readonly string[]): OptionSpec[] {
  return RUN_OPTIONS.filter(({ name }) => names.includes(name));
}

export const CHECK_TABLES = ['file', 'gaps', 'bad_rows'] as const;
export type CheckTable = (typeof CHECK_TABLES)[number];

const CHECK_OPTIONS: readonly OptionSpec[] = [
  ...ofRun(OF_READING),
  {
    name: 'table',
    value: 'NAME',
    repeats: true,
    description: `on stdout: ${CHECK_TABLES.join(', ')} (default: all); repeatable`,
    group: 'Output:',
  },
  {
    name: 'format',
    value: 'table|csv|json',
    repeats: false,
    description: 'of what goes to stdout (default: table; csv in a pipe with one --table)',
    group: 'Output:',
  },
  ...ofRun(OF_LOG),
];

export const DATA_CHECK_WORDS: CommandWords = {
  options: CHECK_OPTIONS,
  examples: `Examples:
  backtest data check data/XBTUSD.csv
  backtest data check XBTUSD=candles.csv.gz --bar-time close
  gunzip -c XBTUSD.csv.gz | backtest data check XBTUSD=- --table gaps > gaps.csv
`,
  notes: `
Reads the file as a run would, to the end, and says what is in it: kind, interval, order, gaps, rows that are dropped or moved, and
every row that cannot be used, with its line.

Exit codes: 0 usable, gaps or not, 2 usage, 3 not usable without --skip-bad-rows, or not at all, 5 output, 70 a bug.`,
};

const STORE_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'clear',
    value: null,
    repeats: false,
    description: 'remove everything that the store holds',
    group: 'Store:',
  },
  {
    name: 'format',
    value: 'table|csv|json',
    repeats: false,
    description: 'of what goes to stdout (default: table)',
    group: 'Output:',
  },
  ...ofRun(OF_LOG),
];

export const DATA_STORE_WORDS: CommandWords = {
  options: STORE_OPTIONS,
  examples: `Examples:
  backtest data store
  backtest data store --clear
`,
  notes: `
A series that a run has read to its end is kept as numbers, so that the next run over the same files does not parse them. The store is in
BACKTEST_CACHE_DIR, else in backtest below XDG_CACHE_HOME, else in ~/.cache/backtest; what was not used for longest goes when it is full.

Exit codes: 0 done, 2 usage, 5 it could not be emptied, or output, 70 a bug.`,
};

const CONVERT_OPTIONS: readonly OptionSpec[] = [
  ...ofRun(OF_READING),
  {
    name: 'timeframe',
    value: '1h',
    repeats: false,
    description: 'longer bars made of those of the file; one that has not ended is left out',
    group: 'Output:',
  },
  {
    name: 'force',
    value: null,
    repeats: false,
    description: 'replace OUT if it is there',
    group: 'Output:',
  },
  ...ofRun(OF_LOG),
];

export const DATA_CONVERT_WORDS: CommandWords = {
  options: CONVERT_OPTIONS,
  examples: `Examples:
  backtest data convert XBTUSD-1m.csv.gz XBTUSD-1h.csv --timeframe 1h
  backtest data convert BTCUSDT-1m-2025-05.zip BTCUSDT-1m.csv
  backtest data convert XBTUSD.csv - --skip-bad-rows > clean.csv
`,
  notes: `
Writes plain CSV, timestamp,open,high,low,close,volume: the open of each bar in UTC, oldest first. It reads the file as a run would, and a
run over OUT gives what a run over IN gives.

Exit codes: 0 done, 2 usage, 3 the file is not usable, 5 output, 70 a bug.`,
};
