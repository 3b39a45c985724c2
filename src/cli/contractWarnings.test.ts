/** A contract used outside the time of its entry is told of, with both times. */

import { expect, test } from '@jest/globals';
import { createContractTable } from '../contract/contractInfo.js';
import { aRun } from '../report/fixtures/records.js';
import { findContractWarnings } from './contractWarnings.js';

const ENTRY = {
  type: 'linear',
  multiplier: '1',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  initial_margin: '0.01',
  maintenance_margin: '0.005',
  min_qty: '1',
  tick_size: '0.5',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
};

/** The run is of 2020-03-12. */
test.each<[string, object[], number]>([
  ['the entry has no time', [ENTRY], 0],
  ['the run lies within it', [{ ...ENTRY, valid_from: '2020-03-12T00:00:00Z' }], 0],
  ['the entry begins later', [{ ...ENTRY, valid_from: '2020-03-12T00:00:01Z' }], 1],
  ['the entry ends before the run does', [ENTRY, { ...ENTRY, valid_from: '2020-03-12T23:59:59Z' }], 1],
  ['the entry ends with the run', [ENTRY, { ...ENTRY, valid_from: '2020-03-13T00:00:00Z' }], 0],
])('when %s then there are as many warnings as due', (_what, history, count) => {
  const table = createContractTable({ generic: { ABCUSDT: history } }, 'contracts.json');
  const contract = table.find('generic', 'ABCUSDT', Date.UTC(2020, 2, 12))!;
  const accounts = { contracts: [{ series: 'ABCUSDT', contract }], accounts: [], defaults: [] };
  const warnings = findContractWarnings({ accounts, contracts: { table, file: null } }, aRun());
  expect(warnings).toHaveLength(count);
  for (const { code, strict, message } of warnings) {
    expect({ code, strict }).toEqual({ code: 'contract_out_of_time', strict: 'data' });
    expect(message).toContain('the run is of 2020-03-12T00:00:00.000Z to 2020-03-13T00:00:00.000Z');
  }
});
