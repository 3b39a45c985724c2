/**
 * How a price that is no price of the data is shown in the table of trades.
 */

import { compare, decimalOf, type Num, type Ratio, ratio } from './numbers.js';
import { type Terms, toTick } from './terms.js';

/** The price itself where it is a price of the data or the tick, else the nearest tick. */
export function shownPrice(terms: Terms, price: Ratio): Num {
  const text = decimalOf(Number(price.n.div(price.d).toFixed()));
  return compare(ratio(text), price) === 0 ? text : toTick(terms, price, 'nearest');
}
