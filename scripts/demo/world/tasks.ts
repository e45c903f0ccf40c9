import { type Claim, type Outcome, type Review, type SafetyReport, Task } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import type { Stage } from './people.ts';

export function aTaskNamed(id: string, extra: Record<string, unknown> = {}): Task {
  return Task.parse({ id, prompt: `Do ${id}`, ...extra });
}

/** Take a task as a worker of no process does. */
export async function claim(stage: Stage, id: string, resident: string): Promise<Claim> {
  const [made] = await stage.store.claim({
    worker_id: 'worker-test',
    limit: 1,
    assign: (task) => (task.id === id ? { identity_id: resident, resident_id: resident } : undefined),
  });
  if (!made) throw new Error(`${id} cannot be claimed`);
  return made;
}

const OUTCOME = { model: 'openai/gpt-oss-20b', budget_used: 0.0012, duration_ms: 820 };

/** Do a task up to its review, as a worker would, and hold it for a person. */
export async function holdForReview(stage: Stage, id: string, output = 'The output'): Promise<void> {
  const { lease } = await claim(stage, id, 'wren');
  const outcome: Outcome = { ...OUTCOME, result_summary: output, execution_key: `${id}#1` };
  await stage.store.record(lease, { kind: 'record_execution', outcome });
  const hold = { kind: 'review', reason: 'No check could be made', action: `pnpm worker approve ${id}` } as const;
  await stage.store.record(lease, { kind: 'hold', hold, review: NO_VERDICT });
}

const NO_VERDICT: Review = {
  verdict: 'NONE',
  confidence: 0,
  issues: ['The critic is not there'],
  suggestions: [],
  witnesses: [{ kind: 'output', passed: true, decisive: false, detail: '10 characters' }],
  by: 'nobody',
};

/** Do a task with a report of some length and have a critic accept it. */
export async function approve(stage: Stage, id: string, resident: string, report: string, more: Partial<Outcome> = {}) {
  const { lease } = await claim(stage, id, resident);
  const artifact = await fileBackend(stage.paths).artifacts.put({ task_id: id, attempt: 1, name: 'output.md', bytes: report });
  const usage = { prompt_tokens: 1204, completion_tokens: 388 };
  const done = { ...OUTCOME, budget_used: 0.0121, duration_ms: 1920, result_summary: 'A map of the runtime', ...more };
  const outcome: Outcome = { ...done, execution_key: `${id}#1`, usage, artifact, tool_route: 'generate' };
  await stage.store.record(lease, { kind: 'record_execution', outcome });
  await stage.store.record(lease, { kind: 'approve', review: WITH_REMARKS });
}

const WITH_REMARKS: Review = {
  verdict: 'MINOR_ISSUES',
  confidence: 0.94,
  issues: ['One claim has no source'],
  suggestions: ['Name the files behind each claim'],
  witnesses: [
    { kind: 'output', passed: true, decisive: false, detail: '812 characters' },
    { kind: 'critic', passed: true, decisive: true, detail: 'openai/gpt-oss-120b said MINOR_ISSUES at 0.94' },
  ],
  by: 'critic',
};

export async function fail(stage: Stage, id: string, resident: string, reason: string): Promise<void> {
  const { lease } = await claim(stage, id, resident);
  await stage.store.record(lease, { kind: 'fail', reason });
}

export async function block(stage: Stage, id: string, resident: string): Promise<void> {
  const { lease } = await claim(stage, id, resident);
  const reason = 'The program rm is not among those that may run';
  const safety_report: SafetyReport = {
    timestamp: stage.now().toISOString(),
    task_id: id,
    stage: 'worker',
    subject: 'rm -rf /',
    subject_sha256: '0',
    passed: false,
    blocked_reason: reason,
    checks: [{ check: 'command', passed: false, rule: 'command.allowlist', reason, fix: 'Add it in config/commands.json' }],
  };
  await stage.store.record(lease, { kind: 'block', reason, safety_report });
}

/** Have a task that changes a project approved, once its change is through the gates. */
export async function approveLanded(stage: Stage, id: string, resident: string, summary: string): Promise<void> {
  const { lease } = await claim(stage, id, resident);
  const outcome: Outcome = { ...OUTCOME, result_summary: summary, execution_key: `${id}#1` };
  await stage.store.record(lease, { kind: 'record_execution', outcome });
  await stage.store.record(lease, { kind: 'pass_gates' });
  await stage.store.record(lease, { kind: 'approve', review: WITH_REMARKS });
}

/** Do a task that changes a project up to where only the landing is left, and hold it for that. */
export async function holdToLand(stage: Stage, id: string, resident: string, reason: string): Promise<void> {
  const { lease } = await claim(stage, id, resident);
  const outcome: Outcome = { ...OUTCOME, result_summary: 'Handed in', execution_key: `${id}#1` };
  await stage.store.record(lease, { kind: 'record_execution', outcome });
  const hold = { kind: 'land', reason, action: `pnpm worker change show ${id}`, next_mover: 'person' } as const;
  await stage.store.record(lease, { kind: 'hold', hold, review: WITH_REMARKS });
}
