/**
 * How many contracts: by position value over wallet at a fill, and the two questions that a strategy asks for a number. All go by
 * the unrounded value; what an order by percent of the available balance is for is account/orderCost.ts.
 */

import type { Contract } from '../contract/contract.js';
import { computeExactValue } from '../contract/payoff.js';
import { UserError } from '../errors.js';
import type { Fraction } from '../money/decimal.js';
import { integer, minus, over, plus, times } from '../money/fractions.js';
import { divFloor } from '../money/rounding.js';
import { unitsToF64 } from '../money/units.js';
import type { SizeQuestion } from '../strategy/broker.js';
import type { AccountRuntime } from './accountRuntime.js';
import { marginRateOf } from './arming.js';
import type { Moment } from './moment.js';
import { readPositive } from './readDecimal.js';
import type { SymbolBook } from './symbolBook.js';

/** Wallet of the ledger that a contract settles in, at least 0. */
export function walletBehind({ account }: AccountRuntime, { settle }: Contract): bigint {
  const wallet = account.walletOf(settle.code);
  return wallet > 0n ? wallet : 0n;
}

/**
 * The largest quantity on the step whose unrounded value at the price is at most `pob` times the wallet; 0 below the least.
 *
 * @example pob 1 at 4,000, inverse: 10 XBT → 40,000 contracts
 */
export function sizeByWallet(runtime: AccountRuntime, contract: Contract, pob: Fraction, price: Fraction): bigint {
  const budget = times(pob, integer(walletBehind(runtime, contract)));
  return mostWithin(contract, budget, computeExactValue(contract, 1n, price));
}

/**
 * Answers a question for a quantity, in contracts; 0 below the least quantity.
 *
 * @throws UserError for an unknown symbol, a spot pair, and what is no positive number.
 */
export function answerSize(runtime: AccountRuntime, question: SizeQuestion, moment: Moment): number {
  const book = requireContract(runtime, question.symbol);
  const { contract } = book;
  const price = requirePositive('price', question.price);
  const fraction = requirePositive('fraction', question.fraction);
  const qty =
    question.kind === 'safe'
      ? safeSize(runtime, book, price, fraction, moment)
      : riskSize(runtime, contract, price, requirePositive('stopPrice', question.stopPrice), fraction);
  return unitsToF64(qty, contract.qtyDecimals);
}

/** By a share of what a new order may use, at the leverage that is set; the first tier's where none is. */
function safeSize(
  runtime: AccountRuntime,
  { contract }: SymbolBook,
  price: Fraction,
  fraction: Fraction,
  moment: Moment,
): bigint {
  const [position] = runtime.account.positionsOf(contract);
  const available = integer(runtime.usable(position!, moment));
  const rate = marginRateOf(position!, { value: 0n, qty: 0n });
  return mostWithin(contract, over(times(fraction, available), rate), computeExactValue(contract, 1n, price));
}

/** By the share of the wallet that is lost from the price to the stop, taker fees both ways included. */
function riskSize(
  runtime: AccountRuntime,
  contract: Contract,
  price: Fraction,
  stopPrice: Fraction,
  fraction: Fraction,
): bigint {
  const [entry, exit] = [computeExactValue(contract, 1n, price), computeExactValue(contract, 1n, stopPrice)];
  const way = minus(exit, entry);
  if (way.num === 0n) return 0n;
  const loss = way.num < 0n ? { num: -way.num, den: way.den } : way;
  const unit = plus(loss, times(runtime.account.takerFee(contract), plus(entry, exit)));
  return mostWithin(contract, times(fraction, integer(walletBehind(runtime, contract))), unit);
}

/** The largest quantity on the step of which a unit costs `unit`, within a budget; 0 below the least, and where nothing is lost. */
function mostWithin(contract: Contract, budget: Fraction, unit: Fraction): bigint {
  if (unit.num <= 0n) return 0n;
  const most = divFloor(budget.num * unit.den, budget.den * unit.num);
  const qty = most - (most % contract.qtyStep);
  return qty < contract.minQty ? 0n : qty;
}

function requireContract(runtime: AccountRuntime, symbol: string): SymbolBook {
  const book = runtime.bookNamed(symbol);
  const known = runtime.books.filter(({ contract }) => contract.type !== 'spot').map(({ contract }) => contract.symbol);
  if (book === null) {
    throw badSizing(`The account ${runtime.name} trades no symbol "${symbol}"`, symbol, known.join(', '));
  }
  if (book.contract.type === 'spot') throw badSizing(`${symbol} is a spot pair`, symbol, known.join(', '));
  return book;
}

function requirePositive(name: string, input: unknown): Fraction {
  const value = readPositive(input);
  if (value === undefined) throw badSizing(`The ${name} of a size must be a number above zero`, input, 'above zero');
  return value;
}

function badSizing(message: string, found: unknown, expected: string): UserError {
  return new UserError({ code: 'bad_sizing', exitCode: 1, message, found: String(found), expected });
}
