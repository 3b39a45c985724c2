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
/** The largest integer up to which float64 holds every one. */
const MOST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);
const P10_F64 = Array.from({ length: 16 }, (_, i) => 10 ** i);

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
  if (amount <= MOST_EXACT && amount >= -MOST_EXACT && decimals < 16) return formatSafeUnits(Number(amount), decimals);
  const negative = amount < 0n;
  let digits = (negative ? -amount : amount).toString();
  if (decimals > 0) {
    digits = digits.padStart(decimals + 1, '0');
    digits = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  }
  return negative ? `-${digits}` : digits;
}

/**
 * As formatUnits, for an integer that float64 holds exactly: several times as fast. Nothing is computed in it but where to put
 * the point.
 */
export function formatSafeUnits(amount: number, decimals: number): string {
  if (decimals === 0) return amount === 0 ? '0' : String(amount);
  const size = Math.abs(amount);
  const unit = P10_F64[decimals]!;
  let whole = Math.floor(size / unit);
  let rest = size - whole * unit;
  // The quotient may have been rounded up onto the next whole.
  if (rest < 0) {
    whole -= 1;
    rest += unit;
  }
  // With a digit in front the zeros at its head stay.
  const text = `${whole}.${String(unit + rest).slice(1)}`;
  return amount < 0 ? `-${text}` : text;
}

/** Units → float64 of whole currency units, for deciding and statistics, never for booking. */
export function unitsToF64(amount: bigint, decimals: number): number {
  // Both are exact, so the quotient is the float64 nearest to the decimal.
  if (amount <= MOST_EXACT && amount >= -MOST_EXACT && decimals < 16) return Number(amount) / P10_F64[decimals]!;
  return Number(formatUnits(amount, decimals));
}
