/**
 * What is measured: for each case the program and its arguments, what is counted, what a run of it must have come to, and what it is
 * compared with. Writes the files that the cases need into a folder; runs nothing.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { isoText, makeBars, WRITERS } from './candles.mjs';
import { expectedFlips } from './expectedFlips.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '..');
const CLI = join(ROOT, 'dist/bin/backtest.js');
export const FLOOR = resolve(ROOT, '../shared/bench/floor.mjs');

const BALANCE = '10000000';
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
const START_BARS = 1000;
const ACCOUNTS = [1, 10, 100, 1_000, 10_000];

/**
 * @typedef {object} Case
 * @property {string} group
 * @property {string} name
 * @property {readonly string[]} args of node
 * @property {(run: number) => string} [kept] folder of what is kept from run to run, by the number of the run; the common one without
 * @property {number} [count] what a run does so many of
 * @property {string} [unit] and what they are
 * @property {number} [bytes] that it reads
 * @property {(ran: import('./measure.mjs').Measured) => { wall: number, cpu: number }} [spent] on the count; without, by the whole process
 * @property {{ name: string, args: readonly string[] }} [against] what it is compared with; a program of the floor only where it is there
 * @property {(ran: import('./measure.mjs').Measured) => void} [check] throws where the run did not come to what it should have
 */

/** Arguments of a run over candles. @param {Files} files */
function runArgs(files, strategy, data, ...more) {
  return [
    ...[CLI, 'run', '--strategy', join(HERE, strategy), '--data', `SYN=${data}`, '--contracts', files.contracts],
    ...['--quiet', ...more],
  ];
}
const ofOne = ['--balance', BALANCE];
const unsaved = ['--no-save', '--no-store'];

/** Files in the folder, written when a case first asks for them. */
class Files {
  constructor(folder, bars) {
    this.folder = folder;
    this.bars = bars;
    this.contracts = this.write('contracts.json', JSON.stringify({ generic: { SYN: CONTRACT } }));
  }

  write(name, content) {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** The first bars, as ISO text. */
  candles(count) {
    return this.write(`first-${count}.csv`, isoText(this.bars.slice(0, count)));
  }

  /** Of different leverage and mode, none of which comes near its liquidation; long and short go by turns. */
  accounts(count) {
    const rows = Array.from({ length: count }, (_, i) => {
      const isCross = (i >> 1) % 2 === 0;
      const leverages = isCross ? [1, 5, 20, 50] : [1, 2];
      return `a${i},1000000,${leverages[(i >> 2) % leverages.length]},${isCross ? 'cross' : 'isolated'}`;
    });
    return this.write(`accounts-${count}.csv`, `name,balance,leverage,mode\n${rows.join('\n')}\n`);
  }
}

/** @param {Files} files @returns {Case[]} */
function startCases(files) {
  const few = files.candles(START_BARS);
  const run = runArgs(files, 'idle.ts', few, ...ofOne, '--out', join(files.folder, 'start'));
  const against = { name: 'node -e 0', args: ['-e', '0'] };
  const group = 'start';
  return [
    { group, name: '--version', args: [CLI, '--version'], against },
    {
      ...{ group, name: 'run of 1,000 bars, first time', args: run, against },
      kept: (i) => join(files.folder, `kept-${i}`),
    },
    { group, name: 'run of 1,000 bars, second time', args: run, against },
  ];
}

/** @param {Files} files @returns {Case[]} */
function readingCases(files) {
  // Beside the packages that it needs.
  const library = join(ROOT, 'node_modules/.cache/bench-reading.mjs');
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/market/openSeries.ts'],
    outfile: library,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return Object.entries(WRITERS).map(([name, write]) => {
    const content = write(files.bars);
    const path = files.write(name, content);
    const isOfFloor = name === 'iso.csv' || name === 'ms.csv';
    return {
      ...{ group: 'reading', name, count: files.bars.length, unit: 'rows', bytes: Buffer.byteLength(content) },
      args: [join(HERE, 'readBars.mjs'), library, path],
      spent: ({ stdout }) => ({ wall: Number(stdout.split(' ')[1]), cpu: Number(stdout.split(' ')[2]) }),
      check: ({ stdout }) => require(Number(stdout.split(' ')[0]), files.bars.length, 'bars'),
      ...(isOfFloor ? { against: { name: 'floor --parse', args: [FLOOR, path, '--parse'] } } : {}),
    };
  });
}

/** @param {Files} files @returns {Case[]} */
function loopCases(files) {
  const count = files.bars.length;
  const data = files.candles(count);
  const trades = join(files.folder, 'floor.csv');
  const parse = { name: 'floor --parse', args: [FLOOR, data, '--parse'] };
  const common = { group: 'bars', count, unit: 'bars' };
  return [
    { ...common, name: 'idle strategy', args: runArgs(files, 'idle.ts', data, ...ofOne, ...unsaved), against: parse },
    {
      ...{ ...common, name: 'idle, candles kept by an earlier run', against: parse },
      args: runArgs(files, 'idle.ts', data, ...ofOne, '--no-save'),
    },
    {
      ...{ ...common, name: 'SMA 20/50 flips, no files' },
      args: runArgs(files, 'flip.ts', data, ...ofOne, ...unsaved),
      against: { name: 'floor', args: [FLOOR, data, trades] },
    },
  ];
}

/** @param {Files} files @param {number} bars @returns {Case[]} */
function fillCases(files, bars) {
  const data = files.candles(bars);
  // The first is bought at the second open; from the third on one is sold and one is bought.
  const round = bars - 2;
  const asserts = [`closed_trades==${round}`, 'open_positions==1', 'rejected_orders==0'];
  const more = [...ofOne, ...unsaved, ...asserts.flatMap((text) => ['--assert', text])];
  const common = { group: 'fills', count: 2 * round + 1, unit: 'fills' };
  return [
    { ...common, name: 'two fills a bar', args: runArgs(files, 'everyBar.ts', data, ...more) },
    {
      ...{ ...common, name: 'the same, each trade with a bracket' },
      args: runArgs(files, 'everyBar.ts', data, ...more, '--param', 'bracket=true'),
    },
  ];
}

/** @param {Files} files @param {number} bars @returns {Case[]} */
function accountCases(files, bars) {
  const data = files.candles(bars);
  // The balance table of so many accounts is long, and not what is measured.
  const printed = ['--table', 'summary'];
  return ACCOUNTS.map((count) => {
    const asserts = [`open_positions==${count}`, 'liquidations==0'].flatMap((text) => ['--assert', text]);
    return {
      ...{ group: 'accounts', name: `${count} holding`, count: bars, unit: 'bars' },
      args: runArgs(files, 'hold.ts', data, '--accounts', files.accounts(count), ...printed, ...unsaved, ...asserts),
    };
  });
}

/** @param {Files} files @returns {Case[]} */
function workloadCases(files) {
  const count = files.bars.length;
  const data = files.candles(count);
  const out = join(files.folder, 'flips');
  const wanted = expectedFlips(files.bars, BALANCE);
  return [
    {
      ...{ group: 'workload', name: '(a) SMA 20/50 flips, all files written', count, unit: 'bars' },
      args: runArgs(files, 'flip.ts', data, ...ofOne, '--no-store', '--out', out),
      against: { name: 'floor', args: [FLOOR, data, join(files.folder, 'floor.csv')] },
      check: () => {
        require(rowsOf(join(out, 'closed_trades.csv')).length, wanted.roundTrips, 'round trips');
        const wallet = rowsOf(join(out, 'balance.csv')).at(-1).split(',')[3];
        require(unitsOf(wallet), wanted.wallet, 'units of 10⁻⁸ in the wallet');
      },
    },
  ];
}

/** @param {string} path of a table */
function rowsOf(path) {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
}

/** An amount as text, of at most eight decimals → units of 10⁻⁸. @param {string} text */
function unitsOf(text) {
  const [whole, part = ''] = text.split('.');
  return BigInt(`${whole}${part.padEnd(8, '0')}`);
}

function require(found, wanted, what) {
  if (found !== wanted) throw new Error(`${found} ${what}, where there must be ${wanted}`);
}

const YEAR_BARS = 525_600;
const MONTH_BARS = 43_200;
const WEEK_BARS = 10_080;

/**
 * The cases whose group or name has the text in it.
 *
 * @param {string} folder that is there
 * @param {{ isQuick: boolean, only: string }} wish quick: a month instead of a year, a week instead of a month
 * @returns {{ cases: Case[], bars: number }}
 */
export function makeCases(folder, { isQuick, only }) {
  const bars = isQuick ? MONTH_BARS : YEAR_BARS;
  const fewer = isQuick ? WEEK_BARS : MONTH_BARS;
  const groups = {
    start: startCases,
    reading: readingCases,
    bars: loopCases,
    fills: (files) => fillCases(files, fewer),
    accounts: (files) => accountCases(files, fewer),
    workload: workloadCases,
  };
  mkdirSync(folder, { recursive: true });
  const files = new Files(folder, makeBars(bars));
  // A group's name spares writing the files of the others.
  const wanted = only in groups ? [groups[only]] : Object.values(groups);
  const cases = wanted.flatMap((make) => make(files)).filter(({ group, name }) => `${group} ${name}`.includes(only));
  return { cases, bars };
}
