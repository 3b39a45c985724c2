/** Which calls of a strategy are recorded, and how; that the accounts behind the record are the real ones. */

import { describe, expect, it, test } from '@jest/globals';
import { recordCalls, type StrategyCall } from './lookAheadCalls.js';
import type { Context, Strategy } from './strategy.js';

const BAR_MS = Date.UTC(2020, 5, 1);

/** As the real one, it keeps what it knows where only itself can reach it. */
class FakeAccount {
  readonly name: string;
  readonly #made: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get balance(): number {
    return this.#made.length;
  }

  longOpen(symbol: string): { symbol: string; count: number } {
    this.#made.push(symbol);
    return { symbol, count: this.#made.length };
  }

  cancel(id: number): string {
    this.#made.push(String(id));
    return 'done';
  }

  position(): { qty: number } {
    return { qty: this.#made.length };
  }
}

function fakeContext() {
  const [main, other] = [new FakeAccount('main'), new FakeAccount('other')];
  const byName = new Map([main, other].map((account) => [account.name, account]));
  const accounts = {
    names: ['main', 'other'],
    get: (name: string) => byName.get(name),
    all: Object.freeze({ longOpen: (symbol: string) => [main.longOpen(symbol), other.longOpen(symbol)] }),
    [Symbol.iterator]: () => [main, other][Symbol.iterator](),
  };
  return { timeMs: BAR_MS, account: main, accounts };
}

/** The calls that a callback's body makes. */
function callsOf(body: (context: ReturnType<typeof fakeContext>) => void): StrategyCall[] {
  const calls: StrategyCall[] = [];
  const strategy = { handleData: body } as unknown as Strategy;
  const context = fakeContext() as unknown as Context;
  recordCalls(strategy, (call) => calls.push(call)).handleData(context, {} as never, undefined);
  return calls;
}

describe('what is recorded', () => {
  type Body = Parameters<typeof callsOf>[0];
  test.each<[string, Body, string[]]>([
    ['an order', ({ account }) => account.longOpen('XBTUSD'), ['main longOpen("XBTUSD")']],
    ['a cancellation', ({ account }) => account.cancel(3), ['main cancel(3)']],
    ['a question', ({ account }) => [account.position(), account.balance], []],
    ['an account by name', ({ accounts }) => accounts.get('other')?.longOpen('X'), ['other longOpen("X")']],
    ['all accounts at once', ({ accounts }) => accounts.all.longOpen('X'), ['all longOpen("X")']],
    [
      'each account in turn',
      ({ accounts }) => [...accounts].map((account) => account.cancel(1)),
      ['main cancel(1)', 'other cancel(1)'],
    ],
  ])('when a strategy makes %s then the record is as written', (_, body, expected) => {
    expect(callsOf(body).map(({ text }) => text)).toEqual(expected);
  });

  test.each<[string, unknown[], string]>([
    ['numbers and texts', ['XBTUSD', null, 0.1, '7'], 'main longOpen("XBTUSD", null, 0.1, "7")'],
    [
      'options',
      ['X', null, 1, { orderStyle: { name: 'stop_loss', value: 9 } }],
      'main longOpen("X", null, 1, {"orderStyle":{"name":"stop_loss","value":9}})',
    ],
    ['what is no number', ['X', Number.NaN, undefined, 5n], 'main longOpen("X", NaN, undefined, "5")'],
  ])('when arguments are %s then they are spelled out', (_, args, expected) => {
    const [call] = callsOf(({ account }) => Reflect.apply(account.longOpen, account, args));
    expect(call).toEqual({ timeMs: BAR_MS, text: expected });
  });
});

describe('what the strategy notices', () => {
  it('when a call is recorded then it is made once, on the real account, and answered', () => {
    let answer: unknown;
    callsOf(({ account }) => {
      answer = [account.longOpen('X'), account.balance, account instanceof FakeAccount];
    });
    expect(answer).toEqual([{ symbol: 'X', count: 1 }, 1, true]);
  });

  it('when an account is reached by several ways then it is one object', () => {
    let isSame = false;
    callsOf(({ account, accounts }) => {
      isSame = (account as unknown) === accounts.get('main') && (account as unknown) === [...accounts][0];
    });
    expect(isSame).toBe(true);
  });

  it('when a callback uses `this` or the warm-up is asked for then they are the own strategy’s', () => {
    const strategy = {
      warmup: 7,
      seen: [] as unknown[],
      handleData() {
        this.seen.push(this);
      },
    };
    const recorded = recordCalls(strategy, () => {});
    recorded.handleData(fakeContext() as unknown as Context, {} as never, undefined);
    expect(recorded.warmup).toBe(7);
    expect(strategy.seen[0]).toBe(strategy);
    expect(recorded.onFill).toBeUndefined();
  });
});
