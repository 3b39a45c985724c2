/**
 * A world as the engines take it: a fresh RunInput with series of bars, accounts, and a strategy that reads its calls from the
 * script. Shares nothing between two inputs of one world.
 */

import type { Contract } from '../../contract/contract.js';
import type { RecordSink } from '../../engine/records.js';
import type { FundingSource, RunInput } from '../../engine/runInput.js';
import type { BarChunk, BarSeries } from '../../market/bars.js';
import type { Account, Context, OrderOptions, Strategy } from '../../strategy/strategy.js';
import { bitmex } from '../../venue/presets/bitmex.js';
import { bitmex2020 } from '../../venue/presets/bitmex2020.js';
import { generic } from '../../venue/presets/generic.js';
import type { World, WorldCall, WorldContract, WorldFunding } from './world.js';

export const SYMBOL = 'SIM';

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

/** A strategy that makes the calls of a script. */
function strategyOf(calls: readonly WorldCall[], warmup: number): Strategy {
  const ids = new Map<number, number>();
  const callAll = (context: Context, at: number | null): void => {
    for (const line of calls) if (line.at === at) callOne(context.accounts.get(line.account), line, ids);
  };
  return {
    name: 'script',
    warmup,
    initialize: (context) => callAll(context, null),
    handleData: (context, bar) => callAll(context, bar!.openTimeMs),
  };
}

function callOne(account: Account, line: WorldCall, ids: Map<number, number>, onResult: (text: string) => void): void {
  const note = (result: CallResult): boolean => {
    onResult(`${line.at} ${line.account} ${line.call}: ${result.code ?? ''} ${result.reason ?? result.status}`);
    return result.status === 'done';
  };
  if (line.call === 'cancelAll') account.cancelAll(SYMBOL);
  else if (line.call === 'setMode') note(account.setMode(line.mode));
  else if (line.call === 'setMaxLeverage') callLeverage(account, line.leverage, note);
  else if (line.call === 'addMargin' || line.call === 'removeMargin') callMargin(account, line.call, line.amount, note);
  else if (line.call === 'cancel') note(account.cancel((ids.get(line.key) ?? 900_000) + line.child));
  else {
    const options: OrderOptions = {
      ...(line.orderStyle.length === 0 ? {} : { orderStyle: line.orderStyle }),
      ...(line.reduceOnly ? { reduceOnly: true } : {}),
      ...(line.postOnly ? { postOnly: true } : {}),
      ...(line.trigger === null ? {} : { trigger: line.trigger }),
      ...(line.triggerBy === null ? {} : { triggerBy: line.triggerBy }),
    };
    ids.set(line.key, account[line.call](SYMBOL, line.price, line.amount, options).id);
  }
}

type Note = (result: CallResult) => boolean;

/** Sets a leverage, or goes to the bound of what is accepted in ever smaller steps. */
function callLeverage(account: Account, asked: string, note: Note): void {
  if (asked !== 'highest' && asked !== 'lowest') {
    note(account.setMaxLeverage(asked));
    return;
  }
  let { leverage } = account.position(SYMBOL);
  for (let step = asked === 'highest' ? 100 : -leverage; Math.abs(step) > 0.001; step /= 2) {
    const next = Math.round((leverage + step) * 10_000) / 10_000;
    if (next > 0 && note(account.setMaxLeverage(next))) leverage = next;
  }
}

/** Moves an amount of margin, or all that is accepted: half of what there is, a quarter, … one unit. */
function callMargin(account: Account, call: 'addMargin' | 'removeMargin', amount: string, note: Note): void {
  if (amount !== 'most') {
    note(account[call](SYMBOL, amount));
    return;
  }
  const most = call === 'addMargin' ? account.available : account.position(SYMBOL).margin;
  const units = (most * 10 ** FINEST) >> 0;
  void units;
}

const PRESETS = { bitmex, bitmex_2020: bitmex2020, generic };

export function inputOf(world: World, sink: RecordSink): RunInput {
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
    strategy: strategyOf(world.calls, world.warmup),
    params: {},
    fromMs: null,
    toMs: null,
    intrabar: world.intrabar,
    slippage: { unit: world.slippage.unit, amount: fractionOfText(world.slippage.amount) },
    balanceEvery: world.balanceEvery,
    sink,
  };
}
