/** `context.cross` by tables: one answer a bar and name, pairs that do not disturb each other, and what is refused. */

import { describe, expect, it, test } from '@jest/globals';
import { CrossMemory } from './crossMemory.js';

describe('context.cross', () => {
  it('when it is asked bar by bar then it tells the crosses', () => {
    const memory = new CrossMemory();
    const pairs = [
      [1, 2], // below
      [2, 2], // a touch
      [3, 2], // above
      [4, 2],
      [1, 2], // below
    ] as const;
    expect(pairs.map(([a, b], bar) => memory.ask(bar, 'x', a, b))).toEqual([0, 0, 1, 0, -1]);
  });

  it('when the same pair is asked about again on a bar then the answer is the same, and the next bar is not disturbed', () => {
    const memory = new CrossMemory();
    memory.ask(0, 'x', 1, 2);
    expect([memory.ask(1, 'x', 3, 2), memory.ask(1, 'x', 3, 2), memory.ask(1, 'x', 3, 2)]).toEqual([1, 1, 1]);
    expect(memory.ask(2, 'x', 4, 2)).toBe(0);
    expect([memory.ask(3, 'x', Number.NaN, 2), memory.ask(3, 'x', Number.NaN, 2)]).toEqual([0, 0]);
    expect(memory.ask(4, 'x', 1, 2)).toBe(-1);
  });

  it('when bars are left out then the pair is compared with that of the last time', () => {
    const memory = new CrossMemory();
    memory.ask(0, 'x', 1, 2);
    expect(memory.ask(9, 'x', 3, 2)).toBe(1);
  });

  it('when pairs have names, or one has none, then each is remembered by itself', () => {
    const memory = new CrossMemory();
    const ask = (bar: number, a: number): number[] => [
      memory.read(bar, 'up', a, 2),
      memory.read(bar, 'down', -a, -2),
      memory.read(bar, a, 2, undefined),
    ];
    expect([ask(0, 1), ask(1, 3)]).toEqual([
      [0, 0, 0],
      [1, -1, 1],
    ]);
  });

  test.each([
    ['two pairs without a name', (memory: CrossMemory) => memory.read(1, 5, 6, undefined), /two pairs without a name/],
    ['two pairs of one name', (memory: CrossMemory) => memory.read(1, 'x', 5, 6), /two pairs as "x"/],
    ['a text for a number', (memory: CrossMemory) => memory.read(2, 'x', 5, '6' as unknown as number), /two numbers/],
    ['one value', (memory: CrossMemory) => memory.read(2, 'x', 5, undefined), /two numbers/],
    [
      'a column',
      (memory: CrossMemory) => memory.read(2, { length: 0 } as unknown as number, 5, undefined),
      /two numbers/,
    ],
  ])('when it is given %s then it is bad_cross', (_, ask, message) => {
    const memory = new CrossMemory();
    memory.read(1, 1, 2, undefined);
    memory.read(1, 'x', 1, 2);
    expect(() => ask(memory)).toThrow(message);
    expect(() => ask(memory)).toThrow(expect.objectContaining({ code: 'bad_cross', exitCode: 1 }));
  });
});
