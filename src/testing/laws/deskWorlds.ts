/**
 * An order desk to call at random: two accounts over three contracts and a spot pair at the close of a bar that stands still, the
 * calls of a strategy with arguments that are mostly sensible and partly nonsense, and everything there is as one text.
 * Not shipped.
 */

import fc from 'fast-check';
import type { Contract } from '../../contract/contract.js';
import type { AccountRuntime } from '../../engine/accountRuntime.js';
import { runtimeOn } from '../../engine/fixtures/runtimeOn.js';
import { OrderDesk } from '../../engine/orderDesk.js';
import { type Fraction, fractionToF64 } from '../../money/decimal.js';
import { createContext, initialContextState } from '../../strategy/context.js';
import type {
  Account,
  Accounts,
  CallResult,
  DecimalInput,
  FixedSize,
  Order,
  OrderChanges,
  OrderOptions,
  OrderStyle,
  PctBase,
} from '../../strategy/strategy.js';
import { accountWith, contractWith } from './contracts.js';
import { type Holding, holdings, marksOf } from './holdings.js';
import { marketAt, standing } from './steps.js';

const PAIR: Contract = {
  ...contractWith({ settle_currency: 'XBT', min_qty: '1', tick_size: '0.01' }, 'COIN/XBT'),
  type: 'spot',
  base: { code: 'COIN', decimals: 8 },
};
const PHASES = ['trading', 'trading', 'trading', 'trading', 'warming_up', 'before_first_bar', 'finished'] as const;

export interface DeskWorld {
  readonly desk: OrderDesk;
  readonly runtimes: readonly AccountRuntime[];
  readonly accounts: Accounts;
  readonly contracts: readonly Contract[];
  readonly markOf: (contract: Contract) => Fraction;
}

/** Sets a desk up around an account that holds something and one that has money only. */
function deskOf(holding: Holding, isBankrupt: boolean): DeskWorld {
  const contracts = [...holding.contracts, PAIR];
  const held = marksOf(holding, [0, 0, 0]);
  const markOf = (contract: Contract): Fraction => (contract === PAIR ? { num: 2n, den: 1n } : held(contract));
  const market = marketAt(contracts.map((contract) => ({ contract, last: standing(fractionToF64(markOf(contract))) })));
  const { settings } = holding.account;
  holding.account.deposit(10n ** 10n, 1, 'coins', PAIR.base!);
  holding.account.takeBills();
  const other = accountWith(settings.rules.name, 'isolated', '5', 10n ** 10n, settings.currency, { name: 'other' });
  if (isBankrupt) other.endLedger('XBT', 1);
  const runtimes = [holding.account, other].map((account) => runtimeOn(account, market));
  const desk = new OrderDesk(runtimes, market, [new Set(), new Set()], {
    slippage: { unit: 'ticks', amount: { num: 1n, den: 1n } },
    onOverride: () => {},
  });
  desk.setTime('close', market.closeTimeMs, 3);
  const { accounts } = createContext({
    broker: desk,
    accounts: runtimes.map(({ name, account }) => ({ name, exchange: account.rules.name, currency: 'XBT' })),
    params: {},
    symbol: contracts[0]!.symbol,
    aliases: new Map(),
    histories: new Map(),
    state: { ...initialContextState(), timeMs: market.closeTimeMs },
    base: { intervalMs: 60_000, histories: new Map() },
    log: () => {},
  });
  return { desk, runtimes, accounts, contracts, markOf };
}

/** Desks of every preset. */
export const deskWorlds: fc.Arbitrary<DeskWorld> = fc
  .tuple(holdings(), fc.integer({ min: 0, max: 9 }))
  .map(([holding, n]) => deskOf(holding, n === 0));

/** What a call is made with; each call takes what it knows. */
export interface Arguments {
  readonly account: string;
  readonly symbol: string;
  /** Absent for all symbols. */
  readonly maybeSymbol: string | undefined;
  readonly price: DecimalInput | null;
  readonly qty: DecimalInput;
  readonly pct: DecimalInput;
  readonly amount: DecimalInput;
  readonly leverage: DecimalInput;
  readonly currency: string | undefined;
  readonly side: 'long' | 'short' | undefined;
  readonly mode: 'cross' | 'isolated';
  readonly positionMode: 'one_way' | 'hedged';
  readonly isOn: boolean;
  readonly to: string;
  readonly orderId: number;
  readonly pob: DecimalInput | undefined;
  readonly size: FixedSize | undefined;
  readonly base: PctBase | undefined;
  readonly changes: OrderChanges;
  readonly options: OrderOptions;
}

/** All methods of an account that answer with an order or a result; the compiler sees to it that none is missing. */
export type CallName = {
  [K in keyof Account]: Account[K] extends (...args: never[]) => Order | CallResult
    ? ReturnType<Account[K]> extends { status: string }
      ? K
      : never
    : never;
}[keyof Account];

/** One of the working orders as a rule; a number by chance without any. */
function orderOf(account: Account, { orderId }: Arguments): number {
  const working = account.orders();
  return working.at(orderId % Math.max(1, working.length))?.id ?? orderId;
}

export const CALLS: Readonly<Record<CallName, (account: Account, a: Arguments) => Order | CallResult>> = {
  longOpen: (account, a) => account.longOpen(a.symbol, a.price, a.qty, a.options),
  longClose: (account, a) => account.longClose(a.symbol, a.price, a.qty, a.options),
  shortOpen: (account, a) => account.shortOpen(a.symbol, a.price, a.qty, a.options),
  shortClose: (account, a) => account.shortClose(a.symbol, a.price, a.qty, a.options),
  longOpenPct: (account, a) => account.longOpenPct(a.symbol, a.price, a.pct, a.options),
  longClosePct: (account, a) => account.longClosePct(a.symbol, a.price, a.pct, a.options),
  shortOpenPct: (account, a) => account.shortOpenPct(a.symbol, a.price, a.pct, a.options),
  shortClosePct: (account, a) => account.shortClosePct(a.symbol, a.price, a.pct, a.options),
  buy: (account, a) => account.buy(a.symbol, a.price, a.qty, a.options),
  sell: (account, a) => account.sell(a.symbol, a.price, a.qty, a.options),
  buyPct: (account, a) => account.buyPct(a.symbol, a.price, a.pct, a.options),
  sellPct: (account, a) => account.sellPct(a.symbol, a.price, a.pct, a.options),
  longOpenPob: (account, a) => account.longOpenPob(a.symbol, a.pob, a.options),
  shortOpenPob: (account, a) => account.shortOpenPob(a.symbol, a.pob, a.options),
  openFixed: (account, a) => account.openFixed(a.symbol, a.side ?? 'long', a.size, a.options),
  stopLoss: (account, a) => account.stopLoss(orderOf(account, a), a.price ?? '20000'),
  stopProfit: (account, a) => account.stopProfit(orderOf(account, a), a.price ?? '20000'),
  stopLossPct: (account, a) => account.stopLossPct(orderOf(account, a), a.pct, a.base),
  stopProfitPct: (account, a) => account.stopProfitPct(orderOf(account, a), a.pct, a.base),
  trailingStop: (account, a) => account.trailingStop(orderOf(account, a), a.qty),
  trailingStopPct: (account, a) => account.trailingStopPct(orderOf(account, a), a.pct),
  modify: (account, a) => account.modify(orderOf(account, a), a.changes),
  cancel: (account, a) => account.cancel(orderOf(account, a)),
  setMode: (account, a) => account.setMode(a.mode, a.maybeSymbol),
  setMaxLeverage: (account, a) => account.setMaxLeverage(a.leverage, a.maybeSymbol),
  addMargin: (account, a) => account.addMargin(a.symbol, a.amount, a.side),
  removeMargin: (account, a) => account.removeMargin(a.symbol, a.amount, a.side),
  setAutoMargin: (account, a) => account.setAutoMargin(a.isOn, a.maybeSymbol),
  setPositionMode: (account, a) => account.setPositionMode(a.positionMode, a.maybeSymbol),
  deposit: (account, a) => account.deposit(a.amount, a.currency),
  withdraw: (account, a) => account.withdraw(a.amount, a.currency),
  transfer: (account, a) => account.transfer(a.to, a.amount, a.currency),
};
export const CALL_NAMES = Object.keys(CALLS) as readonly CallName[];

/** A value that no caller should give, as whatever type is asked for. */
const wrong = <T>(...values: readonly unknown[]): fc.Arbitrary<T> => fc.constantFrom(...(values as readonly T[]));
/** Mostly the first, one time in eight the second. */
const mostly = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 7, arbitrary: usual }, { weight: 1, arbitrary: other });

const nonsense = wrong<DecimalInput>(
  '0',
  '-1',
  'ten',
  '',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  '1e9',
);
/** Around what the bases of holdings come to. */
const prices = mostly<DecimalInput>(
  fc.integer({ min: 1, max: 100_000 }).map((n) => n / 2),
  nonsense,
);
const amounts = mostly<DecimalInput>(wrong('0.00000001', '0.001', '0.02', 0.5, '3', '40', '0.000000001'), nonsense);
const styles = fc
  .record({
    name: mostly(
      fc.constantFrom<OrderStyle['name'][]>(
        'stop_loss',
        'stop_profit',
        'stop_loss_pct',
        'stop_profit_pct',
        'trailing_stop',
        'trailing_stop_pct',
      ),
      wrong<'stop_loss'>('trailing', undefined),
    ),
    value: mostly<DecimalInput>(wrong(0.01, '0.5', '2000', '30000', '1.2'), nonsense),
  })
  .chain((style) => fc.constantFrom([], style, [style], [style, style]));
const options: fc.Arbitrary<OrderOptions> = mostly<OrderOptions>(
  fc.record(
    {
      orderStyle: styles,
      reduceOnly: fc.boolean(),
      postOnly: fc.boolean(),
      trigger: prices,
      triggerBy: mostly(fc.constantFrom('last', 'mark'), wrong<'last'>('index')),
      timeInForce: mostly(fc.constantFrom('gtc', 'ioc', 'fok'), wrong<'gtc'>('day')),
      leverage: mostly<DecimalInput>(wrong('1', 2.5, '10', '31', '1001'), nonsense),
      tag: fc.constant('law'),
    },
    { requiredKeys: [] },
  ),
  wrong<OrderOptions>({ colour: 'red' }),
);
const symbols = mostly(fc.constantFrom('AAA', 'BBB', 'CCC', 'COIN/XBT'), fc.constant('NONE'));

export const callArguments: fc.Arbitrary<Arguments> = fc.record({
  account: fc.constantFrom('main', 'main', 'other'),
  symbol: symbols,
  maybeSymbol: fc.option(symbols, { nil: undefined, freq: 3 }),
  price: fc.oneof(fc.constant(null), prices),
  qty: mostly<DecimalInput>(fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 500_000 })), nonsense),
  pct: mostly<DecimalInput>(wrong('0.1', 0.5, '1', '1.01'), nonsense),
  amount: amounts,
  leverage: mostly<DecimalInput>(wrong('0', '1', 2.5, '10', '20', '31', '50', '1001'), nonsense),
  currency: mostly(fc.constantFrom(undefined, 'XBT', 'COIN'), fc.constant('DOGE')),
  side: fc.constantFrom(undefined, 'long', 'short'),
  mode: mostly(fc.constantFrom('cross', 'isolated'), wrong<'cross'>('both')),
  positionMode: mostly(fc.constantFrom('one_way', 'hedged'), wrong<'one_way'>('either')),
  isOn: mostly(fc.boolean(), wrong<boolean>('yes')),
  to: fc.constantFrom('other', 'other', 'main', 'nobody'),
  orderId: fc.integer({ min: 0, max: 5 }),
  pob: fc.option(mostly<DecimalInput>(wrong('0.1', 1, '3'), nonsense), { nil: undefined, freq: 3 }),
  size: fc.option(
    fc.record(
      {
        pob: wrong<DecimalInput>('1', 0.5, '0'),
        leverage: wrong<DecimalInput>(5, '10'),
        map: wrong<DecimalInput>('0.1', 2),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined, freq: 3 },
  ),
  base: fc.constantFrom(undefined, 'price', 'pnl', 'roe', 'margin' as 'roe'),
  changes: fc.record({ price: prices, qty: amounts, trigger: prices }, { requiredKeys: [] }),
  options,
});

export const phases = fc.constantFrom(...PHASES);

const SLOTS = ['net', 'long', 'short'] as const;

/** Everything that the accounts, their orders and what waits for the tables hold, and all that a strategy can see of it. */
export function stateOf({ runtimes, accounts, contracts }: DeskWorld): string {
  const inside = runtimes.map(({ account, books, journal, hasChanged }) => ({
    wallets: account.currencies.map(({ code }) => [code, account.walletOf(code), account.crossWallet(code)]),
    ends: account.currencies.map(({ code }) => account.bankruptAtMsOf(code)),
    symbols: contracts.map((contract) => [
      account.symbolSettings(contract),
      ...SLOTS.map((slot) => account.position(contract, slot)),
    ]),
    orders: books.map(({ orders }) => [orders.all, orders.takeEnded()]),
    bills: account.takeBills(),
    journal,
    hasChanged,
  }));
  const seen = accounts.names.map((name) => {
    const account = accounts.get(name);
    const { balance, available, marginBalance, bankrupt } = account;
    return {
      figures: [balance, available, marginBalance, bankrupt],
      ledgers: ['XBT', 'COIN', 'DOGE'].map((code) => [account.balanceOf(code), account.availableOf(code)]),
      positions: contracts.map(({ symbol }) => account.position(symbol)),
      orders: account.orders(),
    };
  });
  return JSON.stringify({ inside, seen }, (key, item: unknown) => {
    if (key === 'contract') return (item as Contract | null)?.symbol;
    if (item instanceof Map) return [...item];
    return typeof item === 'bigint' ? `${item}n` : item;
  });
}
