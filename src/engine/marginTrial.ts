/**
 * Tries a change of modes, leverages and margins on the positions of an account and takes it back: only what every rule allows,
 * the account covers and every position survives is booked, and that whole or not at all.
 */

import type { Balances } from '../account/balances.js';
import type { MoveBill } from '../account/bookings.js';
import { isCovered, type Move, type Moved } from '../account/marginMoves.js';
import type { Position } from '../account/position.js';
import type { CallResult } from '../strategy/strategy.js';
import type { AccountRuntime } from './accountRuntime.js';
import { type CallContext, DONE, rejected } from './callResult.js';
import type { Moment } from './moment.js';
import type { SymbolBook } from './symbolBook.js';

/** What a call makes of the positions of one symbol. */
interface Change {
  readonly book: SymbolBook;
  readonly type: MoveBill;
  readonly info: string;
  readonly moves: ReadonlyMap<Position, Moved>;
}

/** How a call changes the positions of a symbol; null where it is as asked already. */
export interface Wanted {
  readonly plan: (
    book: SymbolBook,
    positions: readonly Position[],
  ) =>
    | { readonly type: MoveBill; readonly info: string; readonly move: (position: Position, usable: bigint) => Move }
    | (CallResult & { readonly status: 'rejected' })
    | null;
  /** Told the first position that changes, as it was. */
  readonly onChange: (was: Moved) => void;
}

/** Plans and judges the changes book by book on the positions themselves; the first refusal takes all of them back. */
export function makeChanges(
  runtime: AccountRuntime,
  books: readonly SymbolBook[],
  call: CallContext,
  wanted: Wanted,
): CallResult {
  const trial = new Trial(runtime, call.moment);
  const changes: Change[] = [];
  for (const book of books) {
    const positions = runtime.account.positionsOf(book.contract);
    const plan = wanted.plan(book, positions);
    if (plan === null) continue;
    if ('status' in plan) return trial.refuse(plan);
    const moves = new Map<Position, Moved>();
    for (const position of positions) {
      const { transferable } = runtime.balances(book.contract.settle.code, call.moment);
      const move = plan.move(position, transferable);
      if ('refusal' in move)
        return trial.refuse(rejected(move.refusal.code, move.refusal.reason, move.refusal.details));
      moves.set(position, pickMoved(move.moved));
      trial.put(position, move.moved);
    }
    const no = trial.judge();
    if (no !== null) return trial.refuse(no);
    trial.goOn();
    changes.push({ book, type: plan.type, info: plan.info, moves });
  }
  trial.takeBack();
  const [first] = changes;
  if (first === undefined) return DONE;
  wanted.onChange([...first.moves.keys()][0]!);
  for (const change of changes) book(runtime, change, call.moment.timeMs);
  return DONE;
}

function book(runtime: AccountRuntime, { book: { contract }, type, info, moves }: Change, timeMs: number): void {
  const { account } = runtime;
  const open = [...moves].filter(([position]) => position.qty !== 0n);
  const [[, settings]] = [...moves] as [[Position, Moved]];
  account.applySetting(contract, { mode: settings.mode, leverage: settings.leverage });
  for (const [{ slot }, moved] of open) account.applyMove(contract, timeMs, moved, type, info, slot);
  runtime.hasChanged = true;
}

/** Positions as they would be, tried on the account and taken back. */
export class Trial {
  readonly #runtime: AccountRuntime;
  readonly #moment: Moment;
  readonly #were = new Map<Position, Moved>();
  #before: ReadonlyMap<string, Balances>;

  constructor(runtime: AccountRuntime, moment: Moment) {
    this.#runtime = runtime;
    this.#moment = moment;
    this.#before = this.#balances();
  }

  #balances(): ReadonlyMap<string, Balances> {
    const codes = this.#runtime.account.currencies.map(({ code }) => code);
    return new Map(codes.map((code) => [code, this.#runtime.balances(code, this.#moment)]));
  }

  /** What has been tried so far is what the next change is judged against. */
  goOn(): void {
    this.#before = this.#balances();
  }

  put(position: Position, moved: Moved): void {
    if (!this.#were.has(position)) this.#were.set(position, pickMoved(position));
    Object.assign(position, pickMoved(moved));
  }

  takeBack(): void {
    for (const [position, was] of this.#were) Object.assign(position, was);
  }

  refuse(why: CallResult): CallResult {
    this.takeBack();
    return why;
  }

  /** Why the whole cannot be: an account that does not cover it, a position that would not survive it. */
  judge(): CallResult | null {
    const runtime = this.#runtime;
    const codes = new Set([...this.#were.keys()].map(({ contract }) => contract.settle.code));
    for (const code of codes) {
      const before = this.#before.get(code);
      const after = runtime.balances(code, this.#moment);
      if (before !== undefined && !isCovered(before, after)) {
        return rejected(70004, 'insufficient_margin', { available: before.available, afterwards: after.available });
      }
    }
    for (const position of this.#were.keys()) {
      if (position.qty === 0n) continue;
      const own = runtime.account.riskGroupOf(position);
      const groups = runtime.account.riskGroups(position.contract.settle.code);
      const cross = groups.find(({ mode }) => mode === 'cross') ?? own;
      if (runtime.isDue(own, this.#moment) || runtime.isDue(cross, this.#moment)) {
        return rejected(70004, 'would_liquidate', { margin: position.margin });
      }
    }
    return null;
  }
}

export function pickMoved({ mode, leverage, margin, added }: Moved): Moved {
  return { mode, leverage, margin, added };
}
