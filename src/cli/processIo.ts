/**
 * What the real process lends to the command line: its streams, environment, clock and signals. The only file of the command
 * line that touches `process`.
 */

import type { CliIo } from './cliStreams.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export function createProcessIo(): CliIo {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    nodeVersion: process.versions.node,
    now: () => new Date(),
    onInterrupt(listener) {
      const stop = (): void => {
        for (const signal of SIGNALS) process.removeListener(signal, onSignal);
      };
      const onSignal = (): void => {
        // Without a listener of ours the next signal has its usual effect: the process ends at once.
        stop();
        listener();
      };
      for (const signal of SIGNALS) process.on(signal, onSignal);
      return stop;
    },
  };
}
