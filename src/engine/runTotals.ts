/**
 * Totals over several ledgers in one report currency: sums of exact amounts at the first opens and the last closes, each rounded
 * once. Where no symbol of the run prices a currency in the other there is no total, and the reason says so.
 */

import type { Fraction } from '../money/decimal.js';
import { plus, ZERO } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import type { Currency } from '../money/units.js';
import { type CurrencyRates, convertUnits, type PriceNode } from './currencyRates.js';
import type { AccountOutcome, RunTotals, TotalOutcome } from './records.js';
import type { RunCurves } from './runCurves.js';

/** The ledgers of each account, in account order, and those that have never held anything. */
export interface TotalParts {
  readonly ledgersOf: readonly (readonly AccountOutcome[])[];
  readonly isUntouched: (ledger: AccountOutcome, account: number) => boolean;
  readonly curves: RunCurves;
}

export function computeRunTotals({ ledgersOf, isUntouched, curves }: TotalParts): RunTotals {
  const held = ledgersOf.map((ledgers, account) => ledgers.filter((ledger) => !isUntouched(ledger, account)));
  const accounts = held.map((ledgers, account) =>
    computeTotal(ledgersOf[account]![0]!.currency, ledgers, curves, account),
  );
  return { accounts, overall: computeTotal(ledgersOf[0]![0]!.currency, held.flat(), curves, 'overall') };
}

function computeTotal(
  currency: Currency,
  ledgers: readonly AccountOutcome[],
  curves: RunCurves,
  whose: number | 'overall',
): TotalOutcome {
  const { rates } = curves;
  for (const ledger of ledgers) {
    if (rateOf(rates, ledger.currency, currency, 'close') !== null) continue;
    return { reason: `no symbol of the run prices ${ledger.currency.code} in ${currency.code}` };
  }
  const sum = (node: PriceNode, read: (ledger: AccountOutcome) => bigint): bigint => {
    const parts = ledgers.map((ledger) => {
      const rate = rateOf(rates, ledger.currency, currency, node)!;
      return convertUnits(read(ledger), ledger.currency, currency, rate);
    });
    const { num, den } = parts.reduce(plus, ZERO);
    return divHalfAway(num, den);
  };
  const joint = curves.jointOf(whose);
  const [only] = ledgers;
  return {
    currency,
    startEquity: sum('start', (ledger) => ledger.startEquity),
    endEquity: sum('close', (ledger) => ledger.endEquity),
    netDeposits: joint === null ? sum('close', (ledger) => ledger.netDeposits) : joint.netDeposits,
    fees: sum('close', (ledger) => ledger.fees),
    funding: sum('close', (ledger) => ledger.funding),
    insurance: sum('close', (ledger) => ledger.insurance),
    maxDrawdown: joint === null ? (only?.maxDrawdown ?? 0) : joint.maxDrawdown,
  };
}

/** Null where nothing prices the one in the other. */
function rateOf(rates: CurrencyRates, from: Currency, to: Currency, node: PriceNode): Fraction | null {
  const route = rates.route(from.code, to.code);
  return route === null ? null : rates.exact(route, node);
}
