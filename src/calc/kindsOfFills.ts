/**
 * Requests about fills: average prices, sequences of fills with their profit and fees, round trips. Fill by fill the holding
 * is account/position.ts; nothing is rounded.
 */

import { computeExactFee, computeExactInitialMargin } from '../account/margin.js';
import { applyFill, type Holding } from '../account/position.js';
import type { Fraction } from '../money/decimal.js';
import { integer, minus, negate, ONE, over, plus, sumOf, times, ZERO } from '../money/fractions.js';
import { calcError, type FillInput, type Inputs } from './inputs.js';
import { createInstrument, type Instrument, signOfSide } from './instrument.js';
import type { ResultRecord } from './outputs.js';

const FLAT: Holding = { qty: ZERO, cost: ZERO };

function requireFills(inputs: Inputs): readonly FillInput[] {
  const fills = inputs.fills('fills');
  return fills.length === 0 ? inputs.miss('fills') : fills;
}

const absolute = (a: Fraction): Fraction => (a.num < 0n ? negate(a) : a);

/** Signed contracts of a fill; without a side it grows the position. */
function signedQty(fill: FillInput): Fraction {
  return fill.side === 'sell' ? negate(fill.qty) : fill.qty;
}

/** Average over fills: of all, where they have no sides; else of the position that they leave open. */
export function computeAverageEntry(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  let holding = FLAT;
  for (const fill of requireFills(inputs)) {
    holding = applyFill(holding, signedQty(fill), instrument.value(fill.qty, fill.price), instrument.sigma).after;
  }
  return averageOf(instrument, absolute(holding.qty), holding.cost);
}

/** Average over the closing fills; fills without sides are all taken as closing. */
export function computeAverageExit(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const fills = requireFills(inputs);
  let holding = FLAT;
  let [qty, cost] = [ZERO, ZERO];
  for (const fill of fills) {
    const value = instrument.value(fill.qty, fill.price);
    const change = applyFill(holding, signedQty(fill), value, instrument.sigma);
    const closed = fill.side === null ? fill.qty : change.closed;
    qty = plus(qty, closed);
    cost = plus(cost, over(times(value, closed), fill.qty));
    holding = change.after;
  }
  return averageOf(instrument, qty, cost);
}

function averageOf(instrument: Instrument, qty: Fraction, cost: Fraction): ResultRecord {
  return { avg_price: qty.num === 0n ? null : instrument.priceOf(qty, cost), qty, notional: cost };
}

/** One object for each fill, and what the fills made in all. */
export function computeSequence(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const rate = inputs.find('fee_rate', 'taker_fee_rate') ?? ZERO;
  let holding = FLAT;
  let [gross, fees] = [ZERO, ZERO];
  const steps = requireFills(inputs).map((fill, i): ResultRecord => {
    if (fill.side === null) throw calcError('bad_input', `fills[${i}] has no side`);
    const value = instrument.value(fill.qty, fill.price);
    const change = applyFill(holding, signedQty(fill), value, instrument.sigma);
    const fee = computeExactFee(value, rate);
    holding = change.after;
    gross = plus(gross, change.gross);
    fees = plus(fees, fee);
    const qty = absolute(holding.qty);
    return {
      qty,
      side: qty.num === 0n ? undefined : holding.qty.num > 0n ? 'long' : 'short',
      avg_entry: qty.num === 0n ? undefined : instrument.priceOf(qty, holding.cost),
      gross_pnl: change.gross,
      fee,
      realized_pnl_net_of_fees: minus(gross, fees),
    };
  });
  const net = minus(gross, fees);
  const wallet = inputs.find('wallet_balance');
  return {
    steps,
    gross_pnl: gross,
    fee: fees,
    final_realized_pnl: net,
    wallet: wallet === null ? undefined : plus(wallet, net),
  };
}

interface Trip {
  readonly side: Fraction;
  readonly entryValue: Fraction;
  readonly gross: Fraction | null;
  readonly feeOpen: Fraction;
  readonly feeClose: Fraction;
}

function readTrip(inputs: Inputs, instrument: Instrument, fallbackSide?: 'long'): Trip {
  const qty = inputs.require('qty');
  const entryValue = instrument.value(qty, inputs.require('entry_price', 'price'));
  const exit = inputs.find('exit_price');
  const side = signOfSide(inputs, fallbackSide);
  const exitValue = exit === null ? null : instrument.value(qty, exit);
  return {
    side: integer(side),
    entryValue,
    gross: exitValue === null ? null : times(integer(side * instrument.sigma), minus(exitValue, entryValue)),
    feeOpen: computeExactFee(entryValue, inputs.find('fee_open_rate', 'fee_rate') ?? ZERO),
    feeClose: exitValue === null ? ZERO : computeExactFee(exitValue, inputs.find('fee_close_rate', 'fee_rate') ?? ZERO),
  };
}

/** Value of the opening with its fee: plus for a long, minus for a short. */
export function computeOpenValue(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const trip = readTrip(inputs, instrument);
  if (!inputs.has('fee_open_rate') && !inputs.has('fee_rate')) inputs.miss('fee_open_rate');
  return {
    entry_value: trip.entryValue,
    fee_to_open: trip.feeOpen,
    open_value_incl_fee: plus(trip.entryValue, times(trip.side, trip.feeOpen)),
    ...(trip.gross === null ? {} : describeTrip(inputs, trip, inputs.find('funding_received') ?? ZERO)),
  };
}

export function computeRoundTrip(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  inputs.require('exit_price');
  return describeTrip(inputs, readTrip(inputs, instrument), inputs.find('funding_received') ?? ZERO);
}

/** Profit after fees and funding, and the returns that follow from it. */
function describeTrip(inputs: Inputs, trip: Trip, funding: Fraction): ResultRecord {
  const { side, entryValue, feeOpen, feeClose } = trip;
  const gross = trip.gross!;
  const net = sumOf([gross, negate(feeOpen), negate(feeClose), funding]);
  const leverage = inputs.find('leverage');
  const openValue = plus(entryValue, times(side, feeOpen));
  return {
    entry_value: entryValue,
    open_value_incl_fee: openValue,
    fee_to_open: feeOpen,
    fee_to_close: feeClose,
    gross_pnl: gross,
    net_pnl: net,
    profit_ratio: openValue.num === 0n ? undefined : over(times(leverage ?? ONE, net), openValue),
    net_on_entry_margin: leverage === null ? undefined : over(net, computeExactInitialMargin(entryValue, leverage)),
  };
}

/** BitMEX's guide: one funding on the way, its rate from the two interest rates where it is not given. Inverse and long by default. */
export function computeFundedTrip(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs, { type: 'inverse' });
  inputs.require('exit_price');
  const trip = readTrip(inputs, instrument, 'long');
  const [quote, base] = [inputs.find('quote_rate_per_day'), inputs.find('base_rate_per_day')];
  const derived = quote === null || base === null ? null : over(minus(quote, base), integer(3n));
  const rate = inputs.find('funding_rate') ?? derived ?? inputs.miss('funding_rate');
  const price = inputs.require('funding_mark_price', 'mark_price');
  const paid = times(trip.side, computeExactFee(instrument.value(inputs.require('qty'), price), rate));
  const other = inputs.find('funding_received') ?? ZERO;
  return {
    ...describeTrip(inputs, trip, minus(other, paid)),
    funding_paid: paid,
    funding_rate: derived ?? rate,
  };
}
