/**
 * Random worlds for the laws: contracts of every type with random multipliers, ticks and rates, the presets, and accounts
 * whose position came about by random fills. Prices stand on ticks around a base price. Not shipped.
 */

import fc from 'fast-check';
import { TradingAccount } from '../../account/account.js';
import type { MarginMode } from '../../account/bills.js';
import type { Contract, ContractType } from '../../contract/contract.js';
import type { Side } from '../../contract/sides.js';
import { oppositeSide } from '../../contract/sides.js';
import type { Fraction } from '../../money/decimal.js';
import { PRESET_NAMES } from '../../venue/presets.js';
import { contractWith, d, fill, rulesOf } from './contracts.js';

const TICKS = ['0.5', '0.05', '1', '0.01'] as const;
const MULTIPLIERS: Readonly<Record<Exclude<ContractType, 'spot'>, readonly string[]>> = {
  inverse: ['1', '10', '100'],
  linear: ['1', '0.001', '10'],
  quanto: ['0.000001', '0.0001'],
};

/** Contracts without risk steps; maintenance from 0.3 % to 3 %, always below initial. */
export const contracts: fc.Arbitrary<Contract> = fc
  .record({
    type: fc.constantFrom<Exclude<ContractType, 'spot'>>('inverse', 'linear', 'quanto'),
    pick: fc.nat({ max: 5 }),
    tick_size: fc.constantFrom(...TICKS),
    min_qty: fc.constantFrom('1', '100'),
    maintenance: fc.integer({ min: 3, max: 30 }),
    more: fc.integer({ min: 1, max: 20 }),
  })
  .map(({ type, pick, tick_size, min_qty, maintenance, more }) =>
    contractWith({
      type,
      multiplier: MULTIPLIERS[type][pick % MULTIPLIERS[type].length]!,
      settle_currency: type === 'linear' ? 'USDT' : 'XBT',
      tick_size,
      min_qty,
      maintenance_margin: String(maintenance / 1000),
      initial_margin: String((maintenance + more) / 1000),
      max_leverage: '1000',
    }),
  );

/** The price of a number of ticks. */
export function priceAt(contract: Contract, ticks: bigint): Fraction {
  return { num: ticks * contract.tick.num, den: contract.tick.den };
}

export interface Opened {
  readonly account: TradingAccount;
  readonly contract: Contract;
  /** Price in ticks around which everything happened. */
  readonly base: bigint;
  readonly side: Side;
}

interface Fill {
  readonly lots: bigint;
  /** Thousandths of the base price. */
  readonly off: number;
  readonly isClose: boolean;
}

/** A price near the base: thousandths up or down, at least one tick. */
export function near(contract: Contract, base: bigint, thousandths: number): Fraction {
  const ticks = (base * BigInt(1000 + thousandths)) / 1000n;
  return priceAt(contract, ticks > 0n ? ticks : 1n);
}

function open(
  contract: Contract,
  venue: string,
  mode: MarginMode,
  leverage: string,
  base: bigint,
  side: Side,
  fills: readonly Fill[],
  wallet: bigint,
): Opened {
  const fee = { takerFee: d('0.00055'), makerFee: d('0') };
  const account = new TradingAccount({
    name: 'main',
    currency: contract.settle,
    rules: rulesOf(venue),
    mode,
    leverage: d(leverage),
    ...fee,
  });
  account.deposit(wallet, 0, 'start');
  for (const { lots, off, isClose } of fills) {
    const position = account.position(contract);
    const held = position.qty < 0n ? -position.qty : position.qty;
    const wanted = lots * contract.minQty;
    // Never the last contract: the worlds hold a position.
    const qty = isClose && held > 0n ? (wanted < held ? wanted : held - contract.minQty) : wanted;
    if (qty === 0n) continue;
    const isClosing = isClose && held > 0n;
    const which = isClosing ? oppositeSide(side) : side;
    fill(account, contract, which, isClosing ? 'close' : 'open', qty, near(contract, base, off), '0.00055');
  }
  account.takeBills();
  return { account, contract, base, side };
}

export const venues = fc.constantFrom('generic', 'bitmex', 'bitmex_2020');

/** All of them: for laws that hold whatever the venue's choices are. */
export const allVenues = fc.constantFrom(...PRESET_NAMES);

/** An account that holds a position, opened and partly closed by up to five fills within 3 % of a base price. */
export const openedAccounts = (
  venue: fc.Arbitrary<string> = venues,
  contract: fc.Arbitrary<Contract> = contracts,
): fc.Arbitrary<Opened> =>
  fc
    .record({
      contract,
      venue,
      mode: fc.constantFrom<MarginMode>('isolated', 'cross'),
      leverage: fc.constantFrom('1', '2', '3', '7.5', '10', '25', '50'),
      base: fc.bigInt({ min: 2_000n, max: 2_000_000n }),
      side: fc.constantFrom<Side>('buy', 'sell'),
      fills: fc.array(
        fc.record({
          lots: fc.bigInt({ min: 1n, max: 500n }),
          off: fc.integer({ min: -30, max: 30 }),
          isClose: fc.boolean(),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      wallet: fc.bigInt({ min: 10n ** 6n, max: 10n ** 13n }),
    })
    .map((w) => open(w.contract, w.venue, w.mode, w.leverage, w.base, w.side, w.fills, w.wallet));
