/**
 * Options that a spot pair cannot have: it is paid for in full, so there is no mark, no funding, no mode and no leverage. What was
 * given for one is refused rather than left unread; what was given for all symbols holds for the contracts among them.
 */

import type { Contract } from '../contract/contract.js';
import { EXIT, UserError } from '../errors.js';
import type { SeriesContract } from './accountExchange.js';
import type { AccountSpec } from './accountOption.js';
import type { DataRequest, SymbolDataRequest } from './dataOptions.js';
import { badOption } from './givenOptions.js';

const KEYS_OF_CONTRACTS = ['mode', 'leverage', 'position_mode', 'auto_margin'] as const;

/**
 * The data of a run as its contracts take them: series that are a spot pair wherever they are traded pay no funding.
 *
 * @throws UserError exit 2 for mark candles or funding of a spot pair
 */
export function withoutSpotFunding(request: DataRequest, contracts: readonly SeriesContract[]): DataRequest {
  const others = new Set(contracts.filter(({ contract }) => contract.type !== 'spot').map(({ series }) => series));
  const symbols = request.symbols.map((own): SymbolDataRequest => {
    if (others.has(own.name)) return own;
    if (own.markPaths.length > 0) throw notOfSpot(own.name, '--mark', own.markPaths.join(', '));
    const { funding } = own;
    if (funding.kind === 'file') throw notOfSpot(own.name, '--funding', funding.path);
    const isMeant = funding.kind === 'constant' && !(funding.isShared && others.size > 0);
    if (isMeant) throw notOfSpot(own.name, '--funding', 'a rate');
    return { ...own, funding: { kind: 'not_paid' } };
  });
  return { ...request, symbols };
}

function notOfSpot(name: string, option: string, found: string): UserError {
  return new UserError({
    code: 'not_of_spot',
    exitCode: EXIT.usage,
    message: `${option} is given for ${name}, which is a spot pair`,
    found,
    expected: `no ${option} for ${name}`,
  });
}

/** @throws UserError exit 2 for margin settings of an account that trades spot pairs only */
export function requireContractSettings({ values }: AccountSpec, contracts: readonly Contract[]): void {
  if (contracts.some(({ type }) => type !== 'spot')) return;
  for (const key of KEYS_OF_CONTRACTS) {
    const given = values.get(key);
    if (given === undefined) continue;
    const symbols = contracts.map(({ symbol }) => symbol).join(', ');
    throw badOption(given, `says nothing of spot pairs, and the account has no others: ${symbols}`, `no ${key}`);
  }
}
