import type { Switches } from '../ports/switches.ts';
import type { Explanation, ProviderStanding, TaskStore } from '../ports/task-store.ts';
import type { World } from './world.ts';

export interface ExplainDeps {
  readonly store: Pick<TaskStore, 'explain' | 'get'>;
  /** Where a task may change a project: what its change waits for is in other stores. */
  readonly world: Pick<World, 'changes' | 'gates' | 'projects' | 'clock' | 'config' | 'workers'>;
  readonly switches: Pick<Switches, 'reason'>;
  /** How it stands with the model provider; undefined when nobody knows. Asked only where it may decide. */
  readonly provider: () => Promise<ProviderStanding | undefined>;
}

/**
 * The next mover of a task as things stand: while a switch is thrown, what a worker would do waits for a person; while the
 * model provider is away, what needs a model waits for that. @throws TaskNotFoundError
 */
export async function explainTask({ store, switches, provider, world }: ExplainDeps, id: string): Promise<Explanation> {
  const first = await explained(store, world, id);
  const { mover } = first;
  if (mover.kind === 'lease' && mover.live) return explained(store, world, id, await provider());
  if (mover.kind !== 'worker' && mover.kind !== 'timer') return first;
  const { state, reason } = switches.reason();
  if (state !== 'running') {
    const because = `the world is ${state}${reason === '' ? '' : ` (${reason})`}`;
    return { ...first, mover: { kind: 'person' }, because, action: 'pnpm worker resume' };
  }
  return mover.kind === 'worker' && mover.live_workers > 0 ? explained(store, world, id, await provider()) : first;
}

async function explained(
  store: ExplainDeps['store'],
  world: ExplainDeps['world'],
  id: string,
  provider?: ProviderStanding,
): Promise<Explanation> {
  const first = store.explain(id, provider);
  const record = store.get(id);
  const moves = first.mover.kind === 'worker' || first.mover.kind === 'person';
  if (record?.task.project === undefined || !moves) return first;
  const { explainChange } = await import('./explain-change.ts');
  return { ...first, ...(await explainChange(world, record, first)) };
}
