/**
 * Spot pairs for some of the worlds: one or two beside the contracts, or instead of them, with coins to start with and calls of
 * their own. All of it is drawn from a stream of its own, so that the worlds without a pair stay what they were.
 */

import { Chance } from './chance.js';
import { decimalsOf, timesOf, type World, type WorldAccount, type WorldContract, type WorldSymbol } from './world.js';
import { barsOf, type Market, ownClock } from './worldBars.js';
import { callsMerged } from './worldCalls.js';
import { spotCallsOf } from './worldSpotCalls.js';

/** A pair's money and coins, and what its prices are like. */
interface Pair {
  readonly name: string;
  readonly base: string;
  readonly quote: string;
  readonly tick: string;
  readonly price: number;
  readonly qtyDecimals: number;
}

const PAIRS: readonly Pair[] = [
  { name: 'XBT/USDT', base: 'XBT', quote: 'USDT', tick: '0.1', price: 30_000, qtyDecimals: 4 },
  { name: 'ETH/USDT', base: 'ETH', quote: 'USDT', tick: '0.01', price: 1800, qtyDecimals: 3 },
  { name: 'ETH/XBT', base: 'ETH', quote: 'XBT', tick: '0.00001', price: 0.05, qtyDecimals: 2 },
  { name: 'xrp-usdt', base: 'XRP', quote: 'USDT', tick: '0.0001', price: 0.6, qtyDecimals: 0 },
];

/** Seeds of the second stream lie beyond those of the first. */
const SECOND_STREAM = 1_000_003;

/** A world with what the seed adds to it; about two of three stay as they are. */
export function withSpot(world: World): World {
  const chance = new Chance(world.seed + SECOND_STREAM);
  if (!chance.happens(0.36)) return world;
  const pairs = pairsOf(chance);
  const clock = timesOf(world);
  const decimals = { ETH: chance.one([8, 8, 4]), XRP: chance.one([6, 2]) };
  const added = pairs.map((pair): WorldSymbol => {
    const times = chance.happens(0.5) ? clock : ownClock(chance, clock);
    return {
      name: pair.name,
      contract: contractOf(chance, pair, world, decimals),
      bars: barsOf(chance, marketOf(pair), times).map((bar) => ({ ...bar, mark: null })),
      funding: { kind: 'missing' },
    };
  });
  const contracts = world.symbols.map((symbol) => quoted(chance, symbol));
  const isAlone = chance.happens(0.12);
  const symbols = isAlone ? added : chance.happens(0.3) ? [...added, ...contracts] : [...contracts, ...added];
  const accounts = world.accounts.map((account) => withCoins(chance, account, added));
  const kept = world.calls.filter((call) => !isAlone || !('symbol' in call) || call.symbol === null);
  const own = spotCallsOf(chance, { symbols, accounts, clock });
  return { ...world, symbols, accounts, calls: callsMerged(chance, kept, own, clock) };
}

function pairsOf(chance: Chance): Pair[] {
  const first = chance.one(PAIRS);
  const others = PAIRS.filter((pair) => pair !== first);
  return chance.happens(0.4) ? [first, chance.one(others)] : [first];
}

const marketOf = ({ tick, price }: Pair): Market => ({
  type: 'spot',
  multiplier: '1',
  tick,
  price,
  settleDecimals: 8,
});

/** An inverse contract may be quoted in what a pair is paid in, which makes it a way between the two in totals. */
function quoted(chance: Chance, symbol: WorldSymbol): WorldSymbol {
  const isLink = symbol.contract.type === 'inverse' && chance.happens(0.7);
  return isLink ? { ...symbol, contract: { ...symbol.contract, quote: 'USDT' } } : symbol;
}

function contractOf(chance: Chance, pair: Pair, world: World, own: Readonly<Record<string, number>>): WorldContract {
  const { base, quote, tick, qtyDecimals } = pair;
  const settleDecimals = decimalsOf(world, quote);
  const [takerFee, makerFee] = chance.one([
    ['0.001', '0.0008'],
    ['0.00075', '-0.00025'],
    ['0.0006', '0.0002'],
    ['0', '0'],
    ['-0.0001', '-0.0002'],
  ] as const);
  const least = chance.one(['1', '1', '5', '10']);
  return {
    type: 'spot',
    settle: quote,
    quote,
    base: { code: base, decimals: own[base] ?? decimalsOf(world, base) },
    multiplier: '1',
    tick,
    qtyDecimals,
    qtyStep: chance.happens(0.7) ? least : '1',
    minQty: least,
    settleDecimals,
    initialMargin: '1',
    maintenanceMargin: '0',
    maxLeverage: '1',
    takerFee,
    makerFee,
    fundTimesMs: [],
    riskSteps: null,
    tiers: null,
    minNotional: chance.happens(0.4) ? notional(chance, world, quote, settleDecimals) : null,
    liquidationFee: null,
  };
}

/** A share of what the first account has of a currency, or a plain amount of it. */
function notional(chance: Chance, { accounts }: World, code: string, decimals: number): string {
  const held = accounts[0]!.balances.find(({ currency }) => currency === code)?.amount;
  const plain = 10 ** (decimals - (code === 'XBT' ? 2 : -1));
  return String(Math.max(1, Math.floor((held === undefined ? plain : Number(held)) * chance.one([0.005, 0.05, 0.2]))));
}

/** Starting balances of the pairs' currencies where the account has none; its own currency stays first. */
function withCoins(chance: Chance, account: WorldAccount, pairs: readonly WorldSymbol[]): WorldAccount {
  const balances = [...account.balances];
  for (const { contract, bars } of pairs) {
    const price = bars[0]!.last[0];
    const wanted = [
      { code: contract.settle, decimals: contract.settleDecimals, worth: 1 },
      { code: contract.base!.code, decimals: contract.base!.decimals, worth: 1 / price },
    ];
    for (const { code, decimals, worth } of wanted) {
      const isHeld = balances.some(({ currency }) => currency === code);
      if (isHeld || !chance.happens(0.55)) continue;
      const quoteUnits = contract.settle === 'XBT' ? 1 : 3000;
      const amount = quoteUnits * worth * chance.one([0.1, 0.5, 1]) * chance.between(0.5, 1.5) * 10 ** decimals;
      balances.push({ currency: code, amount: String(Math.max(1, Math.floor(amount))) });
    }
  }
  return { ...account, balances };
}
