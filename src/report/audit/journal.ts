/**
 * The bills of a run as an audit uses them: re-added to wallets, found by the fill that made them and by the position they
 * belong to. Amounts are integers of 10^-18.
 */

import type { Findings } from './findings.js';
import type { AuditRow } from './runTables.js';

/** Bills of PnL, of fees, and all others of a fill. */
export const PNL_TYPES: ReadonlySet<string> = new Set(['realized_pnl', 'liquidation']);
export const FEE_TYPES: ReadonlySet<string> = new Set(['fee', 'liquidation_fee']);
/** The exchange of a spot trade, in its two currencies. */
export const SPOT_TYPES: ReadonlySet<string> = new Set(['spot_buy', 'spot_sell']);
/** What comes from outside or goes there: no profit. */
export const TRANSFER_TYPES: ReadonlySet<string> = new Set(['deposit', 'withdraw', 'transfer_in', 'transfer_out']);
const FILL_TYPES: ReadonlySet<string> = new Set([...PNL_TYPES, ...FEE_TYPES, ...SPOT_TYPES, 'insurance']);

const TYPES = [
  ...FILL_TYPES,
  ...TRANSFER_TYPES,
  ...['funding', 'margin_add', 'margin_remove', 'auto_margin', 'leverage_change'],
];

export interface AuditBill {
  readonly row: AuditRow;
  readonly timeMs: number;
  readonly account: string;
  readonly currency: string;
  readonly symbol: string;
  readonly type: string;
  readonly amount: bigint;
  /** Wallet by the sum of the amounts up to this bill. */
  readonly wallet: bigint;
  readonly positionId: string;
}

export const ledgerKey = (account: string, currency: string): string => JSON.stringify([account, currency]);
export const symbolKey = (account: string, symbol: string): string => JSON.stringify([account, symbol]);
/** Fills and bills of one order at one time. */
export const fillKey = (account: string, symbol: string, orderId: string, time: string): string =>
  JSON.stringify([account, symbol, orderId, time]);

export class AuditJournal {
  readonly bills: readonly AuditBill[];
  /** By ledgerKey, in the order of the file. */
  readonly byLedger = new Map<string, AuditBill[]>();
  /** By fillKey: the bills that fills made. */
  readonly byFill = new Map<string, AuditBill[]>();
  /** By position_id. */
  readonly byPosition = new Map<string, AuditBill[]>();
  /** Symbols with spot bills, by symbolKey. */
  readonly #spot = new Set<string>();
  /** Settlement currency by symbolKey, as far as bills tell it. */
  readonly currencies = new Map<string, string>();

  /** Reads and checks the bills: ids, times, and that each balance is the sum of all amounts before it. */
  constructor(rows: readonly AuditRow[], findings: Findings) {
    const sums = new Map<string, bigint>();
    let lastMs = Number.NEGATIVE_INFINITY;
    findings.begin('bills');
    this.bills = rows.map((row, i) => {
      findings.expectText('bills', row, 'id', String(i + 1), 'ids count from 1');
      const timeMs = row.timeMs('time');
      expectOrder(findings, 'bills', row, timeMs, lastMs);
      lastMs = Math.max(lastMs, timeMs);
      findings.expectWord('bills', row, 'type', TYPES);
      const account = row.text('account');
      const currency = row.text('currency');
      const key = ledgerKey(account, currency);
      const amount = row.amount('amount');
      const wallet = (sums.get(key) ?? 0n) + amount;
      sums.set(key, wallet);
      const why = `the amounts of ${account}'s ${currency} bills add up to it`;
      findings.expectAmount('bills', row, 'balance_after', wallet, why);
      const bill = { row, timeMs, account, currency, amount, wallet, ...wordsOf(row) };
      this.#file(key, bill);
      return bill;
    });
  }

  /** Whether a row is of a spot pair of its account. */
  isSpot(row: AuditRow): boolean {
    return this.#spot.has(symbolKey(row.text('account'), row.text('symbol')));
  }

  #file(key: string, bill: AuditBill): void {
    add(this.byLedger, key, bill);
    if (bill.positionId !== '') add(this.byPosition, bill.positionId, bill);
    if (bill.symbol === '') return;
    if (SPOT_TYPES.has(bill.type)) this.#spot.add(symbolKey(bill.account, bill.symbol));
    else this.currencies.set(symbolKey(bill.account, bill.symbol), bill.currency);
    if (!FILL_TYPES.has(bill.type)) return;
    const orderId = bill.row.text('order_id');
    add(this.byFill, fillKey(bill.account, bill.symbol, orderId, bill.row.text('time')), bill);
  }
}

function wordsOf(row: AuditRow): Pick<AuditBill, 'symbol' | 'type' | 'positionId'> {
  return { symbol: row.text('symbol'), type: row.text('type'), positionId: row.text('position_id') };
}

/** Rows of a table stand in time order. */
export function expectOrder(findings: Findings, check: string, row: AuditRow, timeMs: number, lastMs: number): void {
  findings.expect(check, timeMs >= lastMs, {
    file: row.file,
    line: row.line,
    column: 'time',
    found: row.text('time'),
    expected: 'not before the row above',
    why: 'rows stand in time order',
  });
}

export function add<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

/** Sum of the amounts of the bills of these types. */
export function sumOf(bills: readonly AuditBill[] | undefined, types: ReadonlySet<string>): bigint {
  let sum = 0n;
  for (const bill of bills ?? []) if (types.has(bill.type)) sum += bill.amount;
  return sum;
}
