export { type DriftOptions, driftIssue, driftOf } from './drift.ts';
export { extractIntent } from './extract.ts';
export { clarifyingQuestion, intentBlock, intentOf, LOW_CONFIDENCE } from './intent-of.ts';
export { type Drift, Intent } from './types.ts';
