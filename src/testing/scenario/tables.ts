/**
 * The tables of a scenario's expectations: which words an `expect` line of each has, and in which order. Records of the engine
 * are put into the same words by foundRows.ts; comparing the two is expectations.ts.
 */

import type { Fraction } from '../../money/decimal.js';

export const TABLE_NAMES = [
  'trade',
  'bill',
  'order',
  'stop',
  'closed',
  'balance',
  'position',
  'wallet',
  'account',
  'call',
] as const;
export type TableName = (typeof TABLE_NAMES)[number];

/**
 * A cell of a found row. Exact numbers must agree to the last digit; an average is compared at the digits written, or exactly
 * with a quotient.
 */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'time'; readonly timeMs: number }
  | { readonly kind: 'number'; readonly value: Fraction }
  | { readonly kind: 'average'; readonly value: Fraction };

export type FoundRow = Readonly<Record<string, Cell>>;

export interface TableSpec {
  /** Words that every line has, in this order; `@` stands for itself. */
  readonly head: readonly string[];
  /** Words that say a field by themselves. */
  readonly flags: Readonly<Record<string, string>>;
  /** Fields that may follow as name=value. */
  readonly options: readonly string[];
  /** True where the lines are the whole table in its order; else a line picks the row with the same head. */
  readonly isWhole: boolean;
}

const noFlags = {};
const LOSS_PROFIT = { loss: 'kind', profit: 'kind' };
const LIQUIDITY = { taker: 'liquidity', maker: 'liquidity' };

export const TABLE_SPECS: Readonly<Record<TableName, TableSpec>> = {
  trade: {
    head: ['time', 'side', 'effect', 'qty', '@', 'price'],
    flags: LIQUIDITY,
    options: ['id', 'account', 'symbol', 'order', 'amount', 'fee', 'pnl', 'reason'],
    isWhole: true,
  },
  bill: {
    head: ['time', 'type', 'amount'],
    flags: noFlags,
    options: ['id', 'account', 'currency', 'symbol', 'isolated', 'fee', 'balance', 'order', 'position', 'info'],
    isWhole: true,
  },
  order: {
    head: ['id', 'status'],
    flags: noFlags,
    options: [
      'account',
      'symbol',
      'given',
      'ended',
      'side',
      'effect',
      'type',
      'price',
      'qty',
      'filled',
      'avg',
      'code',
      'reason',
      'parent',
      'tag',
    ],
    isWhole: true,
  },
  stop: {
    head: ['time', 'side', 'qty', '@', 'price'],
    flags: LOSS_PROFIT,
    options: ['account', 'symbol', 'stop', 'rule', 'trigger', 'path', 'order', 'amount', 'fee', 'pnl', 'trade'],
    isWhole: true,
  },
  closed: {
    head: ['side', 'qty'],
    flags: noFlags,
    options: [
      'account',
      'symbol',
      'opened',
      'closed',
      'bars',
      'entry',
      'exit',
      'value',
      'gross',
      'fees',
      'funding',
      'net',
      'mae',
      'mfe',
      'reason',
    ],
    isWhole: true,
  },
  balance: {
    head: ['time'],
    flags: noFlags,
    options: ['account', 'currency', 'wallet', 'upnl', 'margin', 'position', 'order', 'available'],
    isWhole: false,
  },
  position: {
    head: ['time', 'side', 'qty'],
    flags: noFlags,
    options: [
      'account',
      'symbol',
      'mode',
      'leverage',
      'free',
      'entry',
      'mark',
      'amount',
      'upnl',
      'margin',
      'frozen',
      'liquidation',
      'bankruptcy',
      'maintenance',
      'group',
      'equity',
      'risk',
    ],
    isWhole: false,
  },
  wallet: { head: ['wallet'], flags: noFlags, options: ['account', 'currency'], isWhole: false },
  account: {
    head: ['account'],
    flags: noFlags,
    options: [
      'currency',
      'spot',
      'wallet',
      'equity',
      'fees',
      'funding',
      'insurance',
      'trades',
      'wins',
      'even',
      'liquidations',
      'bankrupt',
      'rejected',
      'missing',
      'ambiguous',
      'open',
      'drawdown',
      'deposits',
    ],
    isWhole: false,
  },
  call: { head: ['id', 'status'], flags: noFlags, options: ['code', 'reason'], isWhole: true },
};
