/**
 * The steps whose result depends on the path inside the bar: counted for each ledger, the first hundred listed. Which step is
 * one is found in settleStep.ts.
 */

const LISTED = 100;

export class AmbiguousSteps {
  readonly listed: { account: string; openTimeMs: number }[] = [];
  /** By account, then by settlement currency. */
  readonly #counts: readonly Map<string, number>[];

  constructor(counts: readonly Map<string, number>[]) {
    this.#counts = counts;
  }

  /** Notes a step of an account. @param code currency of the ledger that the path changed. */
  note(account: number, name: string, code: string, openTimeMs: number): void {
    const counts = this.#counts[account]!;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (this.listed.length < LISTED) this.listed.push({ account: name, openTimeMs });
  }
}
