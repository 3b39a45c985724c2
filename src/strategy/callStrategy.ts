/**
 * Calls a strategy's functions so that what they throw is told apart from an error of ours: a throw of the author's becomes a
 * UserError with the cause kept, for the command line to print with the author's file and line.
 */

import { InvariantError, UserError } from '../errors.js';

/** Runs one callback. @throws UserError `strategy_threw`, exit 1, with the original error as cause. */
export function callStrategy<T>(callback: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof InvariantError || error instanceof UserError) throw error;
    throw new UserError({
      code: 'strategy_threw',
      exitCode: 1,
      message: `The strategy threw in ${callback}: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'The strategy has to be mended; --verbose prints the whole stack',
      cause: error,
    });
  }
}
