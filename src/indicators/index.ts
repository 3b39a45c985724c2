/**
 * The indicators that strategy authors import from `backtest` or `backtest/indicators`. Fed one value a bar by `update`, each
 * answers NaN until enough values have been seen; how each is seeded stands in its own docstring and in docs/strategies.md.
 */

export { atr, type RangeBar } from './atr.js';
export { type BarsSince, barsSince } from './barsSince.js';
export { type Bands, type BollingerBands, bollinger } from './bollinger.js';
export { change } from './change.js';
export { type CrossIndicator, type Crossing, cross } from './cross.js';
export { type ChannelBar, type DonchianChannel, donchian } from './donchian.js';
export { ema } from './ema.js';
export { highest, lowest } from './extremes.js';
export type { BarIndicator, Indicator } from './indicator.js';
export { type Macd, type MacdValue, macd } from './macd.js';
export { rma } from './rma.js';
export { rsi } from './rsi.js';
export { sma } from './sma.js';
export { stdev } from './stdev.js';
export { wma } from './wma.js';
export { zScore } from './zScore.js';
