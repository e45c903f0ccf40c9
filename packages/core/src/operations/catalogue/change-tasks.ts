import { PERSON_IDS } from '../../contract/actor.ts';
import { approveCommand } from '../../domain/changes/index.ts';
import { TaskConflictError } from '../../errors/index.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import type { World } from '../world.ts';

/** The command that works, told to whoever approves the task of a change. */
export async function approveInstead(world: World, taskId: string): Promise<TaskConflictError> {
  const changes = await world.changes();
  await changes.catchUp();
  const change = changes.ofTask(taskId);
  const ready = change?.phase === 'handed_in' ? change : undefined;
  const mode = ready && (await world.projects.get(ready.project))?.settings.approval;
  const message = `The task ${taskId} changes a project: what is approved is its change, by its hash, not the task`;
  return new TaskConflictError(message, {
    fix: ready
      ? `Read it: pnpm worker change diff ${ready.change_id}; then: ${approveCommand(ready, mode)}`
      : `See what it waits for: pnpm worker explain ${taskId}`,
  });
}

/** After a decision that ended its attempt, a task's change goes no further, and no yes of it holds. */
export async function endAttemptsChange(world: World, { task, attempt, status }: TaskRecord, because: string): Promise<void> {
  const changes = await world.changes();
  await changes.catchUp();
  const change = changes.ofTask(task.id);
  const ended = status === 'failed' || status === 'cancelled';
  if (!change || (!ended && change.attempt >= attempt)) return;
  const { change_id } = change;
  await changes.tryRecord({ event: 'change_ended', actor: PERSON_IDS.society, change_id, state: 'abandoned', because });
}
