/**
 * What a file name says about its candles: symbol, venue and interval, and the `[SYMBOL[.VENUE]=]FILE` form of the data
 * options. Names only: nothing here touches the disk, and whether a symbol or venue exists is for others to judge.
 */

import { EXIT, UserError } from '../errors.js';
import { parseIntervalToken } from './intervals.js';

/** A quote currency at the end tells a symbol from other words. */
const PAIR = /^[A-Z0-9]{2,}(USDT|USDC|BUSD|FDUSD|USD|EUR|XBT|BTC|ETH|PERP)$/;

export interface FileNameParts {
  readonly symbol?: string;
  /** The word before the symbol, in lower case; not checked against any list of venues. */
  readonly venue?: string;
  readonly intervalMs?: number;
}

interface Token {
  readonly text: string;
  /** The character before it; empty for the first. */
  readonly before: string;
}

function splitName(path: string): Token[] {
  const base = path.replace(/^.*[/\\]/, '').replace(/(\.(csv|txt|tsv|gz|zst|zip|parquet))+$/i, '');
  return [...base.matchAll(/([_\-\s,.]*)([^_\-\s,.]+)/g)].map((m) => ({ before: m[1]!.slice(0, 1), text: m[2]! }));
}

function isSymbolWord(text: string): boolean {
  return /^[A-Z0-9]{2,}$/.test(text) && /[A-Z]{2}/.test(text);
}

/** Minutes without a unit count only after `_`, blank or comma: `XBTUSD_1440`, not the month of `2020-5`. */
function intervalOfTokens(tokens: readonly Token[]): number | undefined {
  for (const { text } of tokens) {
    const ms = parseIntervalToken(text);
    if (ms !== undefined) return ms;
  }
  for (const { text, before } of tokens) {
    if (before !== '-' && before !== '' && /^[1-9]\d*$/.test(text)) {
      const ms = parseIntervalToken(`${text}m`);
      if (ms !== undefined) return ms;
    }
  }
  return undefined;
}

/**
 * Symbol, venue and interval from a file name. The symbol is the first word in capitals that ends in a quote currency, else
 * the first in capitals, else one in lower case that ends in a quote currency. Words in capitals joined by `-` stay
 * together: `BTC-PERPETUAL`.
 *
 * @example parseFileName('data/bitmex_XBTUSD_1m_2020-03.csv.gz') // XBTUSD, bitmex, 60,000
 */
export function parseFileName(path: string): FileNameParts {
  const tokens = splitName(path);
  const intervalMs = intervalOfTokens(tokens);
  let at = tokens.findIndex((t) => PAIR.test(t.text));
  if (at < 0) at = tokens.findIndex((t) => isSymbolWord(t.text));
  let symbol: string | undefined;
  if (at >= 0) {
    symbol = tokens[at]!.text;
    for (let i = at + 1; tokens[i]?.before === '-' && isSymbolWord(tokens[i]!.text); i++)
      symbol += `-${tokens[i]!.text}`;
  } else {
    at = tokens.findIndex((t) => PAIR.test(t.text.toUpperCase()));
    if (at >= 0) symbol = tokens[at]!.text.toUpperCase();
  }
  const word = at > 0 ? tokens[at - 1]!.text : '';
  return {
    ...(symbol === undefined ? {} : { symbol }),
    ...(/^[A-Za-z]+$/.test(word) ? { venue: word.toLowerCase() } : {}),
    ...(intervalMs === undefined ? {} : { intervalMs }),
  };
}

/** A data option taken apart: what stands before the `=`, if that is a symbol, and the rest. */
export interface SymbolPrefix {
  readonly symbol?: string;
  /** In lower case. */
  readonly venue?: string;
  readonly rest: string;
}

const SYMBOL = String.raw`[A-Za-z0-9][A-Za-z0-9_:-]*|[A-Z0-9]+\/[A-Z0-9][A-Z0-9:-]*`;
const PREFIX = new RegExp(String.raw`^(${SYMBOL})(?:\.([A-Za-z][A-Za-z0-9_-]*))?=`);

/**
 * `[SYMBOL[.VENUE]=]REST` → its parts. A path may itself hold `=` and `.`: what stands before the first `=` is a symbol
 * only when it looks like one (`BTC/USDT` in capitals, else no slash), so `./run=3.csv` and `data/run=3/x.csv` are paths.
 */
export function splitSymbolPrefix(text: string): SymbolPrefix {
  const match = PREFIX.exec(text);
  if (!match) return { rest: text };
  const rest = text.slice(match[0].length);
  return match[2] === undefined
    ? { symbol: match[1]!, rest }
    : { symbol: match[1]!, venue: match[2].toLowerCase(), rest };
}

/** What a `--data` option asks for. */
export interface DataOption {
  readonly symbol: string;
  /** Only when the option itself names one. */
  readonly venue?: string;
  /** A file, or `-` for stdin. */
  readonly path: string;
  /** Whether the symbol was taken from the file name. */
  readonly symbolFromName: boolean;
}

/**
 * `[SYMBOL[.VENUE]=]FILE` → symbol and file; the file name gives the symbol when the option does not.
 *
 * @throws UserError usage: `file_missing` without a file, `symbol_needed` when there is no symbol (always for a bare `-`)
 */
export function parseDataOption(text: string, option = '--data'): DataOption {
  const { symbol, venue, rest } = splitSymbolPrefix(text);
  if (rest === '') {
    throw new UserError({
      code: 'file_missing',
      exitCode: EXIT.usage,
      message: `${option} names no file`,
      found: text,
      expected: '[SYMBOL[.VENUE]=]FILE',
    });
  }
  if (symbol !== undefined) {
    return { symbol, ...(venue === undefined ? {} : { venue }), path: rest, symbolFromName: false };
  }
  const named = rest === '-' ? undefined : parseFileName(rest).symbol;
  if (named !== undefined) return { symbol: named, path: rest, symbolFromName: true };
  throw new UserError({
    code: 'symbol_needed',
    exitCode: EXIT.usage,
    message: rest === '-' ? 'stdin has no file name that could give the symbol' : 'the file name gives no symbol',
    found: text,
    expected: '[SYMBOL[.VENUE]=]FILE',
    hint: `write ${option} XBTUSD=${rest}`,
  });
}
