/**
 * Random accounts for the laws that hold everywhere: of every preset, one-way or hedged, with up to three symbols of any payoff in
 * one currency, each cross or isolated, built by fills that open, add, close, and flip. Prices stand on ticks around a base price.
 * Fills are not tested for margin, so some accounts hold more than they could afford. Not shipped.
 */

import fc from 'fast-check';
import type { TradingAccount } from '../../account/account.js';
import type { MarginMode } from '../../account/bills.js';
import { absolute, type Position } from '../../account/position.js';
import type { MarkOf } from '../../account/riskGroup.js';
import type { Contract, ContractType } from '../../contract/contract.js';
import { oppositeSide, type Side } from '../../contract/sides.js';
import type { Fraction } from '../../money/decimal.js';
import { accountWith, contractWith, d, fill } from './contracts.js';
import { allVenues, near } from './worlds.js';

export const FEE = '0.0006';
const SYMBOLS = ['AAA', 'BBB', 'CCC'] as const;
const LEVERAGES = ['1', '2', '3', '7.5', '10', '25', '50'] as const;

interface Terms {
  readonly type: Exclude<ContractType, 'spot'>;
  readonly min_qty: string;
  readonly maintenance_margin: string;
  readonly initial_margin: string;
}

/** Compiled once each: reading an entry costs more than most laws do. */
const compiled = new Map<string, Contract>();

function contractOf(symbol: string, terms: Terms): Contract {
  const key = JSON.stringify([symbol, terms]);
  const multiplier = terms.type === 'inverse' ? '100' : '0.000001';
  const fixed = { settle_currency: 'XBT', tick_size: '0.5', max_leverage: '1000', liquidation_fee: '0.004' };
  const contract = compiled.get(key) ?? contractWith({ ...terms, ...fixed, multiplier }, symbol);
  compiled.set(key, contract);
  return contract;
}

/** A contract of any payoff that settles in XBT, worth 0.001 to 0.1 XBT; rates flat. */
export const payoffs = (symbol: string): fc.Arbitrary<Contract> =>
  fc
    .record<Terms>({
      type: fc.constantFrom('inverse', 'linear', 'quanto'),
      min_qty: fc.constantFrom('1', '100'),
      maintenance_margin: fc.constantFrom('0.003', '0.005', '0.0125', '0.03'),
      initial_margin: fc.constantFrom('0.031', '0.05'),
    })
    .map((terms) => contractOf(symbol, terms));

const deals = fc.array(
  fc.record({
    which: fc.nat({ max: 2 }),
    isLong: fc.boolean(),
    isClose: fc.boolean(),
    lots: fc.bigInt({ min: 1n, max: 400n }),
    off: fc.integer({ min: -40, max: 40 }),
  }),
  { minLength: 1, maxLength: 7 },
);

/** Prices of a holding's contracts, thousandths of their base prices away. */
export type Offs = readonly [number, number, number];

export interface Holding {
  readonly account: TradingAccount;
  readonly contracts: readonly Contract[];
  /** In ticks, by contract. */
  readonly bases: readonly bigint[];
}

export const offsWithin = (most: number): fc.Arbitrary<Offs> => {
  const off = fc.integer({ min: -most, max: most });
  return fc.tuple(off, off, off);
};

/** The marks at offsets from the base prices. */
export function marksOf({ contracts, bases }: Holding, offs: Offs): MarkOf {
  return ({ symbol }) => {
    const i = contracts.findIndex((contract) => contract.symbol === symbol);
    return near(contracts[i]!, bases[i]!, offs[i]!);
  };
}

/** Fills as an engine would: in one-way mode against the net position first, in hedged mode by side. */
export function trade(
  account: TradingAccount,
  contract: Contract,
  { isLong, isClose, qty, price }: { isLong: boolean; isClose: boolean; qty: bigint; price: Fraction },
): void {
  const isHedged = account.positionModeOf(contract) === 'hedged';
  const slot = !isHedged ? 'net' : isLong ? 'long' : 'short';
  const { qty: held } = account.position(contract, slot);
  const opens: Side = isLong ? 'buy' : 'sell';
  const isAgainst = isHedged ? isClose && held !== 0n : held !== 0n && held > 0n !== isLong;
  const closing = !isAgainst ? 0n : qty < absolute(held) ? qty : absolute(held);
  const side = isHedged && isAgainst ? oppositeSide(opens) : opens;
  if (closing > 0n) fill(account, contract, side, 'close', closing, price, FEE, slot);
  const opening = isHedged && isAgainst ? 0n : qty - closing;
  if (opening > 0n) fill(account, contract, side, 'open', opening, price, FEE, slot);
}

/** Closes a position whole. */
export function closeWhole(account: TradingAccount, { contract, slot, qty }: Position, price: Fraction) {
  return fill(account, contract, qty > 0n ? 'sell' : 'buy', 'close', absolute(qty), price, FEE, slot);
}

/** The contracts whose position carries margin, flat ones left out. */
export const heldBy = (account: TradingAccount): readonly Position[] => account.openPositions();

/** Accounts of every preset; those that end flat are left out. */
export const holdings = (venue: fc.Arbitrary<string> = allVenues): fc.Arbitrary<Holding> =>
  fc
    .record({
      venue,
      isHedged: fc.boolean(),
      modes: fc.array(fc.constantFrom<MarginMode>('isolated', 'cross', 'cross'), { minLength: 3, maxLength: 3 }),
      leverage: fc.constantFrom(...LEVERAGES),
      wallet: fc.tuple(fc.bigInt({ min: 6n, max: 10n }), fc.bigInt({ min: 1n, max: 99n })),
      contracts: fc.tuple(...SYMBOLS.map((symbol) => payoffs(symbol))),
      bases: fc.array(fc.bigInt({ min: 2_000n, max: 200_000n }), { minLength: 3, maxLength: 3 }),
      deals,
      added: fc.integer({ min: 0, max: 40 }),
    })
    .map((w): Holding => {
      const more = { positionMode: w.isHedged ? 'hedged' : 'one_way', takerFee: d(FEE) } as const;
      const wallet = 10n ** w.wallet[0] * w.wallet[1];
      const account = accountWith(w.venue, 'cross', w.leverage, wallet, w.contracts[0]!.settle, more);
      w.contracts.forEach((contract, i) => {
        account.applySetting(contract, { mode: w.modes[i]! });
      });
      for (const { which, lots, off, ...how } of w.deals) {
        const contract = w.contracts[which]!;
        trade(account, contract, { ...how, qty: lots * contract.minQty, price: near(contract, w.bases[which]!, off) });
      }
      addMargin(account, BigInt(w.added));
      account.takeBills();
      return { account, contracts: w.contracts, bases: w.bases };
    })
    .filter(({ account }) => heldBy(account).length > 0);

/** Moves a share of the wallet, in hundredths, into the first isolated position, never past its entry value. */
function addMargin(account: TradingAccount, hundredths: bigint): void {
  const position = heldBy(account).find(({ mode }) => mode === 'isolated');
  if (position === undefined || account.crossWallet() <= 0n) return;
  const [room, share] = [position.cost - position.margin, (account.crossWallet() * hundredths) / 100n];
  const amount = share < room ? share : room;
  if (amount > 0n) account.applyAutoMargin(position, 2, amount);
}
