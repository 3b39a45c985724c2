/**
 * Accounts from the command line: what each spelling gives the engine, and what each mistake says. Boundaries of amounts and
 * leverages come in threes.
 */

import { describe, expect, it, test } from '@jest/globals';
import { createContractTable } from '../contract/contractInfo.js';
import { UserError } from '../errors.js';
import { type ResolvedAccounts, resolveAccounts } from './accountInput.js';
import { parseAccounts } from './accountOption.js';
import { createGivenOptions } from './givenOptions.js';
import { RUN_OPTIONS } from './runOptionTable.js';

const LINEAR = {
  type: 'linear',
  multiplier: '0.001',
  quote_currency: 'USDT',
  settle_currency: 'USDT',
  initial_margin: '0.01',
  maintenance_margin: '0.005',
  min_qty: '1',
  tick_size: '0.1',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
};
const COIN = { ...LINEAR, type: 'inverse', multiplier: '1', quote_currency: 'USD', settle_currency: 'XBT' };
const SPOT = {
  type: 'spot',
  base_currency: 'BTC',
  quote_currency: 'USDT',
  min_qty: '0.0001',
  tick_size: '0.01',
  taker_fee: '0.001',
  maker_fee: '0.001',
};
const CONTRACTS = {
  generic: {
    ABCUSDT: LINEAR,
    TWICE: LINEAR,
    COINUSD: COIN,
    'TOY/USDT': SPOT,
    FINEUSDT: { ...LINEAR, settle_decimals: 6 },
  },
  bitmex: { TWICE: LINEAR },
  kiosk: { TOYUSDT: LINEAR },
  hyperliquid: { NOFEEUSDT: LINEAR, FEEUSDT: { ...LINEAR, liquidation_fee: '0' } },
};

interface Situation {
  flags: Record<string, string | string[]>;
  /** One, or several with a blank between. */
  symbol?: string;
  venue?: string;
}

function resolve({ flags, symbol = 'XBTUSD', venue }: Situation): ResolvedAccounts {
  const values = new Map(Object.entries(flags).map(([name, value]) => [name, [value].flat()]));
  const given = createGivenOptions(RUN_OPTIONS, values, {});
  return resolveAccounts({
    specs: parseAccounts(given),
    series: symbol.split(' ').map((name) => ({ name, symbol: name, venue: venue ?? null })),
    atMs: null,
    dataVenue: venue ?? null,
    contracts: createContractTable(CONTRACTS, 'contracts.json'),
    takerFee: given.find('fee-taker'),
    makerFee: given.find('fee-maker'),
  });
}

function refusal(situation: Situation): UserError {
  try {
    resolve(situation);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('it was accepted');
}

describe('the default account', () => {
  it('when nothing is given then it is main on bitmex, with 1 XBT, cross, leverage 1', () => {
    const { accounts, contracts, defaults } = resolve({ flags: {} });
    expect(accounts).toEqual([
      {
        name: 'main',
        rules: expect.objectContaining({ name: 'bitmex' }),
        contracts: new Map([['XBTUSD', contracts[0]!.contract]]),
        balances: [{ currency: { code: 'XBT', decimals: 8 }, amount: 100_000_000n }],
        mode: 'cross',
        positionMode: 'one_way',
        autoMargin: false,
        leverage: { num: 1n, den: 1n },
        modeIsExplicit: false,
        leverageIsExplicit: false,
      },
    ]);
    expect(contracts).toMatchObject([{ series: 'XBTUSD', contract: { venue: 'bitmex', symbol: 'XBTUSD' } }]);
    expect(defaults).toEqual(['account main: exchange bitmex', 'account main: balance 1 XBT']);
  });

  it('when the contract settles in a dollar then the balance is 10,000', () => {
    expect(resolve({ flags: {}, symbol: 'ABCUSDT' }).accounts[0]!.balances[0]!.amount).toBe(10_000n * 10n ** 8n);
  });

  it('when only one venue lists the symbol then it is the exchange', () => {
    expect(resolve({ flags: {}, symbol: 'ABCUSDT' }).accounts[0]?.rules.name).toBe('generic');
  });

  it('when bitmex and others list the symbol then bitmex is the exchange', () => {
    expect(resolve({ flags: {}, symbol: 'TWICE' }).accounts[0]?.rules.name).toBe('bitmex');
  });

  it('when only the contract table knows the venue then it has the generic rules, and the run says so', () => {
    const { accounts, contracts, defaults } = resolve({ flags: {}, symbol: 'TOYUSDT' });
    expect(accounts[0]!.rules).toMatchObject({ name: 'kiosk', maintenanceBasis: 'mark', valueRounding: 'per_fill' });
    expect(contracts[0]!.contract.venue).toBe('kiosk');
    expect(defaults).toContain('exchange kiosk has no rules of its own here: those of generic');
  });

  it('when --data names the venue then that is the exchange', () => {
    expect(resolve({ flags: {}, symbol: 'TWICE', venue: 'generic' }).accounts[0]?.rules.name).toBe('generic');
  });

  it('when no venue lists the symbol then the error prints the entry to add', () => {
    const error = refusal({ flags: {}, symbol: 'NOPE' });
    expect(error).toMatchObject({ code: 'unknown_symbol', exitCode: 2 });
    expect(error.hint).toContain('"NOPE": {');
    expect(error.hint).toContain('"tick_size"');
  });

  it('when balance, leverage and mode are given then they are its own and explicit', () => {
    const { accounts } = resolve({ flags: { balance: '2.5', leverage: '10', mode: 'isolated' } });
    expect(accounts[0]).toMatchObject({
      balances: [{ amount: 250_000_000n }],
      mode: 'isolated',
      leverage: { num: 10n, den: 1n },
      modeIsExplicit: true,
      leverageIsExplicit: true,
    });
  });

  it('when fees are given then they override those of the contract', () => {
    const { accounts } = resolve({ flags: { 'fee-taker': '0.001', 'fee-maker': '-0.0001' } });
    expect(accounts[0]).toMatchObject({ takerFee: { num: 1n, den: 1000n }, makerFee: { num: -1n, den: 10_000n } });
  });
});

describe('amounts and leverages at their limits', () => {
  test.each([
    ['0.00000001', 1n],
    ['1e-8', 1n],
    ['1', 100_000_000n],
    ['1XBT', 100_000_000n],
    ['1 BTC', 100_000_000n],
    ['.5', 50_000_000n],
  ])('when the balance is %s then it is %d units', (balance, units) => {
    expect(resolve({ flags: { balance } }).accounts[0]!.balances[0]!.amount).toBe(units);
  });

  test.each(['0', '-1', '0.000000001', '0.000000015', 'x', '1,5', '1XBT+5USDT', '5USDT', 'NaN', '1e99'])(
    'when the balance is %s then it is refused',
    (balance) => {
      expect(refusal({ flags: { balance } })).toMatchObject({ code: 'bad_option', exitCode: 2, found: balance });
    },
  );

  test.each(['0', '0.01', '99.99', '100'])('when the leverage is %s then it is accepted', (leverage) => {
    expect(resolve({ flags: { leverage } }).accounts[0]?.leverageIsExplicit).toBe(true);
  });

  test.each(['-0.01', '100.01', '1000', 'ten'])('when the leverage is %s then the limits are named', (leverage) => {
    expect(refusal({ flags: { leverage } })).toMatchObject({ exitCode: 2, found: leverage, expected: '0 to 100' });
  });

  it('when leverage 0 meets isolated then it is refused', () => {
    expect(refusal({ flags: { leverage: '0', mode: 'isolated' } }).message).toContain('cross');
  });

  test.each(['0.999', '-0.999'])('when the taker fee is %s then it is accepted', (fee) => {
    expect(resolve({ flags: { 'fee-taker': fee } }).accounts[0]?.takerFee).toBeDefined();
  });
  test.each(['1', '-1', '7.5', '0.1%'])('when the taker fee is %s then it is refused', (fee) => {
    expect(refusal({ flags: { 'fee-taker': fee } }).expected).toContain('fraction');
  });
});

describe('--account', () => {
  it('when two are given then they keep their order and their values', () => {
    const { accounts } = resolve({
      flags: {
        account: [
          'hedge:exchange=bitmex_2020,balance=0.5,mode=isolated,leverage=25,taker_fee=0.0004,maker_fee=-0.0001,currency=BTC',
          'main',
        ],
        'fee-taker': '0.002',
      },
    });
    expect(accounts.map((one) => [one.name, one.rules.name, one.balances[0]!.amount, one.mode])).toEqual([
      ['hedge', 'bitmex_2020', 50_000_000n, 'isolated'],
      ['main', 'bitmex', 100_000_000n, 'cross'],
    ]);
    expect(accounts.map((one) => one.takerFee)).toEqual([
      { num: 4n, den: 10_000n },
      { num: 2n, den: 1000n },
    ]);
  });

  it('when --leverage is given beside an account main without one then it is of main', () => {
    const { accounts } = resolve({ flags: { account: ['main:exchange=bitmex_2020', 'b'], leverage: '5' } });
    expect(accounts.map((one) => one.leverageIsExplicit)).toEqual([true, false]);
  });

  test.each<[string, string[], Record<string, string>, RegExp]>([
    ['has an unknown key', ['a:hedged=1'], {}, /unknown key: hedged/],
    ['has an unknown position mode', ['a:position_mode=both'], {}, /position_mode is not known/],
    ['has an automatic margin that is no switch', ['a:auto_margin=1'], {}, /auto_margin is not known/],
    ['has an empty list', ['a:'], {}, /unknown key: \(empty\)/],
    ['gives a key no value', ['a:balance='], {}, /balance no value/],
    ['gives a key twice', ['a:balance=1,balance=2'], {}, /balance twice/],
    ['gives a name twice', ['a', 'a'], {}, /account a twice/],
    ['has no name', [':balance=1'], {}, /no usable account name/],
    ['has a name with a blank', ['a b:balance=1'], {}, /no usable account name/],
    ['is named as the overall row', ['total'], {}, /cannot be named total/],
    ['has an unknown mode', ['a:mode=hedged'], {}, /mode is not known/],
    ['has an unknown exchange', ['a:exchange=bitmx'], {}, /no known exchange/],
    ['has another currency', ['a:currency=USDT'], {}, /currency has a currency that settles none of XBTUSD: USDT/],
    ['leaves out main, and --balance is given', ['a'], { balance: '2' }, /is of account main/],
    ['gives main a balance, and --balance too', ['main:balance=1'], { balance: '2' }, /given twice/],
  ])('when one %s then it is refused', (_what, account, flags, message) => {
    const error = refusal({ flags: { account, ...flags } });
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(message);
  });

  it('when an exchange is nearly right then the near one is named', () => {
    expect(refusal({ flags: { account: 'a:exchange=bitmx' } }).hint).toBe('did you mean bitmex?');
  });

  it('when the exchange does not list the symbol then the entry to add is for it', () => {
    const error = refusal({ flags: { account: 'a:exchange=generic' } });
    expect(error.message).toBe('generic does not list XBTUSD');
    expect(error.hint).toContain('"generic"');
  });

  it('when the candles are of another venue then it is refused', () => {
    const error = refusal({ flags: { account: 'a:exchange=generic' }, symbol: 'TWICE', venue: 'bitmex' });
    expect(error.message).toContain('does not trade the candles');
  });

  it('when the candles are of the venue whose contracts the exchange uses then it is accepted', () => {
    const { accounts } = resolve({ flags: { account: 'a:exchange=bitmex_2020' }, venue: 'bitmex' });
    expect(accounts[0]?.rules.name).toBe('bitmex_2020');
  });
});

describe('several symbols', () => {
  it('when one venue lists them all then it is the exchange, and contracts come in their order', () => {
    const { accounts, contracts } = resolve({ flags: {}, symbol: 'COINUSD ABCUSDT' });
    expect(accounts[0]?.rules.name).toBe('generic');
    expect(contracts.map(({ series }) => series)).toEqual(['COINUSD', 'ABCUSDT']);
  });

  test.each<[string, string, RegExp]>([
    ['no venue lists them all', 'ABCUSDT TOYUSDT', /no venue lists all of ABCUSDT, TOYUSDT/],
    ['one is listed nowhere', 'ABCUSDT NOPE', /no venue lists NOPE/],
  ])('when %s then it is refused', (_what, symbol, message) => {
    const error = refusal({ flags: {}, symbol });
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(message);
  });

  it('when a balance is not given then it is in the currency of the first', () => {
    const { accounts } = resolve({ flags: {}, symbol: 'ABCUSDT COINUSD' });
    expect(accounts[0]?.balances).toEqual([{ currency: { code: 'USDT', decimals: 8 }, amount: 10n ** 12n }]);
  });

  test.each<[string, string, string[]]>([
    ['1XBT+5000USDT', '', ['XBT 100000000', 'USDT 500000000000']],
    ['5000 USDT + 1 BTC', '', ['USDT 500000000000', 'XBT 100000000']],
    ['5e+3USDT+1e-8XBT', '', ['USDT 500000000000', 'XBT 1']],
    ['5000USDT+1XBT', 'XBT', ['XBT 100000000', 'USDT 500000000000']],
    ['2', 'USDT', ['USDT 200000000']],
    ['2', '', ['XBT 200000000']],
  ])('when the balance is %s and the currency "%s" then it is %j', (balance, currency, expected) => {
    const account = `main:balance=${balance}${currency === '' ? '' : `,currency=${currency}`}`;
    const { accounts } = resolve({ flags: { account }, symbol: 'COINUSD ABCUSDT' });
    expect(accounts[0]!.balances.map((one) => `${one.currency.code} ${one.amount}`)).toEqual(expected);
  });

  test.each<[string, RegExp]>([
    ['balance=1XBT+5000', /names no currency for 5000/],
    ['balance=1XBT+2BTC', /gives XBT twice/],
    ['balance=1XBT+2ETH', /settles none of COINUSD, ABCUSDT: ETH/],
    ['balance=1XBT+0USDT', /is not above 0/],
    ['balance=1XBT+', /is not an amount/],
    ['balance=1XBT,currency=USDT', /is not in USDT, the account's currency/],
  ])('when the account has %s then it is refused', (keys, message) => {
    const error = refusal({ flags: { account: `main:${keys}` }, symbol: 'COINUSD ABCUSDT' });
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(message);
  });

  it('when a pair is spot then its quote currency is the own one, and its base may be held too', () => {
    const { contracts, accounts } = resolve({ flags: {}, symbol: 'TOY/USDT' });
    expect(contracts[0]!.contract).toMatchObject({ type: 'spot', settle: { code: 'USDT' }, base: { code: 'BTC' } });
    expect(accounts[0]!.balances).toEqual([{ currency: contracts[0]!.contract.settle, amount: 10_000n * 10n ** 8n }]);
    const both = resolve({ flags: { account: 'main:balance=5BTC+7USDT' }, symbol: 'TOY/USDT' });
    expect(both.accounts[0]!.balances.map(({ currency, amount }) => [currency.code, amount])).toEqual([
      ['BTC', 500_000_000n],
      ['USDT', 700_000_000n],
    ]);
  });

  test.each(['mode=isolated', 'leverage=2', 'position_mode=hedged', 'auto_margin=true'])(
    'when only spot pairs are traded and the account has %s then it is refused: it would do nothing',
    (keys) => {
      const error = refusal({ flags: { account: `main:${keys}` }, symbol: 'TOY/USDT' });
      expect(error).toMatchObject({ code: 'bad_option', exitCode: 2 });
      expect(error.message).toContain('says nothing of spot pairs');
      const { accounts } = resolve({ flags: { account: `main:${keys}` }, symbol: 'ABCUSDT TOY/USDT' });
      expect(accounts).toHaveLength(1);
    },
  );

  test.each([
    // ABCUSDT counts in 10^-8, the other in 10^-6
    [
      'ABCUSDT FINEUSDT',
      'ABCUSDT and FINEUSDT count USDT in different units',
      '8 and 6 decimals',
      '"settle_decimals": 8',
    ],
    // a coin is one ledger, by one name
    ['COINUSD TOY/USDT', 'COINUSD and TOY/USDT spell one coin in two ways', 'XBT and BTC', 'calls it XBT'],
  ])('when %s are traded together then they are refused', (symbol, message, found, hint) => {
    const error = refusal({ flags: {}, symbol });
    expect(error).toMatchObject({ code: 'currency_mismatch', exitCode: 2, message, found });
    expect(error.hint).toContain(hint);
  });

  it('when a contract is traded beside a pair then the pair does not bound the leverage', () => {
    const { accounts } = resolve({ flags: { account: 'main:leverage=20' }, symbol: 'TOY/USDT ABCUSDT' });
    expect(accounts[0]!.leverage).toEqual({ num: 20n, den: 1n });
  });
});

describe('modes of an account', () => {
  it('when they are given then they are its own', () => {
    const account = ['a:position_mode=hedged,auto_margin=true', 'b:position_mode=one_way,auto_margin=false'];
    const { accounts } = resolve({ flags: { account } });
    expect(accounts.map((one) => [one.positionMode, one.autoMargin])).toEqual([
      ['hedged', true],
      ['one_way', false],
    ]);
  });
});

describe('the fee of a liquidation', () => {
  it('when the venue charges one and the entry has none then the entry to add is printed', () => {
    const error = refusal({ flags: {}, symbol: 'NOFEEUSDT', venue: 'hyperliquid' });
    expect(error).toMatchObject({ code: 'liquidation_fee_needed', exitCode: 2 });
    expect(error.hint).toContain('"liquidation_fee"');
    expect(error.hint).toContain('"NOFEEUSDT"');
  });

  it('when the entry says that it is 0 then it is accepted', () => {
    const { contracts } = resolve({ flags: {}, symbol: 'FEEUSDT', venue: 'hyperliquid' });
    expect(contracts[0]?.contract.liquidationFee).toMatchObject({ num: 0n });
  });
});
