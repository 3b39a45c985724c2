/**
 * `backtest data store`: what the store of parsed candles holds, the series used last first, and `--clear`, which empties it. What is kept and
 * when it counts is market/candleStore.ts.
 */

import { EXIT, type ExitCode } from '../errors.js';
import type { StoredFile } from '../market/candleStore.js';
import { type StoredFacts, toldOf } from '../market/candleStoreSeries.js';
import { formatInterval } from '../market/intervals.js';
import { integers, type Table, texts, times, words } from '../report/column.js';
import { formatCsvHeader, formatCsvRow } from '../report/csv.js';
import { formatJsonArray, formatJsonRow } from '../report/json.js';
import { OUTPUT_FORMATS } from '../report/output.js';
import { writing } from '../report/outputErrors.js';
import { drawTable } from '../report/terminal.js';
import { recordsAsText } from '../report/terminalTables.js';
import { findCandleStore } from './cacheFolder.js';
import { isColorWanted } from './cliStreams.js';
import type { CommandContext } from './commandContext.js';
import { formatCount } from './dataWarnings.js';
import { requireChoice } from './givenOptions.js';

interface Stored extends StoredFile, StoredFacts {}

const STORED: Table<Stored> = {
  name: 'store',
  columns: [
    texts('symbol', 2, (one) => one.symbol),
    words('interval', 4, (one) => formatInterval(one.intervalMs)),
    integers('bars', 3, (one) => one.bars),
    integers('bytes', 5, (one) => one.bytes),
    times('used', 6, (one) => Math.trunc(one.usedMs)),
    texts('files', 1, (one) => one.paths.join(' ')),
  ],
};

/** @throws UserError exit 2; exit 5 where it cannot be emptied */
export async function dataStore({ given, io, stdout, log }: CommandContext): Promise<ExitCode> {
  const format = requireChoice(given.find('format'), OUTPUT_FORMATS, 'table');
  const store = findCandleStore(io, given);
  if (store === null) {
    log.warn('there is no store: neither BACKTEST_CACHE_DIR nor XDG_CACHE_HOME nor HOME is set');
    return EXIT.done;
  }
  if (given.isOn('clear')) {
    const count = writing(store.folder, () => store.clear());
    log.info(`${store.folder}: ${count} series removed`);
    return EXIT.done;
  }
  const records = store.list().flatMap((file): Stored[] => {
    const told = toldOf(file.path);
    return told === null ? [] : [{ ...file, ...told }];
  });
  const style = { columns: stdout.columns, color: isColorWanted(io.stdout, io.env, given.isOn('no-color')) };
  if (format === 'csv') {
    await stdout.write([formatCsvHeader(STORED), ...records.map((one) => formatCsvRow(STORED, one))].join(''));
  } else if (format === 'json') {
    const rows = records.map((one) => formatJsonRow(STORED, one));
    await stdout.write(`${[...formatJsonArray(rows, '')].join('')}\n`);
  } else {
    const kept = { count: records.length, first: records, last: [] };
    await stdout.write([...drawTable(recordsAsText(STORED, kept, 'all with --format csv'), style)].join(''));
  }
  const bytes = records.reduce((sum, one) => sum + one.bytes, 0);
  log.info(`${store.folder}: ${formatCount(bytes, 'byte')} of at most ${store.limit}`);
  return EXIT.done;
}
