/**
 * A config file as text: YAML in which each value has a trailing comment that says where it comes from. Texts are quoted where YAML
 * would take them for something else; numbers stand as they were spelled. It knows nothing of options.
 */

/** A key with a value. A list is of texts; a map has lines of its own; null is a key without a value. */
export interface ConfigLine {
  readonly key: string;
  readonly value: string | boolean | null | readonly string[] | readonly ConfigLine[];
  readonly comment: string;
}

/** What can stand without quotes: no blank, nothing that YAML reads as more than a text or a number. */
const PLAIN = /^(?:[A-Za-z0-9_./+]|-(?=\d))[A-Za-z0-9_.,/+=<>@%-]*$/;
/** Words that YAML, of this version or an older one, takes for something else. */
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Lines with their line feeds. */
export function formatConfig(lines: readonly ConfigLine[], indent = ''): string {
  return lines.map((line) => formatLine(line, indent)).join('');
}

function formatLine({ key, value, comment }: ConfigLine, indent: string): string {
  const start = `${indent}${formatScalar(key)}:`;
  const end = comment === '' ? '\n' : ` # ${comment}\n`;
  if (typeof value === 'string') return `${start} ${formatScalar(value)}${end}`;
  if (value === null || typeof value === 'boolean') return `${start} ${value}${end}`;
  if (value.length === 0) return `${start} []${end}`;
  const items = value.map((item) =>
    typeof item === 'string' ? `${indent}  - ${formatScalar(item)}\n` : formatLine(item, `${indent}  `),
  );
  return `${start}${end}${items.join('')}`;
}

/** A text as YAML reads it back. */
export function formatScalar(text: string): string {
  if (PLAIN.test(text) && !RESERVED.test(text)) return text;
  return JSON.stringify(text).replace(/[\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
}
