/**
 * Plain candles: `timestamp,open,high,low,close,volume` in any order and under any of the usual names, other columns allowed and
 * ignored, stamped by the bar's open. A file without any volume is read.
 */

import { layoutOfNames } from './columnNames.js';
import type { Dialect } from './layout.js';

export const plain: Dialect = { name: 'plain', barTime: 'open', recognize: layoutOfNames };
