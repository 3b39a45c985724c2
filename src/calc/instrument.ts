/**
 * The contract of a request, as the functions of contract/ and account/ take it: type, multiplier, tick, and a settlement unit
 * in which one is one (or, for the integer ledger, a satoshi or a millionth). Quantities become integers of their last digit.
 */

import type { Contract, ContractType } from '../contract/contract.js';
import { computeExactValue, priceOfValue, valueSign } from '../contract/payoff.js';
import type { PositionSide } from '../contract/sides.js';
import type { Fraction } from '../money/decimal.js';
import { integer, ONE, over, times, ZERO } from '../money/fractions.js';
import { pow10 } from '../money/units.js';
import { calcError, type Inputs } from './inputs.js';
import { decimalsOfFraction } from './readInputs.js';

export interface Instrument {
  readonly contract: Contract;
  /** Value of contracts at a price, exact. */
  value(qty: Fraction, price: Fraction): Fraction;
  /** Price at which contracts have a value; null where no price does. */
  priceOf(qty: Fraction, value: Fraction): Fraction | null;
  /** +1 where value rises with the price, −1 for inverse. */
  readonly sigma: 1n | -1n;
}

const TYPES: Readonly<Record<string, ContractType>> = {
  inverse: 'inverse',
  linear: 'linear',
  quanto: 'quanto',
  spot: 'linear',
};

export interface InstrumentOptions {
  /** Where the request names no type. */
  readonly type?: ContractType;
  /** Settlement units in one of the settlement currency; 1 unless the ledger counts in smaller ones. */
  readonly unitDecimals?: number;
  /** Digits after the point of the quantities that the integer ledger takes. */
  readonly qtyDecimals?: number;
  readonly initialRate?: Fraction;
  readonly maintenanceRate?: Fraction;
  readonly minQty?: bigint;
}

/** @throws UserError missing_input for a request without contract_type where none is implied */
export function createInstrument(inputs: Inputs, options: InstrumentOptions = {}): Instrument {
  const word = inputs.word('contract_type') ?? options.type ?? inputs.requireWord('contract_type');
  const type = TYPES[word]!;
  const units = integer(pow10(options.unitDecimals ?? 0));
  const own = inputs.find('units_per_price');
  const multiplier = inputs.find('multiplier') ?? ONE;
  const perContract = own ?? times(multiplier, units);
  const contract = createContract(inputs, type, perContract, options);
  // One quantity unit of this second contract is one contract, whatever the digits of the request's quantities.
  const single = { ...contract, qtyDecimals: 0, valueScale: perContract };
  const unitValue = (price: Fraction): Fraction => computeExactValue(single, 1n, price);
  return {
    contract,
    sigma: valueSign(contract),
    value: (qty, price) => times(qty, unitValue(price)),
    priceOf: (qty, value) => priceOfValue(single, 1n, over(value, qty)),
  };
}

function createContract(
  inputs: Inputs,
  type: ContractType,
  perContract: Fraction,
  options: InstrumentOptions,
): Contract {
  const qtyDecimals = options.qtyDecimals ?? 0;
  const tick = inputs.find('tick_size') ?? ONE;
  return {
    venue: '',
    symbol: inputs.word('symbol') ?? '',
    type,
    quoteCurrency: '',
    settle: { code: '', decimals: options.unitDecimals ?? 0 },
    multiplier: perContract,
    valueScale: over(perContract, integer(pow10(qtyDecimals))),
    tick,
    tickF64: 0,
    priceDecimals: decimalsOfFraction(tick),
    qtyDecimals,
    qtyStep: 1n,
    minQty: options.minQty ?? pow10(qtyDecimals),
    initialMargin: options.initialRate ?? ZERO,
    maintenanceMargin: options.maintenanceRate ?? ZERO,
    maxLeverage: ONE,
    takerFee: ZERO,
    makerFee: ZERO,
    fundTimesMs: [],
    riskSteps: null,
    tiers: null,
    minNotional: null,
    liquidationFee: null,
    base: null,
  };
}

/** +1 for a long. @throws UserError missing_input, or takes `fallback` where the request names no side */
export function signOfSide(inputs: Inputs, fallback?: PositionSide): 1n | -1n {
  return (inputs.word('side') ?? fallback ?? inputs.requireWord('side')) === 'long' ? 1n : -1n;
}

/** A number that the ledger keeps in whole units. @throws UserError bad_input */
export function requireUnits(name: string, value: Fraction): bigint {
  if (value.num % value.den !== 0n) throw calcError('bad_input', `${name} is not a whole number of ledger units`);
  return value.num / value.den;
}
