/**
 * The worlds of the simulator must reach what the engines are compared for: every kind of liquidation, refusal and bill, hedged
 * pairs and several cross symbols. In every one of these runs of the reference engine the laws of wallets and rows hold.
 */

import { describe, expect, it, test } from '@jest/globals';
import { type Counts, count } from './coverage.js';
import { brokenLaws, referenceRunOf } from './referenceRun.js';
import { worldOf } from './worldOf.js';

const SEEDS = 300;
const PER_TEST = 25;
/** How often each kind must be met at least. */
const LEAST = 2;

const KINDS = [
  'liquidation bankruptcy',
  'liquidation mark',
  'liquidation backstop',
  'liquidation of several symbols',
  'partial_liquidation one_tier',
  'partial_liquidation two_tiers_from_third',
  'partial_liquidation two_tiers_in_cross',
  'cancelled by liquidation',
  'bankrupt',
  'ambiguous',
  'row of a pair',
  'row of several cross symbols',
  'bill auto_margin',
  'bill deposit',
  'bill fee',
  'bill funding',
  'bill insurance',
  'bill leverage_change',
  'bill liquidation',
  'bill liquidation_fee',
  'bill margin_add',
  'bill margin_remove',
  'bill realized_pnl',
  'bill transfer_in',
  'bill transfer_out',
  'bill withdraw',
  'call setPositionMode',
  'call setAutoMargin',
  'call removeMargin',
  '70001 open_position',
  '70001 open_orders',
  '70001 not_isolated',
  '70002 open_position',
  '70002 open_orders',
  '70002 side_not_in_mode',
  '70003 leverage_above_max',
  '70003 leverage_above_tier',
  '70003 risk_limit_exceeded',
  '70004 insufficient_margin',
  '70004 margin_below_initial',
  '70004 would_liquidate',
  '70005 account_bankrupt',
  '70005 bankrupt',
  '400 leverage_decrease',
  '400 no_price_yet',
  '400 notional_below_min',
  '400 position_frozen',
  '400 same_account',
  '400 side_needed',
  '400 unknown_account',
  '400 unknown_currency',
  'told onFill',
  'told onFunding',
  'told onLiquidation',
  'told onOrderRejected',
  'figures',
  'spot buy order taker',
  'spot buy order maker',
  'spot sell order taker',
  'spot sell order maker',
  'spot sell stop_loss taker',
  'spot sell stop_profit taker',
  'spot leg cut to what is free',
  'spot order cancelled by bankrupt',
  'spot order cancelled by liquidation',
  'sale of coins that were not bought',
  'closed holding',
  'row of a holding',
  'row of a holding with coins frozen',
  'rejected spot market insufficient_balance',
  'rejected spot limit insufficient_balance',
  'cancelled spot stop insufficient_balance',
  'cancelled spot limit insufficient_balance',
  'coins: deposit',
  'coins: withdraw',
  'coins: transfer_in',
  'coins: transfer_out',
  '400 not_a_spot_pair',
  '400 reduce_only_on_spot',
  '400 spot_pair',
  'total of three currencies',
  'no total',
];

describe('reference engine', () => {
  const counts: Counts = new Map();
  const starts = Array.from({ length: SEEDS / PER_TEST }, (_, i) => 1 + i * PER_TEST);

  test.each(starts)('when worlds are made from seed %i on then the laws hold in every run', async (start) => {
    for (let seed = start; seed < start + PER_TEST; seed += 1) {
      const world = worldOf(seed);
      const run = await referenceRunOf(world);
      expect({ seed, broken: brokenLaws(run) }).toEqual({ seed, broken: [] });
      count(world, run, counts);
    }
  });

  it('when all of them have run then each kind of event has been met', () => {
    expect(KINDS.filter((kind) => (counts.get(kind) ?? 0) < LEAST)).toEqual([]);
  });
});
