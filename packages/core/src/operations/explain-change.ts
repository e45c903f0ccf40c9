import { approveCommand, stateOf } from '../domain/changes/index.ts';
import type { Explanation, TaskRecord } from '../ports/task-store.ts';
import { policyApproves, yesOf } from '../stores/changes/index.ts';
import type { World } from './world.ts';

type Moved = Pick<Explanation, 'mover' | 'because' | 'action'>;

/** Who moves a task that changes a project, as its change stands: the state, and the command where the person is asked. */
export async function explainChange(
  world: Pick<World, 'changes' | 'gates' | 'projects' | 'clock' | 'config' | 'workers'>,
  { task, attempt }: TaskRecord,
  task_moves: Moved,
): Promise<Moved> {
  const [changes, gates] = await Promise.all([world.changes(), world.gates()]);
  await Promise.all([changes.catchUp(), gates.catchUp()]);
  const change = changes.ofTask(task.id, attempt);
  if (!change) return task_moves;
  const { change_id, held } = change;
  const state = stateOf(change, gates.change(task.id));
  const its = `its change ${change_id} is ${state}`;
  if (change.phase === 'handed_in' && held) {
    const where = held.paths.length === 0 ? '' : ` (${held.paths.join(', ')})`;
    return {
      mover: { kind: 'person' },
      because: `its landing is held: ${held.because}${where}`,
      action: `pnpm worker change retry ${change_id}`,
    };
  }
  if (state !== 'ready_for_merge') return { ...task_moves, because: `${its}; ${task_moves.because}` };
  if (yesOf(change, world.clock.now().toISOString())) return landsNext(its, world.workers.liveWorkers().length);
  const project = await world.projects.get(change.project);
  if (project && policyApproves(change, project, world.config.approval, changes.state.projects.get(change.project)))
    return { ...task_moves, because: `${its}; ${task_moves.because}` };
  return {
    mover: { kind: 'person' },
    because: `${its} and waits for your yes`,
    action: approveCommand(change, project?.settings.approval),
  };
}

/** Its task may still say that it waits for the person: no worker has looked since. */
const landsNext = (its: string, live_workers: number): Moved => ({
  mover: { kind: 'worker', live_workers },
  because: `${its} and approved; it lands next${live_workers === 0 ? ', and no worker is running' : ''}`,
  action: live_workers === 0 ? 'pnpm worker run' : 'none',
});
