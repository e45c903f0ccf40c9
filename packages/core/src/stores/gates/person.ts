import { type GateStep, nextGateStep } from '../../domain/gates/next.ts';
import { HUMAN } from '../../domain/gates/rules.ts';
import { type Change, isOpen } from '../../domain/gates/state.ts';
import { TaskConflictError } from '../../errors/index.ts';
import type { PersonCommand, TaskRecord, TaskStore } from '../../ports/task-store.ts';
import { type GateStore, gateId, type NewGateEvent } from './gate-store.ts';
import { submitChange } from './submit.ts';

export interface PersonDeps {
  readonly store: TaskStore;
  /** The quality gates; asked for only where the task has them. */
  readonly gates: () => Promise<GateStore>;
}

/**
 * A person's decision on a task, with gates or without. Approving a task that stands at a gate takes it through the gates
 * that are left on the person's word, each recorded as such; the other decisions end its change.
 * @throws what `TaskStore.decide` throws, GateOrderError
 */
export async function decideAsPerson(deps: PersonDeps, id: string, command: PersonCommand, actor: string): Promise<TaskRecord> {
  const { store } = deps;
  await store.catchUp();
  const record = store.get(id);
  if (record?.task.gates !== true) return store.decide(id, command, actor);
  const gates = await deps.gates();
  await gates.catchUp();
  if (command.kind !== 'approve') {
    const decided = await store.decide(id, command, actor);
    await endChange(gates, decided, command, actor);
    return decided;
  }
  const held = record.hold?.kind === 'review' || record.gate !== undefined;
  if (held) await passGates(gates, record, authorOf(store, record), command.note ?? 'approved by a person');
  return store.decide(id, held ? { ...command, gates: 'ready_for_merge' } : command, actor);
}

/** After a rejection, a retry or the end of its task a change goes no further. */
export async function endChange(gates: GateStore, { task, attempt, status }: TaskRecord, command: PersonCommand, actor: string) {
  const change = gates.change(task.id);
  const ended = status === 'cancelled' || status === 'failed' || (change !== undefined && attempt > change.attempt);
  if (!change || !isOpen(change) || !ended) return;
  const reason = 'reason' in command && command.reason ? command.reason : `${command.kind} by ${actor}`;
  await gates.tryRecord({ event: 'change_stopped', actor: HUMAN, change_id: task.id, reason });
}

/** Who did the attempt: its resident, else the worker that claimed it. */
function authorOf(store: TaskStore, { task, attempt }: TaskRecord): string {
  for (const event of store.history(task.id))
    if (event.event === 'task_claimed' && event.attempt === attempt) return event.identity_id ?? event.worker_id;
  return 'nobody';
}

/** Take a change through every gate that is left, in order, on the person's word. */
async function passGates(gates: GateStore, record: TaskRecord, author: string, note: string): Promise<void> {
  const change = await submitChange(gates, record, author);
  for (let step = nextGateStep(gates.state, change); step.kind !== 'ready'; ) {
    if (step.kind === 'lost') throw turnedDown(change.change_id, step.reasons);
    for (const event of wordOf(step, change, note)) await gates.record(event);
    step = nextGateStep(gates.state, gates.change(change.change_id) ?? change);
  }
}

const turnedDown = (id: string, reasons: readonly string[]): TaskConflictError =>
  new TaskConflictError(`A quality gate turned ${id} down already: ${reasons.join('; ')}`, {
    fix: `Have it tried again: pnpm worker retry ${id}`,
  });

function wordOf(step: GateStep, { change_id }: Change, note: string): readonly NewGateEvent[] {
  const by = { actor: HUMAN };
  const passed = { ...by, event: 'result_recorded', change_id, passed: true, details: `on the person's word: ${note}` } as const;
  switch (step.kind) {
    case 'vote':
      return [
        { ...by, event: 'vote_cast', ballot_id: step.ballot_id, vote: 'approved', reason: note },
        { ...by, event: 'ballot_closed', ballot_id: step.ballot_id },
      ];
    case 'claim_qa':
      return [{ ...by, event: 'qa_claimed', change_id, resident_id: HUMAN }];
    case 'submit_test':
      return [
        {
          ...by,
          event: 'test_submitted',
          change_id,
          test_type: 'unit',
          description: note,
          submission_id: gateId('test'),
          ballot_id: gateId('vote'),
        },
      ];
    case 'run':
      return [{ ...passed, test_type: step.gate, ...(step.gate === 'unit' ? { integration_task_id: gateId('int') } : {}) }];
    case 'make_batch':
    case 'run_batch':
      return [{ ...passed, test_type: 'integration' }];
    default:
      return [];
  }
}
