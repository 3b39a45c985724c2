/**
 * What holds in every run, whatever happens in it: the balance identity in every row, bills that re-add to the wallet, one row
 * a moment, totals that agree between tables. Checked after every scenario, on the records alone, with nothing of the engine's.
 */

import type { BillType } from '../../account/bills.js';
import type { TradeRecord } from '../../engine/records.js';
import type { Currency } from '../../money/units.js';
import type { Script } from './parseScenario.js';
import type { ScenarioRun } from './runScenario.js';
import { formatTime } from './words.js';

/** Broken laws, each as a line to print; empty when all hold. */
export function brokenLaws(run: ScenarioRun): string[] {
  return [
    ...brokenBalanceRows(run),
    ...brokenBills(run),
    ...brokenTotals(run),
    ...brokenOrders(run),
    ...brokenSequence(run),
  ].map((text) => `broken law: ${text}`);
}

interface Ledger {
  readonly account: string;
  readonly currency: Currency;
}

/** Name of the ledger that a row is about. */
const ledgerOf = ({ account, currency }: Ledger): string => `${account} ${currency.code}`;

/** What a ledger starts with; null where it is opened later. */
function startOf({ accounts }: Script, { account, currency }: Ledger): bigint | null {
  const own = accounts.find(({ name }) => name === account)!.balances;
  return own.find((balance) => balance.currency.code === currency.code)?.amount ?? null;
}

/** What a spot trade brought into a ledger: money, coins, or nothing; a contract's trade exchanges nothing. */
function exchangedIn({ account, currency }: Ledger, trade: TradeRecord): bigint {
  const { base, settle, qtyDecimals } = trade.contract;
  if (base === null || trade.account !== account) return 0n;
  const sign = trade.side === 'buy' ? 1n : -1n;
  if (settle.code === currency.code) return -sign * trade.amount;
  return base.code === currency.code ? sign * trade.qty * 10n ** BigInt(base.decimals - qtyDecimals) : 0n;
}

function brokenBalanceRows({ collected, outcome, script }: ScenarioRun): string[] {
  const broken: string[] = [];
  const order = outcome.accounts.map(ledgerOf);
  const seen = new Set<string>();
  let last = Number.NEGATIVE_INFINITY;
  let lastRank = -1;
  for (const row of collected.balances) {
    const at = `balance row ${formatTime(row.timeMs)} of ${row.account}`;
    if (row.marginBalance !== row.wallet + row.unrealizedPnl) {
      broken.push(`${at}: margin balance ${row.marginBalance} is not ${row.wallet} + ${row.unrealizedPnl}`);
    }
    if (row.marginBalance !== row.available + row.positionMargin + row.orderMargin) {
      broken.push(`${at}: ${row.marginBalance} is not ${row.available} + ${row.positionMargin} + ${row.orderMargin}`);
    }
    if (seen.has(`${row.timeMs} ${ledgerOf(row)}`)) broken.push(`${at}: a second row for one moment`);
    seen.add(`${row.timeMs} ${ledgerOf(row)}`);
    const rank = order.indexOf(ledgerOf(row));
    if (row.timeMs < last || (row.timeMs === last && rank < lastRank)) broken.push(`${at}: out of order`);
    last = row.timeMs;
    lastRank = rank;
  }
  for (const ledger of outcome.accounts) {
    const { account, wallet, endEquity } = ledger;
    const rows = collected.balances.filter((row) => ledgerOf(row) === ledgerOf(ledger));
    const [first, end] = [rows[0], rows.at(-1)];
    const isStart = startOf(script, ledger) !== null;
    if (isStart && first?.timeMs !== outcome.firstOpenTimeMs)
      broken.push(`the first balance row of ${account} is not at the first open`);
    if (end?.timeMs !== outcome.lastCloseTimeMs)
      broken.push(`the last balance row of ${account} is not at the last close`);
    if (end?.wallet !== wallet) broken.push(`the last wallet of ${account} is ${end?.wallet}, not ${wallet}`);
    if (end?.marginBalance !== endEquity)
      broken.push(`the last equity of ${account} is ${end?.marginBalance}, not ${endEquity}`);
  }
  return broken;
}

function brokenBills({ collected, outcome, script }: ScenarioRun): string[] {
  const broken: string[] = [];
  for (const ledger of outcome.accounts) {
    const { account, wallet, openPositions } = ledger;
    let sum = 0n;
    let isolated = 0n;
    for (const bill of collected.bills.filter((candidate) => ledgerOf(candidate) === ledgerOf(ledger))) {
      sum += bill.amount;
      isolated += bill.isolatedDelta;
      if (bill.balanceAfter !== sum)
        broken.push(`bill ${bill.id}: balance ${bill.balanceAfter}, the bills sum to ${sum}`);
    }
    if (sum !== wallet) broken.push(`bills of ${account} sum to ${sum}, the wallet is ${wallet}`);
    if (openPositions === 0 && isolated !== 0n) broken.push(`flat account ${account} still has ${isolated} assigned`);
    if (openPositions === 0 && wallet < 0n) broken.push(`flat account ${account} has a wallet of ${wallet}`);
  }
  const balances = script.accounts.flatMap((account) =>
    account.balances.filter(({ amount }) => amount > 0n).map(({ currency }) => ({ account: account.name, currency })),
  );
  const starts = collected.bills.slice(0, balances.length);
  if (starts.some(({ type }) => type !== 'deposit')) broken.push('the first bills are not the deposits');
  if (starts.some((bill, i) => ledgerOf(bill) !== ledgerOf(balances[i]!))) {
    broken.push('not one deposit for each account');
  }
  const cash = collected.calls.filter(({ kind, status }) => kind === 'deposit' && status === 'done').length;
  if (collected.bills.filter(({ type }) => type === 'deposit').length !== balances.length + cash) {
    broken.push('not one deposit for each account and call');
  }
  return broken;
}

/** Totals of the outcome are those of the tables. */
function brokenTotals({ collected, outcome, script }: ScenarioRun): string[] {
  const broken: string[] = [];
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
  for (const ledger of outcome.accounts) {
    const { account, fees, funding, insurance, liquidations, netDeposits, spot } = ledger;
    const bills = collected.bills.filter((bill) => ledgerOf(bill) === ledgerOf(ledger));
    const trades = collected.trades.filter(
      (trade) => ledgerOf({ account: trade.account, currency: trade.contract.settle }) === ledgerOf(ledger),
    );
    const billed = (type: BillType): bigint =>
      sum(bills.filter((bill) => bill.type === type).map(({ amount }) => amount));
    const agree = (what: string, a: bigint, b: bigint): void => {
      if (a !== b) broken.push(`${what} of ${account}: ${a} and ${b}`);
    };
    agree('fees of the summary and of trades', fees, sum(trades.map(({ commission }) => commission)));
    agree('fees of the summary and of bills', fees, -billed('fee') - billed('liquidation_fee'));
    agree('funding of the summary and of bills', funding, billed('funding'));
    agree('insurance of the summary and of bills', insurance, billed('insurance'));
    agree(
      'PnL of trades and of bills',
      // Of a spot sell it is told for information and has no bill.
      sum(trades.filter(({ contract }) => contract.base === null).map((t) => t.realizedPnl)),
      billed('realized_pnl') + billed('liquidation'),
    );
    agree(
      'liquidations and their trades',
      BigInt(liquidations),
      BigInt(trades.filter((t) => t.reason === 'liquidation' || t.reason === 'partial_liquidation').length),
    );
    const moved = billed('deposit') + billed('withdraw') + billed('transfer_in') + billed('transfer_out');
    agree('deposits of the summary and of bills', netDeposits, moved - (startOf(script, ledger) ?? 0n));
    const exchanged = sum(collected.trades.map((trade) => exchangedIn(ledger, trade)));
    agree('spot trades and their bills', exchanged, billed('spot_buy') + billed('spot_sell'));
    agree('spot of the summary and of bills', spot, billed('spot_buy') + billed('spot_sell'));
  }
  return broken;
}

function brokenOrders({ collected }: ScenarioRun): string[] {
  const broken: string[] = [];
  for (const order of collected.orders) {
    if (order.status === 'open') broken.push(`order ${order.id} is open after the end`);
    if (order.endTimeMs < order.timeMs) broken.push(`order ${order.id} ended before it was given`);
    const filled = collected.trades.filter((trade) => trade.orderId === order.id && trade.account === order.account);
    const qty = filled.reduce((sum, trade) => sum + trade.qty, 0n);
    if (qty !== order.filledQty) broken.push(`order ${order.id} has filled ${order.filledQty}, its trades ${qty}`);
  }
  return broken;
}

/** Ids count from 1, and time does not run backwards for an account. */
function brokenSequence({ collected, outcome }: ScenarioRun): string[] {
  const broken: string[] = [];
  const tables = {
    trades: collected.trades,
    orders: collected.orders,
    bills: collected.bills,
    closed: collected.closedTrades,
  };
  for (const [name, rows] of Object.entries(tables)) {
    const ids = rows.map(({ id }) => id);
    if (ids.some((id, i) => id !== i + 1)) broken.push(`ids of ${name} do not count from 1: ${ids.join(' ')}`);
  }
  for (const { account } of outcome.accounts) {
    for (const [name, rows] of Object.entries({ trades: collected.trades, bills: collected.bills })) {
      const times = rows.filter((row) => row.account === account).map(({ timeMs }) => timeMs);
      if (times.some((timeMs, i) => timeMs < (times[i - 1] ?? 0)))
        broken.push(`times of ${name} of ${account} run backwards`);
    }
  }
  return broken;
}
