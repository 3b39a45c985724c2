/**
 * Spot orders from the call to the fill: what resting ones lock in both ledgers, what covers them, sizes at their least, orders
 * by percent, stops and brackets. Prices are round; fees are 0.1 % unless said.
 */

import { describe, it, test } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

const flat = (balance: string, more = ''): string => `
  contract BTC/USDT generic ${more}
  account  main balance ${balance} cross 10x
  bar      01:00 20000
  bar      02:00 20000`;

describe('what resting orders lock', () => {
  it('when a limit buy rests then its value and the taker fee, rounded up, are locked in the quote ledger until it is cancelled', () =>
    // 0.1 · 19,000 + 1.9
    settles(`${flat('10000', 'maker_fee=0')}
    bar 03:00 20000
    order  buy 0.1 limit 19000 @bar1
    cancel 1 @bar2
    expect balance 02:00 currency=USDT wallet=10000 order=0      available=10000
    expect balance 03:00 currency=USDT wallet=10000 order=1901.9 available=8098.1
    expect balance 04:00 currency=USDT wallet=10000 order=0      available=10000
    expect order 1 cancelled reason=cancelled_by_strategy side=buy effect=open`));

  it('when the fee of a lock is no whole unit then it is rounded up', () =>
    // 0.001 · 16,667.5 = 16.6675 → 16.67; 0.1 % of it is 0.01667 → 0.02
    settles(`${flat('100', 'settle_decimals=2')}
    bar    03:00 20000
    order  buy 0.001 limit 16667.5 @bar1
    expect balance 03:00 currency=USDT order=16.69`));

  it('when makers and takers are paid then nothing but the value is locked', () =>
    settles(`${flat('10000', 'taker_fee=-0.001')}
    bar    03:00 20000
    order  buy 0.1 limit 19000 @bar1
    expect balance 03:00 currency=USDT order=1900`));

  it('when a limit sell rests then its coins are locked in the base ledger until it is cancelled', () =>
    settles(`${flat('10000 BTC=1')}
    bar 03:00 20000
    order  sell 0.3 limit 21000 @bar1
    cancel all @bar2
    expect balance 03:00 currency=BTC  wallet=1     order=0.3 position=0 available=0.7
    expect balance 03:00 currency=USDT wallet=10000 order=0   available=10000
    expect balance 04:00 currency=BTC  wallet=1     order=0   available=1`));

  it('when stops and market orders wait then they lock nothing', () =>
    settles(`${flat('10000 BTC=1')}
    order buy  0.1 stop 21000 @bar1
    order sell 0.1 stop 19000 @bar1
    bar   03:00 20000
    expect balance 03:00 currency=USDT order=0
    expect balance 03:00 currency=BTC  order=0`));

  it('when a resting buy fills then its lock becomes the trade, and what is over comes back', () =>
    settles(`${flat('10000', 'maker_fee=0')}
    bar 03:00 20000 20000 19000 19500
    order  buy 0.1 limit 19000 @bar1
    expect trade 03:40 buy open 0.1 @ 19000 maker fee=0
    expect balance 03:00 currency=USDT order=1901.9
    expect balance 03:40 currency=USDT wallet=8100 order=0 available=8100
    expect balance 03:40 currency=BTC  wallet=0.1`));

  test.each(['generic', 'pacifica', 'hyperliquid'])(
    'when the rules are those of %s then locked money stays, one unit more than the rest is refused',
    (rules) =>
      settles(`
    contract BTC/USDT ${rules} taker_fee=0
    account  main balance 1000 BTC=1 cross 10x
    bar      01:00 20000
    bar      02:00 20000
    bar      03:00 20000
    order    buy  0.03 limit 19000 @bar1
    order    sell 0.25 limit 21000 @bar1
    withdraw 430.00000001 @bar2
    withdraw 430 @bar2
    withdraw 0.75000001 BTC @bar2
    withdraw 0.75 BTC @bar2
    expect call 1 rejected code=70004 reason=insufficient_margin
    expect call 2 done
    expect call 3 rejected code=70004 reason=insufficient_margin
    expect call 4 done
    expect order 1 expired
    expect order 2 expired`),
  );
});

describe('what covers a buy', () => {
  // 0.1 at 20,000 is 2,000, and 2 of fee
  test.each([
    ['2001.99999999', 'rejected code=70004 reason=insufficient_balance qty=0.1 filled=0'],
    ['2002', 'filled'],
    ['2002.00000001', 'filled'],
  ])('when the account has %s then a market buy that costs 2,002 is %s', (balance, outcome) =>
    settles(`${flat(balance)}
    order buy 0.1 market @bar1
    expect order 1 ${outcome}
    expect account main currency=USDT rejected=${outcome === 'filled' ? 0 : 1}`),
  );

  // 0.1 at 19,000 is 1,900, and 1.9
  test.each([
    ['1901.89999999', 'rejected code=70004 reason=insufficient_balance'],
    ['1901.9', 'expired'],
    ['1901.90000001', 'expired'],
  ])('when the account has %s then a limit buy that locks 1,901.9 is %s', (balance, outcome) =>
    settles(`${flat(balance)}
    order buy 0.1 limit 19000 @bar1
    expect order 1 ${outcome}`),
  );

  it('when slippage is expected then a market buy is judged at the price with it', () =>
    settles(`${flat('2002')}
    slippage 1 ticks
    order buy 0.1 market @bar1
    expect order 1 rejected reason=insufficient_balance`));

  // Given at 20,000, filled at 20,010: 2,001 and 2.001
  test.each([
    ['2003.00099999', 'rejected code=70004 reason=insufficient_balance filled=0 ended=02:00'],
    ['2003.001', 'filled'],
    ['2003.00100001', 'filled'],
  ])('when the price has risen and the account has %s then a market buy is %s', (balance, outcome) =>
    settles(`
    contract BTC/USDT generic
    account  main balance ${balance} cross 10x
    bar      01:00 20000
    bar      02:00 20010
    order    buy 0.1 market @bar1
    expect order 1 ${outcome}`),
  );

  it('when two limits share the money then the second is refused until the first is cancelled', () =>
    settles(`${flat('3803.8')}
    bar 03:00 20000
    order  buy 0.1   limit 19000 @bar1
    order  buy 0.101 limit 19000 @bar1
    order  buy 0.1   limit 19000 @bar1
    cancel 1 @bar2
    order  buy 0.101 limit 18000 @bar2
    expect order 1 cancelled
    expect order 2 rejected code=70004 reason=insufficient_balance
    expect order 3 expired
    expect order 4 expired`));

  it('when two market buys were covered one by one then the second finds no money at its fill', () =>
    settles(`${flat('3000')}
    order buy 0.1 market @bar1
    order buy 0.1 market @bar1
    expect order 1 filled
    expect order 2 rejected code=70004 reason=insufficient_balance filled=0`));

  it('when a market order has spent what a resting one locks not then the resting one still fills', () =>
    settles(`${flat('3904')}
    bar 03:00 20000 20000 19000 19000
    order buy 0.1 limit 19000 @bar1
    order buy 0.1 market      @bar1
    expect order 1 filled
    expect order 2 filled
    expect wallet 0.1 currency=USDT`));

  it('when a stop buys then it is covered only when it triggers, and ends cancelled where it is not', () =>
    settles(`${flat('2002')}
    bar 03:00 20000 21000 20000 21000
    order buy 0.1  stop 20000.5 @bar1
    order buy 0.09 stop 20500   @bar1
    expect order 1 cancelled code=70004 reason=insufficient_balance type=stop qty=0.1 filled=0
    expect order 2 filled avg=20500`));
});

describe('what covers a sell', () => {
  test.each([
    ['0.29999999', 'market', 'rejected code=70004 reason=insufficient_balance'],
    ['0.3', 'market', 'filled'],
    ['0.30000001', 'market', 'filled'],
    ['0.29999999', 'limit 20000', 'rejected code=70004 reason=insufficient_balance'],
    ['0.3', 'limit 20000', 'filled'],
    ['0.30000001', 'limit 20000', 'filled'],
  ])('when the account has %s coins then a sell of 0.3 at %s is %s', (coins, type, outcome) =>
    settles(`${flat(`10 BTC=${coins}`)}
    order sell 0.3 ${type} @bar1
    expect order 1 ${outcome}`),
  );

  it('when a limit sell has locked coins then only the rest can be sold', () =>
    settles(`${flat('10 BTC=1')}
    order sell 0.7   limit 21000 @bar1
    order sell 0.301 market      @bar1
    order sell 0.3   market      @bar1
    expect order 1 expired
    expect order 2 rejected code=70004 reason=insufficient_balance
    expect order 3 filled`));

  it('when coins have left before a stop sells then it ends cancelled', () =>
    settles(`${flat('10 BTC=1')}
    order    sell 0.5 stop 19000 @bar1
    withdraw 0.6 BTC @bar1
    bar 03:00 18000
    expect order 1 cancelled code=70004 reason=insufficient_balance`));

  it('when a plain sell rests then it is not cut or ended with the holding', () =>
    settles(`${flat('10000 BTC=1')}
    bar   03:00 20000
    bar   04:00 25000
    order buy  0.1 market      @bar1
    order sell 0.5 limit 24000 @bar1
    order sell 0.2 stop  15000 @bar1
    order sell 0.1 market      @bar2
    expect order 1 filled
    expect order 2 filled  qty=0.5 filled=0.5
    expect order 3 expired qty=0.2
    expect order 4 filled`));

  it('when a sell is given without a holding and without coins of the run then starting coins are enough, at the open too', () =>
    settles(`${flat('10 BTC=1')}
    order sell 0.5 limit 19000 @bar1
    expect trade 02:00 sell close 0.5 @ 20000 taker`));
});

describe('the least size', () => {
  test.each([
    ['0.004', 'rejected code=400 reason=qty_below_min qty=0.004'],
    ['0.005', 'filled'],
    ['0.006', 'filled'],
  ])('when 0.005 is the least then a buy and a sell of %s are %s', (qty, outcome) =>
    settles(`${flat('10000 BTC=1', 'min_qty=0.005 qty_step=0.001')}
    order buy  ${qty} market @bar1
    order sell ${qty} market @bar1
    expect order 1 ${outcome}
    expect order 2 ${outcome}`),
  );

  // 0.005 at 20,000 is 100
  test.each([
    ['100.01', 'rejected code=400 reason=notional_below_min'],
    ['100', 'filled'],
    ['99.99', 'filled'],
  ])('when %s is the least value then a buy and a sell worth 100 are %s', (least, outcome) =>
    settles(`${flat('10000 BTC=1', `min_notional=${least}`)}
    order buy  0.005 market @bar1
    order sell 0.005 market @bar1
    expect order 1 ${outcome}
    expect order 2 ${outcome}`),
  );

  it('when a limit or a trigger names the price then the value is judged at it', () =>
    settles(`${flat('10000 BTC=1', 'min_notional=100')}
    order buy  0.005 limit 19999.5 @bar1
    order sell 0.005 limit 20000.5 @bar1
    order buy  0.005 stop  20000.5 @bar1
    order sell 0.005 stop  19999.5 @bar1
    expect order 1 rejected reason=notional_below_min
    expect order 2 expired
    expect order 3 expired
    expect order 4 rejected reason=notional_below_min`));

  it('when a quantity is off the step then it is rounded down', () =>
    settles(`${flat('10000 BTC=1')}
    order buy  0.0019 market @bar1
    order sell 0.0029 market @bar1
    order buy  0.0009 market @bar1
    expect order 1 filled qty=0.001
    expect order 2 filled qty=0.002
    expect order 3 rejected reason=qty_below_min qty=0`));
});

describe('orders by percent', () => {
  // 0.099 at 20,000 with its fee cost 1,981.98
  test.each([
    ['1981.97999999', '0.098'],
    ['1981.98', '0.099'],
    ['1981.98000001', '0.099'],
    ['2001.99999999', '0.099'],
    ['2002', '0.1'],
  ])('when all of %s is spent then a market and a limit buy are for %s', async (balance, qty) => {
    await settles(`${flat(balance)}
    order buy_pct 1 market @bar1
    expect order 1 filled qty=${qty} filled=${qty}`);
    await settles(`${flat(balance)}
    order buy_pct 1 limit 20000 @bar1
    expect order 1 filled qty=${qty} filled=${qty}`);
  });

  test.each([
    ['0.5', '0.05'],
    ['0.499999', '0.049'],
    ['0.01', '0.001'],
  ])('when the share is %s of 2,002 then the buy is for %s', (share, qty) =>
    settles(`${flat('2002')}
    order buy_pct ${share} market @bar1
    expect order 1 filled qty=${qty}`),
  );

  it('when a market buy by percent fills at another price then it is sized there', () =>
    settles(`
    contract BTC/USDT generic
    account  main balance 2002 cross 10x
    bar      01:00 20000
    bar      02:00 10000
    order    buy_pct 1 market @bar1
    expect order 1 filled qty=0.2 avg=10000
    expect wallet 0 currency=USDT`));

  it('when a limit buy locks money then a share is of the rest', () =>
    settles(`${flat('4003.9')}
    order buy 0.1 limit 20000 @bar1
    order buy_pct 1 limit 19000 @bar1
    expect order 1 filled
    expect order 2 expired qty=0.105`));

  test.each([
    ['1', '0.015'],
    ['0.5', '0.007'],
    ['0.95', '0.014'],
  ])('when the share is %s of 0.0159 coins then market and limit sells are for %s', async (share, qty) => {
    for (const type of ['market', 'limit 20000']) {
      await settles(`${flat('10 BTC=0.0159')}
      order sell_pct ${share} ${type} @bar1
      expect order 1 filled qty=${qty} filled=${qty}`);
    }
  });

  it('when there is too little then limits are refused at once and market orders at their fill, with a quantity of 0', () =>
    settles(`${flat('20 BTC=0.0009')}
    order buy_pct  1 limit 20000 @bar1
    order sell_pct 1 limit 20000 @bar1
    order buy_pct  1 market @bar1
    order sell_pct 1 market @bar1
    expect order 1 rejected code=400 reason=qty_below_min ended=02:00 qty=0
    expect order 2 rejected code=400 reason=qty_below_min ended=02:00 qty=0
    expect order 3 rejected code=400 reason=qty_below_min ended=02:00 qty=0
    expect order 4 rejected code=400 reason=qty_below_min ended=02:00 qty=0`));

  it('when the value of a share is below the least then it is refused, buys and sells alike', () =>
    settles(`${flat('100 BTC=0.004', 'min_notional=100')}
    order buy_pct  1 market @bar1
    order sell_pct 1 market @bar1
    order sell_pct 1 stop 19000 @bar1
    bar 03:00 19000
    expect order 1 rejected  code=400 reason=notional_below_min qty=0
    expect order 2 rejected  code=400 reason=notional_below_min qty=0
    expect order 3 cancelled code=400 reason=notional_below_min qty=0`));

  it('when a stop by percent triggers then it is sized at its fill', () =>
    settles(`${flat('2102.1 BTC=1')}
    bar   03:00 20000 21000 20000 21000
    order buy_pct  1   stop 21000 @bar1
    order sell_pct 0.5 stop 20500 @bar1
    cancel 2 @bar1
    expect order 1 filled qty=0.1 avg=21000
    expect order 2 cancelled`));
});

describe('stops and brackets', () => {
  it('when a bracket guards a buy then the leg that fires sells, and cancels the other', () =>
    settles(`${flat('10000')}
    bar   03:00 20000 20000 18000 18000
    order buy 0.1 market stop_loss=19000 stop_profit=22000 @bar1
    expect order 1 filled
    expect order 2 filled    parent=1 side=sell effect=close type=stop qty=0.1
    expect order 3 cancelled parent=1 reason=other_stop_filled
    expect stop  03:30 sell 0.1 @ 19000 loss stop=19000 rule=stop_loss order=1 amount=1900 fee=1.9 pnl=-100 trigger=last
    expect closed long 0.1 gross=-100 fees=3.9 reason=stop_loss`));

  it('when the bracket is by percent then it hangs on the price of the fill', () =>
    settles(`${flat('10000')}
    bar   03:00 20000 21000 20000 21000
    order buy 0.1 market stop_profit_pct=0.05 @bar1
    expect order 1 filled
    expect order 2 filled avg=21000 price=21000`));

  it('when the stop is on the wrong side then the buy is refused as a long entry would be', () =>
    settles(`${flat('10000')}
    order buy 0.1 market stop_loss=20500   @bar1
    order buy 0.1 limit 19000 stop_profit=18000 @bar1
    expect order 1 rejected code=400 reason=stop_wrong_side
    expect order 2 rejected code=400 reason=stop_wrong_side`));

  it('when coins have been sold by hand then a leg is cut to the holding, and with nothing held both legs end', () =>
    settles(`${flat('10000 BTC=1', 'taker_fee=0')}
    bar   03:00 20000
    bar   04:00 20000
    bar   05:00 18000
    bar   06:00 20000
    order buy  0.1  market stop_loss=19000 @bar1
    order buy  0.1  market stop_loss=15000 @bar1
    order sell 0.15 market @bar3
    order sell 0.5  market @bar5
    expect order 1 filled
    expect order 2 filled qty=0.1 filled=0.05
    expect order 3 filled
    expect order 4 cancelled reason=position_closed
    expect order 5 filled
    expect order 6 filled
    expect closed long 0.2 reason=stop_loss
    expect wallet 0.5 currency=BTC`));

  it('when a sell closes the holding then the stops end, although other coins are left', () =>
    settles(`${flat('10000 BTC=1')}
    bar   03:00 20000
    order buy  0.1 market stop_loss=19000 @bar1
    order sell 0.1 market @bar2
    expect order 1 filled
    expect order 2 cancelled reason=position_closed
    expect order 3 filled
    expect wallet 1 currency=BTC`));

  it('when part of the coins is locked by a limit sell then a leg sells what is free, on the step', () =>
    settles(`${flat('10000')}
    bar   03:00 20000
    bar   04:00 18000
    order buy  0.1   market stop_loss=19000 @bar1
    order sell 0.07  limit 25000 @bar2
    withdraw 0.0005 BTC @bar2
    expect order 1 filled
    expect order 2 filled qty=0.1 filled=0.029
    expect order 3 expired
    expect trade 02:00 buy  open  0.1   @ 20000
    expect trade 04:00 sell close 0.029 @ 18000 reason=stop_loss
    expect account main currency=USDT open=1`));

  it('when what is free is off the step then a leg sells what is on it', () =>
    // 0.1 less 0.062 locked and 0.001 withdrawn: 0.037
    settles(`${flat('10000', 'min_qty=0.001 qty_step=0.002')}
    bar   03:00 20000
    bar   04:00 18000
    order buy  0.1   market stop_loss=19000 @bar1
    order sell 0.062 limit 25000 @bar2
    withdraw 0.001 BTC @bar2
    expect order 1 filled
    expect order 2 filled qty=0.1 filled=0.036
    expect order 3 expired`));

  it('when all coins are locked then a leg ends cancelled, and the other stays', () =>
    settles(`${flat('10000')}
    bar   03:00 20000
    bar   04:00 18000
    order buy  0.1 market stop_loss=19000 stop_profit=30000 @bar1
    order sell 0.1 limit 25000 @bar2
    expect order 1 filled
    expect order 2 cancelled code=70004 reason=insufficient_balance
    expect order 3 expired qty=0.1
    expect order 4 expired`));

  it('when a sell comes with a stop then the stop guards what is left of the holding', () =>
    settles(`${flat('10000 BTC=1', 'taker_fee=0')}
    bar   03:00 20000
    bar   04:00 19000
    order buy  0.1  market @bar1
    order sell 0.04 market stop_loss=19500 @bar2
    expect order 1 filled
    expect order 2 filled
    expect order 3 filled parent=2 side=sell filled=0.06
    expect wallet 1 currency=BTC`));

  it('when a sell leaves nothing of the holding then its stop is dropped', () =>
    settles(`${flat('10000 BTC=1')}
    bar   03:00 20000
    order buy  0.1 market @bar1
    order sell 0.1 market stop_loss=19500 @bar2
    order sell 0.1 market stop_loss=19500 @bar2
    expect order 1 filled
    expect order 2 filled
    expect order 3 cancelled reason=parent_ended
    expect order 4 filled
    expect order 5 cancelled reason=parent_ended`));

  it('when a resting buy with a bracket fills and the bar goes on down then its loss stop fills in the same bar', () =>
    settles(`${flat('10000')}
    path  olhc
    bar   03:00 20000 20000 18000 19000
    order buy 0.1 limit 19500 stop_loss=18500 @bar2
    expect trade 03:05 buy  open  0.1 @ 19500 maker
    expect trade 03:15 sell close 0.1 @ 18500 taker reason=stop_loss pnl=-100
    expect closed long 0.1 bars=0`));

  it('when a buy with a bracket is cancelled then its stops end with it', () =>
    settles(`${flat('10000')}
    order  buy 0.1 limit 19000 stop_loss=18000 @bar1
    cancel 1 @bar1
    expect order 1 cancelled
    expect order 2 cancelled reason=parent_ended`));

  it('when slippage is set then it is taken from spot fills too', () =>
    settles(`${flat('10000')}
    slippage 4 ticks
    bar   03:00 20000
    order buy  0.1 market @bar1
    order sell 0.1 market @bar2
    expect trade 02:00 buy  open  0.1 @ 20002
    expect trade 03:00 sell close 0.1 @ 19998`));
});
