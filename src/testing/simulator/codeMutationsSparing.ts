/**
 * Further faults for the list of codeMutations.ts: in what spares the fast engine work (levels that are estimated, kept as trees and
 * boxes, walks that are left out), and in how given fills are settled.
 */

import type { CodeMutation } from './codeMutations.js';

export const SPARING_MUTATIONS: readonly CodeMutation[] = [
  {
    name: 'an estimated level moved inward',
    file: 'src/account/dueEstimate.ts',
    found: '(from / scale) * (1 + OUTWARD)',
    replacement: '(from / scale) * (1 - 1e-3)',
    seed: 162,
  },
  {
    name: 'the end of a tier forgotten by an estimate',
    file: 'src/account/dueEstimate.ts',
    found: 'const from = Math.max(least, lower);\n  const to = Math.min(most, upper);',
    replacement: 'const from = least;\n  const to = most;',
    seed: 314,
  },
  {
    name: 'the root of a tree of levels not renewed',
    file: 'src/engine/levelTree.ts',
    found: 'for (node >>= 1; node > 0; node >>= 1) {',
    replacement: 'for (node >>= 1; node > 1; node >>= 1) {',
    seed: 6,
  },
  {
    name: 'a box drawn as wide as can be, safe or not',
    file: 'src/engine/crossWatch.ts',
    found: 'if (isSafe(share + step)) share += step;',
    replacement: 'share += step;',
    seed: 275,
  },
  {
    name: 'a box that was left not drawn anew',
    file: 'src/engine/crossWatch.ts',
    found: 'this.#unbox(account);\n    this.#box(account, (symbol) => symbols[symbol]!.bar.mark.close);',
    replacement: 'this.#unbox(account);',
    seed: 632,
  },
  {
    name: 'extremes caught up without their first bar',
    file: 'src/engine/recentExtremes.ts',
    found: 'if (this.#steps[middle]! < step) from',
    replacement: 'if (this.#steps[middle]! <= step) from',
    seed: 18,
  },
  {
    name: 'a walk left out although something is reached',
    file: 'src/engine/settleStep.ts',
    found: 'if (context.inside.length === 0 && !isReachedAfterOpen()) {',
    replacement: 'if (context.inside.length === 0 || !isReachedAfterOpen()) {',
    seed: 4,
  },
  {
    name: 'levels after the open as they were before it',
    file: 'src/engine/triggerBook.ts',
    found: 'if (runtime.hasChanged || this.#queued.has(account)) {',
    replacement: 'if (this.#queued.has(account)) {',
    seed: 34,
  },
  {
    name: 'levels not renewed between finer bars',
    file: 'src/engine/engine.ts',
    found: 'settler.refreshLevels();\n      market.load(part);',
    replacement: 'market.load(part);',
    seed: 529,
  },
  {
    name: 'no test for liquidation after given fills',
    file: 'src/engine/givenFills.ts',
    found: 'if (isFunded || own.length > 0) liquidateDue(runtime, moment, context);',
    replacement: 'if (isFunded) liquidateDue(runtime, moment, context);',
    seed: 27,
  },
  {
    name: 'given fills before the funding of their time',
    file: 'src/engine/givenFills.ts',
    found:
      'const isFunded = applyFundingDues(runtime, funding, moment, context);\n  const own = fills.length === 0 ? fills : ownFills(runtime, fills);\n  for (const fill of own) settleFill(runtime, fill, moment, context);',
    replacement:
      'const own = fills.length === 0 ? fills : ownFills(runtime, fills);\n  for (const fill of own) settleFill(runtime, fill, moment, context);\n  const isFunded = applyFundingDues(runtime, funding, moment, context);',
    seed: 27,
  },
];
