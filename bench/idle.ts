/**
 * A strategy that does nothing: what is left is reading, checking and the bar loop.
 */

import { defineStrategy } from 'backtest';

export default defineStrategy({ handleData() {} });
