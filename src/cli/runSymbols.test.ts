/** Runs of several symbols, currencies and modes, as whole command lines; each is audited afterwards, interrupted ones too. */

import { describe, expect, it } from '@jest/globals';
import { cwd, manifestOf, run } from './fixtures/runSituation.js';
import { runCli } from './fixtures/testProcess.js';

const TWO = [
  'run',
  '--strategy',
  'both.ts',
  '--data',
  'XBTUSD.csv',
  '--data',
  'ETHUSD=mark.csv',
  '--funding',
  '0.0001',
];

async function expectAudited(folder: string): Promise<void> {
  const { code, stderr } = await runCli(['audit', folder], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

describe('two symbols', () => {
  it('when both are traded then the tables have both, and the run adds up', async () => {
    const { code, stdout, stderr } = await run([
      ...TWO,
      '--param',
      'qty=100',
      '--leverage',
      '10',
      '--table',
      'stop_trades',
      '--out',
      'two',
    ]);
    expect({ code, stderr: stderr.match(/error/) }).toEqual({ code: 0, stderr: null });
    const symbols = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[10]);
    expect([...new Set(symbols)].sort()).toEqual(['ETHUSD', 'XBTUSD']);
    const manifest = manifestOf('two');
    expect(manifest['contracts']).toMatchObject([{ symbol: 'XBTUSD' }, { symbol: 'ETHUSD' }]);
    expect(manifest['data']).toMatchObject([{ symbol: 'XBTUSD' }, { symbol: 'ETHUSD' }]);
    await expectAudited('two');
  });

  it('when no folder is named then it has the name of the first symbol', async () => {
    const { stderr } = await run([...TWO, '--table', 'summary']);
    expect(stderr).toMatch(/run folder: reports\/both-XBTUSD-/);
  });
});

describe('an interrupted run', () => {
  it('when it is audited then what it finished adds up, and stderr says that it was interrupted', async () => {
    expect((await run([...TWO, '--out', 'cut'], { isInterrupted: true })).code).toBe(130);
    const { code, stderr } = await runCli(['audit', 'cut'], { cwd });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: the run was interrupted: what it finished was audited\n',
    });
  });
});

describe('currencies and modes', () => {
  it('when an account has two currencies then the summary has a line for each', async () => {
    const files = [
      '--data',
      'XBTUSD.csv',
      '--data',
      'TOYUSDT=mark.csv',
      '--contracts',
      'both.json',
      '--funding',
      '0.0001',
    ];
    const account = ['--account', 'main:balance=1XBT+5000USDT'];
    const args = ['run', '--strategy', 'both.ts', '--param', 'qty=1', ...files, ...account];
    const { code, stdout, stderr } = await run([...args, '--table', 'summary', '--out', 'currencies']);
    expect({ code, stderr: stderr.match(/error/) }).toEqual({ code: 0, stderr: null });
    expect(stdout).toContain('main,start_equity,1.00000000\n');
    expect(stdout).toContain('main:USDT,start_equity,5000.00000000\n');
    expect(stdout).toContain('total,start_equity,\n');
    await expectAudited('currencies');
  });

  it('when the mode is hedged then the run adds up too', async () => {
    const account = ['--account', 'main:position_mode=hedged,auto_margin=true,mode=isolated,leverage=5'];
    const { code } = await run([...TWO, ...account, '--out', 'hedged']);
    expect(code).toBe(0);
    expect(manifestOf('hedged')).toMatchObject({
      options: { accounts: [{ position_mode: 'hedged', auto_margin: true }] },
    });
    await expectAudited('hedged');
  });
});
