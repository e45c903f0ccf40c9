export { runSuite, type SuiteDeps } from './run-suite.ts';
export type { SuiteAsk, SuiteRun } from './suite-run.ts';
