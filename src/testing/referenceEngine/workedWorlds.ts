/**
 * Small worlds for worked examples: contracts and pairs with round numbers, one account, bars by their four prices, and orders
 * given at the close of a bar.
 */

import type {
  OrderCall,
  OrderCallName,
  World,
  WorldAccount,
  WorldCall,
  WorldCandle,
  WorldContract,
} from '../simulator/world.js';

export const HOUR_MS = 3_600_000;
/** 2020-03-01. */
export const START_MS = 1_583_020_800_000;

export const INVERSE: WorldContract = {
  type: 'inverse',
  settle: 'XBT',
  multiplier: '1',
  tick: '0.5',
  qtyDecimals: 0,
  qtyStep: '1',
  minQty: '1',
  settleDecimals: 8,
  initialMargin: '0.01',
  maintenanceMargin: '0.005',
  maxLeverage: '125',
  takerFee: '0',
  makerFee: '0',
  fundTimesMs: [],
  riskSteps: null,
  tiers: null,
  minNotional: null,
  liquidationFee: '0',
};
export const LINEAR: WorldContract = { ...INVERSE, type: 'linear', settle: 'USDT', tick: '0.1', qtyDecimals: 3 };
export const QUANTO: WorldContract = {
  ...INVERSE,
  type: 'quanto',
  multiplier: '0.000001',
  tick: '0.05',
  maintenanceMargin: '0.01',
  initialMargin: '0.02',
};

/** Bitcoin in USDT, cents and ten-thousandths of a coin. */
export const PAIR: WorldContract = {
  ...INVERSE,
  type: 'spot',
  settle: 'USDT',
  quote: 'USDT',
  base: { code: 'XBT', decimals: 8 },
  tick: '0.1',
  qtyDecimals: 4,
  settleDecimals: 2,
  initialMargin: '1',
  maintenanceMargin: '0',
  maxLeverage: '1',
  takerFee: '0.001',
  makerFee: '0.0005',
};

/** A bar that stays at a price, or goes through four. */
const candle = (prices: string): WorldCandle => {
  const [open = 0, high = open, low = open, close = open] = prices.split(' ').map(Number);
  return [open, high, low, close];
};

export interface Played {
  readonly contract: WorldContract;
  /** One bar an hour. */
  readonly bars: readonly string[];
}

export const accountOf = (preset: string, contract: WorldContract, balance: string): WorldAccount => ({
  name: 'main',
  preset,
  balances: [{ currency: contract.settle, amount: balance }],
  mode: 'cross',
  positionMode: 'one_way',
  autoMargin: false,
  leverage: '10',
  takerFee: null,
  makerFee: null,
});

export function worldOf(
  played: Readonly<Record<string, Played>>,
  account: WorldAccount,
  calls: readonly WorldCall[],
): World {
  return {
    seed: 0,
    symbols: Object.entries(played).map(([name, { contract, bars }]) => ({
      name,
      contract,
      bars: bars.map((prices, i) => ({
        openTimeMs: START_MS + i * HOUR_MS,
        last: candle(prices),
        mark: null,
        isMarkKnown: true,
      })),
      funding: { kind: 'missing' },
    })),
    intervalMs: HOUR_MS,
    accounts: [account],
    calls,
    intrabar: 'adverse',
    slippage: { unit: 'ticks', amount: '0' },
    balanceEvery: { bar: false, event: true, everyMs: [] },
    warmup: 0,
    chunkLength: 1000,
  };
}

/** An order given at the close of a bar. */
export const order = (
  bar: number,
  call: OrderCallName,
  symbol: string,
  amount: string,
  price: string | null = null,
): OrderCall => ({
  at: START_MS + bar * HOUR_MS,
  account: 'main',
  call,
  symbol,
  key: bar + 1,
  price,
  amount,
  orderStyle: [],
  reduceOnly: false,
  postOnly: false,
  trigger: null,
  triggerBy: null,
});
