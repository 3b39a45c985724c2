/**
 * Deliberately broken copies of single rules, as the fast engine would settle them: each changes what the engine is given by the
 * least that stands for the fault. The simulator must see every one of them; mutations.test.ts says at which seed it does.
 */

import type { Contract } from '../../contract/contract.js';
import { runBacktest } from '../../engine/engine.js';
import type { RunInput, TradedContracts } from '../../engine/runInput.js';
import type { BarChunk } from '../../market/bars.js';
import type { VenueRules } from '../../venue/rules.js';
import type { Engine } from './compareEngines.js';

export interface Mutation {
  readonly name: string;
  readonly engine: Engine;
}

const withContracts =
  (change: (contract: Contract) => Contract): Engine =>
  (input) =>
    runBacktest(changed(input, change));

/** An input with other contracts; accounts of one exchange still share theirs. */
function changed(input: RunInput, change: (contract: Contract) => Contract): RunInput {
  const tables = new Map(
    [...new Set(input.accounts.map(({ contracts }) => contracts))].map((table) => [
      table,
      new Map([...table].map(([name, contract]) => [name, change(contract)])),
    ]),
  );
  const accounts = input.accounts.map((account) => ({ ...account, contracts: tables.get(account.contracts)! }));
  return { ...input, accounts };
}

const withRules =
  (change: (rules: VenueRules) => VenueRules): Engine =>
  (input) =>
    runBacktest({
      ...input,
      accounts: input.accounts.map((account) => ({ ...account, rules: change(account.rules) })),
    });

/** A rate a millionth higher moves a fee of a million units by one. */
const aMillionthMore = ({ num, den }: Contract['takerFee']): Contract['takerFee'] => ({
  num: num * 1_000_001n,
  den: den * 1_000_000n,
});

const withFunding = (input: RunInput): ReturnType<Engine> =>
  runBacktest({
    ...input,
    symbols: input.symbols.map((symbol) => {
      const { funding } = symbol;
      if (funding.kind === 'constant') {
        return { ...symbol, funding: { kind: 'constant', rate: { num: -funding.rate.num, den: funding.rate.den } } };
      }
      if (funding.kind === 'missing') return symbol;
      const flip = (rate: string): string => (rate.startsWith('-') ? rate.slice(1) : `-${rate}`);
      const rates = funding.rates.map((row) => ({ ...row, rate: flip(row.rate) }));
      return { ...symbol, funding: { kind: 'rates', rates } };
    }),
  });

async function* withoutFiner(chunks: AsyncIterable<BarChunk>): AsyncGenerator<BarChunk> {
  for await (const { fine: _, ...chunk } of chunks) yield chunk;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a taker fee off by one unit in a million',
    engine: (input) => {
      const dearer = changed(input, (contract) => ({ ...contract, takerFee: aMillionthMore(contract.takerFee) }));
      return runBacktest({
        ...dearer,
        accounts: dearer.accounts.map(({ takerFee, ...account }) => ({
          ...account,
          ...(takerFee === undefined ? {} : { takerFee: aMillionthMore(takerFee) }),
        })),
      });
    },
  },
  { name: 'the sign of funding turned round', engine: withFunding },
  {
    name: 'the bound of a risk step not in its step',
    engine: withContracts((contract) =>
      contract.riskSteps === null
        ? contract
        : {
            ...contract,
            riskSteps: { ...contract.riskSteps, base: contract.riskSteps.base - contract.riskSteps.step / 50n },
          },
    ),
  },
  {
    name: 'the floors of a table of tiers a fiftieth higher',
    engine: withContracts((contract) => {
      const { tiers } = contract;
      if (tiers === null) return contract;
      const moved = tiers.tiers.map((tier) => ({ ...tier, floor: tier.floor + tier.floor / 50n }));
      return { ...contract, tiers: { ...tiers, tiers: moved } };
    }),
  },
  {
    name: 'maintenance on the other basis',
    engine: withRules((rules) =>
      rules.liquidationRule === 'bitmex_ledger'
        ? rules
        : { ...rules, maintenanceBasis: rules.maintenanceBasis === 'mark' ? 'entry' : 'mark' },
    ),
  },
  { name: 'no partial liquidation', engine: withRules((rules) => ({ ...rules, partialLiquidation: 'none' })) },
  {
    name: 'take-over always at bankruptcy',
    engine: withRules((rules) => ({ ...rules, liquidationFill: 'bankruptcy' })),
  },
  {
    name: 'a liquidation that cancels one symbol only',
    engine: withRules((rules) => ({ ...rules, cancelScope: 'symbol' })),
  },
  {
    name: 'isolated funding always from the margin',
    engine: withRules((rules) => ({ ...rules, isolatedFunding: 'position_margin' })),
  },
  { name: 'both sides of a hedge charged', engine: withRules((rules) => ({ ...rules, hedgeMaintenance: 'both' })) },
  { name: 'orders netted by the larger side', engine: withRules((rules) => ({ ...rules, orderNetting: 'max_side' })) },
  {
    name: 'no automatic margin',
    engine: (input) =>
      runBacktest({ ...input, accounts: input.accounts.map((account) => ({ ...account, autoMargin: false })) }),
  },
  {
    name: 'the optimistic path',
    engine: (input) =>
      runBacktest({ ...input, intrabar: input.intrabar === 'adverse' ? 'favourable' : input.intrabar }),
  },
  { name: 'margin mode free to switch', engine: withRules((rules) => ({ ...rules, marginModeSwitch: 'anytime' })) },
  {
    name: 'the least value of a spot order not asked',
    engine: withContracts((contract) => (contract.type === 'spot' ? { ...contract, minNotional: null } : contract)),
  },
  {
    name: 'makers of a spot pair charged as takers',
    engine: withContracts((contract) =>
      contract.type === 'spot' ? { ...contract, makerFee: contract.takerFee } : contract,
    ),
  },
  {
    name: 'an inverse contract that prices nothing in totals',
    engine: withContracts((contract) =>
      contract.type === 'inverse' ? { ...contract, quoteCurrency: 'nothing' } : contract,
    ),
  },
  {
    name: 'every account on the terms of the first',
    engine: (input) => {
      const [{ contracts: first }] = input.accounts as readonly [RunInput['accounts'][number]];
      const termsOf = (own: TradedContracts): TradedContracts =>
        new Map([...own].map(([name, contract]) => [name, first.get(name) ?? contract]));
      return runBacktest({
        ...input,
        accounts: input.accounts.map((account) => ({ ...account, contracts: termsOf(account.contracts) })),
      });
    },
  },
  {
    name: 'finer bars not looked at',
    engine: (input) =>
      runBacktest({
        ...input,
        symbols: input.symbols.map((symbol) => ({
          ...symbol,
          fineIntervalMs: null,
          bars: { ...symbol.bars, chunks: withoutFiner(symbol.bars.chunks) },
        })),
      }),
  },
  { name: 'leverage free to fall', engine: withRules((rules) => ({ ...rules, leverageChange: 'free' })) },
];
