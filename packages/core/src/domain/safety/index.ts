export { fence, unfence } from './fence.ts';
export { judge } from './judge.ts';
export { type ReportInput, safetyReport } from './report.ts';
export { SafetyRules } from './rules.ts';
export type * from './types.ts';
