/**
 * Scenarios: a situation of a market and what must come of it, as text that a trader can read. `settles` runs the text through
 * the engine and compares; it also checks what holds in every run (laws.ts). It does not know any rule of settlement: what is
 * expected is worked out by hand in the remarks of the scenarios.
 *
 * One statement a line, words parted by blanks, a remark after two slashes. Order of lines is free but for bars, orders and
 * expectations among themselves. Numbers may have thousands commas; money is in whole coins, or `83333sat` (units of 10^-8).
 * A time is `09:00` (with seconds `09:20:30.500`) on the first day, 2020-01-01 UTC, and `2/09:00` on the second.
 *
 *   contract XBTUSD bitmex taker_fee=0.001        a contract of the cast, the rules, contract_info fields that replace its own
 *                                                 (risk_limit=200/100, fund_time=04:00,12:00)
 *   contract BTC/USDT bitmex                      more contracts of the same rules; the first is the strategy's own
 *   account main balance 1 isolated 10x taker=0   fees of the account: taker= maker=; then hedged, auto_margin; balances of
 *                                                 several currencies, the own first: balance 1000 BTC=2
 *   interval 1h                                   1m 5m 1h 8h 1d; 1h unless said
 *   path adverse                                  adverse nearest favourable ohlc olhc; adverse unless said
 *   slippage 2 ticks                              or bps
 *   rows bar event 1d                             balance rows; bar and event unless said
 *   bar 09:00 9000 9010 8990 9000 | 9001          open high low close, after the stroke the mark's; one number: it stands still;
 *                                                 `unfinished` at the end: the mark is of a longer candle, still open
 *   detail 20m                                    there are finer bars: 1m 5m 15m 20m 30m
 *   part 09:20 9000 9010 8990 9000 | 9001         a finer bar, written as a bar is; a bar that has all of its parts is settled along them
 *   bar 09:00 BTC/USDT 9000                       of another contract than the first; one open time is one step and one @bar
 *   funding 04:00 0.0001 at 9000                  a row of the funding file, `at` its price; or `funding constant 0.0001`
 *   order long_open 10000 market  @bar1           given at the close of the first bar; @bar0 is before the first
 *   order short_close_pct 0.5 limit 9000 @bar1    the eight calls, and buy, sell, buy_pct, sell_pct; long_open_pob and short_open_pob, whose
 *                                                 quantity may be `last`, the one before; market, limit PRICE, stop TRIGGER or
 *                                                 stop_limit TRIGGER PRICE; then stop_loss= stop_profit= stop_loss_pct=
 *                                                 stop_profit_pct= trailing_stop= trailing_stop_pct= (a base after a colon:
 *                                                 stop_loss_pct=0.1:roe) trigger_by= time_in_force= leverage= tag= symbol=
 *                                                 reduce_only post_only account= (account=all: on every account)
 *   fixed long pob=1 leverage=10 @bar1            openFixed: two of pob= leverage= map=, or none for the size before
 *   guard 1 stop_loss=9900 @bar2                  a stop after the fact for the order of this id; any of the styles above
 *   modify 1 price=9000 @bar2                     and qty=, trigger=
 *   cancel 3 @bar2                                an order's id, or all
 *   mode cross @bar1                              these too take account= and symbol=
 *   leverage 5 @bar1
 *   margin in 0.05 side=long @bar1                or out: addMargin, removeMargin; the side only where there are two
 *   auto_margin on @bar1                          or off
 *   position_mode hedged @bar1                    or one_way
 *   deposit 1 @bar1                               and withdraw 1, transfer NAME 1, in whole units of the account's currency, or
 *                                                 of another: deposit 1 BTC
 *
 * Expectations. Of trade, bill, order, stop, closed and call the lines are the whole table in its order, bills without the
 * starting deposits; `expect no trade` wants it empty. Of the others a line is about one row. Fields that are not named are not compared.
 * Rows of a symbol also have symbol=, those of a ledger currency=.
 *
 *   expect trade    TIME SIDE EFFECT QTY @ PRICE  taker|maker id= account= order= amount= fee= pnl= reason=
 *   expect bill     TIME TYPE AMOUNT              id= account= isolated= fee= balance= order= position= info=
 *   expect order    ID STATUS                     account= given= ended= side= effect= type= price= qty= filled= avg= code=
 *                                                 reason= parent= tag=
 *   expect stop     TIME SIDE QTY @ PRICE         loss|profit account= stop= rule= trigger= path= order= amount= fee= pnl= trade=
 *   expect closed   SIDE QTY                      account= opened= closed= bars= entry= exit= value= gross= fees= funding= net=
 *                                                 mae= mfe= reason=
 *   expect call     NUMBER done|rejected          code= reason=; answers to the lines that are no orders
 *   expect balance  TIME                          account= wallet= upnl= margin= position= order= available=
 *   expect position TIME SIDE QTY                 account= mode= leverage= entry= mark= amount= upnl= margin= frozen= free= liquidation= bankruptcy=
 *                                                 maintenance= group= equity= risk=
 *   expect wallet   AMOUNT                        account=; at the end
 *   expect account  NAME                          wallet= equity= fees= funding= insurance= trades= wins= even= liquidations=
 *                                                 bankrupt= rejected= missing= ambiguous= open= drawdown= deposits= spot=
 *
 * A missing value is `none`. Averages (avg, entry, exit, drawdown) are compared at the digits written, or exactly as a quotient 45000/8.
 */

import { compareExpectations, type FoundTables } from './expectations.js';
import {
  rowOfAccount,
  rowOfBalance,
  rowOfBill,
  rowOfCall,
  rowOfClosed,
  rowOfOrder,
  rowOfPosition,
  rowOfStop,
  rowOfTrade,
} from './foundRows.js';
import { brokenLaws } from './laws.js';
import { parseScenario } from './parseScenario.js';
import { runScenario, type ScenarioRun } from './runScenario.js';

/** A scenario that came out otherwise than written. */
export class ScenarioFailure extends Error {
  constructor(differences: readonly string[]) {
    super(`the scenario does not come out as written\n\n${differences.join('\n\n')}\n`);
    this.name = 'ScenarioFailure';
  }
}

/**
 * Runs a scenario and compares.
 *
 * @throws ScenarioError for text that cannot be read, ScenarioFailure for results that differ.
 */
export async function settles(text: string): Promise<void> {
  const run = await runScenario(parseScenario(text));
  const differences = [...compareExpectations(run.script.expectations, tablesOf(run)), ...brokenLaws(run)];
  if (differences.length > 0) throw new ScenarioFailure(differences);
}

function tablesOf({ script, collected, outcome }: ScenarioRun): FoundTables {
  const [{ contract }] = script.series;
  // Nothing is booked for a balance of nothing.
  const starts = script.accounts.flatMap(({ balances }) => balances).filter(({ amount }) => amount > 0n).length;
  const accounts = outcome.accounts.map(rowOfAccount);
  return {
    trade: collected.trades.map(rowOfTrade),
    bill: collected.bills.slice(starts).map(rowOfBill),
    order: collected.orders.map((order) => rowOfOrder(order, contract)),
    stop: collected.stops.map(rowOfStop),
    closed: collected.closedTrades.map(rowOfClosed),
    balance: collected.balances.map(rowOfBalance),
    position: collected.positions.map(rowOfPosition),
    wallet: accounts,
    account: accounts,
    call: collected.calls.map(rowOfCall),
  };
}
