/**
 * Funding while bars are missing: it is paid at the last known mark, and the bar after the gap meets the position it left.
 */

import { describe, it } from '@jest/globals';
import { longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

describe('funding in a gap', () => {
  // Pays 0.04 out of A = 0.1 at the mark of 10,000: P* rises from 9,136.4 to 10,000 · 1.005 / 1.06 = 9,481.13.
  it.each([
    ['9481.5', 0],
    ['9481', 1],
    ['9400', 1],
  ])('when it takes margin and the next bar falls to %s then it liquidates %s', (low, liquidations) =>
    settles(`${longAtTenTimes}
    funding 04:00 0.04
    bar 08:00 10000 10000 ${low} ${low}
    bar 09:00 ${low}
    expect account main liquidations=${liquidations}`),
  );

  it('when it takes so much that the position is due at once then it goes in the gap', () =>
    settles(`${longAtTenTimes}
    funding 04:00 0.096
    bar 08:00 10000
    // A = 0.004 is below 0.005
    expect bill 01:00 fee 0 isolated=0.1
    expect bill 04:00 funding -0.096 isolated=-0.096
    expect bill 04:00 liquidation -0.004 isolated=-0.004`));
});
