/**
 * Which kinds of events the runs of the reference engine have met that only worlds with two exchanges or with finer bars have,
 * counted by name.
 */

import type { TradeRecord } from '../../engine/records.js';
import type { ReferenceRun } from './referenceRun.js';
import { type Exchange, timesOf, type World, type WorldSymbol } from './world.js';

type Note = (name: string) => void;

/** Counts what comes of two exchanges in one run. */
export function countExchanges(world: World, run: ReferenceRun, note: Note): void {
  const exchanges = new Map(world.accounts.map(({ name, exchange }) => [name, exchange ?? 'simulated']));
  if (new Set(exchanges.values()).size < 2) return;
  note('two exchanges');
  countCandles(world, run, note);
  countNames(world, run, note);
  countTransfers(run, note);
  countOwnFunding(world, run, { exchanges, note });
  for (const { contract, reason } of run.trades) {
    if (contract.venue === 'simulated2' && reason !== 'order') note(`${reason} at the second exchange`);
  }
  const spellings = new Set(run.outcome.accounts.map(({ currency }) => currency.code));
  const isTotal = !('reason' in run.outcome.totals.overall);
  if (isTotal && spellings.has('XBT') && spellings.has('BTC')) note('total of both spellings');
}

/** Symbols traded at both exchanges: by the same candles, or each by its own. */
function countCandles({ symbols }: World, { trades }: ReferenceRun, note: Note): void {
  const isTradedAt = (symbol: WorldSymbol, venue: Exchange): boolean =>
    trades.some(({ contract }) => contract.venue === venue && contract.symbol === (symbol.symbol ?? symbol.name));
  for (const symbol of symbols) {
    if (!isTradedAt(symbol, 'simulated') || !isTradedAt(symbol, 'simulated2')) continue;
    note(symbol.venue === undefined ? 'candles traded at both exchanges' : 'candles of both venues traded');
  }
  const [first] = symbols;
  if (first?.venue === 'simulated2') note('first candles of the second venue');
}

/** Orders by a symbol with its exchange, and names that the account has not. */
function countNames({ calls, accounts, intervalMs }: World, { orders }: ReferenceRun, note: Note): void {
  for (const { symbol, reason } of orders) {
    if (reason !== 'unknown_symbol' || symbol === 'NONE') continue;
    note(symbol.includes('.') ? 'unknown symbol with a venue' : 'symbol of the other exchange');
  }
  for (const line of calls) {
    if (!('symbol' in line) || !('orderStyle' in line) || !line.symbol.includes('.') || line.at === null) continue;
    const timeMs = line.at + intervalMs;
    const isTaken = orders.some(
      (order) =>
        order.timeMs === timeMs &&
        order.account === line.account &&
        order.status !== 'rejected' &&
        line.symbol.startsWith(`${order.symbol}.`),
    );
    const isOfCandles = line.symbol.includes('.simulated');
    if (isTaken && accounts.length > 1)
      note(`order by symbol and ${isOfCandles ? 'venue of the candles' : 'exchange'}`);
  }
}

/** Money that comes in as another currency or in another unit than it went out. */
function countTransfers({ bills }: ReferenceRun, note: Note): void {
  bills.forEach((bill, i) => {
    const next = bills[i + 1];
    if (bill.type !== 'transfer_out' || next?.type !== 'transfer_in') return;
    if (bill.currency.code !== next.currency.code) note('transfer into another spelling');
    if (bill.currency.decimals !== next.currency.decimals) note('transfer into another unit');
  });
}

/** Funding at a time of one exchange's contract that is no time of the other's on the same candles. */
function countOwnFunding(
  { symbols }: World,
  { bills }: ReferenceRun,
  { exchanges, note }: { readonly exchanges: ReadonlyMap<string, Exchange>; readonly note: Note },
): void {
  for (const { account, symbol, type, timeMs } of bills) {
    const shared = symbols.find((each) => each.name === symbol && each.elsewhere !== undefined);
    if (type !== 'funding' || shared?.funding.kind !== 'constant') continue;
    const others = exchanges.get(account) === 'simulated' ? shared.elsewhere! : shared.contract;
    if (!others.fundTimesMs.includes(timeMs % 86_400_000)) note('funding of one exchange alone');
  }
}

/** Counts what comes of finer bars in one run. */
export function countFiner(world: World, run: ReferenceRun, note: Note): void {
  const { parts, intervalMs } = world;
  const { fineBars, bars, ambiguous } = run.outcome;
  if (parts === undefined) return;
  if (fineBars === bars) note('settled along finer bars throughout');
  else if (fineBars > 0) note('settled along finer bars in part');
  const steps = new Set(timesOf(world));
  if (ambiguous.some(({ openTimeMs }) => !steps.has(openTimeMs))) note('ambiguous finer bar');
  if (isMixed(world)) note('step of which one symbol alone is covered');
  const lengthMs = intervalMs / parts;
  /** Milliseconds into a step that has all finer bars, where that is in a later one than its first. */
  const into = (timeMs: number): number | null => {
    const step = [...steps].findLast((openTimeMs) => openTimeMs <= timeMs);
    if (step === undefined || !isCovered(world, step)) return null;
    return timeMs >= step + lengthMs && timeMs < step + intervalMs ? timeMs - step : null;
  };
  const isInside = (timeMs: number): boolean => into(timeMs) !== null;
  const isAtOpen = (timeMs: number): boolean => (into(timeMs) ?? 1) % lengthMs === 0;
  for (const trade of run.trades.filter(({ timeMs }) => isInside(timeMs)))
    note(`finer: ${kindOf(trade, isAtOpen(trade.timeMs))}`);
  for (const bill of run.bills) if (bill.type === 'funding' && isInside(bill.timeMs)) note('finer: funding');
  for (const row of run.balances) if (isAtOpen(row.timeMs)) note('finer: row at an open');
  if (run.closed.some(({ entryTimeMs, exitTimeMs }) => isInside(exitTimeMs) && exitTimeMs - entryTimeMs < lengthMs)) {
    note('finer: opened and closed in one');
  }
  const hasMarks = world.symbols.some((symbol) =>
    symbol.bars.some((bar) => bar.parts !== undefined && bar.mark !== null),
  );
  if (hasMarks && fineBars > 0) note('finer marks');
  if (parted(world)) note('finer bars that part from the bar');
}

const kindOf = ({ reason, liquidity }: TradeRecord, isAtOpen: boolean): string =>
  `${reason === 'order' ? `${liquidity} order` : reason}${isAtOpen ? ' at an open' : ''}`;

const barsAt = ({ symbols }: World, openTimeMs: number) =>
  symbols.flatMap(({ bars }) => bars.find((bar) => bar.openTimeMs === openTimeMs) ?? []);
const isCovered = (world: World, openTimeMs: number): boolean =>
  barsAt(world, openTimeMs).every(({ parts }) => parts !== undefined);
const isMixed = (world: World): boolean =>
  timesOf(world).some((at) => !isCovered(world, at) && barsAt(world, at).some(({ parts }) => parts !== undefined));

/** Whether the prices of some finer bars are not those of their bar. */
const parted = ({ symbols }: World): boolean =>
  symbols.some(({ bars }) =>
    bars.some(({ last: [, high, low], parts = [] }) => parts.some(({ last }) => last[1] > high || last[2] < low)),
  );
