/**
 * Chooses the times at which the future is cut off: one in each of as many equal stretches of the run as cuts are asked for. Within
 * a stretch it is a close at which the strategy gave a call, if there is one, because a call that rests on the very next bar shows
 * at no other time; which of them, the seed decides.
 */

/**
 * @param closesMs closes of all steps of the run, ascending; the last one has no future and is never chosen.
 * @param callsMs times of the strategy's calls, ascending.
 * @param draw from 0 up to 1.
 * @returns at most `count` closes, ascending, each once.
 */
export function chooseCuts(
  closesMs: readonly number[],
  callsMs: readonly number[],
  count: number,
  draw: () => number,
): number[] {
  const candidates = closesMs.slice(0, -1);
  const known = new Set(candidates);
  const calls = [...new Set(callsMs)].filter((timeMs) => known.has(timeMs));
  const cuts: number[] = [];
  for (let i = 0; i < count; i++) {
    const stretch = candidates.slice(
      Math.floor((i * candidates.length) / count),
      Math.floor(((i + 1) * candidates.length) / count),
    );
    // Drawn also where it is not needed, so that a stretch's draw does not depend on the others.
    const place = draw();
    if (stretch.length === 0) continue;
    const [first, last] = [stretch[0]!, stretch.at(-1)!];
    const called = calls.filter((timeMs) => timeMs >= first && timeMs <= last);
    const among = called.length > 0 ? called : stretch;
    cuts.push(among[Math.floor(place * among.length)]!);
  }
  return cuts;
}
