/**
 * The line that shows how far a run has come: on a terminal only, at most ten times a second, erased at the end. It reads
 * the clock to limit itself; nothing of it reaches a result.
 */

import type { CliIo, DiagnosticStream } from './cliStreams.js';

const SHORTEST_PAUSE_MS = 100;

export interface ProgressLine {
  /** @param timeMs the bar time reached. */
  show(bars: number, timeMs: number): void;
  end(): void;
}

export function createProgressLine(
  stderr: DiagnosticStream,
  io: Pick<CliIo, 'env' | 'now'>,
  isOff: boolean,
): ProgressLine {
  if (isOff || !stderr.isTerminal || io.env['CI']) return { show() {}, end() {} };
  let shownAtMs = Number.NEGATIVE_INFINITY;
  return {
    show(bars, timeMs) {
      const nowMs = io.now().getTime();
      if (nowMs - shownAtMs < SHORTEST_PAUSE_MS) return;
      shownAtMs = nowMs;
      stderr.setStatus(`${bars} bars, ${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
    },
    end() {
      stderr.setStatus(null);
    },
  };
}
