/**
 * The inputs of one request after they were checked: exact numbers, words, switches and lists by name. Asking for one that was
 * not given is an error that names it. Nothing here knows what a name means.
 */

import { EXIT, UserError } from '../errors.js';
import type { Fraction } from '../money/decimal.js';

export interface FillInput {
  readonly side: 'buy' | 'sell' | null;
  readonly qty: Fraction;
  readonly price: Fraction;
}

/** What a name stands for once read. Times are milliseconds since 1970. */
export type InputValue = Fraction | string | boolean | readonly Fraction[] | readonly FillInput[] | readonly Inputs[];

/** An error of the request. `code` is one of bad_json, bad_request, unknown_kind, unknown_input, missing_input, bad_input. */
export function calcError(code: string, message: string): UserError {
  return new UserError({ code, exitCode: EXIT.usage, message });
}

export class Inputs {
  readonly #values: ReadonlyMap<string, InputValue>;

  constructor(values: ReadonlyMap<string, InputValue>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The first of the names that was given, as a number; null when none was. */
  find(...names: readonly string[]): Fraction | null {
    const name = names.find((candidate) => this.#values.has(candidate));
    return name === undefined ? null : (this.#values.get(name) as Fraction);
  }

  /** As find. @throws UserError missing_input, which names them */
  require(...names: readonly string[]): Fraction {
    return this.find(...names) ?? this.miss(...names);
  }

  word(name: string): string | null {
    return (this.#values.get(name) as string | undefined) ?? null;
  }

  /** @throws UserError missing_input */
  requireWord(name: string): string {
    return this.word(name) ?? this.miss(name);
  }

  isOn(name: string): boolean {
    return this.#values.get(name) === true;
  }

  list(name: string): readonly Fraction[] {
    return (this.#values.get(name) as readonly Fraction[] | undefined) ?? [];
  }

  rows(name: string): readonly Inputs[] {
    return (this.#values.get(name) as readonly Inputs[] | undefined) ?? [];
  }

  fills(name: string): readonly FillInput[] {
    return (this.#values.get(name) as readonly FillInput[] | undefined) ?? [];
  }

  /** @throws UserError missing_input: the names, the first as what is usually given */
  miss(...names: readonly string[]): never {
    const [first, ...others] = names;
    throw calcError('missing_input', `missing input: ${first}${others.map((name) => ` or ${name}`).join('')}`);
  }
}
