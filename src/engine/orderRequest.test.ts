/** Order calls as they are read: decimals, types, rounding to tick and step, brackets on the right side, and each refusal. */

import { describe, expect, it, test } from '@jest/globals';
import { compareFractions, type Fraction, fractionToF64 } from '../money/decimal.js';
import type { OrderRequest } from '../strategy/broker.js';
import type { OrderOptions, OrderStyle } from '../strategy/strategy.js';
import { contractWith, d, rulesOf, XBTUSD } from '../testing/laws/contracts.js';
import { type BracketTerms, type ReadLeg, readLegs } from './bracketRequest.js';
import { type ReadRequest, readRequest, triggerSourceOf } from './orderRequest.js';
import { readDecimal } from './readDecimal.js';

const LAST = d('9000');
/** What the stops of a call are read by: its price, its trigger, or the last price. */
function termsOf({ price, trigger }: ReadRequest, changes: Partial<BracketTerms> = {}): BracketTerms {
  const reference = price ?? trigger ?? LAST;
  return { contract: XBTUSD, rules: rulesOf('generic'), reference, entry: reference, marginRate: d('0.1'), ...changes };
}
const STEPPED = contractWith({ min_qty: '0.01', qty_step: '0.005' });

const call = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
  kind: 'contract',
  symbol: 'XBTUSD',
  side: 'buy',
  effect: 'open',
  price: null,
  amount: 100,
  sizing: 'qty',
  options: {},
  ...changes,
});

/** The call and its stops, or why it is refused. */
function readAll(changes: Partial<OrderRequest>, contract = XBTUSD, terms: Partial<BracketTerms> = {}) {
  const result = readRequest(call(changes), contract);
  if ('reason' in result) return result;
  const legs = readLegs(call(changes), termsOf(result, { contract, ...terms }));
  return 'reason' in legs ? legs : { ...result, ...legs };
}

function read(changes: Partial<OrderRequest> = {}, contract = XBTUSD): ReadRequest & { legs: readonly ReadLeg[] } {
  const result = readAll(changes, contract);
  if ('reason' in result) throw new Error(`refused: ${result.reason}`);
  return result;
}

function reasonOf(changes: Partial<OrderRequest>, terms: Partial<BracketTerms> = {}): string {
  const result = readAll(changes, XBTUSD, terms);
  if (!('reason' in result)) throw new Error('it was not refused');
  expect(result.code).toBe(400);
  return result.reason;
}

const f64 = (f: Fraction | null): number | null => (f === null ? null : fractionToF64(f));

describe('readDecimal', () => {
  test.each<[unknown, string | undefined]>([
    [0.1, '0.1'],
    ['0.1', '0.1'],
    [' 0.1 ', '0.1'],
    [1e-7, '0.0000001'],
    [-5, '-5'],
    ['1e3', '1000'],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['', undefined],
    ['ten', undefined],
    [null, undefined],
    [undefined, undefined],
    [10n, undefined],
    [{}, undefined],
  ])('when the input is %p then %s', (input, text) => {
    const found = readDecimal(input);
    if (text === undefined) expect(found).toBeUndefined();
    else expect(compareFractions(found!, d(text))).toBe(0);
  });
});

describe('type, price and trigger', () => {
  it('when neither price nor trigger is given then it is a market order', () => {
    expect(read()).toMatchObject({
      type: 'market',
      price: null,
      trigger: null,
      qty: 100n,
      askedQty: 100n,
      pct: null,
      legs: [],
    });
  });

  test.each([
    ['buy', 8999.74, 8999.5],
    ['buy', '8999.5', 8999.5],
    ['sell', 8999.51, 9000],
    ['sell', 8999.5, 8999.5],
  ] as const)('when a %s is limited at %s then the price is %s, never more aggressive', (side, price, rounded) => {
    const found = read({ side, price });
    expect(found.type).toBe('limit');
    expect(f64(found.price)).toBe(rounded);
  });

  test.each([
    [8999.74, 8999.5],
    [8999.75, 9000],
    ['8999.76', 9000],
  ])('when a stop is triggered at %s then at the nearest tick %s', (trigger, rounded) => {
    const found = read({ options: { trigger } });
    expect([found.type, f64(found.trigger), found.price]).toEqual(['stop', rounded, null]);
  });
});

describe('quantity', () => {
  test.each([
    [100, 100n, 100n],
    ['100.9', 100n, 100n],
    [0.5, 0n, 0n],
  ])('when %s contracts of whole ones are asked then %s', (amount, qty, askedQty) => {
    expect(read({ amount })).toMatchObject({ qty, askedQty });
  });

  test.each([
    ['0.0149', 10n, 14n],
    ['0.015', 15n, 15n],
    [0.0199, 15n, 19n],
    [0.02, 20n, 20n],
  ])(
    'when %s are asked on a step of 0.005 then %s thousandths, and what was asked is kept',
    (amount, qty, askedQty) => {
      expect(read({ amount }, STEPPED)).toMatchObject({ qty, askedQty });
    },
  );

  test.each([0.5, '1', 1])('when a share of %s is asked then it is sized later', (amount) => {
    const found = read({ amount, sizing: 'pct' });
    expect([found.qty, found.askedQty]).toEqual([null, 0n]);
    expect(compareFractions(found.pct!, d(String(amount)))).toBe(0);
  });
});

describe('refusals', () => {
  const stop = (name: string, value: unknown) => ({ name, value }) as OrderStyle;

  test.each<[string, Partial<OrderRequest>]>([
    ['unknown_option', { options: { stopLoss: 1 } as OrderOptions }],
    ['price_not_positive', { price: 0 }],
    ['price_not_positive', { price: -1 }],
    ['price_not_positive', { price: 'market' }],
    ['price_not_positive', { price: Number.NaN }],
    ['price_not_positive', { price: 0.4 }],
    ['trigger_not_positive', { options: { trigger: 0 } }],
    ['trigger_not_positive', { options: { trigger: 0.2 } }],
    ['trigger_not_positive', { options: { trigger: 'x' } }],
    ['unknown_time_in_force', { options: { timeInForce: 'day' as 'ioc' } }],
    ['post_only_needs_gtc', { price: 9000, options: { postOnly: true, timeInForce: 'ioc' } }],
    ['post_only_needs_gtc', { options: { postOnly: true, timeInForce: 'fok' } }],
    ['post_only_needs_limit_price', { options: { postOnly: true } }],
    ['post_only_needs_limit_price', { price: 9000, options: { postOnly: true, trigger: 9100 } }],
    ['unknown_trigger_source', { options: { triggerBy: 'index' as 'mark' } }],
    ['qty_not_positive', { amount: 0 }],
    ['qty_not_positive', { amount: -5 }],
    ['qty_not_positive', { amount: '' }],
    ['qty_not_positive', { amount: Number.POSITIVE_INFINITY }],
    ['pct_above_one', { amount: 1.0001, sizing: 'pct' }],
    ['qty_not_positive', { amount: undefined }],
    ['qty_not_positive', { amount: 0, sizing: 'pob' }],
    ['no_selection', { amount: undefined, sizing: 'pob' }],
    ['leverage_needs_opening_order', { effect: 'close', options: { leverage: 5 } }],
    ['leverage_needs_opening_order', { kind: 'spot', options: { leverage: 5 } }],
    ['unknown_order_style', { options: { orderStyle: stop('trailing', 1) } }],
    [
      'unknown_base',
      { options: { orderStyle: { ...stop('stop_loss_pct', 1), base: 'margin' } as unknown as OrderStyle } },
    ],
    [
      'base_needs_pct_style',
      { options: { orderStyle: { ...stop('stop_loss', 1), base: 'pnl' } as unknown as OrderStyle } },
    ],
    [
      'base_needs_pct_style',
      { options: { orderStyle: { ...stop('trailing_stop_pct', 1), base: 'x' } as unknown as OrderStyle } },
    ],
    ['stop_value_not_positive', { options: { orderStyle: stop('trailing_stop', 0) } }],
    ['stop_price_not_positive', { options: { orderStyle: stop('trailing_stop_pct', 1) } }],
    ['stop_price_not_positive', { side: 'sell', options: { orderStyle: stop('trailing_stop_pct', 1) } }],
    ['stop_price_not_positive', { options: { orderStyle: stop('trailing_stop', 8999.8) } }],
    ['stop_value_not_positive', { options: { orderStyle: stop('stop_loss', 0) } }],
    ['stop_value_not_positive', { options: { orderStyle: stop('stop_loss_pct', '-0.1') } }],
    ['stop_value_not_positive', { options: { orderStyle: stop('stop_loss', undefined) } }],
    ['stop_price_not_positive', { options: { orderStyle: stop('stop_loss_pct', 1) } }],
    ['stop_price_not_positive', { options: { orderStyle: stop('stop_loss', 0.2) } }],
    ['stop_price_not_positive', { side: 'sell', options: { orderStyle: stop('stop_profit_pct', 1.5) } }],
  ])('when it has %s then it is refused: %j', (reason, changes) => {
    expect(reasonOf(changes)).toBe(reason);
  });

  it('when a refusal carries numbers then as text', () => {
    const result = readAll({ options: { orderStyle: { name: 'stop_loss', value: 9100 } } });
    expect(result).toEqual({
      code: 400,
      reason: 'stop_wrong_side',
      details: { style: 'stop_loss', stop: '9100', price: '9000', needed: 'stop_loss < price < stop_profit' },
    });
  });
});

describe('brackets', () => {
  const bracket = (name: OrderStyle['name'], value: string) => ({ options: { orderStyle: { name, value } } });

  // side of the call, style, value: fires on, or refused
  test.each<['buy' | 'sell', OrderStyle['name'], string, 'fall' | 'rise' | null]>([
    ['buy', 'stop_loss', '8999.5', 'fall'],
    ['buy', 'stop_loss', '9000', null],
    ['buy', 'stop_loss', '9000.5', null],
    ['buy', 'stop_profit', '8999.5', null],
    ['buy', 'stop_profit', '9000', null],
    ['buy', 'stop_profit', '9000.5', 'rise'],
    ['sell', 'stop_loss', '8999.5', null],
    ['sell', 'stop_loss', '9000', null],
    ['sell', 'stop_loss', '9000.5', 'rise'],
    ['sell', 'stop_profit', '8999.5', 'fall'],
    ['sell', 'stop_profit', '9000', null],
    ['sell', 'stop_profit', '9000.5', null],
    ['buy', 'stop_loss_pct', '0.15', 'fall'],
    ['buy', 'stop_profit_pct', '0.15', 'rise'],
    ['sell', 'stop_loss_pct', '0.15', 'rise'],
    ['sell', 'stop_profit_pct', '0.15', 'fall'],
    ['buy', 'stop_loss_pct', '0.00002', null],
  ])('when a %s opens with %s at %s then it fires on %s', (side, name, value, firesOn) => {
    if (firesOn === null) {
      expect(reasonOf({ side, ...bracket(name, value) })).toBe('stop_wrong_side');
      return;
    }
    const [leg] = read({ side, ...bracket(name, value) }).legs;
    expect(leg).toMatchObject({ side: side === 'buy' ? 'sell' : 'buy', firesOn, leg: { style: name } });
    expect(leg!.leg.isLoss).toBe(name.startsWith('stop_loss'));
  });

  it('when the note’s short at 9,980.5 has a stop_loss at 9,600 then it is on the wrong side', () => {
    expect(reasonOf({ side: 'sell', price: 9980.5, ...bracket('stop_loss', '9600') })).toBe('stop_wrong_side');
    expect(read({ side: 'sell', price: 9980.5, ...bracket('stop_profit', '9600') }).legs).toHaveLength(1);
  });

  it('when the order has a limit or a trigger then that is what the stop is checked against', () => {
    expect(read({ price: 8000, ...bracket('stop_profit', '8500') }).legs).toHaveLength(1);
    expect(reasonOf({ price: 8000, ...bracket('stop_loss', '8500') })).toBe('stop_wrong_side');
    expect(read({ options: { trigger: 9500, orderStyle: { name: 'stop_loss', value: 9200 } } }).legs).toHaveLength(1);
  });

  it('when two stops are attached then both are read; when a call closes, they guard what it leaves', () => {
    const orderStyle: OrderStyle[] = [
      { name: 'stop_loss', value: 8500 },
      { name: 'stop_profit_pct', value: 0.1 },
    ];
    expect(read({ options: { orderStyle } }).legs.map((leg) => [leg.side, leg.firesOn])).toEqual([
      ['sell', 'fall'],
      ['sell', 'rise'],
    ]);
    const closing = read({ side: 'sell', effect: 'close', options: { orderStyle } });
    expect(closing.legs.map((leg) => leg.side)).toEqual(['sell', 'sell']);
  });
});

describe('what sets a stop off', () => {
  test.each([
    [undefined, 'mark', true, 'mark'],
    [undefined, 'last', true, 'last'],
    ['last', 'mark', true, 'last'],
    ['mark', 'last', true, 'mark'],
    ['mark', 'mark', false, 'last'],
    [undefined, 'mark', false, 'last'],
  ] as const)('when asked %s, venue %s, mark series %s then %s', (asked, venue, hasMark, source) => {
    expect(triggerSourceOf(asked, venue, hasMark)).toBe(source);
  });
});
