import type { ChangedFile, Tier } from './entries.ts';
import type { ChangeEvent, Check } from './events.ts';

type Of<Name extends ChangeEvent['event']> = Extract<ChangeEvent, { event: Name }>;
export type ChangeKind = Of<'change_handed_in'>['kind'];

/** What this log alone says of a change; where it stands between hand-in and landing is the quality gates' to say. */
export type ChangePhase = 'working' | 'handed_in' | 'landing' | 'landed' | 'rejected' | 'abandoned';

export type Approval = Omit<Of<'approval_given'>, 'event' | 'actor'>;

/** One attempt's patch. Until it is handed in, `files` is empty and the hashes are ''. */
export interface ChangeRecord {
  readonly change_id: string;
  readonly task_id: string;
  readonly attempt: number;
  readonly project: string;
  readonly executor: string;
  readonly author_id?: string;
  readonly phase: ChangePhase;
  readonly base_commit: string;
  readonly base_tree: string;
  readonly policy_sha256: string;
  /** The newest tree: as saved, as handed in, or as moved onto another base. */
  readonly tree: string;
  /** The newest saved step; 0 before the first. */
  readonly step: number;
  readonly title: string;
  readonly summary: string;
  readonly kind: ChangeKind;
  readonly tier: Tier;
  readonly entries_sha256: string;
  readonly code_sha256: string;
  readonly files: readonly ChangedFile[];
  readonly removed_tests: readonly { readonly name: string; readonly because: string }[];
  readonly prediction?: string;
  readonly origins: readonly string[];
  /** Who brought tests of their own at the gate, and which of the files those are. */
  readonly qa?: { readonly by: string; readonly paths: readonly string[] };
  /** The branch went on since it was verified; why. It is merged anew before it can land. */
  readonly behind?: string | undefined;
  /** The newest of each rule, suite and tree. */
  readonly checks: readonly Check[];
  /** The yes that holds, whatever the clock says of its expiry; of a landed change the one it landed with. */
  readonly approval?: Approval | undefined;
  /** Why the last yes holds no longer; another one clears it. */
  readonly approval_void?: string | undefined;
  readonly landing?: { readonly landing_id: string; readonly commit: string; readonly at: string };
  /** Why the last landing was not done, when only a person can help. */
  readonly held?:
    | {
        readonly why: NonNullable<Of<'landing_finished'>['held']>;
        readonly because: string;
        readonly paths: readonly string[];
      }
    | undefined;
  readonly reasons: readonly string[];
  readonly opened_at: string;
  readonly updated_at: string;
}

export type Landing = Omit<Of<'landing_started'>, 'event' | 'actor'> & {
  readonly finished?: Pick<Of<'landing_finished'>, 'ok' | 'because' | 'held' | 'paths' | 'at'>;
};
export type Integrated = Omit<Of<'integrated'>, 'event' | 'actor'>;
export type Checkpoint = Omit<Of<'checkpoint_taken'>, 'event' | 'actor'>;
export type Restore = Omit<Of<'restore_started'>, 'event' | 'actor'> & {
  readonly finished?: Pick<Of<'restore_finished'>, 'same' | 'because' | 'at'>;
};

export interface ProjectRecord {
  readonly project: string;
  readonly config_sha256: string;
  readonly branch: string;
  readonly commit: string;
  readonly paused?: string | undefined;
  /** The landing that is under way; one at a time. */
  readonly landing_id?: string | undefined;
  readonly last_drill?: Pick<Of<'drill_recorded'>, 'passed' | 'detail' | 'at'>;
}

/** An approval as the log knows it for good: `used_by` is the landing that it was spent on, or that is trying. */
export type Given = Approval & { readonly void?: string; readonly used_by?: string };

/** Everything the log of changes comes to. */
export interface ChangesState {
  readonly changes: Map<string, ChangeRecord>;
  /** Ids of a task's changes, oldest first. */
  readonly byTask: Map<string, string[]>;
  readonly projects: Map<string, ProjectRecord>;
  readonly approvals: Map<string, Given>;
  /** The change of each approval that is neither void nor spent. */
  readonly inForce: Map<string, string>;
  readonly batches: Map<string, Integrated>;
  readonly landings: Map<string, Landing>;
  readonly checkpoints: Map<string, Checkpoint>;
  readonly restores: Map<string, Restore>;
}

export const emptyChanges = (): ChangesState => ({
  changes: new Map(),
  byTask: new Map(),
  projects: new Map(),
  approvals: new Map(),
  inForce: new Map(),
  batches: new Map(),
  landings: new Map(),
  checkpoints: new Map(),
  restores: new Map(),
});
