/**
 * The zones that mutation testing looks at, each with what is mutated and the tests that judge it, quick ones first: those beside
 * it, and others that look at it and take little time.
 */

export const ZONES = {
  venue: { mutate: ['src/venue/**/*.ts'], tests: ['src/venue', 'src/testing/venueDocs.test.ts'] },
  contract: { mutate: ['src/contract/**/*.ts'], tests: ['src/contract'] },
  account: {
    mutate: ['src/account/*.ts'],
    tests: ['src/account', 'src/testing/scenarios', 'src/testing/settlementDocs.test.ts', 'src/calc/calculate.test.ts'],
  },
};
