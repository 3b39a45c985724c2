/** The two kinds of error: what they carry, and when a broken promise crashes. */

import { describe, expect, it, test } from '@jest/globals';
import { EXIT, InvariantError, invariant, UserError } from './errors.js';

describe('UserError', () => {
  it('when everything is given then everything is carried', () => {
    const cause = new Error('below');
    const place = { file: 'a.csv', line: 3, column: 'close' };
    const details = {
      code: 'bad_row',
      exitCode: EXIT.data,
      message: 'bad row',
      place,
      found: 'x',
      expected: 'a price',
    };
    const error = new UserError({ ...details, hint: 'mend it', cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ ...details, hint: 'mend it', name: 'UserError' });
    expect(error.cause).toBe(cause);
  });

  it('when only the necessary is given then the rest is undefined and there is no cause', () => {
    const error = new UserError({ code: 'bad_row', exitCode: EXIT.data, message: 'bad row' });
    const { place, found, expected, hint } = error;
    expect([place, found, expected, hint]).toEqual([undefined, undefined, undefined, undefined]);
    expect('cause' in error).toBe(false);
  });
});

describe('exit codes', () => {
  it('when two outcomes differ then their codes do', () => {
    const codes = Object.values(EXIT);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => Number.isInteger(code) && code >= 0 && code < 256)).toBe(true);
  });
});

describe('invariant', () => {
  it('when the promise holds then the message is never composed', () => {
    const compose = (): string => {
      throw new Error('composed');
    };
    expect(() => invariant(true, compose)).not.toThrow();
  });

  test.each([
    ['text', 'one is two'],
    ['a function', () => 'one is two'],
  ])('when it does not hold then it crashes with %s', (_, message) => {
    expect(() => invariant(false, message)).toThrow(new InvariantError('one is two'));
    expect(() => invariant(false, message)).toThrow(InvariantError);
  });
});
