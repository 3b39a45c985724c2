/**
 * What the bookings of an account work on: its settings, wallets and positions, and the one way to post a bill for them. It
 * decides nothing; fills are fillBooking.ts, liquidations liquidationBooking.ts and takeOver.ts, the rest account.ts.
 */

import type { Contract } from '../contract/contract.js';
import type { Fraction } from '../money/decimal.js';
import type { Currency } from '../money/units.js';
import type { VenueRules } from '../venue/rules.js';
import type { BillType, MarginMode, OrderId, PositionMode } from './bills.js';
import { computeFee } from './margin.js';
import type { Position } from './position.js';
import { PositionBook } from './positionBook.js';
import { Wallets } from './wallets.js';

export interface AccountSettings {
  readonly name: string;
  /** The account's own currency; ledgers of others are opened beside it. */
  readonly currency: Currency;
  readonly rules: VenueRules;
  readonly mode: MarginMode;
  /** 0 stands for cross at the tier's own initial rate. */
  readonly leverage: Fraction;
  /** One-way where absent. */
  readonly positionMode?: PositionMode;
  /** Whether isolated positions call for margin by themselves; off where absent. */
  readonly autoMargin?: boolean;
  /** Rates that replace the contract's. */
  readonly takerFee?: Fraction;
  readonly makerFee?: Fraction;
}

/** What a bill says besides its amounts. */
export interface BillNote {
  readonly timeMs: number;
  readonly info: string;
  readonly orderId?: OrderId | null;
  readonly fee?: bigint;
}

export class AccountBooks {
  readonly settings: AccountSettings;
  readonly wallets: Wallets;
  readonly positions: PositionBook;

  constructor(settings: AccountSettings, wallets?: Wallets, positions?: PositionBook) {
    const { mode, leverage, positionMode = 'one_way', autoMargin = false } = settings;
    this.settings = settings;
    this.wallets = wallets ?? new Wallets();
    this.wallets.open(settings.currency);
    this.positions = positions ?? new PositionBook({ mode, leverage, positionMode, autoMargin });
  }

  get rules(): VenueRules {
    return this.settings.rules;
  }

  takerFee(contract: Contract): Fraction {
    return this.settings.takerFee ?? contract.takerFee;
  }

  makerFee(contract: Contract): Fraction {
    return this.settings.makerFee ?? contract.makerFee;
  }

  /** Taker fee of a value, as it is booked. */
  takerFeeOf(contract: Contract, value: bigint): bigint {
    return computeFee(value, this.takerFee(contract));
  }

  /** W − ΣA of a ledger: what its isolated positions have not been assigned; commission reserves stay in. */
  crossWallet(code: string): bigint {
    let assigned = 0n;
    for (const position of this.positions.all()) {
      if (position.contract.settle.code === code) assigned += position.margin;
    }
    return this.wallets.balanceOf(code) - assigned;
  }

  /** B behind a position: its isolated margin, or the cross wallet of its ledger. */
  collateral(position: Position): bigint {
    return position.mode === 'isolated' ? position.margin : this.crossWallet(position.contract.settle.code);
  }

  /** Posts a bill of a position in the ledger that it settles in. */
  post(position: Position, type: BillType, amount: bigint, isolatedDelta: bigint, note: BillNote): void {
    this.postIn(position.contract.settle, position, type, amount, isolatedDelta, note);
  }

  /**
   * Posts a bill in a ledger.
   *
   * @param position null where the bill is of no symbol; a flat one, from which spot coins are sold, has no number to show.
   */
  postIn(
    currency: Currency,
    position: Position | null,
    type: BillType,
    amount: bigint,
    isolatedDelta: bigint,
    note: BillNote,
  ): void {
    this.wallets.post(currency, {
      timeMs: note.timeMs,
      symbol: position?.contract.symbol ?? null,
      type,
      amount,
      fee: note.fee ?? 0n,
      isolatedDelta,
      orderId: note.orderId ?? null,
      positionId: position === null || position.id === 0 ? null : position.id,
      info: note.info,
    });
  }

  clone(): AccountBooks {
    return new AccountBooks(this.settings, this.wallets.clone(), this.positions.clone());
  }
}

/** Makes a position flat once everything about it has been booked. */
export function clearPosition(position: Position): void {
  position.qty = 0n;
  position.cost = 0n;
  position.margin = 0n;
  position.added = 0n;
  position.id = 0;
}
