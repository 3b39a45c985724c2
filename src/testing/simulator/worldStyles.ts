/**
 * Stops that random orders are given with: trailing ones, percent ones of a base, and wrong ones on purpose.
 */

import type { OrderStyle } from '../../strategy/strategy.js';
import type { Chance } from './chance.js';
import type { WorldContract } from './world.js';
import { stylesOf } from './worldCalls.js';

/** Stops of one order: trailing ones, percent ones of a base, and the ones of before beside them. */
export function newStyles(chance: Chance, contract: WorldContract, price: number, isLong: boolean): OrderStyle[] {
  const away = chance.one([0.002, 0.006, 0.02]) * chance.between(0.5, 2);
  const trailing = trailingStyle(chance, contract, price, away);
  const kind = chance.unit();
  if (kind < 0.35) return [trailing];
  if (kind < 0.6) return [trailing, ...stylesOf(chance, contract, price, isLong)];
  if (kind < 0.65) return [trailing, trailingStyle(chance, contract, price, away * 2)];
  const base = chance.one(['price', 'pnl', 'roe', 'roe'] as const);
  const share = String(Math.round(away * (base === 'roe' ? 8 : 1) * 100_000) / 100_000);
  const loss: OrderStyle = { name: 'stop_loss_pct', value: share, base };
  const profit: OrderStyle = { name: 'stop_profit_pct', value: share, base };
  if (kind < 0.9) return chance.one([[loss], [profit], [loss, profit], [profit, trailing]]);
  const wrong = { name: 'stop_loss_pct', value: share, base: 'equity' } as unknown as OrderStyle;
  const misplaced = { ...trailing, base: 'price' } as unknown as OrderStyle;
  const nothing: OrderStyle = { name: 'trailing_stop_pct', value: chance.one(['1', '1.5', '0', '0.99999999']) };
  return chance.one([[wrong], [misplaced], [nothing], stylesOf(chance, contract, price, isLong)]);
}

function trailingStyle(chance: Chance, contract: WorldContract, price: number, away: number): OrderStyle {
  if (chance.happens(0.5)) {
    return { name: 'trailing_stop_pct', value: String(Math.max(0.0005, Math.round(away * 100_000) / 100_000)) };
  }
  return { name: 'trailing_stop', value: distanceOf(contract, price * away) };
}

/** A price distance of at least a tick, in tenths of one. */
export function distanceOf({ tick }: WorldContract, distance: number): string {
  const decimals = (tick.split('.')[1]?.length ?? 0) + 1;
  const ticks = Math.max(1, Math.round((distance / Number(tick)) * 10) / 10);
  return String(Math.round(ticks * Number(tick) * 10 ** decimals) / 10 ** decimals);
}
