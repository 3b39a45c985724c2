/**
 * The fills of a run: their ids and order, what they hold together at every time, and that each one's profit and commission
 * stand in the bills, to the last unit. From flat to flat its fills make a round, which closed_trades.csv shows.
 */

import { auditExchange, SpotHoldings } from './auditSpot.js';
import type { Findings } from './findings.js';
import {
  type AuditBill,
  type AuditJournal,
  add,
  expectOrder,
  FEE_TYPES,
  fillKey,
  PNL_TYPES,
  sumOf,
  symbolKey,
} from './journal.js';
import { placeOf, positionSideOf, type Round, type Rounds, sideKey } from './rounds.js';
import type { AuditRow } from './runTables.js';

const REASONS = 'order, stop_loss, stop_profit, trailing_stop, liquidation, partial_liquidation, replay'.split(', ');
const WORDS: readonly (readonly [column: string, words: readonly string[]])[] = [
  ['side', ['buy', 'sell']],
  ['position_effect', ['open', 'close']],
  ['liquidity', ['taker', 'maker']],
  ['reason', REASONS],
];

/** Checks the fills and follows each side from flat to flat. */
export function auditTrades(rows: readonly AuditRow[], journal: AuditJournal, findings: Findings): Rounds {
  const check = 'trades';
  findings.begin(check);
  const rounds = new Map<string, Round[]>();
  const spot = new SpotHoldings(rounds, findings);
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const [i, row] of rows.entries()) {
    findings.expectText(check, row, 'id', String(i + 1), 'ids count from 1');
    const timeMs = row.timeMs('time');
    expectOrder(findings, check, row, timeMs, lastMs);
    lastMs = Math.max(lastMs, timeMs);
    for (const [column, words] of WORDS) findings.expectWord(check, row, column, words);
    if (journal.isSpot(row)) spot.addFill(row, timeMs);
    else addFill(rounds, row, timeMs, findings);
  }
  auditFillBills(rows, journal, rounds, findings);
  return rounds;
}

function addFill(rounds: Map<string, Round[]>, row: AuditRow, timeMs: number, findings: Findings): void {
  const key = sideKey(row.text('account'), row.text('symbol'), positionSideOf(row));
  const last = rounds.get(key)?.at(-1);
  const open = last === undefined || last.isClosed ? undefined : last;
  const before = open?.fills.at(-1)?.held ?? 0n;
  const isOpening = row.text('position_effect') === 'open';
  const qty = row.amount('qty');
  if (!isOpening && qty > before) {
    findings.expectAmount('trades', row, 'qty', before, 'a close trades at most what the fills before it hold');
    if (open === undefined) return;
  } else {
    findings.expect('trades', qty > 0n, placeOf(row, 'qty', 'above 0', 'a fill has a quantity'));
  }
  const round = open ?? { fills: [], positionIds: new Set<string>(), isClosed: false };
  if (open === undefined) add(rounds, key, round);
  const held = isOpening ? before + qty : before - qty;
  round.fills.push({ row, timeMs, isOpening, qty, held, commission: row.amount('commission') });
  round.isClosed = held <= 0n;
}

/** Fills of one order at one time, and the bills that they made. */
interface FillGroup {
  readonly rows: AuditRow[];
  readonly bills: readonly AuditBill[];
}

function auditFillBills(rows: readonly AuditRow[], journal: AuditJournal, rounds: Rounds, findings: Findings): void {
  const check = 'trades and bills';
  findings.begin(check);
  const roundOf = new Map<AuditRow, Round>();
  for (const list of rounds.values()) {
    for (const round of list) for (const fill of round.fills) roundOf.set(fill.row, round);
  }
  const groups = new Map<string, FillGroup>();
  for (const row of rows) {
    const key = fillKey(row.text('account'), row.text('symbol'), row.text('order_id'), row.text('time'));
    const group = groups.get(key) ?? { rows: [], bills: journal.byFill.get(key) ?? [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  for (const group of groups.values()) {
    auditGroup(check, group, journal, findings);
    for (const [round, id] of matchPositions(group, roundOf)) round.positionIds.add(id);
  }
  auditPositionIds(check, journal, rounds, findings);
  for (const [key, bills] of journal.byFill) {
    if (groups.has(key)) continue;
    const why = 'a bill of a fill has a row in trades.csv with its account, symbol, order and time';
    findings.expect(check, false, placeOf(bills[0]!.row, 'time', 'the time of a fill', why));
  }
}

/** A bill of a position is of one that fills opened, of the same account and symbol. */
function auditPositionIds(check: string, journal: AuditJournal, rounds: Rounds, findings: Findings): void {
  const owners = new Map<string, string>();
  const untold = new Set<string>();
  for (const [key, list] of rounds) {
    const [account, symbol] = JSON.parse(key) as [string, string];
    const owner = symbolKey(account, symbol);
    for (const { positionIds } of list) {
      for (const id of positionIds) owners.set(id, owner);
      if (positionIds.size === 0) untold.add(owner);
    }
  }
  const why = 'the fills of trades.csv opened no such position';
  for (const { row, account, symbol, positionId } of journal.bills) {
    const owner = symbolKey(account, symbol);
    if (positionId === '' || untold.has(owner)) continue;
    const isKnown = owners.get(positionId) === owner;
    findings.expect(check, isKnown, placeOf(row, 'position_id', `a position of ${account} in ${symbol}`, why));
  }
}

/** Profit and commission of the fills are those of the bills; the last fill is named where they are not. */
function auditGroup(check: string, { rows, bills }: FillGroup, journal: AuditJournal, findings: Findings): void {
  const last = rows.at(-1)!;
  const others = rows.slice(0, -1);
  const rest = (column: string, sum: bigint): bigint => others.reduce((left, row) => left - row.amount(column), sum);
  const fees = rest('commission', -sumOf(bills, FEE_TYPES));
  findings.expectAmount(check, last, 'commission', fees, 'the fee bills of the fill add up to it');
  if (journal.isSpot(last)) {
    auditExchange(check, rows, bills, journal, findings);
    return;
  }
  const pnl = rest('realized_pnl', sumOf(bills, PNL_TYPES));
  findings.expectAmount(check, last, 'realized_pnl', pnl, 'the profit bills of the fill add up to it');
  for (const row of rows) {
    if (row.text('position_effect') !== 'open') continue;
    findings.expectAmount(check, row, 'realized_pnl', 0n, 'an opening fill has no profit');
  }
  auditInformationalFees(check, rows, bills, findings);
}

/** `fee` of a profit bill repeats the fee of its fill. */
function auditInformationalFees(
  check: string,
  rows: readonly AuditRow[],
  bills: readonly AuditBill[],
  findings: Findings,
): void {
  const closing = rows.filter((row) => row.text('position_effect') === 'close');
  const profits = bills.filter((bill) => PNL_TYPES.has(bill.type));
  if (closing.length !== 1 || profits.length !== 1) return;
  const fee = closing[0]!.amount('commission');
  findings.expectAmount(check, profits[0]!.row, 'fee', fee, 'the commission of the fill in trades.csv');
}

/** Which position each round is of, where the bills say it: both are in the order in which they were booked. */
function matchPositions({ rows, bills }: FillGroup, roundOf: ReadonlyMap<AuditRow, Round>): [Round, string][] {
  const ids = [...new Set(bills.map((bill) => bill.positionId).filter((id) => id !== ''))];
  const rounds = [...new Set(rows.map((row) => roundOf.get(row)).filter((round) => round !== undefined))];
  return ids.length === rounds.length ? rounds.map((round, i): [Round, string] => [round, ids[i]!]) : [];
}
