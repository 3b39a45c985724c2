/**
 * What the readers of a config file share: the error for something that cannot be used, and what counts as nothing given. Both are
 * the same for options, accounts and parameters.
 */

import { EXIT, type Place, UserError } from '../errors.js';
import type { TreeNode } from './structuredText.js';

/** Something in a config file that cannot be used: exit 2. */
export function configError(message: string, place: Place, found: string, expected: string, hint?: string): UserError {
  return new UserError({
    code: 'bad_config',
    exitCode: EXIT.usage,
    message,
    place,
    found,
    expected,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A key without a value counts as absent. */
export function isNothing(value: TreeNode): boolean {
  return value.kind === 'scalar' && value.type === 'none';
}
