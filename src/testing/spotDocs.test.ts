/** The worked numbers of the section on spot of docs/settlement.md, computed again by the code that settles. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { computeBuyableQty, computeSpotLock } from '../account/spotCost.js';
import { createContractTable } from '../contract/contractInfo.js';
import { divHalfAway } from '../money/rounding.js';
import { formatUnits } from '../money/units.js';
import { accountWith, d, fill, USDT_CURRENCY } from './laws/contracts.js';

const PAGE = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/settlement.md'), 'utf8');
const flat = PAGE.replace(/\n> /g, ' ').replace(/\n/g, ' ');

const PAIR = createContractTable({
  generic: {
    'BTC/USDT': { type: 'spot', min_qty: '0.0001', tick_size: '0.01', taker_fee: '0.001', maker_fee: '0.001' },
  },
}).find('generic', 'BTC/USDT')!;
const FEE = '0.001';
const money = (units: bigint): string => formatUnits(units, 8);
/** Of the start, 10,000 USDT. */
const start = () => accountWith('generic', 'cross', '1', 10_000n * 10n ** 8n, USDT_CURRENCY);

describe('spot in docs/settlement.md', () => {
  it('when 0.1 coins are bought at 20,000 then the bills are those of the page', () => {
    const account = start();
    const { value, fee } = fill(account, PAIR, 'buy', 'open', 1_000n, '20000', FEE);
    const text = `0.1 BTC bought at 20,000: ${money(value)} USDT leave, ${money(account.walletOf('BTC'))} BTC enter, and the fee is ${money(fee)}; ${money(account.walletOf('USDT'))} USDT are left.`;
    expect(flat).toContain(text);
  });

  it('when a buy rests then what it locks, what stays free and what that buys are those of the page', () => {
    const lock = computeSpotLock(PAIR, 2_000n, d('19500'), d(FEE));
    const free = 799_800_000_000n - lock;
    const qty = computeBuyableQty(PAIR, free, d('19500'), d(FEE));
    const cost = computeSpotLock(PAIR, qty, d('19500'), d(FEE));
    const over = computeSpotLock(PAIR, qty + 1n, d('19500'), d(FEE));
    expect([cost <= free, over > free]).toEqual([true, true]);
    const text = `a limit buy of 0.2 at 19,500 locks ${money(lock)}, and ${money(free)} stay free. With all of that \`buyPct\` at 19,500 is for ${formatUnits(qty, 4)} BTC, which take ${money(cost)}.`;
    expect(flat).toContain(text);
  });

  it('when a holding is sold then profit, cost and the share of the fee are those of the page', () => {
    const account = start();
    fill(account, PAIR, 'buy', 'open', 1_000n, '20000');
    fill(account, PAIR, 'buy', 'open', 2_000n, '23000');
    const { cost } = account.position(PAIR);
    const half = fill(account, PAIR, 'sell', 'close', 1_500n, '24000', FEE);
    const left = account.position(PAIR).cost;
    account.deposit(10n ** 7n, 0, 'coins', PAIR.base!);
    const rest = fill(account, PAIR, 'sell', 'close', 2_500n, '24000', FEE);
    const share = divHalfAway(rest.fee * 1_500n, 2_500n);
    const text =
      `0.1 BTC at 20,000 and 0.2 at 23,000 have cost ${money(cost)}, 22,000 a coin. Selling 0.15 at 24,000 tells a profit of ${money(half.realizedPnl)} and leaves a cost of ${money(left)}. ` +
      `With 0.1 BTC deposited, selling 0.25 at 24,000 tells ${money(rest.realizedPnl)} for the 0.15 that were bought; of its fee, ${money(rest.fee)}, ${money(share)} count for the closed trade.`;
    expect(flat).toContain(text);
  });
});
