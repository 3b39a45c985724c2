/**
 * What `import … from 'backtest'` gives a strategy author: defineStrategy, the types of a strategy, and the indicators.
 * Nothing inside the program imports this file.
 */

export * from './indicators/index.js';
export type {
  Account,
  Accounts,
  Bar,
  BarHistory,
  CallResult,
  Column,
  Context,
  DecimalInput,
  FillEvent,
  FundingEvent,
  LiquidationEvent,
  Order,
  OrderOptions,
  OrderStyle,
  OrderStyleName,
  Params,
  PositionView,
  Strategy,
} from './strategy/strategy.js';
export { defineStrategy } from './strategy/strategy.js';
