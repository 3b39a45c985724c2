/**
 * What a run is given: series of bars, funding, accounts, a strategy and the settings of the simulation, all read, checked
 * and typed. Types only; options and files are turned into these by the command line.
 */

import type { Contract } from '../contract/contract.js';
import type { BarSeries, FundingRate } from '../market/bars.js';
import type { Fraction } from '../money/decimal.js';
import type { Currency } from '../money/units.js';
import type { Context, Params, Strategy } from '../strategy/strategy.js';
import type { VenueRules } from '../venue/rules.js';
import type { GivenFills } from './givenFills.js';
import type { MarginMode, PositionMode, RecordSink } from './records.js';

/** Where the funding of a symbol comes from. */
export type FundingSource =
  /** Rows of a funding file, ascending. */
  | { readonly kind: 'rates'; readonly rates: readonly FundingRate[] }
  /** One rate at every funding time of the contract. */
  | { readonly kind: 'constant'; readonly rate: Fraction }
  /** No funding was given: each funding time with a position is counted as missing. */
  | { readonly kind: 'missing' };

/** The candles of one symbol of a run. */
export interface SymbolInput {
  /**
   * What the run calls them: the symbol, or `SYMBOL.venue` where several venues' candles of one symbol are in the run. No two of a
   * run have the same.
   */
  readonly name: string;
  readonly symbol: string;
  /** The venue they were given for, as named; null: they serve every account whose exchange lists the symbol. */
  readonly venue: string | null;
  /** Mark columns and finer bars, where there are any, are already in the chunks. */
  readonly bars: BarSeries;
  readonly hasMark: boolean;
  /** Length of the finer bars in the chunks, a part of the bars' own and the same for all symbols; null without. Milliseconds. */
  readonly fineIntervalMs: number | null;
  readonly funding: FundingSource;
}

/** The contracts that an account can trade, by the name of their candles; not empty. */
export type TradedContracts = ReadonlyMap<SymbolInput['name'], Contract>;

/** What an account starts with in one currency, in its settlement units. */
export interface StartingBalance {
  readonly currency: Currency;
  readonly amount: bigint;
}

/** One account of a run. */
export interface AccountInput {
  readonly name: string;
  /** Venue preset in force. */
  readonly rules: VenueRules;
  /** Of its own exchange; accounts of one exchange share one map. */
  readonly contracts: TradedContracts;
  /** Starting balances, one a currency; the first is the account's own. Not empty. */
  readonly balances: readonly StartingBalance[];
  readonly mode: MarginMode;
  readonly positionMode: PositionMode;
  /** Whether isolated positions call for margin by themselves before they are liquidated. */
  readonly autoMargin: boolean;
  /** 0 is cross with the tier's own rate. */
  readonly leverage: Fraction;
  /** True where `--mode` or `--leverage` was given, so that a strategy that overrides it is warned about. */
  readonly modeIsExplicit: boolean;
  readonly leverageIsExplicit: boolean;
  /** Overrides of the contract's rates. */
  readonly takerFee?: Fraction;
  readonly makerFee?: Fraction;
}

export type Intrabar = 'adverse' | 'nearest' | 'favourable' | 'ohlc' | 'olhc';

/** Slippage on every taker fill, against the trader; never on liquidations. */
export interface Slippage {
  readonly unit: 'ticks' | 'bps';
  readonly amount: Fraction;
}

/** When rows of the balance table are written: at each bar close, at each event, or at multiples of a length of time. */
export interface BalanceEvery {
  readonly bar: boolean;
  readonly event: boolean;
  /** Milliseconds, for example 3,600,000 and 86,400,000; rows stand at UTC multiples. */
  readonly everyMs: readonly number[];
}

export interface RunInput<P extends Params = Params> {
  /** Of one interval; the first is the strategy's `context.symbol`. Their order decides nothing else. */
  readonly symbols: readonly SymbolInput[];
  readonly accounts: readonly AccountInput[];
  readonly strategy: Strategy<P, unknown>;
  readonly params: P;
  /**
   * Gives orders that are fed into the run, before each bar: at the last close, and before the first bar at its open. Its calls
   * are those of a strategy; `nextOpenMs` is when they are first eligible.
   */
  readonly beforeOpen?: (context: Context<P>, nextOpenMs: number) => void;
  /** Fills that are settled as they are; nothing is matched for them. */
  readonly fills?: GivenFills;
  /** Length of the bars that the strategy is called on, a multiple of the bars'; those themselves when absent. Milliseconds. */
  readonly timeframeMs?: number | undefined;
  /** Half open, by bar open time. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Seeds what a strategy draws from `Math.random`; 0 when absent. */
  readonly seed?: number;
  readonly intrabar: Intrabar;
  readonly slippage: Slippage;
  readonly balanceEvery: BalanceEvery;
  readonly sink: RecordSink;
  /** Polled at bar boundaries; when true the run ends there, marked interrupted. */
  readonly isInterrupted?: () => boolean;
  /** Called now and then with the bars settled and the time reached. */
  readonly onProgress?: (bars: number, timeMs: number) => void;
  /** A strategy's `context.log` and one-off notices such as a blown-up account. */
  readonly onNotice?: (message: string, timeMs: number) => void;
}
