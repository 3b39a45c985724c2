/**
 * Given fills for some of the worlds, in the place of orders: at opens, inside bars, in gaps and at the end, with candles around
 * them or alone. What else the script calls stays where there are candles. Drawn from a stream of its own, so that the other worlds
 * stay what they were.
 */

import { Chance } from './chance.js';
import {
  timesOf,
  tradedBy,
  type World,
  type WorldAccount,
  type WorldBar,
  type WorldContract,
  type WorldFill,
  type WorldSymbol,
} from './world.js';

/** Seeds of this stream lie beyond those of the others. */
const SEVENTH_STREAM = 21_100_043;

/** A world with what the seed adds to it; most stay as they are. */
export function withFills(world: World): World {
  const chance = new Chance(world.seed + SEVENTH_STREAM);
  if (!chance.happens(0.08)) return world;
  const areAlone = chance.happens(0.3);
  const rows = rowsOf(chance, world, areAlone);
  if (areAlone) return rows.length === 0 ? world : alone(world, rows);
  const calls = world.calls.filter(
    (call) => !('key' in call) && !('numbers' in call) && call.call !== 'cancelAll' && call.call !== 'setPositionMode',
  );
  return { ...world, calls, fills: { rows, areAlone } };
}

/** Times with fills that a world has, about. */
const MOST = 50;

/** What the generator believes is held, by account, symbol and side; with candles less may be left of it. */
type Held = Map<string, bigint>;

interface Draw {
  readonly chance: Chance;
  readonly world: World;
  readonly areAlone: boolean;
  readonly held: Held;
}

function rowsOf(chance: Chance, world: World, areAlone: boolean): WorldFill[] {
  const draw: Draw = { chance, world, areAlone, held: new Map() };
  const often = chance.one([0.15, 0.4, 0.8]);
  const times: number[] = [];
  const opens = timesOf(world);
  opens.forEach((openTimeMs, i) => {
    for (let left = chance.one([1, 1, 2, 4]); left > 0 && chance.happens(often); left -= 1) {
      times.push(timeIn(chance, world, openTimeMs, opens[i + 1]));
    }
  });
  const endMs = opens.at(-1)! + world.intervalMs;
  for (const timeMs of [endMs, endMs + world.intervalMs]) if (chance.happens(0.4)) times.push(timeMs);
  const kept = times.filter(() => chance.happens(MOST / times.length)).sort((a, b) => a - b);
  return kept.flatMap((timeMs) => burstAt(draw, timeMs));
}

/** At an open, on a node of the path, somewhere inside, at the close or later: what follows up to the next open. */
function timeIn(chance: Chance, { intervalMs }: World, openTimeMs: number, nextMs: number | undefined): number {
  const closeMs = openTimeMs + intervalMs;
  if (nextMs !== undefined && nextMs > closeMs && chance.happens(0.3)) return chance.whole(closeMs, nextMs);
  const kind = chance.unit();
  if (kind < 0.3) return openTimeMs;
  if (kind < 0.38) return openTimeMs + Math.floor((intervalMs * chance.whole(1, 5)) / 6);
  // Where funding is paid, if the bars are short enough.
  if (kind < 0.48) return Math.max(openTimeMs, Math.floor((closeMs - 1) / 3_600_000) * 3_600_000);
  if (kind < 0.5) return closeMs - 1;
  if (kind < 0.58) return closeMs;
  return openTimeMs + chance.whole(1, intervalMs - 1);
}

/** One fill, or some of one time. */
function burstAt(draw: Draw, timeMs: number): WorldFill[] {
  const { chance } = draw;
  const count = chance.happens(0.75) ? 1 : chance.whole(2, 4);
  return Array.from({ length: count }).flatMap(() => fillAt(draw, timeMs) ?? []);
}

function fillAt(draw: Draw, timeMs: number): WorldFill | null {
  const { chance, world } = draw;
  const account = chance.one(world.accounts);
  const traded = [...tradedBy(account, world.symbols)].filter(([{ bars }]) => bars[0]!.openTimeMs <= timeMs);
  if (traded.length === 0) return null;
  const [symbol, contract] = chance.one(traded);
  const at = symbol.bars.findLast(({ openTimeMs }) => openTimeMs <= timeMs)!;
  const price = priceIn(chance, at, contract, timeMs < at.openTimeMs + world.intervalMs);
  const isHedged = account.positionMode === 'hedged' && contract.type !== 'spot';
  const wished = sizeOf(chance, account, contract, Number(price));
  const move = isHedged
    ? hedgedMove(draw, { account, symbol, wished })
    : netMove(draw, { account, symbol, wished, contract });
  if (move === null) return null;
  const isGiven = chance.happens(0.35);
  const fee = Math.round(feeSize(contract, Number(move.qty), Number(price)) * chance.between(-0.5, 2));
  return {
    timeMs,
    account: account.name,
    symbol: symbol.name,
    ...move,
    price,
    liquidity: chance.happens(0.7) ? 'taker' : 'maker',
    fee: isGiven ? String(fee) : null,
    orderId: chance.happens(0.5) ? `x-${chance.whole(1, 99)}` : null,
  };
}

/** A price of the bar, on its grid or far off it; sometimes beside the bar. */
function priceIn(
  chance: Chance,
  { last: [open, high, low, close] }: WorldBar,
  { tick }: WorldContract,
  isInside: boolean,
): string {
  const digits = (tick.split('.')[1]?.length ?? 0) + chance.one([0, 0, 1, 3]);
  const scale = 10 ** digits;
  const within = isInside ? chance.between(low, high) : close;
  const price = chance.happens(0.1) ? open * chance.between(0.97, 1.03) : within;
  return decimal(BigInt(Math.max(1, Math.round(price * scale))), digits);
}

function decimal(units: bigint, digits: number): string {
  const text = units.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Settlement units that one quantity unit is worth. */
function unitValue({ type, multiplier, settleDecimals, qtyDecimals }: WorldContract, price: number): number {
  const perContract = type === 'inverse' ? Number(multiplier) / price : Number(multiplier) * price;
  return (perContract * 10 ** settleDecimals) / 10 ** qtyDecimals;
}

const feeSize = (contract: WorldContract, qty: number, price: number): number =>
  unitValue(contract, price) * qty * 0.0005 + 1;

/** From a little to more than the account can bear. */
function sizeOf(chance: Chance, account: WorldAccount, contract: WorldContract, price: number): bigint {
  const balance =
    account.balances.find(({ currency }) => currency === contract.settle)?.amount ?? account.balances[0]!.amount;
  const leverage = contract.type === 'spot' ? 1 : Number(account.leverage) || 5;
  const worth = Number(balance) * leverage * chance.one([0.02, 0.1, 0.3, 0.7, 1.5]) * chance.between(0.5, 1);
  return BigInt(Math.max(1, Math.floor(worth / unitValue(contract, price))));
}

interface Wish {
  readonly account: WorldAccount;
  readonly symbol: WorldSymbol;
  readonly wished: bigint;
}

type Move = Pick<WorldFill, 'side' | 'effect' | 'qty'>;

const positive = (qty: bigint): bigint => (qty < 1n ? 1n : qty);

/** Of one net position: it grows, shrinks, ends exactly, or turns round. */
function netMove(
  { chance, areAlone, held }: Draw,
  { account, symbol, wished, contract }: Wish & { readonly contract: WorldContract },
): Move {
  const key = `${account.name} ${symbol.name}`;
  const now = held.get(key) ?? 0n;
  const size = now < 0n ? -now : now;
  const isAgainst = now !== 0n && chance.happens(0.55);
  const side = isAgainst ? (now > 0n ? 'sell' : 'buy') : chance.happens(0.5) ? 'buy' : 'sell';
  const isOpposite = now !== 0n && now > 0n === (side === 'sell');
  const part = chance.one([1n, 2n, 3n]);
  const kind = chance.one(['exact', 'part', 'as wished', 'beyond'] as const);
  const qty =
    !isOpposite || kind === 'as wished'
      ? wished
      : kind === 'exact'
        ? size
        : kind === 'part'
          ? positive(size / part)
          : size + wished;
  const mayClose = isOpposite && contract.type !== 'spot' && (!areAlone || qty <= size);
  const effect = mayClose && chance.happens(0.4) ? 'close' : chance.one(['open', null, null] as const);
  const after = now + (side === 'buy' ? qty : -qty);
  held.set(key, effect === 'close' && qty > size ? 0n : after);
  return { side, effect: contract.type === 'spot' ? null : effect, qty: String(qty) };
}

/** Of one of two sides: opened or closed, with candles at times for more than there is. */
function hedgedMove({ chance, areAlone, held }: Draw, { account, symbol, wished }: Wish): Move | null {
  const isLong = chance.happens(0.5);
  const key = `${account.name} ${symbol.name} ${isLong}`;
  const size = held.get(key) ?? 0n;
  if (size === 0n || chance.happens(0.5)) {
    held.set(key, size + wished);
    return { side: isLong ? 'buy' : 'sell', effect: 'open', qty: String(wished) };
  }
  const isTooMuch = !areAlone && chance.happens(0.1);
  const qty = isTooMuch ? size + wished : chance.happens(0.4) ? size : positive(size / chance.one([2n, 3n]));
  held.set(key, size < qty ? 0n : size - qty);
  return { side: isLong ? 'sell' : 'buy', effect: 'close', qty: String(qty) };
}

/** The world without candles: the bars are the milliseconds with fills, at the price of the last. */
function alone(world: World, rows: readonly WorldFill[]): World {
  const symbols = world.symbols.flatMap((symbol): WorldSymbol[] => {
    const prices = new Map<number, number>();
    for (const fill of rows) if (fill.symbol === symbol.name) prices.set(fill.timeMs, Number(fill.price));
    const bars = [...prices].map(([openTimeMs, price]): WorldBar => {
      return { openTimeMs, last: [price, price, price, price], mark: null, isMarkKnown: true };
    });
    return bars.length === 0 ? [] : [{ ...symbol, bars }];
  });
  const { parts: _, timeframe: __, ...rest } = world;
  const accounts = world.accounts.filter((account) => tradedBy(account, symbols).size > 0);
  return { ...rest, symbols, accounts, intervalMs: 1, calls: [], warmup: 0, fills: { rows, areAlone: true } };
}
