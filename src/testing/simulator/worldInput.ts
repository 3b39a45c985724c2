/**
 * A world as the engines take it: a fresh RunInput with series of bars, accounts, and a strategy that reads its calls from the
 * script. Shares nothing between two inputs of one world.
 */

import type { Contract } from '../../contract/contract.js';
import type { RecordSink } from '../../engine/records.js';
import type { FundingSource, RunInput } from '../../engine/runInput.js';
import type { BarChunk, BarSeries } from '../../market/bars.js';
import { bitmex } from '../../venue/presets/bitmex.js';
import { bitmex2020 } from '../../venue/presets/bitmex2020.js';
import { generic } from '../../venue/presets/generic.js';
import { type CallNote, SYMBOL, scriptOf } from './script.js';
import type { World, WorldContract, WorldFunding } from './world.js';

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

export function contractOf(world: WorldContract): Contract {
  const multiplier = fractionOfText(world.multiplier);
  return {
    venue: 'simulated',
    symbol: SYMBOL,
    type: world.type,
    quoteCurrency: 'USD',
    settle: { code: 'XBT', decimals: world.settleDecimals },
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
  };
}

function chunkOf(world: World, from: number): BarChunk {
  const bars = world.bars.slice(from, from + world.chunkLength);
  const column = (pick: (bar: (typeof bars)[number]) => number): Float64Array => Float64Array.from(bars.map(pick));
  const hasMark = world.bars.some((bar) => bar.mark !== null);
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

async function* chunksOf(world: World): AsyncGenerator<BarChunk> {
  for (let from = 0; from < world.bars.length; from += world.chunkLength) yield chunkOf(world, from);
}

function seriesOf(world: World): BarSeries {
  return {
    symbol: SYMBOL,
    intervalMs: world.intervalMs,
    dialect: 'plain',
    assumptions: [],
    stats: {
      rows: world.bars.length,
      bars: world.bars.length,
      firstOpenTimeMs: world.bars[0]?.openTimeMs ?? null,
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
    chunks: chunksOf(world),
  };
}

function fundingOf(funding: WorldFunding): FundingSource {
  if (funding.kind === 'constant') return { kind: 'constant', rate: fractionOfText(funding.rate) };
  return funding.kind === 'rates' ? { kind: 'rates', rates: funding.rates } : { kind: 'missing' };
}

const PRESETS = { bitmex, bitmex_2020: bitmex2020, generic };

/** @param onCall told what each call that is not an order came to. */
export function inputOf(world: World, sink: RecordSink, onCall: CallNote = () => {}): RunInput {
  return {
    symbols: [
      {
        contract: contractOf(world.contract),
        bars: seriesOf(world),
        hasMark: world.bars.some((bar) => bar.mark !== null),
        funding: fundingOf(world.funding),
      },
    ],
    accounts: world.accounts.map((account) => ({
      name: account.name,
      rules: PRESETS[account.preset],
      balance: BigInt(account.balance),
      mode: account.mode,
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
    sink,
  };
}
