import { PERSON_IDS } from '../../contract/actor.ts';
import type { Draft } from './draft.ts';
import type { ChangeEvent } from './events.ts';
import type { Approval, ChangeRecord, ChangesState, Given } from './state.ts';

type Of<Name extends ChangeEvent['event']> = Extract<ChangeEvent, { event: Name }>;

/** How long a yes holds. Source: changes, the person's checkpoint. */
export const APPROVAL_MS = 7 * 24 * 60 * 60 * 1_000;

export const isExpired = ({ expires_at }: Approval, at: string): boolean => Date.parse(at) >= Date.parse(expires_at);

/** Why a yes cannot be given like that. It names exactly what stands, and it is a person's, or a policy's that a person set. */
export function approvalRefusal(state: ChangesState, event: Of<'approval_given'>): string | undefined {
  const change = state.changes.get(event.change_id);
  if (!change) return `there is no change ${event.change_id}`;
  if (state.approvals.has(event.approval_id)) return `the id ${event.approval_id} is in use`;
  if (change.phase !== 'handed_in') return `the change is ${inWords(change.phase)}`;
  return (
    writerRefusal(change, event) ??
    bindingRefusal(state, change, event) ??
    standingRefusal(state.approvals.get(change.approval?.approval_id ?? ''), event)
  );
}

export const inWords = (phase: ChangeRecord['phase']): string =>
  phase === 'working' ? 'still being worked on' : phase === 'landing' ? 'being landed' : phase.replace('_', ' ');

/** What no policy approves: tiers that ask, and tests that go, wherever they stand. */
export const needsPerson = ({ tier, removed_tests }: Pick<ChangeRecord, 'tier' | 'removed_tests'>): boolean =>
  tier === 'A' || tier === 'B' || removed_tests.length > 0;

function writerRefusal(change: ChangeRecord, { by, actor, tier, at, expires_at }: Of<'approval_given'>): string | undefined {
  if (by === 'human' && actor !== PERSON_IDS.society) return `${actor} is not the person`;
  if (by === 'policy' && actor !== 'runtime') return `${actor} does not speak for the policy`;
  if (tier === 'A') return 'it touches what no change may touch (tier A)';
  if (by === 'policy' && tier === 'B') return 'what it touches is for the person to approve (tier B)';
  if (by === 'policy' && needsPerson(change)) return 'it takes tests away, which is for the person to approve';
  const lasts = Date.parse(expires_at) - Date.parse(at);
  return lasts > 0 && lasts <= APPROVAL_MS ? undefined : 'an approval holds for seven days at most';
}

/** Every field repeats what stands: an approval of other bytes, of another attempt or another project is none. */
function bindingRefusal({ projects }: ChangesState, change: ChangeRecord, event: Of<'approval_given'>): string | undefined {
  const fields = ['project', 'attempt', 'entries_sha256', 'tree', 'base_tree', 'tier'] as const;
  const other = fields.find((field) => change[field] !== event[field]);
  if (other !== undefined) return `its ${other} is ${change[other]}, not ${event[other]}`;
  const project = projects.get(change.project);
  if (!project) return `the project ${change.project} was not looked at yet`;
  if (project.config_sha256 !== event.policy_sha256) return "the project's part of config/projects.json was changed";
  if (event.mode === 'exact' && (change.behind !== undefined || change.base_commit !== project.commit))
    return 'the branch went on, and this project lands exactly what was approved: it is merged anew first';
  return undefined;
}

const standingRefusal = (standing: Given | undefined, { at }: Of<'approval_given'>): string | undefined =>
  standing && !isExpired(standing, at) ? `it is approved already (${standing.approval_id})` : undefined;

export function voidRefusal({ approvals }: ChangesState, { approval_id }: Of<'approval_void'>): string | undefined {
  const approval = approvals.get(approval_id);
  if (!approval) return `there is no approval ${approval_id}`;
  if (approval.void !== undefined) return `the approval ${approval_id} is void already: ${approval.void}`;
  return approval.used_by === undefined ? undefined : `the approval ${approval_id} is used by the landing ${approval.used_by}`;
}

export function applyApproval(draft: Draft, event: Of<'approval_given' | 'approval_void'>): void {
  const { approvals, inForce } = draft.state;
  if (event.event === 'approval_void') {
    const { change_id = '' } = approvals.get(event.approval_id) ?? {};
    voidOf(draft, change_id, event.at, event.because, ({ approval_id }) => approval_id === event.approval_id);
    return;
  }
  const { event: _, actor: __, ...approval } = event;
  voidOf(draft, event.change_id, event.at, 'it expired', () => true);
  draft.put(approvals, event.approval_id, approval);
  draft.put(inForce, event.approval_id, event.change_id);
  draft.change(event.change_id, event.at, () => ({ approval, approval_void: undefined }));
}

/** Make a change's approval void where it no longer fits. One that its landing is trying at is void once that gives up. */
export function voidOf(
  draft: Draft,
  id: string,
  at: string,
  because: string,
  unfit: (given: Given, change: ChangeRecord) => boolean,
) {
  const { changes, approvals, inForce } = draft.state;
  const change = changes.get(id);
  const approval = approvals.get(change?.approval?.approval_id ?? '');
  if (!change || !approval || approval.void !== undefined || change.phase === 'landed' || !unfit(approval, change)) return;
  draft.put(approvals, approval.approval_id, { ...approval, void: because });
  draft.remove(inForce, approval.approval_id);
  if (change.phase !== 'landing') draft.change(id, at, () => ({ approval: undefined, approval_void: because }));
}

/** The same for all that are in force. */
export function voidWhere(
  draft: Draft,
  at: string,
  because: string,
  unfit: (given: Given, change: ChangeRecord) => boolean,
): void {
  for (const id of [...draft.state.inForce.values()]) voidOf(draft, id, at, because, unfit);
}
