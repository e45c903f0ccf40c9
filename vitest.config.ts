import { defineConfig } from 'vitest/config';

const shared = { resolve: { conditions: ['@vivarium/source'] }, ssr: { resolve: { conditions: ['@vivarium/source'] } } };

export default defineConfig({
  test: {
    projects: [
      { ...shared, test: { name: 'unit', include: ['packages/*/src/**/*.test.ts', 'tests/tooling/**/*.test.ts'] } },
      { ...shared, test: { name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
      { ...shared, test: { name: 'phases', include: ['tests/phases/**/*.test.ts'], testTimeout: 60_000 } },
      { ...shared, test: { name: 'faults', include: ['tests/faults/**/*.test.ts'], testTimeout: 300_000 } },
      { ...shared, test: { name: 'e2e', include: ['tests/{e2e,browser}/**/*.test.ts'], testTimeout: 120_000 } },
    ],
  },
});
