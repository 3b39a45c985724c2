/** Each account buys or sells one unit on the first bar, by turns, and holds it. Not an example to trade. */

import { defineStrategy } from 'backtest';

export default defineStrategy({
  initialize: () => ({ isIn: false }),

  handleData(context, _bar, state) {
    if (state.isIn) return;
    state.isIn = true;
    const { accounts, symbol } = context;
    let isLong = true;
    for (const account of accounts) {
      if (isLong) account.longOpen(symbol, null, 1);
      else account.shortOpen(symbol, null, 1);
      isLong = !isLong;
    }
  },
});
