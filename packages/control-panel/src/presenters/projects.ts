import type { ChangesState, Project, ProjectFinding } from '@vivarium/core';
import type { ChangeState } from '../protocol/changes.ts';
import type { ProjectList, ProjectView } from '../protocol/projects.ts';
import { type ChangeReaders, stateIn } from './changes.ts';

const ENDED: ReadonlySet<ChangeState> = new Set(['landed', 'rejected', 'abandoned']);

/** Every project that can be used, and everything that is wrong with any. */
export function projectList(
  readers: Pick<ChangeReaders, 'changes' | 'gates'>,
  projects: readonly Project[],
  findings: readonly ProjectFinding[],
): ProjectList {
  return { success: true, projects: projects.map((project) => viewOf(readers, project)), findings: [...findings] };
}

function viewOf(readers: Pick<ChangeReaders, 'changes' | 'gates'>, { name, settings, policy_sha256 }: Project): ProjectView {
  const { state } = readers.changes;
  const states = changesTo(state, name).map((change) => stateIn(readers, change));
  const count = (fits: (one: ChangeState) => boolean) => states.filter(fits).length;
  const { commit, paused, landing_id, last_drill } = state.projects.get(name) ?? {};
  return {
    ...{ name, settings, policy_sha256, landing: landing_id !== undefined },
    ...(commit === undefined ? {} : { commit }),
    ...(paused === undefined ? {} : { paused }),
    ...(last_drill ? { last_drill } : {}),
    open_changes: count((one) => !ENDED.has(one)),
    ready_changes: count((one) => one === 'ready_for_merge'),
    landed_changes: count((one) => one === 'landed'),
  };
}

const changesTo = ({ changes }: ChangesState, name: string) => [...changes.values()].filter(({ project }) => project === name);
