/**
 * The margin calculator: a request in, its outputs or an error out. The table of kinds is here; what each computes is in the
 * kindsOf files. Pure: no streams, no files, no clock.
 */

import { type MarginRules, marginRulesOf } from '../venue/marginRules.js';
import { calcError, type Inputs } from './inputs.js';
import {
  computeFeeKind,
  computeFeeToClose,
  computeFeeToOpen,
  computeOrderCostKind,
  computeTwoWayFee,
} from './kindsOfFees.js';
import {
  computeAverageEntry,
  computeAverageExit,
  computeFundedTrip,
  computeOpenValue,
  computeRoundTrip,
  computeSequence,
} from './kindsOfFills.js';
import { computeFundingPayment, computeFundingTable, computeFundingWindow } from './kindsOfFunding.js';
import {
  computeAvailable,
  computeInitialMarginKind,
  computeMaintenanceKind,
  computeNotional,
  computeQuantoMargin,
  computeQuantoNotional,
  computeRiskLimitTier,
  computeSize,
  computeTierAmount,
  computeTieredMaintenance,
  computeTierLookup,
} from './kindsOfMargin.js';
import {
  computeBankruptcyKind,
  computeLedgerKind,
  computeLiquidationKind,
  computePositionMarginKind,
  computeRecordKind,
  computeUnrealizedKind,
} from './kindsOfPosition.js';
import { formatOutputs, type Outputs, type ResultRecord } from './outputs.js';
import { isRecord, readInputs } from './readInputs.js';

type Compute = (inputs: Inputs, rules: MarginRules) => ResultRecord;

const COMPUTE: ReadonlyMap<string, Compute> = new Map<string, Compute>([
  ['unrealized_pnl', computeUnrealizedKind],
  ['average_entry', computeAverageEntry],
  ['average_exit', computeAverageExit],
  ['multi_fill_sequence', computeSequence],
  ['multi_fill_final', computeSequence],
  ['round_trip_wallet', computeSequence],
  ['round_trip_net_pnl', computeRoundTrip],
  ['round_trip_with_funding', computeFundedTrip],
  ['open_value', computeOpenValue],
  ['notional', computeNotional],
  ['quanto_notional', computeQuantoNotional],
  ['quanto_value_and_margin', computeQuantoMargin],
  ['liquidation_price', computeLiquidationKind],
  ['bankruptcy_price', computeBankruptcyKind],
  ['position_ledger', computeLedgerKind],
  ['position_margin', computePositionMarginKind],
  ['exchange_position', computeRecordKind],
  ['initial_margin', computeInitialMarginKind],
  ['maintenance_margin', computeMaintenanceKind],
  ['available_margin', computeAvailable],
  ['size_from_margin', computeSize],
  ['tier_lookup', computeTierLookup],
  ['tier_amount', computeTierAmount],
  ['tiered_maintenance', computeTieredMaintenance],
  ['risk_limit_tier', computeRiskLimitTier],
  ['order_cost', computeOrderCostKind],
  ['two_way_fee', computeTwoWayFee],
  ['fee', computeFeeKind],
  ['fee_to_open', computeFeeToOpen],
  ['fee_to_close', computeFeeToClose],
  ['funding_payment', computeFundingPayment],
  ['funding_table', computeFundingTable],
  ['funding_window', computeFundingWindow],
]);

export const KINDS: readonly string[] = [...COMPUTE.keys()];

/** Venue of a request that names none. */
const DEFAULT_VENUE = 'generic';

const REQUEST_KEYS: readonly string[] = ['kind', 'venue', 'inputs'];

export interface Answer {
  readonly kind: string;
  readonly outputs: Outputs;
}

/**
 * Answers one request `{kind, venue, inputs}`.
 *
 * @throws UserError bad_request, unknown_kind, unknown_input, missing_input, bad_input
 */
export function calculate(request: unknown): Answer {
  if (!isRecord(request)) throw calcError('bad_request', 'a request is an object with kind, venue and inputs');
  const stranger = Object.keys(request).find((key) => !REQUEST_KEYS.includes(key));
  if (stranger !== undefined)
    throw calcError('bad_request', `unknown field: ${stranger}; a request has kind, venue and inputs`);
  const { kind, venue = DEFAULT_VENUE, inputs = {} } = request;
  if (typeof kind !== 'string') throw calcError('bad_request', 'missing field: kind');
  if (typeof venue !== 'string') throw calcError('bad_request', 'venue is not a text');
  const compute = COMPUTE.get(kind);
  if (compute === undefined) throw calcError('unknown_kind', `unknown kind: ${kind}`);
  return { kind, outputs: formatOutputs(compute(readInputs(inputs), marginRulesOf(venue))) };
}
