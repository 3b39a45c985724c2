/** Two runs' calls side by side: where they part first, and which call that is. */

import { describe, expect, it, test } from '@jest/globals';
import { CallComparison } from './lookAheadComparison.js';

/** `1:a 2:b` is call a at time 1, then call b at time 2. */
function callsOf(text: string) {
  return text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => ({ timeMs: Number(one.split(':')[0]), text: one.split(':')[1]! }));
}

/** `time first/second` of the first difference. */
function compare(first: string, second: string, untilMs: number): string | null {
  const comparison = new CallComparison(callsOf(first), untilMs);
  for (const call of callsOf(second)) comparison.take(call);
  const found = comparison.conclude();
  return found === null ? null : `${found.timeMs} ${found.first?.text ?? '-'}/${found.second?.text ?? '-'}`;
}

describe('where two runs part', () => {
  test.each<[string, string, number, string | null]>([
    ['1:a 2:b', '1:a 2:b', 9, null],
    ['', '', 9, null],
    ['1:a 2:b', '1:a 2:c', 9, '2 b/c'],
    ['1:a 2:b', '1:a', 9, '2 b/-'],
    ['1:a', '1:a 2:b', 9, '2 -/b'],
    // The call of 2 is left out, not replaced by that of 3.
    ['1:a 2:b 3:c', '1:a 3:c', 9, '2 b/-'],
    ['1:a 3:c', '1:a 2:b 3:c', 9, '2 -/b'],
    // Two calls of one time keep their order.
    ['1:a 1:b', '1:b 1:a', 9, '1 a/b'],
    // Only the first difference counts.
    ['1:a 2:b', '1:x 2:y', 9, '1 a/x'],
    // The last time that is compared: before it, at it, after it.
    ['1:a 4:b', '1:a 4:c', 3, null],
    ['1:a 4:b', '1:a 4:c', 4, '4 b/c'],
    ['1:a 4:b', '1:a 4:c', 5, '4 b/c'],
    ['1:a 4:b', '1:a', 3, null],
    ['1:a', '1:a 4:b', 3, null],
  ])('when %j is followed by %j up to %d then they part at %j', (first, second, untilMs, expected) => {
    expect(compare(first, second, untilMs)).toBe(expected);
  });

  it('when a call is taken then it is told whether it is the one that differs', () => {
    const comparison = new CallComparison(callsOf('1:a 2:b 3:c'), 9);
    expect(callsOf('1:a 2:x 3:y').map((call) => comparison.take(call))).toEqual([false, true, false]);
    expect(comparison.agreed).toBe(1);
  });

  it('when what differs is a call that was left out then no call is told to be it', () => {
    const comparison = new CallComparison(callsOf('1:a 2:b 3:c'), 9);
    expect(callsOf('1:a 3:c').map((call) => comparison.take(call))).toEqual([false, false]);
  });
});
