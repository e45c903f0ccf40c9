import type { ChangeRecord, ChangeStore, Clock, Landing, NewChangeEvent, ProcessIdentity, Project } from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';

export type CheckpointTaken = Extract<NewChangeEvent, { event: 'checkpoint_taken' }>;

/** What a landing needs of whoever lands. */
export interface LandDeps {
  readonly log: ChangeStore;
  readonly store: ProjectStore;
  readonly project: Project;
  readonly clock: Pick<Clock, 'now'>;
  /** Who lands, and the process it is. */
  readonly by: string;
  readonly owner: ProcessIdentity;
  /** False under HALT and PAUSE. */
  mayRun(): boolean;
  /** Whether the process that holds a landing has ended, so that another may go on with it. */
  isGone(landing: Landing): boolean;
  /** The project as the file has it at this moment. */
  projectNow(): Promise<Project | undefined>;
  /** What a resident is called in a commit. */
  nameOf(authorId: string | undefined): string;
  /** Everything as it is before, so that there is a way back. */
  checkpoint(): Promise<CheckpointTaken>;
}

export type LandEnd =
  | { readonly kind: 'landed'; readonly commit: string }
  /** Only a person can help. */
  | { readonly kind: 'held'; readonly because: string; readonly paths: readonly string[] }
  /** It was not done; the change stands where it stood. */
  | { readonly kind: 'refused'; readonly because: string }
  /** It is another's by now, or has to be gone on with later. */
  | { readonly kind: 'open' };

/** Commit message of a landed change. */
export const messageOf = (change: ChangeRecord, approvalId: string): string =>
  [
    `${change.title}\n`,
    ...(change.summary.trim() === '' ? [] : [`${change.summary.trim()}\n`]),
    `Vivarium-Task: ${change.task_id}`,
    `Vivarium-Change: ${change.change_id}`,
    `Vivarium-Entries: ${change.entries_sha256}`,
    `Vivarium-Approval: ${approvalId}`,
    '',
  ].join('\n');
