/** Answers by the numbers that venues and other projects publish, and by worked examples of the settlement page. */

import { describe, expect, it, test } from '@jest/globals';
import { parseFraction } from '../money/decimal.js';
import { formatSignificant } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import { calculate, KINDS } from './calculate.js';

type Row = Readonly<Record<string, unknown>>;

const ask = (kind: string, venue: string, inputs: Row): Row => calculate({ kind, venue, inputs }).outputs;

/** A decimal of an answer to `places`; null stays. */
function toPlaces(value: unknown, places: bigint): unknown {
  const number = typeof value === 'string' ? parseFraction(value) : undefined;
  if (number === undefined) return value;
  const scale = 10n ** places;
  return formatSignificant({ num: divHalfAway(number.num * scale, number.den), den: scale }, 30);
}

const four = (value: unknown): unknown => toPlaces(value, 4n);

const XBT = { contract_type: 'inverse', qty: '10000', entry_price: '10000', maintenance_margin_rate: '0.005' };

describe('liquidation by leverage', () => {
  test.each([
    ['long', '2', '6700', '6688.9632', '6666.6667'],
    ['long', '10', '9136.3636', '9132.4201', '9090.9091'],
    ['long', '100', '9950.495', '9950.2488', '9900.9901'],
    ['short', '2', '19900', '19801.9802', '20000'],
    ['short', '10', '11055.5556', '11049.7238', '11111.1111'],
    ['short', '100', '10050.5051', '10050.2513', '10101.0101'],
    ['short', '1', null, '2000000', null],
  ])(
    'when an inverse %s of 10,000 at 10,000 has %s× then mark, entry and bankruptcy are %s, %s, %s',
    (side, leverage, mark, entry, bankruptcy) => {
      const inputs = { ...XBT, side, leverage };
      const onEntry = ask('liquidation_price', 'generic', inputs);
      const onMark = ask('liquidation_price', 'generic', { ...inputs, maintenance_base: 'mark' });
      expect(
        [onMark['liquidation_price'], onEntry['liquidation_price'], onEntry['bankruptcy_price']].map(four),
      ).toEqual([mark, entry, bankruptcy]);
    },
  );

  test.each([
    ['okx', '0.00075', '9143.1818'],
    ['generic', '0.00075', '9136.3636'],
  ])(
    'when the venue is %s and the taker fee %s then a long at 10× with 0.1 behind it goes at %s',
    (venue, taker, price) => {
      const inputs = { ...XBT, side: 'long', margin_balance: '0.1', taker_fee_rate: taker };
      expect(four(ask('liquidation_price', venue, inputs)['liquidation_price'])).toBe(price);
    },
  );

  test.each([
    ['long', {}, '9132.5'],
    ['short', {}, '11049.5'],
    ['long', { rounding: 'floor' }, '9132'],
    ['short', { rounding: 'ceil' }, '11050'],
    ['long', { rounding: 'nearest' }, '9132.5'],
    ['long', { tick_size: '100' }, '9200'],
  ])('when a %s at 10× is asked on a tick of 0.5 with %j then it is rounded to %s', (side, more, price) => {
    const outputs = ask('liquidation_price', 'generic', { ...XBT, side, leverage: '10', tick_size: '0.5', ...more });
    expect(outputs['liquidation_price_rounded']).toBe(price);
  });

  it('when added margin and paid funding are in the margin then both move the price', () => {
    // Margin of a whole short less what funding took: 0.9 XBT behind 1.
    const inputs = { ...XBT, side: 'short', leverage: '1', pos_loss: '0.1', maintenance_base: 'mark' };
    expect(ask('liquidation_price', 'generic', inputs)['liquidation_price']).toBe('99500');
    expect(ask('liquidation_price', 'generic', { ...inputs, extra_margin: '0.1' })['liquidation_price']).toBeNull();
  });

  it('when Bybit counts margin added to an inverse position then less its own closing fee', () => {
    const inputs = { ...XBT, side: 'long', leverage: '10', extra_margin: '0.1', taker_fee_rate: '0.25' };
    // 0.1 / (1 + 0.25) = 0.08 stands behind the position beside its 0.1.
    expect(four(ask('liquidation_price', 'bybit_uta', inputs)['bankruptcy_price'])).toBe('8474.5763');
    expect(four(ask('liquidation_price', 'bybit', inputs)['bankruptcy_price'])).toBe('8333.3333');
  });
});

describe('liquidation of a cross account', () => {
  const BTC = { contract_type: 'linear', side: 'long', entry_price: '40000', margin_balance: '100000' };
  const tiers = [
    ['0', '0.004'],
    ['50000', '0.005'],
    ['250000', '0.01'],
    ['1000000', '0.025'],
    ['10000000', '0.05'],
  ].map(([min_notional, maintenance_margin_rate]) => ({ min_notional, maintenance_margin_rate }));

  test.each([
    ['30', '37049.5726'],
    ['26', '36468.5315'],
  ])('when Binance’s brackets are given and %s BTC are held then the root of its own bracket is %s', (qty, price) => {
    expect(four(ask('liquidation_price', 'binance', { ...BTC, qty, tiers })['liquidation_price'])).toBe(price);
  });

  it('when the other side of a hedge is held then one price moves both', () => {
    const short = { symbol: 'X', side: 'short', qty: '1', entry_price: '9000', maintenance_margin_rate: '0.005' };
    const inputs = {
      symbol: 'X',
      contract_type: 'linear',
      side: 'long',
      qty: '2',
      entry_price: '10000',
      margin_balance: '3000',
      maintenance_margin_rate: '0.005',
      other_positions: [short],
    };
    const outputs = ask('liquidation_price', 'generic', inputs);
    expect([outputs['liquidation_price'], outputs['bankruptcy_price']].map(four)).toEqual(['8121.8274', '8000']);
    // Only the larger side is charged at Bitget: 8,000 / 0.99.
    const bitget = ask('liquidation_price', 'bitget', { ...inputs, margin_mode: 'cross' });
    expect(four(bitget['liquidation_price'])).toBe('8080.8081');
  });

  it('when another contract is held then its profit and maintenance count at its mark', () => {
    const quanto = {
      contract_type: 'quanto',
      multiplier: '0.01',
      side: 'long',
      qty: '1',
      maintenance_margin_rate: '0.01',
    };
    const inputs = {
      ...XBT,
      qty: '20000',
      side: 'long',
      margin_balance: '1',
      other_positions: [{ ...quanto, entry_price: '200', mark_price: '180' }],
    };
    expect(four(ask('liquidation_price', 'generic', inputs)['liquidation_price'])).toBe('7225.018');
  });

  it('when BitMEX’s Karen is long 20 at 1,000 with a wallet of 10,000 then 510 and 500 are published', () => {
    const inputs = {
      contract_type: 'linear',
      side: 'long',
      qty: '20',
      entry_price: '1000',
      wallet_balance: '10000',
      maintenance_margin_rate: '0.01',
    };
    expect(ask('liquidation_price', 'bitmex', inputs)).toMatchObject({
      liquidation_price: '510',
      bankruptcy_price: '500',
    });
  });
});

describe('the integer ledger', () => {
  const SHORT = {
    contract_type: 'inverse',
    side: 'short',
    qty: '500',
    entry_price: '6725',
    leverage: '25',
    maintenance_margin_rate: '0.005',
    taker_fee_rate: '0.00075',
    tick_size: '0.5',
  };

  it('when BitMEX recorded a short of 500 in 2018 then every amount agrees', () => {
    expect(ask('position_ledger', 'bitmex', { ...SHORT, mark_price: '6726.8' })).toMatchObject({
      pos_cost: '7435000',
      pos_init: '297400',
      pos_comm: '5800',
      pos_margin: '303200',
      pos_maint: '42975',
      mark_value: '7433000',
      unrealised_pnl: '-2000',
      maint_margin: '301200',
      liquidation_price: '6968.5',
      bankruptcy_price: '7004.5',
    });
  });

  test.each([
    [{}, '7435000'],
    [{ min_qty: '100' }, '7434945'],
    [{ rounding: 'total' }, '7434945'],
    [{ units_per_price: '200000000' }, '14870000'],
  ])('when %j is given then the cost is %s', (more, cost) => {
    expect(ask('position_ledger', 'bitmex', { ...SHORT, ...more })['pos_cost']).toBe(cost);
  });

  it('when funding will be paid then it counts in the requirement and in the price', () => {
    const outputs = ask('position_ledger', 'bitmex', { ...SHORT, adverse_funding_rate: '0.001' });
    // 7,435,000 − (297,400 − 44,610) over 500 is 14,364.42; 10^8 / 14,365 is 6,961.36.
    expect(outputs['pos_maint']).toBe('50410');
    expect(outputs['liquidation_price']).toBe('6961');
  });

  it('when a short at 1× cannot lose all then it has no price and reserves nothing', () => {
    expect(ask('position_ledger', 'bitmex', { ...SHORT, leverage: '1' })).toMatchObject({
      pos_comm: '0',
      pos_maint: '0',
      liquidation_price: null,
      bankruptcy_price: null,
    });
  });

  it('when there is no tick then the price is the exact one', () => {
    const { tick_size, ...inputs } = SHORT;
    expect(four(ask('liquidation_price', 'bitmex', inputs)['liquidation_price'])).toBe('6968.9119');
    expect(tick_size).toBe('0.5');
  });

  it('when KuCoin’s linear ledger is asked then amounts are in quote currency', () => {
    const outputs = ask('position_ledger', 'kucoin_2024', {
      ...SHORT,
      contract_type: 'linear',
      side: 'long',
      qty: '1',
      entry_price: '1000',
      leverage: '10',
      mark_price: '1010',
    });
    // Reserve 0.00075·(1000 + 100); it cancels out of the price: 1000 − (100 − 5).
    expect(outputs).toMatchObject({
      pos_comm: '0.825',
      pos_margin: '100.825',
      pos_maint: '5.825',
      maint_margin: '110.825',
    });
    expect(outputs['liquidation_price']).toBe('905');
  });
});

describe('records of exchanges', () => {
  it('when Hyperliquid’s isolated position is told by its raw collateral then liq = raw / (q·(l − s))', () => {
    const inputs = { contract_type: 'linear', side: 'long', qty: '2', entry_price: '100', position_value: '220' };
    const outputs = ask('exchange_position', 'hyperliquid', {
      ...inputs,
      max_leverage: '20',
      raw_usd: '-160',
      leverage: '5',
    });
    expect([outputs['margin_used'], four(outputs['liquidation_price'])]).toEqual(['60', '82.0513']);
  });

  it('when initial and maintenance margin are given then they override the venue’s', () => {
    const inputs = {
      contract_type: 'linear',
      side: 'long',
      qty: '2',
      entry_price: '100',
      mark_price: '110',
      leverage: '5',
    };
    const outputs = ask('exchange_position', 'okx', { ...inputs, pos_init: '50', pos_maint: '3', fees_paid: '5' });
    expect(outputs).toMatchObject({
      initial_margin: '50',
      maintenance_margin: '3',
      roe: '0.4',
      net_on_entry_margin: '0.3',
    });
  });

  test.each([
    ['okx', 'isolated', '40'],
    ['okx', 'cross', '44'],
    ['binance', 'isolated', '44'],
    ['bitget', 'cross', '40'],
  ])('when %s shows a position in %s then its initial margin is %s', (venue, margin_mode, margin) => {
    const inputs = {
      contract_type: 'linear',
      side: 'long',
      qty: '2',
      entry_price: '100',
      mark_price: '110',
      leverage: '5',
    };
    expect(ask('exchange_position', venue, { ...inputs, margin_mode })['initial_margin']).toBe(margin);
  });

  it('when profit counts from a settlement price then the profit since opening is told beside it', () => {
    const inputs = {
      contract_type: 'inverse',
      multiplier: '10',
      side: 'long',
      qty: '1',
      leverage: '1',
      mark_price: '400',
    };
    const outputs = ask('exchange_position', 'htx', { ...inputs, entry_price: '320', pnl_reference_price: '250' });
    expect(outputs).toMatchObject({ unrealized_pnl: '0.015', position_profit: '0.00625', position_roe: '0.2' });
  });
});

describe('requests', () => {
  test.each<[unknown, string]>([
    [null, 'a request is an object'],
    [{}, 'missing field: kind'],
    [{ kind: 'liquidation' }, 'unknown kind: liquidation'],
    [{ kind: 'notional', venue: 5 }, 'venue is not a text'],
    [{ kind: 'notional', input: {} }, 'unknown field: input'],
    [{ kind: 'notional' }, 'missing input: contract_type'],
    [{ kind: 'notional', inputs: { contract_type: 'linear', qty: '1' } }, 'missing input: price'],
    [{ kind: 'liquidation_price', inputs: { ...XBT, side: 'long' } }, 'missing input: margin_balance'],
    [
      { kind: 'maintenance_margin', inputs: { maint_divided_by_leverage: true } },
      'maint_divided_by_leverage is refused',
    ],
    [
      { kind: 'order_cost', venue: 'binance', inputs: { ...XBT, side: 'long', leverage: '5' } },
      'missing input: mark_price',
    ],
  ])('when it is %j then the error names it', (request, message) => {
    expect(() => calculate(request)).toThrow(message);
  });

  it('when a kind knows a name that it does not need then it is taken', () => {
    const inputs = { contract_type: 'linear', qty: '2', price: '3', symbol: 'X', leverage: '2', time: '2021-01-01' };
    expect(ask('notional', 'x', inputs)).toEqual({ notional: '6', initial_margin: '3' });
  });

  it('when the kinds are listed then each is a name of its own', () => {
    expect(new Set(KINDS).size).toBe(KINDS.length);
    expect(KINDS).toContain('position_margin');
  });
});
