import {
  batchesOf,
  type Change,
  type GateStep,
  type GateStore,
  gateId,
  type NewGateEvent,
  RUNTIME,
  type TaskRecord,
  VOTE_WINDOW_MS,
} from '@vivarium/core';
import type { Runtime } from '../../pipeline/runtime.ts';
import { clashesIn, evidenceFor } from './evidence.ts';
import type { KeeperPorts } from './keeper.ts';
import { qaFor } from './specialists.ts';

/** What is tried again this soon keeps a worker from calling itself idle. */
export const AGAIN_MS = 1_000;

/** What became of a step: done, to be tried again, or waiting for somebody; `reason` says why only a person can help. */
export type Stepped =
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly ms: number }
  | { readonly kind: 'person'; readonly reason: string };

interface Standing {
  readonly record: TaskRecord;
  readonly change: Change;
  readonly step: GateStep;
}

const DONE: Stepped = { kind: 'done' };
/** The API is away or busy: what it is asked for is still to come. */
const RETRY: Stepped = { kind: 'later', ms: AGAIN_MS };
/** Somebody else was first, so what stands is another thing by now. */
const LOOK_AGAIN: Stepped = { kind: 'later', ms: AGAIN_MS + 1 };

/** Take the next step of one change, or say what it waits for. */
export async function takeStep(
  runtime: Runtime,
  ports: Pick<KeeperPorts, 'idle'>,
  { record, change, step }: Standing,
  signal: AbortSignal,
): Promise<Stepped> {
  switch (step.kind) {
    case 'vote':
      return closeBallot(runtime, ports, step);
    case 'claim_qa':
      return claimQa(runtime, change);
    case 'submit_test':
      return submitTest(runtime.gates, record, change);
    case 'run':
      return runGate(runtime, record, change, step.gate, signal);
    case 'make_batch':
      return makeBatches(runtime.gates);
    case 'run_batch':
      return runBatch(runtime, step.batch_id, signal);
    default:
      return DONE;
  }
}

async function say(gates: GateStore, event: NewGateEvent): Promise<Stepped> {
  return (await gates.tryRecord(event)) ? DONE : LOOK_AGAIN;
}

/** Residents have time to vote while there is other work; without any, nobody is going to. */
async function closeBallot(
  { gates, clock }: Pick<Runtime, 'gates' | 'clock'>,
  { idle }: Pick<KeeperPorts, 'idle'>,
  { ballot_id, decided }: Extract<GateStep, { kind: 'vote' }>,
): Promise<Stepped> {
  const opened = Date.parse(gates.state.ballots.get(ballot_id)?.created_at ?? '');
  const left = opened + VOTE_WINDOW_MS - clock.now().getTime();
  if (!decided && !idle() && left > 0 && left <= VOTE_WINDOW_MS) return { kind: 'later', ms: Math.max(left, AGAIN_MS + 1) };
  return say(gates, { event: 'ballot_closed', actor: RUNTIME, ballot_id });
}

async function claimQa({ gates, everybody }: Pick<Runtime, 'gates' | 'everybody'>, change: Change): Promise<Stepped> {
  const found = qaFor(gates.state, everybody(), change);
  if (!found) return { kind: 'person', reason: 'nobody but its author lives here, so nobody can do its QA' };
  const { resident_id, register } = found;
  if (register) await gates.record({ event: 'resident_registered', actor: RUNTIME, resident_id, specializations: [...register] });
  return say(gates, { event: 'qa_claimed', actor: resident_id, change_id: change.change_id, resident_id });
}

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

async function makeBatches(gates: GateStore): Promise<Stepped> {
  for (const task_ids of batchesOf(gates.state) ?? [])
    await gates.tryRecord({ event: 'batch_created', actor: RUNTIME, batch_id: gateId('batch'), task_ids });
  return DONE;
}

/** Integrate a batch: each change's own check, and that no two of them write the same file. */
async function runBatch(runtime: Runtime, batch_id: string, signal: AbortSignal): Promise<Stepped> {
  const { gates, store } = runtime;
  const failed: Record<string, string> = {};
  const details: string[] = [];
  const members = membersOf(gates, batch_id).flatMap((member) => {
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

function membersOf({ state }: GateStore, batch_id: string) {
  const ids = state.batches.get(batch_id)?.task_ids ?? [];
  return ids.flatMap((id) => {
    const task = state.tasks.get(id);
    return task?.status === 'batched' ? [task] : [];
  });
}
