import type { Draft } from './draft.ts';
import type { ChangeEvent } from './events.ts';
import type { ChangesState, Restore } from './state.ts';

type Of<Name extends ChangeEvent['event']> = Extract<ChangeEvent, { event: Name }>;

const covers = ({ project }: Pick<Restore, 'project'>, name: string): boolean => project === undefined || project === name;

export function openRestore({ restores }: ChangesState, project: string): Restore | undefined {
  return [...restores.values()].find((restore) => restore.finished === undefined && covers(restore, project));
}

/** What a restore lands is the checkpoint's tree. */
export function landingOfRestoreRefusal(
  { restores, checkpoints }: ChangesState,
  event: Of<'landing_started'>,
  id: string,
): string | undefined {
  const restore = restores.get(id);
  if (!restore || restore.finished) return `no restore ${id} is under way`;
  if (!covers(restore, event.project)) return `the restore ${id} is of ${restore.project}`;
  const tree = checkpoints.get(restore.checkpoint_id)?.trees.find(({ project }) => project === event.project)?.tree;
  return tree === event.to_tree ? undefined : `the checkpoint ${restore.checkpoint_id} holds ${tree ?? 'nothing of the project'}`;
}

/** Never during a landing, nor within another restore. */
export function restoreStartRefusal(state: ChangesState, event: Of<'restore_started'>): string | undefined {
  if (state.restores.has(event.restore_id)) return `the id ${event.restore_id} is in use`;
  if (!state.checkpoints.has(event.checkpoint_id)) return `there is no checkpoint ${event.checkpoint_id}`;
  for (const { project, landing_id } of state.projects.values()) {
    if (!covers(event, project)) continue;
    if (landing_id !== undefined) return `the landing ${landing_id} is under way`;
    const open = openRestore(state, project);
    if (open) return `the restore ${open.restore_id} is under way`;
  }
  return undefined;
}

export function restoreEndRefusal(
  { restores, projects }: ChangesState,
  { restore_id }: Of<'restore_finished'>,
): string | undefined {
  const restore = restores.get(restore_id);
  if (!restore || restore.finished) return `no restore ${restore_id} is under way`;
  const busy = [...projects.values()].find(({ project, landing_id }) => landing_id !== undefined && covers(restore, project));
  return busy && `the landing ${busy.landing_id} is under way`;
}

export function applyRestore(draft: Draft, event: Of<'restore_started' | 'restore_finished'>): void {
  const { restores } = draft.state;
  const { restore_id } = event;
  if (event.event === 'restore_started') {
    const { event: _, actor: __, ...restore } = event;
    draft.put(restores, restore_id, restore);
    return;
  }
  const { same, because, at } = event;
  const restore = restores.get(restore_id);
  const finished = { same, at, ...(because === undefined ? {} : { because }) };
  if (restore) draft.put(restores, restore_id, { ...restore, finished });
}
