/**
 * Random but plausible worlds, one a seed: one to three contracts of every kind of tier, accounts of every venue from rich to
 * nearly broke. Half of them have one contract. Bars are made up by worldBars.ts, the scripted calls by worldCalls.ts; spot pairs
 * are added by worldSpot.ts, further kinds of orders by worldOrders.ts, longer bars by worldTimeframe.ts, a second exchange by
 * worldExchanges.ts, finer bars by worldFiner.ts, given fills by worldFills.ts.
 */

import { findPreset, PRESET_NAMES } from '../../venue/presets.js';
import { Chance } from './chance.js';
import type { World, WorldAccount, WorldContract, WorldSymbol, WorldTiers } from './world.js';
import { barsOf, clockOf, DAY_MS, fundingOf, HOUR_MS, type Market, MINUTE_MS, ownClock } from './worldBars.js';
import { callsOf } from './worldCalls.js';
import { withExchanges } from './worldExchanges.js';
import { withFills } from './worldFills.js';
import { withFiner } from './worldFiner.js';
import { withOrders } from './worldOrders.js';
import { withSpot } from './worldSpot.js';
import { withTimeframe } from './worldTimeframe.js';

const MARKETS: readonly Market[] = [
  { type: 'inverse', multiplier: '1', tick: '0.5', price: 8000, settleDecimals: 8 },
  { type: 'inverse', multiplier: '100', tick: '0.1', price: 30_000, settleDecimals: 8 },
  { type: 'inverse', multiplier: '10', tick: '0.001', price: 4, settleDecimals: 8 },
  { type: 'linear', multiplier: '0.001', tick: '0.1', price: 40_000, settleDecimals: 8 },
  { type: 'linear', multiplier: '1', tick: '0.0001', price: 0.35, settleDecimals: 6 },
  { type: 'linear', multiplier: '0.01', tick: '0.25', price: 1800, settleDecimals: 2 },
  { type: 'quanto', multiplier: '0.000001', tick: '0.05', price: 210, settleDecimals: 8 },
];

const CLASSIC = ['bitmex', 'bitmex_2020', 'generic'] as const;
/** Venues with partial liquidation. */
const REDUCING = ['okx', 'bitget', 'bitget', 'bitget', 'bitmex'] as const;

const currencyOf = (market: Market): 'USDT' | 'XBT' => (market.type === 'linear' ? 'USDT' : 'XBT');

/** The world of a seed; some have spot pairs, every kind of order, longer bars, a second exchange, or finer bars. */
export const worldOf = (seed: number): World =>
  withFills(withFiner(withExchanges(withTimeframe(withOrders(withSpot(contractsOf(seed)))))));

/** The world of a seed with contracts and plain orders alone. */
function contractsOf(seed: number): World {
  const chance = new Chance(seed);
  const markets = marketsOf(chance);
  const intervalMs = chance.one([MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS, DAY_MS]);
  const clock = clockOf(chance, intervalMs, markets.length === 1 ? chance.whole(30, 120) : chance.whole(20, 60));
  const accounts = accountsOf(chance, markets);
  const symbols = markets.map((market, i): WorldSymbol => {
    const times = markets.length === 1 || (i === 0 && chance.happens(0.5)) ? clock : ownClock(chance, clock);
    return {
      name: chance.one([['SIM'], ['ALT', 'SIM2', 'Zed'], ['Beta', 'sim']][i]!) + (i === 0 ? '' : String(i)),
      contract: contractOf(chance, market, accounts),
      bars: barsOf(chance, market, times),
      funding: fundingOf(chance, clock, intervalMs, market),
    };
  });
  return {
    seed,
    symbols,
    intervalMs,
    accounts,
    calls: callsOf(chance, { symbols, accounts, clock }),
    intrabar: chance.one(['adverse', 'adverse', 'adverse', 'favourable', 'nearest', 'ohlc', 'olhc'] as const),
    slippage: slippageOf(chance),
    balanceEvery: {
      bar: chance.happens(0.2),
      event: chance.happens(0.8),
      everyMs: chance.one([[], [DAY_MS], [DAY_MS], [HOUR_MS], [HOUR_MS, DAY_MS]]),
    },
    warmup: chance.happens(0.1) ? chance.whole(1, 5) : 0,
    chunkLength: chance.one([7, 50, 1000]),
  };
}

/** One market, or two or three that mostly settle in one currency; all linear ones of a world in the same decimals. */
function marketsOf(chance: Chance): Market[] {
  const first = chance.one(MARKETS);
  if (chance.happens(0.5)) return [first];
  const others = Array.from({ length: chance.whole(1, 2) }, () => {
    const same = MARKETS.filter((market) => currencyOf(market) === currencyOf(first));
    return chance.happens(0.75) ? chance.one(same) : chance.one(MARKETS);
  });
  const all = [first, ...others];
  const decimals = all.find((market) => market.type === 'linear')?.settleDecimals ?? 8;
  return all.map((market) => (market.type === 'linear' ? { ...market, settleDecimals: decimals } : market));
}

function slippageOf(chance: Chance): World['slippage'] {
  if (chance.happens(0.6)) return { unit: 'ticks', amount: '0' };
  return chance.happens(0.5)
    ? { unit: 'ticks', amount: chance.one(['1', '3', '0.5']) }
    : { unit: 'bps', amount: chance.one(['2', '0.7', '15']) };
}

function contractOf(chance: Chance, market: Market, accounts: readonly WorldAccount[]): WorldContract {
  const [initialMargin, maintenanceMargin, maxLeverage] = chance.one([
    ['0.01', '0.005', '100'],
    ['0.02', '0.01', '50'],
    ['0.008', '0.004', '125'],
    ['0.05', '0.03', '20'],
  ] as const);
  const rules = accounts.map((account) => findPreset(account.preset)!);
  const isLedger = rules.some((rule) => rule.valueRounding !== 'per_fill');
  const needsFee = rules.some(
    (rule) => rule.liquidationFill !== 'bankruptcy' && rule.liquidationFeeRule === 'contract',
  );
  const qtyDecimals = !isLedger && chance.happens(0.3) ? 3 : 0;
  const minQty = chance.one(['1', '1', '10', '100']);
  const settle = currencyOf(market);
  const own = accounts[0]!.balances.find(({ currency }) => currency === settle)?.amount ?? '100000000';
  const balance = BigInt(own);
  const [takerFee, makerFee] = chance.one([
    ['0.00075', '-0.00025'],
    ['0.0006', '0.0002'],
    ['0.0005', '0'],
    ['0', '0'],
    ['-0.0001', '-0.0002'],
  ] as const);
  const tierKind = chance.one(['flat', 'flat', 'steps', 'table', 'table', 'table'] as const);
  const contract: WorldContract = {
    type: market.type,
    settle,
    multiplier: market.multiplier,
    tick: market.tick,
    qtyDecimals,
    qtyStep: isLedger || chance.happens(0.7) ? minQty : '1',
    minQty,
    settleDecimals: market.settleDecimals,
    initialMargin,
    maintenanceMargin,
    maxLeverage,
    takerFee,
    makerFee,
    fundTimesMs: chance.happens(0.85) ? chance.one([[4, 12, 20], [0, 8, 16], [0]]).map((h) => h * HOUR_MS) : [],
    riskSteps:
      tierKind === 'steps'
        ? {
            base: String(balance * BigInt(chance.whole(1, 8)) + 1n),
            step: String(balance * BigInt(chance.whole(1, 4)) + 1n),
          }
        : null,
    tiers: null,
    minNotional: chance.happens(0.15) ? String(balance / BigInt(chance.one([5, 20, 100]))) : null,
    liquidationFee: needsFee || chance.happens(0.2) ? chance.one(['0', '0.003', '0.0125']) : null,
  };
  return tierKind === 'table' ? { ...contract, tiers: tiersOf(chance, contract, market, balance) } : contract;
}

/** A table of two to five tiers whose bounds an account of this balance can reach. */
function tiersOf(chance: Chance, contract: WorldContract, market: Market, balance: bigint): WorldTiers {
  const by = chance.happens(0.3) ? 'qty' : 'value';
  const { multiplier, type, settleDecimals, qtyDecimals } = contract;
  const perContract = type === 'inverse' ? Number(multiplier) / market.price : Number(multiplier) * market.price;
  const perUnit = (perContract * 10 ** settleDecimals) / 10 ** qtyDecimals;
  const counted = (units: number): string => String(Math.max(1, Math.floor(by === 'qty' ? units / perUnit : units)));
  let reach = Number(balance) * chance.one([0.5, 1, 2]);
  let [initial, maintenance] = [Number(contract.initialMargin), Number(contract.maintenanceMargin)];
  const rows: { floor: string; initial: string; maintenance: string }[] = [];
  for (let left = chance.whole(2, 5), floor = '0'; left > 0; left -= 1) {
    const isNew = rows.length === 0 || BigInt(floor) > BigInt(rows[rows.length - 1]!.floor);
    if (isNew) rows.push({ floor, initial: decimal(initial), maintenance: decimal(maintenance) });
    floor = counted(reach);
    reach *= chance.one([1.5, 2, 4]);
    initial = Math.min(0.5, initial * chance.one([1.5, 2]));
    maintenance = Math.min(initial * 0.8, maintenance * chance.one([1.5, 2]));
  }
  const last = BigInt(rows[rows.length - 1]!.floor);
  return { by, rows, limit: chance.happens(0.4) ? String(last * 2n + 10n) : null };
}

const decimal = (x: number): string => String(Math.round(x * 1_000_000) / 1_000_000);

function accountsOf(chance: Chance, markets: readonly Market[]): WorldAccount[] {
  const known = chance.one([CLASSIC, REDUCING, PRESET_NAMES, PRESET_NAMES]);
  const usual = chance.one(known);
  const own = currencyOf(markets[0]!);
  const currencies = [...new Set([own, ...markets.map(currencyOf)])];
  return Array.from({ length: chance.whole(1, 3) }, (_, i) => {
    const mode = chance.one(['cross', 'isolated'] as const);
    const balances = currencies
      .filter((currency) => currency === own || chance.happens(0.8))
      .map((currency) => ({ currency, amount: balanceOf(chance, markets, currency) }));
    return {
      name: `a${i}`,
      preset: chance.happens(0.85) ? usual : chance.one(PRESET_NAMES),
      balances,
      mode,
      positionMode: chance.happens(0.3) ? 'hedged' : 'one_way',
      autoMargin: chance.happens(0.25),
      leverage: mode === 'cross' && chance.happens(0.3) ? '0' : chance.one(['1', '2', '3.5', '10', '10', '20', '20']),
      takerFee: chance.happens(0.15) ? chance.one(['0.001', '0']) : null,
      makerFee: chance.happens(0.15) ? chance.one(['0.0004', '-0.0001']) : null,
    };
  });
}

function balanceOf(chance: Chance, markets: readonly Market[], currency: WorldContract['settle']): string {
  const { settleDecimals } = markets.find((market) => currencyOf(market) === currency)!;
  const rich = currency === 'XBT' ? 1 : 2000;
  const size = chance.one([1, 1, 3, 0.2, 0.01]) * rich * 10 ** settleDecimals * chance.between(0.5, 1.5);
  return String(Math.max(100, Math.floor(size)));
}
