/**
 * The strategy of a world: makes the calls of its script, bar by bar. Some calls look for a bound, in ever smaller steps, by what
 * is refused; what every call that is not an order came to is told, so that the engines can be compared in that too.
 */

import type { Account, CallResult, Context, OrderOptions, Strategy } from '../../strategy/strategy.js';
import type { World, WorldCall } from './world.js';

export const SYMBOL = 'SIM';

/** Takes one line on what a call came to. */
export type CallNote = (text: string) => void;
/** Notes a result; true where the call was accepted. */
type Note = (result: CallResult) => boolean;

/** A strategy that makes the calls of a world. */
export function scriptOf(world: World, onCall: CallNote): Strategy {
  const ids = new Map<number, number>();
  const callAll = (context: Context, at: number | null): void => {
    for (const line of world.calls) {
      if (line.at !== at) continue;
      const note: Note = ({ status, code, reason }) => {
        onCall(`${line.at} ${line.account} ${line.call} ${status} ${code ?? ''} ${reason ?? ''}`);
        return status === 'done';
      };
      callOne(context.accounts.get(line.account), line, { ids, note, decimals: world.contract.settleDecimals });
    }
  };
  return {
    name: 'script',
    warmup: world.warmup,
    initialize: (context) => callAll(context, null),
    handleData: (context, bar) => callAll(context, bar!.openTimeMs),
  };
}

interface Script {
  readonly ids: Map<number, number>;
  readonly note: Note;
  readonly decimals: number;
}

function callOne(account: Account, line: WorldCall, script: Script): void {
  const { ids, note } = script;
  if (line.call === 'cancelAll') account.cancelAll(SYMBOL);
  else if (line.call === 'setMode') note(account.setMode(line.mode));
  else if (line.call === 'setMaxLeverage') callLeverage(account, line.leverage, note);
  else if (line.call === 'addMargin' || line.call === 'removeMargin') callMargin(account, line, script);
  else if (line.call === 'cancel') note(account.cancel((ids.get(line.key) ?? 900_000) + line.child));
  else {
    const options: OrderOptions = {
      ...(line.orderStyle.length === 0 ? {} : { orderStyle: line.orderStyle }),
      ...(line.reduceOnly ? { reduceOnly: true } : {}),
      ...(line.postOnly ? { postOnly: true } : {}),
      ...(line.trigger === null ? {} : { trigger: line.trigger }),
      ...(line.triggerBy === null ? {} : { triggerBy: line.triggerBy }),
    };
    ids.set(line.key, account[line.call](SYMBOL, line.price, line.amount, options).id);
  }
}

/** Sets a leverage, or goes as high or as low as is accepted: by 100, 50, … of it, or by half, a quarter, … */
function callLeverage(account: Account, asked: string, note: Note): void {
  if (asked !== 'highest' && asked !== 'lowest') {
    note(account.setMaxLeverage(asked));
    return;
  }
  let { leverage } = account.position(SYMBOL);
  for (let step = asked === 'highest' ? 64 : -leverage / 2; Math.abs(step) > 0.001 && !account.bankrupt; step /= 2) {
    const next = Math.round((leverage + step) * 10_000) / 10_000;
    if (next > 0 && note(account.setMaxLeverage(next))) leverage = next;
  }
}

/** Moves an amount of margin, or all that is accepted: the highest power of two of units, the next one, … one unit. */
function callMargin(
  account: Account,
  line: { readonly call: 'addMargin' | 'removeMargin'; readonly amount: string },
  { note, decimals }: Script,
): void {
  if (line.amount !== 'most') {
    note(account[line.call](SYMBOL, line.amount));
    return;
  }
  const { qty, mode, margin } = account.position(SYMBOL);
  if (qty === 0 || mode === 'cross') {
    note(account[line.call](SYMBOL, amountText(1n, decimals)));
    return;
  }
  const most = line.call === 'addMargin' ? account.available : margin;
  let units = 1n;
  while (units < BigInt(Math.round(most * 10 ** decimals))) units *= 2n;
  for (; units > 0n; units /= 2n) note(account[line.call](SYMBOL, amountText(units, decimals)));
}

/** Settlement units as whole units. */
export function amountText(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
