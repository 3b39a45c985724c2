/**
 * The options of `backtest check`: those of `run` that decide which calls a strategy makes, and its own; and what its help says
 * around them. The program builds its parser from this list.
 */

import type { CommandWords } from './commands.js';
import { type OptionSpec, RUN_OPTIONS } from './runOptionTable.js';

const OF_RUN: ReadonlySet<string> = new Set([
  ...[
    'config',
    'data',
    'mark',
    'funding',
    'detail',
    'contracts',
    'param',
    'from',
    'to',
    'timeframe',
    'bar-time',
    'delimiter',
    'columns',
    'time-format',
    'skip-bad-rows',
    'no-store',
  ],
  ...['account', 'accounts', 'balance', 'leverage', 'mode'],
  ...['intrabar', 'fee-taker', 'fee-maker', 'slippage', 'seed'],
  ...['quiet', 'verbose', 'log-level', 'log-format', 'no-progress', 'no-color'],
]);

const OWN: readonly OptionSpec[] = [
  {
    name: 'cuts',
    value: 'N',
    repeats: false,
    description: 'how many times the future is cut off and scrambled (default: 5)',
    group: 'Check:',
  },
  {
    name: 'format',
    value: 'table|csv|json',
    repeats: false,
    description: 'of what goes to stdout (default: table)',
    group: 'Output:',
  },
];

export const CHECK_OPTIONS: readonly OptionSpec[] = [...OWN, ...RUN_OPTIONS.filter((spec) => OF_RUN.has(spec.name))];

/** What the environment and a config file may say besides: one file serves `run` and `check`. */
const CHECK_SETTINGS: readonly OptionSpec[] = [
  ...OWN,
  ...RUN_OPTIONS.filter((spec) => OWN.every(({ name }) => name !== spec.name)),
];

const CHECK_EXAMPLES = `Examples:
  backtest check strategies/ema-cross.ts --data data/XBTUSD.csv
  backtest check x.ts --data XBTUSD.csv --funding funding.csv --leverage 10 --cuts 20 --seed 7
  backtest check x.ts
`;

const CHECK_NOTES = `
Checks the types of the strategy, where typescript is installed, and runs it again with another future: every call that it made
before must be the same. Without --data only types are checked. docs/cli.md says what this proves and what it does not.

Exit codes: 0 nothing found, 1 a finding, or the strategy failed, 2 usage, 3 data, 5 output, 70 a bug, 130 interrupted.`;

export const CHECK_WORDS: CommandWords = {
  options: CHECK_OPTIONS,
  settings: CHECK_SETTINGS,
  examples: CHECK_EXAMPLES,
  notes: CHECK_NOTES,
};
