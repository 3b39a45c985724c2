/**
 * The zones that mutation testing looks at, each with what is mutated and the tests that judge it: those beside it, and others that
 * look at it and take little time. `without` is a piece of the title of a test that takes more time than all others together.
 */

/** The search for the first due mark: judged by the tests of its own, which are quick; its laws take long and are left to `npm test`. */
const SEARCH = ['src/account/dueMarks.ts', 'src/account/excessWalk.ts'];

export const ZONES = {
  venue: { mutate: ['src/venue/**/*.ts'], tests: ['src/venue', 'src/testing/venueDocs.test.ts'] },
  contract: { mutate: ['src/contract/**/*.ts'], tests: ['src/contract'] },
  account: {
    mutate: ['src/account/*.ts', ...SEARCH.map((path) => `!${path}`)],
    tests: ['src/account', 'src/testing/scenarios', 'src/testing/settlementDocs.test.ts', 'src/calc/calculate.test.ts'],
    without: 'when a price is found then it is due there or just beyond',
  },
  search: {
    mutate: SEARCH,
    tests: [
      'src/account/excessWalk.test.ts',
      'src/account/excessWalkHedges.test.ts',
      'src/account/excessWalkEnds.test.ts',
      'src/account/displayPrice.test.ts',
      'src/account/dueMarks.test.ts',
    ],
  },
};
