/**
 * Source files as the tidy test reads them: comments and string contents blanked, imports listed, functions measured. A scanner
 * of text, not a parser: it leans on the formatter's layout (a function ends on the first line that closes at its own indent).
 * Reads no files and decides no rule.
 */

/** Why a `/` begins a regular expression: what stands before it cannot end a value. */
const BEFORE_REGEX = /(?:^|[=([{,;:!&|?+\-*%<>~^]|\breturn|\btypeof|=>)\s*$/;

interface ScanState {
  code: string;
  /** For each open template literal, how deep the braces of the `${}` being read are; 0 is the literal's own text. */
  readonly templates: number[];
}

/** Where a quoted string or regular expression that begins at `start` ends, exclusive. */
function endOfQuoted(text: string, start: number, quote: string): number {
  let inClass = false;
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === '\n') return i;
    else if (quote === '/' && c === '[') inClass = true;
    else if (quote === '/' && c === ']') inClass = false;
    else if (c === quote && !inClass) return i + 1;
  }
  return text.length;
}

/** Same length, all but line ends replaced by spaces. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** Follows template literals, so that a quote in their text opens nothing. Returns whether the character was theirs. */
function stepTemplate(state: ScanState, text: string, i: number): boolean {
  const top = state.templates.length - 1;
  const depth = state.templates[top];
  const c = text[i];
  if (depth === 0) {
    if (c === '`') state.templates.pop();
    else if (c === '{' && text[i - 1] === '$') state.templates[top] = 1;
    return true;
  }
  if (c === '`') state.templates.push(0);
  else if (depth !== undefined && c === '{') state.templates[top] = depth + 1;
  else if (depth !== undefined && c === '}') state.templates[top] = depth - 1;
  else return false;
  return true;
}

/**
 * The text with comments blanked, and with `blankStrings` also what stands between quotes. Line and column stay what they were.
 */
export function codeOf(text: string, blankStrings: boolean): string {
  const state: ScanState = { code: '', templates: [] };
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    const two = text.slice(i, i + 2);
    let end = i + 1;
    let piece = c;
    if (!stepTemplate(state, text, i)) {
      if (two === '//') end = endOfLine(text, i);
      else if (two === '/*') end = endOfBlock(text, i);
      else if (c === "'" || c === '"') end = endOfQuoted(text, i, c);
      else if (c === '/' && BEFORE_REGEX.test(state.code.slice(-20))) end = endOfQuoted(text, i, '/');
      piece = text.slice(i, end);
      if (two === '//' || two === '/*') piece = blank(piece);
      else if (blankStrings && end > i + 1) piece = c + blank(piece.slice(1, -1)) + piece.slice(-1);
    }
    state.code += piece;
    i = end;
  }
  return state.code;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

function endOfBlock(text: string, start: number): number {
  const end = text.indexOf('*/', start + 2);
  return end < 0 ? text.length : end + 2;
}

export interface ImportLine {
  /** What stands between the quotes. */
  readonly from: string;
  readonly line: number;
  /** `export … from` instead of `import`. */
  readonly isReExport: boolean;
  /** `import type`: gone when compiled. */
  readonly isTypeOnly: boolean;
}

/** Every import, type import, re-export and dynamic import of a literal. */
export function importsOf(text: string): ImportLine[] {
  const code = codeOf(text, false);
  const found: ImportLine[] = [];
  const statement = /^(import|export)\b(?: (type)\b)?(?:[^;'"]*?\bfrom)?\s*(['"])([^'"]+)\3/gm;
  const dynamic = /\bimport\(\s*(['"])([^'"]+)\1/g;
  for (const m of code.matchAll(statement)) {
    found.push({
      from: m[4]!,
      line: lineAt(code, m.index),
      isReExport: m[1] === 'export',
      isTypeOnly: m[2] === 'type',
    });
  }
  for (const m of code.matchAll(dynamic)) {
    found.push({ from: m[2]!, line: lineAt(code, m.index), isReExport: false, isTypeOnly: false });
  }
  return found;
}

/** Line number, from 1, of a position in the text. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  /** Lines from the first to the closing brace, both counted. */
  readonly lines: number;
}

const FUNCTION_START = [
  /^(\s*)(?:export )?(?:default )?(?:async )?function\*? ?(\w+)/,
  /^(\s*)(?:export )?const (\w+) = (?:async )?(?:\([^=]*|\w+)(?:=> \{)?$/,
  /^(\s*)(?:export )?const (\w+) = .*=> \{$/,
  /^(\s+)(?:(?:static|async|get|set|override) )*\*?(#?\w+)(?:<.*>)?\((?:.*\{)?$/,
];
const NOT_A_NAME = /^(?:if|for|while|switch|catch|return|await|expect|it|test|describe)$/;

/** Functions and methods that end on a line of their own, with their length. Nested ones are counted too. */
export function functionsOf(text: string): FunctionSpan[] {
  const lines = codeOf(text, true).split('\n');
  const found: FunctionSpan[] = [];
  for (const [i, line] of lines.entries()) {
    const match = FUNCTION_START.map((pattern) => pattern.exec(line)).find((m) => m !== null);
    if (!match || NOT_A_NAME.test(match[2]!)) continue;
    const indent = match[1]!;
    // A list of arguments that goes on is a call unless a body opens where it ends.
    const end = line.endsWith('(') ? lines.slice(i + 1).find((later) => later.startsWith(`${indent})`)) : undefined;
    if (end !== undefined && !end.endsWith('{')) continue;
    const closing = new RegExp(`^${indent}\\}[;,)]*$`);
    const length = lines.slice(i + 1).findIndex((later) => closing.test(later));
    if (length >= 0) found.push({ name: match[2]!, line: i + 1, lines: length + 2 });
  }
  return found;
}
