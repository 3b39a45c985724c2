/** docs/calc.md says what the calculator does: every kind with an example that holds, every input, every venue. */

import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { calculate, KINDS } from '../calc/calculate.js';
import { INPUTS } from '../calc/dictionary.js';
import { MARGIN_RULE_NAMES, marginRulesOf } from '../venue/marginRules.js';

const TEXT = readFileSync('docs/calc.md', 'utf8');

/** Section of a kind: from its heading to the next. */
const sectionOf = (kind: string): string => TEXT.split(`\n### \`${kind}\`\n`)[1]?.split(/\n##/)[0] ?? '';

describe('docs/calc.md', () => {
  test.each(KINDS)('when the kind is %s then its example holds to the last digit', (kind) => {
    const [, request = '', answer = ''] = /```jsonl\n(.*)\n(.*)\n```/.exec(sectionOf(kind)) ?? [];
    const asked: unknown = JSON.parse(request);
    expect(asked).toMatchObject({ kind });
    expect(calculate(asked)).toEqual(JSON.parse(answer));
  });

  test.each(KINDS)('when %s gives an output then its section names it, or a kind that does', (kind) => {
    const answer = JSON.parse(/```jsonl\n.*\n(.*)\n```/.exec(sectionOf(kind))![1]!) as { outputs: object };
    const prose = KINDS.map((name) => sectionOf(name).split('```')[0]).join('');
    const unnamed = Object.keys(answer.outputs).filter(
      (name) => !new RegExp(`[\`\\s]${name.replace(/_rounded$/, '')}[\`\\s]`).test(prose),
    );
    expect(unnamed).toEqual([]);
  });

  it('when an input is in the dictionary then the table has it with its meaning, and no other', () => {
    const rows = [...TEXT.split('\n## Inputs\n')[1]!.matchAll(/^\| `(\w+)` \| [^|]+ \| ([^|:;]+)/gm)];
    expect(rows.map(([, name]) => name)).toEqual([...INPUTS.keys()]);
    for (const [, name, about] of rows) expect(INPUTS.get(name!)!.about.startsWith(about!.trim())).toBe(true);
  });

  it('when a venue has a row then the table shows its choices', () => {
    for (const name of MARGIN_RULE_NAMES) {
      const { maintenanceBasis, isolatedFee, crossFee, tierModel } = marginRulesOf(name);
      expect(TEXT).toContain(`| \`${name}\` | ${maintenanceBasis} | ${isolatedFee} | ${crossFee} | ${tierModel} |`);
    }
  });
});
