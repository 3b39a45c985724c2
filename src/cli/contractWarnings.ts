/**
 * Tells where a run used the figures of a contract at a time that they are not of: margins and fees of another year.
 */

import type { Validity } from '../contract/entryHistory.js';
import { isWithin } from '../contract/entryHistory.js';
import type { RunOutcome, RunWarning } from '../engine/records.js';
import { formatTime } from '../market/timestamps.js';
import type { RunPlan } from './runPlan.js';

/** One warning for each contract whose entry does not hold for the whole run. */
export function findContractWarnings(
  { accounts, contracts }: Pick<RunPlan, 'accounts' | 'contracts'>,
  { firstOpenTimeMs, lastCloseTimeMs }: RunOutcome,
): RunWarning[] {
  if (firstOpenTimeMs === null || lastCloseTimeMs === null) return [];
  return accounts.contracts.flatMap(({ contract }): RunWarning[] => {
    const validity = contracts.table.validity(contract);
    if (isWithin(validity, firstOpenTimeMs, lastCloseTimeMs)) return [];
    const { venue, symbol } = contract;
    const run = `the run is of ${formatTime(firstOpenTimeMs)} to ${formatTime(lastCloseTimeMs)}`;
    const message = `the contract entry of ${venue} ${symbol} is that of ${formatValidity(validity)}, and ${run}`;
    return [{ code: 'contract_out_of_time', message, strict: 'data' }];
  });
}

function formatValidity({ fromMs, untilMs }: Validity): string {
  const from = fromMs === null ? '' : `from ${formatTime(fromMs)}`;
  return [from, untilMs === null ? '' : `until ${formatTime(untilMs)}`].filter((text) => text !== '').join(' ');
}
