/**
 * What the flips of flip.ts come to, worked out from the bars by other means: crossings in whole ticks, money in whole 10⁻⁸ of the
 * currency. Knows nothing of accounts, margin or orders, which this workload never brings into play.
 */

const FAST = 20;
const SLOW = 50;
/** Of the currency, and of a tick of 0.5. */
const UNITS = 100_000_000n;
const TICK_UNITS = UNITS / 2n;
/** 0.00075 of a tick in units. */
const FEE_PER_TICK = (TICK_UNITS * 75n) / 100_000n;

/** +1 or −1 where the average of 20 stands above or below that of 50, by sums that are compared exactly; 0 where they are equal. */
function* trendsOf(bars) {
  const ticks = bars.map(([, , , , close]) => Math.round(close * 2));
  let [fast, slow] = [0, 0];
  for (let i = 0; i < ticks.length; i++) {
    fast += ticks[i] - (i >= FAST ? ticks[i - FAST] : 0);
    slow += ticks[i] - (i >= SLOW ? ticks[i - SLOW] : 0);
    yield i + 1 < SLOW ? 0 : Math.sign(fast * SLOW - slow * FAST);
  }
}

/**
 * One unit long or short by turns from the first change of the trend, filled at the open after it.
 *
 * @returns closed round trips, and the wallet in units of 10⁻⁸ after them; the last position stays open
 */
export function expectedFlips(bars, balance) {
  let wallet = BigInt(balance) * UNITS;
  let roundTrips = 0;
  let trend = 0;
  /** Of the position: its sign and its price in ticks. */
  let [side, entry] = [0n, 0n];
  let i = 0;
  for (const next of trendsOf(bars)) {
    i++;
    if (next === 0 || next === trend) continue;
    const isFirst = trend === 0;
    trend = next;
    // What is known first is no change.
    if (isFirst || i === bars.length) continue;
    const fill = BigInt(Math.round(bars[i][1] * 2));
    if (side !== 0n) {
      wallet += side * (fill - entry) * TICK_UNITS - fill * FEE_PER_TICK;
      roundTrips++;
    }
    wallet -= fill * FEE_PER_TICK;
    [side, entry] = [BigInt(next), fill];
  }
  return { roundTrips, wallet };
}
