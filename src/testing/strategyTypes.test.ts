/**
 * What a strategy author gets wrong is a type error: each fixture line is one mistake, and the same strategy without it has none. The
 * compiler is asked as `backtest check` asks it.
 */

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findTypeErrors, findTypeScript, type TypeProblem, typeScriptPlaces } from '../cli/checkTypes.js';
import { ROOT } from './strategyHeads.js';

const LONG_MS = 180_000;

/** Calls that are right, one a line. */
const RIGHT = [
  `account.longOpen(symbol, null, 100);`,
  `account.longOpen(symbol, 9000, '100', { tag: 'x', timeInForce: 'ioc', leverage: 5 });`,
  `account.longOpen(symbol, 9000.5, 100, { orderStyle: { name: 'stop_loss_pct', value: 0.02, base: 'roe' } });`,
  `account.shortOpen(symbol, 9000, 100, { trigger: 9100, orderStyle: [{ name: 'trailing_stop', value: 50 }] });`,
  `account.openFixed(symbol, 'long', { pob: 1, leverage: 10 });`,
  `account.modify(1, { price: 9000 });`,
  `for (const each of context.accounts) each.longOpenPob(symbol, 1);`,
  `const ids: number[] = context.accounts.all.longOpenPob(symbol, 1).map((order) => order.id);`,
  `context.timeframe(context.params.length).close.at(-1);`,
] as const;

/** Calls that are wrong, and what the compiler finds. */
const WRONG: readonly (readonly [what: string, call: string])[] = [
  ['a symbol that is a number', `account.longOpen(123, null, 100);`],
  ['a symbol that is an object', `account.longOpen({ symbol }, null, 100);`],
  [
    'a style of an unknown name',
    `account.longOpen(symbol, null, 100, { orderStyle: { name: 'stoploss', value: 1 } });`,
  ],
  ['a price that is yes or no', `account.longOpen(symbol, true, 100);`],
  ['a price that is missing', `account.longOpen(symbol, undefined, 100);`],
  ['a quantity that is null', `account.longOpen(symbol, null, null);`],
  ['an option of an unknown name', `account.longOpen(symbol, null, 100, { stopLoss: 9000 });`],
  ['a time in force of an unknown name', `account.longOpen(symbol, 9000, 100, { timeInForce: 'day' });`],
  ['a base of an unknown name', `account.stopLossPct(1, 0.02, 'margin');`],
  [
    'a base of a stop at a price',
    `account.longOpen(symbol, 1, 1, { orderStyle: { name: 'stop_loss', value: 1, base: 'roe' } });`,
  ],
  ['a margin mode of an unknown name', `account.setMode('portfolio');`],
  ['a side of an unknown name', `account.openFixed(symbol, 'buy', { pob: 1, map: 1 });`],
  [
    'a leverage beside the sizes of openFixed',
    `account.openFixed(symbol, 'long', { pob: 1, map: 1 }, { leverage: 5 });`,
  ],
  ['a change of a field that no order has', `account.modify(1, { side: 'buy' });`],
  ['an order in the place of its id', `account.cancel(account.longOpen(symbol, null, 1));`],
  ['a call that no account has', `account.open(symbol, null, 1);`],
  ['a parameter that the strategy does not have', `account.longOpen(symbol, null, context.params.quantity);`],
  ['a transfer from all accounts', `context.accounts.all.transfer('other', 1);`],
  ['one answer of many', `const id: number = context.accounts.all.longOpenPob(symbol, 1).id;`],
  ['a bar of tomorrow', `context.bars().next();`],
];

const BEFORE = `import { defineStrategy } from 'backtest';

export default defineStrategy({
  params: { qty: 100, length: '4h' },
  handleData(context) {
    const { account, symbol } = context;
`;

const strategy = (lines: readonly string[]): string =>
  `${BEFORE}${lines.map((line) => `    { ${line} }\n`).join('')}  },\n});\n`;

async function errorsOf(lines: readonly string[]): Promise<readonly TypeProblem[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'strategy-types-')));
  try {
    const file = join(folder, 'strategy.ts');
    writeFileSync(file, strategy(lines));
    return await findTypeErrors(findTypeScript(typeScriptPlaces(file, ROOT))!, file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the types of a strategy', () => {
  it(
    'when its calls are right then there is no error',
    async () => {
      expect(await errorsOf(RIGHT)).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'when a call is wrong then its line is an error, and no other is',
    async () => {
      const errors = await errorsOf([...RIGHT, ...WRONG.map(([, call]) => call)]);
      const first = BEFORE.split('\n').length + RIGHT.length;
      const found = new Set(errors.map(({ line }) => line));
      expect(WRONG.filter((_, i) => !found.has(first + i)).map(([what]) => what)).toEqual([]);
      expect([...found].filter((line) => line < first)).toEqual([]);
    },
    LONG_MS,
  );
});
