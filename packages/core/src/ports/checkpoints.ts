import type { Drilled, Restored, RestorePreview } from '../domain/changes/restore-view.ts';
import type { Checkpoint } from '../domain/changes/state.ts';

/** Ways back: what every project's branch shows at a moment, kept so that it can be brought back to the byte. */
export interface Checkpoints {
  take(about: { readonly note?: string | undefined; readonly automatic: boolean }): Promise<Checkpoint>;
  /** @throws CheckpointNotFoundError */
  preview(id: string, project?: string): Promise<RestorePreview>;
  /** As new commits on top of what the branches show. @throws CheckpointNotFoundError, RestoreRefusedError; nothing was done then */
  restore(id: string, options: RestoreOptions): Promise<Restored>;
  /** Tries the way back in the store alone, of one project or all; what came of it stands in the log. */
  drill(project?: string): Promise<readonly Drilled[]>;
}

export interface RestoreOptions {
  /** Only this one; otherwise all that the checkpoint holds. */
  readonly project?: string | undefined;
  /** Take back also commits that are not Vivarium's. */
  readonly including_mine: boolean;
}
