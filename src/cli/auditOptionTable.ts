/**
 * The options of `backtest audit`. The program builds its parser from this list.
 */

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
