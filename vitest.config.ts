import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Nothing global is changed, or it is put back: one copy of the modules serves all files of a core. */
const pure = { isolate: false };

const shared = { resolve: { conditions: ['@vivarium/source'] }, ssr: { resolve: { conditions: ['@vivarium/source'] } } };

/** Beside programs that run compiled, the core is loaded compiled too: one file for each of many test files, not hundreds. */
const conditions = ['@vivarium/compiled', '@vivarium/source'];
const compiled = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** Ends the processes and removes the folders that a test of the fault kit made. */
const setupFiles = ['tests/faults/kit/setup.ts'];
/** Compiles the three programs once, when their sources are newer. */
const globalSetup = ['tests/compiled.ts'];

/** A real browser may meet a moment in which the machine stands still; it is asked once more before it counts. Nothing else is. */
const ofBrowsers = { retry: 1 };

export default defineConfig({
  test: {
    // Much of a test of processes is waiting for disks and browsers.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        ...shared,
        test: {
          ...pure,
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tests/tooling/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      { ...shared, test: { ...pure, name: 'contract', include: ['tests/contract/**/*.test.ts'], testTimeout: 60_000 } },
      { ...shared, test: { name: 'fuzz', include: ['tests/fuzz/**/*.test.ts'], testTimeout: 3_600_000 } },
      {
        ...compiled,
        test: {
          ...pure,
          globalSetup,
          name: 'phases',
          include: ['tests/phases/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        ...compiled,
        test: {
          name: 'faults',
          globalSetup,
          setupFiles,
          include: ['tests/faults/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...compiled,
        test: {
          ...pure,
          name: 'e2e',
          globalSetup,
          setupFiles,
          include: ['tests/{e2e,providers}/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        ...compiled,
        test: {
          ...pure,
          ...ofBrowsers,
          name: 'browser',
          globalSetup,
          setupFiles,
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
