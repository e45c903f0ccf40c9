import type { CycleResult, WorkerCommand } from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

const REASON_CHARS = 400;

/** A resident gave the task back. It costs nothing and is offered to another one; when nobody is left, a person decides. */
export function declineOf(
  { task, record }: TaskRun,
  deps: Pick<Runtime, 'anyoneFor'>,
  { identity_id, reason }: NonNullable<CycleResult['declined']>,
): WorkerCommand {
  const declined = [...new Set([...(record.declined_by ?? []), identity_id])];
  const said = reason.replace(/\s+/g, ' ').trim().slice(0, REASON_CHARS);
  if (!deps.anyoneFor(task, declined)) return declinedByAll(task.id, declined, said);
  return { kind: 'release', reason: `Declined by ${identity_id}: ${said}`, declined_by: identity_id };
}

/** @param last what the last one who was asked said */
export function declinedByAll(taskId: string, declined: readonly string[], last?: string): WorkerCommand {
  const who = `Every resident who may take it declined: ${declined.join(', ')}`;
  const reason = last ? `${who}. The last reason: ${last}` : who;
  return { kind: 'hold', hold: { kind: 'clarify', reason, action: `pnpm worker retry ${taskId}` } };
}
