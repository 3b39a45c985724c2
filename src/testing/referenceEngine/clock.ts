/**
 * What is due by the clock: funding of all contracts, and the times at which rows stand.
 */

import type { Contract } from '../../contract/contract.js';
import type { FundingSource, RunInput } from '../../engine/runInput.js';
import { type Due, fundingTimes } from './funding.js';
import type { RowTime } from './legs.js';

const DAY_MS = 86_400_000;

/** A contract with its candles and where its funding comes from. */
export interface Funded {
  readonly series: string;
  readonly contract: Contract;
  readonly funding: FundingSource;
}

/** Funding times of some contracts in [from, to), in time order, then in their order. */
export function fundingOf(contracts: readonly Funded[], fromMs: number, toMs: number): Due[] {
  return contracts
    .flatMap(({ series, contract, funding }) =>
      fundingTimes(contract, funding, fromMs, toMs).map((time) => ({ series, contract, time })),
    )
    .sort((a, b) => a.time.timeMs - b.time.timeMs);
}

/** Times in [from, to) at which rows stand: multiples of the lengths asked for, and midnights for positions. */
export function rowTimesOf({ everyMs }: RunInput['balanceEvery'], fromMs: number, toMs: number): RowTime[] {
  const times = new Set<number>();
  for (const every of [...everyMs, DAY_MS]) {
    for (let timeMs = Math.ceil(fromMs / every) * every; timeMs < toMs; timeMs += every) times.add(timeMs);
  }
  return [...times]
    .sort((a, b) => a - b)
    .map((timeMs) => ({
      timeMs,
      withBalance: everyMs.some((every) => timeMs % every === 0),
      withPosition: timeMs % DAY_MS === 0,
    }));
}
