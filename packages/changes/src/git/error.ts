import { VivariumError } from '@vivarium/core';

/** Git did not do what was asked, or the repository is not what it must be. HTTP 500. */
export class GitError extends VivariumError {
  readonly code = 'VIV_GIT';
  readonly status = 500;
  readonly disposition = 'retry_after_backoff';
}

/** A git that did not end by itself, so that it may have left its locks. */
export const wasKilled = (error: unknown): boolean => error instanceof GitError && error.data['killed'] === true;
