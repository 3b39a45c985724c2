/**
 * How a funding history is laid out: which of its first rows names the columns, what stands between the cells, and what the columns mean.
 * Rows before the header are passed over; two columns of times and rates need no header.
 */

import { EXIT, UserError } from '../errors.js';
import { isDecimalText } from '../money/decimal.js';
import { clipText } from './badRows.js';
import { normalizeName } from './dialects/columnNames.js';
import { findColumn } from './dialects/layout.js';
import { splitCells } from './reader.js';
import { recognizeTimeForm } from './timestamps.js';

/** Column names without case, blanks and underscores, by preference. */
const TIME_NAMES = [
  ...[
    'timestamp',
    'time',
    'fundingtime',
    'fundingratetimestamp',
    'calctime',
    'settletime',
    'settlementtime',
    'effectiveat',
  ],
  ...['datetime', 'dateutc', 'timeutc', 'date', 't', 'ts'],
];
/** Of a predicted and a realized rate the realized one is paid; a relative one is a fraction where the other is money. */
const RATE_NAMES = ['realizedrate', 'relativefundingrate', 'fundingrate', 'lastfundingrate', 'rate', 'r'];
const PRICE_NAMES = ['markprice'];
const SYMBOL_NAMES = ['symbol', 'instid'];
const DELIMITERS = [',', ';', '\t'] as const;
/** A header stands within so many rows. */
const HEADER_ROWS = 10;

/** Places of the columns of a funding history; -1 where there is none. */
export interface FundingLayout {
  readonly header: readonly string[];
  readonly time: number;
  readonly rate: number;
  readonly price: number;
  readonly symbol: number;
}

function findLayout(header: readonly string[]): FundingLayout | undefined {
  const names = header.map((name) => normalizeName(name));
  const layout: FundingLayout = {
    header,
    time: findColumn(names, TIME_NAMES),
    rate: findColumn(names, RATE_NAMES),
    price: findColumn(names, PRICE_NAMES),
    symbol: findColumn(names, SYMBOL_NAMES),
  };
  return layout.time >= 0 && layout.rate >= 0 ? layout : undefined;
}

/** Times and rates in two columns without a header. */
function findBareLayout(cells: readonly string[]): FundingLayout | undefined {
  const isBare = cells.length === 2 && recognizeTimeForm(cells[0]!) !== undefined && isDecimalText(cells[1]!.trim());
  return isBare ? { header: ['time', 'rate'], time: 0, rate: 1, price: -1, symbol: -1 } : undefined;
}

function unknownHeader(header: readonly string[], file: string, line: number): UserError {
  return new UserError({
    code: 'unknown_header',
    exitCode: EXIT.data,
    message: 'the header is not that of a funding history',
    place: { file, line },
    found: `the columns ${clipText(header.join(','))}`,
    expected: 'timestamp and fundingRate (or funding_rate, or rate), and if there is one symbol and mark_price',
    hint: 'the first line must name the columns; rename them',
  });
}

/** A row with which a history starts: its header, or its first row of data. */
export interface FundingStart {
  readonly layout: FundingLayout;
  readonly isData: boolean;
}

/** The rows before a file's header. */
export class FundingStarts {
  readonly #file: string;
  readonly #before: { readonly cells: readonly string[]; readonly line: number }[] = [];
  #delimiter = ',';

  constructor(file: string) {
    this.#file = file;
  }

  /** What a row starts; undefined for one to be passed over. @throws UserError data, `unknown_header`, after too many */
  find(cells: readonly string[], line: number): FundingStart | undefined {
    // Rows have been read with commas; another delimiter shows in their text.
    for (this.#delimiter of DELIMITERS) {
      const own = this.split(cells);
      const layout = findLayout(own);
      if (layout) return { layout, isData: false };
      const bare = this.#before.every((row) => row.cells.length < own.length) ? findBareLayout(own) : undefined;
      if (bare) return { layout: bare, isData: true };
    }
    if (this.#before.push({ cells, line }) >= HEADER_ROWS) this.requireNothing();
    return undefined;
  }

  /** The cells of a row by the delimiter of the file. */
  split(cells: readonly string[]): readonly string[] {
    return this.#delimiter === ',' ? cells : splitCells(cells.join(','), this.#delimiter);
  }

  /** @throws UserError data, `unknown_header`, when there were rows before any header */
  requireNothing(): void {
    const [first] = this.#before;
    if (first) throw unknownHeader(first.cells, this.#file, first.line);
  }
}
