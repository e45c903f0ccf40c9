import { isExpired, voidWhere } from './approvals.ts';
import type { Draft } from './draft.ts';
import type { ChangeEvent } from './events.ts';
import { landingOfRestoreRefusal, openRestore } from './restores.ts';
import type { ChangeRecord, ChangesState, Landing, ProjectRecord } from './state.ts';

type Of<Name extends ChangeEvent['event']> = Extract<ChangeEvent, { event: Name }>;
type Started = Of<'landing_started'>;

/** Why a landing cannot begin: one at a time per project, from what the branch shows, for one approval that holds. */
export function landingRefusal(state: ChangesState, event: Started): string | undefined {
  const project = state.projects.get(event.project);
  if (!project) return `the project ${event.project} was not looked at yet`;
  if (state.landings.has(event.landing_id)) return `the id ${event.landing_id} is in use`;
  if (project.landing_id !== undefined) return `the landing ${project.landing_id} of this project is under way`;
  if (project.commit !== event.from_commit) return `the branch shows ${project.commit}, not ${event.from_commit}`;
  if (!state.checkpoints.has(event.checkpoint_id)) return `there is no checkpoint ${event.checkpoint_id}`;
  if (event.restore_id !== undefined) return landingOfRestoreRefusal(state, event, event.restore_id);
  if (project.paused !== undefined) return `the project is paused: ${project.paused}`;
  const open = openRestore(state, event.project);
  if (open) return `the restore ${open.restore_id} is under way`;
  const change = state.changes.get(event.change_id ?? '');
  return change
    ? (changeLandingRefusal(change, event) ?? yesRefusal(state, project, change, event))
    : `there is no change ${event.change_id}`;
}

/** What goes onto the branch is the change as it was merged with what the branch shows, bytes and all. */
function changeLandingRefusal(change: ChangeRecord, { project, to_tree, from_commit }: Started): string | undefined {
  if (change.phase !== 'handed_in') return `the change ${change.change_id} is ${change.phase}`;
  if (change.project !== project) return `the change ${change.change_id} belongs to ${change.project}`;
  if (change.tier === 'A') return 'it touches what no change may touch (tier A)';
  if (change.behind !== undefined) return `the change ${change.change_id} is behind: ${change.behind}`;
  if (change.base_commit !== from_commit) return `the change ${change.change_id} stands on ${change.base_commit}`;
  return change.tree === to_tree ? undefined : `the tree of the change ${change.change_id} is ${change.tree}`;
}

function yesRefusal(
  { approvals }: ChangesState,
  project: ProjectRecord,
  change: ChangeRecord,
  event: Started,
): string | undefined {
  const approval = approvals.get(event.approval_id ?? '');
  if (!approval) return 'it has no approval';
  const { approval_id } = approval;
  if (approval.change_id !== change.change_id) return `the approval ${approval_id} is of ${approval.change_id}`;
  if (approval.void !== undefined) return `the approval ${approval_id} is void: ${approval.void}`;
  if (approval.used_by !== undefined) return `the approval ${approval_id} was used by the landing ${approval.used_by}`;
  if (isExpired(approval, event.at)) return `the approval ${approval_id} expired at ${approval.expires_at}`;
  if (approval.policy_sha256 !== project.config_sha256) return "the project's part of config/projects.json was changed";
  const exact = approval.mode === 'exact' ? (['tree', 'base_tree'] as const) : [];
  const other = (['entries_sha256', 'attempt', 'project', ...exact] as const).find((field) => approval[field] !== change[field]);
  return other === undefined ? undefined : `the approval ${approval_id} is of another ${other}`;
}

/** A landing is its holder's alone: whoever was taken for dead finishes nothing. */
export function heldRefusal({ landings }: ChangesState, event: Of<'landing_taken' | 'landing_finished'>): string | undefined {
  const landing = landings.get(event.landing_id);
  if (!landing || landing.finished) return `no landing ${event.landing_id} is under way`;
  if (event.event === 'landing_taken')
    return event.epoch > landing.epoch ? undefined : `${landing.by} holds it at epoch ${landing.epoch}`;
  if (event.by !== landing.by || event.epoch !== landing.epoch)
    return `${landing.by} holds it at epoch ${landing.epoch}, not ${event.by} at ${event.epoch}`;
  return undefined;
}

export function applyLanding(draft: Draft, event: Of<'landing_started' | 'landing_taken' | 'landing_finished'>): void {
  const { landings } = draft.state;
  if (event.event === 'landing_started') start(draft, event);
  else {
    const landing = landings.get(event.landing_id);
    if (!landing) return;
    if (event.event === 'landing_finished') finish(draft, landing, event);
    else {
      draft.put(landings, event.landing_id, { ...landing, by: event.by, owner: event.owner, epoch: event.epoch });
      draft.touch(landing.change_id);
    }
  }
}

function start(draft: Draft, event: Started): void {
  const { landings, approvals, projects } = draft.state;
  const { event: _, actor: __, ...landing } = event;
  draft.put(landings, event.landing_id, landing);
  const project = projects.get(event.project);
  if (project) draft.put(projects, event.project, { ...project, landing_id: event.landing_id });
  const approval = approvals.get(event.approval_id ?? '');
  if (!approval) return;
  draft.put(approvals, approval.approval_id, { ...approval, used_by: event.landing_id });
  draft.change(approval.change_id, event.at, () => ({ phase: 'landing', held: undefined }));
}

function finish(draft: Draft, landing: Landing, { ok, because, held, paths, at }: Of<'landing_finished'>): void {
  const { landings, projects, inForce } = draft.state;
  draft.put(landings, landing.landing_id, { ...landing, finished: { ok, because, held, paths, at } });
  const project = projects.get(landing.project);
  if (project)
    draft.put(projects, landing.project, {
      ...project,
      landing_id: undefined,
      ...(ok ? { commit: landing.to_commit } : {}),
    });
  if (!ok) {
    giveBack(draft, landing, { because: because ?? 'the landing was given up', held, paths: paths ?? [] }, at);
    return;
  }
  const { landing_id, to_commit } = landing;
  draft.remove(inForce, landing.approval_id ?? '');
  draft.change(landing.change_id ?? '', at, () => ({ phase: 'landed', landing: { landing_id, commit: to_commit, at } }));
  voidWhere(draft, at, 'the branch went on', ({ mode, project: of }) => mode === 'exact' && of === landing.project);
}

/** Nothing was landed: the yes holds as before, unless something made it void meanwhile. */
function giveBack(
  draft: Draft,
  { change_id = '', approval_id = '' }: Landing,
  { because, held, paths }: { because: string; held: Of<'landing_finished'>['held']; paths: readonly string[] },
  at: string,
): void {
  const { approvals } = draft.state;
  const given = approvals.get(approval_id);
  if (!given) return;
  const { used_by: _, ...approval } = given;
  draft.put(approvals, approval_id, approval);
  draft.change(change_id, at, ({ reasons }) => ({
    phase: 'handed_in',
    ...(given.void === undefined ? {} : { approval: undefined, approval_void: given.void }),
    ...(held === undefined ? { reasons: [...reasons, `landing: ${because}`] } : { held: { why: held, because, paths } }),
  }));
}
