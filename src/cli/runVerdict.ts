/**
 * What a finished run means for the shell: its warnings told, --strict and --assert judged, one exit code. It changes
 * nothing of the result.
 */

import type { RunOutcome, RunWarning } from '../engine/records.js';
import { EXIT, type ExitCode } from '../errors.js';
import { type Assertion, findFalseAssertions } from './assertion.js';
import { formatCount } from './dataWarnings.js';
import type { Log } from './log.js';

/** Interrupted before strict, strict before assertions: each says less about the result than the one after it. */
export function judgeRun(
  outcome: RunOutcome,
  warnings: readonly RunWarning[],
  assertions: readonly Assertion[],
  isStrict: boolean,
  log: Log,
): ExitCode {
  const grave = isStrict ? warnings.filter((warning) => warning.strict !== null) : [];
  for (const warning of warnings) {
    const tell = grave.includes(warning) ? log.error : log.warn;
    tell(warning.message, { code: warning.code });
  }
  if (outcome.interrupted) {
    const untold = assertions.length === 0 ? '' : '; --assert is not judged';
    log.warn(`partial: interrupted after ${formatCount(outcome.bars, 'bar')}${untold}`);
    return EXIT.interrupted;
  }
  const strict = grave.some((warning) => warning.strict === 'data') ? EXIT.data : EXIT.strategy;
  if (grave.length > 0) {
    log.error(`--strict: ${formatCount(grave.length, 'warning')} made an error`, { code: 'strict', exit_code: strict });
    return strict;
  }
  const untrue = findFalseAssertions(assertions, outcome);
  for (const text of untrue) log.error(`--assert ${text}`, { code: 'assertion_false', exit_code: EXIT.assertion });
  return untrue.length === 0 ? EXIT.done : EXIT.assertion;
}
