/**
 * Random but plausible worlds, one a seed: a contract, bars with gaps, wicks and jumps, a mark that parts from last, funding on
 * and off its schedule, accounts from rich to nearly broke. The scripted calls are made up by worldCalls.ts.
 */

import { Chance } from './chance.js';
import type { PresetName, World, WorldAccount, WorldBar, WorldCandle, WorldContract, WorldFunding } from './world.js';
import { callsOf } from './worldCalls.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 2020-03-01. */
const EPOCH_MS = 1_583_020_800_000;

/** What a contract type trades like. */
interface Market {
  readonly type: WorldContract['type'];
  readonly multiplier: string;
  readonly tick: string;
  readonly price: number;
  readonly settleDecimals: number;
}

const MARKETS: readonly Market[] = [
  { type: 'inverse', multiplier: '1', tick: '0.5', price: 8000, settleDecimals: 8 },
  { type: 'inverse', multiplier: '100', tick: '0.1', price: 30_000, settleDecimals: 8 },
  { type: 'inverse', multiplier: '10', tick: '0.001', price: 4, settleDecimals: 8 },
  { type: 'linear', multiplier: '0.001', tick: '0.1', price: 40_000, settleDecimals: 8 },
  { type: 'linear', multiplier: '1', tick: '0.0001', price: 0.35, settleDecimals: 6 },
  { type: 'linear', multiplier: '0.01', tick: '0.25', price: 1800, settleDecimals: 2 },
  { type: 'quanto', multiplier: '0.000001', tick: '0.05', price: 210, settleDecimals: 8 },
];

export function worldOf(seed: number): World {
  const chance = new Chance(seed);
  const market = chance.one(MARKETS);
  const intervalMs = chance.one([MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS, DAY_MS]);
  const bars = barsOf(chance, market, intervalMs);
  const accounts = accountsOf(chance, market);
  const contract = contractOf(chance, market, accounts);
  return {
    seed,
    contract,
    intervalMs,
    bars,
    funding: fundingOf(chance, bars, intervalMs, market),
    accounts,
    calls: callsOf(chance, contract, bars, accounts),
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
  const isLedger = accounts.some((account) => account.preset !== 'generic');
  const qtyDecimals = !isLedger && chance.happens(0.3) ? 3 : 0;
  const minQty = chance.one(['1', '1', '10', '100']);
  const balance = BigInt(accounts[0]!.balance);
  const [takerFee, makerFee] = chance.one([
    ['0.00075', '-0.00025'],
    ['0.0006', '0.0002'],
    ['0.0005', '0'],
    ['0', '0'],
    ['-0.0001', '-0.0002'],
  ] as const);
  return {
    type: market.type,
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
    riskSteps: chance.happens(0.4)
      ? {
          base: String(balance * BigInt(chance.whole(1, 8)) + 1n),
          step: String(balance * BigInt(chance.whole(1, 4)) + 1n),
        }
      : null,
  };
}

function accountsOf(chance: Chance, market: Market): WorldAccount[] {
  const usual = chance.one<PresetName>(['bitmex', 'bitmex', 'bitmex_2020', 'generic', 'generic']);
  const unit = 10 ** market.settleDecimals;
  const rich = market.settleDecimals === 8 && market.type !== 'linear' ? 1 : 2000;
  return Array.from({ length: chance.whole(1, 3) }, (_, i) => {
    const mode = chance.one(['cross', 'isolated'] as const);
    const preset = chance.happens(0.85) ? usual : chance.one<PresetName>(['bitmex', 'bitmex_2020', 'generic']);
    const size = chance.one([1, 1, 3, 0.2, 0.01]) * rich * unit * chance.between(0.5, 1.5);
    return {
      name: `a${i}`,
      preset,
      balance: String(Math.max(100, Math.floor(size))),
      mode,
      leverage: mode === 'cross' && chance.happens(0.3) ? '0' : chance.one(['1', '2', '3.5', '10', '10', '20']),
      takerFee: chance.happens(0.15) ? chance.one(['0.001', '0']) : null,
      makerFee: chance.happens(0.15) ? chance.one(['0.0004', '-0.0001']) : null,
    };
  });
}

/** Prices on a grid: the tick, or a tenth of it. */
function gridOf(market: Market, isOffTick: boolean): (price: number) => number {
  const decimals = (market.tick.split('.')[1]?.length ?? 0) + (isOffTick ? 1 : 0);
  const per = 10 ** decimals;
  const step = Math.round(Number(market.tick) * per) / (isOffTick ? 10 : 1);
  return (price) => (Math.max(1, Math.round((price * per) / step)) * step) / per;
}

function barsOf(chance: Chance, market: Market, intervalMs: number): WorldBar[] {
  const grid = gridOf(market, chance.happens(0.15));
  const spread = chance.one([0.002, 0.008, 0.02, 0.05]);
  const hasMark = chance.happens(0.5);
  const isCoarse = chance.happens(0.3);
  const gapChance = chance.one([0, 0, 0.03, 0.1]);
  const count = chance.whole(30, 120);
  const bars: WorldBar[] = [];
  let openTimeMs = EPOCH_MS + chance.whole(0, 48) * Math.max(intervalMs, HOUR_MS / 2);
  if (intervalMs === DAY_MS && chance.happens(0.8)) openTimeMs -= openTimeMs % DAY_MS;
  let price = market.price * chance.between(0.7, 1.4);
  let basis = 0;
  for (let i = 0; i < count; i += 1) {
    const last = candleFrom(chance, grid, price, spread);
    basis = 0.8 * basis + 0.2 * spread * chance.normal();
    bars.push({
      openTimeMs,
      last,
      mark: hasMark ? markOf(chance, grid, last, basis, spread) : null,
      isMarkKnown: !isCoarse || chance.happens(0.4),
    });
    price = last[3];
    openTimeMs += intervalMs * (chance.happens(gapChance) ? chance.whole(2, 30) : 1);
  }
  return bars;
}

/** A candle after a close: usually continuous, sometimes a jump, a wick or no range at all. */
function candleFrom(chance: Chance, grid: (price: number) => number, before: number, spread: number): WorldCandle {
  const jump = chance.happens(0.06) ? chance.between(-8, 8) * spread : 0;
  const open = grid(chance.happens(0.5) ? before * (1 + jump) : before * (1 + jump + 0.2 * spread * chance.normal()));
  if (chance.happens(0.06)) return [open, open, open, open];
  const close = chance.happens(0.05) ? open : grid(open * Math.max(0.2, 1 + spread * chance.normal()));
  const wick = (): number => (chance.happens(0.15) ? 0 : spread * chance.between(0, chance.happens(0.1) ? 6 : 0.8));
  const high = Math.max(open, close, grid(Math.max(open, close) * (1 + wick())));
  const low = Math.min(open, close, grid(Math.min(open, close) * Math.max(0.2, 1 - wick())));
  return [open, high, low, close];
}

function markOf(
  chance: Chance,
  grid: (price: number) => number,
  last: WorldCandle,
  basis: number,
  spread: number,
): WorldCandle {
  if (chance.happens(0.05)) return [last[0], last[0], last[0], last[0]];
  const at = (price: number, share: number): number => grid(price * (1 + basis + share * spread * chance.normal()));
  const [open, close] = [at(last[0], 0.05), at(last[3], 0.05)];
  const high = Math.max(open, close, at(last[1], 0.2));
  const low = Math.min(open, close, at(last[2], 0.2));
  return [open, high, low, close];
}

function fundingOf(chance: Chance, bars: readonly WorldBar[], intervalMs: number, market: Market): WorldFunding {
  const kind = chance.one(['missing', 'constant', 'rates', 'rates', 'rates'] as const);
  const rateOf = (): string =>
    chance.happens(0.15) ? chance.one(['0.05', '-0.08', '0.02', '0.25']) : String(chance.whole(-40, 60) / 100_000);
  if (kind === 'missing') return { kind };
  if (kind === 'constant') return { kind, rate: plain(rateOf()) };
  const first = bars[0]!.openTimeMs - 12 * HOUR_MS;
  const end = bars[bars.length - 1]!.openTimeMs + intervalMs + 12 * HOUR_MS;
  const spacing = chance.one([HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, 8 * HOUR_MS, 8 * HOUR_MS]);
  const rates: { timeMs: number; rate: string; price?: string }[] = [];
  const hole = chance.one([0, 0.1, 0.3]);
  const start = Math.ceil(first / spacing) * spacing + (chance.happens(0.7) ? 0 : chance.whole(1, 7) * HOUR_MS);
  let skipped = 0;
  for (let timeMs = start; timeMs < end && rates.length < 3000; timeMs += spacing) {
    if (skipped > 0 || chance.happens(hole)) {
      skipped = skipped > 0 ? skipped - 1 : chance.whole(0, 4);
      continue;
    }
    const priced = chance.happens(0.1) ? { price: String(Math.ceil(market.price * 1000) / 1000) } : {};
    rates.push({
      timeMs: chance.happens(0.1) ? timeMs + chance.whole(1, 59) * MINUTE_MS : timeMs,
      rate: plain(rateOf()),
      ...priced,
    });
  }
  return { kind, rates };
}

/** A number's text without an exponent. */
function plain(text: string): string {
  if (!text.includes('e')) return text;
  const [digits = '0', power = '0'] = text.split('e-');
  const negative = digits.startsWith('-');
  const bare = digits.replace('-', '').replace('.', '');
  return `${negative ? '-' : ''}0.${'0'.repeat(Number(power) - 1)}${bare}`;
}
