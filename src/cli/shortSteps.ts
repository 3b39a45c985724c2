/**
 * Cuts chunks of bars into steps of about a twentieth of a second and lets the process breathe between them, so that a slow
 * strategy can be interrupted and its progress seen. How the bars are cut has no influence on a result: the clock read here
 * decides only when signals are heard.
 */

import type { BarChunk } from '../market/bars.js';
import { sliceOf } from '../market/fineBars.js';

const LONGEST_STEP_MS = 50;
const SHORTEST_STEP_MS = 10;
const FIRST_STEP_BARS = 64;
const MOST_STEP_BARS = 1 << 16;

/**
 * @param now wall clock.
 * @param onStep called after each step with the bars passed on so far and the open time of the last of them.
 */
export async function* inShortSteps(
  chunks: AsyncIterable<BarChunk>,
  now: () => Date,
  onStep: (bars: number, timeMs: number) => void,
): AsyncGenerator<BarChunk> {
  let size = FIRST_STEP_BARS;
  let bars = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const to = Math.min(from + size, chunk.length);
      const startMs = now().getTime();
      yield from === 0 && to === chunk.length ? chunk : sliceOf(chunk, from, to);
      const tookMs = now().getTime() - startMs;
      bars += to - from;
      onStep(bars, chunk.openTimeMs[to - 1]!);
      if (tookMs > LONGEST_STEP_MS) size = Math.max(1, size >> 1);
      else if (tookMs < SHORTEST_STEP_MS) size = Math.min(MOST_STEP_BARS, size << 1);
      from = to;
      await new Promise((resume) => setImmediate(resume));
    }
  }
}
