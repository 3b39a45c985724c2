/**
 * Checks that what a module exports is a strategy: `handleData` is there, callbacks are functions, parameters are plain
 * values. It trusts nothing about the value's type and calls nothing of it. What a strategy does is not its business.
 */

import { EXIT, UserError } from '../errors.js';
import type { Strategy } from './strategy.js';

const CALLBACKS = ['initialize', 'handleData', 'onFill', 'onOrderRejected', 'onLiquidation', 'onFunding', 'finish'];
const LONGEST_NAME = 100;

/**
 * Returns the strategy that a module exports by default.
 *
 * @param exported the module's default export; undefined when it has none.
 * @param file for the message.
 * @throws UserError `strategy_invalid`, exit code 1
 */
export function requireStrategy(exported: unknown, file: string): Strategy {
  const candidate = unwrapDefault(exported);
  if (candidate === undefined) {
    throw invalid(file, 'the strategy file has no default export', undefined, 'a strategy object');
  }
  if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate)) {
    throw invalid(file, 'the default export is not a strategy', describe(candidate), 'a strategy object');
  }
  const fields = candidate as Record<string, unknown>;
  requireCallbacks(fields, file);
  requireParams(fields['params'], file);
  requireWarmup(fields['warmup'], file);
  requireHistory(fields['history'], file);
  requireName(fields['name'], file);
  return candidate as Strategy;
}

/** A CommonJS file compiled from `export default` exports `{ __esModule, default }`. */
function unwrapDefault(exported: unknown): unknown {
  if (typeof exported === 'object' && exported !== null && '__esModule' in exported && 'default' in exported) {
    return exported.default;
  }
  return exported;
}

function requireCallbacks(fields: Record<string, unknown>, file: string): void {
  if (fields['handleData'] === undefined) {
    const near = ['handle_data', 'handledata', 'onBar', 'next'].find((name) => typeof fields[name] === 'function');
    const found = near === undefined ? undefined : `a function ${near}`;
    throw invalid(file, 'the strategy has no handleData', found, 'handleData(context, bar, state)');
  }
  for (const name of CALLBACKS) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value !== 'function') throw invalid(file, `${name} is not a function`, describe(value), 'a function');
    if (value.constructor.name === 'AsyncFunction') {
      throw invalid(
        file,
        `${name} is asynchronous: bars do not wait for it`,
        'an async function',
        'a plain function; load what it needs at the top of the module, with await',
      );
    }
  }
}

function requireParams(params: unknown, file: string): void {
  if (params === undefined) return;
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw invalid(file, 'params is not a plain object', describe(params), 'for example { fast: 20, slow: 50 }');
  }
  for (const [name, value] of Object.entries(params)) {
    const isPlain = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!isPlain) {
      throw invalid(file, `parameter ${name} has no usable default`, describe(value), 'a number, string or boolean');
    }
  }
}

function requireHistory(history: unknown, file: string): void {
  if (history === undefined || (Number.isSafeInteger(history) && (history as number) >= 1)) return;
  throw invalid(file, 'history is not a number of bars', describe(history), 'an integer of at least 1');
}

function requireWarmup(warmup: unknown, file: string): void {
  if (warmup === undefined || (Number.isSafeInteger(warmup) && (warmup as number) >= 0)) return;
  throw invalid(file, 'warmup is not a number of bars', describe(warmup), 'an integer of at least 0');
}

function requireName(name: unknown, file: string): void {
  if (name === undefined) return;
  const isUsable =
    typeof name === 'string' && name.trim() !== '' && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name);
  if (isUsable) return;
  throw invalid(file, 'name is not usable', describe(name), `a text of 1 to ${LONGEST_NAME} characters on one line`);
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function invalid(file: string, message: string, found: string | undefined, expected: string): UserError {
  return new UserError({
    code: 'strategy_invalid',
    exitCode: EXIT.strategy,
    message,
    place: { file },
    ...(found === undefined ? {} : { found }),
    expected,
    hint: "write it as `export default defineStrategy({ handleData(context, bar, state) { … } })`, with defineStrategy from 'backtest'",
  });
}
