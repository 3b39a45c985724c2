/** docs/venues.md says what the presets and listings are: a row for each preset and contract, every field, and examples that compile. */

import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { parse } from 'yaml';
import { ENTRY_FIELDS } from '../contract/contractEntry.js';
import { createContractTable } from '../contract/contractInfo.js';
import { BUILT_IN } from '../contract/listings.js';
import { findPreset, PRESET_NAMES } from '../venue/presets.js';

const TEXT = readFileSync('docs/venues.md', 'utf8');
const exampleIn = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(TEXT)![1]!;

describe('docs/venues.md', () => {
  test.each(PRESET_NAMES)('when %s is a preset then both tables show its choices', (name) => {
    const r = findPreset(name)!;
    const settled = [r.maintenanceBasis, r.isolatedFee, r.crossFee, r.tierModel, r.isolatedFunding];
    expect(TEXT).toContain(`| \`${name}\` | ${[...settled, r.liquidationFill, r.partialLiquidation].join(' | ')} |`);
    const traded = [
      `${r.isolatedInitialBasis} / ${r.crossInitialBasis}`,
      `${r.feeReserve}${r.openLossInOrderMargin ? ', open loss' : ''}`,
      r.orderNetting,
      r.liquidationInclusive ? '≤' : '<',
      r.leverageChange,
      r.marginModeSwitch,
      r.triggerDefault,
      r.valueRounding,
    ];
    expect(TEXT).toContain(`| \`${name}\` | ${traded.join(' | ')} |`);
  });

  it('when a contract is built in then it has a row that names what is missing, and no other', () => {
    const rows = [...TEXT.matchAll(/^\| `(\w+)` \| `(\w+)` \| ([^|]+) \|/gm)].map(
      ([, venue, symbol]) => `${venue} ${symbol}`,
    );
    const listed = Object.entries(BUILT_IN).flatMap(([venue, entries]) =>
      Object.keys(entries).map((symbol) => `${venue} ${symbol}`),
    );
    expect(rows).toEqual(listed);
  });

  it('when a field may be written then the table explains it', () => {
    const table = TEXT.split('\n## contract_info\n')[1]!;
    expect(ENTRY_FIELDS.filter((field) => !new RegExp(`^\\|[^|]*\`${field}\``, 'm').test(table))).toEqual([]);
  });

  it('when the examples are read then they are contracts', () => {
    const tiers = createContractTable(JSON.parse(exampleIn('json'))).find('mine', 'ABCUSDT')!;
    expect(tiers.tiers?.tiers.length).toBe(3);
    const history = createContractTable(parse(exampleIn('yaml')));
    const at = (text: string) => history.find('mine', 'ABCUSD', Date.parse(text))!.tickF64;
    expect([at('2021-06-29'), at('2021-06-30')]).toEqual([0.5, 0.1]);
  });

  it('when the message of a missing field is shown then it is the one that is given', () => {
    expect(() => createContractTable().find('bybit', 'ETHUSDT')).toThrow(/\bETHUSDT: fields/);
    try {
      createContractTable().find('bybit', 'ETHUSDT');
    } catch (error) {
      const { message, hint } = error as { message: string; hint: string };
      const shown = TEXT.replace(/\s+/g, ' ');
      expect(shown).toContain(`${message} hint: ${hint}`);
    }
  });
});
