/** Rows that stand at fixed times: which times those are, one row a moment, renewal by events, and the order of writing. */

import { describe, expect, it, test } from '@jest/globals';
import { accountWith, FLAT_INVERSE, fill } from '../testing/laws/contracts.js';
import { AccountRuntime } from './accountRuntime.js';
import { BalanceRows, RowSchedule } from './balanceRows.js';
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
      const at = schedule.atClose(time);
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

function twoAccounts(): AccountRuntime[] {
  const flat = new AccountRuntime(accountWith('generic', 'cross', '10', 500n), FLAT_INVERSE);
  const long = new AccountRuntime(accountWith('generic', 'cross', '10', 10n ** 8n), FLAT_INVERSE);
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
    rows.stand(60, 10_000, { withBalance: true, withPositions: true });
    expect([written, rows.standing?.timeMs]).toEqual([[], 60]);
    rows.release();
    rows.release();
    expect(written).toEqual(['balance main 60 500', 'balance main 60 100000000', 'position main 60 100']);
    expect(rows.standing).toBeNull();
  });

  it('when rows stand at a later time then the earlier ones are written', () => {
    const { sink, written } = noting();
    const rows = new BalanceRows(sink, twoAccounts());
    rows.stand(60, 10_000, POSITIONS);
    rows.stand(120, 10_000, BALANCE);
    expect(written).toEqual(['position main 60 100']);
    rows.release();
    expect(written.slice(1)).toEqual(['balance main 120 500', 'balance main 120 100000000']);
  });

  it('when rows stand again at the same time then they are widened, not doubled', () => {
    const { sink, written } = noting();
    const rows = new BalanceRows(sink, twoAccounts());
    rows.stand(60, 10_000, BALANCE);
    rows.stand(60, 10_000, POSITIONS);
    rows.release();
    expect(written).toEqual(['balance main 60 500', 'balance main 60 100000000', 'position main 60 100']);
  });

  it('when an event falls on the very time then the row shows the state after it, and the event leaves no second row', () => {
    const { sink, written } = noting();
    const runtimes = twoAccounts();
    const [, long] = runtimes;
    const rows = new BalanceRows(sink, runtimes);
    rows.stand(60, 10_000, { withBalance: true, withPositions: true });
    fill(long!.account, FLAT_INVERSE, 'sell', 'close', 100n, '12500');
    long!.journal.setBalance(long!.balanceRecord(60, long!.exact(12_500)));
    long!.journal.rowPosition = { timeMs: 60, record: long!.positionRecord(60, 12_500) };
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
    rows.stand(60, 10_000, BALANCE);
    flat!.account.deposit(1n, 61, 'more');
    flat!.journal.setBalance(flat!.balanceRecord(61, flat!.exact(10_000)));
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
});
