/** Rows that stand at fixed times: which times those are, one row a moment, renewal by events, and the order of writing. */

import { describe, expect, it, test } from '@jest/globals';
import { accountWith, FLAT_INVERSE, fill, USDT_CURRENCY, XBT_CURRENCY } from '../testing/laws/contracts.js';
import { marketAt, standing } from '../testing/laws/steps.js';
import { balanceRecord, positionRecords } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import { BalanceRows, RowSchedule } from './balanceRows.js';
import { runtimeOn } from './fixtures/runtimeOn.js';
import { type Moment, QuotedMoment, retimed } from './moment.js';
import type { RecordSink } from './records.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;

describe('schedule', () => {
  const hourly = new RowSchedule({ bar: false, event: false, everyMs: [HOUR] });
  const none = new RowSchedule({ bar: false, event: true, everyMs: [] });
  const everyBar = new RowSchedule({ bar: true, event: false, everyMs: [] });

  // time, hourly, without steps, at each bar's close
  test.each([
    [HOUR - MINUTE, null, null, [true, false]],
    [HOUR, [true, false], null, [true, false]],
    [HOUR + MINUTE, null, null, [true, false]],
    [DAY - HOUR, [true, false], null, [true, false]],
    [DAY, [true, true], [false, true], [true, true]],
    [0, [true, true], [false, true], [true, true]],
  ])('when a bar closes at %s ms then balance and positions stand so', (time, ...expected) => {
    const kinds = [hourly, none, everyBar].map((schedule) => {
      const at = schedule.atClose(time, true);
      return at === null ? null : [at.withBalance, at.withPositions];
    });
    expect(kinds).toEqual(expected);
    expect(everyBar.at(time)).toEqual(none.at(time));
  });

  test.each([
    [0, HOUR, DAY],
    [HOUR - 1, HOUR, DAY],
    [HOUR, 2 * HOUR, DAY],
    [DAY - 1, DAY, DAY],
    [DAY, DAY + HOUR, 2 * DAY],
  ])('when the time is %s ms then the next standing times are %s and %s', (time, withHours, withDays) => {
    expect([hourly.nextAfter(time), none.nextAfter(time)]).toEqual([withHours, withDays]);
  });

  it('when several lengths are given then rows stand at the multiples of each', () => {
    const both = new RowSchedule({ bar: false, event: false, everyMs: [2 * HOUR, 3 * HOUR] });
    expect([2, 3, 4, 6].map((hours) => both.at(hours * HOUR)?.withBalance)).toEqual([true, true, true, true]);
    expect([1, 5].map((hours) => both.at(hours * HOUR))).toEqual([null, null]);
    expect(both.nextAfter(4 * HOUR)).toBe(6 * HOUR);
  });
});

/** A sink that notes what is written. */
function noting(): { sink: RecordSink; written: string[] } {
  const written: string[] = [];
  const sink = {
    balance: (record: { account: string; timeMs: number; wallet: bigint }) =>
      written.push(`balance ${record.account} ${record.timeMs} ${record.wallet}`),
    position: (record: { account: string; timeMs: number; total: bigint }) =>
      written.push(`position ${record.account} ${record.timeMs} ${record.total}`),
  } as unknown as RecordSink;
  return { sink, written };
}

/** Where last and mark stand at a price. */
const at = (timeMs: number, price = 10_000): Moment =>
  retimed(new QuotedMoment(marketAt([{ contract: FLAT_INVERSE, last: standing(price) }]), 'close', 0, 0), timeMs);

function twoAccounts(): AccountRuntime[] {
  const market = marketAt([{ contract: FLAT_INVERSE, last: standing(10_000) }]);
  const flat = runtimeOn(accountWith('generic', 'cross', '10', 500n), market);
  const long = runtimeOn(accountWith('generic', 'cross', '10', 10n ** 8n), market);
  fill(long.account, FLAT_INVERSE, 'buy', 'open', 100n, '10000');
  long.collect();
  long.takeJournal();
  return [flat, long];
}

const BALANCE = { withBalance: true, withPositions: false };
const POSITIONS = { withBalance: false, withPositions: true };

describe('standing rows', () => {
  it('when rows stand and are released then balances come first, flat accounts have no position, and nothing is written twice', () => {
    const { sink, written } = noting();
    const rows = new BalanceRows(sink, twoAccounts());
    rows.stand(at(60), { withBalance: true, withPositions: true });
    expect([written, rows.standing?.timeMs]).toEqual([[], 60]);
    rows.release();
    rows.release();
    expect(written).toEqual(['balance main 60 500', 'balance main 60 100000000', 'position main 60 100']);
    expect(rows.standing).toBeNull();
  });

  it('when rows stand at a later time then the earlier ones are written', () => {
    const { sink, written } = noting();
    const rows = new BalanceRows(sink, twoAccounts());
    rows.stand(at(60), POSITIONS);
    rows.stand(at(120), BALANCE);
    expect(written).toEqual(['position main 60 100']);
    rows.release();
    expect(written.slice(1)).toEqual(['balance main 120 500', 'balance main 120 100000000']);
  });

  it('when rows stand again at the same time then they are widened, not doubled', () => {
    const { sink, written } = noting();
    const rows = new BalanceRows(sink, twoAccounts());
    rows.stand(at(60), BALANCE);
    rows.stand(at(60), POSITIONS);
    rows.release();
    expect(written).toEqual(['balance main 60 500', 'balance main 60 100000000', 'position main 60 100']);
  });

  it('when an event falls on the very time then the row shows the state after it, and the event leaves no second row', () => {
    const { sink, written } = noting();
    const runtimes = twoAccounts();
    const [, long] = runtimes;
    const rows = new BalanceRows(sink, runtimes);
    rows.stand(at(60), { withBalance: true, withPositions: true });
    fill(long!.account, FLAT_INVERSE, 'sell', 'close', 100n, '12500');
    long!.journal.setBalance(balanceRecord(long!, XBT_CURRENCY, at(60, 12_500)));
    long!.journal.setRowPositions(60, 'XBT', positionRecords(long!, at(60, 12_500)));
    rows.renew(1);
    expect(long!.journal.balances).toEqual([]);
    rows.release();
    expect(written).toEqual(['balance main 60 500', 'balance main 60 100200000']);
  });

  it('when an event comes later then it keeps its own row, and the standing one stays', () => {
    const { sink, written } = noting();
    const runtimes = twoAccounts();
    const [flat] = runtimes;
    const rows = new BalanceRows(sink, runtimes);
    rows.stand(at(60), BALANCE);
    flat!.account.deposit(1n, 61, 'more');
    flat!.journal.setBalance(balanceRecord(flat!, XBT_CURRENCY, at(61)));
    rows.renew(0);
    expect(flat!.journal.balances).toHaveLength(1);
    rows.release();
    expect(written[0]).toBe('balance main 60 500');
  });

  it('when nothing stands then renewing and releasing do nothing', () => {
    const { sink, written } = noting();
    const rows = new BalanceRows(sink, twoAccounts());
    rows.renew(0);
    rows.release();
    expect(written).toEqual([]);
  });

  it('when an account has two ledgers then each has its row, and an event renews that of its own', () => {
    const { sink, written } = noting();
    const runtimes = twoAccounts();
    const [flat] = runtimes;
    flat!.account.openLedger(USDT_CURRENCY);
    const rows = new BalanceRows(sink, runtimes);
    rows.stand(at(60), BALANCE);
    flat!.account.deposit(7n, 60, 'more', USDT_CURRENCY);
    flat!.journal.setBalance(balanceRecord(flat!, USDT_CURRENCY, at(60)));
    rows.renew(0);
    expect(flat!.journal.balances).toEqual([]);
    rows.release();
    expect(written).toEqual(['balance main 60 500', 'balance main 60 7', 'balance main 60 100000000']);
  });

  it('when an event opens a ledger at the very time then its row joins those that stand', () => {
    const { sink, written } = noting();
    const runtimes = twoAccounts();
    const [flat] = runtimes;
    const rows = new BalanceRows(sink, runtimes);
    rows.stand(at(60), BALANCE);
    flat!.account.openLedger(USDT_CURRENCY);
    flat!.account.deposit(7n, 60, 'first', USDT_CURRENCY);
    flat!.journal.setBalance(balanceRecord(flat!, USDT_CURRENCY, at(60)));
    rows.renew(0);
    rows.release();
    expect(written).toEqual(['balance main 60 500', 'balance main 60 7', 'balance main 60 100000000']);
  });
});
