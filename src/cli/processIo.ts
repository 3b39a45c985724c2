/**
 * What the real process lends to the command line: its streams, environment, clock and signals. The only file of the command
 * line that touches `process`.
 */

import type { ExitCode } from '../errors.js';
import type { CliIo } from './cliStreams.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export function createProcessIo(): CliIo {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    // Touching stdin opens it: only the command that reads it does.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: process.cwd(),
    ...(process.argv[1] === undefined ? {} : { script: process.argv[1] }),
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
    onUncaught(listener) {
      process.on('uncaughtException', listener);
      return () => process.removeListener('uncaughtException', listener);
    },
  };
}

/** How long a strategy's timers and connections may keep the process after everything has been written. */
const LINGER_MS = 500;

/** Sets the exit code and lets the process end by itself; what a strategy left open ends it a little later. */
export function endWith(code: ExitCode): void {
  process.exitCode = code;
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
