/**
 * A contract as a second exchange lists it: other fees, margins, sizes and funding times, and other units or another spelling of its
 * currencies, which are the same for all that the exchange lists.
 */

import type { Chance } from './chance.js';
import { decimalsOf, type World, type WorldContract, type WorldTiers } from './world.js';
import { HOUR_MS } from './worldBars.js';

/** How a second exchange writes the currencies of the first, and its units of them. */
export type Units = ReadonlyMap<string, { readonly code: string; readonly decimals: number }>;

export function unitsOf(chance: Chance, world: World): Units {
  const codes = world.symbols.flatMap(({ contract: { settle, base } }) => [settle, ...(base ? [base.code] : [])]);
  const isNamed = chance.happens(0.75);
  return new Map(
    [...new Set(codes)].map((code) => {
      const own = decimalsOf(world, code);
      const decimals = chance.happens(0.4) ? own : chance.one(code === 'USDT' ? [8, 6, 2] : [8, 6]);
      return [code, { code: code === 'XBT' && isNamed ? 'BTC' : code, decimals }];
    }),
  );
}

/** The same symbol in other terms. */
export function elsewhereOf(chance: Chance, contract: WorldContract, units: Units): WorldContract {
  const settle = units.get(contract.settle)!;
  const more = settle.decimals - contract.settleDecimals;
  const [takerFee, makerFee] = chance.one([
    ['0.0004', '0.0001'],
    ['0.00055', '0.0002'],
    ['0.0009', '-0.0001'],
  ] as const);
  const base = contract.base && { ...units.get(contract.base.code)! };
  const common: WorldContract = {
    ...contract,
    settle: settle.code,
    settleDecimals: settle.decimals,
    ...(base ? { base } : {}),
    takerFee,
    makerFee,
    minNotional: contract.minNotional === null || chance.happens(0.3) ? null : shifted(contract.minNotional, more),
  };
  if (contract.type === 'spot') return contract.quote === 'XBT' ? { ...common, quote: settle.code } : common;
  const tiers = contract.tiers === null || chance.happens(0.4) ? null : tiersOf(contract.tiers, more);
  const [initialMargin, maintenanceMargin, maxLeverage] = chance.one([
    ['0.01', '0.005', '100'],
    ['0.025', '0.012', '40'],
    ['0.04', '0.02', '25'],
  ] as const);
  return {
    ...common,
    tick: chance.happens(0.25) ? doubled(contract.tick) : contract.tick,
    fundTimesMs: chance.one([[4, 12, 20], [0, 8, 16], [2, 6, 10, 14, 18, 22], [0], []]).map((h) => h * HOUR_MS),
    riskSteps:
      contract.riskSteps === null || chance.happens(0.4)
        ? null
        : { base: shifted(contract.riskSteps.base, more), step: shifted(contract.riskSteps.step, more) },
    tiers,
    liquidationFee: contract.liquidationFee === null ? null : chance.one(['0', '0.002', '0.01']),
    ...(contract.type === 'inverse' && chance.happens(0.3) ? { quote: chance.one(['USD', 'USDT']) } : {}),
    ...(tiers === null ? { initialMargin, maintenanceMargin, maxLeverage } : {}),
  };
}

const doubled = (tick: string): string => {
  const decimals = tick.split('.')[1]?.length ?? 0;
  return String(Math.round(Number(tick) * 2 * 10 ** decimals) / 10 ** decimals);
};

/** An amount of settlement units in units of so many more digits; at least one. */
function shifted(units: string, digits: number): string {
  const power = BigInt(10 ** Math.abs(digits));
  const moved = digits < 0 ? BigInt(units) / power : BigInt(units) * power;
  return String(moved < 1n ? 1n : moved);
}

/** The same tiers in other units; what falls together is one. */
function tiersOf({ by, rows, limit }: WorldTiers, digits: number): WorldTiers {
  if (by === 'qty') return { by, rows, limit };
  const moved = rows.map((row, i) => (i === 0 ? row : { ...row, floor: shifted(row.floor, digits) }));
  const kept = moved.filter(({ floor }, i) => i === 0 || BigInt(floor) > BigInt(moved[i - 1]!.floor));
  return { by, rows: kept, limit: limit === null ? null : shifted(limit, Math.max(digits, 0)) };
}
