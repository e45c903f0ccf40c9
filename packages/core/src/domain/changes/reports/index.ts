export { reportIn } from './found.ts';
export { readReport } from './read.ts';
export type { CaseResult, TestReport } from './report.ts';
