/**
 * The scanner behind the tidy test, on small texts: what it must see and what it must not be fooled by.
 */

import { describe, expect, it, test } from '@jest/globals';
import { codeOf, functionsOf, importsOf } from './sourceText.js';

describe('codeOf', () => {
  test.each([
    ['a line comment', 'a // b\nc', 'a     \nc'],
    ['a block comment', 'a /* b\n*/ c', 'a     \n   c'],
    ['a comment mark in a string', "x = '//'; y", "x = '  '; y"],
    ['a quote in a template', "`it's` // z", "`it's`     "],
    ['code in a template', `\`\${f('b')}'\` // z`, `\`\${f(' ')}'\`     `],
    ['a quote in a regular expression', "s.replace(/'/g, x) // z", 's.replace(/ /g, x)     '],
    ['a division', "a / b; 'c' / d // z", "a / b; ' ' / d     "],
    ['an escaped quote', "'a\\'b' + c", "'    ' + c"],
  ])('when the text holds %s then only comments and string contents are blanked', (_, text, expected) => {
    expect(codeOf(text, true)).toBe(expected);
  });
});

describe('importsOf', () => {
  it('when a file imports in every form then each is listed with its line', () => {
    const text = [
      "import { a } from './a.js';",
      "import type { b } from './b.js';",
      "import './c.js';",
      'import {',
      '  d,',
      "} from 'd';",
      "export { e } from './e.js';",
      "const f = await import('f');",
      "// import { g } from 'g';",
      "export const h = 'h';",
    ].join('\n');
    expect(importsOf(text)).toEqual([
      { from: './a.js', line: 1, isReExport: false, isTypeOnly: false },
      { from: './b.js', line: 2, isReExport: false, isTypeOnly: true },
      { from: './c.js', line: 3, isReExport: false, isTypeOnly: false },
      { from: 'd', line: 4, isReExport: false, isTypeOnly: false },
      { from: './e.js', line: 7, isReExport: true, isTypeOnly: false },
      { from: 'f', line: 8, isReExport: false, isTypeOnly: false },
    ]);
  });
});

describe('functionsOf', () => {
  it('when a file has functions, methods and arrows then their lengths are counted to the closing brace', () => {
    const text = [
      'export function a(x: number): number {',
      '  if (x) {',
      '    return 1;',
      '  }',
      '  return 2;',
      '}',
      'class B {',
      '  async run({',
      '    c,',
      '  }: C) {',
      '    return c;',
      '  }',
      '  with(',
      '    c: C,',
      '  ): C {',
      '    check(',
      '      c,',
      '    );',
      '    return c;',
      '  }',
      '  get value(): number {',
      '    return 1;',
      '  }',
      '}',
      'const d = (y: number) => {',
      '  return y;',
      '};',
    ].join('\n');
    expect(functionsOf(text)).toEqual([
      { name: 'a', line: 1, lines: 6 },
      { name: 'run', line: 8, lines: 5 },
      { name: 'with', line: 13, lines: 8 },
      { name: 'value', line: 21, lines: 3 },
      { name: 'd', line: 25, lines: 3 },
    ]);
  });
});
