/**
 * Times whole processes of the built command line over generated candles and prints one table: medians of several runs, taken
 * in turn so that a machine that drifts drifts for all. `npm run bench -- --bars 525600 --runs 5`. Candles are one-minute
 * bars of a seeded random walk; the same seed gives the same file. It judges nothing and writes only to a temporary folder.
 */

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const CLI = resolve(HERE, '../dist/bin/backtest.js');
const CONTRACT = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USD',
  settle_currency: 'USDT',
  initial_margin: '0.01',
  maintenance_margin: '0.005',
  min_qty: '1',
  tick_size: '0.5',
  taker_fee: '0.00075',
  maker_fee: '0',
};

/** @param {string} name @param {number} usual */
function option(name, usual) {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? usual : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number`);
  return value;
}

/** @param {string} path @param {number} bars */
function writeCandles(path, bars) {
  const file = openSync(path, 'w');
  writeSync(file, 'timestamp,open,high,low,close,volume\n');
  let state = 20200601;
  // xorshift32: fast enough, and the same on every machine.
  const chance = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  let price = 20_000;
  let lines = [];
  for (let i = 0; i < bars; i++) {
    const open = price / 2;
    price = Math.max(2_000, price + Math.floor(chance() * 41) - 20);
    const close = price / 2;
    const high = Math.max(open, close) + Math.floor(chance() * 8) / 2;
    const low = Math.min(open, close) - Math.floor(chance() * 8) / 2;
    const time = new Date(Date.UTC(2020, 0, 1) + i * 60_000).toISOString();
    lines.push(`${time},${open},${high},${low},${close},${Math.floor(chance() * 1000)}\n`);
    if (lines.length === 10_000 || i === bars - 1) {
      writeSync(file, lines.join(''));
      lines = [];
    }
  }
  closeSync(file);
}

/** @param {readonly string[]} args */
function timed(args) {
  const start = process.hrtime.bigint();
  const ran = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (ran.status !== 0) throw new Error(`exit ${ran.status}: ${ran.stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}

const bars = option('bars', 525_600);
const runs = option('runs', 5);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  const candles = join(folder, 'SYN.csv');
  writeCandles(candles, bars);
  writeFileSync(join(folder, 'contracts.json'), JSON.stringify({ generic: { SYN: CONTRACT } }));
  const run = [
    'run',
    '--data',
    candles,
    '--contracts',
    join(folder, 'contracts.json'),
    '--balance',
    '10000000',
    '--quiet',
  ];
  const cases = [
    { name: 'node itself', args: ['-e', '0'], bars: 0 },
    { name: 'backtest --version', args: [CLI, '--version'], bars: 0 },
    {
      name: 'idle strategy, no run folder',
      args: [CLI, ...run, '--strategy', join(HERE, 'idle.ts'), '--no-save'],
      bars,
    },
    {
      name: 'flip strategy, run folder',
      args: [CLI, ...run, '--strategy', join(HERE, 'flip.ts'), '--out', join(folder, 'run')],
      bars,
    },
  ];
  const times = cases.map(() => []);
  for (let i = 0; i < runs; i++) {
    for (const [c, { args }] of cases.entries()) times[c].push(timed(args));
  }
  print(`${bars} bars, ${(statSync(candles).size / 1e6).toFixed(1)} MB, medians of ${runs}, node ${process.version}\n`);
  print(`${'case'.padEnd(32)} ${'seconds'.padStart(8)} ${'bars/s'.padStart(12)}`);
  cases.forEach(({ name, bars: counted }, c) => {
    const seconds = median(times[c]);
    const rate = counted === 0 ? '' : Math.round(counted / seconds).toString();
    print(`${name.padEnd(32)} ${seconds.toFixed(3).padStart(8)} ${rate.padStart(12)}`);
  });
} finally {
  rmSync(folder, { recursive: true });
}
