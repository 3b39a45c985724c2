/**
 * An account: one wallet in one settlement currency and its positions. Its methods are the only place where a fill, a funding
 * payment, a take-over or a deposit changes them, each as bills. It knows no orders, no bars and no paths: callers decide
 * that something happens, and at which price.
 */

import type { Contract } from '../contract/contract.js';
import { computeValue } from '../contract/payoff.js';
import type { Side } from '../contract/sides.js';
import { oppositeSide, positionSideOf, sideSign } from '../contract/sides.js';
import { invariant } from '../errors.js';
import type { Fraction } from '../money/decimal.js';
import { divHalfAway } from '../money/rounding.js';
import type { VenueRules } from '../venue/rules.js';
import { type Bill, type BillType, Ledger, type MarginMode } from './bills.js';
import type { FillPart, FillResult, MoveBill, TakeOver } from './bookings.js';
import { computeBankruptcyPrice, isBeyondBankruptcy } from './liquidation.js';
import {
  type Balances,
  computeAddedInitialMargin,
  computeBalances,
  computeCommissionReserve,
  computeFee,
  computeReleasedMargin,
} from './margin.js';
import type { Moved } from './marginMoves.js';
import { absolute, computeReleasedCost, createPosition, type Position, profitSign } from './position.js';

export interface AccountSettings {
  readonly name: string;
  readonly rules: VenueRules;
  readonly mode: MarginMode;
  readonly leverage: Fraction;
  /** Rates that replace the contract's. */
  readonly takerFee?: Fraction;
  readonly makerFee?: Fraction;
}

export class TradingAccount {
  readonly settings: AccountSettings;
  readonly #ledger: Ledger;
  readonly #positions = new Map<string, Position>();
  #positionsOpened = 0;
  /** Set when the account has blown up; it ends there. */
  bankruptAtMs: number | null = null;

  constructor(settings: AccountSettings, ledger: Ledger = new Ledger()) {
    this.settings = settings;
    this.#ledger = ledger;
  }

  get rules(): VenueRules {
    return this.settings.rules;
  }

  /** Wallet balance W in settlement units. */
  get wallet(): bigint {
    return this.#ledger.balance;
  }

  takeBills(): Bill[] {
    return this.#ledger.takeBills();
  }

  /** The position of a contract; created flat at the first request. */
  position(contract: Contract): Position {
    let position = this.#positions.get(contract.symbol);
    if (position === undefined) {
      position = createPosition(contract, this.settings.mode, this.settings.leverage);
      this.#positions.set(contract.symbol, position);
    }
    return position;
  }

  takerFee(contract: Contract): Fraction {
    return this.settings.takerFee ?? contract.takerFee;
  }

  makerFee(contract: Contract): Fraction {
    return this.settings.makerFee ?? contract.makerFee;
  }

  /** B behind a position: its isolated margin, or the cross wallet. */
  collateral(position: Position): bigint {
    return position.mode === 'isolated' ? position.margin : this.crossWallet();
  }

  /** W less what isolated positions have been assigned; commission reserves stay in. */
  crossWallet(): bigint {
    let assigned = 0n;
    for (const position of this.#positions.values()) assigned += position.margin;
    return this.wallet - assigned;
  }

  /** Balances at the marks given; `orderMargin` is computed by whoever knows the orders. */
  balances(markOf: (contract: Contract) => Fraction, orderMargin: bigint): Balances {
    const inputs = [];
    for (const position of this.#positions.values()) {
      if (position.qty === 0n) continue;
      inputs.push({ position, takerFee: this.takerFee(position.contract), mark: markOf(position.contract) });
    }
    return computeBalances(this.rules, this.wallet, inputs, orderMargin);
  }

  deposit(amount: bigint, timeMs: number, info: string): void {
    this.#post('deposit', amount, 0n, { timeMs, info });
  }

  /** Books an opening or closing part of a fill: profit, fee, margin, and insurance where a close ate more than the wallet. */
  applyFillPart(part: FillPart): FillResult {
    const position = this.position(part.contract);
    const value = computeValue(part.contract, this.rules.valueRounding, part.qty, part.price);
    const fee = computeFee(value, part.feeRate);
    if (part.effect === 'open') {
      this.#open(position, part, value, fee);
      return { value, fee, realizedPnl: 0n, insurance: 0n };
    }
    return { value, fee, ...this.#close(position, part, value, fee) };
  }

  #open(position: Position, part: FillPart, value: bigint, fee: bigint): void {
    const signed = sideSign(part.side) * part.qty;
    invariant(position.qty * signed >= 0n, () => `an opening fill of ${signed} against a position of ${position.qty}`);
    if (position.qty === 0n) {
      this.#positionsOpened += 1;
      position.id = this.#positionsOpened;
    }
    const added = position.mode === 'isolated' ? computeAddedInitialMargin(this.rules, position, value) : 0n;
    position.qty += signed;
    position.cost += value;
    position.margin += added;
    const at = { timeMs: part.timeMs, position, orderId: part.orderId };
    this.#post('fee', -fee, added, { ...at, info: `${part.side} open` });
  }

  #close(
    position: Position,
    part: FillPart,
    value: bigint,
    fee: bigint,
  ): Pick<FillResult, 'realizedPnl' | 'insurance'> {
    const held = absolute(position.qty);
    invariant(
      part.qty <= held && sideSign(part.side) * position.qty < 0n,
      () => `closing ${part.qty} of ${position.qty}`,
    );
    const cost = computeReleasedCost(position, part.qty);
    const released = computeReleasedMargin(position, part.qty);
    const profit = profitSign(position) * (value - cost);
    const at = { timeMs: part.timeMs, position, orderId: part.orderId };
    position.qty += sideSign(part.side) * part.qty;
    position.cost -= cost;
    position.margin -= released;
    // Margin added by hand is released in proportion.
    position.added -= position.qty === 0n ? position.added : (position.added * part.qty) / held;
    this.#post('realized_pnl', profit, -released, { ...at, fee, info: `${part.side} close` });
    this.#post('fee', -fee, 0n, { ...at, info: `${part.side} close` });
    const isCrossOpen = position.qty !== 0n && position.mode === 'cross';
    const insurance = isCrossOpen ? 0n : maxOf(0n, -this.crossWallet());
    this.#post('insurance', insurance, 0n, { ...at, info: 'loss beyond the wallet' });
    if (position.qty === 0n) this.#clear(position);
    return { realizedPnl: profit, insurance };
  }

  /**
   * Books a funding payment −s·V(mark)·rate, rounded half away: from and into the isolated margin, or the wallet for cross.
   *
   * @returns the amount, plus when received.
   */
  applyFunding(contract: Contract, timeMs: number, rate: Fraction, mark: Fraction): bigint {
    const position = this.position(contract);
    const value = computeValue(contract, this.rules.valueRounding, absolute(position.qty), mark);
    const sign = position.qty > 0n ? -1n : 1n;
    const amount = divHalfAway(sign * value * rate.num, rate.den);
    const isolated = position.mode === 'isolated' ? amount : 0n;
    position.margin += isolated;
    this.#post('funding', amount, isolated, { timeMs, position, info: 'funding' });
    return amount;
  }

  /**
   * Takes a position over at the bankruptcy price: an isolated one costs exactly its margin A (and the commission reserve as
   * a fee), a cross one the whole cross wallet. Where the mark is beyond that price the fill is at the mark and an insurance
   * bill makes up the difference.
   */
  applyTakeOver(contract: Contract, timeMs: number, mark: Fraction): TakeOver {
    const position = this.position(contract);
    const { rules } = this;
    const isolated = position.mode === 'isolated';
    const collateral = this.collateral(position);
    const reserve = isolated ? computeCommissionReserve(rules, position, this.takerFee(contract)) : 0n;
    const bankruptcy = computeBankruptcyPrice(rules, position, collateral);
    const atMark = bankruptcy === null || isBeyondBankruptcy(rules, position, collateral, mark);
    const held = absolute(position.qty);
    const positionSide = positionSideOf(position.qty);
    const closing: Side = oppositeSide(positionSide === 'long' ? 'buy' : 'sell');
    const markValue = computeValue(contract, rules.valueRounding, held, mark);
    const realizedPnl = atMark ? profitSign(position) * (markValue - position.cost) : -collateral;
    const value = atMark ? markValue : position.cost - profitSign(position) * collateral;
    const insurance = -collateral - realizedPnl;
    const at = { timeMs, position };
    const margin = position.margin;
    position.margin = 0n;
    this.#post('liquidation', realizedPnl, -margin, { ...at, fee: reserve, info: `${positionSide} taken over` });
    // The reserve is paid from the wallet; a wallet that funding has emptied pays what it has.
    const left = maxOf(0n, this.wallet + insurance);
    const fee = reserve < left ? reserve : left;
    this.#post('fee', -fee, 0n, { ...at, info: 'commission reserve' });
    this.#post('insurance', insurance, 0n, { ...at, info: 'difference to the bankruptcy price' });
    this.#clear(position);
    const price = atMark ? mark : bankruptcy;
    return { side: closing, positionSide, qty: held, price, value, realizedPnl, fee, insurance };
  }

  /** Changes mode, leverage or margin of a position; margin that moves is a bill without a wallet amount. */
  applyMove(contract: Contract, timeMs: number, moved: Moved, type: MoveBill, info: string): void {
    const position = this.position(contract);
    const delta = moved.margin - position.margin;
    position.mode = moved.mode;
    position.leverage = moved.leverage;
    position.margin = moved.margin;
    position.added = moved.added;
    this.#post(type, 0n, delta, { timeMs, position, info });
  }

  #clear(position: Position): void {
    position.qty = 0n;
    position.cost = 0n;
    position.margin = 0n;
    position.added = 0n;
    position.id = 0;
  }

  #post(
    type: BillType,
    amount: bigint,
    isolatedDelta: bigint,
    at: { timeMs: number; position?: Position; orderId?: number | null; fee?: bigint; info: string },
  ): void {
    this.#ledger.post({
      timeMs: at.timeMs,
      symbol: at.position?.contract.symbol ?? null,
      type,
      amount,
      fee: at.fee ?? 0n,
      isolatedDelta,
      orderId: at.orderId ?? null,
      positionId: at.position?.id ?? null,
      info: at.info,
    });
  }

  /** A copy that can be settled along another path. Bills must have been taken. */
  clone(): TradingAccount {
    const copy = new TradingAccount(this.settings, this.#ledger.clone());
    for (const [symbol, position] of this.#positions) copy.#positions.set(symbol, { ...position });
    copy.#positionsOpened = this.#positionsOpened;
    copy.bankruptAtMs = this.bankruptAtMs;
    return copy;
  }
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
