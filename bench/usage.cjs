/**
 * Loaded before a measured program: when it ends, writes what its process has used to the file descriptor that BENCH_USAGE names, as
 * `CPU seconds, user and system` and `largest memory in MB`. Processes that it has started are not in it.
 */

const { readFileSync, writeSync } = require('node:fs');

/** Where the system tells it, that of this program alone: the other figure begins with what its parent had. */
function peakKiB() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(Number(process.env.BENCH_USAGE), `${(userCPUTime + systemCPUTime) / 1e6} ${(peakKiB() * 1024) / 1e6}`);
});
