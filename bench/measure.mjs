/**
 * One run of a program in a process of its own: what it printed, how long it took, and what it used. A run that fails ends the
 * measurements, because a figure of a failed run would look like a good one.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const USAGE = fileURLToPath(new URL('usage.cjs', import.meta.url));
/** After stdin, stdout and stderr. */
const USAGE_FD = 3;

/**
 * @typedef {object} Measured
 * @property {number} wall seconds from the start of the process to its end
 * @property {number} cpu seconds, user and system
 * @property {number} mb largest resident memory
 * @property {string} stdout
 */

/**
 * @param {readonly string[]} args of node
 * @param {Readonly<Record<string, string>>} env beside that of this process
 * @returns {Measured}
 */
export function measure(args, env = {}) {
  const start = process.hrtime.bigint();
  const ran = spawnSync(process.execPath, ['--require', USAGE, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env, BENCH_USAGE: String(USAGE_FD) },
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (ran.status !== 0) throw new Error(`exit ${ran.status} of node ${args.join(' ')}\n${ran.stderr}${ran.stdout}`);
  const [cpu, mb] = ran.output[USAGE_FD].split(' ').map(Number);
  return { wall, cpu, mb, stdout: ran.stdout };
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
