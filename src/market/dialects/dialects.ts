/**
 * The dialects in order of recognition, the most particular first. To add one: write its file, add it to the list.
 */

import { EXIT, UserError } from '../../errors.js';
import { clipText } from '../badRows.js';
import { bitmex } from './bitmex.js';
import type { BarLayout, Dialect } from './layout.js';
import { plain } from './plain.js';

export const DIALECTS: readonly Dialect[] = [bitmex, plain];

export interface RecognizedDialect {
  readonly dialect: Dialect;
  readonly layout: BarLayout;
}

/**
 * The first dialect that knows the header.
 *
 * @throws UserError data, `unknown_header`, with the columns found and those each dialect wants
 */
export function requireDialect(header: readonly string[], file: string, line: number): RecognizedDialect {
  for (const dialect of DIALECTS) {
    const layout = dialect.recognize(header);
    if (layout) return { dialect, layout };
  }
  throw new UserError({
    code: 'unknown_header',
    exitCode: EXIT.data,
    message: 'the header is of no known kind of candles',
    place: { file, line },
    found: `the columns ${clipText(header.join(','))}`,
    expected: DIALECTS.map((d) => `${d.wanted} (${d.name})`).join(' or '),
    hint: 'the first line must name the columns; rename them, or convert the file',
  });
}
