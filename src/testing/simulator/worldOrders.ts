/**
 * Everything that orders can be beyond market, limit and stop, for some of the worlds: stop-limits, orders that may not wait,
 * another leverage with the order, trailing stops and percent stops of other bases, stops after the fact, changes of working orders,
 * sizes by value over wallet, questions for a size, and calls on all accounts. Drawn from a stream of its own, so that the other
 * worlds stay what they were.
 */

import type { OrderOptions } from '../../strategy/strategy.js';
import { Chance } from './chance.js';
import {
  ALL_ACCOUNTS,
  type OrderCall,
  type SizedCall,
  timesOf,
  type World,
  type WorldAccount,
  type WorldCall,
  type WorldContract,
} from './world.js';
import { callsMerged, orderCall, priceNear, quantity, type Scene, type Stand, standAt } from './worldCalls.js';
import { aChange, aStop, followUp, type Given, type Scripted } from './worldFollowUps.js';
import { spotOrderCall } from './worldSpotCalls.js';
import { newStyles } from './worldStyles.js';

/** Seeds of this stream lie beyond those of the others. */
const THIRD_STREAM = 5_000_011;
/** Names of orders lie beyond those of the other scripts. */
const FIRST_KEY = 200_000;

/** A world with what the seed adds to it; more than half stay as they are. */
export function withOrders(world: World): World {
  const chance = new Chance(world.seed + THIRD_STREAM);
  if (!chance.happens(0.42)) return world;
  const { symbols, accounts } = world;
  const clock = timesOf(world);
  const own = ordersOf(chance, { symbols, accounts, clock });
  const thinned = chance.happens(0.5) ? world.calls : world.calls.filter(() => chance.happens(0.4));
  return { ...world, calls: callsMerged(chance, thinned, own, clock) };
}

function ordersOf(chance: Chance, scene: Scene): WorldCall[] {
  const busy = chance.one([0.15, 0.3, 0.45]);
  const calls: WorldCall[] = [];
  const given = new Map(scene.accounts.map(({ name }) => [name, [] as Given[]]));
  let key = FIRST_KEY;
  for (const at of [null, ...scene.clock]) {
    for (const account of scene.accounts) {
      const scripted = (): Scripted => {
        const stand = standAt(chance.one(scene.symbols), at);
        return { chance, scene, stand, account, key: ++key, given: given.get(account.name)! };
      };
      const last = given.get(account.name)!.at(-1);
      // What was asked for at the last close is at hand now: filled, or waiting.
      if (last !== undefined && at !== null && chance.happens(busy)) calls.push(followUp(scripted(), last));
      while (chance.happens(at === null ? 0.05 : busy)) {
        const line = oneCall(scripted());
        calls.push(chance.happens(0.04) ? { ...line, account: ALL_ACCOUNTS } : line);
        const given = 'orderStyle' in line && chance.happens(0.25) ? newest(scripted()) : undefined;
        if (given !== undefined) calls.push(followUp(scripted(), given));
      }
    }
  }
  return calls;
}

const newest = ({ given }: Scripted): Given | undefined => given.at(-1);

function oneCall(scripted: Scripted): WorldCall {
  const { chance, stand, account, given } = scripted;
  const kind = chance.unit();
  const line = kind < 0.45 ? anOrder(scripted) : kind < 0.58 && stand.contract.type !== 'spot' ? sized(scripted) : null;
  if (line !== null) {
    const isLong = isLongCall(line);
    given.push({ line, isLong, price: Number(('price' in line ? line.price : null) ?? stand.bar.last[3]) });
    return line;
  }
  if (kind < 0.62) return question(scripted);
  if (kind < 0.78) return aStop(scripted, recent(scripted));
  if (kind < 0.88) return aChange(scripted, lastWaiting(scripted));
  const at = { at: stand.at, account: account.name };
  if (kind < 0.97) {
    return { ...at, call: 'figures', currency: stand.contract.settle, symbol: stand.symbol.name };
  }
  return { ...at, call: 'cancel', key: recent(scripted)?.line.key ?? 0, child: chance.whole(0, 2) };
}

/** Whether a call's stops guard a long position. */
function isLongCall({ call, side }: { readonly call: string; readonly side?: string }): boolean {
  if (call === 'openFixed') return side === 'long';
  return call.startsWith('long') || call.startsWith('buy') || call.startsWith('sell');
}

/** One of the last orders; most are asked about soon. */
const recent = ({ chance, given }: Scripted): Given | undefined =>
  given[Math.max(0, given.length - 1 - chance.whole(0, chance.happens(0.8) ? 2 : 12))];

/** The last order that may still be working. */
function lastWaiting(scripted: Scripted): Given | undefined {
  if (scripted.chance.happens(0.1)) return recent(scripted);
  const waits = ({ line }: Given): boolean => ('price' in line ? line.price !== null || line.trigger !== null : false);
  return scripted.given.findLast(waits) ?? recent(scripted);
}

/** An order with more to it: a trigger with its limit, a time in force, a leverage, stops that trail. */
function anOrder({ chance, scene, stand, account, key }: Scripted): OrderCall {
  const { symbol, contract, bar, at } = stand;
  const close = bar.last[3];
  const line =
    contract.type === 'spot'
      ? spotOrderCall(chance, { scene, symbol, account, at, price: close, key })
      : contractOrder(chance, stand, account, key);
  const isBuy = ['longOpen', 'shortClose', 'buy'].includes(line.call.replace('Pct', ''));
  const isOpening = line.call.includes('Open');
  const stopped = line.price !== null && chance.happens(0.55) ? stopLimit(chance, contract, close, isBuy) : null;
  const isClose = line.call.includes('Close') || line.call.startsWith('sell');
  const reference = Number(stopped?.price ?? line.price ?? line.trigger ?? close);
  const hasStyles = chance.happens(isClose ? 0.15 : 0.75);
  return {
    ...line,
    ...stopped,
    postOnly: stopped === null ? line.postOnly : chance.happens(0.01),
    orderStyle: hasStyles ? newStyles(chance, contract, reference, isLongCall(line)) : line.orderStyle,
    ...(chance.happens(line.price === null ? 0.05 : 0.3) ? { timeInForce: timeInForce(chance) } : {}),
    ...(chance.happens(isOpening ? 0.12 : 0.02) ? { leverage: leverageOf(chance) } : {}),
    ...(chance.happens(0.3) ? { triggerBy: chance.one(['last', 'mark'] as const) } : {}),
  };
}

/** Mostly openings, of a size that leaves room for more. */
function contractOrder(chance: Chance, stand: Stand, account: WorldAccount, key: number): OrderCall {
  let line = orderCall(chance, stand, account, key);
  for (let tries = chance.whole(0, 4); tries > 0 && line.call.includes('Close'); tries -= 1)
    line = orderCall(chance, stand, account, key);
  const isShare = line.call.endsWith('Pct');
  if (isShare || chance.happens(0.2)) return line;
  const close = stand.bar.last[3];
  return { ...line, amount: quantity(chance, stand.contract, close, account, [0.02, 0.05, 0.1, 0.2, 0.4]) };
}

const timeInForce = (chance: Chance): string =>
  chance.happens(0.05) ? 'day' : chance.one(['gtc', 'ioc', 'ioc', 'fok']);
const leverageOf = (chance: Chance): string =>
  chance.one(['1', '2', '3', '5', '10', '10', '20', '50', '200', '0', '-1']);

/** A trigger on the far side of the close, and a limit beyond it, on it, or short of it. */
function stopLimit(
  chance: Chance,
  contract: WorldContract,
  close: number,
  isBuy: boolean,
): { price: string; trigger: string } {
  const direction = (isBuy ? 1 : -1) * (chance.happens(0.9) ? 1 : -1);
  const away = chance.one([0.001, 0.004, 0.012]) * chance.between(0, 2);
  const trigger = priceNear(chance, contract, close, direction * away);
  const room = chance.one([0.004, 0.001, 0, -0.001, -0.004, -0.01]) * chance.between(0.2, 1.5);
  const price = priceNear(chance, contract, Number(trigger), (isBuy ? 1 : -1) * room);
  if (chance.happens(0.02)) return { price, trigger: chance.one(['0', '-1']) };
  return { price, trigger };
}

/** An order by value over wallet, or by two of three; sometimes by what was used last, or wrong. */
function sized({ chance, stand, account, key }: Scripted): SizedCall {
  const { symbol, contract, bar, at } = stand;
  const isLong = chance.happens(0.5);
  const pob = chance.one(['0.05', '0.5', '1', '2', '3.7', '12']);
  const hasTrigger = chance.happens(0.25);
  const close = bar.last[3];
  const away = chance.one([0.002, 0.01]) * chance.between(0, 2);
  const styles = chance.happens(0.5) ? newStyles(chance, contract, close, isLong) : [];
  const options: OrderOptions = {
    ...(styles.length > 0 ? { orderStyle: styles } : {}),
    ...(hasTrigger ? { trigger: priceNear(chance, contract, close, (isLong ? 1 : -1) * away) } : {}),
    ...(chance.happens(0.06) ? { reduceOnly: true } : {}),
    ...(chance.happens(0.03) ? { postOnly: true } : {}),
  };
  const head = { at, account: account.name, symbol: symbol.name, key, side: isLong ? 'long' : 'short' } as const;
  if (chance.happens(0.5)) {
    const size = chance.happens(0.25) ? null : { pob: chance.happens(0.04) ? '0' : pob };
    const withLeverage = chance.happens(0.1) ? { ...options, leverage: leverageOf(chance) } : options;
    return { ...head, call: isLong ? 'longOpenPob' : 'shortOpenPob', size, options: withLeverage };
  }
  return { ...head, call: 'openFixed', size: fixedSize(chance), options };
}

function fixedSize(chance: Chance): SizedCall['size'] {
  const leverage = chance.one(['1', '2', '3', '7', '10', '20', '50']);
  const map = chance.one(['0.05', '0.1', '0.3', '0.7', '1.2']);
  const pob = String(Math.round(Number(leverage) * Number(map) * 1000) / 1000);
  const kind = chance.unit();
  if (kind < 0.2) return null;
  if (kind < 0.4) return { leverage, map };
  if (kind < 0.6) return { pob, leverage };
  if (kind < 0.8) return { pob: chance.one(['0.5', '1', '2']), map: chance.one(['0.05', '0.1', '0.3']) };
  if (kind < 0.88) return { pob, leverage, map };
  return chance.one([
    { pob: '1', leverage: '10', map: '0.3' },
    { pob },
    {},
    { pob: '0', leverage },
    { leverage: '-2', map },
  ]);
}

function question({ chance, scene, stand, account }: Scripted): WorldCall {
  const other = scene.symbols.find((each) => each.contract.type !== 'spot');
  const { symbol, contract, bar, at } =
    other === undefined || stand.contract.type !== 'spot' ? stand : standAt(other, stand.at);
  const price = bar.last[3];
  const isSafe = chance.happens(0.5);
  const stop = priceNear(chance, contract, price, chance.one([-0.03, -0.01, 0, 0.01, 0.03]));
  const numbers = isSafe
    ? [String(price), chance.one(['0.2', '0.2', '0.05', '0.5', '1', '0'])]
    : [String(price), stop, chance.one(['0.01', '0.01', '0.05', '0.1', '2', '-1'])];
  const name = chance.happens(0.03) ? 'NONE' : symbol.name;
  return { at, account: account.name, call: isSafe ? 'safeSize' : 'riskSize', symbol: name, numbers };
}
