/**
 * What `import … from 'backtest'` gives a strategy author: defineStrategy, the types of a strategy, and the indicators.
 * Nothing inside the program imports this file.
 */

export * from './indicators/index.js';
export type {
  Account,
  Accounts,
  AllAccounts,
  Bar,
  BarHistory,
  CallResult,
  Column,
  Context,
  DecimalInput,
  FillEvent,
  FixedSize,
  FundingEvent,
  LiquidationEvent,
  Order,
  OrderChanges,
  OrderOptions,
  OrderStyle,
  OrderStyleName,
  Params,
  PctBase,
  PositionView,
  Strategy,
  SymbolPosition,
  Timeframe,
  TimeInForce,
} from './strategy/strategy.js';
export { defineStrategy } from './strategy/strategy.js';
