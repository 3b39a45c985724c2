/**
 * A second exchange for some of the worlds with several accounts: part of the accounts trade there, by contracts with other terms
 * and in other units. Some candles serve both exchanges, some one of them, and some symbols have candles of both. Drawn from a
 * stream of its own, so that the other worlds stay what they were.
 */

import { Chance } from './chance.js';
import {
  decimalsOf,
  type Exchange,
  listedAt,
  timesOf,
  type World,
  type WorldAccount,
  type WorldBar,
  type WorldCall,
  type WorldCandle,
  type WorldSymbol,
} from './world.js';
import { callsMerged } from './worldCalls.js';
import { elsewhereOf, type Units, unitsOf } from './worldElsewhere.js';
import { renamedCalls, transfersOf } from './worldExchangeCalls.js';

/** Seeds of this stream lie beyond those of the others. */
const FIFTH_STREAM = 13_100_030;

/** A world with what the seed adds to it; most stay as they are. */
export function withExchanges(world: World): World {
  const chance = new Chance(world.seed + FIFTH_STREAM);
  if (world.accounts.length < 2 || !chance.happens(0.24)) return world;
  const units = unitsOf(chance, world);
  const named = withNeighbor(chance, world);
  const symbols = symbolsOf(chance, named, units);
  const second = secondOf(chance, world.accounts);
  const accounts = world.accounts.map((account) =>
    second.has(account.name) ? movedAccount(account, world, symbols, units) : account,
  );
  const moved: World = { ...named, symbols, accounts };
  const calls = renamedCalls(chance, moved, units);
  const own = transfersOf(chance, moved);
  return { ...moved, calls: callsMerged(chance, calls, own, timesOf(moved)) };
}

/** The second symbol may be named so that it stands behind the first, and before the first's candles of a venue. */
function withNeighbor(chance: Chance, world: World): World {
  const [first, second, ...others] = world.symbols;
  if (first === undefined || second === undefined || !chance.happens(0.4)) return world;
  const name = `${first.name}-2`;
  const calls = world.calls.map((call) =>
    'symbol' in call && call.symbol === second.name ? ({ ...call, symbol: name } as WorldCall) : call,
  );
  return { ...world, symbols: [first, { ...second, name }, ...others], calls };
}

/** Names of the accounts that trade at the second exchange: at least one, and not all. */
function secondOf(chance: Chance, accounts: readonly WorldAccount[]): ReadonlySet<string> {
  const names = accounts.map(({ name }) => name);
  const start = chance.whole(0, names.length - 1);
  const count = chance.whole(1, names.length - 1);
  return new Set([...names, ...names].slice(start, start + count));
}

/** Each exchange lists something; where chance would leave one of them without, the first candles serve both. */
function symbolsOf(chance: Chance, world: World, units: Units): WorldSymbol[] {
  const drawn = world.symbols.map((symbol) => candlesOf(chance, symbol, units));
  const symbols = drawn.flat();
  const isListed = (exchange: Exchange): boolean => listedAt(exchange, symbols).size > 0;
  if (isListed('simulated') && isListed('simulated2')) return symbols;
  const [first] = world.symbols;
  const shared: WorldSymbol = { ...first!, elsewhere: elsewhereOf(chance, first!.contract, units) };
  return [shared, ...drawn.slice(1).flat()];
}

/** The candles of a symbol: for both exchanges, for one of them, or of each its own. */
function candlesOf(chance: Chance, symbol: WorldSymbol, units: Units): WorldSymbol[] {
  const elsewhere = elsewhereOf(chance, symbol.contract, units);
  const kind = chance.unit();
  if (kind < 0.45) return [{ ...symbol, elsewhere }];
  if (kind < 0.55) return [symbol];
  if (kind < 0.62) return [{ ...symbol, venue: 'simulated' }];
  if (kind < 0.72) return [{ ...symbol, venue: 'simulated2', contract: elsewhere }];
  const both: WorldSymbol[] = [
    { ...symbol, name: `${symbol.name}.simulated`, symbol: symbol.name, venue: 'simulated' },
    {
      ...symbol,
      name: `${symbol.name}.simulated2`,
      symbol: symbol.name,
      venue: 'simulated2',
      contract: elsewhere,
      bars: otherBars(chance, symbol),
      funding: chance.happens(0.5) ? symbol.funding : { kind: 'constant', rate: '0.0007' },
    },
  ];
  return chance.happens(0.5) ? both : both.reverse();
}

/** Candles of the same symbol at another venue: a little apart, a little wider, with holes of their own. */
function otherBars(chance: Chance, { bars, contract }: WorldSymbol): WorldBar[] {
  const hole = chance.one([0, 0, 0.08]);
  const tick = Number(contract.tick);
  const scale = 10 ** ((contract.tick.split('.')[1]?.length ?? 0) + 1);
  const onGrid = (price: number): number => Math.max(1, Math.round(price * scale)) / scale;
  return bars
    .filter((_, i) => i === 0 || !chance.happens(hole))
    .map((bar) => {
      const apart = Math.round((bar.last[0] * 0.003 * chance.normal()) / tick) * tick;
      const moved = ([open, high, low, close]: WorldCandle): WorldCandle => {
        const [o, h, l, c] = [open, high, low, close].map((price) => onGrid(Math.max(tick, price + apart)));
        const wider = (tick * chance.whole(0, 4)) / 2;
        return [o!, onGrid(h! + wider), Math.min(l!, onGrid(Math.max(tick, l! - wider))), c!];
      };
      return { ...bar, last: moved(bar.last), mark: bar.mark === null ? null : moved(bar.mark) };
    });
}

/** The account at the second exchange: its money in that exchange's currencies. */
function movedAccount(
  account: WorldAccount,
  world: World,
  symbols: readonly WorldSymbol[],
  units: Units,
): WorldAccount {
  const balances = account.balances.map(({ currency, amount }) => {
    const code = units.get(currency)?.code ?? currency;
    const digits = decimalsOf({ symbols }, code, 'simulated2') - decimalsOf(world, currency);
    const units10 = BigInt(10 ** Math.abs(digits));
    const moved = digits < 0 ? BigInt(amount) / units10 : BigInt(amount) * units10;
    return { currency: code, amount: String(moved < 100n ? 100n : moved) };
  });
  return { ...account, exchange: 'simulated2', balances };
}
