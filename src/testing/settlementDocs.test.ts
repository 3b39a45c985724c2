/**
 * The worked numbers of docs/settlement.md, computed again by the code that settles. A number that changes there must change
 * on the page; a number that the page no longer has fails too.
 */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from '@jest/globals';
import { TradingAccount } from '../account/account.js';
import type { MarginMode } from '../account/bills.js';
import { computeBankruptcyPrice, computeLiquidationPrice, roundToTickTowardEntry } from '../account/liquidation.js';
import { computeCommissionReserve, computeMaintenanceMargin } from '../account/margin.js';
import { computeAffordableQty, computeOrderCost } from '../account/orderCost.js';
import { computeEntryPrice } from '../account/position.js';
import { createContractTable } from '../contract/contractInfo.js';
import { computeValue } from '../contract/payoff.js';
import { tierRatesAt } from '../contract/riskTiers.js';
import type { Side } from '../contract/sides.js';
import { compareFractions, type Fraction, formatFraction, fractionOf } from '../money/decimal.js';
import { formatUnits } from '../money/units.js';
import { findPreset } from '../venue/presets.js';

const PAGE = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/settlement.md'), 'utf8');
const XBTUSD = createContractTable().find('bitmex', 'XBTUSD')!;
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
  const account = new TradingAccount({ name: 'main', rules: rulesOf(venue), mode, leverage: fractionOf(leverage) });
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
  const settings = { name: 'main', rules: rulesOf('bitmex'), mode: 'cross', leverage: fractionOf('10') } as const;
  const account = new TradingAccount(settings);
  account.deposit(ONE_XBT, 0, 'start');
  trade(account, 'buy', 2_000n, '5000');
  trade(account, 'buy', 2_000n, '8000');
  return account;
}

const worth = (venue: string, qty: bigint, at: string): bigint =>
  computeValue(XBTUSD, rulesOf(venue).valueRounding, qty, fractionOf(at));

function orderInput(side: Side, leverage: string, mark: string) {
  const exposure = worth('bitmex', 10_000n, '8000');
  const rules = rulesOf('bitmex');
  const fixed = { rules, contract: XBTUSD, price: fractionOf('8000'), takerFee: TAKER, exposure };
  return { ...fixed, side, leverage: fractionOf(leverage), mark: fractionOf(mark) };
}

const isolated = open('bitmex', 'isolated');
const at8400 = (venue: string) => open(venue, 'isolated').balances(() => fractionOf('8400'), 0n);

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

const flat = PAGE.replace(/\n> /g, ' ').replace(/\n/g, ' ');

describe('docs/settlement.md', () => {
  test.each(NUMBERS)('when the %s is computed then the page says "%s"', (_, text) => {
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
});
