import { approvalRefusal, inWords, voidRefusal } from './approvals.ts';
import type { ChangeEvent } from './events.ts';
import { heldRefusal, landingRefusal } from './landings.ts';
import { restoreEndRefusal, restoreStartRefusal } from './restores.ts';
import type { ChangePhase, ChangeRecord, ChangesState } from './state.ts';

type Of<Name extends ChangeEvent['event']> = Extract<ChangeEvent, { event: Name }>;

/** Why an event does not fit what stands, or undefined when it does. The one rule for writers and for the fold. */
export function changeRefusal(state: ChangesState, event: ChangeEvent): string | undefined {
  switch (event.event) {
    case 'project_seen':
      return seenRefusal(state, event);
    case 'project_paused':
    case 'drill_recorded':
      return state.projects.has(event.project) ? undefined : `the project ${event.project} was not looked at yet`;
    case 'change_opened':
      return openRefusal(state, event);
    case 'integrated':
      return integratedRefusal(state, event);
    case 'approval_given':
      return approvalRefusal(state, event);
    case 'approval_void':
      return voidRefusal(state, event);
    case 'landing_started':
      return landingRefusal(state, event);
    case 'landing_taken':
    case 'landing_finished':
      return heldRefusal(state, event);
    case 'checkpoint_taken':
      return state.checkpoints.has(event.checkpoint_id) ? `the id ${event.checkpoint_id} is in use` : undefined;
    case 'restore_started':
      return restoreStartRefusal(state, event);
    case 'restore_finished':
      return restoreEndRefusal(state, event);
    default: {
      const change = state.changes.get(event.change_id);
      return change ? onChangeRefusal(change, event) : `there is no change ${event.change_id}`;
    }
  }
}

/** What everybody knows already is not told again. */
function seenRefusal({ projects }: ChangesState, { project, config_sha256, branch, commit }: Of<'project_seen'>) {
  const known = projects.get(project);
  const same = known?.config_sha256 === config_sha256 && known.branch === branch && known.commit === commit;
  return same ? `the project ${project} is known as that already` : undefined;
}

function openRefusal({ changes, byTask }: ChangesState, { change_id, task_id, attempt }: Of<'change_opened'>) {
  if (changes.has(change_id)) return `the change ${change_id} is open already`;
  const newest = changes.get(byTask.get(task_id)?.at(-1) ?? '');
  if (!newest) return undefined;
  if (attempt <= newest.attempt) return `attempt ${newest.attempt} of the task ${task_id} has a change already`;
  return newest.phase === 'landing' ? `the change ${newest.change_id} of the task ${task_id} is being landed` : undefined;
}

function integratedRefusal({ changes, batches }: ChangesState, { batch_id, project, members, at_fault }: Of<'integrated'>) {
  if (batches.has(batch_id)) return `the id ${batch_id} is in use`;
  const odd = members.find(({ change_id }) => {
    const change = changes.get(change_id);
    return change?.project !== project || change.phase !== 'handed_in';
  });
  if (odd) return `the change ${odd.change_id} does not wait for integration into ${project}`;
  const stranger = Object.keys(at_fault).find((id) => !members.some(({ change_id }) => change_id === id));
  return stranger === undefined ? undefined : `the change ${stranger} was not in the batch`;
}

type OnChange = Extract<ChangeEvent, { change_id: string }>;
/** The phases of a change in which each may happen to it. */
const WHEN: Readonly<Partial<Record<OnChange['event'], readonly ChangePhase[]>>> = {
  work_saved: ['working'],
  change_handed_in: ['working'],
  tests_added: ['handed_in'],
  change_moved: ['handed_in'],
  check_recorded: ['working', 'handed_in', 'landing'],
  change_behind: ['handed_in'],
  change_ended: ['working', 'handed_in'],
  landing_retried: ['handed_in'],
};

function onChangeRefusal(change: ChangeRecord, event: OnChange): string | undefined {
  if (!WHEN[event.event]?.includes(change.phase)) return `the change ${change.change_id} is ${inWords(change.phase)}`;
  if (event.event === 'work_saved') return stepRefusal(change, event);
  if (event.event === 'tests_added') return testsRefusal(change, event);
  return event.event === 'landing_retried' && !change.held ? `nothing holds the change ${change.change_id}` : undefined;
}

/** Steps are numbered as they were taken: whoever is behind was taken for dead. */
function stepRefusal(change: ChangeRecord, { step }: Of<'work_saved'>): string | undefined {
  const begun = change.step > 0 || change.tree !== change.base_tree;
  return step > change.step || !begun ? undefined : `step ${change.step} of the change ${change.change_id} is saved already`;
}

function testsRefusal(change: ChangeRecord, { by, code_sha256 }: Of<'tests_added'>): string | undefined {
  if (by === change.author_id) return 'nobody does the QA of work of their own';
  return code_sha256 === change.code_sha256 ? undefined : 'they change more than tests';
}
