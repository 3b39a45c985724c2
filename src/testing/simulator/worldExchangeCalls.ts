/**
 * The calls of a world with two exchanges: symbols by every name that an account may have for them, and by some that it has not,
 * currencies as each exchange writes them, and money that goes between accounts of the two.
 */

import { findPreset } from '../../venue/presets.js';
import type { Chance } from './chance.js';
import { amountText } from './script.js';
import { ALL_ACCOUNTS, decimalsOf, type TransferCall, timesOf, type World, type WorldCall } from './world.js';
import type { Units } from './worldElsewhere.js';

/** The calls as accounts of two exchanges make them. */
export function renamedCalls(chance: Chance, world: World, units: Units): WorldCall[] {
  return world.calls.map((call) => {
    const account = world.accounts.find(({ name }) => name === call.account);
    const isMoved = account?.exchange === 'simulated2' && chance.happens(0.92);
    const paid = isMoved && 'currency' in call && call.currency !== null ? units.get(call.currency)?.code : undefined;
    const line = paid === undefined ? call : ({ ...call, currency: paid } as WorldCall);
    if (!('symbol' in line) || line.symbol === null || !chance.happens(0.3)) return line;
    return { ...line, symbol: nameOf(chance, world, line.account, line.symbol) };
  });
}

/** A name with a venue: the account's own, that of the candles, or another's. */
function nameOf(chance: Chance, { accounts, symbols }: World, account: string, symbol: string): string {
  const ofVenue = (name: string): string => `${symbol}.${name}`;
  const of = symbols.find((each) => (each.symbol ?? each.name) === symbol && each.symbol !== undefined)?.name;
  const preset = account === ALL_ACCOUNTS ? accounts[0]!.preset : accounts.find(({ name }) => name === account)!.preset;
  const { name, listing } = findPreset(preset)!;
  if (chance.happens(0.1)) return ofVenue(chance.one(['simulated', 'simulated2', 'elsewhere']));
  return chance.one([ofVenue(name), ofVenue(listing), of ?? ofVenue(listing)]);
}

/** Transfers from account to account, most of them of an amount with more digits than one of the two has. */
export function transfersOf(chance: Chance, world: World): WorldCall[] {
  const { accounts } = world;
  return timesOf(world).flatMap((at): TransferCall[] => {
    if (!chance.happens(0.06)) return [];
    const from = chance.one(accounts);
    const to = chance.one(accounts.filter((other) => other !== from)).name;
    const { currency, amount } = chance.one(from.balances);
    const units = Math.floor(Number(amount) * chance.one([0.001, 0.02, 0.1]) * chance.between(0.5, 1.5));
    const digits = `${amountText(BigInt(units), decimalsOf(world, currency, from.exchange))}7`;
    const isOwn = currency === from.balances[0]!.currency && chance.happens(0.4);
    return [{ at, account: from.name, call: 'transfer', to, amount: digits, currency: isOwn ? null : currency }];
  });
}
