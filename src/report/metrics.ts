/**
 * The figures of a run's summary in one ordered list: name, what it means, how it is read for a ledger and for a
 * total over several. Terminal, CSV, JSON and docs all read this list. Where a figure means nothing it is null, with a reason.
 */

import type { AccountOutcome, RunOutcome, TotalOutcome } from '../engine/records.js';
import type { Currency } from '../money/units.js';

/** A figure of the summary; `reason` says why there is no value. */
export type Figure =
  | { readonly kind: 'money'; readonly value: bigint; readonly currency: Currency }
  | { readonly kind: 'count'; readonly value: number }
  | { readonly kind: 'ratio'; readonly value: number }
  | { readonly kind: 'none'; readonly reason: string };

/** What a total is made of: its money in the report currency, and the ledgers that it is of. */
export interface TotalSource {
  readonly total: TotalOutcome;
  readonly ledgers: readonly AccountOutcome[];
}

export interface Metric {
  /** As in the summary's CSV and JSON. */
  readonly name: string;
  /** One sentence for the docs: unit, sign and sample. */
  readonly description: string;
  readonly isToned?: true;
  /** Shown on the terminal only where some ledger has it; files always have it. */
  readonly isRare?: true;
  readonly ofLedger: (ledger: AccountOutcome, run: RunOutcome) => Figure;
  readonly ofTotal: (source: TotalSource, run: RunOutcome) => Figure;
}

type Total = Exclude<TotalOutcome, { readonly reason: string }>;

export const METRICS: readonly Metric[] = [
  money('start_equity', 'Equity at the open of the first bar, after the starting deposit.', (a) => a.startEquity),
  money('end_equity', 'Equity at the close of the last bar, open positions valued at the mark.', (a) => a.endEquity),
  {
    ...money(
      'pnl',
      'end_equity − start_equity − deposits after the start + withdrawals − spot_flow; fees and funding are in it.',
      (a) => a.endEquity - a.startEquity - a.netDeposits - ('spot' in a ? a.spot : 0n),
    ),
    isToned: true,
  },
  money('fees', 'Trading fees, positive when paid.', (a) => a.fees),
  { ...money('funding', 'Funding payments, positive when received.', (a) => a.funding), isToned: true },
  money('insurance', 'What the insurance fund paid in, so that no wallet fell below zero.', (a) => a.insurance),
  {
    name: 'spot_flow',
    description: 'What spot trades brought into the currency less what they took out of it: an exchange, not profit.',
    isRare: true,
    ofLedger: (a) => ({ kind: 'money', value: a.spot, currency: a.currency }),
    ofTotal: ({ total, ledgers }) => {
      if ('reason' in total) return none(total.reason);
      if (ledgers.some(({ spot }) => spot !== 0n)) return none('spot trades exchange one currency for another');
      return { kind: 'money', value: 0n, currency: total.currency };
    },
  },
  count('closed_trades', 'Positions that went from flat to flat.', (a) => a.closedTrades),
  {
    name: 'win_rate',
    description: 'Closed trades with a net profit above zero / closed trades.',
    ofLedger: (a) => computeWinRate([a]),
    ofTotal: ({ ledgers }) => computeWinRate(ledgers),
  },
  count('break_even_trades', 'Closed trades with a net profit of exactly zero; no wins.', (a) => a.breakEven),
  {
    name: 'max_drawdown',
    description: 'Largest fall of the equity at bar closes, as a share of the highest equity before it.',
    ofLedger: (a) => ({ kind: 'ratio', value: a.maxDrawdown }),
    ofTotal: ({ total }) => ('reason' in total ? none(total.reason) : { kind: 'ratio', value: total.maxDrawdown }),
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
    ofLedger: (_, run) => ({ kind: 'count', value: run.bars }),
    ofTotal: (_, run) => ({ kind: 'count', value: run.bars }),
  },
];

function money(name: string, description: string, read: (of: AccountOutcome | Total) => bigint): Metric {
  return {
    name,
    description,
    ofLedger: (a) => ({ kind: 'money', value: read(a), currency: a.currency }),
    ofTotal: ({ total }) =>
      'reason' in total ? none(total.reason) : { kind: 'money', value: read(total), currency: total.currency },
  };
}

function count(name: string, description: string, read: (account: AccountOutcome) => number): Metric {
  return {
    name,
    description,
    ofLedger: (a) => ({ kind: 'count', value: read(a) }),
    ofTotal: ({ ledgers }) => ({ kind: 'count', value: ledgers.reduce((sum, a) => sum + read(a), 0) }),
  };
}

function computeWinRate(accounts: readonly AccountOutcome[]): Figure {
  const closed = accounts.reduce((sum, a) => sum + a.closedTrades, 0);
  const wins = accounts.reduce((sum, a) => sum + a.wins, 0);
  return closed === 0 ? none('no closed trades') : { kind: 'ratio', value: wins / closed };
}

function none(reason: string): Figure {
  return { kind: 'none', reason };
}
