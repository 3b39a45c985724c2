/**
 * The options of `backtest audit`, and what its help says around them. The program builds its parser from this list.
 */

import type { CommandWords } from './commands.js';
import { type OptionSpec, RUN_OPTIONS } from './runOptionTable.js';

const LOG_OPTIONS: ReadonlySet<string> = new Set(['quiet', 'verbose', 'log-level', 'log-format', 'no-color']);

export const AUDIT_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'format',
    value: 'table|csv|json',
    repeats: false,
    description: 'of what goes to stdout (default: table)',
    group: 'Output:',
  },
  ...RUN_OPTIONS.filter((spec) => LOG_OPTIONS.has(spec.name)),
];

const AUDIT_EXAMPLES = `Examples:
  backtest audit reports/ema-cross-XBTUSD-20260131T101500Z
  backtest audit run --format json > audit.json || echo 'not to the last unit'
`;

const AUDIT_NOTES = `
Bills are added up to balances, fills to bills, closed trades to fills, and all of them to the summary, exactly.

Exit codes: 0 all agree, 2 usage, 3 no run folder or not readable, 4 a figure is off, 5 output, 70 a bug.`;

export const AUDIT_WORDS: CommandWords = { options: AUDIT_OPTIONS, examples: AUDIT_EXAMPLES, notes: AUDIT_NOTES };
