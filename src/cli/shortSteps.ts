/**
 * Cuts chunks of bars into steps of about a twentieth of a second and lets the process breathe between them, so that a slow
 * strategy can be interrupted and its progress seen. How the bars are cut has no influence on a result: the clock read here
 * decides only when signals are heard.
 */

import type { BarChunk } from '../market/bars.js';

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
      yield cut(chunk, from, to);
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

/** Bars `from` to `to` as views of the same columns. */
function cut(chunk: BarChunk, from: number, to: number): BarChunk {
  if (from === 0 && to === chunk.length) return chunk;
  const { mark } = chunk;
  return {
    length: to - from,
    openTimeMs: chunk.openTimeMs.subarray(from, to),
    open: chunk.open.subarray(from, to),
    high: chunk.high.subarray(from, to),
    low: chunk.low.subarray(from, to),
    close: chunk.close.subarray(from, to),
    volume: chunk.volume.subarray(from, to),
    ...(mark === undefined
      ? {}
      : {
          mark: {
            open: mark.open.subarray(from, to),
            high: mark.high.subarray(from, to),
            low: mark.low.subarray(from, to),
            close: mark.close.subarray(from, to),
            closedAtClose: mark.closedAtClose.subarray(from, to),
          },
        }),
  };
}
