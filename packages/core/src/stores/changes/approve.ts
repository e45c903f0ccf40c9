import { randomBytes } from 'node:crypto';
import { PERSON_IDS } from '../../contract/actor.ts';
import { APPROVAL_MS, isExpired, needsPerson } from '../../domain/changes/approvals.ts';
import type { Approval, ChangeRecord, ProjectRecord } from '../../domain/changes/state.ts';
import { ChangeNotFoundError, ChangeOrderError } from '../../errors/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Project } from '../../ports/projects.ts';
import type { ChangeStore, NewChangeEvent } from './change-store.ts';

export interface ApproveDeps {
  readonly changes: ChangeStore;
  readonly clock: Clock;
}

/** A change by its id or by that of its task, then the newest, as everybody was told it stands. @throws ChangeNotFoundError */
export async function changeNamed(changes: ChangeStore, id: string): Promise<ChangeRecord> {
  await changes.catchUp();
  const change = changes.change(id) ?? changes.ofTask(id);
  if (!change) throw new ChangeNotFoundError(id);
  return change;
}

/** The yes that a change could land with at this moment. */
export const yesOf = ({ approval, phase }: ChangeRecord, at: string): Approval | undefined =>
  approval && phase === 'handed_in' && !isExpired(approval, at) ? approval : undefined;

/**
 * Approve a change as it stands in `change`; a yes that holds already is that one. Of two at once one counts, and both hear
 * of it. @throws ChangeOrderError when it cannot be approved, or is another by then
 */
export async function giveApproval(
  deps: ApproveDeps,
  change: ChangeRecord,
  project: Project,
  by: Approval['by'],
): Promise<Approval> {
  const { changes, clock } = deps;
  const holding = async () => yesOf(await changeNamed(changes, change.change_id), clock.now().toISOString());
  const before = await holding();
  if (before?.entries_sha256 === change.entries_sha256 && before.policy_sha256 === project.policy_sha256) return before;
  try {
    await changes.record(...seenNow(changes, change, project), approvalOf(clock, change, project, by));
  } catch (error) {
    const first = await holding();
    if (!(error instanceof ChangeOrderError) || first?.entries_sha256 !== change.entries_sha256) throw error;
  }
  const yes = await holding();
  if (!yes) throw new ChangeOrderError('it changed while it was approved', ['approval_given'], change.change_id);
  return yes;
}

/** The file may have been changed while nobody looked: a yes is bound to what it says at this moment. */
function seenNow(
  { state }: ChangeStore,
  { base_commit }: ChangeRecord,
  { name, settings, policy_sha256 }: Project,
): NewChangeEvent[] {
  const known = state.projects.get(name);
  if (known?.config_sha256 === policy_sha256) return [];
  const commit = known?.commit ?? base_commit;
  return [
    { event: 'project_seen', actor: 'runtime', project: name, config_sha256: policy_sha256, branch: settings.branch, commit },
  ];
}

const ID_BYTES = 5;
function approvalOf(clock: Clock, change: ChangeRecord, project: Project, by: Approval['by']): NewChangeEvent {
  const { change_id, attempt, entries_sha256, base_tree, tree, tier } = change;
  const { name, policy_sha256, settings } = project;
  return {
    ...{ event: 'approval_given', actor: by === 'human' ? PERSON_IDS.society : 'runtime', by },
    ...{ approval_id: `apr_${randomBytes(ID_BYTES).toString('hex')}`, change_id, project: name, attempt, entries_sha256 },
    ...{ base_tree, tree, tier, policy_sha256, mode: settings.approval },
    expires_at: new Date(clock.now().getTime() + APPROVAL_MS).toISOString(),
  };
}

/**
 * Whether the policy a person set approves a change by itself; `everything` is asked for under `VIVARIUM_APPROVAL=human`, and
 * while the way back does not work, as the log knows the project.
 */
export function policyApproves(
  change: Pick<ChangeRecord, 'tier' | 'removed_tests'>,
  { settings }: Project,
  asks: 'evidence' | 'human',
  known: Pick<ProjectRecord, 'last_drill'> | undefined,
): boolean {
  return asks !== 'human' && settings.land === 'auto' && known?.last_drill?.passed !== false && !needsPerson(change);
}
