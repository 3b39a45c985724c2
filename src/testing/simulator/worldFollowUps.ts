/**
 * What random scripts ask for orders that they have given: stops after the fact, and changes of what still works, most of them near
 * the order's price or the last close, some wrong on purpose.
 */

import type { OrderStyle } from '../../strategy/strategy.js';
import type { Chance } from './chance.js';
import type { OrderCall, SizedCall, StopCall, StopCallName, WorldAccount, WorldCall, WorldContract } from './world.js';
import { priceNear, quantity, type Scene, type Stand, standAt } from './worldCalls.js';
import { distanceOf } from './worldStyles.js';

/** An order call of this script, by which later calls find it. */
export interface Given {
  readonly line: OrderCall | SizedCall;
  readonly isLong: boolean;
  readonly price: number;
}

/** Where a call of the script is made up. */
export interface Scripted {
  readonly chance: Chance;
  readonly scene: Scene;
  readonly stand: Stand;
  readonly account: WorldAccount;
  readonly key: number;
  readonly given: Given[];
}

/** A stop for an order, or a change of it, most of them where its symbol stands. */
export function followUp(scripted: Scripted, found: Given): WorldCall {
  const { chance, scene, stand } = scripted;
  const symbol = scene.symbols.find(({ name }) => name === found.line.symbol);
  const there = symbol === undefined ? stand : standAt(symbol, stand.at);
  const isWaiting = 'price' in found.line && (found.line.price !== null || found.line.trigger !== null);
  return chance.happens(isWaiting ? 0.7 : 0.15)
    ? aChange({ ...scripted, stand: there }, found)
    : aStop({ ...scripted, stand: there }, found);
}

/** A stop for one of the last orders, near its price or near the last close. */
export function aStop({ chance, stand, account, key }: Scripted, found: Given | undefined): StopCall {
  const { contract, bar, at } = stand;
  const isLong = found?.isLong ?? true;
  const isOwn = found === undefined || found.line.symbol === stand.symbol.name;
  const reference = chance.happens(0.3) ? (found?.price ?? bar.last[3]) : isOwn ? bar.last[3] : found.price;
  const away = chance.one([0.002, 0.006, 0.02]) * chance.between(0.3, 2);
  const call = chance.one<StopCallName>([
    'stopLoss',
    'stopProfit',
    'stopLossPct',
    'stopProfitPct',
    'trailingStop',
    'trailingStopPct',
  ]);
  const side = (isLong ? 1 : -1) * (call === 'stopLoss' ? -1 : 1) * (chance.happens(0.08) ? -1 : 1);
  const isPrice = call === 'stopLoss' || call === 'stopProfit';
  const base = call.endsWith('Pct') && call.startsWith('stop') && chance.happens(0.5);
  const share = String(Math.max(0.0003, Math.round(away * 100_000) / 100_000));
  const plain = isPrice
    ? priceNear(chance, contract, reference, side * away)
    : call === 'trailingStop'
      ? distanceOf(contract, reference * away)
      : share;
  return {
    at,
    account: account.name,
    call,
    of: found?.line.key ?? 0,
    child: chance.happens(0.93) ? 0 : chance.whole(1, 2),
    key,
    value: chance.happens(0.03) ? chance.one(['0', '-1', '1.5']) : plain,
    base: base ? (chance.happens(0.05) ? 'equity' : chance.one(['price', 'pnl', 'roe'])) : null,
  };
}

/** A change of one of the last orders, or of one of its stops. */
export function aChange({ chance, scene, stand, account }: Scripted, found: Given | undefined): WorldCall {
  const contract = scene.symbols.find(({ name }) => name === found?.line.symbol)?.contract ?? stand.contract;
  const reference = found === undefined || chance.happens(0.4) ? stand.bar.last[3] : found.price;
  const near = (): string => priceNear(chance, contract, reference, chance.between(-0.02, 0.02));
  const isPlain = chance.happens(0.8);
  const hasPrice = found !== undefined && 'price' in found.line && found.line.price !== null;
  const isTriggered = found !== undefined && 'trigger' in found.line && found.line.trigger !== null;
  const fixed = found === undefined ? 0 : fixedStop(found);
  const isStop = fixed > 0 && chance.happens(0.4);
  const child = isStop ? fixed : chance.happens(0.9) ? 0 : chance.whole(1, 2);
  const qty = chance.happens(0.05) ? '0' : someQuantity(chance, contract, stand, account);
  const changes = {
    ...((isPlain ? hasPrice && child === 0 && chance.happens(0.7) : chance.happens(0.3)) ? { price: near() } : {}),
    ...((isPlain ? (isTriggered || child > 0) && chance.happens(0.8) : chance.happens(0.3)) ? { trigger: near() } : {}),
    ...((isPlain ? child === 0 && chance.happens(0.4) : chance.happens(0.3)) ? { qty } : {}),
    ...(chance.happens(0.02) ? { tag: 'x' } : {}),
    ...(chance.happens(0.02) ? { price: '0' } : {}),
    ...(isTaking(chance, found) && child === 0 ? { price: String(stand.bar.last[3]) } : {}),
  };
  return { at: stand.at, account: account.name, call: 'modify', key: found?.line.key ?? 0, child, changes };
}

/** The how-manieth stop of an order has a price that can be changed; 0 for none. */
function fixedStop({ line }: Given): number {
  const styles = 'options' in line ? line.options.orderStyle : line.orderStyle;
  const list = (styles ?? []) as readonly OrderStyle[];
  return list.findIndex(({ name }) => name === 'stop_loss' || name === 'stop_profit') + 1;
}

/** Whether an order that may only make is to be moved to where it would take. */
const isTaking = (chance: Chance, found: Given | undefined): boolean =>
  found !== undefined && 'postOnly' in found.line && found.line.postOnly && chance.happens(0.7);

function someQuantity(chance: Chance, contract: WorldContract, stand: Stand, account: WorldAccount): string {
  if (contract.type !== 'spot') return quantity(chance, contract, stand.bar.last[3], account);
  const units = Number(contract.qtyStep) * chance.whole(1, 200);
  return String(units / 10 ** contract.qtyDecimals);
}
