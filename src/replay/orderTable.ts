/**
 * The rows of `--orders`: one order each, read and checked as far as a cell can be wrong by itself. Whether an order may be given is
 * for the order desk to say when its time has come, as of a strategy's.
 */

import type { UserError } from '../errors.js';
import { parseFraction } from '../money/decimal.js';
import type { OrderOptions, OrderStyle } from '../strategy/strategy.js';
import type { NamedContracts } from './namedContracts.js';
import { loadReplayTable, type ReplayRow, type ReplayTable, type TableColumns } from './replayTable.js';

/** An order of the table, ready to be called. Decimals are text as written. */
export interface OrderRow {
  readonly timeMs: number;
  /** Null for the first account. */
  readonly account: string | null;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly effect: 'open' | 'close';
  readonly qty: string;
  readonly price: string | null;
  readonly options: OrderOptions;
  readonly row: ReplayRow;
}

export interface OrderTable {
  readonly table: ReplayTable;
  /** Ascending in time. */
  readonly orders: readonly OrderRow[];
}

const COLUMNS: TableColumns = {
  what: 'orders',
  required: ['time', 'symbol', 'side', 'position_effect', 'qty'],
  optional: [
    ...['account', 'type', 'price', 'trigger', 'order_style', 'order_style_value', 'order_style_base'],
    ...['reduce_only', 'leverage', 'tag'],
  ],
};

const TYPES = ['market', 'limit', 'stop', 'stop_limit'] as const;
type Type = (typeof TYPES)[number];
const STYLES = ['stop_loss', 'stop_profit', 'stop_loss_pct', 'stop_profit_pct', 'trailing_stop', 'trailing_stop_pct'];
const BASES = ['price', 'pnl', 'roe'];
/** What parts the styles of one order, and their values. */
const BAR = '|';
const SWITCHES: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

/** @throws UserError exit 3 for a table that cannot be read, with line and column */
export async function loadOrderTable(path: string): Promise<OrderTable> {
  const table = await loadReplayTable(path, COLUMNS);
  let last: ReplayRow | null = null;
  const orders = table.rows.map((row) => {
    if (last !== null && row.timeMs < last.timeMs) throw outOfOrder(row, last);
    last = row;
    return readOrder(row);
  });
  return { table, orders };
}

function outOfOrder(row: ReplayRow, last: ReplayRow): UserError {
  const expected = `${last.text('time')} of line ${last.line}, or later`;
  return row.wrong('time', 'the orders are not in the order of their times', expected, 'sort the rows by time');
}

function readOrder(row: ReplayRow): OrderRow {
  const account = row.text('account');
  row.requirePositive('qty');
  return {
    timeMs: row.timeMs,
    account: account === '' ? null : account,
    symbol: row.requireText('symbol', 'a symbol such as XBTUSD'),
    side: row.requireWord('side', ['buy', 'sell']),
    effect: row.requireWord('position_effect', ['open', 'close']),
    qty: row.text('qty'),
    ...readPrices(row),
    row,
  };
}

/** The type of an order follows from the prices that it has; where it is named, these must be the ones. */
function readPrices(row: ReplayRow): Pick<OrderRow, 'price' | 'options'> {
  const given = { price: row.positive('price') !== null, trigger: row.positive('trigger') !== null };
  const type = row.word<Type>('type', TYPES);
  if (type !== null) {
    const needed = { price: type.endsWith('limit'), trigger: type.startsWith('stop') };
    for (const column of ['price', 'trigger'] as const) {
      if (needed[column] && !given[column]) throw row.wrong(column, `a ${type} order needs a ${column}`, 'a price');
      if (!needed[column] && given[column]) {
        throw row.wrong(column, `a ${type} order has no ${column}`, 'an empty cell');
      }
    }
  }
  const options = {
    ...(given.trigger ? { trigger: row.text('trigger') } : {}),
    ...readStyles(row),
    ...readSwitch(row),
    ...(row.decimal('leverage', 'a leverage such as 10, or 0') === null ? {} : { leverage: row.text('leverage') }),
    ...(row.text('tag') === '' ? {} : { tag: row.text('tag') }),
  };
  return { price: given.price ? row.text('price') : null, options };
}

function readSwitch(row: ReplayRow): Pick<OrderOptions, 'reduceOnly'> {
  const text = row.text('reduce_only').toLowerCase();
  if (text === '') return {};
  const isOn = SWITCHES[text];
  if (isOn === undefined) throw row.wrong('reduce_only', 'this is neither yes nor no', 'true or false');
  return isOn ? { reduceOnly: true } : {};
}

/** `stop_loss|stop_profit` with `9000|11000`. */
function readStyles(row: ReplayRow): Pick<OrderOptions, 'orderStyle'> {
  const names = splitCell(row, 'order_style');
  const values = splitCell(row, 'order_style_value');
  const bases = splitCell(row, 'order_style_base');
  if (values.length !== names.length) {
    throw row.wrong('order_style_value', 'each order style has one value', `${names.length}, parted by ${BAR}`);
  }
  if (bases.length > names.length) {
    throw row.wrong('order_style_base', 'there are more bases than order styles', `${names.length}, parted by ${BAR}`);
  }
  if (names.length === 0) return {};
  return { orderStyle: names.map((name, i) => readStyle(row, name, values[i]!, bases[i] ?? '')) };
}

function readStyle(row: ReplayRow, name: string, value: string, base: string): OrderStyle {
  if (!STYLES.includes(name)) throw row.wrong('order_style', 'this is not an order style', STYLES.join(', '));
  if (!isPositive(value))
    throw row.wrong('order_style_value', 'this is not the value of a stop', 'decimals above zero');
  if (base !== '' && !BASES.includes(base)) throw row.wrong('order_style_base', 'this is not a base', BASES.join(', '));
  // Which style takes a base is the desk's to say.
  return { name, value, ...(base === '' ? {} : { base }) } as OrderStyle;
}

function isPositive(text: string): boolean {
  const value = parseFraction(text);
  return value !== undefined && value.num > 0n;
}

function splitCell(row: ReplayRow, column: string): string[] {
  const text = row.text(column);
  return text === '' ? [] : text.split(BAR).map((part) => part.trim());
}

/** What an order may be of: checked once the accounts of the run are known. @throws UserError exit 3 */
export function requireOfRun({ orders }: OrderTable, contracts: NamedContracts): void {
  for (const { account, symbol, row } of orders) {
    contracts.requireContract(account, symbol, row, `add --data ${symbol}=FILE, or leave the row out`);
  }
}
