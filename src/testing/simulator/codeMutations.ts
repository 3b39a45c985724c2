/**
 * Faults written into the code of the fast engine, one at a time: in which file, which text becomes which, and the seed at
 * which the simulator sees it. A text is found exactly once in its file, so that an entry whose place has gone is noticed.
 * What is built and run with them is codeMutationsRun.ts; seeds are found again by codeMutationsMain.ts.
 */

import { SPARING_MUTATIONS } from './codeMutationsSparing.js';

export interface CodeMutation {
  readonly name: string;
  /** From the project's folder. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly found: string;
  readonly replacement: string;
  /** The first seed at which the engines differ with the fault. */
  readonly seed: number;
}

const ACCOUNT_MUTATIONS: readonly CodeMutation[] = [
  {
    name: 'a fee off by one unit',
    file: 'src/account/margin.ts',
    found: 'return divHalfAway(fee.num, fee.den);',
    replacement: 'return divHalfAway(fee.num, fee.den) + 1n;',
    seed: 4,
  },
  {
    name: 'the highest leverage of a tier refused',
    file: 'src/account/margin.ts',
    found: 'tierInitialRate(contract, exposure)) < 0;',
    replacement: 'tierInitialRate(contract, exposure)) <= 0;',
    seed: 10,
  },
  {
    name: 'the commission reserve rounded down',
    file: 'src/account/margin.ts',
    found: 'return divCeil((cost + margin) * takerFee.num, takerFee.den);',
    replacement: 'return divFloor((cost + margin) * takerFee.num, takerFee.den);',
    seed: 4,
  },
  {
    name: 'the closing fee of an order reserved rounded down',
    file: 'src/account/orderCost.ts',
    found: 'return divCeil(closing.num, closing.den);',
    replacement: 'return divFloor(closing.num, closing.den);',
    seed: 21,
  },
  {
    name: 'the margin of a partial close released rounded up',
    file: 'src/account/margin.ts',
    found: 'divFloor(position.margin * qty, held)',
    replacement: 'divCeil(position.margin * qty, held)',
    seed: 7,
  },
  {
    name: 'the cost of a partial close released rounded down',
    file: 'src/account/position.ts',
    found: 'divHalfAway(position.cost * qty, held)',
    replacement: '(position.cost * qty) / held',
    seed: 8,
  },
  {
    name: 'the sign of funding turned round',
    file: 'src/account/account.ts',
    found: 'const sign = position.qty > 0n ? -1n : 1n;',
    replacement: 'const sign = position.qty > 0n ? 1n : -1n;',
    seed: 4,
  },
  {
    name: 'a position of the ledger not due at its very price',
    file: 'src/account/liquidation.ts',
    found: 'return position.qty > 0n ? side <= 0 : side >= 0;',
    replacement: 'return position.qty > 0n ? side < 0 : side > 0;',
    seed: 261,
  },
  {
    name: 'the walk to the mark of liquidation without its end',
    file: 'src/account/excessWalk.ts',
    found: 'return this.#isInclusive ? excess.num <= 0n : excess.num < 0n;',
    replacement: 'return excess.num < 0n;',
    seed: 32,
  },
  {
    name: 'a tier of a table with its upper bound in a reduction',
    file: 'src/account/liquidationPlan.ts',
    found: 'return upperIncluded ? num <= upper * den : num < upper * den;',
    replacement: 'return num <= upper * den;',
    seed: 296,
  },
  {
    name: 'a partial liquidation one step short',
    file: 'src/account/liquidationPlan.ts',
    found: 'const qty = least * contract.qtyStep;',
    // One step stays one: nothing to reduce would be reduced for ever.
    replacement: 'const qty = (least > 1n ? least - 1n : least) * contract.qtyStep;',
    seed: 4,
  },
  {
    name: 'an isolated loss beyond the margin not insured at the market',
    file: 'src/account/liquidationBooking.ts',
    found: "group.mode === 'isolated' ? lost - margin :",
    replacement: "group.mode === 'isolated' ? 0n :",
    seed: 162,
  },
  {
    name: 'a loss beyond bankruptcy not insured at a take-over',
    file: 'src/account/takeOver.ts',
    found: 'const insurance = -collateral - realizedPnl;',
    replacement: 'const insurance = 0n;',
    seed: 4,
  },
];

const ENGINE_MUTATIONS: readonly CodeMutation[] = [
  {
    name: 'resting sells forgotten where the larger side is locked',
    file: 'src/engine/orderMargin.ts',
    found: 'return b > s ? b : s;',
    replacement: 'return b;',
    seed: 75,
  },
  {
    name: 'ties on the path the other way round',
    file: 'src/engine/pathWalk.ts',
    found: 'return a.rank !== b.rank ? a.rank < b.rank : a.id < b.id;',
    replacement: 'return a.rank !== b.rank ? a.rank > b.rank : a.id < b.id;',
    seed: 279,
  },
  {
    name: 'a time at a node counted to the leg after it',
    file: 'src/engine/path.ts',
    found: 'if (leg > 0n && leg * duration === thrice) leg -= 1n;',
    replacement: '',
    seed: 875,
  },
  {
    name: 'a stop that the leg has passed already not fired',
    file: 'src/engine/pathWalk.ts',
    found: 'const lambda = isPassed ? from : crossingOf(a, b, at);',
    replacement: 'const lambda = crossingOf(a, b, at);',
    seed: 101,
  },
  {
    name: 'the mark’s high watched on last',
    file: 'src/engine/triggerBook.ts',
    found: 'this.riseMark.isReached(mark.high)',
    replacement: 'this.riseMark.isReached(last.high)',
    seed: 298,
  },
  {
    name: 'the liquidation of shorts not watched',
    file: 'src/engine/triggerBook.ts',
    found: 'if (above !== null) levels.add(',
    replacement: 'if (below !== null && above !== null) levels.add(',
    seed: 34,
  },
  {
    name: 'the better end kept where the worse is asked for',
    file: 'src/engine/settleStep.ts',
    found: 'return low.end < high.end ? low : high;',
    replacement: 'return low.end > high.end ? low : high;',
    seed: 6,
  },
];

/** Of accounts at several exchanges, and of finer bars. */
const VENUE_MUTATIONS: readonly CodeMutation[] = [
  {
    name: 'a transfer read in the unit of the sender',
    file: 'src/engine/cashCalls.ts',
    found: 'readUnits(move.amount, Math.min(currency.decimals, received.decimals));',
    replacement: 'readUnits(move.amount, currency.decimals);',
    seed: 15,
  },
  {
    name: 'XBT and BTC taken for two coins',
    file: 'src/contract/currencyLinks.ts',
    found: "return code === 'BTC' ? 'XBT' : code;",
    replacement: 'return code;',
    seed: 4,
  },
  {
    name: 'the funding of another exchange’s contract paid',
    file: 'src/engine/accountEvents.ts',
    found: 'if (book === undefined || book.contract !== contract) return false;',
    replacement: 'if (book === undefined) return false;',
    seed: 4,
  },
  {
    name: 'one funding clock for the contracts of a symbol',
    file: 'src/engine/dueTimes.ts',
    found: 'for (const contract of contracts) {',
    replacement: 'for (const contract of contracts.slice(0, 1)) {',
    seed: 4,
  },
  {
    name: 'symbols known by the name of any exchange',
    file: 'src/engine/tradedSymbols.ts',
    found: 'return this.#places.get(name);',
    replacement: "return this.#places.get(name.split('.')[0]!);",
    seed: 4,
  },
  {
    name: 'rows of bar closes at the closes of finer bars',
    file: 'src/engine/stepSettler.ts',
    found: 'this.due.rowAtClose(closeTimeMs, isLast);',
    replacement: 'this.due.rowAtClose(closeTimeMs, true);',
    seed: 10,
  },
  {
    name: 'curves sampled at the closes of finer bars',
    file: 'src/engine/stepSettler.ts',
    found: 'if (isLast) this.curves.sample(market);',
    replacement: 'this.curves.sample(market);',
    seed: 10,
  },
];

export const CODE_MUTATIONS: readonly CodeMutation[] = [
  ...ACCOUNT_MUTATIONS,
  ...ENGINE_MUTATIONS,
  ...VENUE_MUTATIONS,
  ...SPARING_MUTATIONS,
];
