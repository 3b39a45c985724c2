/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

// Tests run from the sources: swc strips the types, `npm run typecheck` judges them.
const config: Config = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/src/testing/lawSeed.ts'],
  roots: ['<rootDir>/src', '<rootDir>/bin', '<rootDir>/strategies'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^backtest$': '<rootDir>/src/index.ts',
    '^backtest/indicators$': '<rootDir>/src/indicators/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Modules of finished suites stay in memory when suites are ES modules, so workers are renewed; in one process the heap fills up.
  maxWorkers: 2,
  workerIdleMemoryLimit: '700MB',
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  testTimeout: 60_000,
};

export default config;
