/**
 * A strategy written by the classic design note, in its snake_case names, needs nothing but the table of names of
 * docs/strategies.md to run; and the note's own short, whose stop is on the wrong side, is refused or corrected as the venue says.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { runText } from './runText.js';
import { ROOT } from './strategyHeads.js';

/** The rows `| \`classic\` | \`ours\` |` of the page. */
function namesOfPage(): ReadonlyMap<string, string> {
  const page = readFileSync(join(ROOT, 'docs/strategies.md'), 'utf8');
  const section = /### From the classic names\n([\s\S]*?)(?=\n##)/.exec(page)![1]!;
  const rows = [...section.matchAll(/^\| (`[^|]*`) \| (`[^|]*`) \|$/gm)];
  return new Map(
    rows.flatMap(([, classic, ours]) => {
      const [from, to] = [classic!, ours!].map((cell) => cell.match(/\w+/g)!);
      return from!.map((name, i) => [name, to![i]!] as const);
    }),
  );
}

/** Puts our names in the place of the classic ones; texts stay, because style names are the same in both. */
function translate(code: string): string {
  const names = namesOfPage();
  return code.replace(/'[^']*'|\b[a-z]\w*\b/g, (word) => names.get(word) ?? word);
}

/** Every call of the note, in its own names. */
const NOTE = `
import { defineStrategy } from 'backtest';

export default defineStrategy({
  initialize() {
    return { bar: 0 };
  },
  handle_data(context, bar, state) {
    const account_1 = context.accounts.get('account_1');
    const symbol = 'XBTUSD';
    state.bar += 1;
    if (state.bar === 1) {
      account_1.set_mode('isolated');
      account_1.set_maxleverage(10);
      account_1.short_open_pct(symbol, 9980.5, 0.5, { order_style: { name: 'stop_loss_pct', value: 0.15 } });
    }
    if (state.bar === 4) account_1.short_close_pct(symbol, null, 1);
    if (state.bar === 5) {
      const order = account_1.long_open(symbol, 9000, 100);
      account_1.stop_loss(order.id, 8500);
      account_1.stop_profit(order.id, 9200);
    }
    if (state.bar === 9) {
      const order = account_1.short_open(symbol, null, 100);
      account_1.stop_loss_pct(order.id, 0.05);
      account_1.stop_profit_pct(order.id, 0.02);
    }
    if (state.bar === 12) account_1.long_open_pct(symbol, null, 0.1);
    if (state.bar === 14) account_1.long_close(symbol, null, 100);
    if (state.bar === 15) account_1.long_close_pct(symbol, null, 1);
    if (state.bar === 16) account_1.short_open(symbol, null, 100);
    if (state.bar === 17) account_1.short_close(symbol, null, 100);
  },
});
`;

describe('a strategy in the names of the classic note', () => {
  it('when the page is read then the four names of the design are in its table', () => {
    const names = namesOfPage();
    expect(['short_open_pct', 'set_maxleverage', 'handle_data', 'order_style'].map((name) => names.get(name))).toEqual([
      'shortOpenPct',
      'setMaxLeverage',
      'handleData',
      'orderStyle',
    ]);
  });

  test.each(['vitu', 'bitmex_2020'])(
    'when its names are translated then it runs at %s without another change',
    async (venue) => {
      const prices = [
        9970,
        9970,
        [9970, 9990, 9970, 9990],
        9500,
        9500,
        [9500, 9500, 8990, 9000],
        9000,
        [9000, 9300, 9000, 9300],
      ];
      const rest = [9300, 9300, [9300, 9300, 9000, 9000], 9000, 9000, 9000, 9000, 9000, 9000, 9000];
      const { tables } = await runText(translate(NOTE), [...prices, ...rest] as never, [
        ...['--account', `account_1:exchange=${venue},balance=1`],
      ]);
      const rejected = tables['orders']!.filter(({ status }) => status === 'rejected');
      expect(rejected).toEqual([]);
      expect(
        tables['trades']!.map(({ side, position_effect, price }) => `${side} ${position_effect} ${Number(price)}`),
      ).toEqual([
        'sell open 9980.5',
        'buy close 9500',
        'buy open 9000',
        'sell close 9200',
        'sell open 9300',
        expect.stringMatching(/^buy close 91\d\d/),
        'buy open 9000',
        'sell close 9000',
        'sell close 9000',
        'sell open 9000',
        'buy close 9000',
      ]);
      expect(tables['positions']!.filter(({ mode }) => mode !== 'isolated')).toEqual([]);
    },
  );
});

describe("the note's own short at 9980.5 with a loss stop at 9600", () => {
  const SHORT = translate(`
import { defineStrategy } from 'backtest';

export default defineStrategy({
  handle_data(context) {
    if (context.bars().length > 1) return;
    const order_style = { name: 'stop_loss', value: 9600 } as const;
    const order = context.account.short_open('XBTUSD', 9980.5, 500, { order_style });
    context.log(JSON.stringify(order));
  },
});
`);
  const PRICES = [9970, 9970, [9970, 9990, 9970, 9990], [9990, 9990, 9590, 9590]] as const;

  test.each(['bitmex', 'bitmex_2020'])(
    'when the venue is %s then it is refused, and told how the prices must lie',
    async (venue) => {
      const { tables, stderr } = await runText(SHORT, PRICES, ['--account', `main:exchange=${venue}`]);
      const [order] = tables['orders']!;
      expect([order!['status'], order!['code'], order!['reason']]).toEqual(['rejected', 400, 'stop_wrong_side']);
      const details = { style: 'stop_loss', stop: '9600', price: '9980.5', needed: 'stop_profit < price < stop_loss' };
      expect(stderr).toContain(`"details":${JSON.stringify(details)}`);
      expect(tables['trades']).toEqual([]);
    },
  );

  it('when the venue is vitu then it is a profit stop, and fills as one', async () => {
    const { tables } = await runText(SHORT, PRICES, ['--account', 'main:exchange=vitu']);
    expect(tables['orders']!.map(({ type, status }) => `${type} ${status}`)).toEqual(['limit filled', 'stop filled']);
    const [stop] = tables['stop_trades']!;
    expect([stop!['loss_profit'], stop!['rule'], Number(stop!['stop_price'])]).toEqual(['profit', 'stop_profit', 9600]);
    expect(Number(stop!['realized_pnl'])).toBeGreaterThan(0);
  });
});
