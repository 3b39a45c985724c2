/**
 * Scripted calls for a world: orders of every kind at random closes, most of them sensible, some of them wrong on purpose (wrong
 * side, zero, below the least quantity, before the first bar), cancels, changes of mode and leverage, and margin moved by hand.
 */

import type { OrderStyle } from '../../strategy/strategy.js';
import type { Chance } from './chance.js';
import { amountText } from './script.js';
import type {
  OrderCall,
  OrderCallName,
  WorldAccount,
  WorldBar,
  WorldCall,
  WorldContract,
  WorldSymbol,
} from './world.js';

/** Some of them refused everywhere; the bounds of what is accepted are looked for. */
const LEVERAGES = ['0', '0.5', '1', '2.5', '5', '10', '20', '50', '200', '-1', 'highest', 'lowest'] as const;
const OPENS: readonly OrderCallName[] = ['longOpen', 'shortOpen'];
const CLOSES: readonly OrderCallName[] = ['longClose', 'shortClose'];

/** What calls are made up for. */
export interface Scene {
  readonly symbols: readonly WorldSymbol[];
  readonly accounts: readonly WorldAccount[];
  readonly clock: readonly number[];
}

/** A symbol at a time: its newest bar, or its first where it has none yet. */
export interface Stand {
  readonly symbol: WorldSymbol;
  readonly contract: WorldContract;
  readonly bar: WorldBar;
  readonly at: number | null;
}

export function standAt(symbol: WorldSymbol, at: number | null): Stand {
  const past = symbol.bars.filter((bar) => at !== null && bar.openTimeMs <= at);
  return { symbol, contract: symbol.contract, bar: past[past.length - 1] ?? symbol.bars[0]!, at };
}

export function callsOf(chance: Chance, scene: Scene): WorldCall[] {
  const { symbols, accounts, clock } = scene;
  const calls: WorldCall[] = [];
  const busy = chance.one([0.05, 0.15, 0.3]) * (symbols.length > 1 ? 1.6 : 1);
  /** How readily margin is moved while a position may be open. */
  const restless = chance.one([0, 0, 0.1, 0.4]);
  let key = 0;
  for (const account of accounts) {
    const stand = standAt(chance.one(symbols), null);
    if (chance.happens(0.1)) calls.push(orderCall(chance, stand, account, ++key));
    if (chance.happens(0.1))
      calls.push({ at: null, account: account.name, call: 'setMode', mode: 'isolated', symbol: null });
  }
  for (const at of clock) {
    for (const account of accounts) {
      const stand = (): Stand => standAt(chance.one(symbols), at);
      while (chance.happens(busy)) calls.push(callAfter(chance, scene, stand(), account, ++key));
      const isLikelyOpen = calls.slice(-8).some((line) => line.account === account.name && line.call.includes('Open'));
      while (isLikelyOpen && chance.happens(restless)) calls.push(moveAfter(chance, scene, stand(), account));
    }
  }
  return calls;
}

/** What an account has in the currency of a contract; something where it has nothing. */
const balanceFor = (account: WorldAccount, contract: WorldContract): number =>
  Number(
    account.balances.find(({ currency }) => currency === contract.settle)?.amount ?? 10 ** contract.settleDecimals,
  );

/** An amount in whole units: a share of the balance, as much as is taken, or one that is wrong on purpose. */
function moneyAmount(chance: Chance, contract: WorldContract, account: WorldAccount): string {
  if (chance.happens(0.3)) return 'most';
  if (chance.happens(0.08)) return chance.one(['0', '-1', '0.0000000001']);
  const units = balanceFor(account, contract) * chance.one([0.0001, 0.01, 0.05, 0.2, 0.6]) * chance.between(0.5, 1.5);
  return amountText(BigInt(Math.max(1, Math.round(units))), contract.settleDecimals);
}

/** A change of settings, margin moved by hand, or money moved. */
function moveAfter(chance: Chance, scene: Scene, { symbol, contract, at }: Stand, account: WorldAccount): WorldCall {
  const head = { at, account: account.name };
  const one = chance.happens(0.8) ? symbol.name : null;
  const kind = chance.unit();
  if (kind < 0.14)
    return { ...head, call: 'setMode', mode: chance.one(['cross', 'isolated', 'isolated']), symbol: one };
  if (kind < 0.36) return { ...head, call: 'setMaxLeverage', leverage: chance.one(LEVERAGES), symbol: one };
  if (kind < 0.42) return { ...head, call: 'setAutoMargin', isOn: chance.happens(0.7), symbol: one };
  if (kind < 0.5) {
    return { ...head, call: 'setPositionMode', mode: chance.one(['one_way', 'hedged']), symbol: one };
  }
  const amount = moneyAmount(chance, contract, account);
  if (kind < 0.82) {
    const call = kind < 0.66 ? 'addMargin' : 'removeMargin';
    const side = chance.happens(0.5) ? null : chance.one(['long', 'short'] as const);
    return { ...head, call, symbol: symbol.name, amount, side };
  }
  /** Everything is moved out only now and then: a run without money shows nothing. */
  const spared = (asked: string): string => (asked === 'most' && chance.happens(0.8) ? '0.01' : asked);
  const currency = chance.happens(0.05) ? 'DOGE' : chance.happens(0.4) ? null : contract.settle;
  if (kind < 0.86) return { ...head, call: 'deposit', amount: amount === 'most' ? '1' : amount, currency };
  if (kind < 0.9) return { ...head, call: 'withdraw', amount: spared(amount), currency };
  const to = chance.happens(0.06) ? 'nobody' : chance.one(scene.accounts).name;
  return { ...head, call: 'transfer', to, amount: spared(amount), currency };
}

function callAfter(chance: Chance, scene: Scene, stand: Stand, account: WorldAccount, key: number): WorldCall {
  const head = { at: stand.at, account: account.name };
  const kind = chance.unit();
  if (kind < 0.05)
    return { ...head, call: 'cancel', key: chance.whole(Math.max(1, key - 5), key), child: chance.whole(0, 2) };
  if (kind < 0.07) return { ...head, call: 'cancelAll', symbol: chance.happens(0.7) ? stand.symbol.name : null };
  if (kind < 0.14) return moveAfter(chance, scene, stand, account);
  return orderCall(chance, stand, account, key);
}

/** Contracts, as text, worth about a share of the balance at leverage 5. */
export function quantity(
  chance: Chance,
  contract: WorldContract,
  price: number,
  account: WorldAccount,
  shares: readonly number[] = [0.05, 0.2, 0.5, 0.8, 0.95, 1.5],
): string {
  const { type, multiplier, settleDecimals } = contract;
  const perContract =
    (type === 'inverse' ? Number(multiplier) / price : Number(multiplier) * price) * 10 ** settleDecimals;
  const leverage = Math.max(1, Number(account.leverage));
  const wanted = (balanceFor(account, contract) * leverage * chance.one(shares) * chance.between(0.5, 1)) / perContract;
  const least = Number(contract.minQty) / 10 ** contract.qtyDecimals;
  const step = Number(contract.qtyStep) / 10 ** contract.qtyDecimals;
  if (chance.happens(0.02)) return chance.one(['0', '-5', '0.0004']);
  const onStep = Math.max(least, Math.round(wanted / step) * step);
  const text = String(Math.round(onStep * 1000) / 1000);
  return chance.happens(0.05) && contract.qtyDecimals > 0 ? `${text}${text.includes('.') ? '' : '.'}4` : text;
}

/** A price a share away from another, as text; usually on the tick. */
export function priceNear(chance: Chance, contract: WorldContract, price: number, share: number): string {
  const decimals = contract.tick.split('.')[1]?.length ?? 0;
  const tick = Number(contract.tick);
  const raw = Math.max(1, Math.round((price * (1 + share)) / tick)) * tick;
  const off = chance.happens(0.1) ? tick * 0.3 : 0;
  return String(Math.round((raw + off) * 10 ** (decimals + 1)) / 10 ** (decimals + 1));
}

export function stylesOf(chance: Chance, contract: WorldContract, price: number, isLong: boolean): OrderStyle[] {
  if (chance.happens(0.5)) return [];
  const side = (isLong ? 1 : -1) * (chance.happens(0.06) ? -1 : 1);
  const away = chance.one([0.003, 0.01, 0.03]) * chance.between(0.3, 2);
  const loss: OrderStyle = chance.happens(0.5)
    ? { name: 'stop_loss_pct', value: String(Math.round(away * 10_000) / 10_000 || 0.001) }
    : { name: 'stop_loss', value: priceNear(chance, contract, price, -side * away) };
  const profit: OrderStyle = chance.happens(0.5)
    ? { name: 'stop_profit_pct', value: String(Math.round(away * 10_000) / 10_000 || 0.001) }
    : { name: 'stop_profit', value: priceNear(chance, contract, price, side * away) };
  if (chance.happens(0.02)) return [{ name: loss.name, value: chance.one(['0', '-1', '1', '1.5']) }];
  return chance.one([[loss], [profit], [loss, profit], [profit, loss], [loss, profit, { ...loss }]]);
}

export function orderCall(
  chance: Chance,
  { symbol, contract, bar, at }: Stand,
  account: WorldAccount,
  key: number,
): OrderCall {
  const close = bar.last[3];
  const name = chance.happens(0.65) ? chance.one(OPENS) : chance.one(CLOSES);
  const isLong = name === 'longOpen' || name === 'shortClose';
  const isOpen = OPENS.includes(name);
  const away = chance.one([0.002, 0.01, 0.03]) * chance.between(0, 1.5);
  const kind = chance.one(['market', 'market', 'limit', 'limit', 'stop'] as const);
  const passive = chance.happens(0.85) ? 1 : -1;
  const level = priceNear(chance, contract, close, (kind === 'limit' ? -1 : 1) * (isLong ? 1 : -1) * passive * away);
  const isPercent = chance.happens(0.25);
  const share = chance.happens(0.03)
    ? chance.one(['0', '1.2', '-0.5'])
    : chance.one(['0.1', '0.25', '0.5', '0.9', '1']);
  const reference = kind === 'market' ? close : Number(level);
  return {
    at,
    account: account.name,
    call: isPercent ? (`${name}Pct` as OrderCallName) : name,
    symbol: symbol.name,
    key,
    price: kind === 'limit' ? (chance.happens(0.01) ? chance.one(['0', '-3']) : level) : null,
    amount: isPercent ? share : quantity(chance, contract, close, account),
    orderStyle: isOpen || chance.happens(0.1) ? stylesOf(chance, contract, reference, isOpen ? isLong : !isLong) : [],
    reduceOnly: chance.happens(0.05),
    postOnly: kind === 'limit' && chance.happens(0.15),
    trigger: kind === 'stop' ? level : null,
    triggerBy: chance.happens(0.15) ? chance.one(['last', 'mark'] as const) : null,
  };
}

/** Two scripts as one: at each time one goes first. */
export function callsMerged(
  chance: Chance,
  first: readonly WorldCall[],
  second: readonly WorldCall[],
  clock: readonly number[],
): WorldCall[] {
  return [null, ...clock].flatMap((at) => {
    const parts = [first, second].map((calls) => calls.filter((call) => call.at === at));
    return (chance.happens(0.5) ? parts : parts.reverse()).flat();
  });
}
