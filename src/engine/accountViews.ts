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
  const flat: PositionView = { ...settings, ...NOTHING };
  const held = known === null ? [] : positions.filter(({ qty }) => qty !== 0n);
  if (held.length === 0) return { ...flat, positionMode, long: flat, short: flat };
  const facts = held.map((position) => new HeldPosition(runtime, position, moment));
  const quantities = held.map(({ qty }) => qty);
  const sideOf = (sign: 1n | -1n): PositionView => {
    const i = quantities.findIndex((qty) => qty * sign > 0n);
    return i < 0 ? flat : heldView(settings, facts[i]!, quantities[i]!);
  };
  const isHedge = held.length > 1;
  const { qtyDecimals, settle } = book.contract;
  const [first] = facts;
  // Sums of units, not of float64: 0.1 and 0.2 are 0.3.
  const sum = (of: readonly bigint[]): bigint => of.reduce((total, one) => total + one, 0n);
  const money = (read: (one: HeldPosition) => bigint): number => unitsToF64(sum(facts.map(read)), settle.decimals);
  return {
    ...settings,
    positionMode,
    qty: unitsToF64(sum(quantities), qtyDecimals),
    get entryPrice() {
      return isHedge ? Number.NaN : first!.entryPrice;
    },
    get unrealizedPnl() {
      return money((one) => one.unrealizedPnl);
    },
    get margin() {
      return money((one) => one.margin);
    },
    get liquidationPrice() {
      return isHedge ? null : first!.liquidationPrice;
    },
    get long() {
      return sideOf(1n);
    },
    get short() {
      return sideOf(-1n);
    },
  };
}

const NOTHING = { qty: 0, entryPrice: Number.NaN, unrealizedPnl: 0, margin: 0, liquidationPrice: null } as const;

/** One side that is held. */
function heldView(
  settings: Pick<PositionView, 'symbol' | 'mode' | 'leverage'>,
  facts: HeldPosition,
  qty: bigint,
): PositionView {
  const { qtyDecimals, settle } = facts.contract;
  return {
    ...settings,
    qty: unitsToF64(qty, qtyDecimals),
    get entryPrice() {
      return facts.entryPrice;
    },
    get unrealizedPnl() {
      return unitsToF64(facts.unrealizedPnl, settle.decimals);
    },
    get margin() {
      return unitsToF64(facts.margin, settle.decimals);
    },
    get liquidationPrice() {
      return facts.liquidationPrice;
    },
  };
}
