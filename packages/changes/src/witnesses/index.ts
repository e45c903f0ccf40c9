export { type Examination, type ExamineOptions, type ExamineStage, examine, type Matrix } from './examine.ts';
export type { WitnessDeps } from './ground.ts';
export { markInstalled } from './installed.ts';
export { type StaticAbout, type StaticDeps, staticChecks } from './static-checks.ts';
