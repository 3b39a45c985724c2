/** Requests about fees and about what an order costs before it fills. The parts of an order's cost are account/orderCost.ts. */

import { solveFixedRequirement } from '../account/liquidationValue.js';
import { computeExactFee, computeExactInitialMargin } from '../account/margin.js';
import { computeOrderCostParts, type OrderCostParts } from '../account/orderCost.js';
import type { Fraction } from '../money/decimal.js';
import { integer, plus, sumOf, times, ZERO } from '../money/fractions.js';
import { divCeil } from '../money/rounding.js';
import { pow10 } from '../money/units.js';
import type { MarginRules } from '../venue/marginRules.js';
import type { Inputs } from './inputs.js';
import { createInstrument, type Instrument, signOfSide } from './instrument.js';
import type { ResultRecord } from './outputs.js';

/** Decimals of the settlement unit that reserved fees are rounded up to. */
const RESERVE_DECIMALS = 8;

/** Value of contracts as a fee or a margin is charged on it: in quote currency where the request says so. */
export function chargedValue(inputs: Inputs, instrument: Instrument, qty: Fraction, price: Fraction): Fraction {
  const isFace = inputs.isOn('quote_denominated') && instrument.contract.type === 'inverse';
  return isFace ? times(qty, instrument.contract.multiplier) : instrument.value(qty, price);
}

const requireRate = (inputs: Inputs): Fraction => inputs.require('fee_rate', 'taker_fee_rate');

/** Fee of one fill, or of several and their sum. */
export function computeFeeKind(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const rate = requireRate(inputs);
  const fills = inputs.fills('fills');
  if (fills.length > 0) {
    const values = fills.map(({ qty, price }) => chargedValue(inputs, instrument, qty, price));
    const fees = values.map((value) => computeExactFee(value, rate));
    return { notional: sumOf(values), fee: sumOf(fees), fees };
  }
  const value = chargedValue(inputs, instrument, inputs.require('qty'), inputs.require('price', 'entry_price'));
  return { notional: value, fee: computeExactFee(value, rate) };
}

export function computeFeeToOpen(inputs: Inputs): ResultRecord {
  const fee = computeFeeKind(inputs);
  return { ...fee, fee_to_open: fee['fee'] };
}

/** Closing fee at a bankruptcy price that is given, or that follows from entry and leverage. */
export function computeFeeToClose(inputs: Inputs): ResultRecord {
  const instrument = createInstrument(inputs);
  const rate = requireRate(inputs);
  const qty = inputs.require('qty');
  const given = inputs.find('bankruptcy_price');
  const value = given === null ? valueAtBankruptcy(inputs, instrument, qty) : instrument.value(qty, given);
  const fee = computeExactFee(value, rate);
  const units = times(fee, integer(pow10(RESERVE_DECIMALS)));
  return {
    notional: value,
    close_fee: fee,
    fee_to_close: fee,
    close_fee_rounded_up: { num: divCeil(units.num, units.den), den: pow10(RESERVE_DECIMALS) },
  };
}

function valueAtBankruptcy(inputs: Inputs, instrument: Instrument, qty: Fraction): Fraction {
  const entry = inputs.find('entry_price', 'price') ?? inputs.miss('bankruptcy_price');
  const cost = instrument.value(qty, entry);
  const collateral = computeExactInitialMargin(cost, inputs.find('leverage') ?? inputs.miss('bankruptcy_price'));
  const sign = (signOfSide(inputs) * instrument.sigma) as 1n | -1n;
  return solveFixedRequirement({ sign, cost, collateral }, ZERO) ?? ZERO;
}

interface Order {
  readonly instrument: Instrument;
  readonly qty: Fraction;
  readonly value: Fraction;
  readonly parts: OrderCostParts;
  /** s·σ of the position that the order opens. */
  readonly sign: 1n | -1n;
}

function readOrder(inputs: Inputs, rules: MarginRules): Order {
  const instrument = createInstrument(inputs, { initialRate: inputs.find('init_rate') ?? ZERO });
  const qty = inputs.require('qty');
  const price = inputs.require('price', 'entry_price');
  const side = signOfSide(inputs);
  const value = instrument.value(qty, price);
  const mark = inputs.find('mark_price');
  const leverage = inputs.find('leverage') ?? (inputs.has('init_rate') ? ZERO : inputs.miss('leverage'));
  const parts = computeOrderCostParts(
    {
      rules,
      contract: instrument.contract,
      leverage,
      side: side > 0n ? 'buy' : 'sell',
      price,
      mark: mark ?? price,
      takerFee: inputs.find('taker_fee_rate', 'fee_rate') ?? ZERO,
      exposure: 0n,
    },
    value,
    mark === null ? value : instrument.value(qty, mark),
  );
  return { instrument, qty, value, parts, sign: (side * instrument.sigma) as 1n | -1n };
}

/** Margin, open loss and reserved fees, as far as the venue counts them, and their sum. */
export function computeOrderCostKind(inputs: Inputs, rules: MarginRules): ResultRecord {
  const { instrument, qty, value, parts, sign } = readOrder(inputs, rules);
  const { initialMargin, openLoss, feeToOpen, feeToClose } = parts;
  const hasMark = inputs.has('mark_price');
  if (!hasMark && rules.openLossInOrderMargin && rules.feeReserve === 'none') inputs.miss('mark_price');
  const hasFees = rules.feeReserve !== 'none' && (inputs.has('taker_fee_rate') || inputs.has('fee_rate'));
  const bankrupt = solveFixedRequirement({ sign, cost: value, collateral: initialMargin }, ZERO);
  return {
    notional: value,
    initial_margin: initialMargin,
    open_loss: hasMark && rules.openLossInOrderMargin ? openLoss : undefined,
    fee_to_open: hasFees ? feeToOpen : undefined,
    fee_to_close: hasFees ? feeToClose : undefined,
    two_way_fee: hasFees ? plus(feeToOpen, feeToClose) : undefined,
    bankruptcy_price: bankrupt === null ? null : instrument.priceOf(qty, bankrupt),
    order_cost: sumOf([initialMargin, openLoss, feeToOpen, feeToClose]),
  };
}

/** Opening fee and closing fee at the bankruptcy price, whatever the venue reserves. */
export function computeTwoWayFee(inputs: Inputs, rules: MarginRules): ResultRecord {
  inputs.require('taker_fee_rate', 'fee_rate');
  const feeReserve = rules.feeReserve === 'none' ? 'open_close' : rules.feeReserve;
  const { feeToOpen, feeToClose } = readOrder(inputs, { ...rules, feeReserve }).parts;
  return { fee_to_open: feeToOpen, fee_to_close: feeToClose, two_way_fee: plus(feeToOpen, feeToClose) };
}
