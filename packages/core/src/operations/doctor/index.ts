export { type Diagnosis, diagnose } from './diagnose.ts';
export type { Finding } from './finding.ts';
