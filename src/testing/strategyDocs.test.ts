/**
 * docs/strategies.md holds what it says: every complete strategy of the page runs on the sample data, every fragment runs inside one, all
 * of them by the types that an author gets; and the page has each call, option and reason that there is.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { findTypeErrors, findTypeScript, typeScriptPlaces } from '../cli/checkTypes.js';
import { runCli } from '../cli/fixtures/testProcess.js';
import * as indicators from '../indicators/index.js';
import { allOf } from '../strategy/accountsFacade.js';
import { codeOf } from './sourceText.js';
import { ROOT } from './strategyHeads.js';

const LONG_MS = 180_000;
const PAGE = readFileSync(join(ROOT, 'docs/strategies.md'), 'utf8');

interface Block {
  /** Its line on the page. */
  readonly line: number;
  readonly isComplete: boolean;
  /** What is run: the block itself, or a strategy that it stands in. */
  readonly code: string;
}

/** A fragment inside the strategy that it is part of; it acts once, on the first bar. */
const wrap = (fragment: string): string => `
import { ${['defineStrategy', ...Object.keys(indicators)].join(', ')} } from 'backtest';

export default defineStrategy({
  params: { qty: 1000 },
  initialize: () => ({ bars: 0 }),
  handleData(context, bar, state) {
    const { account, accounts, params, symbol } = context;
    state.bars += 1;
    if (state.bars > 1) return;
${fragment}
  },
});
`;

const BLOCKS: readonly Block[] = [...PAGE.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(({ 1: text, index }) => {
  const isComplete = /^export default /m.test(text!);
  return { line: PAGE.slice(0, index).split('\n').length, isComplete, code: isComplete ? text! : wrap(text!) };
});

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'strategy-docs-')));
  for (const { line, code } of BLOCKS) writeFileSync(join(folder, `line${line}.ts`), code);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the code of the page', () => {
  it('when the page is read then it has strategies and fragments', () => {
    expect(BLOCKS.filter(({ isComplete }) => isComplete).length).toBeGreaterThanOrEqual(3);
    expect(BLOCKS.filter(({ isComplete }) => !isComplete).length).toBeGreaterThanOrEqual(4);
  });

  it(
    'when its types are checked then there is nothing wrong',
    async () => {
      const all = join(folder, 'all.ts');
      writeFileSync(all, BLOCKS.map(({ line }) => `import './line${line}.ts';`).join('\n'));
      const errors = await findTypeErrors(findTypeScript(typeScriptPlaces(all, ROOT))!, all);
      expect(errors.map(({ file, line, message }) => `${file}:${line}: ${message}`)).toEqual([]);
    },
    LONG_MS,
  );

  test.each(BLOCKS)(
    'when the code of line $line runs then it trades and is refused nothing',
    async ({ line, isComplete }) => {
      const out = join(folder, `out${line}`);
      mkdirSync(out);
      const data = ['--data', 'data/XBTUSD.csv', '--balance', '10', ...(isComplete ? [] : ['--to', '2020-06-03'])];
      const strategy = join(folder, `line${line}.ts`);
      const ran = await runCli(['run', '--strategy', strategy, ...data, '--out', out], { cwd: ROOT });
      if (ran.code !== 0) throw new Error(`line ${line} of the page ended with ${ran.code}: ${ran.stderr}`);
      const rows = (name: string): string[] => readFileSync(join(out, name), 'utf8').trimEnd().split('\n').slice(1);
      expect(rows('orders.csv').filter((row) => row.includes(',rejected,'))).toEqual([]);
      expect(rows('orders.csv').length).toBeGreaterThan(0);
    },
  );
});

/** Texts in the code of a folder that a pattern's groups catch. */
function textsIn(folderOfCode: string, pattern: RegExp): string[] {
  const files = readdirSync(join(ROOT, folderOfCode)).filter((name) => /^(?!.*\.test).*\.ts$/.test(name));
  const found = files.flatMap((name) => [
    ...codeOf(readFileSync(join(ROOT, folderOfCode, name), 'utf8'), false).matchAll(pattern),
  ]);
  return [...new Set(found.flatMap((match) => match.slice(1).filter((text) => text !== undefined)))];
}

/** Names of the members of an interface. */
function membersOf(file: string, name: string): string[] {
  const code = codeOf(readFileSync(join(ROOT, file), 'utf8'), false);
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(code)![1]!;
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:]/gm)].map((match) => match[1]!);
}

describe('what the page names', () => {
  const words = new Set(PAGE.match(/\w+/g));

  it('when an account has a call then the page has it', () => {
    const calls = [...Object.keys(allOf([])), ...membersOf('src/strategy/account.ts', 'Account')];
    expect(calls.length).toBeGreaterThan(60);
    expect(calls.filter((name) => !words.has(name))).toEqual([]);
  });

  test.each([
    ['src/strategy/orderCalls.ts', 'OrderOptions', 8],
    ['src/strategy/orderCalls.ts', 'OrderChanges', 3],
    ['src/strategy/orderCalls.ts', 'FixedSize', 3],
    ['src/strategy/orderCalls.ts', 'Order', 9],
    ['src/strategy/account.ts', 'PositionView', 8],
    ['src/strategy/account.ts', 'SymbolPosition', 3],
    ['src/strategy/account.ts', 'Accounts', 3],
    ['src/strategy/strategy.ts', 'Context', 11],
    ['src/strategy/strategy.ts', 'Strategy', 10],
    ['src/strategy/strategy.ts', 'Bar', 8],
    ['src/strategy/strategy.ts', 'BarHistory', 7],
    ['src/strategy/strategy.ts', 'FillEvent', 12],
    ['src/strategy/strategy.ts', 'LiquidationEvent', 7],
    ['src/strategy/strategy.ts', 'FundingEvent', 5],
  ])('when %s has a member in %s then the page has it', (file, name, atLeast) => {
    const members = membersOf(file, name);
    expect(members.length).toBeGreaterThanOrEqual(atLeast);
    expect(members.filter((member) => !words.has(member))).toEqual([]);
  });

  it('when a call is refused or an order ends then the page has the reason', () => {
    const reasons = textsIn('src/engine', /(?:\brefusal|\brejected)\(\s*\d+,\s*'(\w+)'|\breason: '(\w+)'/g);
    expect(reasons.length).toBeGreaterThan(50);
    const ofReplays = ['replay'];
    expect(reasons.filter((reason) => !words.has(reason) && !ofReplays.includes(reason))).toEqual([]);
  });

  it('when the page lists a reason then the program knows it', () => {
    const table = /\| code \| reason \| when \|\n([\s\S]*?)\n\n/.exec(PAGE)![1]!;
    const listed = table.split('\n').flatMap((row) => [...row.split('|')[2]!.matchAll(/`(\w+)`/g)].map((m) => m[1]!));
    expect(listed.length).toBeGreaterThan(50);
    const known = new Set([...textsIn('src/engine', /'(\w+)'/g), ...textsIn('src/account', /'(\w+)'/g)]);
    expect(listed.filter((reason) => !known.has(reason))).toEqual([]);
  });

  it('when an order has a style then the page has it', () => {
    const styles = textsIn('src/engine', /^ {2}'((?:stop|trailing)_\w+)',$/gm);
    expect(styles.sort()).toEqual([
      'stop_loss',
      'stop_loss_pct',
      'stop_profit',
      'stop_profit_pct',
      'trailing_stop',
      'trailing_stop_pct',
    ]);
    expect(styles.filter((style) => !PAGE.includes(`{ name: '${style}'`))).toEqual([]);
  });
});
