/**
 * An account with several ledgers, symbols and sides: which wallet a booking moves, which positions are one risk, cash, spot
 * trades, and funding that is paid from what is available first.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { Contract } from '../contract/contract.js';
import { InvariantError } from '../errors.js';
import type { Currency } from '../money/units.js';
import {
  accountWith,
  BTCUSDT,
  d,
  FLAT_INVERSE,
  fill,
  rulesOf,
  USDT_CURRENCY,
  XBT_CURRENCY,
} from '../testing/laws/contracts.js';
import type { TradingAccount } from './account.js';

const UNIT = 100_000_000n;
const bills = (account: TradingAccount) =>
  account
    .takeBills()
    .map(({ currency, symbol, type, amount, isolatedDelta }) => [currency.code, symbol, type, amount, isolatedDelta]);

describe('ledgers', () => {
  it('when contracts settle in two currencies then each has its wallet, and bills come in the order of what happened', () => {
    const account = accountWith('generic', 'isolated', '10', UNIT);
    account.deposit(50_000n * UNIT, 1, 'start', USDT_CURRENCY);
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000', '0.001');
    fill(account, BTCUSDT, 'sell', 'open', 1_000n, '10000', '0.001');
    fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000', '0.001');
    expect(bills(account)).toEqual([
      ['USDT', null, 'deposit', 50_000n * UNIT, 0n],
      ['XBT', 'BTCUSD', 'fee', -100_000n, 10_000_000n],
      ['USDT', 'BTCUSDT', 'fee', -10n * UNIT, 1_000n * UNIT],
      ['XBT', 'BTCUSD', 'fee', -100_000n, 10_000_000n],
    ]);
    expect([account.walletOf('XBT'), account.walletOf('USDT'), account.walletOf('ETH')]).toEqual([
      UNIT - 200_000n,
      49_990n * UNIT,
      0n,
    ]);
    expect([account.wallet, account.crossWallet('XBT'), account.crossWallet('USDT')]).toEqual([
      UNIT - 200_000n,
      UNIT - 20_200_000n,
      48_990n * UNIT,
    ]);
    expect(account.currencies.map(({ code }) => code)).toEqual(['XBT', 'USDT']);
    const mark = ({ symbol }: Contract) => d(symbol === 'BTCUSD' ? '10000' : '9000');
    expect(account.balances('USDT', mark, 5n)).toMatchObject({ unrealizedPnl: 1_000n * UNIT, orderMargin: 5n });
    expect(account.balances('XBT', mark, 0n)).toMatchObject({ unrealizedPnl: 0n, positionMargin: 20_000_000n });
  });

  it('when cash comes and goes then the bills carry its sign, in its ledger', () => {
    const account = accountWith('generic', 'cross', '10', UNIT);
    for (const kind of ['deposit', 'withdraw', 'transfer_in', 'transfer_out'] as const) {
      account.applyCash(kind, USDT_CURRENCY, 7n, 3, kind);
    }
    expect(bills(account).map(([, , type, amount]) => [type, amount])).toEqual([
      ['deposit', 7n],
      ['withdraw', -7n],
      ['transfer_in', 7n],
      ['transfer_out', -7n],
    ]);
    expect([account.hasLedger('USDT'), account.hasLedger('ETH'), account.walletOf('USDT')]).toEqual([true, false, 0n]);
  });

  it('when a ledger has blown up then it alone has ended, and a copy goes its own way', () => {
    const account = accountWith('generic', 'cross', '10', UNIT);
    account.endLedger('USDT', 9);
    const copy = account.clone();
    copy.bankruptAtMs = 11;
    expect([account.bankruptAtMs, account.bankruptAtMsOf('USDT')]).toEqual([null, 9]);
    expect([copy.bankruptAtMs, copy.bankruptAtMsOf('XBT'), copy.bankruptAtMsOf('USDT')]).toEqual([11, 11, 9]);
  });
});

describe('positions and their groups', () => {
  const named = (symbol: string, contract = BTCUSDT): Contract => ({ ...contract, symbol });

  it('when symbols were used in any order then positions and groups are by code unit, long before short', () => {
    const account = accountWith('generic', 'cross', '10', 10n ** 15n, USDT_CURRENCY, { positionMode: 'hedged' });
    const [a, b, small] = [named('AAA'), named('BBB'), named('aaa')];
    account.applySetting(b, { mode: 'isolated' });
    for (const contract of [small, b, a]) {
      fill(account, contract, 'sell', 'open', 1n, '10', '0', 'short');
      fill(account, contract, 'buy', 'open', 1n, '10', '0', 'long');
    }
    fill(account, named('ZZZ', FLAT_INVERSE), 'buy', 'open', 1n, '10', '0', 'long');
    const open = account.openPositions().map(({ contract, slot }) => `${contract.symbol} ${slot}`);
    expect(open).toEqual(['AAA long', 'AAA short', 'BBB long', 'BBB short', 'ZZZ long', 'aaa long', 'aaa short']);
    expect(account.openPositions('XBT').length).toBe(1);
    const groups = account.riskGroups().map(({ mode, currency, members }) => [mode, currency.code, members.length]);
    expect(groups).toEqual([
      ['isolated', 'USDT', 1],
      ['isolated', 'USDT', 1],
      ['cross', 'USDT', 4],
      ['cross', 'XBT', 1],
    ]);
    const position = account.position(a, 'short');
    expect(account.riskGroupOf(position).members.length).toBe(4);
    expect(() => account.riskGroupOf(account.position(a, 'net'))).toThrow(InvariantError);
  });

  it('when mode and leverage are set then both sides have them, those made later too', () => {
    const account = accountWith('generic', 'cross', '10', UNIT, USDT_CURRENCY, { positionMode: 'hedged' });
    const long = account.position(BTCUSDT, 'long');
    account.applySetting(BTCUSDT, { mode: 'isolated', leverage: d('5') });
    for (const position of [long, account.position(BTCUSDT, 'short')]) {
      expect(position).toMatchObject({ mode: 'isolated', leverage: d('5') });
    }
    account.applyMove(
      BTCUSDT,
      4,
      { mode: 'isolated', leverage: d('7'), margin: 3n, added: 3n },
      'margin_add',
      'in',
      'long',
    );
    expect(account.position(BTCUSDT, 'short')).toMatchObject({ leverage: d('7'), margin: 0n });
    expect(bills(account)).toEqual([['USDT', 'BTCUSDT', 'margin_add', 0n, 3n]]);
  });

  test.each([
    ['buy', 'open', 'long'],
    ['sell', 'open', 'short'],
    ['sell', 'close', 'long'],
    ['buy', 'close', 'short'],
  ] as const)('when a hedged account would %s to %s then it is the %s', (side, effect, slot) => {
    const hedged = accountWith('generic', 'cross', '10', UNIT, USDT_CURRENCY, { positionMode: 'hedged' });
    expect(hedged.slotOf(BTCUSDT, side, effect)).toBe(slot);
    expect(accountWith('generic', 'cross', '10', UNIT).slotOf(BTCUSDT, side, effect)).toBe('net');
  });

  it('when the position mode changes then only while flat, and other symbols keep theirs', () => {
    const account = accountWith('generic', 'cross', '10', UNIT, USDT_CURRENCY);
    account.setPositionMode(BTCUSDT, 'hedged');
    expect(account.positionsOf(BTCUSDT).map(({ slot }) => slot)).toEqual(['long', 'short']);
    expect(account.positionsOf(named('OTHER')).map(({ slot }) => slot)).toEqual(['net']);
    fill(account, BTCUSDT, 'buy', 'open', 1n, '10', '0', 'long');
    expect(() => account.setPositionMode(BTCUSDT, 'one_way')).toThrow(InvariantError);
    account.setPositionMode(BTCUSDT, 'hedged');
  });

  it('when a fill does not fit its side then the account refuses it', () => {
    const account = accountWith('generic', 'cross', '10', UNIT, USDT_CURRENCY, { positionMode: 'hedged' });
    expect(() => fill(account, BTCUSDT, 'sell', 'open', 1n, '10', '0', 'long')).toThrow(InvariantError);
    expect(() => fill(account, BTCUSDT, 'buy', 'open', 1n, '10', '0', 'short')).toThrow(InvariantError);
  });

  it('when automatic margin is set then for the symbol, and it starts as the account was given', () => {
    const account = accountWith('generic', 'isolated', '10', UNIT, USDT_CURRENCY, { autoMargin: true });
    account.setAutoMargin(named('OTHER'), false);
    expect([account.autoMarginOf(BTCUSDT), account.autoMarginOf(named('OTHER'))]).toEqual([true, false]);
  });

  it('when one of two cross positions closes beyond the wallet then insurance waits for the last', () => {
    const account = accountWith('generic', 'cross', '10', 100n * UNIT, USDT_CURRENCY);
    fill(account, named('AAA'), 'buy', 'open', 1_000n, '1000');
    fill(account, named('BBB'), 'buy', 'open', 1_000n, '1000');
    expect(fill(account, named('AAA'), 'sell', 'close', 1_000n, '800').insurance).toBe(0n);
    expect(account.wallet).toBe(-100n * UNIT);
    expect(fill(account, named('BBB'), 'sell', 'close', 1_000n, '1050').insurance).toBe(50n * UNIT);
    expect(account.wallet).toBe(0n);
  });
});

describe('funding paid from what is available first', () => {
  const rules = { ...rulesOf('bybit') };
  const opened = (): TradingAccount => {
    const account = accountWith('bybit', 'isolated', '10', 10_000n * UNIT, USDT_CURRENCY, { rules });
    fill(account, BTCUSDT, 'buy', 'open', 1_000n, '10000');
    account.takeBills();
    return account;
  };
  // a payment of 100
  test.each([
    [101n, 0n],
    [100n, 0n],
    [99n, -1n],
    [0n, -100n],
  ])('when %s may leave the wallet then the margin bears %s', (transferable, ofMargin) => {
    const account = opened();
    const amount = account.applyFunding(BTCUSDT, 5, d('0.01'), d('10000'), { transferable: transferable * UNIT });
    expect(amount).toBe(-100n * UNIT);
    expect(bills(account)).toEqual([['USDT', 'BTCUSDT', 'funding', -100n * UNIT, ofMargin * UNIT]]);
    expect(account.position(BTCUSDT).margin).toBe((1_000n + ofMargin) * UNIT);
  });

  it('when funding is received then the wallet has it; of a hedge each side by itself', () => {
    const account = opened();
    account.applyFunding(BTCUSDT, 5, d('-0.01'), d('10000'));
    expect(bills(account)).toEqual([['USDT', 'BTCUSDT', 'funding', 100n * UNIT, 0n]]);
    const hedged = accountWith('generic', 'isolated', '10', 10_000n * UNIT, USDT_CURRENCY, { positionMode: 'hedged' });
    fill(hedged, BTCUSDT, 'sell', 'open', 1_000n, '10000', '0', 'short');
    expect(hedged.applyFunding(BTCUSDT, 5, d('0.01'), d('10000'), { slot: 'short' })).toBe(100n * UNIT);
    expect(hedged.position(BTCUSDT, 'short').margin).toBe(1_100n * UNIT);
  });
});

describe('spot', () => {
  const BTC: Currency = { code: 'BTC', decimals: 8 };
  /** Steps of 0.001 BTC against USDT. */
  const PAIR: Contract = { ...BTCUSDT, symbol: 'BTC/USDT', type: 'spot', base: BTC };

  it('when coins are bought and sold then both ledgers move, the fee is in quote, and the profit is over the average cost', () => {
    const account = accountWith('generic', 'isolated', '10', 100_000n * UNIT, USDT_CURRENCY, {
      positionMode: 'hedged',
    });
    expect(fill(account, PAIR, 'buy', 'open', 1_000n, '10000', '0.001')).toEqual({
      value: 10_000n * UNIT,
      fee: 10n * UNIT,
      realizedPnl: 0n,
      insurance: 0n,
    });
    fill(account, PAIR, 'buy', 'open', 1_000n, '20000');
    expect(fill(account, PAIR, 'sell', 'close', 500n, '16000', '0.001').realizedPnl).toBe(500n * UNIT);
    expect(bills(account)).toEqual([
      ['USDT', 'BTC/USDT', 'spot_buy', -10_000n * UNIT, 0n],
      ['BTC', 'BTC/USDT', 'spot_buy', UNIT, 0n],
      ['USDT', 'BTC/USDT', 'fee', -10n * UNIT, 0n],
      ['USDT', 'BTC/USDT', 'spot_buy', -20_000n * UNIT, 0n],
      ['BTC', 'BTC/USDT', 'spot_buy', UNIT, 0n],
      ['USDT', 'BTC/USDT', 'spot_sell', 8_000n * UNIT, 0n],
      ['BTC', 'BTC/USDT', 'spot_sell', -UNIT / 2n, 0n],
      ['USDT', 'BTC/USDT', 'fee', -8n * UNIT, 0n],
    ]);
    expect(account.position(PAIR)).toMatchObject({
      slot: 'net',
      mode: 'cross',
      qty: 1_500n,
      cost: 22_500n * UNIT,
      margin: 0n,
    });
    expect([account.walletOf('BTC'), account.riskGroups(), account.openPositions().length]).toEqual([
      150_000_000n,
      [],
      1,
    ]);
    expect(account.balances('USDT', () => d('1'), 0n)).toMatchObject({ unrealizedPnl: 0n, positionMargin: 0n });
    fill(account, PAIR, 'sell', 'close', 1_500n, '15000');
    expect(account.position(PAIR)).toMatchObject({ qty: 0n, cost: 0n, id: 0 });
    expect(account.walletOf('BTC')).toBe(0n);
  });

  it('when coins that were not bought are sold then they make no profit that is told', () => {
    const account = accountWith('generic', 'cross', '10', 0n, USDT_CURRENCY);
    account.deposit(UNIT, 0, 'start', BTC);
    expect(fill(account, PAIR, 'sell', 'close', 400n, '10000').realizedPnl).toBe(0n);
    fill(account, PAIR, 'buy', 'open', 100n, '8000');
    // 100 of 400 were bought at 8,000 a coin
    expect(fill(account, PAIR, 'sell', 'close', 400n, '10000').realizedPnl).toBe(200n * UNIT);
    expect([account.walletOf('BTC'), account.position(PAIR).qty]).toEqual([30_000_000n, 0n]);
    // Only where a holding stood are the bills of one.
    expect(account.takeBills().map(({ type, symbol, positionId }) => [type, symbol, positionId])).toEqual([
      ['deposit', null, null],
      ['spot_sell', 'BTC/USDT', null],
      ['spot_sell', 'BTC/USDT', null],
      ['spot_buy', 'BTC/USDT', 1],
      ['spot_buy', 'BTC/USDT', 1],
      ['spot_sell', 'BTC/USDT', 1],
      ['spot_sell', 'BTC/USDT', 1],
    ]);
  });

  it('when the values are too small for a bill then both ledgers are there all the same', () => {
    const account = accountWith('generic', 'cross', '10', 0n, XBT_CURRENCY);
    account.deposit(UNIT, 0, 'start', BTC);
    fill(account, PAIR, 'sell', 'close', 1n, '0.000001');
    expect([account.hasLedger('USDT'), account.walletOf('USDT')]).toEqual([true, 0n]);
  });

  it('when a cross position of the same ledger closes then a holding is no open position beside it', () => {
    const account = accountWith('generic', 'cross', '10', 1_000n * UNIT, USDT_CURRENCY);
    fill(account, PAIR, 'buy', 'open', 1n, '10000');
    fill(account, BTCUSDT, 'buy', 'open', 1_000n, '10000');
    expect(fill(account, BTCUSDT, 'sell', 'close', 1_000n, '8000').insurance).toBe(1_010n * UNIT);
    expect(account.wallet).toBe(0n);
  });
});

describe('currencies', () => {
  it('when one code comes with two numbers of digits then it is a fault of the caller', () => {
    const account = accountWith('generic', 'cross', '10', UNIT);
    account.openLedger(XBT_CURRENCY);
    expect(() => account.openLedger({ code: 'XBT', decimals: 6 })).toThrow(InvariantError);
  });
});
