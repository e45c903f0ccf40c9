import { applyApproval, voidWhere } from './approvals.ts';
import { applyChange } from './attempts.ts';
import { Draft } from './draft.ts';
import { type ChangeEvent, type ChangeLine, eventsOf } from './events.ts';
import { applyLanding } from './landings.ts';
import { applyRestore } from './restores.ts';
import { changeRefusal } from './rules.ts';
import type { ChangesState } from './state.ts';

type Of<Name extends ChangeEvent['event']> = Extract<ChangeEvent, { event: Name }>;

/**
 * Put one line into the state: the ids of the changes that it touched, or undefined when it does not count, because one of
 * its events is out of order or something else came first. What the log comes to is this and nothing else.
 */
export function applyChangeLine(state: ChangesState, line: ChangeLine): ReadonlySet<string> | undefined {
  const draft = new Draft(state);
  return refusedIn(draft, eventsOf(line)) === undefined ? draft.touched : undefined;
}

/** Why events do not fit what stands, one after the other; undefined when they do. The state stays as it is. */
export function changesRefusal(state: ChangesState, events: readonly ChangeEvent[]): string | undefined {
  const draft = new Draft(state);
  const refusal = refusedIn(draft, events);
  if (refusal === undefined) draft.takeBack();
  return refusal;
}

function refusedIn(draft: Draft, events: readonly ChangeEvent[]): string | undefined {
  for (const event of events) {
    const refusal = changeRefusal(draft.state, event);
    if (refusal !== undefined) {
      draft.takeBack();
      return refusal;
    }
    apply(draft, event);
  }
  return undefined;
}

function apply(draft: Draft, event: ChangeEvent): void {
  switch (event.event) {
    case 'project_seen':
      seen(draft, event);
      break;
    case 'project_paused':
      onProject(draft, event.project, { paused: event.because });
      break;
    case 'drill_recorded':
      onProject(draft, event.project, { last_drill: { passed: event.passed, detail: event.detail, at: event.at } });
      break;
    case 'integrated':
      integrate(draft, event);
      break;
    case 'approval_given':
    case 'approval_void':
      applyApproval(draft, event);
      break;
    case 'landing_started':
    case 'landing_taken':
    case 'landing_finished':
      applyLanding(draft, event);
      break;
    case 'checkpoint_taken':
      draft.put(draft.state.checkpoints, event.checkpoint_id, bare(event));
      break;
    case 'restore_started':
    case 'restore_finished':
      applyRestore(draft, event);
      break;
    default:
      applyChange(draft, event);
  }
}

function bare<E extends { event: string; actor: string }>({ event: _, actor: __, ...rest }: E): Omit<E, 'event' | 'actor'> {
  return rest;
}

/** An approval rests on the project's block as it was; under `exact` on what the branch showed as well. */
function seen(draft: Draft, { project, config_sha256, branch, commit, at }: Of<'project_seen'>): void {
  const { state } = draft;
  draft.put(state.projects, project, { ...state.projects.get(project), project, config_sha256, branch, commit });
  const because = "the project's part of config/projects.json was changed";
  voidWhere(draft, at, because, (approval) => approval.project === project && approval.policy_sha256 !== config_sha256);
  voidWhere(draft, at, 'the branch went on', (approval, change) => {
    return approval.project === project && approval.mode === 'exact' && change.base_commit !== commit;
  });
}

function onProject(draft: Draft, name: string, edit: object): void {
  const project = draft.state.projects.get(name);
  if (project) draft.put(draft.state.projects, name, { ...project, ...edit });
}

function integrate(draft: Draft, event: Of<'integrated'>): void {
  draft.put(draft.state.batches, event.batch_id, bare(event));
  for (const { change_id } of event.members) draft.touch(change_id);
  for (const [id, why] of Object.entries(event.at_fault))
    draft.change(id, event.at, ({ reasons }) => ({ reasons: [...reasons, `integration: ${why}`] }));
}
