/**
 * What is in force for an option that nobody gave, for `--print-config`. A value that is written out means the same when it is given;
 * where the default depends on other things, or differs from giving it, there is a sentence and no value.
 */

export interface OptionDefault {
  readonly value: string | readonly string[] | null;
  /** What the missing value comes to; empty when the value says it all. */
  readonly note: string;
}

const value = (text: string | readonly string[]): OptionDefault => ({ value: text, note: '' });
const none = (note: string): OptionDefault => ({ value: null, note });

const DEFAULTS: Readonly<Record<string, OptionDefault>> = {
  strategy: none('required'),
  data: { value: [], note: 'required' },
  mark: { value: [], note: 'none, the last price stands in' },
  detail: { value: [], note: 'none, the path inside a bar is assumed' },
  funding: { value: [], note: 'none, counted as missing' },
  contracts: none('built in'),
  from: none('the first bar'),
  to: none('the last bar'),
  timeframe: none("the candles'"),
  'bar-time': none('by kind of file'),
  delimiter: none('recognized, file by file'),
  columns: none('recognized, file by file'),
  'time-format': none('recognized, file by file'),
  balance: none('1 of a coin, 10000 of a dollar'),
  // A strategy that sets these overrides what was given, and is warned of it.
  leverage: none('1, unless the strategy sets it'),
  mode: none('cross, unless the strategy sets it'),
  intrabar: value('adverse'),
  'fee-taker': none("the contract's"),
  'fee-maker': none("the contract's"),
  slippage: value('0'),
  seed: value('0'),
  out: none('reports/<strategy>-<symbol>-<start>'),
  table: value(['summary', 'stop_trades', 'balance']),
  format: none('table; csv in a pipe with one table'),
  'balance-every': value('1d,event'),
  // It counts before quiet and verbose when it is given.
  'log-level': none('info; error when quiet, debug when verbose'),
  'log-format': value('pretty'),
};

export function findDefault(name: string, repeats: boolean): OptionDefault {
  return DEFAULTS[name] ?? { value: repeats ? [] : null, note: '' };
}
