/**
 * The only door to the trading-signals package. Its exponential kernels are as fast as hand-written ones and are used as they
 * are; its windowed indicators walk the whole window on every update, so those are our own. The package's candle indicators
 * keep a reference to the candle they were given, which a reused bar must not allow: nothing here passes bars on.
 */

export { EMA, RMA } from 'trading-signals';
