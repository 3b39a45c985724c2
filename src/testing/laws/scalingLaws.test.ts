/**
 * The law of scale: with all quantities and balances times an integer, every amount of money is times that integer, row by row.
 * It holds to the unit where no value has to be rounded, so the worlds are of prices and multipliers that leave every value, fee,
 * margin and share whole: quantities are few pieces, a contract is worth 60 to the eighth. Orders are of fixed quantities,
 * rates are flat and prices jump from bar to bar. Invariant 14 of the settlement rules.
 */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MarginMode } from '../../account/bills.js';
import type { Contract, ContractType } from '../../contract/contract.js';
import { runBacktest } from '../../engine/engine.js';
import type { RecordSink } from '../../engine/records.js';
import type { RunInput } from '../../engine/runInput.js';
import type { BarChunk } from '../../market/bars.js';
import { emptyStats } from '../../market/quality.js';
import { type Fraction, fractionOf } from '../../money/decimal.js';
import { reduce } from '../../money/fractions.js';
import { formatUnits } from '../../money/units.js';
import type { Account, OrderOptions } from '../../strategy/strategy.js';
import { PRESET_NAMES } from '../../venue/presets.js';
import { contractWith, d, rulesOf } from './contracts.js';

const HOUR_MS = 3_600_000;
/** Times what a contract of price 1 would be worth: a share of five or less, taken eight times over, is still whole. */
const WORTH = 60n ** 8n;
/** Of these an inverse value is as whole as a linear one. */
const PRICES = [5_000, 6_250, 8_000, 10_000, 12_500, 16_000, 20_000] as const;
const contractOf = (type: Exclude<ContractType, 'spot'>): Contract =>
  contractWith({
    type,
    multiplier: String(type === 'inverse' ? WORTH : WORTH / 10_000n),
    settle_currency: 'XBT',
    min_qty: '1',
    tick_size: '1',
    initial_margin: '0.01',
    maintenance_margin: '0.005',
    max_leverage: '100',
    liquidation_fee: '0.01',
    fund_time: ['03:00', '07:00', '11:00'],
  });
const CONTRACTS = { inverse: contractOf('inverse'), linear: contractOf('linear'), quanto: contractOf('quanto') };

const lines = fc.array(
  fc.record({
    bar: fc.integer({ min: 1, max: 11 }),
    call: fc.constantFrom(
      ...([
        'longOpen',
        'longOpen',
        'shortOpen',
        'longClose',
        'shortClose',
        'addMargin',
        'removeMargin',
        'leverage',
      ] as const),
    ),
    kind: fc.constantFrom('market', 'market', 'limit', 'stop'),
    pieces: fc.bigInt({ min: 1n, max: 2n }),
    price: fc.constantFrom(...PRICES),
    style: fc.constantFrom('none', 'stop_loss', 'stop_profit'),
    leverage: fc.constantFrom('2', '5', '10', '20'),
  }),
  { minLength: 3, maxLength: 9 },
);
const worlds = fc.record({
  preset: fc.constantFrom(...PRESET_NAMES),
  type: fc.constantFrom<Exclude<ContractType, 'spot'>>('inverse', 'linear', 'quanto'),
  mode: fc.constantFrom<MarginMode>('cross', 'isolated', 'isolated'),
  isHedged: fc.boolean(),
  autoMargin: fc.boolean(),
  leverage: fc.constantFrom('2', '5', '10', '20'),
  /** In hundredths of the value of one contract at 10,000. */
  balance: fc.bigInt({ min: 20n, max: 600n }),
  first: fc.constantFrom('longOpen', 'shortOpen'),
  prices: fc.array(fc.constantFrom(...PRICES), { minLength: 12, maxLength: 12 }),
  lines,
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

async function* barsOf(prices: readonly number[]): AsyncGenerator<BarChunk> {
  const column = Float64Array.from(prices);
  const openTimeMs = Float64Array.from(prices, (_, i) => i * HOUR_MS);
  const volume = Float64Array.from(prices, () => 1);
  yield { length: prices.length, openTimeMs, open: column, high: column, low: column, close: column, volume };
}

/** What one contract is worth at 10,000, in settlement units: both ways the same. */
const VALUE = (WORTH * 100_000_000n) / 10_000n;

function act(
  account: Account,
  { call, kind, pieces, price, style, leverage }: World['lines'][number],
  scale: bigint,
): void {
  const symbol = 'BTCUSDT';
  if (call === 'leverage') account.setMaxLeverage(leverage);
  else if (call === 'addMargin' || call === 'removeMargin') {
    account[call](symbol, formatUnits((scale * pieces * VALUE) / 100n, 8));
  } else {
    const options: OrderOptions = {
      ...(kind === 'stop' ? { trigger: price } : {}),
      ...(style === 'none' ? {} : { orderStyle: { name: style, value: String(price / 2) } }),
    };
    account[call](symbol, kind === 'limit' ? price : null, String(scale * pieces), options);
  }
}

/** All rows of a run of the world, money and quantities divided by the scale. */
async function rowsOf(world: World, scale: bigint): Promise<{ rows: string[]; kinds: string[] }> {
  const rows: string[] = [];
  const kinds: string[] = [];
  const write = (table: string, record: object): void => {
    rows.push(`${table} ${textOf(record, scale)}`);
    if ('type' in record && table === 'bill') kinds.push(String(record.type));
  };
  const sink: RecordSink = {
    trade: (record) => write('trade', record),
    stopTrade: (record) => write('stop', record),
    order: (record) => write('order', record),
    balance: (record) => write('balance', record),
    position: (record) => write('position', record),
    bill: (record) => write('bill', record),
    closedTrade: (record) => write('closed', record),
  };
  const contract = CONTRACTS[world.type];
  const isLedger = rulesOf(world.preset).liquidationRule === 'bitmex_ledger';
  let bar = 0;
  const input: RunInput = {
    symbols: [
      {
        ...{ name: contract.symbol, symbol: contract.symbol, venue: null, fineIntervalMs: null },
        bars: {
          ...{ symbol: contract.symbol, intervalMs: HOUR_MS, dialect: 'plain', assumptions: [], stats: emptyStats() },
          chunks: barsOf(world.prices),
        },
        hasMark: false,
        funding: { kind: 'constant', rate: fractionOf('0.0005') },
      },
    ],
    accounts: [
      {
        name: 'main',
        rules: rulesOf(world.preset),
        contracts: new Map([[contract.symbol, contract]]),
        balances: [{ currency: contract.settle, amount: (scale * world.balance * VALUE) / 100n }],
        mode: world.mode,
        // The shares of several cross positions are rounded, and so is the most that an automatic call can cover beside a reserve.
        positionMode: world.isHedged && world.mode === 'isolated' ? 'hedged' : 'one_way',
        autoMargin: world.autoMargin && !isLedger,
        leverage: d(world.leverage),
        modeIsExplicit: false,
        leverageIsExplicit: false,
        takerFee: d('0.0005'),
        makerFee: d('0.0001'),
      },
    ],
    strategy: {
      handleData(context) {
        bar += 1;
        if (bar === 1) context.account[world.first]('BTCUSDT', null, String(scale));
        for (const line of world.lines) if (line.bar === bar) act(context.account, line, scale);
      },
    },
    params: {},
    fromMs: null,
    toMs: null,
    intrabar: 'adverse',
    slippage: { unit: 'ticks', amount: d('0') },
    balanceEvery: { bar: true, event: true, everyMs: [HOUR_MS] },
    sink,
  };
  const { accounts } = await runBacktest(input);
  for (const account of accounts) rows.push(`wallet ${textOf({ wallet: account.wallet }, scale)}`);
  return { rows, kinds };
}

/** A record as text: whole numbers of units, which all grow, divided by the scale; prices and rates in lowest terms. */
function textOf(record: object, scale: bigint): string {
  return JSON.stringify(record, (key, item: unknown) => {
    if (key === 'contract') return undefined;
    if (typeof item === 'bigint') return item % scale === 0n ? `${item / scale}` : `${item} of ${scale}`;
    if (typeof item !== 'object' || item === null || !('num' in item && 'den' in item)) return item;
    const { num, den } = reduce(item as Fraction);
    return `${num}/${den}`;
  });
}

describe('invariant 14: all quantities and balances times an integer', () => {
  it('when a world is run at both sizes then all money is times that integer too, to the unit', async () => {
    const [met, presets] = [new Map<string, number>(), new Set<string>()];
    await fc.assert(
      fc.asyncProperty(worlds, fc.constantFrom(2n, 3n, 7n, 10n), async (world, scale) => {
        const [one, many] = [await rowsOf(world, 1n), await rowsOf(world, scale)];
        expect(many.rows).toEqual(one.rows);
        for (const kind of one.kinds) met.set(kind, (met.get(kind) ?? 0) + 1);
        presets.add(world.preset);
      }),
      { numRuns: 300 },
    );
    expect(presets.size).toBe(PRESET_NAMES.length);
    for (const kind of [
      'fee',
      'realized_pnl',
      'funding',
      'liquidation',
      'margin_add',
      'leverage_change',
      'insurance',
    ]) {
      expect([kind, (met.get(kind) ?? 0) > 5]).toEqual([kind, true]);
    }
  });
});
