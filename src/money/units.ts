/**
 * Integers of a settlement unit and their decimal text. One XBT is 10^8 units; text always shows the currency's digits.
 * Nothing here rounds: text with more digits than the currency has is refused.
 */

/** A settlement currency and the number of digits its smallest unit has. */
export interface Currency {
  /** As the contract spells it: `XBT`, `USDT`. */
  readonly code: string;
  /** Digits after the point of one settlement unit; 8 unless the contract says otherwise. */
  readonly decimals: number;
}

const POWERS: bigint[] = [];

/** 10^n as an integer, `n` ≥ 0. */
export function pow10(n: number): bigint {
  let p = POWERS[n];
  if (p === undefined) {
    p = 10n ** BigInt(n);
    POWERS[n] = p;
  }
  return p;
}

/**
 * Integer of 10^-decimals → plain decimal text with exactly that many digits.
 *
 * @example formatUnits(333n, 8) // '0.00000333'
 */
export function formatUnits(amount: bigint, decimals: number): string {
  const negative = amount < 0n;
  let digits = (negative ? -amount : amount).toString();
  if (decimals > 0) {
    digits = digits.padStart(decimals + 1, '0');
    digits = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  }
  return negative ? `-${digits}` : digits;
}

/** Units → float64 of whole currency units, for deciding and statistics, never for booking. */
export function unitsToF64(amount: bigint, decimals: number): number {
  return Number(formatUnits(amount, decimals));
}
