/**
 * What the tables say about a run: closed trades with their excursions, positions at midnight, balance rows at fixed times inside
 * a bar, links between fills, stops and orders (contract of the run folder, section 5 of the product page).
 */

import { describe, it } from '@jest/globals';
import { longAtTenTimes, shortAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

describe('closed trades', () => {
  it('when the price has been below and above then worst and best are those of last while open', () =>
    settles(`${longAtTenTimes}
    bar 02:00 10000 10500 9500 10000
    order long_close 10000 market @bar3
    bar 03:00 10000
    // 1 − 10,000/9,500 and 1 − 10,000/10,500
    expect closed long 10000 opened=01:00 closed=03:00 bars=2 mae=-5263158sat mfe=4761905sat gross=0 net=0 reason=order
    expect account main even=1 wins=0 trades=1`));

  it('when a short is closed then worst is at the high and best at the low', () =>
    settles(`${shortAtTenTimes}
    bar 02:00 10000 10500 9500 10000
    order short_close 10000 market @bar3
    bar 03:00 10000
    expect closed short 10000 mae=-4761905sat mfe=5263158sat`));

  it('when the entry fills inside a bar then what was before it does not count', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    path ohlc
    bar 01:00 10000
    order long_open 10000 limit 9900 @bar1
    bar 02:00 10000 10500 9800 9950
    order long_close 10000 market @bar2
    bar 03:00 9950
    // cost 101,010,101; at 9,800 102,040,816; at 9,950 100,502,513
    expect closed long 10000 opened=02:37:08.571 mae=-1030715sat mfe=507588sat gross=507588sat`)); // second leg, 600/700

  it('when the exit fills inside a bar then what comes after it does not count', () =>
    settles(`${longAtTenTimes.replace('market @bar1', 'market stop_loss=9900 @bar1')}
    path olhc
    bar 02:00 10000 10500 9800 10500
    // at 9,900: 101,010,101
    expect closed long 10000 mae=-1010101sat mfe=0 gross=-1010101sat reason=stop_loss`));

  it('when several fills make a trade then its averages, fees and funding are over all of them', () =>
    settles(`
    contract BTCUSDT generic
    account main balance 100000 cross 10x
    bar 01:00 40000
    order long_open 0.5  market @bar1
    bar 02:00 40000
    order long_open 0.25 market @bar2
    bar 03:00 46000
    order long_close 0.3 market @bar3
    bar 04:00 45000
    order long_close 0.45 market @bar4
    bar 05:00 44000
    // entry (0.5 · 40,000 + 0.25 · 46,000)/0.75; exit (0.3 · 45,000 + 0.45 · 44,000)/0.75
    // fees 0.055 % of 20,000, 11,500, 13,500 and 19,800: 11 + 6.325 + 7.425 + 10.89
    expect closed long 0.75 entry=42000.00 exit=44400.00 value=31500 gross=1800 fees=35.64 funding=0 net=1764.36
    expect wallet 101764.36`));

  it('when a position is open at the end then it is no closed trade', () =>
    settles(`${longAtTenTimes}
    bar 02:00 10500
    expect no closed
    expect account main open=1 trades=0 wallet=1 equity=104761905sat`));
});

describe('drawdown', () => {
  it('when equity is sampled at closes then the largest fall is from the highest close to the lowest after it', () =>
    settles(`${longAtTenTimes}
    bar 02:00 10000 11000 10000 10500
    bar 03:00 10500 10500 9300 9500
    bar 04:00 9500 10000 9500 10000
    // 1.04761905 to 0.94736842; neither 11,000 nor 9,300 are closes
    expect account main drawdown=0.095694 equity=1`)); // 10,025,063/104,761,905
});

describe('rows at fixed times', () => {
  it('when rows stand each hour of a long bar then the mark is that of the way', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    interval 8h
    rows 1h
    path ohlc
    funding constant 0
    bar 00:00 10000
    order long_open 10000 market @bar1
    bar 08:00 10000 10400 9600 10000
    // legs of 2 h 40 min: after one hour 3/8 of the way to 10,400; after four half of the way from 10,400 to 9,600
    expect balance 08:00 upnl=0
    expect balance 09:00 upnl=1477833sat           // 1 − 10,000/10,150
    expect balance 12:00 upnl=0
    expect balance 15:00 upnl=-1522843sat          // 5/8 of the way up from 9,600: 9,850
    expect balance 16:00 upnl=0`));

  it('when a position is held over midnight then it has a row there, with what resting closes have frozen', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    bar 22:00 10000
    order long_open 10000 market @bar1
    bar 23:00 10000 10100 10000 10100
    bar 2/00:00 10100
    order long_close 4000 limit 10500 @bar3
    bar 2/01:00 10100
    expect position 2/00:00 long 10000 entry=10000 mark=10100 amount=99009901sat upnl=990099sat margin=0.1 frozen=0 liquidation=9136.5 bankruptcy=9091 risk=low
    expect position 2/02:00 long 10000`));

  it('when something happens at midnight then the row shows the state after it', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    rows 1d event
    bar 22:00 10000
    order long_open 10000 market @bar1
    bar 23:00 10000
    order long_close 6000 market @bar2
    bar 2/00:00 8000
    bar 2/01:00 8000
    expect balance 2/00:00 wallet=0.9 upnl=0 position=0
    expect account main liquidations=1`));

  it('when part is closed at midnight then the position row has the rest', () =>
    settles(`
    contract XBTUSD generic taker_fee=0
    account main balance 1 isolated 10x
    rows 1d
    bar 22:00 10000
    order long_open 10000 market @bar1
    bar 23:00 10000
    order long_close 6000 market @bar2
    bar 2/00:00 10000
    bar 2/01:00 10000
    expect position 2/00:00 long 4000 margin=0.04
    expect balance  2/00:00 position=0.04 available=0.96`));
});

describe('links between the tables', () => {
  it('when a stop fills then its row names the fill, the guarded order and the leg', () =>
    settles(`${longAtTenTimes.replace('market @bar1', 'market stop_loss_pct=0.02 tag=entry @bar1')}
    bar 02:00 10000 10000 9700 9700
    // high first; second leg, 200/300
    expect trade 01:00    buy  open  10000 @ 10000 id=1 order=1
    expect trade 02:33:20 sell close 10000 @ 9800  id=2 order=2 reason=stop_loss
    expect stop  02:33:20 sell 10000 @ 9800 loss trade=2 order=1 stop=9800 rule=stop_loss_pct trigger=last path=leg2 amount=102040816sat fee=0 pnl=-2040816sat
    expect bill  01:00    fee          0            isolated=0.1  order=1 position=1
    expect bill  02:33:20 realized_pnl -2040816sat  isolated=-0.1 order=2 position=1
    expect order 1 filled given=01:00 ended=01:00 tag=entry  side=buy  effect=open  type=market
    expect order 2 filled given=01:00 ended=02:33:20 parent=1 side=sell effect=close type=stop avg=9800`));
});
