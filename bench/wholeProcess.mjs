/**
 * Measures the built program over candles that it generates, and prints one table: medians of several runs, taken in turn so that a
 * machine that drifts drifts for all. `npm run bench -- [--runs N] [--only NAME] [--quick]`. Where the minimal programs of
 * ../shared/bench are there, each run is followed by one of theirs. Writes only to a temporary folder.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FLOOR, makeCases } from './cases.mjs';
import { measure, median } from './measure.mjs';

const { values: given } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
  },
});

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {number} x @param {number} digits that count */
function rounded(x, digits = 3) {
  const text = x >= 10 ** digits ? String(Math.round(x)) : String(Number(x.toPrecision(digits)));
  return text.replace(/\B(?=(\d{3})+$)/g, text.includes('.') ? '' : ',');
}

/** One run of a case, and one of what it is compared with. */
function runOnce(one, i, kept) {
  const ran = measure(one.args, { BACKTEST_CACHE_DIR: one.kept?.(i) ?? kept });
  one.check?.(ran);
  const { against } = one;
  const isThere = against !== undefined && (against.args[0] !== FLOOR || existsSync(FLOOR));
  return { ran, other: isThere ? measure(against.args) : null };
}

/** Cells of the row of a case. */
function cellsOf(one, runs) {
  const of = (read) => median(runs.map(read));
  const spent = runs.map(({ ran }) => one.spent?.(ran) ?? ran);
  const [wall, cpu] = [median(spent.map((time) => time.wall)), median(spent.map((time) => time.cpu))];
  const rate = (seconds) => (one.count === undefined ? '' : rounded(one.count / seconds));
  const isCompared = runs.every(({ other }) => other !== null);
  return [
    `${one.group}: ${one.name}`,
    of(({ ran }) => ran.wall).toFixed(3),
    of(({ ran }) => ran.cpu).toFixed(3),
    rate(wall),
    rate(cpu),
    one.unit ?? '',
    one.bytes === undefined ? '' : rounded(one.bytes / 1e6 / cpu),
    of(({ ran }) => ran.mb).toFixed(0),
    isCompared ? of(({ ran, other }) => ran.wall / other.wall).toFixed(2) : '',
    isCompared ? of(({ ran, other }) => ran.cpu / other.cpu).toFixed(2) : '',
    isCompared ? one.against.name : '',
  ];
}

const HEADER = [
  'case',
  'wall s',
  'CPU s',
  'a second',
  'a CPU s',
  'of',
  'MB a CPU s',
  'peak MB',
  'x wall',
  'x CPU',
  'those of',
];
/** Columns of text; the others are of numbers. */
const TEXTS = [0, 5, 10];

function printTable(rows) {
  const widths = HEADER.map((_, k) => Math.max(...[HEADER, ...rows].map((row) => row[k].length)));
  for (const row of [HEADER, widths.map((width) => '-'.repeat(width)), ...rows]) {
    const cells = row.map((cell, k) => (TEXTS.includes(k) ? cell.padEnd(widths[k]) : cell.padStart(widths[k])));
    print(`| ${cells.join(' | ')} |`);
  }
}

function main() {
  const runs = Number(given.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const { cases, bars } = makeCases(folder, { isQuick: given.quick, only: given.only });
    if (cases.length === 0) throw new Error(`no case has ${given.only} in its name`);
    const kept = join(folder, 'kept');
    // What is kept from run to run is there before the first that counts.
    for (const one of cases) if (one.kept === undefined) measure(one.args, { BACKTEST_CACHE_DIR: kept });
    const results = cases.map(() => []);
    for (let i = 0; i < runs; i++) for (const [c, one] of cases.entries()) results[c].push(runOnce(one, i, kept));
    const load = loadavg()[0].toFixed(1);
    print(`${cpus()[0].model.trim()}, ${availableParallelism()} cores, load ${load}, node ${process.version}`);
    print(`${rounded(bars, 6)} bars, medians of ${runs}\n`);
    printTable(cases.map((one, c) => cellsOf(one, results[c])));
    if (!existsSync(FLOOR)) print('\nWithout ../shared/bench/floor.mjs there is nothing to compare most cases with.');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main();
