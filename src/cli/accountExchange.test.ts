/** Accounts of different exchanges: what each trades, which defaults they take, and what each mistake says. */

import { describe, expect, it, test } from '@jest/globals';
import { createContractTable } from '../contract/contractInfo.js';
import { UserError } from '../errors.js';
import { type ResolvedAccounts, resolveAccounts } from './accountInput.js';
import { parseAccounts } from './accountOption.js';
import { parseDataRequest } from './dataOptions.js';
import { createGivenOptions } from './givenOptions.js';
import { RUN_OPTIONS } from './runOptionTable.js';

const COIN = {
  type: 'inverse',
  multiplier: '1',
  quote_currency: 'USD',
  settle_currency: 'XBT',
  initial_margin: '0.01',
  maintenance_margin: '0.005',
  min_qty: '1',
  tick_size: '0.5',
  taker_fee: '0.0005',
  maker_fee: '0.0002',
};
const BTC_COIN = { ...COIN, settle_currency: 'BTC', tick_size: '0.1' };
const CONTRACTS = {
  bitmex: { ABCUSD: COIN, SAME: COIN, ONLYUSD: COIN },
  bybit: { ABCUSD: BTC_COIN, SAME: BTC_COIN, BYBITUSD: BTC_COIN, OTHERUSD: COIN },
  kiosk: { SAME: COIN },
  hyperliquid: { FEELESS: COIN },
};

/** Options as on the command line: `--data` first, then accounts. */
function resolve(data: readonly string[], account: readonly string[] = []): ResolvedAccounts {
  const given = createGivenOptions(
    RUN_OPTIONS,
    new Map([['data', data], ...(account.length === 0 ? [] : [['account', account] as const])]),
    {},
  );
  const { symbols: series, venue: dataVenue } = parseDataRequest(given, process.cwd());
  return resolveAccounts({
    ...{ series, dataVenue, specs: parseAccounts(given), atMs: null },
    contracts: createContractTable(CONTRACTS, 'contracts.json'),
    ...{ takerFee: undefined, makerFee: undefined },
  });
}

function refusal(data: readonly string[], account: readonly string[] = []): UserError {
  try {
    resolve(data, account);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('it was accepted');
}

/** `a: ABCUSD=bitmex`: each account with the candles that it trades and the listing of the contract. */
const tradedBy = ({ accounts }: ResolvedAccounts): string[] =>
  accounts.map(({ name, contracts }) => {
    const traded = [...contracts].map(([series, { venue, symbol }]) => `${series}=${venue} ${symbol}`);
    return `${name}: ${traded.join(', ')}`;
  });

const BOTH = ['m:exchange=bitmex', 'y:exchange=bybit'];

describe('what an account trades', () => {
  test.each<[string, string[], string[], string[]]>([
    [
      'each of two venues',
      ['ABCUSD.bitmex=a', 'ABCUSD.bybit=b'],
      BOTH,
      ['m: ABCUSD.bitmex=bitmex ABCUSD', 'y: ABCUSD.bybit=bybit ABCUSD'],
    ],
    ['candles of no venue that both list', ['SAME=a'], BOTH, ['m: SAME=bitmex SAME', 'y: SAME=bybit SAME']],
    [
      'candles of no venue that one of them lists',
      ['SAME=a', 'ONLYUSD=b'],
      BOTH,
      ['m: SAME=bitmex SAME, ONLYUSD=bitmex ONLYUSD', 'y: SAME=bybit SAME'],
    ],
    [
      'a venue for one symbol and none for another',
      ['BYBITUSD.bybit=a', 'SAME=b'],
      BOTH,
      ['m: SAME=bitmex SAME', 'y: BYBITUSD=bybit BYBITUSD, SAME=bybit SAME'],
    ],
    [
      'the venue whose contracts the exchange uses',
      ['ABCUSD.bitmex=a'],
      ['m:exchange=bitmex_2020'],
      ['m: ABCUSD=bitmex ABCUSD'],
    ],
    [
      'a venue that only the contract table knows',
      ['SAME.kiosk=a', 'SAME.bybit=b'],
      ['k:exchange=kiosk', 'y:exchange=bybit'],
      ['k: SAME.kiosk=kiosk SAME', 'y: SAME.bybit=bybit SAME'],
    ],
  ])('when the candles are of %s then it is by the exchange', (_what, data, account, expected) => {
    expect(tradedBy(resolve(data, account))).toEqual(expected);
  });

  it('when accounts are of exchanges that share a listing then they have one map of contracts', () => {
    const account = ['a:exchange=bitmex', 'b:exchange=bybit', 'c:exchange=bitmex_2020', 'd:exchange=bybit'];
    const [a, b, c, d] = resolve(['ABCUSD.bitmex=a', 'ABCUSD.bybit=b'], account).accounts;
    expect(c!.contracts).toBe(a!.contracts);
    expect(d!.contracts).toBe(b!.contracts);
    expect(b!.contracts).not.toBe(a!.contracts);
  });

  it('when several exchanges trade then each contract stands once, by the candles, then by the accounts', () => {
    const account = ['y:exchange=bybit', 'm:exchange=bitmex', 'z:exchange=bybit'];
    const { contracts } = resolve(['SAME=a', 'ABCUSD.bitmex=b', 'ABCUSD.bybit=c'], account);
    expect(contracts.map(({ series, contract }) => `${series} ${contract.venue}`)).toEqual([
      'SAME bybit',
      'SAME bitmex',
      'ABCUSD.bitmex bitmex',
      'ABCUSD.bybit bybit',
    ]);
  });

  it('when two exchanges spell a coin in two ways then each account has it by its own', () => {
    const { accounts } = resolve(
      ['ABCUSD.bitmex=a', 'ABCUSD.bybit=b'],
      ['m:exchange=bitmex', 'y:exchange=bybit,balance=2XBT'],
    );
    expect(accounts.map(({ balances }) => `${balances[0]!.amount} ${balances[0]!.currency.code}`)).toEqual([
      '100000000 XBT',
      '200000000 BTC',
    ]);
  });

  it('when one account would spell a coin in two ways then it is refused', () => {
    const { code, message } = refusal(['ABCUSD.bybit=a', 'OTHERUSD=b'], ['y:exchange=bybit']);
    expect({ code, message }).toEqual({
      code: 'currency_mismatch',
      message: 'ABCUSD and OTHERUSD spell one coin in two ways',
    });
  });

  it('when there are ten thousand accounts of two exchanges then there are two maps of contracts', () => {
    const account = Array.from({ length: 10_000 }, (_, i) => `a${i}:exchange=${i % 2 === 0 ? 'bitmex' : 'bybit'}`);
    const { accounts, contracts } = resolve(['SAME=a'], account);
    expect(new Set(accounts.map((one) => one.contracts)).size).toBe(2);
    expect(contracts).toHaveLength(2);
  });
});

describe('the exchange of an account that names none', () => {
  test.each<[string, string[], string[], string[]]>([
    [
      'the first venue of --data',
      ['SAME=a', 'ABCUSD.bybit=b', 'ABCUSD.bitmex=c'],
      ['a', 'm:exchange=bitmex'],
      ['bybit', 'bitmex'],
    ],
    ['bitmex where that lists all', ['SAME=a', 'ABCUSD=b'], ['a', 'y:exchange=bybit'], ['bitmex', 'bybit']],
    ['the one venue that lists all', ['SAME=a', 'BYBITUSD=b'], ['a', 'm:exchange=bitmex'], ['bybit', 'bitmex']],
  ])('when it may choose then it is %s', (_what, data, account, expected) => {
    expect(resolve(data, account).accounts.map(({ rules }) => rules.name)).toEqual(expected);
  });

  it('when no venue lists all then the error shows a venue and an account for each', () => {
    const { code, message, found, hint } = refusal(['ONLYUSD=a', 'BYBITUSD=b']);
    expect({ code, message, found }).toEqual({
      code: 'venue_unclear',
      message: 'no venue lists all of ONLYUSD, BYBITUSD',
      found: 'ONLYUSD: bitmex; BYBITUSD: bybit',
    });
    expect(hint).toContain('--data ONLYUSD.bitmex=FILE --account NAME:exchange=bitmex');
    expect(hint).toContain('--data BYBITUSD.bybit=FILE --account NAME:exchange=bybit');
  });
});

describe('accounts and candles that do not fit', () => {
  test.each<[string, string[], string[], object]>([
    [
      'candles of a venue have no account',
      ['ABCUSD.bitmex=a', 'ABCUSD.bybit=b'],
      ['m:exchange=bitmex'],
      {
        code: 'account_needed',
        message: 'no account trades the candles of ABCUSD.bybit',
        hint: 'add --account NAME:exchange=bybit',
      },
    ],
    [
      'no account is given, and the candles are of two venues',
      ['ABCUSD.bitmex=a', 'ABCUSD.bybit=b'],
      [],
      { code: 'account_needed', hint: 'add --account NAME:exchange=bybit' },
    ],
    [
      'a symbol is listed by no exchange of an account',
      ['SAME=a', 'NOPE=b'],
      BOTH,
      { code: 'unknown_symbol', message: 'none of bitmex, bybit lists NOPE' },
    ],
    [
      'a symbol is not listed by the exchange of its venue',
      ['NOPE.bybit=a', 'SAME=b'],
      BOTH,
      { code: 'unknown_symbol', message: 'bybit does not list NOPE' },
    ],
    [
      'an account is of another venue than all candles',
      ['ABCUSD.bybit=a'],
      BOTH,
      {
        code: 'bad_option',
        message: '--account m: exchange does not trade the candles of --data, which are of bybit',
        found: 'bitmex',
      },
    ],
    [
      'an account trades nothing, because its exchange lists nothing',
      ['ONLYUSD=a'],
      BOTH,
      { code: 'bad_option', message: '--account y: exchange lists none of ONLYUSD', found: 'bybit' },
    ],
    [
      'the venue of candles is none',
      ['ABCUSD.bitmx=a'],
      [],
      { code: 'bad_option', message: 'the venue of ABCUSD is no known exchange', hint: 'did you mean bitmex?' },
    ],
    [
      'the venue of further candles is none',
      ['ABCUSD.bitmex=a', 'ABCUSD.bybt=b'],
      BOTH,
      { code: 'bad_option', message: 'the venue of ABCUSD.bybt is no known exchange' },
    ],
    [
      'one of several exchanges charges a fee for liquidations that the table does not have',
      ['FEELESS.hyperliquid=a', 'SAME.bitmex=b'],
      ['m:exchange=bitmex', 'h:exchange=hyperliquid'],
      { code: 'liquidation_fee_needed' },
    ],
  ])('when %s then it is a usage error', (_what, data, account, expected) => {
    const error = refusal(data, account);
    expect(error.exitCode).toBe(2);
    expect(error).toMatchObject(expected);
  });
});
