/**
 * A world of the simulator: everything a run is given, as plain data that JSON can hold, so that it can be printed and made
 * smaller. Amounts are decimal text. Turning a world into a RunInput is worldInput.ts, making one up is worldOf.ts.
 */

import type { Intrabar } from '../../engine/runInput.js';
import type { OrderChanges, OrderOptions, OrderStyle } from '../../strategy/strategy.js';

/** A table of tiers: floors in settlement units or in quantity units. */
export interface WorldTiers {
  readonly by: 'value' | 'qty';
  readonly rows: readonly { readonly floor: string; readonly initial: string; readonly maintenance: string }[];
  readonly limit: string | null;
}

export interface WorldContract {
  readonly type: 'inverse' | 'linear' | 'quanto' | 'spot';
  /** Currency of profit and margin; of a spot pair, the one that is paid. */
  readonly settle: string;
  /** Currency of the prices, which totals go by; USD where there is none. */
  readonly quote?: string;
  /** What a spot pair's quantity is of; none of contracts. */
  readonly base?: { readonly code: string; readonly decimals: number };
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
  readonly tiers: WorldTiers | null;
  readonly minNotional: string | null;
  readonly liquidationFee: string | null;
}

export type WorldCandle = readonly [open: number, high: number, low: number, close: number];

/** The prices of a stretch of time. */
export interface WorldPrices {
  readonly last: WorldCandle;
  readonly mark: WorldCandle | null;
  /** Whether the mark is known at the close. */
  readonly isMarkKnown: boolean;
}

export interface WorldBar extends WorldPrices {
  readonly openTimeMs: number;
  /** The finer bars that cover it, as many as the world's bars have parts; none where they do not. */
  readonly parts?: readonly WorldPrices[];
}

/** The two exchanges that a world may have, by what their contracts call their venue. */
export const EXCHANGES = ['simulated', 'simulated2'] as const;
export type Exchange = (typeof EXCHANGES)[number];

export interface WorldAccount {
  readonly name: string;
  /** Name of a venue preset. */
  readonly preset: string;
  /** Settlement units by currency, the account's own first. */
  readonly balances: readonly { readonly currency: string; readonly amount: string }[];
  readonly mode: 'cross' | 'isolated';
  readonly positionMode: 'one_way' | 'hedged';
  readonly autoMargin: boolean;
  readonly leverage: string;
  readonly takerFee: string | null;
  readonly makerFee: string | null;
  /** Where it trades; at the first exchange where there is none. */
  readonly exchange?: Exchange;
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
  | 'shortClosePct'
  | SpotCallName;

export type SpotCallName = 'buy' | 'sell' | 'buyPct' | 'sellPct';

/** The candles of one symbol of a world. */
export interface WorldSymbol {
  /** Of the candles: the symbol, or with the venue where both venues' candles are in the world. */
  readonly name: string;
  /** As the exchanges list it, where the name is another. */
  readonly symbol?: string;
  /** The only venue that the candles are for; for every exchange that lists the symbol where there is none. */
  readonly venue?: Exchange;
  /** As the first exchange lists it; candles of the second have it from that one. */
  readonly contract: WorldContract;
  /** As the second exchange lists it too. */
  readonly elsewhere?: WorldContract;
  readonly bars: readonly WorldBar[];
  readonly funding: WorldFunding;
}

/** Stands for all accounts at once. */
export const ALL_ACCOUNTS = '*';

/** When a call is made, and by which account; `at` is the open time of the step after which it is called, null in `initialize`. */
interface CallHead {
  readonly at: number | null;
  readonly account: string;
}

export interface OrderCall extends CallHead {
  readonly call: OrderCallName;
  readonly symbol: string;
  /** Name by which a cancel finds the order. */
  readonly key: number;
  readonly price: string | null;
  readonly amount: string;
  readonly orderStyle: readonly OrderStyle[];
  readonly reduceOnly: boolean;
  readonly postOnly: boolean;
  readonly trigger: string | null;
  readonly triggerBy: 'last' | 'mark' | null;
  readonly timeInForce?: string;
  readonly leverage?: string;
}

/** A market order by value over wallet, or with its leverage by two of three; null asks for the last size. */
export interface SizedCall extends CallHead {
  readonly call: 'longOpenPob' | 'shortOpenPob' | 'openFixed';
  readonly symbol: string;
  readonly key: number;
  readonly side: 'long' | 'short';
  readonly size: { readonly pob?: string; readonly leverage?: string; readonly map?: string } | null;
  readonly options: OrderOptions;
}

/** A question for a quantity; the answer is compared. */
export interface SizingCall extends CallHead {
  readonly call: 'safeSize' | 'riskSize';
  readonly symbol: string;
  readonly numbers: readonly string[];
}

export type StopCallName =
  | 'stopLoss'
  | 'stopProfit'
  | 'stopLossPct'
  | 'stopProfitPct'
  | 'trailingStop'
  | 'trailingStopPct';

/** A stop for an order that has been given. */
export interface StopCall extends CallHead {
  readonly call: StopCallName;
  /** The order, and 0 or the how-manieth of its stops. */
  readonly of: number;
  readonly child: number;
  readonly key: number;
  readonly value: string;
  readonly base: string | null;
}

export interface ModifyCall extends CallHead {
  readonly call: 'modify';
  readonly key: number;
  readonly child: number;
  readonly changes: OrderChanges & { readonly tag?: string };
}

export interface LeverageCall extends CallHead {
  readonly call: 'setMaxLeverage';
  /** `highest` and `lowest` are looked for by halving what is refused. */
  readonly leverage: string;
  readonly symbol: string | null;
}

export interface MarginCall extends CallHead {
  readonly call: 'addMargin' | 'removeMargin';
  readonly symbol: string;
  /** `most` is looked for by halving what is refused. */
  readonly amount: string;
  readonly side: 'long' | 'short' | null;
}

export interface DepositCall extends CallHead {
  readonly call: 'deposit' | 'withdraw';
  readonly amount: string;
  readonly currency: string | null;
}

export interface TransferCall extends CallHead {
  readonly call: 'transfer';
  readonly to: string;
  readonly amount: string;
  readonly currency: string | null;
}

export type CashCall = DepositCall | TransferCall;

/** Asks for the wallet and the free money of a currency; the answers are compared. */
export interface FiguresCall extends CallHead {
  readonly call: 'figures';
  readonly currency: string;
  /** Whose position is asked for too. */
  readonly symbol: string;
}

/** One line of a script. */
export type WorldCall =
  | OrderCall
  | SizedCall
  | SizingCall
  | StopCall
  | ModifyCall
  | LeverageCall
  | MarginCall
  | CashCall
  | FiguresCall
  | (CallHead &
      (
        | { readonly call: 'cancel'; readonly key: number /** 0 is the order itself. */; readonly child: number }
        | { readonly call: 'cancelAll'; readonly symbol: string | null }
        | { readonly call: 'setMode'; readonly mode: 'cross' | 'isolated'; readonly symbol: string | null }
        | { readonly call: 'setPositionMode'; readonly mode: 'one_way' | 'hedged'; readonly symbol: string | null }
        | { readonly call: 'setAutoMargin'; readonly isOn: boolean; readonly symbol: string | null }
      ));

/** A fill that is given. */
export interface WorldFill {
  readonly timeMs: number;
  readonly account: string;
  /** Name of the candles. */
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly effect: 'open' | 'close' | null;
  /** Integer of the quantity unit. */
  readonly qty: string;
  readonly price: string;
  readonly liquidity: 'taker' | 'maker';
  /** In settlement units; by the rate where there is none. */
  readonly fee: string | null;
  readonly orderId: string | null;
}

export interface World {
  readonly seed: number;
  /** In the order of the input; the first is the strategy's own. */
  readonly symbols: readonly WorldSymbol[];
  readonly intervalMs: number;
  readonly accounts: readonly WorldAccount[];
  readonly calls: readonly WorldCall[];
  readonly intrabar: Intrabar;
  readonly slippage: { readonly unit: 'ticks' | 'bps'; readonly amount: string };
  readonly balanceEvery: { readonly bar: boolean; readonly event: boolean; readonly everyMs: readonly number[] };
  readonly warmup: number;
  /** Bars of a chunk handed to the engine. */
  readonly chunkLength: number;
  /** Length of the bars that the strategy is called on, in bars, and a length that it asks for; none where it is called on each. */
  readonly timeframe?: { readonly bars: number; readonly asked: string };
  /** Of how many finer bars a bar is; none where there are no finer candles. */
  readonly parts?: number;
  /** Fills in the order of their times, with candles or as all there is; none where orders are given. */
  readonly fills?: { readonly rows: readonly WorldFill[]; readonly areAlone: boolean };
}

/** What an exchange lists: the contracts of the world's candles that it has. */
export function listedAt(exchange: Exchange, symbols: World['symbols']): ReadonlyMap<WorldSymbol, WorldContract> {
  const listed = symbols.flatMap((symbol): [WorldSymbol, WorldContract][] => {
    const { venue, contract, elsewhere } = symbol;
    const found = venue === undefined ? (exchange === 'simulated' ? contract : elsewhere) : contract;
    return found === undefined || (venue ?? exchange) !== exchange ? [] : [[symbol, found]];
  });
  return new Map(listed);
}

/** What an account trades. */
export const tradedBy = (
  { exchange }: WorldAccount,
  symbols: World['symbols'],
): ReadonlyMap<WorldSymbol, WorldContract> => listedAt(exchange ?? 'simulated', symbols);

/** Open times at which any symbol has a bar, ascending. */
export function timesOf(world: Pick<World, 'symbols'>): number[] {
  const times = new Set(world.symbols.flatMap(({ bars }) => bars.map((bar) => bar.openTimeMs)));
  return [...times].sort((a, b) => a - b);
}

/** Digits of a currency's unit at an exchange; 8 where no symbol has it. */
export function decimalsOf({ symbols }: Pick<World, 'symbols'>, code: string, exchange?: Exchange): number {
  const contracts = [...listedAt(exchange ?? 'simulated', symbols).values()];
  const settled = contracts.find(({ settle }) => settle === code)?.settleDecimals;
  return settled ?? contracts.find(({ base }) => base?.code === code)?.base?.decimals ?? 8;
}

/** A world as text, one bar and one call a line. */
export function formatWorld(world: World): string {
  const { symbols, calls, fills, ...rest } = world;
  const lines = (items: readonly unknown[]): string => items.map((item) => `  ${JSON.stringify(item)}`).join(',\n');
  const bySymbol = symbols.map(({ bars, ...symbol }) => `${JSON.stringify(symbol)}\nbars [\n${lines(bars)}\n]`);
  const given = fills === undefined ? '' : `fills${fills.areAlone ? ' alone' : ''} [\n${lines(fills.rows)}\n]`;
  return `${JSON.stringify(rest)}\n${bySymbol.join('\n')}\ncalls [\n${lines(calls)}\n]\n${given}`;
}
