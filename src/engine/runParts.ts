/**
 * Builds the parts of a run from its input: the accounts as they start, and the desk that takes their orders.
 */

import { TradingAccount } from '../account/account.js';
import { invariant } from '../errors.js';
import type { Params } from '../strategy/strategy.js';
import { AccountRuntime } from './accountRuntime.js';
import { OrderDesk } from './orderDesk.js';
import type { RunWarning } from './records.js';
import type { RunInput, SymbolInput } from './runInput.js';

/** The one symbol of a run. @throws InvariantError for more or none: the command line refuses those before. */
export function symbolOf<P extends Params>(input: RunInput<P>): SymbolInput {
  const [symbol] = input.symbols;
  invariant(symbol !== undefined && input.symbols.length === 1, `a run has one symbol, not ${input.symbols.length}`);
  invariant(input.accounts.length > 0, 'a run has at least one account');
  return symbol;
}

export function createRuntimes<P extends Params>(input: RunInput<P>): readonly AccountRuntime[] {
  const { contract } = symbolOf(input);
  return input.accounts.map(({ name, rules, mode, leverage, takerFee, makerFee }) => {
    const fees = { ...(takerFee === undefined ? {} : { takerFee }), ...(makerFee === undefined ? {} : { makerFee }) };
    return new AccountRuntime(new TradingAccount({ name, rules, mode, leverage, ...fees }), contract);
  });
}

export function createDesk<P extends Params>(
  input: RunInput<P>,
  runtimes: readonly AccountRuntime[],
  onWarning: (warning: RunWarning) => void,
): OrderDesk {
  const explicit = input.accounts.map((account) => {
    const set = new Set<'mode' | 'leverage'>();
    if (account.modeIsExplicit) set.add('mode');
    if (account.leverageIsExplicit) set.add('leverage');
    return set;
  });
  return new OrderDesk(runtimes, explicit, {
    hasMark: symbolOf(input).hasMark,
    slippage: input.slippage,
    onOverride: (message) => onWarning({ code: 'setting_overridden', message, strict: null }),
  });
}
