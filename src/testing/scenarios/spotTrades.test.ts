/**
 * What a spot trade books: value and fee in the quote ledger, coins in the base ledger, the average cost of what was bought in
 * the run, and what the tables show of a holding. Prices and quantities are round; fees are 0.1 % unless said.
 */

import { describe, it } from '@jest/globals';
import { settles } from '../scenario/scenario.js';

const start = `
  contract BTC/USDT generic
  account  main balance 10000 cross 10x
  bar      01:00 20000
  bar      02:00 20000`;

describe('a buy', () => {
  it('when coins are bought then value and fee leave the quote ledger and the coins open the base ledger', () =>
    settles(`${start}
    order buy 0.1 market @bar1
    expect trade 02:00 buy open 0.1 @ 20000 taker order=1 amount=2000 fee=2 pnl=0 reason=order symbol=BTC/USDT
    expect bill 02:00 spot_buy -2000 currency=USDT symbol=BTC/USDT fee=2 balance=8000 order=1 position=1 isolated=0 info=spot_buy
    expect bill 02:00 spot_buy 0.1   currency=BTC  symbol=BTC/USDT fee=0 balance=0.1  order=1 position=1 isolated=0 info=spot_buy
    expect bill 02:00 fee      -2    currency=USDT symbol=BTC/USDT fee=0 balance=7998 order=1 position=1 isolated=0 info=spot_buy
    expect order 1 filled side=buy effect=open type=market qty=0.1 filled=0.1 avg=20000
    expect no closed
    expect account main currency=USDT wallet=7998 equity=7998 fees=2 spot=-2000 open=1 trades=0
    expect account main currency=BTC  wallet=0.1  equity=0.1  fees=0 spot=0.1   open=0 trades=0`));

  it('when the fee is nothing then there is no bill of it', () =>
    settles(`${start.replace('generic', 'generic taker_fee=0')}
    order buy 0.1 market @bar1
    expect bill 02:00 spot_buy -2000 currency=USDT
    expect bill 02:00 spot_buy 0.1   currency=BTC`));

  it('when makers are paid then the fee bill of a resting buy is a credit', () =>
    settles(`${start.replace('generic', 'generic maker_fee=-0.0005')}
    order buy 0.1 limit 19900 @bar2
    bar 03:00 20000 20000 19900 20000
    // 1,990 · 0.0005
    expect trade 03:40 buy open 0.1 @ 19900 maker amount=1990 fee=-0.995
    expect bill 03:40 spot_buy -1990 currency=USDT fee=-0.995
    expect bill 03:40 spot_buy 0.1   currency=BTC
    expect bill 03:40 fee      0.995 currency=USDT balance=8010.995`));

  it('when a venue rounds contracts piece by piece then the value of coins is still rounded once', () =>
    // 0.003 · 33,333.33 = 99.99999 at two digits: 100.00; in pieces of 0.001 it would be 3 · 33.33
    settles(`
    contract BTC/USDT bitmex_2020 settle_decimals=2 tick_size=0.01 taker_fee=0
    account  main balance 1000 cross 1x
    bar      01:00 33333.33
    bar      02:00 33333.33
    order    buy 0.003 market @bar1
    expect   trade 02:00 buy open 0.003 @ 33333.33 amount=100
    expect   wallet 900 currency=USDT`));

  it('when rows are written then at the event stands one of each ledger, the base ledger from its opening on', () =>
    settles(`
    contract BTC/USDT generic taker_fee=0
    account  main balance 10000 cross 10x
    rows     event
    bar      01:00 20000
    bar      02:00 20000
    bar      03:00 20000
    order    buy 0.1 market @bar1
    order    sell 0.04 market @bar2
    expect balance 01:00 currency=USDT wallet=10000 available=10000
    expect balance 02:00 currency=USDT wallet=8000 upnl=0 margin=8000 position=0 order=0 available=8000
    expect balance 02:00 currency=BTC  wallet=0.1  upnl=0 margin=0.1  position=0 order=0 available=0.1
    expect balance 03:00 currency=USDT wallet=8800
    expect balance 03:00 currency=BTC  wallet=0.06
    expect balance 04:00 currency=USDT wallet=8800 margin=8800
    expect balance 04:00 currency=BTC  wallet=0.06 margin=0.06`));
});

describe('a ledger that opens while rows stand', () => {
  it('when coins are bought at the very time of a row by the clock then their ledger has a row of it, also without rows of events', () =>
    // The low comes first, after a third of the day.
    settles(`
    contract BTC/USDT generic taker_fee=0 maker_fee=0
    account  main balance 10000 cross 10x
    interval 1d
    path     olhc
    rows     1h
    bar      00:00 20000
    bar      2/00:00 20000 20000 19000 20000
    order    buy 0.1 limit 19000 @bar1
    expect trade 2/08:00 buy open 0.1 @ 19000
    expect balance 2/07:00 currency=USDT wallet=10000 order=1900
    expect balance 2/08:00 currency=USDT wallet=8100  order=0
    expect balance 2/08:00 currency=BTC  wallet=0.1
    expect balance 2/09:00 currency=BTC  wallet=0.1`));

  it('when coins are bought at an open at which rows of the close before stand then their ledger has one too', () =>
    settles(`${start}
    rows   bar
    order  buy 0.1 market @bar1
    expect balance 02:00 currency=USDT wallet=7998
    expect balance 02:00 currency=BTC  wallet=0.1`));
});

describe('the average cost', () => {
  const bought = `${start}
    bar 03:00 22000
    bar 04:00 24000
    bar 05:00 20000
    order buy 0.1 market @bar1
    order buy 0.1 market @bar2`;

  it('when bought twice and sold in parts then each sell is told its profit over the average, and one trade is closed', () =>
    // C = 2,000 + 2,200, average 21,000; 0.05 cost 1,050 and bring 1,200; 0.15 cost 3,150 and bring 3,000
    settles(`${bought}
    order sell 0.05 market @bar3
    order sell 0.15 market @bar4
    expect trade 02:00 buy  open  0.1  @ 20000 fee=2   pnl=0
    expect trade 03:00 buy  open  0.1  @ 22000 fee=2.2 pnl=0
    expect trade 04:00 sell close 0.05 @ 24000 fee=1.2 pnl=150  amount=1200
    expect trade 05:00 sell close 0.15 @ 20000 fee=3   pnl=-150 amount=3000
    expect closed long 0.2 symbol=BTC/USDT opened=02:00 closed=05:00 bars=3 entry=21000 exit=21000 value=4200 gross=0 fees=8.4 funding=0 net=-8.4 mae=-150 mfe=600 reason=order
    expect wallet 9991.6 currency=USDT
    expect wallet 0      currency=BTC
    expect account main currency=USDT trades=1 wins=0 open=0 spot=0 fees=8.4
    expect account main currency=BTC  spot=0 trades=0`));

  it('when a part is sold then the average of the rest stays', () =>
    settles(`${bought}
    order sell 0.05 market @bar3
    order sell_pct 0.001 limit 40000 @bar4
    expect position 2/00:00 long 0.15 entry=21000
    bar 06:00 20000
    bar 23:00 20000
    expect no closed`));

  it('when a third is sold then the cost is rounded, and the last sell takes the rest of it', () =>
    // C = 33.33 + 33.34 = 66.67 for 0.003; a third is 22.22, and again 22.23 of 44.45 rounded half away
    settles(`
    contract BTC/USDT generic settle_decimals=2 taker_fee=0 tick_size=0.01
    account  main balance 1000 cross 1x
    bar      01:00 20000
    bar      02:00 16665
    bar      03:00 33340
    bar      04:00 30000
    bar      05:00 30000
    bar      06:00 30000
    order    buy 0.002 market @bar1
    order    buy 0.001 market @bar2
    order    sell 0.001 market @bar3
    order    sell 0.001 market @bar4
    order    sell 0.001 market @bar5
    expect trade 02:00 buy  open  0.002 @ 16665 amount=33.33
    expect trade 03:00 buy  open  0.001 @ 33340 amount=33.34
    expect trade 04:00 sell close 0.001 @ 30000 amount=30 pnl=7.78
    expect trade 05:00 sell close 0.001 @ 30000 amount=30 pnl=7.77
    expect trade 06:00 sell close 0.001 @ 30000 amount=30 pnl=7.78
    expect closed long 0.003 gross=23.33 value=66.67`));
});

describe('coins that were not bought in the run', () => {
  const coins = `
    contract BTC/USDT generic
    account  main balance BTC=1 cross 10x
    bar      01:00 20000
    bar      02:00 20000`;

  it('when starting coins are sold then the quote ledger opens, no profit is told and no trade is closed', () =>
    settles(`${coins}
    order sell 0.4 market @bar1
    expect trade 02:00 sell close 0.4 @ 20000 amount=8000 fee=8 pnl=0
    expect bill 02:00 spot_sell 8000 currency=USDT position=none symbol=BTC/USDT fee=8 info=spot_sell
    expect bill 02:00 spot_sell -0.4 currency=BTC  position=none symbol=BTC/USDT fee=0 info=spot_sell
    expect bill 02:00 fee       -8   currency=USDT position=none symbol=BTC/USDT info=spot_sell
    expect no closed
    expect account main currency=BTC  wallet=0.6  spot=-0.4 open=0
    expect account main currency=USDT wallet=7992 spot=8000 fees=8 trades=0`));

  it('when more is sold than was bought then the holding goes first, and bears its share of the fee', () =>
    // Bought 0.1 for 2,000 and 2 of fee; 0.4 sold at 21,000 bring 8,400, a quarter of which is the holding's: 2,100, fee 8.4/4
    settles(`${coins.replace('BTC=1', '2002 BTC=1')}
    bar   03:00 21000
    order buy  0.1 market @bar1
    order sell 0.4 market @bar2
    expect trade 02:00 buy  open  0.1 @ 20000 fee=2
    expect trade 03:00 sell close 0.4 @ 21000 fee=8.4 pnl=100
    expect bill 02:00 spot_buy  -2000 position=1
    expect bill 02:00 spot_buy  0.1   position=1
    expect bill 02:00 fee       -2    position=1
    expect bill 03:00 spot_sell 8400  position=1
    expect bill 03:00 spot_sell -0.4  position=1
    expect bill 03:00 fee       -8.4  position=1
    expect closed long 0.1 entry=20000 exit=21000 gross=100 fees=4.1 net=95.9 value=2000 bars=1
    expect account main currency=USDT wallet=8391.6 wins=1
    expect account main currency=BTC  wallet=0.7`));

  it('when coins are bought again after more was sold then a new holding begins at its own cost', () =>
    settles(`${coins.replace('BTC=1', '4004 BTC=1').replace('generic', 'generic taker_fee=0')}
    bar   03:00 20000
    bar   04:00 25000
    bar   05:00 26000
    order buy  0.1 market @bar1
    order sell 0.4 market @bar2
    order buy  0.1 market @bar3
    order sell 0.1 market @bar4
    expect trade 02:00 buy  open  0.1 @ 20000
    expect trade 03:00 sell close 0.4 @ 20000 pnl=0
    expect trade 04:00 buy  open  0.1 @ 25000
    expect trade 05:00 sell close 0.1 @ 26000 pnl=100
    expect closed long 0.1 gross=0
    expect closed long 0.1 gross=100 entry=25000
    expect bill 02:00 spot_buy  -2000 position=1
    expect bill 02:00 spot_buy  0.1   position=1
    expect bill 03:00 spot_sell 8000  position=1
    expect bill 03:00 spot_sell -0.4  position=1
    expect bill 04:00 spot_buy  -2500 position=2
    expect bill 04:00 spot_buy  0.1   position=2
    expect bill 05:00 spot_sell 2600  position=2
    expect bill 05:00 spot_sell -0.1  position=2`));

  it('when coins are withdrawn then the holding stays as it is, but can be sold no longer', () =>
    settles(`${start}
    bar 03:00 21000
    order    buy 0.1 market @bar1
    withdraw 0.06 BTC @bar2
    order    sell 0.05 market @bar2
    order    sell 0.04 market @bar2
    expect call 1 done
    expect order 1 filled
    expect order 2 rejected code=70004 reason=insufficient_balance
    expect order 3 filled
    expect trade 02:00 buy  open  0.1  @ 20000
    expect trade 03:00 sell close 0.04 @ 21000 pnl=40
    expect account main currency=BTC  wallet=0 deposits=-0.06
    expect account main currency=USDT open=1`));

  it('when coins are deposited then a ledger opens for them, also without any trade', () =>
    settles(`${start}
    deposit 0.5 BTC @bar1
    deposit 1 ETH @bar1
    expect call 1 done
    expect call 2 rejected code=400 reason=unknown_currency
    expect bill 02:00 deposit 0.5 currency=BTC
    expect account main currency=BTC wallet=0.5 deposits=0.5 spot=0
    expect balance 02:00 currency=BTC wallet=0.5`));

  it('when coins are transferred then they open a ledger of the other account, which can sell them', () =>
    settles(`
    contract BTC/USDT generic taker_fee=0
    account  main  balance BTC=1 cross 10x
    account  other balance 100  cross 10x
    bar      01:00 20000
    bar      02:00 20000
    transfer other 0.25 BTC @bar1
    order    sell 0.25 market account=other @bar1
    expect call 1 done
    expect trade 02:00 sell close 0.25 @ 20000 account=other pnl=0
    expect wallet 0.75 account=main
    expect wallet 5100 account=other currency=USDT
    expect wallet 0    account=other currency=BTC`));
});

describe('the row of a holding', () => {
  it('when a day begins then the holding is valued at last, without margin, and what a limit sell has spoken for is frozen', () =>
    settles(`
    contract BTC/USDT generic
    account  main balance 10000 isolated 10x
    bar      21:00 20000
    bar      22:00 20000
    bar      23:00 20000 21000 20000 21000
    bar      2/00:00 21000
    order    buy  0.1  market      @bar1
    order    sell 0.03 limit 30000 @bar2
    order    sell 0.02 stop  15000 @bar2
    expect position 2/00:00 long 0.1 symbol=BTC/USDT mode=none leverage=none entry=20000 mark=21000 amount=2100 upnl=100 margin=0 frozen=0.03 free=0.07 liquidation=none bankruptcy=none maintenance=0 group=0 equity=2100 risk=low
    expect balance 2/00:00 currency=USDT wallet=7998 upnl=0 position=0 available=7998
    expect balance 2/00:00 currency=BTC  wallet=0.1  order=0.03 available=0.07`));

  it('when more is offered than is held then all of it is frozen', () =>
    settles(`
    contract BTC/USDT generic
    account  main balance 10000 BTC=1 isolated 10x
    bar      21:00 20000
    bar      22:00 20000
    bar      23:00 20000
    bar      2/00:00 20000
    order    buy  0.1 market      @bar1
    order    sell 0.3 limit 30000 @bar2
    expect position 2/00:00 long 0.1 frozen=0.1 free=0
    expect balance  2/00:00 currency=BTC wallet=1.1 order=0.3 available=0.8`));
});
