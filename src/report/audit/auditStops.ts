/**
 * Tables that repeat figures of the fills: a stop in stop_trades.csv is a fill of trades.csv, and an order's filled quantity is
 * that of its fills.
 */

import type { Findings } from './findings.js';
import { add } from './journal.js';
import type { AuditRow } from './runTables.js';

const SHARED = ['side', 'price', 'qty', 'amount', 'commission', 'time', 'account', 'symbol', 'realized_pnl'] as const;
/** What a stop is called in trades.csv, and what it is in stop_trades.csv. */
const STOP_REASONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['stop_loss', ['loss']],
  ['stop_profit', ['profit']],
  ['trailing_stop', ['loss', 'profit']],
]);

export function auditStops(
  stops: readonly AuditRow[],
  trades: readonly AuditRow[],
  orders: readonly AuditRow[],
  findings: Findings,
): void {
  const check = 'stop_trades and trades';
  findings.begin(check);
  const told = new Set<AuditRow>();
  for (const stop of stops) {
    const trade = trades[Number(stop.text('id')) - 1];
    const kinds = STOP_REASONS.get(trade?.text('reason') ?? '');
    if (trade === undefined || kinds === undefined || told.has(trade)) {
      expectCell(findings, check, stop, 'id', 'the id of a fill by a stop', 'each stop is one fill of trades.csv');
      continue;
    }
    told.add(trade);
    for (const column of SHARED) {
      findings.expectText(check, stop, column, trade.text(column), `fill ${stop.text('id')} of trades.csv has it`);
    }
    if (!kinds.includes(stop.text('loss_profit'))) {
      expectCell(findings, check, stop, 'loss_profit', kinds.join(' or '), 'the reason of the fill says so');
    }
    const order = orders[Number(trade.text('order_id')) - 1];
    if (order === undefined) continue;
    const guarded = order.text('parent_id');
    if (guarded !== '') findings.expectText(check, stop, 'order_id', guarded, 'the parent of the order that filled');
    findings.expectText(check, stop, 'stop_price', order.text('price'), 'the trigger of the order that filled');
  }
  for (const trade of trades) {
    if (!STOP_REASONS.has(trade.text('reason')) || told.has(trade)) continue;
    expectCell(findings, check, trade, 'reason', 'a row in stop_trades.csv', 'a fill by a stop stands there too');
  }
}

const STATUSES = ['open', 'partially_filled', 'filled', 'cancelled', 'rejected', 'expired'];

export function auditOrders(orders: readonly AuditRow[], trades: readonly AuditRow[], findings: Findings): void {
  const check = 'orders and trades';
  findings.begin(check);
  const fills = new Map<string, AuditRow[]>();
  for (const trade of trades) {
    // A fill that was given names an order of the exchange.
    if (trade.text('order_id') !== '' && trade.text('reason') !== 'replay') add(fills, trade.text('order_id'), trade);
  }
  for (const [i, order] of orders.entries()) {
    findings.expectText(check, order, 'id', String(i + 1), 'ids count from 1');
    const own = fills.get(order.text('id')) ?? [];
    fills.delete(order.text('id'));
    auditOrder(check, order, own, findings);
  }
  for (const [, [trade]] of fills) {
    expectCell(
      findings,
      check,
      trade!,
      'order_id',
      'the id of a row in orders.csv',
      'every fill of an order has it there',
    );
  }
}

function auditOrder(check: string, order: AuditRow, fills: readonly AuditRow[], findings: Findings): void {
  findings.expectWord(check, order, 'side', ['buy', 'sell']);
  findings.expectWord(check, order, 'status', STATUSES);
  const filled = fills.reduce((sum, fill) => sum + fill.amount('qty'), 0n);
  findings.expectAmount(check, order, 'filled_qty', filled, 'the fills of the order add up to it');
  for (const fill of fills) {
    for (const column of ['account', 'symbol', 'side'] as const) {
      findings.expectText(check, fill, column, order.text(column), `order ${order.text('id')} has it`);
    }
  }
  const prices = new Set(fills.map((fill) => fill.amount('price')));
  if (prices.size === 1) {
    findings.expectAmount(check, order, 'avg_price', [...prices][0]!, 'all fills of the order have this price');
  } else if (prices.size === 0) {
    findings.expectText(check, order, 'avg_price', '', 'the order has no fill');
  }
  if (order.text('status') === 'filled') {
    auditFilled(check, order, filled, findings);
  } else if (order.text('status') === 'partially_filled') {
    const isPart = filled > 0n && (order.text('qty') === '' || filled < order.amount('qty'));
    if (!isPart) expectCell(findings, check, order, 'status', 'another status', 'what was filled is no part of it');
  } else if (filled > 0n && filled === order.amount('qty')) {
    expectCell(findings, check, order, 'status', 'filled', 'its fills add up to its quantity');
  }
}

/** A filled order is filled whole, but a closing one where the position was smaller than it. */
function auditFilled(check: string, order: AuditRow, filled: bigint, findings: Findings): void {
  const isCut = order.text('position_effect') === 'close' && filled > 0n && filled < order.amount('qty');
  if (!isCut) findings.expectAmount(check, order, 'qty', filled, 'a filled order is filled whole');
}

function expectCell(
  findings: Findings,
  check: string,
  row: AuditRow,
  column: string,
  expected: string,
  why: string,
): void {
  findings.expect(check, false, { file: row.file, line: row.line, column, found: row.text(column), expected, why });
}
