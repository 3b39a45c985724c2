/**
 * The strategy of a world: makes the calls of its script, step by step. Some calls look for a bound, in ever smaller steps, by
 * what is refused; what every call that is not an order came to is told, so that the engines can be compared in that too.
 */

import type { Account, CallResult, Context, OrderOptions, Strategy } from '../../strategy/strategy.js';
import {
  type CashCall,
  decimalsOf,
  type FiguresCall,
  type LeverageCall,
  type MarginCall,
  type OrderCall,
  type World,
  type WorldCall,
} from './world.js';

/** Takes one line on what a call came to. */
export type CallNote = (text: string) => void;
/** Notes a result; true where the call was accepted. */
type Note = (result: CallResult) => boolean;

/** A strategy that makes the calls of a world. */
export function scriptOf(world: World, onCall: CallNote): Strategy {
  const ids = new Map<number, number>();
  const callAll = (context: Context, at: number | null): void => {
    for (const line of world.calls) {
      if (line.at !== at) continue;
      const note: Note = ({ status, code, reason }) => {
        onCall(`${line.at} ${line.account} ${line.call} ${status} ${code ?? ''} ${reason ?? ''}`);
        return status === 'done';
      };
      callOne(context.accounts.get(line.account), line, { world, ids, note, onCall });
    }
  };
  const tell = (callback: string, timeMs: number, what: object): void =>
    onCall(`${timeMs} told ${callback} ${textOf(what)}`);
  return {
    name: 'script',
    warmup: world.warmup,
    initialize: (context) => callAll(context, null),
    handleData: (context) => callAll(context, context.timeMs - world.intervalMs),
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

interface Script {
  readonly world: World;
  readonly ids: Map<number, number>;
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
  else if (line.call === 'cancel') note(account.cancel((ids.get(line.key) ?? 900_000) + line.child));
  else if ('orderStyle' in line) callOrder(account, line, ids);
}

function callOrder(account: Account, line: OrderCall, ids: Map<number, number>): void {
  const options: OrderOptions = {
    ...(line.orderStyle.length === 0 ? {} : { orderStyle: line.orderStyle }),
    ...(line.reduceOnly ? { reduceOnly: true } : {}),
    ...(line.postOnly ? { postOnly: true } : {}),
    ...(line.trigger === null ? {} : { trigger: line.trigger }),
    ...(line.triggerBy === null ? {} : { triggerBy: line.triggerBy }),
  };
  ids.set(line.key, account[line.call](line.symbol, line.price, line.amount, options).id);
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
  const { settleDecimals } = world.symbols.find(({ name }) => name === symbol)!.contract;
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
  const isCoin = world.symbols.some(({ contract }) => contract.base?.code === code);
  inEverSmallerSteps(isCoin ? account.balanceOf(code) : account.balance, decimalsOf(world, code), move);
}

/** What a strategy reads of an account, told as one line. */
function callFigures(account: Account, { at, currency, symbol }: FiguresCall, { onCall }: Script): void {
  const { balance, available, marginBalance, bankrupt } = account;
  const own = { balance, available, marginBalance, bankrupt };
  const of = { balance: account.balanceOf(currency), available: account.availableOf(currency) };
  const position = account.position(symbol);
  onCall(`${at} ${account.name} figures ${textOf(own)} ${currency} ${textOf(of)} ${textOf(position)}`);
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
