/**
 * What holds in every run, whatever happens in it: the balance identity in every row, bills that re-add to the wallet, one row
 * a moment, totals that agree between tables. Checked after every scenario, on the records alone, with nothing of the engine's.
 */

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

function brokenBalanceRows({ collected, outcome }: ScenarioRun): string[] {
  const broken: string[] = [];
  const order = outcome.accounts.map(({ account }) => account);
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
    if (seen.has(`${row.timeMs} ${row.account}`)) broken.push(`${at}: a second row for one moment`);
    seen.add(`${row.timeMs} ${row.account}`);
    const rank = order.indexOf(row.account);
    if (row.timeMs < last || (row.timeMs === last && rank < lastRank)) broken.push(`${at}: out of order`);
    last = row.timeMs;
    lastRank = rank;
  }
  for (const { account, wallet, endEquity } of outcome.accounts) {
    const rows = collected.balances.filter((row) => row.account === account);
    const [first, end] = [rows[0], rows.at(-1)];
    if (first?.timeMs !== outcome.firstOpenTimeMs)
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
  for (const { account, wallet, openPositions } of outcome.accounts) {
    let sum = 0n;
    let isolated = 0n;
    for (const bill of collected.bills.filter((candidate) => candidate.account === account)) {
      sum += bill.amount;
      isolated += bill.isolatedDelta;
      if (bill.balanceAfter !== sum)
        broken.push(`bill ${bill.id}: balance ${bill.balanceAfter}, the bills sum to ${sum}`);
    }
    if (sum !== wallet) broken.push(`bills of ${account} sum to ${sum}, the wallet is ${wallet}`);
    if (openPositions === 0 && isolated !== 0n) broken.push(`flat account ${account} still has ${isolated} assigned`);
    if (openPositions === 0 && wallet < 0n) broken.push(`flat account ${account} has a wallet of ${wallet}`);
  }
  if (collected.bills[0]?.type !== 'deposit') broken.push('the first bill is not the deposit');
  if (collected.bills.filter(({ type }) => type === 'deposit').length !== script.accounts.length) {
    broken.push('not one deposit for each account');
  }
  return broken;
}

/** Totals of the outcome are those of the tables. */
function brokenTotals({ collected, outcome }: ScenarioRun): string[] {
  const broken: string[] = [];
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
  for (const { account, fees, funding, insurance, liquidations } of outcome.accounts) {
    const bills = collected.bills.filter((bill) => bill.account === account);
    const trades = collected.trades.filter((trade) => trade.account === account);
    const billed = (type: string): bigint =>
      sum(bills.filter((bill) => bill.type === type).map(({ amount }) => amount));
    const agree = (what: string, a: bigint, b: bigint): void => {
      if (a !== b) broken.push(`${what} of ${account}: ${a} and ${b}`);
    };
    agree('fees of the summary and of trades', fees, sum(trades.map(({ commission }) => commission)));
    agree('fees of the summary and of bills', fees, -billed('fee'));
    agree('funding of the summary and of bills', funding, billed('funding'));
    agree('insurance of the summary and of bills', insurance, billed('insurance'));
    agree(
      'PnL of trades and of bills',
      sum(trades.map((t) => t.realizedPnl)),
      billed('realized_pnl') + billed('liquidation'),
    );
    agree(
      'liquidations and their trades',
      BigInt(liquidations),
      BigInt(trades.filter((t) => t.reason === 'liquidation').length),
    );
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
