/**
 * Lengths of bars as people write them: the interval tokens of file names and options, read and printed. The one list of
 * tokens is here; what a length is used for is for others to decide.
 */

const MINUTE_MS = 60_000;
const TOKEN_MINUTES: ReadonlyMap<string, number> = new Map([
  ['1m', 1],
  ['3m', 3],
  ['5m', 5],
  ['15m', 15],
  ['30m', 30],
  ['1h', 60],
  ['2h', 120],
  ['4h', 240],
  ['6h', 360],
  ['8h', 480],
  ['12h', 720],
  ['1d', 1440],
  ['1w', 10_080],
]);
const KNOWN_MINUTES: ReadonlySet<number> = new Set(TOKEN_MINUTES.values());

/** The tokens, from the shortest length to the longest. */
export const INTERVAL_TOKENS: readonly string[] = [...TOKEN_MINUTES.keys()];

/** One of INTERVAL_TOKENS → ms; undefined for any other text. */
export function lengthOfToken(token: string): number | undefined {
  const minutes = TOKEN_MINUTES.get(token);
  return minutes === undefined ? undefined : minutes * MINUTE_MS;
}

/** Interval token of a file name, such as `1m`, `60m` or `4h` → ms; undefined for any other text. */
export function parseIntervalToken(token: string): number | undefined {
  const minutes = TOKEN_MINUTES.get(token) ?? (/^[1-9]\d*m$/.test(token) ? Number(token.slice(0, -1)) : undefined);
  return minutes !== undefined && KNOWN_MINUTES.has(minutes) ? minutes * MINUTE_MS : undefined;
}

/** Length of a bar as people write it: `5m`, `1h`, `1d`, else in seconds or milliseconds. */
export function formatInterval(ms: number): string {
  for (const [token, minutes] of TOKEN_MINUTES) if (minutes * MINUTE_MS === ms) return token;
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000}d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % MINUTE_MS === 0) return `${ms / MINUTE_MS}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
