import type { TaskEvent } from '../../contract/event.ts';
import type { Review } from '../../contract/outcome.ts';
import type { PersonCommand, TaskRecord } from '../../ports/task-store.ts';
import { attemptsUsed } from './decide-worker.ts';
import { isForPerson, standingOf } from './transitions.ts';

export type PersonDecision = { readonly event: TaskEvent } | { readonly refused: string; readonly fix: string };

/** The event a person's command amounts to, or why it does not fit the task's state and what would. */
export function decidePerson(record: TaskRecord, command: PersonCommand, actor: string, now: Date): PersonDecision {
  const base = { task_id: record.task.id, timestamp: now.toISOString(), actor };
  const standing = standingOf(record);
  switch (command.kind) {
    case 'approve':
      if (record.task.project !== undefined) return notTheTask(record);
      if (standing !== 'held_for_review' && standing !== 'held_at_gate') return notHeld(record, 'approved');
      if (record.task.gates === true && command.gates !== 'ready_for_merge')
        return { refused: `The gates of ${record.task.id} are not done`, fix: explainHint(record) };
      if (!record.outcome) return { refused: 'There is no output to approve', fix: retryHint(record) };
      return { event: { ...base, event: 'task_accepted', status: 'approved', review: byPerson(record, command.note) } };
    case 'reject':
      if (standing !== 'held_for_review' && standing !== 'held_at_gate') return notHeld(record, 'rejected');
      return { event: rejection(record, base, command) };
    case 'retry':
      if (command.task && (record.children || standingOf(record) !== 'ended')) return notEditable(record);
      return retry(record, base);
    case 'cancel':
      if (standing === 'succeeded' || standing === 'ended') return finished(record, 'cancelled');
      return { event: { ...base, event: 'task_cancelled', status: 'failed', reason: command.reason ?? `cancelled by ${actor}` } };
    case 'collapse':
      return collapse(record, base);
    case 'edit':
      if (record.children)
        return {
          refused: `Task ${record.task.id} is broken down already`,
          fix: `Take that back first: pnpm worker undo ${record.task.id}`,
        };
      if (standing !== 'ready' && standing !== 'held') return notEditable(record);
      return { event: { ...base, event: 'task_edited', status: 'queued', task: command.task } };
    case 'gate':
      if (standing !== 'held_at_gate')
        return { refused: `Task ${record.task.id} waits at no quality gate`, fix: explainHint(record) };
      return { event: { ...base, event: 'task_gated', status: command.status, hold: command.hold } };
    case 'unhold':
      if ((standing !== 'held' && standing !== 'held_at_gate' && standing !== 'held_for_review') || stays(record))
        return { refused: `Task ${record.task.id} is not held`, fix: explainHint(record) };
      return { event: { ...base, event: 'task_unheld', status: 'queued', reason: command.reason } };
  }
}

type Base = { task_id: string; timestamp: string; actor: string };

/** Whether none of the steps has started is the caller's to know: it has their records. */
function collapse(record: TaskRecord, base: Base): PersonDecision {
  if (!record.children) return { refused: `Task ${record.task.id} is not broken down`, fix: explainHint(record) };
  if (standingOf(record) !== 'ready') return { refused: `Task ${record.task.id} is ${record.status}`, fix: explainHint(record) };
  const task = { ...record.task, phase4_skip: true };
  const reason = `${base.actor} took the breakdown of ${record.task.id} back`;
  return { event: { ...base, event: 'task_collapsed', status: 'queued', reason, task } };
}

function retry(record: TaskRecord, base: Base): PersonDecision {
  const standing = standingOf(record);
  if (standing === 'leased') return { refused: `Task ${record.task.id} is running`, fix: explainHint(record) };
  if (standing === 'succeeded') return finished(record, 'retried');
  const sameAttempt = standing === 'ready' || standing === 'held' || standing === 'held_at_gate';
  const next_attempt = record.attempt + (sameAttempt ? 0 : 1);
  return { event: { ...base, event: 'task_retried', status: 'queued', next_attempt } };
}

function rejection(record: TaskRecord, base: Base, command: Extract<PersonCommand, { kind: 'reject' }>): TaskEvent {
  const last = attemptsUsed(record) >= command.max_attempts;
  return {
    ...base,
    event: 'task_rejected',
    status: last ? 'failed' : 'requeue',
    reason: last ? `Rejected after ${attemptsUsed(record)} attempt(s): ${command.reason}` : command.reason,
    feedback: { issues: [command.reason], suggestions: [] },
    next_attempt: record.attempt + (last ? 0 : 1),
  };
}

function byPerson(record: TaskRecord, note: string | undefined): Review {
  return {
    verdict: 'APPROVE',
    confidence: 1,
    issues: record.review?.issues ?? [],
    suggestions: record.review?.suggestions ?? [],
    witnesses: [
      ...(record.review?.witnesses ?? []),
      { kind: 'person', rule: 'person.word', passed: true, decisive: true, detail: note ?? 'approved by a person' },
    ],
    by: 'person',
  };
}

/** The result of a change is judged by the yes to its bytes, which lets it go on. */
const stays = (record: TaskRecord): boolean => isForPerson(record) && record.task.project === undefined;

const notTheTask = ({ task: { id } }: TaskRecord): PersonDecision => ({
  refused: `Task ${id} changes a project: what is approved is its change, by its hash`,
  fix: `Look at it: pnpm worker change show ${id}`,
});

const explainHint = (record: TaskRecord) => `See what it waits for: pnpm worker explain ${record.task.id}`;
const retryHint = (record: TaskRecord) => `Run it: pnpm worker retry ${record.task.id}`;

function notHeld(record: TaskRecord, done: string): PersonDecision {
  return {
    refused: `Task ${record.task.id} is ${record.status} and not held for review, so it cannot be ${done}`,
    fix: explainHint(record),
  };
}

function finished(record: TaskRecord, done: string): PersonDecision {
  return { refused: `Task ${record.task.id} is ${record.status} already, so it cannot be ${done}`, fix: explainHint(record) };
}

function notEditable(record: TaskRecord): PersonDecision {
  return {
    refused: `Task ${record.task.id} is ${record.status}; only a task that waits can be edited`,
    fix: 'Cancel it and add a new one',
  };
}
