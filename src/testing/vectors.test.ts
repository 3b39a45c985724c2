/**
 * The twenty-four test vectors of the settlement rules, one row each: what the product's own functions make of the numbers, and
 * the exact value. What concerns a whole account runs through the account or the engine. Where nothing of the product gives a
 * number by itself, the row says which function stands nearest.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { TradingAccount } from '../account/account.js';
import { computeWithdrawable } from '../account/balances.js';
import { computeLiquidationPrice, findDueMarks } from '../account/dueMarks.js';
import { moveLeverage, moveMarginOut } from '../account/marginMoves.js';
import { applyFill, createPosition, type Position } from '../account/position.js';
import { isGroupDue, type MarkOf } from '../account/riskGroup.js';
import { calculate } from '../calc/calculate.js';
import type { Contract } from '../contract/contract.js';
import { computeValue } from '../contract/payoff.js';
import { computeOrderMargin } from '../engine/orderMargin.js';
import type { Fraction } from '../money/decimal.js';
import { integer, over, reduce } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import { formatUnits } from '../money/units.js';
import { computeStopPrice } from '../orders/stopPrice.js';
import type { VenueRules } from '../venue/rules.js';
import {
  accountWith,
  BTCUSDT,
  contractWith,
  d,
  FLAT_INVERSE,
  fill,
  QUANTO,
  rulesOf,
  USDT_CURRENCY,
} from './laws/contracts.js';
import { orderWith } from './laws/orders.js';
import { parseScenario } from './scenario/parseScenario.js';
import { runScenario } from './scenario/runScenario.js';
import { settles } from './scenario/scenario.js';

const XBT = 100_000_000n;
const GENERIC = rulesOf('generic');

/** Exact number as text: an integer, or a quotient in lowest terms; `none` for null. */
function exact(value: Fraction | null): string {
  if (value === null) return 'none';
  const { num, den } = reduce(value);
  return den === 1n ? `${num}` : `${num}/${den}`;
}

const money = (units: bigint): string => formatUnits(units, 8).replace(/\.?0+$/, '');

/** Outputs of a request to the calculator, by name. */
function calc(kind: string, venue: string, inputs: Readonly<Record<string, unknown>>, ...names: string[]): unknown[] {
  const { outputs } = calculate({ kind, venue, inputs });
  return names.map((name) => outputs[name]);
}

/** What a round trip makes of an account's wallet. */
function tripOf(venue: string, contract: Contract, qty: bigint, entry: string, exit: string, exitFee = '0'): bigint {
  const account = accountWith(venue, 'cross', '10', 1000n * XBT, contract.settle);
  const before = account.wallet;
  fill(account, contract, 'buy', 'open', qty, entry);
  fill(account, contract, 'sell', 'close', qty, exit, exitFee);
  return account.wallet - before;
}

/** Where the first group of an account is due going down from a mark. */
function dueBelow(account: TradingAccount, contract: Contract, mark: string): string {
  const [group] = account.riskGroups();
  return exact(findDueMarks(group!, contract.symbol, () => d(mark)).below?.price ?? null);
}

/** 10,000 inverse contracts at 10,000 with a margin behind them, value 1 XBT. */
const inverseTen = (side: 'long' | 'short', leverage: string, more: Partial<Contract> = {}): Position => ({
  ...createPosition({ ...FLAT_INVERSE, maxLeverage: d('125'), ...more }, 'isolated', d(leverage)),
  id: 1,
  qty: side === 'long' ? 10_000n : -10_000n,
  cost: XBT,
  margin: XBT / BigInt(leverage),
});

function inversePrice(position: Position, rules: Partial<VenueRules> = {}): string {
  return exact(computeLiquidationPrice({ ...GENERIC, ...rules }, position, position.margin, d('10000')));
}

function bitmexRecord(): string {
  const contract = { ...FLAT_INVERSE, symbol: 'XBTUSD' };
  const account = accountWith('bitmex_2020', 'cross', '10', XBT);
  fill(account, contract, 'buy', 'open', 885n, '7299');
  // Two fundings of the record, by their amounts: 885 · 13,701 is the value at 7,299.
  for (const amount of [783n, -709n]) account.applyFunding(contract, 2, { num: -amount, den: 12_125_385n }, d('7299'));
  // The maker's rebate of 0.025 % of 885 · 15,070 is 3,334.
  const { fee } = fill(account, contract, 'sell', 'close', 885n, '6635.5', '-0.00025');
  return `${-fee} and ${account.wallet - XBT}`;
}

const BRACKETS = [
  ['0', '0.004', '0'],
  ['50000', '0.005', '50'],
  ['250000', '0.01', '1300'],
  ['1000000', '0.025', '16300'],
  ['10000000', '0.05', '266300'],
] as const;

function bracketed(): TradingAccount {
  const tiers = BRACKETS.map(([, mm], i) => {
    const next = BRACKETS[i + 1]?.[0];
    return { im: '0.1', mm, ...(next === undefined ? {} : { upTo: next }) };
  });
  const contract = contractWith({ tiers, initial_margin: '0.1', maintenance_margin: '0.004', max_leverage: 10 });
  const account = accountWith('binance_usdm', 'cross', '10', 100_000n * XBT, USDT_CURRENCY, { takerFee: d('0') });
  fill(account, contract, 'buy', 'open', 26_000n, '40000');
  return account;
}

function hedge(): TradingAccount {
  const more = { positionMode: 'hedged', takerFee: d('0') } as const;
  const account = accountWith('generic', 'cross', '10', 3000n * XBT, USDT_CURRENCY, more);
  fill(account, BTCUSDT, 'buy', 'open', 2_000n, '10000', '0', 'long');
  fill(account, BTCUSDT, 'sell', 'open', 1_000n, '9000', '0', 'short');
  return account;
}

/** The pair's two fills by the values that they are booked at, and what they cost together. */
function crossPair(): unknown[] {
  const ETH: Contract = { ...QUANTO, maintenanceMargin: d('0.01') };
  const account = accountWith('generic', 'cross', '10', XBT);
  fill(account, ETH, 'buy', 'open', 10_000n, '200');
  fill(account, FLAT_INVERSE, 'buy', 'open', 20_000n, '10000');
  const markOf: MarkOf = ({ type }) => d(type === 'inverse' ? '8000' : '152');
  const [group] = account.riskGroups();
  const isDue = isGroupDue(group!, markOf);
  const fills = account.applyLiquidation(group!, 9, { markOf, lastOf: markOf });
  const expected = [over(d('1108000'), d('139')), over(d('41800'), d('277'))];
  const isAt = fills.map(
    ({ contract, qty, value }, i) => value === computeValue(contract, 'per_fill', qty, expected[i]!),
  );
  const total = fills.reduce((sum, { realizedPnl }) => sum + realizedPnl, 0n);
  return [isDue, ...isAt, money(total), money(account.wallet)];
}

/** Order margin of a bid and an offer by each way of netting. */
function netting(): string[] {
  const contract = contractWith({ min_qty: '1', tick_size: '1', initial_margin: '0.01' });
  const limit = (id: number, side: 'buy' | 'sell', qty: bigint, price: number) =>
    orderWith({ id, contract, symbol: contract.symbol, side, qty, price });
  const orders = [limit(1, 'buy', 20n, 100), limit(2, 'sell', 15n, 150)];
  return (['bitmex', 'max_side', 'sum'] as const).map((orderNetting) => {
    const rules: VenueRules = { ...GENERIC, orderNetting, feeReserve: 'none', openLossInOrderMargin: false };
    const positions = [createPosition(contract, 'cross', d('100'))];
    return money(computeOrderMargin({ rules, positions, takerFee: d('0'), mark: d('120'), orders }));
  });
}

/** The least and the highest hundredth of leverage that is accepted. */
function leverageBounds(): string[] {
  const mark = { num: 1_000_000n, den: 102n };
  const accepted: bigint[] = [];
  for (let hundredths = 1n; hundredths <= 12_500n; hundredths += 1n) {
    const contract = { initialMargin: d('0.008') };
    const leverage = { num: hundredths, den: 100n };
    const move = moveLeverage(GENERIC, inverseTen('long', '10', contract), leverage, mark, (4n * XBT) / 10n);
    if ('moved' in move) accepted.push(hundredths);
  }
  return [accepted[0]!, accepted.at(-1)!].map((hundredths) => exact({ num: hundredths, den: 100n }));
}

/** The most that may be taken out, to the unit. */
function removable(): string {
  const position = { ...inverseTen('long', '10'), margin: 15_000_000n, added: 5_000_000n };
  let [most, beyond] = [0n, XBT];
  while (beyond - most > 1n) {
    const middle = (most + beyond) / 2n;
    if ('moved' in moveMarginOut(GENERIC, position, middle, d('10000'), d('0.00075'))) most = middle;
    else beyond = middle;
  }
  return money(most);
}

function withdrawable(wallet: bigint, profit: bigint, value: bigint, initial: bigint): string {
  const balances = {
    wallet,
    unrealizedPnl: profit,
    marginBalance: wallet + profit,
    positionMargin: initial,
    orderMargin: 0n,
    locked: 0n,
    available: wallet + profit - initial,
    crossWallet: wallet,
    transferable: wallet,
    crossUnrealizedPnl: profit,
    crossInitial: initial,
    crossValue: value,
  };
  return String(computeWithdrawable(rulesOf('pacifica'), balances));
}

/** Trigger of a loss stop of 15 % under a short at 9,980.5, of the price and of the result of an inverse contract. */
function lossStops(): string[] {
  return (['price', 'pnl'] as const).map((base) => {
    const leg = { style: 'stop_loss_pct', isLoss: true, value: d('0.15'), base } as const;
    return exact(computeStopPrice(leg, 'buy', { price: d('9980.5'), isInverse: true, marginRate: d('0.1') }));
  });
}

/** What the wallet of 1 XBT gained on a bar of the worked example, in units. */
async function barResult(path: string, stops: string, bar: string): Promise<bigint> {
  const run = await runScenario(
    parseScenario(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account main balance 1 isolated 10x
    path ${path}
    bar 00:00 10000 | 10000
    order long_open 10000 market ${stops} @bar1
    bar 01:00 10000 | 10000
    bar 02:00 ${bar}
    expect account main bankrupt=none`),
  );
  return run.outcome.accounts[0]!.wallet - XBT;
}

async function barResults(): Promise<bigint[]> {
  const stops = 'stop_loss=9300 stop_profit=10600';
  const last = '9900 10650 9100 9500';
  return [
    await barResult('nearest', stops, `${last} | 9905 10600 9150 9510`),
    await barResult('adverse', stops, `${last} | 9905 10600 9150 9510`),
    await barResult('adverse', stops, `${last} | 9905 10600 9000 9510`),
    await barResult('adverse', 'stop_loss=9150 stop_profit=10600', `${last} | 9905 10600 9000 9510`),
    await barResult('adverse', stops, '9200 9250 9150 9200 | 9210 9250 9150 9210'),
    await barResult('adverse', stops, '9200 9250 9150 9200 | 9100 9250 9100 9210'),
  ];
}

/** A quotient of whole coins in units, half away. */
const units = (num: bigint, den: bigint): bigint => divHalfAway(num * XBT, den);

interface Vector {
  readonly number: number;
  readonly words: string;
  readonly result: () => unknown[] | Promise<unknown[]>;
  readonly expected: readonly unknown[];
}

/** Runs scenarios, each of which must come out as written. Rows of positions stand at a run's end. */
const settled = async (...texts: readonly string[]): Promise<unknown[]> => {
  for (const text of texts) await settles(text);
  return ['as written'];
};

const KAREN = `
  contract BTCUSDT bitmex min_qty=1 maintenance_margin=0.01 initial_margin=0.02 max_leverage=50 taker_fee=0
  account main balance 10000 cross 50x
  bar 01:00 1000
  order long_open 20 market @bar1
  bar 02:00 1000
  bar 03:00 510.5`;

/** Where the long of 5 at 8,000 would go, and what it holds, after bars that stand at these prices. */
const called = (last: string, ...prices: readonly string[]): string => `
  contract BTCUSDT bybit taker_fee=0 maker_fee=0
  account main balance 10000 isolated 10x auto_margin
  bar 01:00 8000
  order long_open 5 market @bar1
  bar 02:00 8000
  ${prices.map((price, i) => `bar 0${i + 3}:00 ${price}`).join('\n  ')}
  ${last}`;

const OF_TRADES: readonly Vector[] = [
  {
    number: 1,
    words: 'inverse 1,000 from 9,000 to 10,000: exact, per fill and per contract',
    result: () => [
      exact(applyFill({ qty: d('1000'), cost: over(d('1'), d('9')) }, d('-1000'), over(d('1'), d('10')), -1n).gross),
      tripOf('generic', FLAT_INVERSE, 1_000n, '9000', '10000'),
      tripOf('bitmex_2020', FLAT_INVERSE, 1_000n, '9000', '10000'),
    ],
    expected: ['1/90', 1_111_111n, 1_111_000n],
  },
  {
    number: 2,
    words: 'inverse buys of 1,000 at 5,000 and 2,000 at 6,000: the entry',
    result: () => averageOf(['1000', '5000'], ['2000', '6000']),
    expected: ['5625'],
  },
  {
    number: 3,
    words: 'inverse 50 at 10,000 and 50 at 15,000: the entry',
    result: () => averageOf(['50', '10000'], ['50', '15000']),
    expected: ['12000'],
  },
  {
    number: 4,
    words: 'BitMEX’s record of 885, 7,299 to 6,635.5, per contract: the rebate, and the whole in satoshi',
    result: () => [bitmexRecord()],
    expected: ['3334 and -1208157'],
  },
  {
    number: 5,
    words: '15,000 from 750 to 800 with funding of 0.25 % at 750: a run nets 1.25 − 0.05',
    result: () =>
      settled(`
      contract XBTUSD generic taker_fee=0
      account main balance 30 cross 10x
      funding 04:00 0.0025
      bar 02:00 750
      order long_open 15000 market @bar1
      bar 03:00 750
      bar 04:00 750
      order long_close 15000 market @bar3
      bar 05:00 800
      expect closed long 15000 gross=1.25 funding=-0.05 net=1.2
      expect account main wallet=31.2 funding=-0.05`),
    expected: ['as written'],
  },
  {
    number: 6,
    words: 'quanto 10,000 of a millionth, 500 to 540: XBT',
    result: () => [money(tripOf('generic', QUANTO, 10_000n, '500', '540'))],
    expected: ['0.4'],
  },
];

function averageOf(...fills: readonly (readonly [string, string])[]): unknown[] {
  return calc('average_entry', 'generic', { contract_type: 'inverse', fills }, 'avg_price');
}

const OF_LIQUIDATION: readonly Vector[] = [
  {
    number: 7,
    words: 'Binance’s maintenance of 300,000',
    result: () => {
      const tiers = BRACKETS.map(([min_notional, rate]) => ({ min_notional, maintenance_margin_rate: rate }));
      return calc('tiered_maintenance', 'binance', { position_value: '300000', tiers }, 'maintenance_margin');
    },
    expected: ['1700'],
  },
  {
    number: 8,
    words: 'XBTUSD 230 XBT, base 200, steps of 100: maintenance and initial margin',
    result: () =>
      calc(
        'risk_limit_tier',
        'bitmex',
        {
          base_risk_limit: '200',
          risk_step: '100',
          base_maintenance_rate: '0.005',
          base_initial_rate: '0.01',
          position_value: '230',
        },
        'maintenance_margin',
        'initial_margin',
      ),
    expected: ['2.3', '3.45'],
  },
  {
    number: 9,
    words:
      'inverse long 10×, 10,000 at 10,000, 0.5 %: on the mark, on entry, and bankruptcy, which is where 0 % is due',
    result: () => [
      inversePrice(inverseTen('long', '10')),
      inversePrice(inverseTen('long', '10'), { maintenanceBasis: 'entry' }),
      inversePrice(inverseTen('long', '10', { maintenanceMargin: d('0') })),
    ],
    expected: ['100500/11', '2000000/219', '100000/11'],
  },
  {
    number: 10,
    words: 'inverse short 1× on the mark',
    result: () => [inversePrice(inverseTen('short', '1'))],
    expected: ['none'],
  },
  {
    number: 11,
    words:
      'BitMEX’s Karen, 20 at 1,000 cross with 10,000: a run shows 510 and 500 and is taken over at 510, not before',
    result: () =>
      settled(
        `${KAREN}
        expect position 04:00 long 20 liquidation=510 bankruptcy=500 maintenance=200
        expect account main liquidations=0`,
        `${KAREN}
        bar 04:00 510
        expect trade 02:00 buy open 20 @ 1000
        expect trade 04:00 sell close 20 @ 500 reason=liquidation pnl=-10000
        expect account main wallet=0 liquidations=1`,
      ),
    expected: ['as written'],
  },
  {
    number: 12,
    words:
      'Bybit inverse cross, 10,000 at 8,000 with 0.5 and 0.075 %: bankruptcy, which is where 0 % and the fee are due',
    result: () => {
      const account = accountWith('bybit', 'cross', '10', XBT / 2n, undefined, { takerFee: d('0.00075') });
      const contract = { ...FLAT_INVERSE, maintenanceMargin: d('0') };
      fill(account, contract, 'buy', 'open', 10_000n, '8000');
      return [dueBelow(account, contract, '8000')];
    },
    expected: ['40030/7'],
  },
  {
    number: 13,
    words: 'Binance cross 26 at 40,000 with 100,000, in the third bracket',
    result: () => [dueBelow(bracketed(), BTCUSDT, '40000')],
    expected: ['5215000/143'],
  },
  {
    number: 14,
    words: 'a hedge of 2 at 10,000 and 1 at 9,000 with 3,000, 0.5 %',
    result: () => [dueBelow(hedge(), BTCUSDT, '9500')],
    expected: ['1600000/197'],
  },
  {
    number: 15,
    words: 'a cross pair at 8,000 and 152: due, fills at 1108000/139 and 41800/277, all told −1, nothing left',
    result: crossPair,
    expected: [true, true, true, '-1', '0'],
  },
];

const OF_ORDERS_AND_MARGIN: readonly Vector[] = [
  {
    number: 16,
    words: 'a bid of 20 at 100 and an offer of 15 at 150, 1 %: by BitMEX, by the larger side, the sum',
    result: netting,
    expected: ['27.5', '22.5', '42.5'],
  },
  {
    number: 17,
    words: 'Bybit’s cost of an order, linear and inverse',
    result: () => {
      const cost = (contract_type: string, qty: string, price: string, leverage: string) =>
        calc(
          'order_cost',
          'bybit',
          { contract_type, side: 'long', qty, price, leverage, taker_fee_rate: '0.00055' },
          'order_cost',
        );
      return [...cost('linear', '1', '50000', '10'), ...cost('inverse', '10000', '2000', '25')];
    },
    expected: ['5052.25', '0.20561'],
  },
  {
    number: 18,
    words: 'Deepcoin’s bounds of leverage, V 1, U −0.02, A 0.1, 0.4 available',
    result: leverageBounds,
    expected: ['2', '25'],
  },
  {
    number: 19,
    words: 'margin that may be taken out of 0.15 at 10×, 0.075 %',
    result: () => [removable()],
    expected: ['0.049175'],
  },
  {
    number: 20,
    words: 'automatic margin of 5 at 8,000, 10×: a run moves liquidation 7,240, 6,440, 6,040, then it comes',
    result: () =>
      settled(
        called('expect position 04:00 long 5 liquidation=7240 margin=4000', '7240.5'),
        called('expect position 05:00 long 5 liquidation=6440 margin=8000', '7240.5', '7240'),
        called('expect position 06:00 long 5 liquidation=6040 margin=10000', '7240', '6440.5', '6440'),
        called(
          `expect bill 02:00 fee         0      isolated=4000
          expect bill 03:00 auto_margin 0      isolated=4000
          expect bill 04:00 auto_margin 0      isolated=2000
          expect bill 06:00 liquidation -10000 isolated=-10000
          expect account main wallet=0 liquidations=1`,
          ...['7240', '6440', '6040.5', '6040'],
        ),
      ),
    expected: ['as written'],
  },
  {
    number: 21,
    words: 'what Pacifica lets go of (1,000, 500, 12,000, 575) and (200, 3,000, 10,000)',
    result: () => [withdrawable(1_000n, 500n, 12_000n, 575n), withdrawable(200n, 3_000n, 10_000n, 0n)],
    expected: ['300', '200'],
  },
  {
    number: 22,
    words: 'the wallets 10, 1 and 0.1 as one position at 4,000: no sizing by PoB is built, margin at 1× is the nearest',
    result: () =>
      ['10', '1', '0.1'].flatMap((margin) =>
        calc('size_from_margin', 'generic', { contract_type: 'inverse', margin, price: '4000', leverage: '1' }, 'qty'),
      ),
    expected: ['40000', '4000', '400'],
  },
  {
    number: 23,
    words: 'a loss stop of 0.15 of a short at 9,980.5, of the price and of the result',
    result: lossStops,
    expected: [exact(d('11477.575')), '199610/17'],
  },
  {
    number: 24,
    words: 'the bar with a stop and a target, six ways: 3/53, −7/93, −7/93, −0.1, −2/23, −0.1',
    result: barResults,
    expected: [units(3n, 53n), units(-7n, 93n), units(-7n, 93n), units(-1n, 10n), units(-2n, 23n), units(-1n, 10n)],
  },
];

const VECTORS: readonly Vector[] = [...OF_TRADES, ...OF_LIQUIDATION, ...OF_ORDERS_AND_MARGIN];

describe('vectors', () => {
  test.each(VECTORS)('when vector $number is computed then it is exact: $words', async ({ result, expected }) => {
    expect(await result()).toEqual(expected);
  });

  it('when the vectors are counted then none of the 24 is left out', () => {
    expect(VECTORS.map(({ number }) => number)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  });

  it('when an exact number is written then it is in lowest terms', () => {
    expect([exact(integer(3n)), exact({ num: 10n, den: 4n }), exact(null)]).toEqual(['3', '5/2', 'none']);
  });
});
