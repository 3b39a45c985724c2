/** Requests about funding: one payment, a table of payments, and the payments that a holding period catches. */

import { computeExactFee, computeExactInitialMargin } from '../account/margin.js';
import { compareFractions, type Fraction } from '../money/decimal.js';
import { integer, minus, negate, ONE, plus, sumOf, times, ZERO } from '../money/fractions.js';
import { calcError, type Inputs } from './inputs.js';
import { createInstrument, signOfSide } from './instrument.js';
import type { ResultRecord } from './outputs.js';

const MS_PER_SECOND = integer(1000n);

/** What a position is paid: −s·V(mark)·rate, scaled by the share of the interval; a rate signed for the trader is taken as it is. */
export function computeFundingPayment(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const qty = inputs.require('qty');
  const value = instrument.value(qty, inputs.require('mark_price', 'funding_mark_price'));
  const share = inputs.find('time_in_ratio') ?? ONE;
  const signed = inputs.find('signed_fee_rate');
  const paid =
    signed === null
      ? times(integer(signOfSide(inputs)), computeExactFee(value, inputs.require('funding_rate')))
      : computeExactFee(value, signed);
  const payment = negate(times(paid, share));
  return {
    position_value: value,
    payment_received: payment,
    fee_paid: negate(payment),
    ...describeWallet(inputs, value, payment),
  };
}

/** Wallet after the payment, and what of it no position holds. */
function describeWallet(inputs: Inputs, value: Fraction, payment: Fraction): ResultRecord {
  const before = inputs.find('wallet_before', 'wallet_balance');
  if (before === null) return {};
  const total = plus(before, payment);
  const leverage = inputs.find('leverage');
  const own = leverage === null ? null : computeExactInitialMargin(value, leverage);
  const margin = inputs.find('total_position_margin') ?? own;
  return { total, available: margin === null ? undefined : minus(total, margin) };
}

/** Amounts that a long pays (a short, where the request says so, receives them: the sign turns). */
export function computeFundingTable(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const qty = inputs.require('qty');
  const marks = inputs.list('mark_prices');
  const rates = inputs.list('funding_rates');
  if (!inputs.has('mark_prices')) inputs.miss('mark_prices');
  if (!inputs.has('funding_rates')) inputs.miss('funding_rates');
  if (marks.length !== rates.length) {
    throw calcError('bad_input', `mark_prices has ${marks.length} numbers, funding_rates ${rates.length}`);
  }
  if (marks.some(({ num }) => num <= 0n))
    throw calcError('bad_input', 'mark_prices has a price that is not more than 0');
  const side = integer(signOfSide(inputs, 'long'));
  const values = marks.map((mark) => instrument.value(qty, mark));
  const amounts = values.map((value, i) => times(side, computeExactFee(value, rates[i]!)));
  return { nominal_values: values, funding_amounts: amounts, payment_received: negate(sumOf(amounts)) };
}

/** Payments of the events that the holding period counts: open ≤ event ≤ close, or opened less than the cutoff after the event. */
export function computeFundingWindow(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const qty = inputs.require('qty');
  const side = integer(signOfSide(inputs));
  const open = inputs.require('open_time');
  const close = inputs.require('close_time');
  if (!inputs.has('funding_events')) inputs.miss('funding_events');
  const cutoff = times(inputs.find('cutoff_seconds') ?? ZERO, MS_PER_SECOND);
  const payments = inputs.rows('funding_events').map((event) => {
    const time = event.require('time');
    const late = minus(open, time);
    const isHeld = late.num <= 0n || compareFractions(late, cutoff) < 0;
    if (!isHeld || compareFractions(time, close) > 0) return ZERO;
    const value = instrument.value(qty, event.require('mark_price'));
    return negate(times(side, computeExactFee(value, event.require('funding_rate'))));
  });
  const received = sumOf(payments);
  return { payment_received: received, fee_paid: negate(received) };
}
