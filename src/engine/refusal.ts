/**
 * A refusal: code, machine reason, and the numbers behind it as text.
 */

export interface Refusal {
  /** 70001 to 70005, or 400 where none of them fits. */
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, string>>;
}

export function refusal(code: number, reason: string, details: Readonly<Record<string, unknown>> = {}): Refusal {
  const texts = Object.entries(details).map(([name, value]) => [name, String(value)]);
  return { code, reason, details: Object.fromEntries(texts) };
}
