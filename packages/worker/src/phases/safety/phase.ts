import { next, type Phase, stop } from '../phase.ts';

/** Stops a task that breaks a safety rule before anything is spent. Every attempt leaves a report, refused ones too. */
export const safety: Phase = {
  name: 'safety',
  done: (run) => run.record.outcome !== undefined,
  async run(run, runtime) {
    const report = runtime.judge(run.task);
    runtime.safetyAudit.append({ ...report, worker_id: run.lease.worker_id, attempt: run.record.attempt });
    if (report.passed) return next();
    const reason = report.blocked_reason ?? 'a safety rule refused the task';
    return stop({ kind: 'block', reason, safety_report: report });
  },
};
