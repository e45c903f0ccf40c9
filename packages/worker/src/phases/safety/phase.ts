import type { WorkerCommand } from '@vivarium/core';
import { next, type Phase, stop } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

/** So many workers may die over one attempt; then it may be the task that kills them, and a person looks at it. */
const MAX_DEATHS = 20;

/** Stops a task that breaks a safety rule before anything is spent. Every attempt leaves a report, refused ones too. */
export const safety: Phase<Pick<Runtime, 'judge' | 'safetyAudit'>> = {
  name: 'safety',
  done: (run) => run.record.outcome !== undefined,
  async run(run, deps) {
    if (run.record.takeovers >= MAX_DEATHS) return stop(deadly(run.task.id, run.record.takeovers));
    const report = deps.judge(run.task);
    deps.safetyAudit.append({ ...report, worker_id: run.lease.worker_id, attempt: run.record.attempt });
    if (report.passed) return next();
    const reason = report.blocked_reason ?? 'a safety rule refused the task';
    return stop({ kind: 'block', reason, safety_report: report });
  },
};

function deadly(taskId: string, deaths: number): WorkerCommand {
  const reason = `crash loop: ${deaths} workers exited during this attempt; look at what the task makes them do`;
  return { kind: 'hold', hold: { kind: 'clarify', reason, action: `pnpm worker retry ${taskId}` } };
}
