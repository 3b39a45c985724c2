/**
 * The options of `backtest calc`: one for each name of the calculator's dictionary, in kebab-case, and the venue;
 * and what its help says around them. The program builds its parser from this list.
 */

import { KINDS } from '../calc/calculate.js';
import { INPUTS } from '../calc/dictionary.js';
import type { CommandWords } from './commands.js';
import type { OptionSpec } from './runOptionTable.js';

const VALUES: Readonly<Record<string, string | null>> = {
  flag: null,
  text: 'WORD',
  time: 'TIME',
  decimals: 'N,N…',
  fills: 'JSON',
  tiers: 'JSON',
  positions: 'JSON',
  events: 'JSON',
};

export const CALC_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'venue',
    value: 'NAME',
    repeats: false,
    description: 'whose rules fill what the inputs leave open (generic)',
    group: 'Venue:',
  },
  ...[...INPUTS].map(([name, spec]): OptionSpec => {
    const words = spec.words === undefined ? '' : ` (${spec.words.join(', ')})`;
    return {
      name: name.replaceAll('_', '-'),
      value: spec.type in VALUES ? VALUES[spec.type]! : 'N',
      repeats: false,
      description: `${spec.about}${words}`,
      group: 'Inputs:',
    };
  }),
];

const CALC_EXAMPLES = `Examples:
  backtest calc liquidation_price --venue bybit --contract-type inverse --side long --qty 10000 --entry-price 8000 \\
    --leverage 10 --maintenance-margin-rate 0.005
  backtest calc < requests.jsonl > answers.jsonl
  echo '{"kind": "notional", "inputs": {"contract_type": "inverse", "qty": "1000", "price": "8000"}}' | backtest calc
`;

const CALC_NOTES = `
Kinds: ${KINDS.join(', ')}.

Without a kind requests are read from stdin, one JSON object a line, and answered in order, one line each. docs/calc.md says
which inputs and outputs each kind has.

Exit codes: 0 done, 2 a request was wrong, 5 output, 70 a bug.`;

export const CALC_WORDS: CommandWords = { options: CALC_OPTIONS, examples: CALC_EXAMPLES, notes: CALC_NOTES };
