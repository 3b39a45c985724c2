/**
 * Reads the lines of a scenario that say what the scripted strategy does: orders, cancellations, settings, margin and money, each
 * at the close of a bar. Whether the bar and the account exist is parseScenario.ts.
 */

import type { MarginMode, PositionMode } from '../../engine/records.js';
import type { Line, Words } from './words.js';

const ORDER_CALLS = [
  'long_open',
  'long_close',
  'short_open',
  'short_close',
  'long_open_pct',
  'long_close_pct',
  'short_open_pct',
  'short_close_pct',
  'buy',
  'sell',
  'buy_pct',
  'sell_pct',
  'long_open_pob',
  'short_open_pob',
] as const;
const STYLES = [
  'stop_loss',
  'stop_profit',
  'stop_loss_pct',
  'stop_profit_pct',
  'trailing_stop',
  'trailing_stop_pct',
] as const;
const BASES = ['price', 'pnl', 'roe'] as const;

/** A stop of an order, as written: `stop_loss_pct=0.1` or `stop_loss_pct=0.1:roe`. */
export interface WrittenStyle {
  readonly name: (typeof STYLES)[number];
  readonly value: string;
  readonly base?: (typeof BASES)[number];
}

/** At the close of which bar, by which account, about which symbol; null where the line does not say. */
interface When {
  readonly line: Line;
  readonly bar: number;
  readonly account: string | null;
  readonly symbol: string | null;
}

/** What the scripted strategy does at the close of a bar; bar 0 is `initialize`. */
export type Action = When &
  (
    | {
        readonly kind: 'order';
        readonly call: (typeof ORDER_CALLS)[number];
        /** Null for the size chosen before. */
        readonly qty: string | null;
        /** Null for a market or stop order. */
        readonly price: string | null;
        readonly trigger: string | null;
        readonly styles: readonly WrittenStyle[];
        readonly timeInForce: string | null;
        readonly leverage: string | null;
        readonly triggerBy: 'last' | 'mark' | null;
        readonly reduceOnly: boolean;
        readonly postOnly: boolean;
        readonly tag: string | null;
      }
    | {
        readonly kind: 'fixed';
        readonly side: 'long' | 'short';
        readonly size: Readonly<Record<string, string>> | null;
      }
    | { readonly kind: 'guard'; readonly orderId: number; readonly style: WrittenStyle }
    | { readonly kind: 'modify'; readonly orderId: number; readonly changes: Readonly<Record<string, string>> }
    | { readonly kind: 'cancel'; readonly orderId: number | 'all' }
    | { readonly kind: 'mode'; readonly mode: MarginMode }
    | { readonly kind: 'leverage'; readonly leverage: string }
    | {
        readonly kind: 'margin';
        readonly direction: 'in' | 'out';
        readonly amount: string;
        readonly side: 'long' | 'short' | null;
      }
    | { readonly kind: 'auto_margin'; readonly isOn: boolean }
    | { readonly kind: 'position_mode'; readonly mode: PositionMode }
    | { readonly kind: 'deposit' | 'withdraw'; readonly amount: string; readonly currency: string | null }
    | {
        readonly kind: 'transfer';
        readonly to: string;
        readonly amount: string;
        readonly currency: string | null;
      }
  );

/** `[account=name] [symbol=name] @barN` at the end of a line. */
export function readWhen(words: Words): When {
  const said: { account: string | null; symbol: string | null } = { account: null, symbol: null };
  for (;;) {
    const [, name] = /^(account|symbol)=/.exec(words.rest[0] ?? '') ?? [];
    if (name !== 'account' && name !== 'symbol') break;
    if (said[name] !== null) throw words.error(`${name} is given twice`);
    said[name] = words.takePair()[1];
  }
  const at = /^@bar(\d+)$/.exec(words.take('@bar'));
  if (at === null) throw words.error('the line ends in @bar and the number of the bar');
  return { line: words.line, bar: Number(at[1]), ...said };
}

/** The lines that are neither an order nor its cancellation, by their first word. */
export const CALL_READERS: Readonly<Record<string, (words: Words) => Action>> = {
  fixed(words) {
    const side = words.takeOneOf('side', ['long', 'short'] as const);
    const size = takeFields(words, ['pob', 'leverage', 'map']);
    return { kind: 'fixed', side, size: Object.keys(size).length === 0 ? null : size, ...readWhen(words) };
  },
  guard(words) {
    const orderId = takeId(words);
    const [name, value] = words.takePair();
    const style = STYLES.find((known) => known === name);
    if (style === undefined) throw words.error(`"${name}" is unknown; known: ${STYLES.join(', ')}`);
    return { kind: 'guard', orderId, style: styleOf(words, style, value), ...readWhen(words) };
  },
  modify(words) {
    const orderId = takeId(words);
    return { kind: 'modify', orderId, changes: takeFields(words, ['price', 'qty', 'trigger']), ...readWhen(words) };
  },
  mode(words) {
    const mode = words.takeOneOf('mode', ['cross', 'isolated'] as const);
    return { kind: 'mode', mode, ...readWhen(words) };
  },
  leverage(words) {
    const leverage = words.take('leverage').replace(/x$/, '');
    return { kind: 'leverage', leverage, ...readWhen(words) };
  },
  margin(words) {
    const direction = words.takeOneOf('direction', ['in', 'out'] as const);
    return { kind: 'margin', direction, amount: takeAmount(words), side: readSide(words), ...readWhen(words) };
  },
  auto_margin(words) {
    const isOn = words.takeOneOf('auto_margin', ['on', 'off'] as const) === 'on';
    return { kind: 'auto_margin', isOn, ...readWhen(words) };
  },
  position_mode(words) {
    const mode = words.takeOneOf('position mode', ['one_way', 'hedged'] as const);
    return { kind: 'position_mode', mode, ...readWhen(words) };
  },
  deposit: (words) => ({ kind: 'deposit', ...takeCash(words), ...readWhen(words) }),
  withdraw: (words) => ({ kind: 'withdraw', ...takeCash(words), ...readWhen(words) }),
  transfer(words) {
    const to = words.take('the receiving account');
    return { kind: 'transfer', to, ...takeCash(words), ...readWhen(words) };
  },
};

function takeId(words: Words): number {
  const id = words.take('an order id');
  if (!/^\d+$/.test(id)) throw words.error(`"${id}" is not an order id`);
  return Number(id);
}

/** Fields of these names that the line goes on with. */
function takeFields(words: Words, names: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  while (names.some((name) => words.rest[0]?.startsWith(`${name}=`) === true)) {
    const [name, value] = words.takePair();
    fields[name] = value.replaceAll(',', '');
  }
  return fields;
}

function styleOf(words: Words, name: WrittenStyle['name'], written: string): WrittenStyle {
  const [value, asked] = written.split(':') as [string, string?];
  if (asked === undefined) return { name, value };
  const base = BASES.find((known) => known === asked);
  if (base === undefined) throw words.error(`"${asked}" is unknown; known: ${BASES.join(', ')}`);
  return { name, value, base };
}

const takeAmount = (words: Words): string => words.take('the amount').replaceAll(',', '');

/** An amount, and its currency where one is named. */
function takeCash(words: Words): { amount: string; currency: string | null } {
  const amount = takeAmount(words);
  const isNamed = /^[A-Z]+$/.test(words.rest[0] ?? '');
  return { amount, currency: isNamed ? words.take('the currency') : null };
}

/** `side=long` or `side=short`, if it is said. */
function readSide(words: Words): 'long' | 'short' | null {
  if (words.rest[0]?.startsWith('side=') !== true) return null;
  const [, side] = words.takePair();
  if (side !== 'long' && side !== 'short') throw words.error('side is long or short');
  return side;
}

export function readOrder(words: Words): Action {
  const call = words.takeOneOf('call', ORDER_CALLS);
  const qty = words.take('the quantity').replaceAll(',', '');
  const type = words.takeOneOf('type', ['market', 'limit', 'stop', 'stop_limit'] as const);
  const takeLevel = (what: string): string => words.take(what).replaceAll(',', '');
  const trigger = type === 'stop' || type === 'stop_limit' ? takeLevel('the trigger') : null;
  const price = type === 'limit' || type === 'stop_limit' ? takeLevel('the price') : null;
  const styles: WrittenStyle[] = [];
  const said = new Map<string, string>();
  while (!(words.rest[0] ?? '@').startsWith('@')) {
    const [first] = words.rest;
    const isFlag = first === 'reduce_only' || first === 'post_only';
    const [name, value] = isFlag ? [words.take('a flag'), 'yes'] : words.takePair();
    const style = STYLES.find((known) => known === name);
    const known = ['reduce_only', 'post_only', 'trigger_by', 'time_in_force', 'leverage', 'tag', 'account', 'symbol'];
    if (style === undefined && !known.includes(name)) {
      throw words.error(`"${name}" is unknown; known: ${[...STYLES, ...known].join(', ')}`);
    }
    if (said.has(name)) throw words.error(`${name} is given twice`);
    said.set(name, value);
    if (style !== undefined) styles.push(styleOf(words, style, value));
  }
  const triggerBy = said.get('trigger_by') ?? null;
  if (triggerBy !== null && triggerBy !== 'last' && triggerBy !== 'mark')
    throw words.error('trigger_by is last or mark');
  return {
    kind: 'order',
    call,
    qty: qty === 'last' ? null : qty,
    price,
    trigger,
    styles,
    timeInForce: said.get('time_in_force') ?? null,
    leverage: said.get('leverage') ?? null,
    triggerBy,
    reduceOnly: said.has('reduce_only'),
    postOnly: said.has('post_only'),
    tag: said.get('tag') ?? null,
    ...readWhen(words),
    symbol: said.get('symbol') ?? null,
    account: said.get('account') ?? null,
  };
}
