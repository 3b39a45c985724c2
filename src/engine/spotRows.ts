/**
 * The row of a spot holding: what was bought in the run and not sold yet, valued at the last price. It has no margin, and no
 * price liquidates it. Rows of contracts are accountRows.ts.
 */

import { computeUnrealizedPnl } from '../account/margin.js';
import { computeEntryPrice, type Position } from '../account/position.js';
import { computeValue } from '../contract/payoff.js';
import { fractionToF64 } from '../money/decimal.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';
import type { PositionRecord } from './records.js';

/** @param frozen coins of the holding that resting sells have spoken for. */
export function spotPositionRecord(
  { name, account, symbols }: AccountRuntime,
  holding: Position,
  frozen: bigint,
  moment: Moment,
): PositionRecord {
  const { contract, qty: total, cost } = holding;
  const { valueRounding } = account.rules;
  const last = moment.last(symbols.placeOf(contract));
  const amount = computeValue(contract, valueRounding, total, last);
  return {
    timeMs: moment.timeMs,
    account: name,
    contract,
    side: 'long',
    markPrice: fractionToF64(last),
    amount,
    total,
    available: total - frozen,
    frozen,
    entryPrice: computeEntryPrice(holding) ?? { num: cost, den: 1n },
    unrealizedPnl: computeUnrealizedPnl(account.rules, holding, last),
    margin: 0n,
    mode: null,
    leverage: null,
    liquidationPrice: null,
    bankruptcyPrice: null,
    maintenanceMargin: 0n,
    groupMaintenance: 0n,
    equity: amount,
    riskLevel: 'low',
  };
}
