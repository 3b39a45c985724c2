/**
 * Times the reading of candles alone, all checks included, for each way they may be written: one process a run, in turn, medians.
 * `node bench/reading.mjs --bars 525600 --runs 5`. Candles are one-minute bars of a seeded random walk; it
 * judges nothing and writes only to a temporary folder.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { parquetWriteBuffer } from 'hyparquet-writer';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '..');
/** The reading bundled from the sources, beside the packages it needs. */
const LIBRARY = join(ROOT, 'node_modules/.cache/reading.mjs');

/** @param {string} name @param {number} usual */
function option(name, usual) {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? usual : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number`);
  return value;
}

/** Bars as [ms, open, high, low, close, volume]. @param {number} count */
function makeBars(count) {
  let state = 20200601;
  const chance = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  let price = 20_000;
  return Array.from({ length: count }, (_, i) => {
    const open = price / 2;
    price = Math.max(2_000, price + Math.floor(chance() * 41) - 20);
    const close = price / 2;
    const high = Math.max(open, close) + Math.floor(chance() * 8) / 2;
    const low = Math.min(open, close) - Math.floor(chance() * 8) / 2;
    return [Date.UTC(2020, 0, 1) + i * 60_000, open, high, low, close, Math.floor(chance() * 1e6) / 1000];
  });
}

/** @param {readonly number[][]} bars */
function filesOf(bars) {
  const header = 'timestamp,open,high,low,close,volume\n';
  const lines = (write) => bars.map(write).join('\n');
  const iso = (ms) => new Date(ms).toISOString();
  const numbers = header + lines((bar) => bar.join(','));
  const column = (name, at) => ({ name, data: bars.map((bar) => bar[at]), type: 'DOUBLE' });
  const time = { name: 'timestamp', data: bars.map(([ms]) => BigInt(ms)), type: 'INT64' };
  const names = ['open', 'high', 'low', 'close', 'volume'];
  return {
    'ms.csv': numbers,
    'iso.csv': header + lines(([ms, ...rest]) => `${iso(ms)},${rest}`),
    'binance.csv': lines(([ms, ...rest]) => `${ms},${rest},${ms + 59_999},1234567.125,321,12.5,54321.75,0`),
    'metatrader.csv': lines(
      ([ms, ...rest]) => `${iso(ms).slice(0, 16).replaceAll('-', '.').replace('T', ',')},${rest}`,
    ),
    'long prices.csv': header + lines(([ms, ...rest]) => `${ms},${rest.map((x) => x + 1e-12).join(',')}`),
    'day first.csv':
      header + lines(([ms, ...rest]) => `${iso(ms).replace(/^(\d+)-(\d+)-(\d+)T(.{8}).*/, '$3.$2.$1 $4')},${rest}`),
    'quoted.csv': header + lines((bar) => bar.map((x) => `"${x}"`).join(',')),
    'ms.csv.gz': gzipSync(numbers),
    'bars.parquet': Buffer.from(
      parquetWriteBuffer({ columnData: [time, ...names.map((name, i) => column(name, i + 1))] }),
    ),
  };
}

/** CPU seconds of a process that reads a file, and what it prints. @param {string} file */
function read(file) {
  const script = `
    const { openBarSeries } = await import(${JSON.stringify(LIBRARY)});
    const series = await openBarSeries({ symbol: 'SYN', paths: [${JSON.stringify(file)}], skipBadRows: false, strict: false });
    const from = process.cpuUsage();
    const start = performance.now();
    for await (const chunk of series.chunks);
    const { user, system } = process.cpuUsage(from);
    console.log(series.stats.bars, (performance.now() - start) / 1000, (user + system) / 1e6);`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(ran.stderr);
  const [bars, seconds, cpu] = ran.stdout.trim().split(' ').map(Number);
  return { bars, seconds, cpu };
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

const bars = option('bars', 525_600);
const runs = option('runs', 5);
buildSync({
  absWorkingDir: ROOT,
  entryPoints: ['src/market/openSeries.ts'],
  outfile: LIBRARY,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  const files = Object.entries(filesOf(makeBars(bars))).map(([name, data]) => {
    writeFileSync(join(folder, name), data);
    return { name, path: join(folder, name), runs: [] };
  });
  for (let i = 0; i < runs; i++) for (const file of files) file.runs.push(read(file.path));
  print(`${bars} bars, medians of ${runs}, node ${process.version}\n`);
  print(
    `${'file'.padEnd(18)} ${'MB'.padStart(6)} ${'seconds'.padStart(8)} ${'cpu s'.padStart(8)} ${'rows/s'.padStart(12)}`,
  );
  for (const file of files) {
    if (file.runs.some((run) => run.bars !== bars)) throw new Error(`${file.name}: ${file.runs[0].bars} bars`);
    const seconds = median(file.runs.map((run) => run.seconds));
    const cpu = median(file.runs.map((run) => run.cpu));
    const size = (statSync(file.path).size / 1e6).toFixed(1);
    const cells = [size.padStart(6), seconds.toFixed(3).padStart(8), cpu.toFixed(3).padStart(8)];
    print(
      `${file.name.padEnd(18)} ${cells.join(' ')} ${Math.round(bars / seconds)
        .toString()
        .padStart(12)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
