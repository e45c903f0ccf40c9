import type { SafetyReport } from '../../contract/outcome.ts';
import type { SafetyVerdict } from './types.ts';

export interface ReportInput {
  readonly text: string;
  readonly verdict: SafetyVerdict;
  readonly stage: 'worker' | 'api';
  readonly timestamp: string;
  /** Of the whole text, in hex. */
  readonly sha256: string;
  readonly mask: (text: string) => string;
  readonly task_id?: string;
}

const SUBJECT_CHARS = 200;

/** The record of one verdict, as it goes to the audit and to the task's history. */
export function safetyReport({ text, verdict, stage, timestamp, sha256, mask, task_id }: ReportInput): SafetyReport {
  return {
    timestamp,
    ...(task_id === undefined ? {} : { task_id }),
    stage,
    subject: mask(text).slice(0, SUBJECT_CHARS),
    subject_sha256: sha256,
    passed: verdict.passed,
    ...(verdict.blocked_reason === undefined ? {} : { blocked_reason: verdict.blocked_reason }),
    checks: verdict.checks,
  };
}
