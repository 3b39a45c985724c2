/**
 * What an account shows of itself to a strategy: balances and positions as numbers, for deciding, never for booking.
 */

import { sameCoin } from '../contract/currencyLinks.js';
import { fractionToF64 } from '../money/decimal.js';
import { unitsToF64 } from '../money/units.js';
import type { PositionView, SymbolPosition } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import { HeldPosition } from './heldPosition.js';
import type { Moment } from './moment.js';
import type { SymbolBook } from './symbolBook.js';

/** Balances of the account's own ledger. */
export function accountFigures(
  runtime: AccountRuntime,
  moment: Moment,
): { balance: number; available: number; marginBalance: number; bankrupt: boolean } {
  const { code, decimals } = runtime.account.settings.currency;
  const balances = runtime.balances(code, moment);
  return {
    balance: unitsToF64(balances.wallet, decimals),
    available: Math.max(0, unitsToF64(balances.available, decimals)),
    marginBalance: unitsToF64(balances.marginBalance, decimals),
    bankrupt: runtime.account.bankruptAtMs !== null,
  };
}

/** Wallet and what is available of one ledger; zeros where there is none. */
export function ledgerFigures(
  runtime: AccountRuntime,
  currency: string,
  moment: Moment,
): { balance: number; available: number } {
  const { currencies } = runtime.account;
  const ledger =
    currencies.find(({ code }) => code === currency) ??
    currencies.find(({ code }) => sameCoin(code) === sameCoin(currency));
  if (ledger === undefined) return { balance: 0, available: 0 };
  const { wallet, available } = runtime.balances(ledger.code, moment);
  return {
    balance: unitsToF64(wallet, ledger.decimals),
    available: Math.max(0, unitsToF64(available, ledger.decimals)),
  };
}

/** The position in a symbol; an object also when flat, and for a symbol that the account does not trade. */
export function positionView(
  runtime: AccountRuntime,
  known: SymbolBook | null,
  symbol: string,
  moment: Moment,
): SymbolPosition {
  const book = known ?? runtime.books[0]!;
  const { account } = runtime;
  const positions = account.positionsOf(book.contract);
  const positionMode = account.positionModeOf(book.contract);
  const { mode, leverage } = positions[0]!;
  // The symbol as rows show it; what the account does not trade is called as it was asked for.
  const shown = known === null ? symbol : book.contract.symbol;
  const settings = { symbol: shown, mode, leverage: fractionToF64(leverage) };
  const held = known === null ? [] : positions.filter(({ qty }) => qty !== 0n);
  if (held.length > 0) {
    const sides = held.map((position) => new HeldPosition(runtime, position, moment));
    return new HeldView(settings, positionMode, sides);
  }
  const flat = flatView(settings);
  return Object.assign(flatView(settings), { positionMode, long: flat, short: flat });
}

function flatView({ symbol, mode, leverage }: Settings): PositionView {
  return {
    symbol,
    mode,
    leverage,
    qty: 0,
    entryPrice: Number.NaN,
    unrealizedPnl: 0,
    margin: 0,
    liquidationPrice: null,
  };
}

/** What all views of a symbol have in common. */
type Settings = Pick<PositionView, 'symbol' | 'mode' | 'leverage'>;

/** One side that is held; what costs something is worked out when it is read. */
class SideView implements PositionView {
  readonly symbol: string;
  readonly mode: PositionView['mode'];
  readonly leverage: number;
  readonly qty: number;
  readonly #facts: readonly HeldPosition[];

  /** @param facts of the side, or of both for the net of a hedge. */
  constructor({ symbol, mode, leverage }: Settings, facts: readonly HeldPosition[]) {
    this.symbol = symbol;
    this.mode = mode;
    this.leverage = leverage;
    this.#facts = facts;
    const [{ contract }] = facts as readonly [HeldPosition];
    this.qty = unitsToF64(sumOf(facts, readQty), contract.qtyDecimals);
  }

  get #isHedge(): boolean {
    return this.#facts.length > 1;
  }

  get entryPrice(): number {
    return this.#isHedge ? Number.NaN : this.#facts[0]!.entryPrice;
  }

  get unrealizedPnl(): number {
    return this.#money((one) => one.unrealizedPnl);
  }

  get margin(): number {
    return this.#money((one) => one.margin);
  }

  get liquidationPrice(): number | null {
    return this.#isHedge ? null : this.#facts[0]!.liquidationPrice;
  }

  #money(read: (one: HeldPosition) => bigint): number {
    return unitsToF64(sumOf(this.#facts, read), this.#facts[0]!.contract.settle.decimals);
  }

  toJSON(): PositionView {
    const { symbol, qty, entryPrice, unrealizedPnl, margin, mode, leverage, liquidationPrice } = this;
    return { symbol, qty, entryPrice, unrealizedPnl, margin, mode, leverage, liquidationPrice };
  }
}

/** A symbol in which something is held. */
class HeldView extends SideView implements SymbolPosition {
  readonly positionMode: SymbolPosition['positionMode'];
  readonly #settings: Settings;
  readonly #sides: readonly HeldPosition[];

  constructor(settings: Settings, positionMode: SymbolPosition['positionMode'], sides: readonly HeldPosition[]) {
    super(settings, sides);
    this.positionMode = positionMode;
    this.#settings = settings;
    this.#sides = sides;
  }

  get long(): PositionView {
    return this.#side(({ qty }) => qty > 0n);
  }

  get short(): PositionView {
    return this.#side(({ qty }) => qty < 0n);
  }

  #side(isIt: (one: HeldPosition) => boolean): PositionView {
    const side = this.#sides.find(isIt);
    return side === undefined ? flatView(this.#settings) : new SideView(this.#settings, [side]);
  }

  override toJSON(): SymbolPosition {
    const { positionMode, long, short } = this;
    return { ...super.toJSON(), positionMode, long, short };
  }
}

const readQty = ({ qty }: HeldPosition): bigint => qty;

/** Sums of units, not of float64: 0.1 and 0.2 are 0.3. */
function sumOf(facts: readonly HeldPosition[], read: (one: HeldPosition) => bigint): bigint {
  let sum = 0n;
  for (const one of facts) sum += read(one);
  return sum;
}
