/**
 * A position as strategies see it: each side by itself, and both together. Sums are made before they become float64.
 */

import type { PositionView, SymbolPosition } from '../../strategy/strategy.js';
import type { Book, Holding, Quotes, RefAccount, RefPosition } from './account.js';
import { gainOf, heldMargin, reserveOf, sum } from './margin.js';
import { type Num, ratio, ratioToFloat, signed, toFloat, ZERO } from './numbers.js';
import { shownLiquidationPrice } from './shownPrices.js';
import { priceAtValue } from './terms.js';
import { inWhole } from './tidings.js';

/** The position in a symbol at the newest prices. */
export function positionView(book: Book, known: Quotes): SymbolPosition {
  const { symbol, mode, positionMode } = book;
  const [long, short] = [sideView(book, book.at(1), known), sideView(book, book.at(-1), known)];
  const only = long.qty === 0 ? short : long;
  const isBoth = long.qty !== 0 && short.qty !== 0;
  return {
    symbol,
    positionMode,
    long,
    short,
    ...amountsOf(book, book.positions, known),
    entryPrice: isBoth ? Number.NaN : only.entryPrice,
    mode,
    leverage: only.leverage,
    liquidationPrice: isBoth ? null : only.liquidationPrice,
  };
}

/** In a symbol that the account does not trade: flat, in the settings of the first one that it does. */
export function nothingHeld(account: RefAccount, symbol: string): SymbolPosition {
  const book = account.books[0]!;
  const flat: PositionView = { ...sideView(book, null, new Map()), symbol };
  return { ...flat, positionMode: book.positionMode, long: flat, short: flat };
}

function sideView(book: Book, position: RefPosition | null, known: Quotes): PositionView {
  const { symbol, mode, terms } = book;
  const leverage = ratioToFloat(book.leverage);
  const held = position === null ? [] : [position];
  const amounts = amountsOf(book, held, known);
  if (position === null) {
    return { symbol, ...amounts, entryPrice: Number.NaN, mode, leverage, liquidationPrice: null };
  }
  const liquidation = book.isSpot ? null : shownLiquidationPrice({ book, position }, known);
  return {
    symbol,
    ...amounts,
    entryPrice: ratioToFloat(priceAtValue(terms, position.qty, ratio(position.cost))!),
    mode,
    leverage,
    liquidationPrice: liquidation === null ? null : toFloat(liquidation),
  };
}

/** Signed quantity, result and margin of some positions of a symbol; a holding has no margin. */
function amountsOf(
  book: Book,
  positions: readonly RefPosition[],
  known: Quotes,
): Pick<PositionView, 'qty' | 'unrealizedPnl' | 'margin'> {
  const { settle, qtyDecimals } = book.terms.contract;
  const held = positions.map((position): Holding => ({ book, position }));
  const marginOf = (at: Holding): Num => (book.isSpot ? ZERO : heldMargin(at, known).plus(reserveOf(at)));
  return {
    qty: inWhole(qtyDecimals, sum(positions.map(({ side, qty }) => signed(side, qty)))),
    unrealizedPnl: inWhole(settle.decimals, sum(held.map((at) => gainOf(at, known)))),
    margin: inWhole(settle.decimals, sum(held.map(marginOf))),
  };
}
