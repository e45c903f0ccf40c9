/** What the worker does about a failure. Source: architecture, a task's life. */
export type Disposition = 'retry_after_backoff' | 'fail' | 'block' | 'hold_for_person' | 'abandon';

/** What a command ends with: its exit code says one of these. */
export type ExitReason = 'failed' | 'usage' | 'nothing' | 'safety' | 'budget';

export interface ErrorDetails {
  /** What to do about it, in one sentence a person can follow. */
  fix?: string;
  /** Numbers and names for the log; never a secret. */
  data?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/** The one base of every failure we raise on purpose: a stable code, an HTTP status, and what happens next. */
export abstract class VivariumError extends Error {
  abstract readonly code: string;
  abstract readonly status: number;
  abstract readonly disposition: Disposition;
  readonly exit: ExitReason = 'failed';
  readonly fix: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.fix = details.fix;
    this.data = details.data ?? {};
  }
}
