/**
 * The options of `backtest calc`: one for each name of the calculator's dictionary, in kebab-case, and the venue. The program
 * builds its parser from this list.
 */

import { INPUTS } from '../calc/dictionary.js';
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
