/**
 * The moment at which something happens to an account, and what every moment of a run shares. Data only.
 */

import type { Fraction } from '../money/decimal.js';
import type { FundingDue } from './fundingClock.js';
import type { Intrabar, Slippage } from './runInput.js';

/** A point on the way through a bar. */
export interface Moment {
  readonly timeMs: number;
  /** 0 to 2 on a leg; null at the open and in a gap between bars. */
  readonly leg: number | null;
  readonly last: Fraction;
  readonly mark: Fraction;
  /** Number of the bar within the run, from 0. */
  readonly bar: number;
}

/** Something that is due at a time strictly inside the bar: a funding time, or a balance row. */
export type ClockEvent =
  | { readonly kind: 'funding'; readonly timeMs: number; readonly due: FundingDue }
  | {
      readonly kind: 'sample';
      readonly timeMs: number;
      readonly withBalance: boolean;
      readonly withPositions: boolean;
    };

/** What settling a bar needs besides the account and the prices. */
export interface BarContext {
  /** Number of the bar within the run, from 0. */
  readonly bar: number;
  readonly intrabar: Intrabar;
  readonly slippage: Slippage;
  /** Whether every event leaves a balance row. */
  readonly rowsAtEvents: boolean;
  /** A time at which rows stand in any case, so that an event at it renews them. */
  readonly standing: { readonly timeMs: number; readonly withBalance: boolean } | null;
  /** Funding due exactly at the bar's open. */
  readonly dueAtOpen: readonly FundingDue[];
  /** Ascending. */
  readonly inside: readonly ClockEvent[];
}
