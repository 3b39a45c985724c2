/**
 * Reads JSON and YAML text that people write: as values for the contract table, or as a tree that keeps where each value
 * stands and how a number was spelled. The only file that knows yaml, which is imported on first use. What a file may hold is
 * for others to judge.
 */

import { extname } from 'node:path';
import { EXIT, type Place, UserError } from '../errors.js';

/** A text with the name that messages give it. */
export interface NamedText {
  readonly text: string;
  readonly file: string;
  /** Of the UserError for text that cannot be parsed. */
  readonly errorCode: string;
}

/** A single value. `text` is the value of a text, and the spelling of everything else: `0.10` stays `0.10`. */
export interface TreeScalar {
  readonly kind: 'scalar';
  readonly type: 'text' | 'number' | 'switch' | 'none';
  readonly text: string;
  /** As it stands in the file, clipped; for messages. */
  readonly source: string;
  readonly place: Place;
}

export interface TreeList {
  readonly kind: 'list';
  readonly items: readonly TreeNode[];
  readonly source: string;
  readonly place: Place;
}

export interface TreeEntry {
  readonly key: string;
  /** Of the key. */
  readonly place: Place;
  readonly value: TreeNode;
}

export interface TreeMap {
  readonly kind: 'map';
  readonly entries: readonly TreeEntry[];
  readonly source: string;
  readonly place: Place;
}

export type TreeNode = TreeScalar | TreeList | TreeMap;

/** Deeper than anything these files hold; ends a tree that refers to itself. */
const MAX_DEPTH = 8;
const MAX_SOURCE = 60;

/** The value of a JSON or YAML text, by the file's ending; all but YAML's is JSON. @throws UserError exit 2 */
export async function parseValue(named: NamedText): Promise<unknown> {
  if (!isYamlName(named.file)) return parseJson(named);
  const { parse, YAMLParseError } = await import('yaml');
  try {
    // YAML 1.2: `12:00:00` is text, and numbers are read as those of JSON are.
    return parse(named.text, { prettyErrors: true });
  } catch (cause) {
    const start = cause instanceof YAMLParseError ? cause.linePos?.[0] : undefined;
    const place = start === undefined ? {} : { line: start.line, column: start.col };
    const [message] = String((cause as Error).message).split('\n');
    throw textError(named, `the file is not YAML: ${message}`, place, cause);
  }
}

function isYamlName(file: string): boolean {
  return /^\.ya?ml$/i.test(extname(file));
}

function parseJson(named: NamedText): unknown {
  try {
    return JSON.parse(named.text);
  } catch (cause) {
    const { message } = cause as Error;
    throw textError(named, `the file is not JSON: ${message}`, placeInJson(message, named.text), cause);
  }
}

/** The parser names a position in some of its messages, in characters from 0. */
function placeInJson(message: string, text: string): Place {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return {};
  const before = text.slice(0, Number(position)).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** The tree of a JSON text (a file that ends in .json) or a YAML text; null for an empty one. @throws UserError exit 2 */
export async function parseTree(named: NamedText): Promise<TreeNode | null> {
  const isJson = extname(named.file).toLowerCase() === '.json';
  if (isJson) parseJson(named);
  // JSON is YAML too, but for tabs between its words; within its texts there are none.
  const text = isJson ? named.text.replaceAll('\t', ' ') : named.text;
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: named.file, line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const isTwice = error.code === 'DUPLICATE_KEY';
    const problem = isTwice
      ? 'a key stands there twice'
      : `the file is not ${isJson ? 'JSON' : 'YAML'}: ${error.message}`;
    throw textError(
      named,
      problem,
      placeOf(error.pos[0]),
      error,
      isTwice ? clipSource(/^[^:\n]*/.exec(text.slice(error.pos[0]))![0]) : '',
    );
  }

  const read = (node: unknown, at: Place, depth: number): TreeNode => {
    const none: TreeScalar = { kind: 'scalar', type: 'none', text: '', source: '(nothing)', place: at };
    if (isAlias(node)) return read(node.resolve(document), at, depth + 1);
    if (depth > MAX_DEPTH) throw textError(named, 'the file is nested too deeply', at, undefined);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return none;
    const [start, end] = node.range ?? [0, 0];
    const place = node.range == null ? at : placeOf(start);
    const source = clipSource(text.slice(start, end));
    if (isSeq(node)) {
      return { kind: 'list', items: node.items.map((item) => read(item, place, depth + 1)), source, place };
    }
    if (isScalar(node)) {
      if (node.value === null) return none;
      const spelled = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
      return { kind: 'scalar', type: typeOf(node.value), text: spelled, source, place };
    }
    const entries = node.items.map(({ key, value }): TreeEntry => {
      const name = read(key, place, depth + 1);
      if (name.kind !== 'scalar') throw textError(named, 'a key is no text', name.place, undefined);
      return { key: name.text, place: name.place, value: read(value, name.place, depth + 1) };
    });
    return { kind: 'map', entries, source, place };
  };
  return document.contents === null ? null : read(document.contents, placeOf(0), 0);
}

function typeOf(value: unknown): TreeScalar['type'] {
  if (typeof value === 'boolean') return 'switch';
  return typeof value === 'number' || typeof value === 'bigint' ? 'number' : 'text';
}

function clipSource(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, ' ');
  return line.length > MAX_SOURCE ? `${line.slice(0, MAX_SOURCE - 1)}…` : line;
}

function textError(
  { file, errorCode }: NamedText,
  message: string,
  place: Place,
  cause: unknown,
  found = '',
): UserError {
  return new UserError({
    code: errorCode,
    exitCode: EXIT.usage,
    message,
    place: { ...place, file },
    ...(found === '' ? {} : { found }),
    ...(cause === undefined ? {} : { cause }),
  });
}
