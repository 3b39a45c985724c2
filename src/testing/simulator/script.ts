/**
 * The strategy of a world: makes the calls of its script, step by step. Some calls look for a bound, in ever smaller steps, by
 * what is refused; what every call that is not an order came to is told, so that the engines can be compared in that too.
 */

import type {
  Account,
  AllAccounts,
  Bar,
  CallResult,
  Context,
  Order,
  OrderOptions,
  PctBase,
  Strategy,
  Timeframe,
  TimeInForce,
} from '../../strategy/strategy.js';
import {
  ALL_ACCOUNTS,
  type CashCall,
  decimalsOf,
  type FiguresCall,
  type LeverageCall,
  type MarginCall,
  type ModifyCall,
  type OrderCall,
  type SizedCall,
  type SizingCall,
  type StopCall,
  tradedBy,
  type World,
  type WorldCall,
  type WorldSymbol,
} from './world.js';

/** Takes one line on what a call came to. */
export type CallNote = (text: string) => void;
/** Notes a result; true where the call was accepted. */
type Note = (result: CallResult) => boolean;

/** A strategy that makes the calls of a world. */
export function scriptOf(world: World, onCall: CallNote): Strategy {
  const ids: Ids = new Map();
  let done = Number.NEGATIVE_INFINITY;
  const callAll = (context: Context, isDue: (at: number | null) => boolean): void => {
    for (const line of world.calls.filter(({ at }) => isDue(at))) {
      const note: Note = ({ status, code, reason }) => {
        onCall(`${line.at} ${line.account} ${line.call} ${status} ${code ?? ''} ${reason ?? ''}`);
        return status === 'done';
      };
      const script: Script = { world, ids, note, onCall };
      if (line.account === ALL_ACCOUNTS) callOnAll(context.accounts.all, line, script);
      else callOne(context.accounts.get(line.account), line, script);
    }
  };
  const handleData = (context: Context, bar: Bar | undefined): void => {
    if (world.timeframe !== undefined) showBars(context, bar, world, onCall);
    const until = context.timeMs - world.intervalMs;
    const from = done;
    done = until;
    callAll(context, (at) => at !== null && at > from && at <= until);
  };
  const tell = (callback: string, timeMs: number, what: object): void =>
    onCall(`${timeMs} told ${callback} ${textOf(what)}`);
  return {
    name: 'script',
    warmup: world.warmup,
    initialize: (context) => callAll(context, (at) => at === null),
    handleData,
    onFill: ({ timeMs }, fill) => tell('onFill', timeMs, fill),
    onOrderRejected: ({ timeMs }, order) => tell('onOrderRejected', timeMs, order),
    onLiquidation: ({ timeMs }, liquidation) => tell('onLiquidation', timeMs, liquidation),
    onFunding: ({ timeMs }, funding) => tell('onFunding', timeMs, funding),
  };
}

/** Figures as text, names in order; the details of a refusal are for people. */
const textOf = (what: object): string =>
  JSON.stringify(what, (name, item: unknown) => {
    if (name === 'details') return undefined;
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** Ids of orders by the names that the lines have for them. */
type Ids = Map<number, number>;

interface Script {
  readonly world: World;
  readonly ids: Ids;
  readonly note: Note;
  readonly onCall: CallNote;
}

function callOne(account: Account, line: WorldCall, script: Script): void {
  const { ids, note } = script;
  if (line.call === 'cancelAll') account.cancelAll(line.symbol ?? undefined);
  else if (line.call === 'setMode') note(account.setMode(line.mode, line.symbol ?? undefined));
  else if (line.call === 'setPositionMode') note(account.setPositionMode(line.mode, line.symbol ?? undefined));
  else if (line.call === 'setAutoMargin') note(account.setAutoMargin(line.isOn, line.symbol ?? undefined));
  else if (line.call === 'setMaxLeverage') callLeverage(account, line, script);
  else if (line.call === 'addMargin' || line.call === 'removeMargin') callMargin(account, line, script);
  else if (line.call === 'deposit' || line.call === 'withdraw' || line.call === 'transfer') {
    callCash(account, line, script);
  } else if (line.call === 'figures') callFigures(account, line, script);
  else if (line.call === 'cancel') note(account.cancel(idOf(ids, line)));
  else if ('amount' in line && 'orderStyle' in line) callOrder(account, line, ids);
  else if ('value' in line || 'changes' in line || 'size' in line || 'numbers' in line)
    callNewOrder(account, line, script);
}

const idOf = (ids: Ids, { key, child }: { readonly key: number; readonly child: number }): number =>
  (ids.get(key) ?? 900_000) + child;

function optionsOf(line: OrderCall): OrderOptions {
  return {
    ...(line.orderStyle.length === 0 ? {} : { orderStyle: line.orderStyle }),
    ...(line.reduceOnly ? { reduceOnly: true } : {}),
    ...(line.postOnly ? { postOnly: true } : {}),
    ...(line.trigger === null ? {} : { trigger: line.trigger }),
    ...(line.triggerBy === null ? {} : { triggerBy: line.triggerBy }),
    ...(line.timeInForce === undefined ? {} : { timeInForce: line.timeInForce as TimeInForce }),
    ...(line.leverage === undefined ? {} : { leverage: line.leverage }),
  };
}

function callOrder(account: Account, line: OrderCall, ids: Ids): void {
  ids.set(line.key, account[line.call](line.symbol, line.price, line.amount, optionsOf(line)).id);
}

type NewCall = SizedCall | SizingCall | StopCall | ModifyCall;

/** Sizes, stops after the fact and changes: what each came to is told. */
function callNewOrder(account: Account, line: NewCall, { ids, onCall }: Script): void {
  const head = `${line.at} ${line.account} ${line.call}`;
  if ('numbers' in line) {
    onCall(`${head} ${answerTo(() => sizeOf(account, line))}`);
    return;
  }
  const order = orderOf(account, line, ids);
  if (!('changes' in line)) ids.set(line.key, order.id);
  onCall(`${head} ${order.status} ${order.code ?? ''} ${order.reason ?? ''} ${textOf(order)}`);
}

function sizeOf(account: Account, { call, symbol, numbers }: SizingCall): number {
  const [first = '', second, third = ''] = numbers;
  return call === 'safeSize'
    ? account.safeSize(symbol, first, second)
    : account.riskSize(symbol, first, second ?? '', third);
}

/** A number, or the code of what was thrown. */
function answerTo(ask: () => number): string {
  try {
    return `answered ${ask()}`;
  } catch (error) {
    return `threw ${(error as { code?: string }).code}`;
  }
}

function orderOf(account: Account, line: Exclude<NewCall, SizingCall>, ids: Ids): Order {
  if ('changes' in line) return account.modify(idOf(ids, line), line.changes);
  if ('size' in line) {
    if (line.call !== 'openFixed') return account[line.call](line.symbol, line.size?.pob, line.options);
    return account.openFixed(line.symbol, line.side, line.size ?? undefined, line.options);
  }
  const id = idOf(ids, { key: line.of, child: line.child });
  const { call, value } = line;
  if (call === 'stopLossPct' || call === 'stopProfitPct') {
    return account[call](id, value, (line.base ?? undefined) as PctBase | undefined);
  }
  return account[call](id, value);
}

/** Calls made on every account at once; the answers are told in their order. */
function callOnAll(all: AllAccounts, line: WorldCall, { ids, onCall }: Script): void {
  const tell = (answers: readonly object[]): void => {
    for (const answer of answers) onCall(`${line.at} * ${line.call} ${textOf(answer)}`);
  };
  if (line.call === 'cancelAll') onCall(`${line.at} * ${all.cancelAll(line.symbol ?? undefined).join(' ')}`);
  else if ('amount' in line && 'orderStyle' in line) {
    const orders = all[line.call](line.symbol, line.price, line.amount, optionsOf(line));
    ids.set(line.key, orders.at(-1)?.id ?? 0);
    tell(orders);
  } else if (line.call === 'safeSize') {
    const [price = '', fraction] = line.numbers;
    onCall(`${line.at} * ${answersTo(() => all.safeSize(line.symbol, price, fraction))}`);
  } else if (line.call === 'longOpenPob' || line.call === 'shortOpenPob') {
    tell(all[line.call](line.symbol, line.size?.pob, line.options));
  } else if (line.call === 'modify') tell(all.modify(idOf(ids, line), line.changes));
  else if (line.call === 'setMaxLeverage') tell(all.setMaxLeverage(line.leverage, line.symbol ?? undefined));
  else if (line.call === 'stopLoss' || line.call === 'trailingStopPct') {
    tell(all[line.call](idOf(ids, { key: line.of, child: line.child }), line.value));
  }
}

const answersTo = (ask: () => readonly number[]): string => answerTo(() => ask().join(' ') as unknown as number);

/** The bars that a call is made on, and a longer one. */
function showBars(context: Context, bar: Bar | undefined, world: World, onCall: CallNote): void {
  const { timeMs } = context;
  onCall(`${timeMs} shown ${textOf(bar ?? {})}`);
  for (const name of new Set(world.symbols.flatMap(namesOf))) {
    const past = context.bars(name);
    onCall(`${timeMs} shown ${name} ${past.length} ${past.openTimeMs.at(-1)} ${textOf(context.bar(name) ?? {})}`);
    onCall(`${timeMs} shown ${name} ${world.timeframe?.asked} ${longerBar(context, name, world)}`);
  }
}

/** What the bars may be asked for by. */
const namesOf = ({ name, symbol, venue }: WorldSymbol): string[] => {
  const plain = symbol ?? name;
  return [name, plain, ...(venue === undefined ? [] : [`${plain}.${venue}`])];
};

/** How many closed bars of the length asked for there are, and the columns of the newest. */
function longerBar(context: Context, symbol: string, { timeframe }: World): string {
  try {
    const bars = context.timeframe(timeframe!.asked as Timeframe, symbol);
    const { openTimeMs, open, high, low, close, volume } = bars;
    return [bars.length, ...[openTimeMs, open, high, low, close, volume].map((column) => column.at(-1))].join(' ');
  } catch {
    return 'threw';
  }
}

/** Sets a leverage, or goes as high or as low as is accepted: by 100, 50, … of it, or by half, a quarter, … */
function callLeverage(account: Account, line: LeverageCall, { note, world }: Script): void {
  const symbol = line.symbol ?? undefined;
  if (line.leverage !== 'highest' && line.leverage !== 'lowest') {
    note(account.setMaxLeverage(line.leverage, symbol));
    return;
  }
  let { leverage } = account.position(symbol ?? world.symbols[0]!.name);
  for (
    let step = line.leverage === 'highest' ? 64 : -leverage / 2;
    Math.abs(step) > 0.001 && !account.bankrupt;
    step /= 2
  ) {
    const next = Math.round((leverage + step) * 10_000) / 10_000;
    if (next > 0 && note(account.setMaxLeverage(next, symbol))) leverage = next;
  }
}

/** Moves an amount of margin, or all that is accepted: the highest power of two of units, the next one, … one unit. */
function callMargin(account: Account, line: MarginCall, { note, world }: Script): void {
  const { symbol } = line;
  const side = line.side ?? undefined;
  const settleDecimals = marginDecimals(account, line, world);
  const move = (amount: string): boolean => note(account[line.call](symbol, amount, side));
  if (line.amount !== 'most') {
    move(line.amount);
    return;
  }
  const { long, short, mode, margin } = account.position(symbol);
  if ((long.qty === 0 && short.qty === 0) || mode === 'cross') {
    move(amountText(1n, settleDecimals));
    return;
  }
  inEverSmallerSteps(line.call === 'addMargin' ? account.balance : margin, settleDecimals, move);
}

/** Of the currency that margin of a symbol is in, by whichever name; what is not known is refused in any. */
function marginDecimals({ name }: Account, { symbol }: MarginCall, { accounts, symbols }: World): number {
  const traded = tradedBy(accounts.find((account) => account.name === name)!, symbols);
  const found = [...traded].find(([each]) => symbol.startsWith(each.symbol ?? each.name));
  return found?.[1].settleDecimals ?? 8;
}

/** Moves money, or all that is accepted. */
function callCash(account: Account, line: CashCall, { note, world }: Script): void {
  const currency = line.currency ?? undefined;
  const move = (amount: string): boolean => {
    if (line.call === 'transfer') return note(account.transfer(line.to, amount, currency));
    return note(account[line.call](amount, currency));
  };
  if (line.amount !== 'most') {
    move(line.amount);
    return;
  }
  const code = line.currency ?? account.currency;
  const { exchange } = world.accounts.find(({ name }) => name === account.name)!;
  const isCoin = world.symbols.some(({ contract }) => contract.base?.code === code);
  inEverSmallerSteps(isCoin ? account.balanceOf(code) : account.balance, decimalsOf(world, code, exchange), move);
}

/** What a strategy reads of an account, told as one line. */
function callFigures(account: Account, { at, currency, symbol }: FiguresCall, { onCall }: Script): void {
  const { balance, available, marginBalance, bankrupt } = account;
  const own = { balance, available, marginBalance, bankrupt };
  const of = { balance: account.balanceOf(currency), available: account.availableOf(currency) };
  const position = account.position(symbol);
  const orders = account.orders(symbol).map(textOf).join(' ');
  onCall(`${at} ${account.name} figures ${textOf(own)} ${currency} ${textOf(of)} ${textOf(position)} ${orders}`);
}

function inEverSmallerSteps(most: number, decimals: number, move: (amount: string) => boolean): void {
  let units = 1n;
  while (units < BigInt(Math.max(0, Math.round(most * 10 ** decimals)))) units *= 2n;
  for (; units > 0n; units /= 2n) move(amountText(units, decimals));
}

/** Settlement units as whole units. */
export function amountText(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
