import type { Change, ChangeStatus } from '../gates/state.ts';
import { isLost } from '../gates/state.ts';
import { isExpired } from './approvals.ts';
import { type ChangedFile, highestTier } from './entries.ts';
import type { ChangeRecord } from './state.ts';
import { short } from './story.ts';

export const CHANGE_STATES = [
  'working',
  'handed_in',
  'voting',
  'qa',
  'unit',
  'integration',
  'e2e',
  'ready_for_merge',
  'landing',
  'landed',
  'behind',
  'rejected',
  'abandoned',
] as const;
/** Where a change stands, as a person reads it. */
export type ChangeState = (typeof CHANGE_STATES)[number];

const AT_GATE: Readonly<Record<ChangeStatus, ChangeState>> = {
  pending_vote: 'voting',
  needs_qa: 'qa',
  qa_in_progress: 'qa',
  needs_integration: 'integration',
  needs_e2e: 'e2e',
  ready_for_merge: 'ready_for_merge',
  rejected: 'rejected',
  blocked: 'rejected',
};

/** Where a change stands. `gates` is what the quality gates know of its task; of another attempt they say nothing of it. */
export function stateOf(change: ChangeRecord, gates?: Change): ChangeState {
  if (change.phase !== 'handed_in') return change.phase;
  if (change.behind !== undefined) return 'behind';
  if (gates?.attempt !== change.attempt) return 'handed_in';
  if (isLost(gates)) return 'rejected';
  const tested = gates.status === 'qa_in_progress' && (gates.submissions.unit !== undefined || !gates.stages.includes('qa'));
  return tested ? 'unit' : AT_GATE[gates.status];
}

/** The command with which a person approves exactly what stands. */
export const approveCommand = ({ change_id, entries_sha256, tree }: ChangeRecord, mode?: 'exact' | 'same_files'): string =>
  `pnpm worker change approve ${change_id} --entries ${short(entries_sha256)}${mode === 'exact' ? ` --tree ${short(tree)}` : ''}`;

export interface ShownFile {
  readonly path: string;
  /** Its former path, of a file with the same bytes elsewhere. */
  readonly from?: string;
  readonly change: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly tier: ChangedFile['tier'];
  readonly added: number;
  readonly removed: number;
}

/** Changed files for a reader: one deleted and one added with the same bytes are one that was renamed. */
export function shownFiles(files: readonly ChangedFile[]): ShownFile[] {
  const gone = files.filter(({ before, after }) => before && !after);
  const taken = new Set<ChangedFile>();
  const shown = files.flatMap((file): ShownFile[] => {
    const { path, tier, added, removed, before, after } = file;
    if (before || !after) return [];
    const from = gone.find((one) => !taken.has(one) && one.before?.sha256 === after.sha256);
    if (!from) return [{ path, change: 'added', tier, added, removed }];
    taken.add(from);
    return [{ path, from: from.path, change: 'renamed', tier: highestTier([file, from]), added: 0, removed: 0 }];
  });
  for (const file of files) {
    const { path, tier, added, removed, before, after } = file;
    if (before && !taken.has(file)) shown.push({ path, change: after ? 'modified' : 'deleted', tier, added, removed });
  }
  return shown.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A change in a list. */
export function changeLine(change: ChangeRecord, { gates, at }: { readonly gates?: Change | undefined; readonly at: string }) {
  const { change_id, task_id, attempt, project, title, kind, author_id, tier, entries_sha256, files, approval, updated_at } =
    change;
  return {
    ...{ change_id, task_id, attempt, project, state: stateOf(change, gates), title, kind, author: author_id ?? null, tier },
    ...{ entries_sha256, files: files.length, approved: approval !== undefined && !isExpired(approval, at), updated_at },
  };
}

/** A change as `change show --json` gives it. `at` is the moment it is looked at: an approval that expired is none. */
export function shownChange(change: ChangeRecord, { gates, at }: { readonly gates?: Change | undefined; readonly at: string }) {
  const { change_id, task_id, attempt, project, title, kind, author_id, tier, base_commit, base_tree, tree, entries_sha256 } =
    change;
  const { approval, landing, held } = change;
  const expired = approval !== undefined && landing === undefined && isExpired(approval, at);
  return {
    ...{ change_id, task_id, attempt, project, state: stateOf(change, gates), title, kind, author: author_id ?? null, tier },
    ...{ base_commit, base_tree, tree, entries_sha256 },
    files: shownFiles(change.files),
    checks: change.checks.map(({ rule, suite, tree: of, passed, decisive, detail }) => ({
      rule,
      ...(suite === undefined ? {} : { suite }),
      ...{ tree: of, passed, decisive, detail },
    })),
    ...(approval && !expired ? { approval: shownApproval(approval) } : {}),
    ...(landing ? { landing: { commit: landing.commit, at: landing.at } } : {}),
    ...(held ? { held } : {}),
    reasons: [...change.reasons, ...yesReasons(change, expired), ...(gates?.attempt === attempt ? gates.reasons : [])],
  };
}
export type ShownChange = ReturnType<typeof shownChange>;

const shownApproval = ({ approval_id, at, expires_at, tree, entries_sha256 }: NonNullable<ChangeRecord['approval']>) => ({
  ...{ approval_id, at, expires_at, tree, entries_sha256 },
});

function yesReasons({ approval, approval_void, behind, held }: ChangeRecord, expired: boolean): string[] {
  return [
    ...(behind === undefined ? [] : [`behind: ${behind}`]),
    ...(held === undefined ? [] : [`landing: ${held.because}`]),
    ...(expired && approval ? [`the approval expired at ${approval.expires_at}`] : []),
    ...(approval_void === undefined ? [] : [`the approval holds no longer: ${approval_void}`]),
  ];
}
