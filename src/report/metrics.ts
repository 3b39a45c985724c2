/**
 * The figures of a run's summary in one ordered list: name, what it means, how it is read for an account and for all
 * accounts together. Terminal, CSV, JSON and docs all read this list. Where a figure means nothing it is null, with a reason.
 */

import type { AccountOutcome, Figure, RunOutcome } from '../engine/records.js';

export interface Metric {
  /** As in the summary's CSV and JSON. */
  readonly name: string;
  /** One sentence for the docs: unit, sign and sample. */
  readonly description: string;
  readonly isToned?: true;
  readonly ofAccount: (account: AccountOutcome, run: RunOutcome) => Figure;
  readonly ofTotal: (run: RunOutcome) => Figure;
}

export const METRICS: readonly Metric[] = [
  money('start_equity', 'Equity at the open of the first bar, after the starting deposit.', (a) => a.startEquity),
  money('end_equity', 'Equity at the close of the last bar, open positions valued at the mark.', (a) => a.endEquity),
  {
    ...money(
      'pnl',
      'end_equity − start_equity − deposits after the start + withdrawals; fees and funding are in it.',
      (a) => a.endEquity - a.startEquity - a.netDeposits,
    ),
    isToned: true,
  },
  money('fees', 'Trading fees, positive when paid.', (a) => a.fees),
  { ...money('funding', 'Funding payments, positive when received.', (a) => a.funding), isToned: true },
  money('insurance', 'What the insurance fund paid in, so that no wallet fell below zero.', (a) => a.insurance),
  count('closed_trades', 'Positions that went from flat to flat.', (a) => a.closedTrades),
  {
    name: 'win_rate',
    description: 'Closed trades with a net profit above zero / closed trades.',
    ofAccount: (a) => computeWinRate([a]),
    ofTotal: (run) => computeWinRate(run.accounts),
  },
  count('break_even_trades', 'Closed trades with a net profit of exactly zero; no wins.', (a) => a.breakEven),
  {
    name: 'max_drawdown',
    description: 'Largest fall of the equity at bar closes, as a share of the highest equity before it.',
    ofAccount: (a) => ({ kind: 'ratio', value: a.maxDrawdown }),
    ofTotal: (run) => {
      const [only, ...others] = run.accounts;
      if (only === undefined) return none('no accounts');
      return others.length === 0
        ? { kind: 'ratio', value: only.maxDrawdown }
        : none(`the joint equity of several ${severalOf(run.accounts)} is not sampled`);
    },
  },
  count('liquidations', 'Liquidations.', (a) => a.liquidations),
  count('open_positions', 'Positions still open at the end, valued at the mark.', (a) => a.openPositions),
  count('rejected_orders', 'Orders that were refused.', (a) => a.rejectedOrders),
  count(
    'missing_funding',
    'Funding times at which a position was held and no rate was known.',
    (a) => a.missingFunding,
  ),
  count(
    'ambiguous_bars',
    'Bars whose result depends on the path inside the bar; in the total a bar counts once for each account.',
    (a) => a.ambiguousBars,
  ),
  {
    name: 'bars',
    description: 'Bars that were settled.',
    ofAccount: (_, run) => ({ kind: 'count', value: run.bars }),
    ofTotal: (run) => ({ kind: 'count', value: run.bars }),
  },
];

function money(name: string, description: string, read: (account: AccountOutcome) => bigint): Metric {
  return {
    name,
    description,
    ofAccount: (a) => ({ kind: 'money', value: read(a), currency: a.currency }),
    ofTotal: (run) => computeMoneyTotal(run.accounts, read),
  };
}

function count(name: string, description: string, read: (account: AccountOutcome) => number): Metric {
  return {
    name,
    description,
    ofAccount: (a) => ({ kind: 'count', value: read(a) }),
    ofTotal: (run) => ({ kind: 'count', value: run.accounts.reduce((sum, a) => sum + read(a), 0) }),
  };
}

function computeMoneyTotal(accounts: readonly AccountOutcome[], read: (account: AccountOutcome) => bigint): Figure {
  const currency = accounts[0]?.currency;
  if (currency === undefined) return none('no accounts');
  const isShared = accounts.every(
    (a) => a.currency.code === currency.code && a.currency.decimals === currency.decimals,
  );
  if (!isShared)
    return none(`the ${severalOf(accounts) === 'accounts' ? 'accounts hold' : 'account holds'} different currencies`);
  return { kind: 'money', value: accounts.reduce((sum, a) => sum + read(a), 0n), currency };
}

function computeWinRate(accounts: readonly AccountOutcome[]): Figure {
  const closed = accounts.reduce((sum, a) => sum + a.closedTrades, 0);
  const wins = accounts.reduce((sum, a) => sum + a.wins, 0);
  return closed === 0 ? none('no closed trades') : { kind: 'ratio', value: wins / closed };
}

/** What there are several of: accounts, or ledgers of one account. */
function severalOf(ledgers: readonly AccountOutcome[]): 'accounts' | 'currencies' {
  return new Set(ledgers.map((ledger) => ledger.account)).size > 1 ? 'accounts' : 'currencies';
}

function none(reason: string): Figure {
  return { kind: 'none', reason };
}
