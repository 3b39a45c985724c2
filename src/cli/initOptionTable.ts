/**
 * The options of `backtest init`, and what its help says around them. The program builds its parser from this list.
 */

import type { CommandWords } from './commands.js';
import { type OptionSpec, RUN_OPTIONS } from './runOptionTable.js';

const LOG_OPTIONS: ReadonlySet<string> = new Set(['quiet', 'verbose', 'log-level', 'log-format', 'no-color']);

export const INIT_OPTIONS: readonly OptionSpec[] = RUN_OPTIONS.filter((spec) => LOG_OPTIONS.has(spec.name));

const INIT_EXAMPLES = `Examples:
  backtest init my-strategies
  mkdir my-strategies && cd my-strategies && backtest init
`;

const INIT_NOTES = `
Writes a strategy, backtest.yaml, a tsconfig.json with which an editor knows the types, and sample candles, which are generated.
Says on stderr what was written and which command to run. Nothing is written when one of the files is there already.

Exit codes: 0 done, 2 usage, 5 a file is there already or could not be written, 70 a bug.`;

export const INIT_WORDS: CommandWords = { options: INIT_OPTIONS, examples: INIT_EXAMPLES, notes: INIT_NOTES };
