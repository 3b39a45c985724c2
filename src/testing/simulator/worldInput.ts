/**
 * A world as the engines take it: a fresh RunInput with series of bars, accounts, and a strategy that reads its calls from the
 * script. Shares nothing between two inputs of one world.
 */

import type { Contract, RiskTierTable } from '../../contract/contract.js';
import type { GivenFills } from '../../engine/givenFills.js';
import type { RecordSink } from '../../engine/records.js';
import type { FundingSource, RunInput, TradedContracts } from '../../engine/runInput.js';
import type { BarChunk, BarSeries, FineBars } from '../../market/bars.js';
import { findPreset } from '../../venue/presets.js';
import { type CallNote, scriptOf } from './script.js';
import {
  decimalsOf,
  EXCHANGES,
  type Exchange,
  listedAt,
  type World,
  type WorldBar,
  type WorldContract,
  type WorldFunding,
  type WorldSymbol,
  type WorldTiers,
} from './world.js';

interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

/** Decimal text → fraction. */
export function fractionOfText(text: string): Fraction {
  const negative = text.startsWith('-');
  const [whole = '0', decimals = ''] = text.replace('-', '').split('.');
  const digits = BigInt(whole + decimals);
  return { num: negative ? -digits : digits, den: 10n ** BigInt(decimals.length) };
}

/** a·10^n as a fraction. */
const shifted = (a: Fraction, n: number): Fraction =>
  n >= 0 ? { num: a.num * 10n ** BigInt(n), den: a.den } : { num: a.num, den: a.den * 10n ** BigInt(-n) };

export function contractOf(symbol: string, world: WorldContract, venue: Exchange): Contract {
  const multiplier = fractionOfText(world.multiplier);
  return {
    venue,
    symbol,
    type: world.type,
    quoteCurrency: world.quote ?? 'USD',
    settle: { code: world.settle, decimals: world.settleDecimals },
    multiplier,
    valueScale: shifted(multiplier, world.settleDecimals - world.qtyDecimals),
    tick: fractionOfText(world.tick),
    tickF64: Number(world.tick),
    priceDecimals: world.tick.split('.')[1]?.length ?? 0,
    qtyDecimals: world.qtyDecimals,
    qtyStep: BigInt(world.qtyStep),
    minQty: BigInt(world.minQty),
    initialMargin: fractionOfText(world.initialMargin),
    maintenanceMargin: fractionOfText(world.maintenanceMargin),
    maxLeverage: fractionOfText(world.maxLeverage),
    takerFee: fractionOfText(world.takerFee),
    makerFee: fractionOfText(world.makerFee),
    fundTimesMs: world.fundTimesMs,
    riskSteps:
      world.riskSteps === null ? null : { base: BigInt(world.riskSteps.base), step: BigInt(world.riskSteps.step) },
    tiers: world.tiers === null ? null : tiersOf(world.tiers),
    minNotional: world.minNotional === null ? null : BigInt(world.minNotional),
    liquidationFee: world.liquidationFee === null ? null : fractionOfText(world.liquidationFee),
    base: world.base ?? null,
  };
}

const difference = (a: Fraction, b: Fraction): Fraction => ({ num: a.num * b.den - b.num * a.den, den: a.den * b.den });
const total = (a: Fraction, b: Fraction): Fraction => ({ num: a.num * b.den + b.num * a.den, den: a.den * b.den });

/** A table with its deductions: c(n) = floor(n)·(m(n) − m(n−1)) + c(n−1), none where quantities are counted. */
function tiersOf({ by, rows, limit }: WorldTiers): RiskTierTable {
  let deduction: Fraction = { num: 0n, den: 1n };
  const tiers = rows.map((row, i) => {
    const maintenance = fractionOfText(row.maintenance);
    const floor = BigInt(row.floor);
    if (i > 0 && by === 'value') {
      const rise = difference(maintenance, fractionOfText(rows[i - 1]!.maintenance));
      deduction = total(deduction, { num: rise.num * floor, den: rise.den });
    }
    return { floor, initial: fractionOfText(row.initial), maintenance, deduction };
  });
  return { by, tiers, limit: limit === null ? null : BigInt(limit) };
}

const hasMarkOf = ({ bars }: WorldSymbol): boolean => bars.some(({ mark }) => mark !== null);

function columnsOf(bars: readonly WorldBar[], hasMark: boolean): BarChunk {
  const column = (pick: (bar: WorldBar) => number): Float64Array => Float64Array.from(bars.map(pick));
  return {
    length: bars.length,
    openTimeMs: column((bar) => bar.openTimeMs),
    open: column((bar) => bar.last[0]),
    high: column((bar) => bar.last[1]),
    low: column((bar) => bar.last[2]),
    close: column((bar) => bar.last[3]),
    volume: column(() => 1),
    ...(hasMark
      ? {
          mark: {
            open: column((bar) => (bar.mark ?? bar.last)[0]),
            high: column((bar) => (bar.mark ?? bar.last)[1]),
            low: column((bar) => (bar.mark ?? bar.last)[2]),
            close: column((bar) => (bar.mark ?? bar.last)[3]),
            closedAtClose: Uint8Array.from(bars.map((bar) => (bar.isMarkKnown ? 1 : 0))),
          },
        }
      : {}),
  };
}

function chunkOf(symbol: WorldSymbol, from: number, { chunkLength, intervalMs, parts }: World): BarChunk {
  const bars = symbol.bars.slice(from, from + chunkLength);
  const chunk = columnsOf(bars, hasMarkOf(symbol));
  return parts === undefined ? chunk : { ...chunk, fine: finerOf(bars, intervalMs / parts, hasMarkOf(symbol)) };
}

/** The finer bars of the covered bars one after the other, and where each bar's begin. */
function finerOf(bars: readonly WorldBar[], lengthMs: number, hasMark: boolean): FineBars {
  const first = new Int32Array(bars.length).fill(-1);
  const finer: WorldBar[] = [];
  for (const [i, { openTimeMs, parts = [] }] of bars.entries()) {
    if (parts.length > 0) first[i] = finer.length;
    finer.push(...parts.map((prices, part) => ({ ...prices, openTimeMs: openTimeMs + part * lengthMs })));
  }
  return { bars: columnsOf(finer, hasMark), first };
}

async function* chunksOf(symbol: WorldSymbol, world: World): AsyncGenerator<BarChunk> {
  for (let from = 0; from < symbol.bars.length; from += world.chunkLength) yield chunkOf(symbol, from, world);
}

function seriesOf(symbol: WorldSymbol, world: World): BarSeries {
  return {
    symbol: symbol.symbol ?? symbol.name,
    intervalMs: world.intervalMs,
    dialect: 'plain',
    assumptions: [],
    stats: {
      rows: symbol.bars.length,
      bars: symbol.bars.length,
      firstOpenTimeMs: symbol.bars[0]?.openTimeMs ?? null,
      lastCloseTimeMs: null,
      droppedDuplicates: 0,
      repairedOpens: 0,
      roundedPrices: 0,
      zeroVolumeBars: 0,
      gaps: 0,
      missingBars: 0,
      firstGap: null,
      missingMarks: 0,
      reversed: false,
    },
    chunks: chunksOf(symbol, world),
  };
}

function fundingOf(funding: WorldFunding): FundingSource {
  if (funding.kind === 'constant') return { kind: 'constant', rate: fractionOfText(funding.rate) };
  return funding.kind === 'rates' ? { kind: 'rates', rates: funding.rates } : { kind: 'missing' };
}

const givenOf = ({ rows, areAlone }: NonNullable<World['fills']>): GivenFills => ({
  areAlone,
  rows: rows.map((fill, place) => ({
    ...fill,
    qty: BigInt(fill.qty),
    price: fractionOfText(fill.price),
    fee: fill.fee === null ? null : BigInt(fill.fee),
    place,
    file: 'fills.csv',
    line: place + 2,
  })),
});

/** What is traded at an exchange, by the names of the candles. */
const contractsAt = (exchange: Exchange, { symbols }: World): TradedContracts =>
  new Map(
    [...listedAt(exchange, symbols)].map(([{ name, symbol }, contract]) => [
      name,
      contractOf(symbol ?? name, contract, exchange),
    ]),
  );

/** @param onCall told what each call that is not an order came to. */
export function inputOf(world: World, sink: RecordSink, onCall: CallNote = () => {}): RunInput {
  const [first, second] = EXCHANGES.map((exchange) => contractsAt(exchange, world)) as [
    TradedContracts,
    TradedContracts,
  ];
  return {
    symbols: world.symbols.map((symbol) => ({
      name: symbol.name,
      symbol: symbol.symbol ?? symbol.name,
      venue: symbol.venue ?? null,
      bars: seriesOf(symbol, world),
      hasMark: hasMarkOf(symbol),
      fineIntervalMs: world.parts === undefined ? null : world.intervalMs / world.parts,
      funding: fundingOf(symbol.funding),
    })),
    accounts: world.accounts.map((account) => ({
      name: account.name,
      rules: findPreset(account.preset)!,
      contracts: account.exchange === 'simulated2' ? second : first,
      balances: account.balances.map(({ currency, amount }) => ({
        currency: { code: currency, decimals: decimalsOf(world, currency, account.exchange) },
        amount: BigInt(amount),
      })),
      mode: account.mode,
      positionMode: account.positionMode,
      autoMargin: account.autoMargin,
      leverage: fractionOfText(account.leverage),
      modeIsExplicit: false,
      leverageIsExplicit: false,
      ...(account.takerFee === null ? {} : { takerFee: fractionOfText(account.takerFee) }),
      ...(account.makerFee === null ? {} : { makerFee: fractionOfText(account.makerFee) }),
    })),
    strategy: scriptOf(world, onCall),
    params: {},
    fromMs: null,
    toMs: null,
    intrabar: world.intrabar,
    slippage: { unit: world.slippage.unit, amount: fractionOfText(world.slippage.amount) },
    balanceEvery: world.balanceEvery,
    ...(world.timeframe === undefined ? {} : { timeframeMs: world.timeframe.bars * world.intervalMs }),
    ...(world.fills === undefined ? {} : { fills: givenOf(world.fills) }),
    sink,
  };
}
