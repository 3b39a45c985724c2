/**
 * Puts the `part` lines of a scenario, its finer bars, under the bars that they cover. A part is written as a bar is; a bar is covered
 * where there is one for each stretch of it.
 */

import type { ScriptBar } from './readBar.js';
import { ScenarioError } from './words.js';

/** A bar with its finer bars, as many as fit into it, or none. */
export interface CoveredBar extends ScriptBar {
  readonly parts: readonly ScriptBar[];
}

/** Lengths of finer bars. */
export const DETAILS = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '20m': 1_200_000, '30m': 1_800_000 };

/** @throws ScenarioError for a part that does not begin where one can, is in no bar, or has a mark where its bar has none. */
export function coveredBars(
  bars: readonly ScriptBar[],
  parts: readonly ScriptBar[],
  { intervalMs, detailMs }: { readonly intervalMs: number; readonly detailMs: number | null },
): CoveredBar[] {
  const isIn = (bar: ScriptBar, { openTimeMs: at }: ScriptBar): boolean =>
    at >= bar.openTimeMs && at < bar.openTimeMs + intervalMs;
  const stray = parts.find((part) => detailMs === null || !bars.some((bar) => isIn(bar, part)));
  if (stray !== undefined) throw new ScenarioError(stray.line, 'this part is in no bar, or there is no detail line');
  return bars.map((bar) => {
    const own = parts.filter((part) => isIn(bar, part));
    if (detailMs === null || own.length === 0) return { ...bar, parts: [] };
    own.forEach((part, i) => {
      const isPlaced = (part.openTimeMs - bar.openTimeMs) % detailMs === 0;
      const isNext = i === 0 || part.openTimeMs > own[i - 1]!.openTimeMs;
      if (!isPlaced || !isNext) throw new ScenarioError(part.line, 'this part does not follow the one before');
      if ((part.mark === null) !== (bar.mark === null)) {
        throw new ScenarioError(part.line, 'a mark on the parts where the bar has one');
      }
    });
    return { ...bar, parts: own.length === intervalMs / detailMs ? own : [] };
  });
}
