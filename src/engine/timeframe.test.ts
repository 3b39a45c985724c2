/**
 * When a strategy is called and what it then sees, with and without `--timeframe`, as tables a trader can read. Every table is run
 * by both engines. Candles are of ten minutes from 2024-01-01; times are minutes since then.
 */

import { describe, expect, it, test } from '@jest/globals';
import type { UserError } from '../errors.js';
import type { Context, Strategy } from '../strategy/strategy.js';
import { runReference } from '../testing/referenceEngine/referenceEngine.js';
import { accountOf, LINEAR } from '../testing/referenceEngine/workedWorlds.js';
import type { World, WorldSymbol } from '../testing/simulator/world.js';
import { inputOf } from '../testing/simulator/worldInput.js';
import { runBacktest } from './engine.js';
import type { TradeRecord } from './records.js';
import type { RunInput } from './runInput.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Monday. */
const START_MS = Date.UTC(2024, 0, 1);
const minutes = (timeMs: number): number => (timeMs - START_MS) / MINUTE;

/** Candles by the minute of their close; the price is that minute, the range one around it. */
function symbolOf(name: string, closes: readonly number[]): WorldSymbol {
  return {
    name,
    contract: LINEAR,
    funding: { kind: 'missing' },
    bars: closes.map((close) => ({
      openTimeMs: START_MS + (close - 10) * MINUTE,
      last: [close + 1000, close + 1001, close + 999, close + 1000],
      mark: null,
      isMarkKnown: true,
    })),
  };
}

function worldOf(symbols: readonly WorldSymbol[], warmup = 0): World {
  return {
    seed: 0,
    symbols,
    intervalMs: 10 * MINUTE,
    accounts: [accountOf('generic', LINEAR, '100000000000')],
    calls: [],
    intrabar: 'adverse',
    slippage: { unit: 'ticks', amount: '0' },
    balanceEvery: { bar: false, event: false, everyMs: [] },
    warmup,
    chunkLength: 4,
  };
}

interface Setting {
  readonly symbols: readonly WorldSymbol[];
  readonly timeframeMs?: number;
  readonly warmup?: number;
  /** Minute. */
  readonly from?: number;
}

interface Ran {
  readonly told: readonly string[];
  /** Minutes at which orders were filled. */
  readonly fills: readonly number[];
}

/** Runs a strategy in both engines, which must tell it the same, and returns that. */
async function run(setting: Setting, strategyOf: (told: string[]) => Strategy): Promise<Ran> {
  const runs: Ran[] = [];
  for (const engine of [runBacktest, runReference] as ((input: RunInput) => Promise<unknown>)[]) {
    const told: string[] = [];
    const fills: number[] = [];
    const none = (): void => {};
    const sink = { stopTrade: none, order: none, balance: none, position: none, bill: none, closedTrade: none };
    const trade = ({ timeMs }: TradeRecord): void => void fills.push(minutes(timeMs));
    const { symbols, warmup = 0, timeframeMs, from } = setting;
    await engine({
      ...inputOf(worldOf(symbols, warmup), { ...sink, trade }),
      strategy: { warmup, ...strategyOf(told) },
      timeframeMs,
      fromMs: from === undefined ? null : START_MS + from * MINUTE,
    });
    runs.push({ told, fills });
  }
  expect(runs[1]).toEqual(runs[0]);
  return runs[0]!;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: (to - from) / 10 + 1 }, (_, i) => from + 10 * i);
const without = (closes: readonly number[], ...missing: number[]): number[] =>
  closes.filter((close) => !missing.includes(close));

/** A line of each call: minute of the call, the bar as open minute, first and last close in it and volume, bars seen so far. */
const telling = (told: string[]): Strategy => ({
  handleData(context, bar) {
    const figures =
      bar === undefined ? 'none' : `${minutes(bar.openTimeMs)}–${minutes(bar.closeTimeMs)}: ${bar.volume}`;
    if (context.bar()?.closeTimeMs !== bar?.closeTimeMs) told.push('context.bar() is another one');
    const warming = context.warmingUp ? ' warming up' : '';
    told.push(`${minutes(context.timeMs)}: ${figures}, ${context.bars().length} seen${warming}`);
  },
});

describe('when the strategy is called', () => {
  const DAY_OF = range(10, 180);
  test.each<[string, Setting, readonly string[]]>([
    [
      'no candle is missing',
      { symbols: [symbolOf('A', DAY_OF)], timeframeMs: HOUR },
      ['60: 0–60: 6, 1 seen', '120: 60–120: 6, 2 seen', '180: 120–180: 6, 3 seen'],
    ],
    [
      'the data begin and end inside a bar',
      { symbols: [symbolOf('A', range(30, 170))], timeframeMs: HOUR },
      ['60: 0–60: 4, 1 seen', '120: 60–120: 6, 2 seen'],
    ],
    [
      'the first candles of a bar are missing',
      { symbols: [symbolOf('A', without(DAY_OF, 70, 80))], timeframeMs: HOUR },
      ['60: 0–60: 6, 1 seen', '120: 60–120: 4, 2 seen', '180: 120–180: 6, 3 seen'],
    ],
    [
      'the last candles of a bar are missing',
      { symbols: [symbolOf('A', without(DAY_OF, 110, 120))], timeframeMs: HOUR },
      ['60: 0–60: 6, 1 seen', '130: 60–120: 4, 2 seen', '180: 120–180: 6, 3 seen'],
    ],
    [
      'one step completes two bars',
      { symbols: [symbolOf('A', without(DAY_OF, 120, 130, 140, 150, 160, 170))], timeframeMs: HOUR },
      ['60: 0–60: 6, 1 seen', '180: 60–120: 5, 2 seen', '180: 120–180: 1, 3 seen'],
    ],
    [
      'a whole bar is missing',
      { symbols: [symbolOf('A', without(DAY_OF, 70, 80, 90, 100, 110, 120))], timeframeMs: HOUR },
      ['60: 0–60: 6, 1 seen', '180: 120–180: 6, 2 seen'],
    ],
    [
      'another symbol has the candles that are missing',
      { symbols: [symbolOf('A', without(DAY_OF, 110, 120)), symbolOf('B', range(90, 130))], timeframeMs: HOUR },
      ['60: 0–60: 6, 1 seen', '120: 60–120: 4, 2 seen', '180: 120–180: 6, 3 seen'],
    ],
    [
      'only another symbol has candles in a bar',
      { symbols: [symbolOf('A', range(130, 180)), symbolOf('B', range(10, 60))], timeframeMs: HOUR },
      ['60: none, 0 seen', '180: 120–180: 6, 1 seen'],
    ],
    [
      'the timeframe is that of the candles',
      { symbols: [symbolOf('A', [10, 30])], timeframeMs: 10 * MINUTE },
      ['10: 0–10: 1, 1 seen', '30: 20–30: 1, 2 seen'],
    ],
    ['there is none', { symbols: [symbolOf('A', [10, 30])] }, ['10: 0–10: 1, 1 seen', '30: 20–30: 1, 2 seen']],
    [
      'the bars are days',
      { symbols: [symbolOf('A', [1430, 1440, 1450, 4320])], timeframeMs: 24 * HOUR },
      ['1440: 0–1440: 2, 1 seen', '4320: 1440–2880: 1, 2 seen', '4320: 2880–4320: 1, 3 seen'],
    ],
    [
      'the bars are weeks, which begin on Mondays',
      { symbols: [symbolOf('A', [-10, 0, 10, 10_070, 10_090])], timeframeMs: 7 * 24 * HOUR },
      ['0: -10080–0: 2, 1 seen', '10090: 0–10080: 2, 2 seen'],
    ],
  ])('when %s then these are the calls', async (_, setting, expected) => {
    expect((await run(setting, telling)).told).toEqual(expected);
  });
});

describe('warm-up in bars of the timeframe', () => {
  const CANDLES = range(10, 360);
  test.each<[string, Omit<Setting, 'symbols'>, readonly string[]]>([
    [
      'there is no --from: the first ones',
      { warmup: 2 },
      [
        '60: 0–60: 6, 1 seen warming up',
        '120: 60–120: 6, 2 seen warming up',
        '180: 120–180: 6, 3 seen',
        '240: 180–240: 6, 4 seen',
        '300: 240–300: 6, 5 seen',
        '360: 300–360: 6, 6 seen',
      ],
    ],
    [
      '--from is the end of a bar: those before it',
      { warmup: 2, from: 240 },
      [
        '180: 120–180: 6, 1 seen warming up',
        '240: 180–240: 6, 2 seen warming up',
        '300: 240–300: 6, 3 seen',
        '360: 300–360: 6, 4 seen',
      ],
    ],
    [
      '--from lies inside a bar: it is whole, and the first to trade on',
      { warmup: 1, from: 260 },
      ['240: 180–240: 6, 1 seen warming up', '300: 240–300: 6, 2 seen', '360: 300–360: 6, 3 seen'],
    ],
    [
      '--from lies inside a bar without warm-up: it is whole all the same',
      { from: 260 },
      ['300: 240–300: 6, 1 seen', '360: 300–360: 6, 2 seen'],
    ],
    [
      '--from comes before there are enough: the rest are the first of the run',
      { warmup: 3, from: 120 },
      [
        '60: 0–60: 6, 1 seen warming up',
        '120: 60–120: 6, 2 seen warming up',
        '180: 120–180: 6, 3 seen warming up',
        '240: 180–240: 6, 4 seen',
        '300: 240–300: 6, 5 seen',
        '360: 300–360: 6, 6 seen',
      ],
    ],
  ])('when %s', async (_, setting, expected) => {
    expect((await run({ symbols: [symbolOf('A', CANDLES)], timeframeMs: HOUR, ...setting }, telling)).told).toEqual(
      expected,
    );
  });

  it('when the last candles before --from are missing then the bar is warmed up on after the first step', async () => {
    const symbols = [symbolOf('A', without(CANDLES, 170, 180))];
    const { told } = await run({ symbols, timeframeMs: HOUR, warmup: 2, from: 180 }, telling);
    expect(told.slice(0, 3)).toEqual([
      '120: 60–120: 6, 1 seen warming up',
      '190: 120–180: 4, 2 seen warming up',
      '240: 180–240: 6, 3 seen',
    ]);
  });

  it('when thousands of candles lie before --from then the warm-up is the last of them', async () => {
    const symbols = [symbolOf('A', range(10, 60_000))];
    const { told } = await run({ symbols, timeframeMs: HOUR, warmup: 2, from: 59_930 }, telling);
    expect(told).toEqual([
      '59820: 59760–59820: 6, 1 seen warming up',
      '59880: 59820–59880: 6, 2 seen warming up',
      '59940: 59880–59940: 6, 3 seen',
      '60000: 59940–60000: 6, 4 seen',
    ]);
  });
});

describe('orders and what is told of them', () => {
  it('when an order is given on a bar then the next candle fills it, and the strategy hears of it with the next bar', async () => {
    const { told, fills } = await run({ symbols: [symbolOf('A', range(10, 180))], timeframeMs: HOUR }, (lines) => ({
      handleData({ account, symbol, timeMs }) {
        lines.push(`${minutes(timeMs)} handleData`);
        if (account.position(symbol).qty === 0) account.longOpen(symbol, null, 1);
      },
      onFill({ timeMs, bar }, fill) {
        lines.push(`${minutes(timeMs)} onFill of ${minutes(fill.timeMs)}, bar of ${minutes(bar()!.openTimeMs)}`);
      },
    }));
    expect(fills).toEqual([60]);
    expect(told).toEqual(['60 handleData', '120 onFill of 60, bar of 60', '120 handleData', '180 handleData']);
  });

  it('when a step completes two bars then what happened is told before the first', async () => {
    const candles = without(range(10, 240), 120, 130, 140, 150, 160, 170);
    const { told } = await run({ symbols: [symbolOf('A', candles)], timeframeMs: HOUR }, (lines) => ({
      handleData({ account, symbol, timeMs, bars }) {
        lines.push(`${minutes(timeMs)} handleData on ${minutes(bars().openTimeMs.at(-1))}`);
        if (timeMs === START_MS + 60 * MINUTE) account.longOpen(symbol, null, 1);
        account.longClose(symbol, null, 'nonsense');
      },
      onFill: ({ timeMs }) => void lines.push(`${minutes(timeMs)} onFill`),
      onOrderRejected: ({ timeMs }) => void lines.push(`${minutes(timeMs)} onOrderRejected`),
    }));
    expect(told).toEqual([
      '60 handleData on 0',
      '180 onOrderRejected',
      '180 onFill',
      '180 handleData on 60',
      '180 handleData on 120',
      '240 onOrderRejected',
      '240 onOrderRejected',
      '240 handleData on 180',
    ]);
  });

  it('when the run ends inside a bar then finish stands at the last close, and the bar is never shown', async () => {
    const { told } = await run({ symbols: [symbolOf('A', range(10, 90))], timeframeMs: HOUR }, (lines) => ({
      handleData: ({ timeMs }) => void lines.push(`${minutes(timeMs)} handleData`),
      finish: ({ timeMs, bars }) => void lines.push(`${minutes(timeMs)} finish, ${bars().length} seen`),
    }));
    expect(told).toEqual(['60 handleData', '90 finish, 1 seen']);
  });
});

describe('context.timeframe in a run', () => {
  const seen = (context: Context, length: string, symbol?: string): string => {
    const { length: count, openTimeMs, volume } = context.timeframe(length, symbol);
    return `${length} ${count}: ${minutes(openTimeMs.at(-1))}, ${volume.at(-1)}`;
  };

  it('when it is asked for on each candle then it grows at the ends of its bars, of each symbol', async () => {
    const symbols = [symbolOf('A', without(range(10, 130), 50, 60)), symbolOf('B', range(50, 70))];
    const { told } = await run({ symbols }, (lines) => ({
      handleData(context) {
        lines.push(`${minutes(context.timeMs)}: ${seen(context, '1h')}; ${seen(context, '30m', 'B')}`);
      },
    }));
    expect(told).toEqual([
      ...[10, 20, 30, 40, 50].map((minute) => `${minute}: 1h 0: NaN, NaN; 30m 0: NaN, NaN`),
      ...[60, 70, 80].map((minute) => `${minute}: 1h 1: 0, 4; 30m 1: 30, 2`),
      ...[90, 100, 110].map((minute) => `${minute}: 1h 1: 0, 4; 30m 2: 60, 1`),
      ...[120, 130].map((minute) => `${minute}: 1h 2: 60, 6; 30m 2: 60, 1`),
    ]);
  });

  it('when the run itself is on longer bars then longer and shorter ones are there, up to the moment', async () => {
    const symbols = [symbolOf('A', range(10, 240))];
    const { told } = await run({ symbols, timeframeMs: HOUR }, (lines) => ({
      handleData(context) {
        lines.push(
          `${minutes(context.timeMs)}: ${['2h', '1h', '30m'].map((length) => seen(context, length)).join('; ')}`,
        );
      },
    }));
    expect(told).toEqual([
      '60: 2h 0: NaN, NaN; 1h 1: 0, 6; 30m 2: 30, 3',
      '120: 2h 1: 0, 12; 1h 2: 60, 6; 30m 4: 90, 3',
      '180: 2h 1: 0, 12; 1h 3: 120, 6; 30m 6: 150, 3',
      '240: 2h 2: 120, 12; 1h 4: 180, 6; 30m 8: 210, 3',
    ]);
  });

  test.each<[string, number, number, readonly string[]]>([
    ['the warm-up begins with a bar', 240, 6, ['240: 1h 1: 180, 6', '300: 1h 2: 240, 6', '360: 1h 3: 300, 6']],
    ['the warm-up begins inside a bar', 240, 5, ['300: 1h 1: 240, 6', '360: 1h 2: 300, 6']],
    ['the run begins inside a bar and has no warm-up', 250, 0, ['360: 1h 1: 300, 6']],
    ['the run begins with a bar and has no warm-up', 240, 0, ['300: 1h 1: 240, 6', '360: 1h 2: 300, 6']],
  ])('when %s then only whole bars are shown', async (_, from, warmup, expected) => {
    const { told } = await run({ symbols: [symbolOf('A', range(10, 360))], from, warmup }, (lines) => ({
      handleData(context) {
        if (context.timeframe('1h').length > 0 && minutes(context.timeMs) % 60 === 0)
          lines.push(`${minutes(context.timeMs)}: ${seen(context, '1h')}`);
      },
    }));
    expect(told).toEqual(expected);
  });

  it('when it is asked for in initialize then it is the one of later calls', async () => {
    const { told } = await run({ symbols: [symbolOf('A', range(10, 120))] }, (lines) => ({
      initialize: (context) => context.timeframe('1h'),
      handleData({ timeMs }, _, hours) {
        lines.push(`${minutes(timeMs)}: ${(hours as { length: number }).length}`);
      },
    }));
    expect(told.filter((line) => /^(50|60|110|120):/.test(line))).toEqual(['50: 0', '60: 1', '110: 1', '120: 2']);
  });

  test.each(['15m', '5m', '60m', 'hour'])(
    'when it is asked for %s over candles of ten minutes then the run ends',
    async (length) => {
      const none = (): void => {};
      const sink = {
        trade: none,
        stopTrade: none,
        order: none,
        balance: none,
        position: none,
        bill: none,
        closedTrade: none,
      };
      const input = inputOf(worldOf([symbolOf('A', [10])]), sink);
      const strategy: Strategy = { handleData: (context) => void context.timeframe(length) };
      const failed = await runBacktest({ ...input, strategy }).catch((error: UserError) => error);
      expect(failed).toMatchObject({ code: 'bad_timeframe', exitCode: 1, found: length });
    },
  );
});

describe('context.cross in a run', () => {
  it('when it is asked for in each call then it tells the crosses of the bars, and every run remembers for itself', async () => {
    const setting = { symbols: [symbolOf('A', range(10, 300))], timeframeMs: HOUR };
    const { told } = await run(setting, (lines) => ({
      handleData({ timeMs, cross }) {
        const minute = minutes(timeMs);
        lines.push(`${minute}: ${cross(minute, 150)} ${cross('back', 250, minute)} ${cross(minute, 150)}`);
      },
    }));
    expect(told).toEqual(['60: 0 0 0', '120: 0 0 0', '180: 1 0 1', '240: 0 0 0', '300: 0 -1 0']);
  });
});

describe('a strategy that keeps a number of bars', () => {
  /** Length, first and newest close of a series, in minutes. */
  const shownOf = (bars: { length: number; close: { at(i: number): number } }): string =>
    `${bars.length} (${bars.close.at(0) - 1000}…${bars.close.at(-1) - 1000})`;

  it('when more bars have closed then the newest are seen, and a timeframe asked for early has all', async () => {
    const setting = { symbols: [symbolOf('A', range(10, 36_000))] };
    const { told } = await run(setting, (lines) => ({
      history: 7,
      initialize: (context) => context.timeframe('1h'),
      handleData(context, _, hours) {
        const minute = minutes(context.timeMs);
        if (![10, 70, 80, 36_000].includes(minute)) return;
        const bars = context.bars();
        lines.push(
          `${minute}: ${shownOf(bars)} ${bars.close.at(7)} ${bars.close.at(-8)} hours ${shownOf(hours as typeof bars)}`,
        );
      },
    }));
    expect(told).toEqual([
      '10: 1 (10…10) NaN NaN hours 0 (NaN…NaN)',
      '70: 7 (10…70) NaN NaN hours 1 (60…60)',
      '80: 7 (20…80) NaN NaN hours 1 (60…60)',
      '36000: 7 (35940…36000) NaN NaN hours 600 (60…36000)',
    ]);
  });

  it('when a timeframe is asked for late then it begins with what is kept, without the bar that lacks its beginning', async () => {
    const setting = { symbols: [symbolOf('A', range(10, 3000))] };
    const { told } = await run(setting, (lines) => ({
      history: 10,
      handleData(context) {
        const minute = minutes(context.timeMs);
        if (minute >= 1010 && minute % 60 === 0) lines.push(`${minute}: ${shownOf(context.timeframe('1h'))}`);
      },
    }));
    // At 1020 the candles 930 to 1020 are kept: 960 is the first hour that they have whole.
    expect(told.slice(0, 3)).toEqual(['1020: 1 (1020…1020)', '1080: 2 (1020…1080)', '1140: 3 (1020…1140)']);
  });

  it('when it is called on longer bars then so many of these are kept', async () => {
    const setting = { symbols: [symbolOf('A', range(10, 3000))], timeframeMs: HOUR };
    const { told } = await run(setting, (lines) => ({
      history: 3,
      handleData(context) {
        lines.push(shownOf(context.bars()));
      },
    }));
    expect(told.slice(1, 5)).toEqual(['2 (60…120)', '3 (60…180)', '3 (120…240)', '3 (180…300)']);
  });
});
