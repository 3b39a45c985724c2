/**
 * The dialects in order of recognition, the most particular first. To add one that has a header: a line in namedSources.ts, or a file of
 * its own and a place in the list. Files without a header are told apart in headerless.ts.
 */

import { EXIT, UserError } from '../../errors.js';
import { clipText } from '../badRows.js';
import { bitmex } from './bitmex.js';
import type { BarLayout, Dialect } from './layout.js';
import { NAMED_SOURCES } from './namedSources.js';
import { plain } from './plain.js';

export const DIALECTS: readonly Dialect[] = [bitmex, ...NAMED_SOURCES, plain];

export interface RecognizedDialect {
  readonly dialect: Pick<Dialect, 'name' | 'barTime'>;
  readonly layout: BarLayout;
}

/** The first dialect that knows the header; undefined when none does. */
export function recognizeDialect(header: readonly string[]): RecognizedDialect | undefined {
  for (const dialect of DIALECTS) {
    const layout = dialect.recognize(header);
    if (layout) return { dialect, layout };
  }
  return undefined;
}

/**
 * As recognizeDialect, for a header that must be known.
 *
 * @throws UserError data, `unknown_header`, with the columns found and those that are wanted
 */
export function requireDialect(header: readonly string[], file: string, line?: number): RecognizedDialect {
  const known = recognizeDialect(header);
  if (known) return known;
  throw new UserError({
    code: 'unknown_header',
    exitCode: EXIT.data,
    message: 'the header is of no known kind of candles',
    place: line === undefined ? { file } : { file, line },
    found: `the columns ${clipText(header.join(','))}`,
    expected: `timestamp,open,high,low,close,volume (plain) or the columns of ${namedDialects()}`,
    hint: 'the first line must name the columns; or name them with --columns, and the delimiter with --delimiter',
  });
}

function namedDialects(): string {
  const names = [...new Set(DIALECTS.map(({ name }) => name))].filter((name) => name !== 'plain');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;
}
