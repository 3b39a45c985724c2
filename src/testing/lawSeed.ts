/**
 * Gives the laws one seed, so that the same sources give the same verdict everywhere; jest loads it before each suite. Another
 * seed, to search further, comes from `BACKTEST_LAW_SEED`. The laws themselves are beside what they judge and in laws/.
 */

import fc from 'fast-check';

const asked = Number(process.env['BACKTEST_LAW_SEED']);
fc.configureGlobal({ seed: Number.isInteger(asked) && asked !== 0 ? asked : 20_200_312 });
