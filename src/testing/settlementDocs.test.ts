/**
 * The worked numbers of docs/settlement.md, computed again by the code that settles. A number that changes there must change
 * on the page; a number that the page no longer has fails too.
 */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from '@jest/globals';
import { TradingAccount } from '../account/account.js';
import { planAutoMargin } from '../account/autoMargin.js';
import { computeWithdrawable } from '../account/balances.js';
import type { MarginMode } from '../account/bills.js';
import { computeDisplayPrice, computeLiquidationPrice, findDueMarks } from '../account/dueMarks.js';
import { computeBankruptcyPrice, roundToTickTowardEntry } from '../account/liquidation.js';
import { planPartialLiquidation } from '../account/liquidationPlan.js';
import { computeCommissionReserve, computeMaintenanceMargin } from '../account/margin.js';
import { moveLeverage, moveMarginOut } from '../account/marginMoves.js';
import { computeAffordableQty, computeOrderCost } from '../account/orderCost.js';
import { computeEntryPrice, createPosition, type Position } from '../account/position.js';
import { computeGroupEquity, computeGroupRequirement, isGroupDue, type MarkOf } from '../account/riskGroup.js';
import type { Contract } from '../contract/contract.js';
import { computeValue } from '../contract/payoff.js';
import { tierRatesAt } from '../contract/riskTiers.js';
import type { Side } from '../contract/sides.js';
import { compareFractions, type Fraction, formatFraction, fractionOf } from '../money/decimal.js';
import { over } from '../money/fractions.js';
import { divHalfAway } from '../money/rounding.js';
import { formatUnits } from '../money/units.js';
import { findPreset } from '../venue/presets.js';
import type { VenueRules } from '../venue/rules.js';
import {
  accountWith,
  BTCUSDT,
  contractWith,
  FLAT_INVERSE,
  fill,
  QUANTO,
  USDT_CURRENCY,
  XBTUSD,
} from './laws/contracts.js';

const PAGE = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/settlement.md'), 'utf8');
const TAKER = fractionOf('0.00075');
const ONE_XBT = 100_000_000n;

const rulesOf = (venue: string) => findPreset(venue)!;
const money = (amount: bigint): string => formatUnits(amount, 8);
const price = (exact: Fraction | null, decimals = 1): string => formatFraction(exact!, decimals);

function trade(account: TradingAccount, side: Side, qty: bigint, at: string): void {
  account.applyFillPart({
    timeMs: 0,
    contract: XBTUSD,
    side,
    effect: 'open',
    qty,
    price: fractionOf(at),
    feeRate: TAKER,
    orderId: 1,
  });
}

function open(venue: string, mode: MarginMode, side: Side = 'buy', leverage = '10'): TradingAccount {
  const settings = {
    name: 'main',
    currency: XBTUSD.settle,
    rules: rulesOf(venue),
    mode,
    leverage: fractionOf(leverage),
  };
  const account = new TradingAccount(settings);
  account.deposit(ONE_XBT, 0, 'start');
  trade(account, side, 10_000n, '8000');
  return account;
}

function levels(account: TradingAccount): { liquidation: Fraction | null; bankruptcy: Fraction | null } {
  const position = account.position(XBTUSD);
  const collateral = account.collateral(position);
  return {
    liquidation: computeLiquidationPrice(account.rules, position, collateral, fractionOf('8000')),
    bankruptcy: computeBankruptcyPrice(account.rules, position, collateral),
  };
}

function twoBuys(): TradingAccount {
  const fixed = { name: 'main', currency: XBTUSD.settle, rules: rulesOf('bitmex'), mode: 'cross' } as const;
  const settings = { ...fixed, leverage: fractionOf('10') };
  const account = new TradingAccount(settings);
  account.deposit(ONE_XBT, 0, 'start');
  trade(account, 'buy', 2_000n, '5000');
  trade(account, 'buy', 2_000n, '8000');
  return account;
}

const worth = (venue: string, qty: bigint, at: string): bigint =>
  computeValue(XBTUSD, rulesOf(venue).valueRounding, qty, fractionOf(at));

function orderInput(side: Side, leverage: string, mark: string) {
  const exposure = { value: worth('bitmex', 10_000n, '8000'), qty: 10_000n };
  const rules = rulesOf('bitmex');
  const fixed = { rules, contract: XBTUSD, price: fractionOf('8000'), takerFee: TAKER, exposure };
  return { ...fixed, side, leverage: fractionOf(leverage), mark: fractionOf(mark) };
}

const isolated = open('bitmex', 'isolated');
const at8400 = (venue: string) => open(venue, 'isolated').balances('XBT', () => fractionOf('8400'), 0n);

/** What the page says of the number, and the number. */
const NUMBERS: readonly (readonly [string, string])[] = [
  ['value at the entry', `are worth ${money(worth('bitmex', 10_000n, '8000'))} XBT`],
  ['value at 8,400', `they are worth ${money(worth('bitmex', 10_000n, '8400'))}`],
  ['profit at 8,400', `has gained ${money(at8400('bitmex').unrealizedPnl)} XBT`],
  ['cost of two buys', `= ${money(twoBuys().position(XBTUSD).cost)} XBT`],
  ['entry of two buys', `= ${price(computeEntryPrice(twoBuys().position(XBTUSD)), 8)}`],
  ['value of one contract', `is worth ${money(worth('bitmex', 1n, '7299'))} XBT`],
  ['value by BitMEX', `BitMEX books ${money(worth('bitmex', 885n, '7299'))}`],
  ['value as a whole', `they are worth ${money(worth('generic', 885n, '7299'))}`],
  ['initial margin', `initial margin ${money(isolated.position(XBTUSD).margin)}`],
  ['reserve', `reserve ${money(computeCommissionReserve(isolated.rules, isolated.position(XBTUSD), TAKER))}`],
  ['opening fee', `opening fee ${money(ONE_XBT - isolated.wallet)}`],
  ['wallet', `the wallet is ${money(at8400('bitmex').wallet)}`],
  ['margin balance', `the margin balance ${money(at8400('bitmex').marginBalance)}`],
  ['position margin', `the position margin ${money(at8400('bitmex').positionMargin)}`],
  ['available', `${money(at8400('bitmex').available)} is available`],
  ['available, generic', `${money(at8400('generic').available)} is available`],
  ['order below the mark', `= ${money(computeOrderCost(orderInput('buy', '10', '8100'), 10_000n))} XBT`],
  ['order above the mark', `XBT down: ${money(computeOrderCost(orderInput('buy', '10', '7900'), 10_000n))}`],
  [
    'funding',
    `costs the long ${money(-open('bitmex', 'cross').applyFunding(XBTUSD, 1, fractionOf('0.0001'), fractionOf('8200')))} XBT`,
  ],
  ['liquidation', `the liquidation price is ${price(levels(isolated).liquidation)}`],
  ['bankruptcy', `0.125 is gone, is ${price(levels(isolated).bankruptcy)}`],
  ['liquidation, cross', `behind it: ${price(levels(open('bitmex', 'cross')).liquidation)}`],
  ['liquidation, short', `isolated, is liquidated at ${price(levels(open('bitmex', 'isolated', 'sell')).liquidation)}`],
  ['liquidation, generic', `= ${price(levels(open('generic', 'isolated')).liquidation, 8)}`],
];

/** Whole units of every currency here are 10^8 settlement units. */
const UNIT = ONE_XBT;
const inUnits = (exact: Fraction): string => money(divHalfAway(exact.num, exact.den));
const at =
  (mark: string): MarkOf =>
  () =>
    fractionOf(mark);
const ratio = (num: string, den: string): Fraction => over(fractionOf(num), fractionOf(den));

/** The inverse long of 10,000 at 10,000 with leverage 10, isolated, 1 XBT in the wallet. */
function inverseLong(rules: Partial<VenueRules>, takerFee = '0', contract: Contract = FLAT_INVERSE): TradingAccount {
  const more = { rules: { ...rulesOf('generic'), ...rules }, takerFee: fractionOf(takerFee) };
  const account = accountWith('generic', 'isolated', '10', ONE_XBT, undefined, more);
  fill(account, contract, 'buy', 'open', 10_000n, '10000');
  account.takeBills();
  return account;
}

/** Below which mark the first group of an account is due; unrounded. */
function dueBelow(account: TradingAccount, contract: Contract, from: string): Fraction | null {
  return findDueMarks(account.riskGroups()[0]!, contract.symbol, at(from)).below?.price ?? null;
}

/** Bybit's inverse long, cross with half a coin, 0.075 %. */
function bybitCross(maintenanceMargin: Fraction): TradingAccount {
  const account = accountWith('bybit', 'cross', '10', ONE_XBT / 2n, undefined, { takerFee: TAKER });
  fill(account, { ...FLAT_INVERSE, maintenanceMargin }, 'buy', 'open', 10_000n, '8000');
  return account;
}

const rates = [
  [50_000, '0.004'],
  [250_000, '0.005'],
  [1_000_000, '0.01'],
  [undefined, '0.025'],
] as const;
const tiers = rates.map(([upTo, mm]) => ({ im: '0.1', mm, ...(upTo === undefined ? {} : { upTo }) }));
/** The table of the page; the linear contract takes its rates from it. */
const TIERED = contractWith({ tiers, initial_margin: '0.1', maintenance_margin: '0.004', max_leverage: 10 });

function tiered(tierModel: VenueRules['tierModel'], qty: bigint, entry: string): TradingAccount {
  const more = { rules: { ...rulesOf('generic'), tierModel } };
  const account = accountWith('generic', 'cross', '10', 100_000n * UNIT, USDT_CURRENCY, more);
  fill(account, TIERED, 'buy', 'open', qty, entry);
  return account;
}

const required = (tierModel: VenueRules['tierModel']): string =>
  inUnits(computeGroupRequirement(tiered(tierModel, 1_000n, '300000').riskGroups()[0]!, at('300000')));

function hedge(hedgeMaintenance: VenueRules['hedgeMaintenance']): TradingAccount {
  const more = { rules: { ...rulesOf('generic'), hedgeMaintenance }, positionMode: 'hedged' } as const;
  const account = accountWith('generic', 'cross', '10', 3_000n * UNIT, USDT_CURRENCY, more);
  fill(account, BTCUSDT, 'buy', 'open', 2_000n, '10000', '0', 'long');
  fill(account, BTCUSDT, 'sell', 'open', 1_000n, '9000', '0', 'short');
  return account;
}

/** 20,000 inverse at 10,000 and a quanto of 0.01 at 200, one coin behind both. */
function crossPair(): TradingAccount {
  const account = accountWith('generic', 'cross', '10', ONE_XBT);
  fill(account, FLAT_INVERSE, 'buy', 'open', 20_000n, '10000');
  fill(account, { ...QUANTO, maintenanceMargin: fractionOf('0.01') }, 'buy', 'open', 10_000n, '200');
  account.takeBills();
  return account;
}

const pairAt =
  (inverse: string, quanto: string): MarkOf =>
  ({ symbol }) =>
    fractionOf(symbol === FLAT_INVERSE.symbol ? inverse : quanto);

function shownInPair(index: number): string {
  const group = crossPair().riskGroups()[0]!;
  return price(computeDisplayPrice(group, group.members[index]!.position, pairAt('10000', '180')), 8);
}

function twoLedgers(): TradingAccount {
  const account = accountWith('generic', 'isolated', '10', ONE_XBT);
  account.deposit(50_000n * UNIT, 1, 'start', USDT_CURRENCY);
  fill(account, FLAT_INVERSE, 'buy', 'open', 10_000n, '10000', '0.001');
  fill(account, BTCUSDT, 'sell', 'open', 1_000n, '10000', '0.001');
  return account;
}

function withdrawable(crossWallet: bigint, profit: bigint, value: bigint, initial: bigint): string {
  const none = accountWith('pacifica', 'cross', '10', 0n, USDT_CURRENCY).balances('USDT', at('1'), 0n);
  const cross = { crossUnrealizedPnl: profit * UNIT, crossValue: value * UNIT, crossInitial: initial * UNIT };
  return money(computeWithdrawable(rulesOf('pacifica'), { ...none, crossWallet: crossWallet * UNIT, ...cross }));
}

function pacificaFee(maintenance: string): string {
  const contract = { ...BTCUSDT, maintenanceMargin: fractionOf(maintenance), liquidationFee: null };
  const more = { takerFee: fractionOf('0') };
  const account = accountWith('pacifica', 'isolated', '10', 10_000n * UNIT, USDT_CURRENCY, more);
  fill(account, contract, 'buy', 'open', 1_000n, '10000');
  const prices = { markOf: at('9200'), lastOf: at('9200') };
  return money(account.applyLiquidation(account.riskGroups()[0]!, 1, prices)[0]!.commission);
}

const onBasis = (rules: Partial<VenueRules>, fee = '0'): string =>
  price(dueBelow(inverseLong(rules, fee), FLAT_INVERSE, '10000'), 8);

/** Of tiers, groups and ledgers: what the page says, and the number. */
const GROUP_NUMBERS: readonly (readonly [string, string])[] = [
  ['ledger in XBT', `hold ${money(twoLedgers().walletOf('XBT'))} XBT`],
  ['ledger in USDT', `XBT and ${money(twoLedgers().walletOf('USDT'))} USDT`],
  ['mark basis', `liquidated at ${onBasis({})} (100500/11)`],
  ['entry basis', `entry at ${onBasis({ maintenanceBasis: 'entry' })} (2000000/219)`],
  ['marginal tiers', `requires ${required('marginal')} as \`marginal\``],
  ['step tiers', `and ${required('step')} as \`step\``],
  ['fee on the basis', `\`basis\`: ${onBasis({ isolatedFee: 'basis' }, '0.00075')} (100575/11)`],
  ['fee at bankruptcy', `left is ${price(dueBelow(bybitCross(fractionOf('0')), FLAT_INVERSE, '8000'), 8)} (40030/7)`],
  [
    'fee with maintenance',
    `liquidated at ${price(dueBelow(bybitCross(fractionOf('0.005')), FLAT_INVERSE, '8000'), 8)}`,
  ],
  ['bracket of 2.5 %', `at ${price(dueBelow(tiered('marginal', 30_000n, '40000'), TIERED, '40000'), 8)} (4334800/117`],
  ['bracket of 1 %', `at ${price(dueBelow(tiered('marginal', 26_000n, '40000'), TIERED, '40000'), 8)} (5215000/143`],
  ['hedge pair', `both go at ${price(dueBelow(hedge('both'), BTCUSDT, '9500'), 8)} (1600000/197)`],
  ['hedge pair, larger', `is charged: ${price(dueBelow(hedge('larger'), BTCUSDT, '9500'), 8)}`],
  ['cross pair, inverse', `the one shows ${shownInPair(0)}`],
  ['cross pair, quanto', `the other ${shownInPair(1)}`],
  [
    'cross pair, equity',
    `equity is ${inUnits(computeGroupEquity(crossPair().riskGroups()[0]!, pairAt('8000', '152')))}`,
  ],
  [
    'cross pair, need',
    `${inUnits(computeGroupRequirement(crossPair().riskGroups()[0]!, pairAt('8000', '152')))} is required`,
  ],
  ['fee of Pacifica', `fee is ${pacificaFee('0.03')}`],
  ['least fee of Pacifica', `it is ${pacificaFee('0.01')}`],
  ['withdrawable', `require 575: ${withdrawable(1_000n, 500n, 12_000n, 575n)} may leave`],
  ['withdrawable, all', `worth 10,000: ${withdrawable(200n, 3_000n, 10_000n, 0n)}`],
];

const flat = PAGE.replace(/\n> /g, ' ').replace(/\n/g, ' ');

describe('docs/settlement.md', () => {
  test.each([...NUMBERS, ...GROUP_NUMBERS])('when the %s is computed then the page says "%s"', (_, text) => {
    expect(flat).toContain(text);
  });

  it('when an order by percent is sized then the page has the contracts', () => {
    const half = computeAffordableQty(orderInput('buy', '10', '8000'), ONE_XBT, fractionOf('0.5'));
    const all = computeAffordableQty(orderInput('sell', '1', '8000'), ONE_XBT, fractionOf('1'));
    expect(flat).toContain(`buys ${half.toLocaleString('en-US')} contracts`);
    expect(flat).toContain(`at leverage 1 is ${all.toLocaleString('en-US')} contracts`);
  });

  it('when the generic liquidation price is shown then it stands on the tick toward the entry', () => {
    const account = open('generic', 'isolated');
    const shown = roundToTickTowardEntry(account.position(XBTUSD), levels(account).liquidation);
    expect(flat).toContain(`shown as ${price(shown)}`);
  });

  it('when the isolated long is taken over then its bills are those of the page', () => {
    const account = open('bitmex', 'isolated');
    account.takeBills();
    account.applyTakeOver(XBTUSD, 1, fractionOf('7306.5'));
    const [loss, fee, ...rest] = account.takeBills();
    expect(rest).toEqual([]);
    expect(flat).toContain(`one bill of −${money(-loss!.amount)} and a fee of ${money(-fee!.amount)}`);
  });

  it('when an inverse short has leverage 1 then nothing liquidates it', () => {
    const account = open('bitmex', 'isolated', 'sell', '1');
    const position = account.position(XBTUSD);
    expect(levels(account).liquidation).toBeNull();
    expect(computeCommissionReserve(account.rules, position, TAKER)).toBe(0n);
    expect(computeMaintenanceMargin(account.rules, position, position.margin, fractionOf('8000'))).toBe(0n);
  });

  it('when a position of 230 XBT is one risk step up then its rates are 1.0 % and 1.5 %', () => {
    const rates = tierRatesAt(XBTUSD, 230n * ONE_XBT);
    expect(compareFractions(rates.maintenance, fractionOf('0.01'))).toBe(0);
    expect(compareFractions(rates.initial, fractionOf('0.015'))).toBe(0);
  });

  it('when tiers count contracts then the rate is that of the contracts held', () => {
    const byContracts = [
      { im: '0.1', mm: '0.005', upTo: 2 },
      { im: '0.1', mm: '0.02' },
    ];
    const contract = contractWith({
      tiers: byContracts,
      tiers_by: 'contracts',
      initial_margin: '0.1',
      maintenance_margin: '0.005',
      max_leverage: 10,
    });
    const rateOf = (qty: bigint): string => {
      const more = { rules: rulesOf('okx'), takerFee: fractionOf('0') };
      const account = accountWith('okx', 'cross', '10', UNIT, USDT_CURRENCY, more);
      fill(account, contract, 'buy', 'open', qty, '1000');
      const { num, den } = computeGroupRequirement(account.riskGroups()[0]!, at('1000'));
      return price({ num: num * 100n, den: den * qty * UNIT }, 1);
    };
    expect(flat).toContain(
      `1.999 contracts require ${rateOf(1_999n)} %, 2 contracts ${rateOf(2_000n).replace('.0', '')} %`,
    );
  });

  it('when funding is paid from what is available first then the margin bears the rest', () => {
    const account = accountWith('bybit', 'isolated', '10', 10_000n * UNIT, USDT_CURRENCY);
    fill(account, BTCUSDT, 'buy', 'open', 1_000n, '10000');
    account.takeBills();
    account.applyFunding(BTCUSDT, 5, fractionOf('0.01'), fractionOf('10000'), { transferable: 40n * UNIT });
    const [bill] = account.takeBills();
    expect(bill!.amount).toBe(-100n * UNIT);
    const left = money(account.position(BTCUSDT).margin);
    expect(flat).toContain(`bears ${money(-bill!.isolatedDelta)}, and 1,000 of margin become ${left}`);
  });

  it('when a price has its tick then Bybit’s is shown toward the entry', () => {
    const account = bybitCross(fractionOf('0.005'));
    const [position] = account.openPositions();
    const shown = roundToTickTowardEntry(position!, dueBelow(account, FLAT_INVERSE, '8000'));
    expect(flat).toContain(`${price(dueBelow(account, FLAT_INVERSE, '8000'), 8)}, shown as ${price(shown)}`);
  });

  it('when the cross pair is taken over then its fills and losses are those of the page', () => {
    const account = crossPair();
    const group = account.riskGroups()[0]!;
    const markOf = pairAt('8000', '152');
    expect(isGroupDue(group, markOf)).toBe(true);
    const [first, second] = account.applyLiquidation(group, 1, { markOf, lastOf: markOf });
    expect(flat).toContain(
      `fill at ${price(first!.price, 4)} (1108000/139) and ${price(second!.price, 4)} (41800/277)`,
    );
    expect(flat).toContain(`for −${money(-first!.realizedPnl)} and −${money(-second!.realizedPnl)}`);
    expect(account.wallet).toBe(0n);
  });

  it('when margin is called then liquidation moves 7,240, 6,440, 6,040', () => {
    const more = { takerFee: fractionOf('0') };
    const account = accountWith('bybit', 'isolated', '10', 10_000n * UNIT, USDT_CURRENCY, more);
    fill(account, BTCUSDT, 'buy', 'open', 5_000n, '8000');
    const marks: string[] = [];
    for (let rounds: readonly bigint[] = [0n]; rounds.length > 0; ) {
      const mark = dueBelow(account, BTCUSDT, '8000')!;
      marks.push(price(mark, 0));
      rounds = planAutoMargin(account.riskGroups()[0]!, () => mark, account.crossWallet());
      for (const amount of rounds) account.applyAutoMargin(account.position(BTCUSDT), 1, amount);
    }
    const [one, two, three, ...rest] = marks;
    expect(rest).toEqual([]);
    expect(flat).toContain(`Liquidation at ${one}; 4,000 are added, then it is at ${two}; the last 2,000`);
    expect(flat).toContain(`are added, then it is at ${three}; there it is liquidated`);
  });

  it('when 230 XBT are reduced then fee, equity and requirement are those of the page', () => {
    const rules = { tierModel: 'step', partialLiquidation: 'one_tier', maintenanceBasis: 'entry' } as const;
    const more = { rules: { ...rulesOf('generic'), ...rules } };
    const account = accountWith('generic', 'isolated', '100', 10n * UNIT, undefined, more);
    fill(account, XBTUSD, 'buy', 'open', 2_300_000n, '10000');
    const group = (collateral: bigint) => ({ ...account.riskGroups()[0]!, collateral });
    const plan = planPartialLiquidation(group(2n * UNIT), at('10000'))!;
    const { fee, value } = fill(account, XBTUSD, 'sell', 'close', plan.qty, '10000', '0.00075');
    expect(value).toBe(30n * UNIT);
    const after = group(2n * UNIT - fee);
    const equity = inUnits(computeGroupEquity(after, at('10000')));
    expect(flat).toContain(`a fee of ${money(fee)}; the equity is ${equity}, the requirement`);
    expect(flat).toContain(`${inUnits(computeGroupRequirement(after, at('10000')))}: the rest stays`);
  });

  it('when a take-over is at the mark then −19/201 is lost and 11/2010 comes back', () => {
    const free = { ...FLAT_INVERSE, liquidationFee: fractionOf('0') };
    const account = inverseLong({ liquidationFill: 'mark' }, '0', free);
    const prices = { markOf: () => ratio('100500', '11'), lastOf: () => ratio('100500', '11') };
    const [result] = account.applyLiquidation(account.riskGroups()[0]!, 1, prices);
    const back = UNIT / 10n + result!.realizedPnl;
    expect(flat).toContain(`−${money(-result!.realizedPnl)} (−19/201), and ${money(back)} (11/2010) comes back`);
  });

  it('when equity is at two thirds of the requirement then the backstop takes all, just above it not', () => {
    const contract = { ...BTCUSDT, maintenanceMargin: fractionOf('0.03'), liquidationFee: fractionOf('0') };
    const lossAt = (mark: string): bigint => {
      const more = { takerFee: fractionOf('0') };
      const account = accountWith('hyperliquid', 'isolated', '10', 10_000n * UNIT, USDT_CURRENCY, more);
      fill(account, contract, 'buy', 'open', 1_000n, '10000');
      const prices = { markOf: at(mark), lastOf: at(mark) };
      return account.applyLiquidation(account.riskGroups()[0]!, 1, prices)[0]!.realizedPnl;
    };
    // 9,000 / 0.98 lies between the two.
    expect(lossAt('9183.67346938')).toBe(-1_000n * UNIT);
    expect(lossAt('9183.67346939') > -1_000n * UNIT).toBe(true);
    expect(flat).toContain(`⅔ is reached at ${price(ratio('9000', '0.98'), 8)}`);
  });

  const wide = { ...FLAT_INVERSE, maxLeverage: fractionOf('1000'), initialMargin: fractionOf('0.001') };
  const long = (margin: bigint): Position => {
    const flatOne = createPosition(wide, 'isolated', fractionOf('10'));
    return { ...flatOne, id: 1, qty: 10_000n, cost: ONE_XBT, margin };
  };

  it('when leverage is moved then its bounds and the new margin are those of the page', () => {
    const mark = ratio('1000000', '102');
    const isRefused = (leverage: string): boolean =>
      'refusal' in moveLeverage(rulesOf('generic'), long(10_000_000n), fractionOf(leverage), mark, 40_000_000n);
    const [, least, most] = /its leverage may be (\d+) to (\d+)/.exec(flat)!;
    expect([least!, most!].map(isRefused)).toEqual([false, false]);
    expect([`${Number(least) - 0.01}`, `${Number(most) + 0.01}`].map(isRefused)).toEqual([true, true]);
    const move = moveLeverage(rulesOf('generic'), long(10_000_000n), fractionOf('25'), fractionOf('10000'), 0n);
    expect(flat).toContain(`its margin would be ${'moved' in move ? money(move.moved.margin) : 'refused'}`);
  });

  it('when margin is taken out then what the page says, and not a unit more', () => {
    const most = 4_917_500n;
    const isRefused = (amount: bigint): boolean =>
      'refusal' in moveMarginOut(rulesOf('generic'), long(15_000_000n), amount, fractionOf('10000'), TAKER);
    expect([most, most + 1n].map(isRefused)).toEqual([false, true]);
    expect(flat).toContain(`= ${money(most).replace(/0+$/, '')} XBT may be taken out`);
    const linear = (leverage: string): Position => {
      const flatOne = createPosition(contractWith({ max_leverage: 100 }), 'isolated', fractionOf(leverage));
      return { ...flatOne, id: 1, qty: 1_000n, cost: 20_000n * UNIT, margin: 4_000n * UNIT };
    };
    const isKept = (leverage: string, amount: bigint): boolean =>
      'refusal' in moveMarginOut(rulesOf('hyperliquid'), linear(leverage), amount, fractionOf('22000'), TAKER);
    expect([isKept('5', 1_600n * UNIT), isKept('5', 1_600n * UNIT + 1n)]).toEqual([false, true]);
    expect([isKept('20', 3_800n * UNIT), isKept('20', 3_800n * UNIT + 1n)]).toEqual([false, true]);
    expect(flat).toContain('1,600 may leave; at leverage 20 a tenth, 2,200, and 3,800 may leave');
  });
});
