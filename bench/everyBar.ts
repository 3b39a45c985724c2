/**
 * Two fills on every bar: what was bought at one open is sold at the next, and bought again. With `--param bracket=true` each trade has a
 * loss stop and a target, too far away to be reached. Not an example to trade.
 */

import { defineStrategy } from 'backtest';

export default defineStrategy({
  params: { bracket: false },

  handleData(context) {
    const { account, params, symbol } = context;
    if (account.position(symbol).qty !== 0) account.longClose(symbol, null, 1);
    if (!params.bracket) {
      account.longOpen(symbol, null, 1);
      return;
    }
    account.longOpen(symbol, null, 1, {
      orderStyle: [
        { name: 'stop_loss_pct', value: 0.2 },
        { name: 'stop_profit_pct', value: 0.4 },
      ],
    });
  },
});
