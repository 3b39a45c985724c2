/**
 * The positions of one account by symbol and slot, with the settings that a symbol has for both its sides: position mode,
 * margin mode, leverage, automatic margin. Orders are by code unit of the symbol, long before short, so that the order in
 * which symbols were first used decides nothing. Nothing is booked here.
 */

import type { Contract } from '../contract/contract.js';
import type { PositionEffect, Side } from '../contract/sides.js';
import { invariant } from '../errors.js';
import type { Fraction } from '../money/decimal.js';
import { ONE } from '../money/fractions.js';
import type { MarginMode, PositionMode } from './bills.js';
import { createPosition, type Position, type Slot } from './position.js';

/** What a symbol is set to. */
export interface SymbolSettings {
  readonly positionMode: PositionMode;
  readonly mode: MarginMode;
  /** 0 stands for cross at the tier's own initial rate. */
  readonly leverage: Fraction;
  readonly autoMargin: boolean;
}

interface SymbolEntry {
  readonly contract: Contract;
  settings: SymbolSettings;
  readonly slots: Map<Slot, Position>;
}

const SLOTS: Readonly<Record<PositionMode, readonly Slot[]>> = { one_way: ['net'], hedged: ['long', 'short'] };

const SLOT_ORDER: readonly Slot[] = ['net', 'long', 'short'];

export class PositionBook {
  readonly #defaults: SymbolSettings;
  readonly #symbols = new Map<string, SymbolEntry>();
  /** The same by code unit of the symbol: sorted once, when a symbol comes. */
  #sorted: readonly SymbolEntry[] = [];
  /** All positions in that order, long before short; null when one has come. */
  #all: readonly Position[] | null = null;
  #positionsOpened = 0;

  constructor(defaults: SymbolSettings) {
    this.#defaults = defaults;
  }

  settingsOf(contract: Contract): SymbolSettings {
    return this.#symbols.get(contract.symbol)?.settings ?? this.#initial(contract);
  }

  /** The position of a slot; created flat at the first request with what the symbol is set to. */
  position(contract: Contract, slot: Slot): Position {
    const entry = this.#entry(contract);
    let position = entry.slots.get(slot);
    if (position === undefined) {
      position = createPosition(contract, entry.settings.mode, entry.settings.leverage, slot);
      entry.slots.set(slot, position);
      this.#all = null;
    }
    return position;
  }

  /** The positions of a symbol's mode, flat ones too: the net one, or long and short. */
  positionsOf(contract: Contract): readonly Position[] {
    return SLOTS[this.settingsOf(contract).positionMode].map((slot) => this.position(contract, slot));
  }

  /** The slot that a trade concerns: opening buys and closing sells are the long's. */
  slotOf(contract: Contract, side: Side, effect: PositionEffect): Slot {
    if (this.settingsOf(contract).positionMode === 'one_way') return 'net';
    return (side === 'buy') === (effect === 'open') ? 'long' : 'short';
  }

  /** All that are not flat, by symbol, long before short. */
  open(): readonly Position[] {
    return this.all().filter(({ qty }) => qty !== 0n);
  }

  all(): readonly Position[] {
    this.#all ??= this.#sorted.flatMap(({ slots }) => SLOT_ORDER.flatMap((slot) => slots.get(slot) ?? []));
    return this.#all;
  }

  /** Changes what a symbol is set to, for both its sides; margins of positions are the caller's to move. */
  set(contract: Contract, changes: Partial<SymbolSettings>): void {
    const entry = this.#entry(contract);
    const { positionMode = entry.settings.positionMode } = changes;
    const isFlat = [...entry.slots.values()].every(({ qty }) => qty === 0n);
    invariant(
      isFlat || positionMode === entry.settings.positionMode,
      () => `${contract.symbol} changes its position mode with a position`,
    );
    entry.settings = { ...entry.settings, ...changes };
    for (const position of entry.slots.values()) {
      position.mode = entry.settings.mode;
      position.leverage = entry.settings.leverage;
    }
  }

  /** Number of the next position of the account, from 1. */
  nextId(): number {
    this.#positionsOpened += 1;
    return this.#positionsOpened;
  }

  clone(): PositionBook {
    const copy = new PositionBook(this.#defaults);
    for (const [symbol, { contract, settings, slots }] of this.#symbols) {
      const copies = new Map([...slots].map(([slot, position]) => [slot, { ...position }]));
      copy.#symbols.set(symbol, { contract, settings, slots: copies });
    }
    copy.#sort();
    copy.#positionsOpened = this.#positionsOpened;
    return copy;
  }

  #entry(contract: Contract): SymbolEntry {
    let entry = this.#symbols.get(contract.symbol);
    if (entry === undefined) {
      entry = { contract, settings: this.#initial(contract), slots: new Map() };
      this.#symbols.set(contract.symbol, entry);
      this.#sort();
    }
    return entry;
  }

  #sort(): void {
    this.#sorted = [...this.#symbols.values()].sort((a, b) => byCodeUnit(a.contract.symbol, b.contract.symbol));
  }

  /** A spot holding is one, without leverage, and has no margin to assign. */
  #initial(contract: Contract): SymbolSettings {
    if (contract.type !== 'spot') return this.#defaults;
    return { ...this.#defaults, positionMode: 'one_way', mode: 'cross', leverage: ONE, autoMargin: false };
  }
}

/** Order by UTF-16 code units, as sort() has it and no locale changes. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
