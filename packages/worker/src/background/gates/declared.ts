import { type Change, type GateStore, gateId, type IntegrationTask, RUNTIME, type TaskRecord } from '@vivarium/core';
import { LOOK_AGAIN, type Proving, RETRY, type Stepped, say } from '../../pipeline/proving.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { clashesIn, evidenceFor } from './evidence.ts';

/** Changes that prove themselves by the tests that their tasks declare. */
export const declared = (runtime: Runtime): Proving => ({
  submitTest: ({ record, change }) => submitTest(runtime.gates, record, change),
  run: ({ record, change }, gate, signal) => runGate(runtime, record, change, gate, signal),
  integrate: (batch_id, members, signal) => runBatch(runtime, batch_id, members, signal),
});

/** The QA hands in what the task declares as its test, or that there is none but the review's own evidence. */
async function submitTest(gates: GateStore, { task }: TaskRecord, change: Change): Promise<Stepped> {
  const unit = task.tests?.unit;
  const ballot_id = gateId('vote');
  const submitted = await gates.tryRecord({
    event: 'test_submitted',
    actor: change.qa_by ?? RUNTIME,
    change_id: change.change_id,
    test_type: 'unit',
    description: unit ?? 'no unit test is declared: the evidence of the review, looked at again',
    submission_id: gateId('test'),
    ballot_id,
  });
  if (!submitted) return LOOK_AGAIN;
  const reason =
    unit === undefined ? 'what is observable was observed' : 'the command runs in the sandbox, and its count decides';
  return say(gates, { event: 'vote_cast', actor: RUNTIME, ballot_id, vote: 'approved', reason });
}

async function runGate(
  runtime: Runtime,
  record: TaskRecord,
  change: Change,
  gate: 'unit' | 'e2e',
  signal: AbortSignal,
): Promise<Stepped> {
  const seen = await evidenceFor(record, gate, runtime, signal);
  if (seen.kind === 'interrupted') return RETRY;
  if (seen.kind === 'person') return seen;
  const { passed, details } = seen;
  return say(runtime.gates, {
    event: 'result_recorded',
    actor: RUNTIME,
    change_id: change.change_id,
    test_type: gate,
    passed,
    details,
    ...(gate === 'unit' && passed ? { integration_task_id: gateId('int') } : {}),
  });
}

/** Integrate a batch: each change's own check, and that no two of them write the same file. */
async function runBatch(
  runtime: Runtime,
  batch_id: string,
  tasks: readonly IntegrationTask[],
  signal: AbortSignal,
): Promise<Stepped> {
  const { gates, store } = runtime;
  const failed: Record<string, string> = {};
  const details: string[] = [];
  const members = tasks.flatMap((member) => {
    const record = store.get(member.change_id);
    if (record?.attempt === member.attempt) return [{ ...member, record }];
    failed[member.task_id] = 'its task has gone on to another attempt';
    return [];
  });
  const clashes = clashesIn(members.map(({ record }) => record));
  for (const { task_id, record } of members) {
    const seen = await evidenceFor(record, 'integration', runtime, signal);
    if (seen.kind === 'interrupted') return RETRY;
    if (seen.kind === 'person') return seen;
    const clash = clashes.get(record.task.id);
    if (clash !== undefined || !seen.passed) failed[task_id] = clash ?? seen.details;
    details.push(`${record.task.id}: ${clash ?? seen.details}`);
  }
  const passed = Object.keys(failed).length === 0;
  return say(gates, {
    event: 'batch_recorded',
    actor: RUNTIME,
    batch_id,
    passed,
    details: details.join('\n').slice(0, 8_000),
    failed,
  });
}
