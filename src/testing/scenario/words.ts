/**
 * A scenario's text as lines of words, with remarks taken away, and the reading of single words: numbers, clock times, moments.
 * Every complaint names the line. What the words mean together is parseScenario.ts.
 */

import { type Fraction, parseFraction } from '../../money/decimal.js';
import { pow10 } from '../../money/units.js';

/** The first day of every scenario. */
export const DAY_ONE_MS = Date.UTC(2020, 0, 1);
const DAY_MS = 86_400_000;

/** A line that cannot be read. */
export class ScenarioError extends Error {
  constructor(line: Line, why: string) {
    super(`line ${line.number}: ${why}\n  ${line.text}`);
    this.name = 'ScenarioError';
  }
}

export interface Line {
  readonly number: number;
  /** Without indentation and remark. */
  readonly text: string;
  readonly words: readonly string[];
}

/** Lines with words, numbered from 1 as in the template literal. */
export function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .map((raw, i) => {
      const bare = raw.replace(/\/\/.*$/, '').trim();
      return { number: i + 1, text: bare.replace(/\s+/g, ' '), words: bare.split(/\s+/).filter((word) => word !== '') };
    })
    .filter((line) => line.words.length > 0);
}

/** Takes the words of a line one by one. */
export class Words {
  readonly line: Line;
  #next: number;

  /** @param from words before it have been read. */
  constructor(line: Line, from = 1) {
    this.line = line;
    this.#next = from;
  }

  get rest(): readonly string[] {
    return this.line.words.slice(this.#next);
  }

  /** The next word. @throws ScenarioError when the line has ended. */
  take(what: string): string {
    const word = this.line.words[this.#next];
    if (word === undefined) throw this.error(`${what} is missing`);
    this.#next += 1;
    return word;
  }

  /** The next word, which must be one of those given. */
  takeOneOf<T extends string>(what: string, known: readonly T[]): T {
    const word = this.take(what);
    const found = known.find((candidate) => candidate === word);
    if (found === undefined) throw this.error(`${what} "${word}" is unknown; known: ${known.join(', ')}`);
    return found;
  }

  takeNumber(what: string): Fraction {
    return this.number(what, this.take(what));
  }

  number(what: string, word: string): Fraction {
    const value = parseNumber(word);
    if (value === undefined) throw this.error(`${what} "${word}" is not a number`);
    return value;
  }

  /** A price as data hold it. */
  takePrice(what: string): number {
    const word = this.take(what);
    this.number(what, word);
    return Number(word.replaceAll(',', ''));
  }

  takeTime(what: string): number {
    const word = this.take(what);
    const value = parseTime(word);
    if (value === undefined) throw this.error(`${what} "${word}" is not a time such as 04:00 or 2/04:00`);
    return value;
  }

  /** The next word as name=value. */
  takePair(): [name: string, value: string] {
    const word = this.take('a field');
    const match = /^([a-z_]+)=(\S+)$/.exec(word);
    if (match === null) throw this.error(`"${word}" is not name=value`);
    return [match[1]!, match[2]!];
  }

  end(): void {
    const [word] = this.rest;
    if (word !== undefined) throw this.error(`"${word}" is not understood here`);
  }

  error(why: string): ScenarioError {
    return new ScenarioError(this.line, why);
  }
}

/** `10,000`, `0.5`, `-83333sat` (units of 10^-8) or `100500/11`; undefined when it is none of them. */
export function parseNumber(word: string): Fraction | undefined {
  const plain = word.replace(/(?<=\d),(?=\d{3})/g, '');
  const quotient = /^(-?\d+)\/(\d+)$/.exec(plain);
  if (quotient !== null) return { num: BigInt(quotient[1]!), den: BigInt(quotient[2]!) };
  const satoshi = /^(-?\d+)sat$/.exec(plain);
  if (satoshi !== null) return { num: BigInt(satoshi[1]!), den: pow10(8) };
  return parseFraction(plain);
}

/** `09:00`, `09:00:30.500` on the first day, `2/09:00` on the second → milliseconds; undefined when it is none of them. */
export function parseTime(word: string): number | undefined {
  const match = /^(?:(\d+)\/)?([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{3}))?)?$/.exec(word);
  if (match === null) return undefined;
  const [, day = '1', hours, minutes, seconds = '0', millis = '0'] = match;
  const clock = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(millis);
  return DAY_ONE_MS + (Number(day) - 1) * DAY_MS + clock;
}

/** The shortest word that parseTime reads as these milliseconds. */
export function formatTime(timeMs: number): string {
  const since = timeMs - DAY_ONE_MS;
  const day = Math.floor(since / DAY_MS) + 1;
  const [, clock] = new Date(timeMs).toISOString().split('T');
  const short = clock!
    .replace('Z', '')
    .replace(/\.000$/, '')
    .replace(/^(\d\d:\d\d):00$/, '$1');
  return day === 1 ? short : `${day}/${short}`;
}
