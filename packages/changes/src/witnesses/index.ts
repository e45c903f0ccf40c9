export { type Examination, type ExamineOptions, type ExamineStage, examine, type Matrix } from './examine.ts';
export type { Examined, WitnessDeps } from './ground.ts';
export { type QaProof, qaProof } from './qa-proof.ts';
export { type StaticAbout, type StaticDeps, staticChecks } from './static-checks.ts';
