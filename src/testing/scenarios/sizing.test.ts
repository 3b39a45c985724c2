/**
 * Orders by position value over wallet: sized at their fill, remembered for the next one, fixed with leverage and margin over wallet,
 * and given on all accounts at once (settlement rules, section 9.3).
 */

import { describe, it, test } from '@jest/globals';
import { flatAtTenThousand } from '../cast.js';
import { settles } from '../scenario/scenario.js';

/** Flat at 10,000, no fees, isolated at 10x. */
const flat = `${flatAtTenThousand.replace('generic', 'generic taker_fee=0 maker_fee=0')}`;

describe('value over wallet', () => {
  it('when 1 is asked for on wallets of 10, 1 and 0.1 at 4,000 then 40,000, 4,000 and 400 contracts', () =>
    settles(`
    contract XBTUSD generic taker_fee=0 maker_fee=0
    account a balance 10  isolated 10x
    account b balance 1   isolated 10x
    account c balance 0.1 isolated 10x
    bar 00:00 4000
    order long_open_pob 1 market account=all @bar1
    bar 01:00 4000
    expect trade 01:00 buy open 40000 @ 4000 account=a order=1
    expect trade 01:00 buy open 4000  @ 4000 account=b order=2
    expect trade 01:00 buy open 400   @ 4000 account=c order=3
    expect order 1 filled qty=40000
    expect order 2 filled qty=4000
    expect order 3 filled qty=400`));

  it('when the price moves before the fill then the fill decides', () =>
    settles(`${flat}
    order short_open_pob 2 market @bar1
    bar 01:00 8000
    expect trade 01:00 sell open 16000 @ 8000`));

  test.each([
    ['0.0000999', 'rejected', 'code=400 reason=qty_below_min'],
    ['0.0001', 'filled', 'qty=1'],
    ['0.00019', 'filled', 'qty=1'],
    ['10', 'filled', 'qty=100000'],
    ['10.0001', 'rejected', 'code=70004 reason=insufficient_margin'],
    ['0', 'rejected', 'code=400 reason=qty_not_positive'],
  ])('when %s of a wallet of 1 is asked for at 10,000 and 10x then it is %s %s', (pob, status, fields) =>
    settles(`${flat}
    order long_open_pob ${pob} market @bar1
    bar 01:00 10000
    expect order 1 ${status} ${fields}`),
  );

  it('when the opposite position is held then the quantity goes against it first', () =>
    settles(`${flat}
    order short_open 4000 market @bar1
    bar 01:00 10000
    order long_open_pob 1 market @bar2
    bar 02:00 10000
    expect trade 01:00 sell open  4000 @ 10000
    expect trade 02:00 buy  close 4000 @ 10000
    expect trade 02:00 buy  open  6000 @ 10000`));

  it('when it has a trigger then it is a stop that is sized at its fill', () =>
    settles(`${flat}
    order long_open_pob 1 stop 11000 @bar1
    bar 01:00 10000 11000 10000 10000
    expect order 1 filled type=stop qty=11000`));

  it('when linear contracts are sized then by their value', () =>
    settles(`
    contract BTCUSDT generic taker_fee=0 maker_fee=0
    account main balance 1000 cross 10x
    bar 00:00 40000
    order long_open_pob 1.0999 market @bar1
    bar 01:00 40000
    expect order 1 filled qty=0.027`)); // 1,099.9/40,000 = 0.0274975

  it('when no size is given then the last one accepted for the symbol counts', () =>
    settles(`${flat}
    order long_open_pob last market @bar1
    order long_open_pob 0.5  market @bar1
    order long_open_pob 0    market @bar1
    order long_open_pob last market @bar1
    bar 01:00 10000
    expect order 1 rejected code=400 reason=no_selection
    expect order 2 filled qty=5000
    expect order 3 rejected reason=qty_not_positive
    expect order 4 filled qty=5000`));

  it('when it is a spot pair then there is no such size', () =>
    settles(`
    contract BTC/USDT generic
    account main balance 1000 cross 1x
    bar 00:00 20000
    order long_open_pob 1 market @bar1
    fixed long pob=1 leverage=5 @bar1
    expect order 1 rejected code=400 reason=spot_pair
    expect order 2 rejected code=400 reason=spot_pair`));
});

describe('fixed', () => {
  test.each([
    ['pob=1 leverage=10', 10_000, 10, '0.1'],
    ['leverage=5 map=0.2', 10_000, 5, '0.2'],
    ['pob=2 map=0.1', 20_000, 20, '0.1'],
    ['pob=1 leverage=10 map=0.1', 10_000, 10, '0.1'],
    ['leverage=1 map=1', 10_000, 1, '1'],
  ])('when %s is chosen then %s contracts at %sx with a margin of %s', (size, qty, leverage, margin) =>
    settles(`${flat}
    fixed long ${size} @bar1
    bar 01:00 10000
    expect order 1 filled type=market side=buy
    expect position 02:00 long ${qty} leverage=${leverage} margin=${margin}`),
  );

  test.each([
    ['pob=1', 'code=400 reason=two_of_three_needed'],
    ['', 'code=400 reason=no_selection'],
    ['pob=1 leverage=10 map=0.2', 'code=400 reason=fixed_inconsistent'],
    ['pob=0 leverage=10', 'code=400 reason=qty_not_positive'],
    ['pob=1 map=-0.1', 'code=400 reason=qty_not_positive'],
    ['leverage=1 map=1.0001', 'code=70004 reason=insufficient_margin'],
    ['pob=1 leverage=101', 'code=70003 reason=leverage_above_max'],
  ])('when %s is chosen then it is refused: %s', (size, why) =>
    settles(`${flat}
    fixed short ${size} @bar1
    order long_open 10000 market @bar1
    bar 01:00 10000
    expect order 1 rejected ${why} type=market side=sell
    expect order 2 filled
    expect position 02:00 long 10000 leverage=10`),
  );

  it('when margin is taken already then what is available decides', () =>
    settles(`${flat}
    order long_open 50000 market @bar1
    bar 01:00 10000
    fixed long leverage=10 map=0.5 @bar2
    fixed long leverage=10 map=0.5001 @bar2
    bar 02:00 10000
    expect order 1 filled
    expect order 2 filled qty=50000
    expect order 3 rejected code=70004 reason=insufficient_margin`));

  it('when the symbol is in cross mode then it is refused', () =>
    settles(`${flat.replace('isolated', 'cross')}
    fixed long pob=1 leverage=5 @bar1
    expect order 1 rejected code=70001 reason=not_isolated`));

  it('when it was chosen before then it serves again, and its value serves the other call', () =>
    settles(`${flat}
    fixed long pob=1 leverage=20 @bar1
    leverage 5 @bar1
    fixed long @bar1
    order long_open_pob last market @bar1
    bar 01:00 10000
    expect call 1 done
    expect order 1 filled qty=10000
    expect order 2 filled qty=10000
    expect order 3 filled qty=10000
    expect position 02:00 long 30000 leverage=20`));

  it('when a value alone was chosen last then there is nothing fixed', () =>
    settles(`${flat}
    fixed long pob=1 leverage=10 @bar1
    order long_open_pob 0.5 market @bar1
    fixed long @bar1
    bar 01:00 10000
    expect order 1 filled
    expect order 2 filled
    expect order 3 rejected code=400 reason=no_selection`));
});
