/**
 * The rows of `--fills`: what an exchange or another program has booked. Read in two steps, because quantities and fees are counted
 * in the units of a contract, and which contracts there are follows from the rows. Nothing is settled here.
 */

import type { Contract } from '../contract/contract.js';
import type { GivenFill } from '../engine/givenFills.js';
import type { Fraction } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import { pow10 } from '../money/units.js';
import { type NamedContracts, withoutExchange } from './namedContracts.js';
import { loadReplayTable, type ReplayRow, type ReplayTable, type TableColumns } from './replayTable.js';

/** A row whose contract is not known yet. Fees are in whole units of currency, plus when paid. */
interface FillRow extends Pick<GivenFill, 'timeMs' | 'symbol' | 'side' | 'effect' | 'price' | 'liquidity' | 'orderId'> {
  /** Null for the first account. */
  readonly account: string | null;
  readonly qty: Fraction;
  readonly fee: Fraction | null;
  readonly row: ReplayRow;
}

export interface FillTable {
  readonly table: ReplayTable;
  /** Ascending in time, otherwise as in the file. */
  readonly fills: readonly FillRow[];
  /** In the order in which they appear first, without the exchanges that rows may name. */
  readonly symbols: readonly string[];
  /** One sentence each for what was assumed on reading. */
  readonly assumptions: readonly string[];
}

/** Fills in the units of their contracts. */
export interface ResolvedFills {
  readonly fills: readonly GivenFill[];
  /** Fees with more digits than their currency has. */
  readonly roundedFees: number;
}

const COLUMNS: TableColumns = {
  what: 'fills',
  required: ['time', 'symbol', 'side', 'qty', 'price'],
  optional: ['account', 'fee', 'liquidity', 'order_id', 'position_effect'],
};

/** Ids of exchanges: numbers, UUIDs and their like; nothing that a spreadsheet would take for a formula. */
const ORDER_ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;

/** @throws UserError exit 3 for a table that cannot be read, with line and column */
export async function loadFillTable(path: string): Promise<FillTable> {
  const table = await loadReplayTable(path, COLUMNS);
  const rows = table.rows.map(readFill);
  const isNewestFirst = rows.length > 1 && balanceOfSteps(rows) < 0;
  const upward = isNewestFirst ? rows.reverse() : rows;
  const moved = upward.filter((fill, i) => i > 0 && fill.timeMs < upward[i - 1]!.timeMs).length;
  const assumptions: string[] = [];
  if (isNewestFirst) assumptions.push('the fills are newest first: their rows were turned round');
  if (moved > 0)
    assumptions.push(`the fills are not in the order of their times (${moved} steps back): they were sorted`);
  if (table.hasZonelessTimes) assumptions.push('times of fills without a zone are read as UTC');
  return {
    table,
    // Sorting is stable: rows of one time stay in their order.
    fills: moved === 0 ? upward : upward.toSorted((a, b) => a.timeMs - b.timeMs),
    symbols: [...new Set(upward.map(({ symbol }) => withoutExchange(symbol)))],
    assumptions,
  };
}

/** Steps up less steps down. */
function balanceOfSteps(rows: readonly FillRow[]): number {
  let balance = 0;
  for (let i = 1; i < rows.length; i++) balance += Math.sign(rows[i]!.timeMs - rows[i - 1]!.timeMs);
  return balance;
}

function readFill(row: ReplayRow): FillRow {
  const account = row.text('account');
  const orderId = row.text('order_id');
  if (orderId !== '' && !ORDER_ID.test(orderId)) {
    throw row.wrong('order_id', 'this is not the id of an order', 'at most 100 letters, digits and _ . : -');
  }
  return {
    timeMs: row.timeMs,
    account: account === '' ? null : account,
    symbol: row.requireText('symbol', 'a symbol such as XBTUSD'),
    side: row.requireWord('side', ['buy', 'sell']),
    effect: row.word('position_effect', ['open', 'close']),
    qty: row.requirePositive('qty'),
    price: row.requirePositive('price'),
    liquidity: row.word('liquidity', ['taker', 'maker']) ?? 'taker',
    fee: row.decimal('fee', 'an amount of the settlement currency, negative for a rebate'),
    orderId: orderId === '' ? null : orderId,
    row,
  };
}

/**
 * Counts the fills in the units of their contracts.
 *
 * @param contracts of the run's accounts, the first of which rows without one are of.
 * @throws UserError exit 3 for an unknown account, a symbol without candles, a quantity finer than the contract counts
 */
export function resolveFills({ fills, table }: FillTable, contracts: NamedContracts): ResolvedFills {
  let roundedFees = 0;
  const resolved = fills.map(({ row, qty, fee, account, ...fill }, place): GivenFill => {
    const hint = `add --data ${fill.symbol}=FILE, or replay the fills without any --data`;
    const { series, contract } = contracts.requireContract(account, fill.symbol, row, hint);
    const units = fee === null ? null : toUnits(fee, contract.settle.decimals);
    if (units !== null && !units.isExact) roundedFees += 1;
    return {
      ...fill,
      symbol: series,
      account: contracts.requireAccount(account, row),
      qty: requireQty(row, qty, contract),
      fee: units === null ? null : units.amount,
      place,
      file: table.name,
      line: row.line,
    };
  });
  return { fills: resolved, roundedFees };
}

function requireQty(row: ReplayRow, qty: Fraction, { symbol, qtyDecimals }: Contract): bigint {
  const { amount, isExact } = toUnits(qty, qtyDecimals);
  if (isExact) return amount;
  const expected = qtyDecimals === 0 ? 'whole contracts' : `at most ${qtyDecimals} digits after the point`;
  const hint = `give ${symbol} a finer qty_step in --contracts FILE, if that is what it trades in`;
  throw row.wrong('qty', `the quantity is finer than ${symbol} is counted`, expected, hint);
}

/** A decimal in units of 10^-decimals, half away from zero. */
function toUnits({ num, den }: Fraction, decimals: number): { amount: bigint; isExact: boolean } {
  const scaled = num * pow10(decimals);
  return { amount: divHalfAway(scaled, den), isExact: scaled % den === 0n };
}
