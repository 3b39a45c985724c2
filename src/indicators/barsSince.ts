/**
 * Counts the bars since something was last true, for example since the last cross or the last new high.
 */

/** An indicator of one yes or no a bar. */
export interface BarsSince {
  /** Takes whether it is true on this bar; 0 when it is, else the bars since it last was. */
  update(isTrue: boolean): number;
  /** What the last `update` returned; NaN before the first. */
  readonly value: number;
}

class CountSince implements BarsSince {
  value = Number.NaN;

  update(isTrue: boolean): number {
    this.value = isTrue ? 0 : this.value + 1;
    return this.value;
  }
}

/**
 * Bars since the condition was last true: 0 on the bar itself, NaN while it never has been.
 *
 * @example barsSince() fed false, true, false, false answers NaN, 0, 1, 2
 */
export function barsSince(): BarsSince {
  return new CountSince();
}
