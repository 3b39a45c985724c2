/**
 * Reads a file of candles to its end, all checks included, and prints how many bars it held, and the seconds and CPU seconds that took. The program of
 * the reading measurements: `node readBars.mjs LIBRARY FILE`, the library being src/market/openSeries.ts as one module.
 */

import { pathToFileURL } from 'node:url';

const [library, file] = process.argv.slice(2);
const { openBarSeries } = await import(pathToFileURL(library).href);
const before = process.cpuUsage();
const start = performance.now();
const series = await openBarSeries({ symbol: 'SYN', paths: [file], skipBadRows: false, strict: false });
for await (const _ of series.chunks);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${series.stats.bars} ${seconds} ${(user + system) / 1e6}\n`);
