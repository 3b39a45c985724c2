/**
 * The options of `backtest run`: their names, what help says of them, whether they repeat. The program builds its parser
 * from this list, and the environment variables follow from the names. What a value means is the business of the files
 * that parse it.
 */

import type { CommandWords } from './commands.js';

export interface OptionSpec {
  /** Without the dashes, for example `bar-time`. */
  readonly name: string;
  /** What stands for the value in help; null for a switch. */
  readonly value: string | null;
  readonly repeats: boolean;
  /** Whether the values are `NAME=VALUE`, and those of several sources are merged by name. */
  readonly isMergedByName?: boolean;
  readonly description: string;
  readonly group: string;
}

function option(name: string, value: string, description: string): Omit<OptionSpec, 'group'> {
  return { name, value, repeats: false, description };
}
function repeated(name: string, value: string, description: string): Omit<OptionSpec, 'group'> {
  return { name, value, repeats: true, description: `${description}; repeatable` };
}
function toggle(name: string, description: string): Omit<OptionSpec, 'group'> {
  return { name, value: null, repeats: false, description };
}

function group(title: string, specs: readonly Omit<OptionSpec, 'group'>[]): OptionSpec[] {
  return specs.map((spec) => ({ ...spec, group: title }));
}

export const RUN_OPTIONS: readonly OptionSpec[] = [
  ...group('Configuration:', [
    option(
      'config',
      'FILE',
      'YAML or JSON with any of these options (default: backtest.yaml, .yml or .json if present)',
    ),
    toggle('print-config', 'print what is in force and where each value comes from, and do not run'),
  ]),
  ...group('Input:', [
    option('strategy', 'FILE', 'TypeScript or JavaScript module, its default export is the strategy (required)'),
    repeated(
      'data',
      '[SYMBOL[.VENUE]=]FILE',
      'candles, required; - is stdin, packed files are read as they are; files of one symbol are joined in time',
    ),
    repeated('mark', '[SYMBOL[.VENUE]=]FILE', 'mark-price candles; without them the last price stands in'),
    repeated('funding', '[SYMBOL[.VENUE]=]FILE|RATE', 'funding history, or one constant rate per funding time'),
    repeated('detail', '[SYMBOL[.VENUE]=]FILE', 'finer candles, along which the inside of a bar is settled'),
    option('contracts', 'FILE', 'contract_info, JSON or YAML, merged field by field over the built-in table'),
    {
      ...repeated('param', 'NAME=VALUE', "strategy parameter, typed by the strategy's own default"),
      isMergedByName: true,
    },
    option('from', 'TIME', 'first bar to trade, ISO date or time, UTC'),
    option('to', 'TIME', 'end, not included, ISO date or time, UTC'),
    option('timeframe', '1h', 'the strategy is called on bars of this length; settlement still walks the candles'),
    option('bar-time', 'open|close', "which end of the bar the file's timestamp names (default: by dialect)"),
    option('delimiter', 'CHAR', 'between the cells of candle files: a character, tab or space (default: recognized)'),
    option(
      'columns',
      'LIST',
      'columns of candle files in their order, such as time,open,high,low,close,volume; skip for any other (default: recognized)',
    ),
    option(
      'time-format',
      'FORM',
      'how candle files write times: iso, s, ms, us, ns, ymd, dmy, mdy, name, midnight (default: recognized)',
    ),
    toggle('skip-bad-rows', 'list and count bad rows instead of stopping at the first'),
    toggle('no-store', 'read every candle file, and keep nothing of what was read for the next run'),
  ]),
  ...group('Accounts:', [
    repeated(
      'account',
      'SPEC',
      'name:key=value,… with exchange, balance, currency, mode, leverage, position_mode, auto_margin, taker_fee, maker_fee',
    ),
    option(
      'accounts',
      'FILE',
      'many accounts as CSV: first column name, then the keys of --account; excludes --account',
    ),
    option('balance', 'AMOUNT', 'starting balance of account main (default: 1 of a coin, 10000 of a dollar)'),
    option('leverage', 'N', "of account main; 0 is cross at the contract's own initial rate (default: 1)"),
    option('mode', 'cross|isolated', 'margin mode of account main (default: cross)'),
  ]),
  ...group('Simulation:', [
    option('intrabar', 'PATH', 'path inside a bar: adverse, nearest, favourable, ohlc, olhc (default: adverse)'),
    option('fee-taker', 'RATE', "taker fee as a fraction (default: the contract's)"),
    option('fee-maker', 'RATE', "maker fee as a fraction (default: the contract's)"),
    option('slippage', 'N[ticks|bps]', 'on every taker fill, against the trader (default: 0)'),
    option('seed', 'N', 'seeds what a strategy draws from Math.random (default: 0)'),
    toggle('verify', 'settle it again with the slow reference engine and compare; exit 70 on a difference'),
    toggle('strict', 'warnings are errors: exit 3 for data, 1 for orders, stops and insurance'),
  ]),
  ...group('Output:', [
    option('out', 'DIR', 'run folder (default: reports/<strategy>-<symbol>-<start>)'),
    toggle('no-save', 'write no run folder'),
    repeated(
      'table',
      'NAME',
      'on stdout: summary, stop_trades, trades, closed_trades, orders, balance, positions, bills (default: summary, stop_trades, balance)',
    ),
    option('format', 'table|csv|json', 'of what goes to stdout (default: table; csv in a pipe with one --table)'),
    option('balance-every', 'LIST', 'rows of the balance table: bar, event, 1h, 1d (default: 1d,event)'),
    repeated('assert', 'EXPR', 'such as "max_drawdown<0.3"; exit 4 when false'),
  ]),
  ...group('Diagnostics:', [
    toggle('quiet', 'errors only'),
    toggle('verbose', 'everything, with stacks'),
    option('log-level', 'LEVEL', 'error, warn, info, debug (default: info)'),
    option('log-format', 'json|pretty', 'of what goes to stderr (default: pretty)'),
    toggle('no-progress', 'no progress line'),
    toggle('no-color', 'no color; NO_COLOR and FORCE_COLOR are heeded too'),
  ]),
];

const RUN_EXAMPLES = `Examples:
  backtest run --strategy strategies/ema-cross.ts --data data/XBTUSD.csv
  backtest run --strategy x.ts --data XBTUSD.bitmex=2020.csv.gz --mark mark.csv --funding funding.csv --leverage 10
  gunzip -c XBTUSD.csv.gz | backtest run --strategy x.ts --data XBTUSD=- --param fast=12 --param slow=26
  backtest run --strategy x.ts --data XBTUSD.csv --assert 'max_drawdown<0.3' --assert liquidations==0 --quiet
`;

const RUN_NOTES = `
Each option can also be given in the environment as BACKTEST_<NAME>, for example BACKTEST_BAR_TIME=close, where several values of
a repeatable option are separated by semicolons, and in a config file, which may hold accounts and params too. A flag wins over
the environment, the environment over the file; --print-config shows what is in force.

Exit codes: 0 done, 1 strategy failed, 2 usage, 3 data, 4 an --assert is false, 5 output, 70 a bug, 130 interrupted.`;

export const RUN_WORDS: CommandWords = { options: RUN_OPTIONS, examples: RUN_EXAMPLES, notes: RUN_NOTES };

/** `bar-time` → `BACKTEST_BAR_TIME`. */
export function environmentName(option: string): string {
  return `BACKTEST_${option.toUpperCase().replaceAll('-', '_')}`;
}
