/** The exact bytes of every table, and quoting and neutralizing at their edges. */

import { describe, expect, it, test } from '@jest/globals';
import type { Table } from './column.js';
import { formatCsvHeader, formatCsvLine, formatCsvRow, neutralizeFormula } from './csv.js';
import { aBalance, aBill, aClosedTrade, anOrder, aPosition, aStopTrade, aTrade, ETHUSDT } from './fixtures/records.js';
import { isOutputName, OUTPUT_NAMES, TABLES } from './tables.js';

function csv<R>(table: Table<R>, ...records: R[]): string {
  return formatCsvHeader(table) + records.map((record) => formatCsvRow(table, record)).join('');
}

describe('the bytes of each table', () => {
  it('when stops filled then stop_trades has the classic eight columns first', () => {
    const take = aTrade({
      contract: ETHUSDT,
      side: 'buy',
      price: 215.125,
      qty: 1500n,
      amount: 322_687_500n,
      commission: -80_671n,
      realizedPnl: 12_345_678n,
    });
    expect(
      csv(
        TABLES.stop_trades,
        aStopTrade(),
        aStopTrade({ trade: take, lossProfit: 'profit', stopPrice: 215, orderId: null, trigger: 'mark', path: 'open' }),
      ),
    ).toBe(
      'id,side,price,qty,amount,commission,stop_price,loss_profit,time,account,symbol,order_id,trigger,realized_pnl,rule,path\n' +
        '7,sell,7840.0,1000,0.12755102,0.00009566,7840.5,loss,2020-03-12T10:15:20.333Z,main,XBTUSD,2,last,-0.00255102,stop_loss_pct,leg1\n' +
        '7,buy,215.125,1.500,322.687500,-0.080671,215.00,profit,2020-03-12T10:15:20.333Z,main,ETHUSDT,,mark,12.345678,stop_loss_pct,open\n',
    );
  });

  it('when fills are written then trades has one row each', () => {
    expect(csv(TABLES.trades, aTrade(), aTrade({ id: 8, orderId: null, realizedPnl: 0n, reason: 'liquidation' }))).toBe(
      'id,time,account,symbol,order_id,side,position_effect,price,qty,amount,commission,realized_pnl,liquidity,reason\n' +
        '7,2020-03-12T10:15:20.333Z,main,XBTUSD,3,sell,close,7840.0,1000,0.12755102,0.00009566,-0.00255102,taker,stop_loss\n' +
        '8,2020-03-12T10:15:20.333Z,main,XBTUSD,,sell,close,7840.0,1000,0.12755102,0.00009566,0.00000000,taker,liquidation\n',
    );
  });

  it('when orders are written then what an order has not is empty', () => {
    const refused = anOrder({
      symbol: 'NOPE',
      contract: null,
      type: 'market',
      price: null,
      qty: null,
      filledQty: 0n,
      avgPrice: null,
      status: 'rejected',
      code: 400,
      reason: 'unknown_symbol',
    });
    expect(csv(TABLES.orders, anOrder({ parentId: 2, tag: 'entry, long' }), refused)).toBe(
      'id,time,account,symbol,side,position_effect,type,price,qty,filled_qty,avg_price,status,code,reason,parent_id,tag,end_time\n' +
        '3,2020-03-12T10:15:20.333Z,main,XBTUSD,buy,open,limit,8000.0,1000,400,8000.00000000,cancelled,,,2,"entry, long",2020-03-12T10:16:20.333Z\n' +
        '3,2020-03-12T10:15:20.333Z,main,NOPE,buy,open,market,,,0,,rejected,400,unknown_symbol,,,2020-03-12T10:16:20.333Z\n',
    );
  });

  it('when balances are written then the raw available balance may be negative', () => {
    expect(csv(TABLES.balance, aBalance({ available: -1n, orderMargin: 99n }))).toBe(
      'time,account,currency,wallet_balance,unrealized_pnl,margin_balance,position_margin,order_margin,available_balance\n' +
        '2020-03-12T10:15:20.333Z,main,XBT,1.00000000,-0.00255102,0.99744898,0.01250000,0.00000099,-0.00000001\n',
    );
  });

  it('when positions are written then value is the price and amount the total value', () => {
    const unbound = aPosition({
      side: 'short',
      leverage: null,
      liquidationPrice: null,
      bankruptcyPrice: null,
      equity: 0n,
      riskLevel: 'liquidation',
      mode: 'cross',
    });
    expect(csv(TABLES.positions, aPosition(), unbound)).toBe(
      'time,account,symbol,asset_class,side,value,amount,total,available,frozen,avg_cost,mark_price,unrealized_pnl,margin,mode,leverage,liquidation_price,bankruptcy_price,maintenance_margin,margin_ratio,risk_level\n' +
        '2020-03-12T10:15:20.333Z,main,XBTUSD,inverse,long,7840.25,0.12754695,1000,600,400,8000.33333333,7840.25,-0.00254695,0.01250000,isolated,10,7307.0,7272.5,0.00062500,0.06279482,low\n' +
        '2020-03-12T10:15:20.333Z,main,XBTUSD,inverse,short,7840.25,0.12754695,1000,600,400,8000.33333333,7840.25,-0.00254695,0.01250000,cross,,,,0.00062500,,liquidation\n',
    );
  });

  it('when bills are written then a deposit has no symbol, order or position', () => {
    const deposit = aBill({
      id: 1,
      symbol: null,
      type: 'deposit',
      amount: 100_000_000n,
      fee: 0n,
      balanceAfter: 100_000_000n,
      isolatedDelta: 0n,
      orderId: null,
      positionId: null,
      info: '',
    });
    expect(csv(TABLES.bills, deposit, aBill())).toBe(
      'id,time,account,currency,symbol,type,amount,fee,balance_after,isolated_delta,order_id,position_id,info\n' +
        '1,2020-03-12T10:15:20.333Z,main,XBT,,deposit,1.00000000,0.00000000,1.00000000,0.00000000,,,\n' +
        '5,2020-03-12T10:15:20.333Z,main,XBT,XBTUSD,realized_pnl,-0.00255102,0.00009566,0.99744898,-0.01250000,3,1,stop_loss at 7840.0\n',
    );
  });

  it('when trades closed then return is the net profit over the entry value', () => {
    expect(csv(TABLES.closed_trades, aClosedTrade(), aClosedTrade({ id: 2, entryValue: 0n }))).toBe(
      'id,account,symbol,side,entry_time,exit_time,bars,qty,entry_price,exit_price,gross_pnl,fees,funding,net_pnl,return,mae,mfe,exit_reason\n' +
        '1,main,XBTUSD,long,2020-03-12T09:15:20.333Z,2020-03-12T10:15:20.333Z,60,1000,8000.00000000,7840.00000000,-0.00255102,0.00018941,0.00001250,-0.00272793,-0.02182344,-0.00300000,0.00000000,stop_loss\n' +
        '2,main,XBTUSD,long,2020-03-12T09:15:20.333Z,2020-03-12T10:15:20.333Z,60,1000,8000.00000000,7840.00000000,-0.00255102,0.00018941,0.00001250,-0.00272793,,-0.00300000,0.00000000,stop_loss\n',
    );
  });

  it('when amounts are beyond what a float64 holds then every digit is there', () => {
    const row = formatCsvRow(TABLES.balance, aBalance({ wallet: 10n ** 30n + 1n, unrealizedPnl: -1n }));
    expect(row).toContain(',10000000000000000000000.00000001,-0.00000001,');
  });
});

describe('what a spreadsheet could take for a formula', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['a=1', 'a=1'],
    ["'=1", "'=1"],
    ['', ''],
  ])('when free text is %p then it becomes %p', (text, neutral) => {
    expect(neutralizeFormula(text)).toBe(neutral);
  });

  it('when a tag, reason, account, symbol or info begins like one then each is neutralized and no number is', () => {
    expect(formatCsvRow(TABLES.orders, anOrder({ account: '-a', symbol: '=s', reason: '@r', tag: '+t' }))).toBe(
      "3,2020-03-12T10:15:20.333Z,'-a,'=s,buy,open,limit,8000.0,1000,400,8000.00000000,cancelled,,'@r,,'+t,2020-03-12T10:16:20.333Z\n",
    );
    expect(formatCsvRow(TABLES.bills, aBill({ info: '=HYPERLINK("x")' }))).toMatch(
      /,realized_pnl,-0\.00255102,.*,"'=HYPERLINK\(""x""\)"\n$/,
    );
  });
});

describe('quoting', () => {
  test.each([
    ['a,b', '"a,b"\n'],
    ['say "x"', '"say ""x"""\n'],
    ['two\nlines', '"two\nlines"\n'],
    ['cr\rhere', '"cr\rhere"\n'],
    [' padded ', ' padded \n'],
    ['Zürich 東京', 'Zürich 東京\n'],
  ])('when a cell is %p then the line is %p', (cell, line) => {
    expect(formatCsvLine([cell])).toBe(line);
  });
});

describe('names of tables', () => {
  it('when a table is asked for then only the eight names are known', () => {
    expect([...OUTPUT_NAMES].sort()).toEqual(
      ['summary', 'stop_trades', 'trades', 'closed_trades', 'orders', 'balance', 'positions', 'bills'].sort(),
    );
    expect(isOutputName('bills')).toBe(true);
    expect(isOutputName('constructor')).toBe(false);
  });
});
