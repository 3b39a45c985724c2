/**
 * Closed trades against fills and bills: each row is a round of fills from flat to flat, its profit, fees and funding those of
 * its bills, to the last unit; averages and the return are computed anew from the fills.
 */

import { divHalfAway } from '../../money/rounding.js';
import { pow10 } from '../../money/units.js';
import { formatLike } from './exactText.js';
import type { Findings } from './findings.js';
import { type AuditBill, type AuditJournal, FEE_TYPES, PNL_TYPES, sumOf } from './journal.js';
import { type Round, type Rounds, sideKey } from './rounds.js';
import type { AuditRow } from './runTables.js';

const CHECK = 'closed_trades and bills';
const INSURANCE: ReadonlySet<string> = new Set(['insurance']);
const FUNDING: ReadonlySet<string> = new Set(['funding']);
const GROSS: ReadonlySet<string> = new Set([...PNL_TYPES, ...INSURANCE]);

/** What closed trades are compared with. */
export interface ClosedTradeSources {
  readonly rounds: Rounds;
  readonly journal: AuditJournal;
  /** Tick size of an account's symbol, in 10^-18; 0 where the manifest has none. */
  readonly tickOf: (account: string, symbol: string) => bigint;
  /** Path of the table, for a row that is missing. */
  readonly file: string;
}

export function auditClosedTrades(rows: readonly AuditRow[], sources: ClosedTradeSources, findings: Findings): void {
  const { rounds, file } = sources;
  findings.begin(CHECK);
  const next = new Map<string, number>();
  for (const [i, row] of rows.entries()) {
    findings.expectText(CHECK, row, 'id', String(i + 1), 'ids count from 1');
    const key = sideKey(row.text('account'), row.text('symbol'), row.text('side'));
    const at = next.get(key) ?? 0;
    next.set(key, at + 1);
    const round = rounds.get(key)?.[at];
    if (round?.isClosed) auditRow(row, round, sources, findings);
    else {
      const expected = 'as many rows as the fills have rounds from flat to flat';
      const why = 'no fills of trades.csv make this row';
      findings.expect(CHECK, false, { ...placeOf(row, 'side'), expected, why });
    }
  }
  for (const [key, list] of rounds) {
    const missing = list.filter((round) => round.isClosed).length - (next.get(key) ?? 0);
    const found = `${missing} missing`;
    const expected = `all rounds of ${(JSON.parse(key) as string[]).join(' ')}`;
    const why = 'each round of fills from flat to flat has a row';
    findings.expect(CHECK, missing <= 0, { file, line: null, column: 'id', found, expected, why });
  }
}

function placeOf(row: AuditRow, column: string) {
  return { file: row.file, line: row.line, column, found: row.text(column) };
}

function auditRow(row: AuditRow, round: Round, { journal, tickOf }: ClosedTradeSources, findings: Findings): void {
  const { fills } = round;
  const first = fills[0]!.row;
  const last = fills.at(-1)!.row;
  const opened = fills.filter((fill) => fill.isOpening);
  const sum = (column: string): bigint => fills.reduce((total, fill) => total + fill.row.amount(column), 0n);
  const qty = opened.reduce((total, fill) => total + fill.qty, 0n);
  findings.expectText(CHECK, row, 'entry_time', first.text('time'), 'the first fill of the round has it');
  findings.expectText(CHECK, row, 'exit_time', last.text('time'), 'the last fill of the round has it');
  findings.expectText(CHECK, row, 'exit_reason', last.text('reason'), 'the last fill of the round has it');
  findings.expectAmount(CHECK, row, 'qty', qty, 'the opening fills of the round add up to it');
  const fees = fills.reduce((total, fill) => total + fill.commission, 0n);
  findings.expectAmount(CHECK, row, 'fees', fees, 'the commissions of the round add up to it');
  const pnl = sum('realized_pnl');
  if (journal.isSpot(row)) {
    findings.expectAmount(CHECK, row, 'gross_pnl', pnl, 'the profits of its fills add up to it');
    findings.expectAmount(CHECK, row, 'funding', 0n, 'a spot holding has no funding');
  } else auditBills(row, round, journal, pnl, findings);
  const net = row.amount('gross_pnl') - row.amount('fees') + row.amount('funding');
  findings.expectAmount(CHECK, row, 'net_pnl', net, 'gross_pnl − fees + funding');
  auditReturn(
    row,
    opened.reduce((total, fill) => total + fill.row.amount('amount'), 0n),
    findings,
  );
  auditExcursions(row, findings);
  const closed = fills.filter((fill) => !fill.isOpening);
  auditAverage(row, 'entry_price', opened, 0n, findings);
  // A take-over is booked at an exact price and shown on the nearest tick.
  const isTakenOver = closed.some((fill) => fill.row.text('reason').endsWith('liquidation'));
  const slack = isTakenOver ? tickOf(row.text('account'), row.text('symbol')) / 2n : 0n;
  auditAverage(row, 'exit_price', closed, slack, findings);
}

function auditBills(row: AuditRow, round: Round, journal: AuditJournal, pnl: bigint, findings: Findings): void {
  const bills = billsOf(row, round, journal);
  const insurance = sumOf(bills, INSURANCE);
  findings.expectAmount(
    CHECK,
    row,
    'gross_pnl',
    pnl + insurance,
    'the profits of its fills and insurance add up to it',
  );
  findings.expectAmount(CHECK, row, 'gross_pnl', sumOf(bills, GROSS), 'its bills of profit and insurance add up to it');
  findings.expectAmount(CHECK, row, 'fees', -sumOf(bills, FEE_TYPES), 'its fee bills add up to it');
  findings.expectAmount(CHECK, row, 'funding', sumOf(bills, FUNDING), 'its funding bills add up to it');
  if (round.positionIds.size === 1) auditIsolatedMargin(bills, findings);
}

/** What a position's bills put aside for it has all come back when it is flat. */
function auditIsolatedMargin(bills: readonly AuditBill[], findings: Findings): void {
  const last = bills.at(-1);
  if (last === undefined) return;
  const before = bills.slice(0, -1).reduce((sum, bill) => sum + bill.row.amount('isolated_delta'), 0n);
  const why = 'the margin of a closed position is back in the wallet: its isolated_delta add up to 0';
  findings.expectAmount(CHECK, last.row, 'isolated_delta', -before, why);
}

/** Bills of the position; where no fill made one, those of funding while it was open. */
function billsOf(row: AuditRow, round: Round, journal: AuditJournal): AuditBill[] {
  if (round.positionIds.size > 0) return [...round.positionIds].flatMap((id) => journal.byPosition.get(id) ?? []);
  const [fromMs, toMs] = [row.timeMs('entry_time'), row.timeMs('exit_time')];
  return journal.bills.filter(
    (bill) =>
      bill.account === row.text('account') &&
      bill.symbol === row.text('symbol') &&
      bill.timeMs >= fromMs &&
      bill.timeMs <= toMs &&
      (bill.type === 'funding' || bill.type === 'insurance'),
  );
}

function auditReturn(row: AuditRow, entryValue: bigint, findings: Findings): void {
  const text = row.text('return');
  if (entryValue <= 0n) return;
  const scaled = divHalfAway(row.amount('net_pnl') * pow10(8), entryValue) * pow10(10);
  findings.expectText(CHECK, row, 'return', formatLike(scaled, text), 'net_pnl / value of the entries');
}

function auditExcursions(row: AuditRow, findings: Findings): void {
  const [mae, gross, mfe] = [row.amount('mae'), row.amount('gross_pnl'), row.amount('mfe')];
  const why = 'a position has been at least as bad, and as good, as it ended and as it began';
  findings.expect(CHECK, mae <= gross && mae <= 0n, {
    ...placeOf(row, 'mae'),
    expected: 'at most gross_pnl and 0',
    why,
  });
  findings.expect(CHECK, mfe >= gross && mfe >= 0n, {
    ...placeOf(row, 'mfe'),
    expected: 'at least gross_pnl and 0',
    why,
  });
}

/** The average by quantity, harmonic for inverse contracts: what a run folder does not say, so either is right. */
function auditAverage(row: AuditRow, column: string, fills: Round['fills'], slack: bigint, findings: Findings): void {
  const qty = fills.reduce((total, fill) => total + fill.qty, 0n);
  if (qty === 0n || fills.some((fill) => fill.row.amount('price') <= 0n)) return;
  const text = row.text(column);
  const decimals = Math.max(0, text.length - text.indexOf('.') - 1);
  const unit = pow10(18 - Math.min(18, decimals));
  const weighted = fills.reduce((total, fill) => total + fill.qty * fill.row.amount('price'), 0n);
  // Thirty digits more than the prices have, so that the sum of quotients decides no digit that is printed.
  const inverted = fills.reduce((total, fill) => total + (fill.qty * pow10(66)) / fill.row.amount('price'), 0n);
  const means = [divHalfAway(weighted, qty * unit) * unit, divHalfAway(qty * pow10(66), inverted * unit) * unit];
  const found = row.amount(column);
  const expected = [...new Set(means.map((mean) => formatLike(mean, text)))].join(' or ');
  const why = 'the fills of the round average it';
  const isMean = means.some((mean) => found - mean <= slack && mean - found <= slack);
  findings.expect(CHECK, isMean, { ...placeOf(row, column), expected, why });
}
