/**
 * Builds the parts of a run from its input: the accounts as they start, and the desk that takes their orders.
 */

import { TradingAccount } from '../account/account.js';
import { invariant } from '../errors.js';
import type { Params } from '../strategy/strategy.js';
import { AccountRuntime } from './accountRuntime.js';
import { LedgerCurves } from './ledgerCurves.js';
import { ManyCurves } from './manyCurves.js';
import type { Market } from './market.js';
import { OrderDesk } from './orderDesk.js';
import type { RunWarning } from './records.js';
import type { RunCurves } from './runCurves.js';
import type { AccountInput, RunInput } from './runInput.js';
import { StrategyDriver } from './strategyDriver.js';
import { TradedSymbolsCache } from './tradedSymbols.js';
import { WarmupBuffer } from './warmupBuffer.js';

/** A ledger is there for each starting balance, in the order given; more are opened by money that comes in. */
export function createRuntimes<P extends Params>(input: RunInput<P>, market: Market): readonly AccountRuntime[] {
  invariant(input.accounts.length > 0, 'a run has at least one account');
  const cache = new TradedSymbolsCache(market);
  return input.accounts.map(
    ({ name, rules, contracts, balances, mode, leverage, positionMode, autoMargin, ...fees }) => {
      const [own] = balances;
      invariant(own !== undefined, () => `account ${name} has no balance`);
      const { takerFee, makerFee } = fees;
      const rates = {
        ...(takerFee === undefined ? {} : { takerFee }),
        ...(makerFee === undefined ? {} : { makerFee }),
      };
      const settings = { name, rules, currency: own.currency, mode, leverage, positionMode, autoMargin, ...rates };
      const account = new TradingAccount(settings);
      for (const { currency } of balances) account.openLedger(currency);
      return new AccountRuntime(account, cache.of(contracts, rules), market);
    },
  );
}

export function createDesk<P extends Params>(
  input: RunInput<P>,
  runtimes: readonly AccountRuntime[],
  market: Market,
  onWarning: (warning: RunWarning) => void,
): OrderDesk {
  const explicit = input.accounts.map((account) => {
    const set = new Set<'mode' | 'leverage'>();
    if (account.modeIsExplicit) set.add('mode');
    if (account.leverageIsExplicit) set.add('leverage');
    return set;
  });
  return new OrderDesk(runtimes, market, explicit, {
    slippage: input.slippage,
    onOverride: (message) => onWarning({ code: 'setting_overridden', message, strict: null }),
  });
}

/** Books what each account starts with, at the open of the first bar. */
export function depositBalances(
  runtimes: readonly AccountRuntime[],
  accounts: readonly AccountInput[],
  timeMs: number,
): void {
  runtimes.forEach(({ account }, i) => {
    for (const { currency, amount } of accounts[i]!.balances) {
      account.deposit(amount, timeMs, 'starting balance', currency);
    }
  });
}

export function createDriver<P extends Params>(
  input: RunInput<P>,
  desk: OrderDesk,
  runtimes: readonly AccountRuntime[],
  market: Market,
): StrategyDriver<P> {
  return new StrategyDriver({
    strategy: input.strategy,
    params: input.params,
    desk,
    runtimes,
    market,
    series: input.symbols,
    timeframeMs: timeframeOf(input, market),
    seed: input.seed ?? 0,
    onNotice: input.onNotice ?? (() => {}),
  });
}

export function createWarmup<P extends Params>(input: RunInput<P>, market: Market): WarmupBuffer {
  return new WarmupBuffer(input.strategy.warmup ?? 0, market.intervalMs, timeframeOf(input, market));
}

/** Null where the strategy is called on every bar. */
function timeframeOf<P extends Params>({ timeframeMs }: RunInput<P>, { intervalMs }: Market): number | null {
  if (timeframeMs === undefined || timeframeMs === intervalMs) return null;
  invariant(timeframeMs % intervalMs === 0, () => `bars of ${timeframeMs} ms are not made of bars of ${intervalMs} ms`);
  return timeframeMs;
}

/** Up to so many accounts each close is sampled for each of them. */
const FEW = 64;

export function createCurves(accounts: readonly AccountInput[], market: Market): RunCurves {
  return accounts.length > FEW ? new ManyCurves(accounts, market) : new LedgerCurves(accounts, market);
}
