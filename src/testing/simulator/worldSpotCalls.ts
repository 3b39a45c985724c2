/**
 * Scripted calls about spot pairs: buys and sells of every kind, most of them sensible; calls of the wrong kind, which are refused;
 * coins and money moved; and figures read, which both engines must answer alike.
 */

import type { OrderStyle } from '../../strategy/strategy.js';
import type { Chance } from './chance.js';
import { amountText } from './script.js';
import type { OrderCall, SpotCallName, WorldAccount, WorldCall, WorldContract, WorldSymbol } from './world.js';
import { priceNear, type Scene, stylesOf } from './worldCalls.js';

/** Names of orders lie beyond those of the contracts' script. */
const FIRST_KEY = 100_000;

/** Limits lock most of what is free, so that what else happens in the ledger can reach the locks. */
const SHARES = {
  market: ['0.1', '0.33', '0.5', '0.9', '1'],
  stop: ['0.1', '0.33', '0.5', '0.9', '1'],
  limit: ['0.5', '0.9', '1', '1'],
} as const;

export interface Spot {
  readonly scene: Scene;
  readonly symbol: WorldSymbol;
  readonly account: WorldAccount;
  readonly at: number | null;
  /** Newest close, or the first open. */
  readonly price: number;
  readonly key: number;
}

const isPair = ({ contract }: WorldSymbol): boolean => contract.type === 'spot';

export function spotCallsOf(chance: Chance, scene: Scene): WorldCall[] {
  const { symbols, accounts, clock } = scene;
  const pairs = symbols.filter(isPair);
  const busy = chance.one([0.1, 0.25, 0.4]);
  const calls: WorldCall[] = [];
  let key = FIRST_KEY;
  const callAt = (at: number | null, account: WorldAccount): void => {
    const symbol = chance.one(pairs);
    const past = symbol.bars.filter((bar) => at !== null && bar.openTimeMs <= at);
    const price = past[past.length - 1]?.last[3] ?? symbol.bars[0]!.last[0];
    calls.push(oneCall(chance, { scene, symbol, account, at, price, key: ++key }));
  };
  for (const account of accounts) if (chance.happens(0.1)) callAt(null, account);
  for (const at of clock) {
    for (const account of accounts) while (chance.happens(busy)) callAt(at, account);
  }
  return calls;
}

function oneCall(chance: Chance, spot: Spot): WorldCall {
  const { symbol, account, at, key, scene } = spot;
  const { contract } = symbol;
  const head = { at, account: account.name };
  const kind = chance.unit();
  if (kind < 0.68) return spotOrderCall(chance, spot);
  if (kind < 0.74) return { ...head, call: 'cancel', key: chance.whole(Math.max(FIRST_KEY, key - 4), key), child: 0 };
  if (kind < 0.76) return { ...head, call: 'cancelAll', symbol: chance.happens(0.7) ? symbol.name : null };
  if (kind < 0.81) return wrongCall(chance, spot);
  if (kind < 0.9) {
    const currency = chance.one([contract.settle, contract.base!.code, contract.base!.code, 'BTC', 'DOGE']);
    return { ...head, call: 'figures', currency, symbol: chance.one([symbol, chance.one(scene.symbols)]).name };
  }
  return cashCall(chance, spot);
}

/** What an account starts with in a currency; something where that is nothing. */
function heldOf(account: WorldAccount, code: string, decimals: number, instead: number): number {
  const amount = account.balances.find(({ currency }) => currency === code)?.amount;
  return amount === undefined ? instead : Number(amount) / 10 ** decimals;
}

/** About how many coins an account could buy at the start with all it has of the pair's money, or has. */
function coinsOf({ account, symbol: { contract }, price }: Spot, side: 'money' | 'coins'): number {
  const money = heldOf(account, contract.settle, contract.settleDecimals, 0);
  const instead = contract.settle === 'XBT' ? 0.3 / price : 500 / price;
  const bought = money === 0 ? instead : money / price;
  return side === 'money' ? bought : heldOf(account, contract.base!.code, contract.base!.decimals, bought / 2);
}

export function spotOrderCall(chance: Chance, spot: Spot): OrderCall {
  const { symbol, account, at, price, key } = spot;
  const { contract } = symbol;
  const isBuy = chance.happens(0.55);
  const isPercent = chance.happens(0.35);
  const kind = chance.one(['market', 'market', 'limit', 'limit', 'limit', 'stop'] as const);
  const away = chance.one([0.002, 0.01, 0.03, 0.08]) * chance.between(0, 1.5);
  const passive = chance.happens(0.85) ? 1 : -1;
  const level = priceNear(chance, contract, price, (kind === 'limit' ? -1 : 1) * (isBuy ? 1 : -1) * passive * away);
  const reference = kind === 'market' ? price : Number(level);
  const share = chance.happens(0.03) ? chance.one(['0', '1.2']) : chance.one(SHARES[kind]);
  const hasStyles = isBuy ? chance.happens(0.7) : chance.happens(0.15);
  const name = isBuy ? 'buy' : 'sell';
  const styles: OrderStyle[] = hasStyles ? stylesOf(chance, contract, reference, true) : [];
  return {
    at,
    account: account.name,
    call: (isPercent ? `${name}Pct` : name) as SpotCallName,
    symbol: symbol.name,
    key,
    price: kind === 'limit' ? (chance.happens(0.01) ? '0' : level) : null,
    amount: isPercent ? share : quantity(chance, contract, coinsOf(spot, isBuy ? 'money' : 'coins')),
    orderStyle: styles,
    reduceOnly: chance.happens(0.03),
    postOnly: kind === 'limit' && chance.happens(0.15),
    trigger: kind === 'stop' ? level : null,
    triggerBy: chance.happens(0.1) ? chance.one(['last', 'mark'] as const) : null,
  };
}

/** A share of some coins as text, usually on the step. */
function quantity(chance: Chance, { qtyDecimals, qtyStep }: WorldContract, coins: number): string {
  if (chance.happens(0.03)) return chance.one(['0', '-1', '0.000000001', '100000000']);
  const wanted = coins * chance.one([0.05, 0.2, 0.4, 0.6, 0.95, 1.3]) * chance.between(0.5, 1);
  const step = Number(qtyStep) / 10 ** qtyDecimals;
  const steps = Math.max(1, Math.round(wanted / step));
  const units = BigInt(steps) * BigInt(qtyStep);
  const text = qtyDecimals === 0 ? String(units) : amountText(units, qtyDecimals);
  return chance.happens(0.05) && qtyDecimals > 0 ? `${text}7` : text;
}

/** A call for contracts on a pair, or the other way round. */
function wrongCall(chance: Chance, spot: Spot): WorldCall {
  const { symbol, account, at, scene } = spot;
  const head = { at, account: account.name };
  const kind = chance.unit();
  if (kind < 0.35) {
    const call = chance.one(['longOpen', 'shortOpen', 'longClose', 'shortOpenPct', 'longClosePct'] as const);
    return { ...spotOrderCall(chance, spot), call };
  }
  if (kind < 0.6) {
    const other = scene.symbols.find((each) => !isPair(each)) ?? symbol;
    return { ...spotOrderCall(chance, spot), symbol: other.name };
  }
  if (kind < 0.65) return { ...spotOrderCall(chance, spot), symbol: 'NONE' };
  if (kind < 0.72) return { ...head, call: 'setMode', mode: 'isolated', symbol: symbol.name };
  if (kind < 0.79) return { ...head, call: 'setMaxLeverage', leverage: '3', symbol: symbol.name };
  if (kind < 0.84) return { ...head, call: 'setPositionMode', mode: 'hedged', symbol: symbol.name };
  if (kind < 0.89) return { ...head, call: 'setAutoMargin', isOn: true, symbol: symbol.name };
  const call = chance.one(['addMargin', 'removeMargin'] as const);
  return { ...head, call, symbol: symbol.name, amount: '1', side: null };
}

/** Coins or money in, out, or over to another account. */
function cashCall(chance: Chance, spot: Spot): WorldCall {
  const { symbol, account, at, scene } = spot;
  const { contract } = symbol;
  const head = { at, account: account.name };
  const isCoin = chance.happens(0.7);
  const decimals = isCoin ? contract.base!.decimals : contract.settleDecimals;
  const currency = isCoin ? contract.base!.code : contract.settle;
  const coins = coinsOf(spot, isCoin ? 'coins' : 'money') * (isCoin ? 1 : spot.price);
  const units = coins * chance.one([0.001, 0.1, 0.3, 0.8]) * chance.between(0.5, 1.5) * 10 ** decimals;
  const amount = amountText(BigInt(Math.max(1, Math.round(units))), decimals);
  const kind = chance.unit();
  if (kind < 0.4) return { ...head, call: 'deposit', amount, currency };
  const asked = chance.happens(0.12) ? 'most' : amount;
  if (kind < 0.65) return { ...head, call: 'withdraw', amount: asked, currency };
  return { ...head, call: 'transfer', to: chance.one(scene.accounts).name, amount: asked, currency };
}
