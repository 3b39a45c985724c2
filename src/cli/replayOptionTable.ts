/**
 * The options of `backtest replay`: a table of orders or of fills in the place of a strategy and its parameters, and all others
 * of `run`. What a value means is the business of the files that parse it.
 */

import type { CommandWords } from './commands.js';
import { type OptionSpec, RUN_OPTIONS } from './runOptionTable.js';

const NOT_OF_REPLAY: ReadonlySet<string> = new Set(['strategy', 'param']);

const TABLES: readonly OptionSpec[] = [
  {
    name: 'orders',
    value: 'FILE',
    repeats: false,
    description: 'CSV with one order a row, given at its time; this or --fills (required)',
    group: 'Input:',
  },
  {
    name: 'fills',
    value: 'FILE',
    repeats: false,
    description: 'CSV with one fill a row, settled as it is; this or --orders (required)',
    group: 'Input:',
  },
];

/** Descriptions that differ from those of `run`. */
const OWN: Readonly<Record<string, string>> = {
  data: 'candles; required with --orders, without them fills are only booked; - is stdin, packed files are read as they are; repeatable',
  timeframe: 'for config files of run; a replay calls no strategy',
  out: 'run folder (default: reports/<table>-<symbol>-<start>)',
  verify: 'settle again with the slow reference engine and compare; exit 70 on a difference',
};

const SHARED = RUN_OPTIONS.filter(({ name }) => !NOT_OF_REPLAY.has(name)).map((spec) => ({
  ...spec,
  description: OWN[spec.name] ?? spec.description,
}));
const FIRST_INPUT = SHARED.findIndex(({ group }) => group === 'Input:');

/** What a config file may hold: it may be one of `run`, whose strategy and parameters are passed over. */
const REPLAY_CONFIG_OPTIONS: readonly OptionSpec[] = [...RUN_OPTIONS, ...TABLES];

export const REPLAY_OPTIONS: readonly OptionSpec[] = [
  ...SHARED.slice(0, FIRST_INPUT),
  ...TABLES,
  ...SHARED.slice(FIRST_INPUT),
];

const REPLAY_EXAMPLES = `Examples:
  backtest replay --orders orders.csv --data XBTUSD.csv --leverage 10
  backtest replay --fills fills.csv --account main:exchange=bitmex,balance=2 --table bills --format csv
  backtest replay --fills fills.csv --data XBTUSD.csv --mark mark.csv --funding funding.csv --assert liquidations==0
`;

const REPLAY_NOTES = `
--orders: time, symbol, side, position_effect, qty; if you like account, type, price, trigger, order_style, order_style_value,
order_style_base, reduce_only, leverage, tag. --fills: time, symbol, side, qty, price; if you like account, fee, liquidity, order_id,
position_effect. docs/formats.md says what a cell means.

Exit codes: 0 done, 1 --strict and orders refused, 2 usage, 3 data, 4 an --assert is false, 5 output, 70 a bug, 130 interrupted.`;

export const REPLAY_WORDS: CommandWords = {
  options: REPLAY_OPTIONS,
  inConfig: REPLAY_CONFIG_OPTIONS,
  examples: REPLAY_EXAMPLES,
  notes: REPLAY_NOTES,
};
