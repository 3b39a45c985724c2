/**
 * A world of the simulator: everything a run is given, as plain data that JSON can hold, so that it can be printed and made
 * smaller. Amounts are decimal text. Turning a world into a RunInput is worldInput.ts, making one up is worldOf.ts.
 */

import type { Intrabar } from '../../engine/runInput.js';
import type { OrderStyle } from '../../strategy/strategy.js';

export type PresetName = 'bitmex' | 'bitmex_2020' | 'generic';

export interface WorldContract {
  readonly type: 'inverse' | 'linear' | 'quanto';
  readonly multiplier: string;
  readonly tick: string;
  readonly qtyDecimals: number;
  /** Integers of the quantity unit. */
  readonly qtyStep: string;
  readonly minQty: string;
  readonly settleDecimals: number;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly maxLeverage: string;
  readonly takerFee: string;
  readonly makerFee: string;
  readonly fundTimesMs: readonly number[];
  /** In settlement units. */
  readonly riskSteps: { readonly base: string; readonly step: string } | null;
}

export type WorldCandle = readonly [open: number, high: number, low: number, close: number];

export interface WorldBar {
  readonly openTimeMs: number;
  readonly last: WorldCandle;
  readonly mark: WorldCandle | null;
  /** Whether the mark is known at the close. */
  readonly isMarkKnown: boolean;
}

export interface WorldAccount {
  readonly name: string;
  readonly preset: PresetName;
  /** Settlement units. */
  readonly balance: string;
  readonly mode: 'cross' | 'isolated';
  readonly leverage: string;
  readonly takerFee: string | null;
  readonly makerFee: string | null;
}

export type WorldFunding =
  | { readonly kind: 'missing' }
  | { readonly kind: 'constant'; readonly rate: string }
  | {
      readonly kind: 'rates';
      readonly rates: readonly { readonly timeMs: number; readonly rate: string; readonly price?: string }[];
    };

export type OrderCallName =
  | 'longOpen'
  | 'longClose'
  | 'shortOpen'
  | 'shortClose'
  | 'longOpenPct'
  | 'longClosePct'
  | 'shortOpenPct'
  | 'shortClosePct';

/** One line of a script; `at` is the open time of the bar after which it is called, null in `initialize`. */
export type WorldCall = { readonly at: number | null; readonly account: string } & (
  | {
      readonly call: OrderCallName;
      /** Name by which a cancel finds the order. */
      readonly key: number;
      readonly price: string | null;
      readonly amount: string;
      readonly orderStyle: readonly OrderStyle[];
      readonly reduceOnly: boolean;
      readonly postOnly: boolean;
      readonly trigger: string | null;
      readonly triggerBy: 'last' | 'mark' | null;
    }
  /** `child` 0 is the order itself, 1 and more its bracket stops. */
  | { readonly call: 'cancel'; readonly key: number; readonly child: number }
  | { readonly call: 'cancelAll' }
  | { readonly call: 'setMode'; readonly mode: 'cross' | 'isolated' }
  /** `highest` and `lowest` are looked for by halving what is refused. */
  | { readonly call: 'setMaxLeverage'; readonly leverage: string }
  /** `most` is looked for by halving what is refused. */
  | { readonly call: 'addMargin'; readonly amount: string }
  | { readonly call: 'removeMargin'; readonly amount: string }
);

export interface World {
  readonly seed: number;
  readonly contract: WorldContract;
  readonly intervalMs: number;
  readonly bars: readonly WorldBar[];
  readonly funding: WorldFunding;
  readonly accounts: readonly WorldAccount[];
  readonly calls: readonly WorldCall[];
  readonly intrabar: Intrabar;
  readonly slippage: { readonly unit: 'ticks' | 'bps'; readonly amount: string };
  readonly balanceEvery: { readonly bar: boolean; readonly event: boolean; readonly everyMs: readonly number[] };
  readonly warmup: number;
  /** Bars of a chunk handed to the engine. */
  readonly chunkLength: number;
}

/** A world as text, one bar and one call a line. */
export function formatWorld(world: World): string {
  const { bars, calls, ...rest } = world;
  const lines = (items: readonly unknown[]): string => items.map((item) => `  ${JSON.stringify(item)}`).join(',\n');
  return `${JSON.stringify(rest)}\nbars [\n${lines(bars)}\n]\ncalls [\n${lines(calls)}\n]`;
}
