/** Smoke. */
import { it } from '@jest/globals';
import { longAtTenTimes } from '../cast.js';
import { settles } from '../scenario/scenario.js';

it('smoke', () =>
  settles(`${longAtTenTimes}
 expect trade 01:00 buy open 10000 @ 10001 taker fee=1sat
 expect balance 02:00 wallet=2 available=0.9
 expect position 02:00 long 10000 entry=10000 liquidation=9136.5
 expect wallet 1
`));
