/** `backtest calc`: answers in the order of requests, errors on their own line, the exit code, and the form with flags. */

import { describe, expect, it, test } from '@jest/globals';
import { INPUTS } from '../calc/dictionary.js';
import { CALC_OPTIONS } from './calcOptionTable.js';
import { runCli } from './fixtures/testProcess.js';

const notional = (qty: unknown) => ({ kind: 'notional', inputs: { contract_type: 'linear', qty, price: '2' } });
const lines = (...requests: readonly unknown[]): string =>
  requests.map((request) => `${typeof request === 'string' ? request : JSON.stringify(request)}\n`).join('');
const answer = (value: string) => ({ kind: 'notional', outputs: { notional: value } });

describe('requests on stdin', () => {
  it('when several are sent then they are answered in order', async () => {
    const { code, stdout, stderr } = await runCli(['calc'], {
      stdin: lines(notional('1'), notional(2), notional('0.5')),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(lines(answer('2'), answer('4'), answer('1')));
  });

  it('when one is wrong then its line is the error, the others are answered, and the exit code is 2', async () => {
    const stdin = lines(notional('1'), '{"kind":', notional('-1'), { kind: 'x' }, notional('3'));
    const { code, stdout, stderr } = await runCli(['calc'], { stdin });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(answers[0]).toEqual(answer('2'));
    expect(answers.slice(1, 4).map(({ error }) => error.code)).toEqual(['bad_json', 'bad_input', 'unknown_kind']);
    expect(answers[2]).toEqual({ error: { code: 'bad_input', message: 'qty is not more than 0: "-1"' } });
    expect(answers[4]).toEqual(answer('6'));
  });

  test.each([
    ['an empty stdin', '', ''],
    ['empty lines', `\n  \n${lines(notional('1'))}\n`, lines(answer('2'))],
    ['no line feed at the end', lines(notional('1')).trimEnd(), lines(answer('2'))],
    ['lines of Windows', lines(notional('1')).replace('\n', '\r\n'), lines(answer('2'))],
  ])('when it has %s then the answers are those of its requests', async (_, stdin, stdout) => {
    expect(await runCli(['calc'], { stdin })).toEqual({ code: 0, stdout, stderr: '' });
  });
});

describe('one request as flags', () => {
  const FLAGS = ['--contract-type', 'inverse', '--side', 'long', '--qty', '10000', '--entry-price', '8000'];

  it('when a kind is given then its outputs are a table', async () => {
    const argv = ['calc', 'liquidation_price', '--venue', 'bybit', ...FLAGS, '--leverage', '10'];
    const { code, stdout } = await runCli([...argv, '--maintenance-margin-rate', '0.005']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^liquidation_price \(bybit\)\noutput +value\n/);
    expect(stdout).toMatch(/\nliquidation_price +7305\.936073059360730593607305936073059361\n/);
  });

  it('when there is no such price then the table says none, and steps stand on rows of their own', async () => {
    const short = ['--contract-type', 'inverse', '--side', 'short', '--entry-price', '100', '--leverage', '1'];
    expect((await runCli(['calc', 'bankruptcy_price', ...short])).stdout).toMatch(/\nbankruptcy_price +none\n/);
    const fills = '[["buy","1","100"],["sell","1","110"]]';
    const { stdout } = await runCli(['calc', 'multi_fill_final', '--contract-type', 'linear', '--fills', fills]);
    expect(stdout).toMatch(/\nsteps\[1\]\.gross_pnl +10\n/);
  });

  test.each([
    [['calc', 'liquidation_prise'], 'did you mean liquidation_price?'],
    [['calc', 'notional', '--quantity', '1'], "unknown option '--quantity'"],
    [['calc', 'notional', '--contract-type', 'linear', '--qty', '1'], 'missing input: price'],
    [['calc', 'notional', '--contract-type', 'future'], 'contract_type is not one of inverse, linear, quanto, spot'],
    [['calc', '--qty', '1'], '--qty needs a kind of request'],
    [['calc', 'notional', 'fee'], 'too many arguments'],
  ])('when it is %j then it is an error, exit 2', async (argv, message) => {
    const { code, stdout, stderr } = await runCli(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('when a flag takes no value then it is on', async () => {
    const argv = ['calc', 'fee', '--contract-type', 'inverse', '--qty', '100000', '--price', '11450.5'];
    const { stdout } = await runCli([...argv, '--fee-rate', '-0.00025', '--quote-denominated']);
    expect(stdout).toMatch(/\nfee +-25\n/);
  });
});

describe('help', () => {
  it('when help is asked then every input has its option', async () => {
    const { code, stdout } = await runCli(['help', 'calc']);
    expect(code).toBe(0);
    for (const { name } of CALC_OPTIONS) expect(stdout).toContain(`--${name}`);
    expect(CALC_OPTIONS.length).toBe(INPUTS.size + 1);
  });
});
