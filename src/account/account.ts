/**
 * An account: a ledger for each settlement currency and its positions. Its methods are the only place where a fill, a funding
 * payment, a liquidation or cash changes them, each as bills. It knows no orders, no bars and no paths: callers decide that
 * something happens, and at which price.
 */

import type { Contract } from '../contract/contract.js';
import { computeValue } from '../contract/payoff.js';
import type { PositionEffect, Side } from '../contract/sides.js';
import { invariant } from '../errors.js';
import type { Fraction } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import type { Currency } from '../money/units.js';
import type { VenueRules } from '../venue/rules.js';
import { type Balances, computeBalances } from './balances.js';
import type { Bill, PositionMode } from './bills.js';
import type {
  CashBill,
  FillPart,
  FillResult,
  LiquidatedPosition,
  LiquidationPrices,
  MoveBill,
  TakeOver,
} from './bookings.js';
import { AccountBooks, type AccountSettings } from './books.js';
import { bookFillPart } from './fillBooking.js';
import { bookLiquidation } from './liquidationBooking.js';
import type { Moved } from './marginMoves.js';
import { absolute, type Position, type Slot } from './position.js';
import { byCodeUnit, type SymbolSettings } from './positionBook.js';
import type { MarkOf, RiskGroup, RiskMember } from './riskGroup.js';
import { bookTakeOver } from './takeOver.js';

/** Which side a funding payment concerns, and what the wallet can give where it pays before the margin does. */
export interface FundingOptions {
  readonly slot?: Slot;
  /** Settlement units; read only where the venue pays isolated funding from what is available first. */
  readonly transferable?: bigint;
}

export class TradingAccount {
  readonly settings: AccountSettings;
  readonly #books: AccountBooks;
  /** When a ledger has blown up, by its currency. */
  readonly #ends = new Map<string, number>();

  constructor(settings: AccountSettings, books: AccountBooks = new AccountBooks(settings)) {
    this.settings = settings;
    this.#books = books;
  }

  get rules(): VenueRules {
    return this.settings.rules;
  }

  /** Wallet balance W of the account's own ledger, in settlement units. */
  get wallet(): bigint {
    return this.walletOf(this.settings.currency.code);
  }

  /** Wallet balance of a ledger; 0 where there is none. */
  walletOf(code: string): bigint {
    return this.#books.wallets.balanceOf(code);
  }

  /** Of all ledgers, the account's own first, then in the order in which they were opened. */
  get currencies(): readonly Currency[] {
    return this.#books.wallets.currencies;
  }

  hasLedger(code: string): boolean {
    return this.#books.wallets.has(code);
  }

  /** Opens a ledger with nothing in it; one that is there stays. */
  openLedger(currency: Currency): void {
    this.#books.wallets.open(currency);
  }

  /** Bills of all ledgers since the last call, in the order in which they were booked. */
  takeBills(): Bill[] {
    return this.#books.wallets.takeBills();
  }

  /** When the own ledger has blown up; the account ends there. */
  get bankruptAtMs(): number | null {
    return this.bankruptAtMsOf(this.settings.currency.code);
  }

  set bankruptAtMs(timeMs: number | null) {
    if (timeMs === null) this.#ends.delete(this.settings.currency.code);
    else this.endLedger(this.settings.currency.code, timeMs);
  }

  /** When a ledger has blown up; null while it lives. */
  bankruptAtMsOf(code: string): number | null {
    return this.#ends.get(code) ?? null;
  }

  endLedger(code: string, timeMs: number): void {
    this.#ends.set(code, timeMs);
  }

  /** The position of a contract's slot; created flat at the first request. */
  position(contract: Contract, slot: Slot = 'net'): Position {
    return this.#books.positions.position(contract, slot);
  }

  /** The positions of a symbol's mode, flat ones too: the net one, or long and short. */
  positionsOf(contract: Contract): readonly Position[] {
    return this.#books.positions.positionsOf(contract);
  }

  /** The slot that a trade concerns in the symbol's mode. */
  slotOf(contract: Contract, side: Side, effect: PositionEffect): Slot {
    return this.#books.positions.slotOf(contract, side, effect);
  }

  /** All that are not flat, spot holdings too, by code unit of the symbol, long before short. @param code of one ledger. */
  openPositions(code?: string): readonly Position[] {
    const open = this.#books.positions.open();
    return code === undefined ? open : open.filter(({ contract }) => contract.settle.code === code);
  }

  symbolSettings(contract: Contract): SymbolSettings {
    return this.#books.positions.settingsOf(contract);
  }

  positionModeOf(contract: Contract): PositionMode {
    return this.symbolSettings(contract).positionMode;
  }

  /** Only while the symbol is flat. @throws InvariantError */
  setPositionMode(contract: Contract, positionMode: PositionMode): void {
    this.#books.positions.set(contract, { positionMode });
  }

  autoMarginOf(contract: Contract): boolean {
    return this.symbolSettings(contract).autoMargin;
  }

  setAutoMargin(contract: Contract, autoMargin: boolean): void {
    this.#books.positions.set(contract, { autoMargin });
  }

  /** Another margin mode or leverage of a symbol whose positions' margins do not move; both sides have it. */
  applySetting(contract: Contract, changes: Partial<Pick<SymbolSettings, 'mode' | 'leverage'>>): void {
    this.#books.positions.set(contract, changes);
  }

  takerFee(contract: Contract): Fraction {
    return this.#books.takerFee(contract);
  }

  makerFee(contract: Contract): Fraction {
    return this.#books.makerFee(contract);
  }

  /** B behind a position: its isolated margin, or the cross wallet of its ledger. */
  collateral(position: Position): bigint {
    return this.#books.collateral(position);
  }

  /** W less what isolated positions have been assigned; commission reserves stay in. */
  crossWallet(code: string = this.settings.currency.code): bigint {
    return this.#books.crossWallet(code);
  }

  /** Balances of a ledger at the marks given; what its orders lock is computed by whoever knows them. */
  balances(code: string, markOf: MarkOf, orderMargin: bigint, locked = 0n): Balances {
    const inputs = this.openPositions(code)
      .filter(({ contract }) => contract.type !== 'spot')
      .map((position) => ({ ...this.#memberOf(position), mark: markOf(position.contract) }));
    return computeBalances(this.rules, this.walletOf(code), inputs, orderMargin, locked);
  }

  /** What is liquidated together: isolated positions one by one, then the cross ones of each ledger by currency. */
  riskGroups(code?: string): readonly RiskGroup[] {
    const atRisk = this.openPositions(code).filter(({ contract }) => contract.type !== 'spot');
    if (atRisk.length < 2) return atRisk.map((position) => this.#groupOf([position]));
    const isolated = atRisk.filter(({ mode }) => mode === 'isolated').map((position) => this.#groupOf([position]));
    const cross = atRisk.filter(({ mode }) => mode === 'cross');
    const codes = [...new Set(cross.map(({ contract }) => contract.settle.code))].sort(byCodeUnit);
    const together = codes.map((each) => this.#groupOf(cross.filter(({ contract }) => contract.settle.code === each)));
    return [...isolated, ...together];
  }

  /** The group that an open position is in. @throws InvariantError for a flat one and for spot. */
  riskGroupOf(position: Position): RiskGroup {
    const { contract, mode, qty } = position;
    invariant(qty !== 0n && contract.type !== 'spot', () => `${contract.symbol} is in no risk group`);
    if (mode === 'isolated') return this.#groupOf([position]);
    const open = this.openPositions(contract.settle.code);
    return this.#groupOf(open.filter((other) => other.mode === 'cross' && other.contract.type !== 'spot'));
  }

  #groupOf(positions: readonly Position[]): RiskGroup {
    const [first] = positions as readonly [Position];
    const { mode, contract } = first;
    const members = positions.map((position) => this.#memberOf(position));
    return { rules: this.rules, mode, currency: contract.settle, collateral: this.collateral(first), members };
  }

  #memberOf(position: Position): RiskMember {
    return { position, takerFee: this.takerFee(position.contract) };
  }

  deposit(amount: bigint, timeMs: number, info: string, currency: Currency = this.settings.currency): void {
    this.applyCash('deposit', currency, amount, timeMs, info);
  }

  /** Books money that comes in or goes out. @param amount above 0; money that goes out is booked with a minus. */
  applyCash(type: CashBill, currency: Currency, amount: bigint, timeMs: number, info: string): void {
    const isOut = type === 'withdraw' || type === 'transfer_out';
    this.#books.postIn(currency, null, type, isOut ? -amount : amount, 0n, { timeMs, info });
  }

  /** Books an opening or closing part of a fill, of a contract or on spot. */
  applyFillPart(part: FillPart): FillResult {
    return bookFillPart(this.#books, part);
  }

  /**
   * Books a funding payment −s·V(mark)·rate, rounded half away. An isolated position pays from and receives into its margin, or,
   * where the venue has it, pays from what is available first and receives there; a cross one has the wallet.
   *
   * @returns the amount, plus when received.
   */
  applyFunding(
    contract: Contract,
    timeMs: number,
    rate: Fraction,
    mark: Fraction,
    { slot = 'net', transferable = 0n }: FundingOptions = {},
  ): bigint {
    const position = this.position(contract, slot);
    const value = computeValue(contract, this.rules.valueRounding, absolute(position.qty), mark);
    const sign = position.qty > 0n ? -1n : 1n;
    const amount = divHalfAway(sign * value * rate.num, rate.den);
    const ofMargin = position.mode === 'isolated' ? this.#marginPart(amount, transferable) : 0n;
    position.margin += ofMargin;
    this.#books.post(position, 'funding', amount, ofMargin, { timeMs, info: 'funding' });
    return amount;
  }

  /** The part of a funding amount that an isolated margin bears. */
  #marginPart(amount: bigint, transferable: bigint): bigint {
    if (this.rules.isolatedFunding === 'position_margin') return amount;
    return amount + transferable < 0n ? amount + transferable : 0n;
  }

  /** Takes a position over at the bankruptcy price by itself, whatever the venue's fill rule. */
  applyTakeOver(contract: Contract, timeMs: number, mark: Fraction, slot: Slot = 'net'): TakeOver {
    return bookTakeOver(this.#books, this.position(contract, slot), timeMs, mark);
  }

  /** Liquidates all positions of a group of this account by the venue's fill rule; results are in the group's order. */
  applyLiquidation(group: RiskGroup, timeMs: number, prices: LiquidationPrices): readonly LiquidatedPosition[] {
    return bookLiquidation(this.#books, group, timeMs, prices);
  }

  /**
   * Changes mode, leverage or margin of a position; margin that moves is a bill without a wallet amount. Mode and leverage are
   * the symbol's, so the other side of a hedge has them too; its margin is moved by a call of its own.
   */
  applyMove(contract: Contract, timeMs: number, moved: Moved, type: MoveBill, info: string, slot: Slot = 'net'): void {
    const position = this.position(contract, slot);
    const delta = moved.margin - position.margin;
    this.#books.positions.set(contract, { mode: moved.mode, leverage: moved.leverage });
    position.margin = moved.margin;
    position.added = moved.added;
    this.#books.post(position, type, 0n, delta, { timeMs, info });
  }

  /** One round of an automatic margin call: margin from the wallet behind the position, counted as added. */
  applyAutoMargin(position: Position, timeMs: number, amount: bigint): void {
    position.margin += amount;
    position.added += amount;
    this.#books.post(position, 'auto_margin', 0n, amount, { timeMs, info: 'automatic margin' });
  }

  /** A copy that can be settled along another path. Bills must have been taken. */
  clone(): TradingAccount {
    const copy = new TradingAccount(this.settings, this.#books.clone());
    for (const [code, timeMs] of this.#ends) copy.#ends.set(code, timeMs);
    return copy;
  }
}
