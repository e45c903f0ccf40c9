import type { TaskEvent } from '../contract/event.ts';
import type { Feedback, Hold, Outcome, Review, SafetyReport } from '../contract/outcome.ts';
import type { TaskStatus } from '../contract/status.ts';
import type { Task } from '../contract/task.ts';
import type { Intent } from '../domain/intent/types.ts';

/** All that is known of one task, as folded from its events. */
export interface TaskRecord {
  readonly task: Task;
  readonly status: TaskStatus;
  /** Rises when a review or a person sends the task round again; starts at 1. */
  readonly attempt: number;
  /** The attempt with which the present series began: 1, or the one a person's `retry` started. Limits count from it. */
  readonly first_attempt: number;
  /** Rises on every claim; 0 before the first. */
  readonly epoch: number;
  /** Failed executions within this attempt (provider down, time-out); a new attempt starts at 0. */
  readonly failures: number;
  /** How often a worker died over this attempt before a checkpoint stood. */
  readonly takeovers: number;
  /** Order of arrival. */
  readonly seq: number;
  readonly added_at: string;
  readonly updated_at: string;
  /** Position of the last event that changed the task's body. */
  readonly body_position: number;
  /** Positions of all counted events, oldest first. */
  readonly positions: readonly number[];
  /** The claim in force, while a worker has the task. */
  readonly lease?: Lease;
  /** The execution of this attempt, once it is done: the checkpoint. */
  readonly outcome?: Outcome;
  readonly review?: Review;
  readonly hold?: Hold;
  /** The quality gate at which it stands and what that waits for. When only a person can help, `hold` says the same. */
  readonly gate?: Hold;
  readonly feedback?: Feedback;
  readonly not_before?: { readonly at: string; readonly delay_ms: number; readonly set_at: string };
  /** Why it failed, was blocked, cancelled or requeued, newest last. */
  readonly reasons: readonly string[];
  readonly safety_report?: SafetyReport;
  /** The steps this task was broken down into. It goes on, with their results, once all of them are approved. */
  readonly children?: readonly string[];
  /** What is wanted, once a worker read it from the task. */
  readonly intent?: Intent;
  /** Residents who declined it since a person last redrove it. */
  readonly declined_by?: readonly string[];
  /** US dollars of its own executions over all attempts; what it cost in all is known to `TaskCosts`. */
  readonly spent_usd: number;
}

export interface Lease {
  readonly task_id: string;
  readonly worker_id: string;
  readonly resident_id?: string;
  readonly identity_id?: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly claimed_at: string;
}

export interface Claim {
  readonly record: TaskRecord;
  readonly lease: Lease;
}

export interface ClaimRequest {
  readonly worker_id: string;
  /** At most this many, best first: priority, then order of arrival. */
  readonly limit: number;
  /** Who would do the task; undefined leaves the task to others. Decides pinning, sharding and one body per identity. */
  readonly assign: (task: Task) => { resident_id?: string; identity_id?: string } | undefined;
}

/** What the holder of a claim may say about its task. */
export type WorkerCommand =
  | { readonly kind: 'record_execution'; readonly outcome: Outcome; readonly intent?: Intent }
  /** Several tasks: these run first, and this one goes on when all of them are approved. */
  | { readonly kind: 'expand'; readonly children: readonly Task[]; readonly reason: string; readonly intent?: Intent }
  | { readonly kind: 'record_review'; readonly review: Review }
  /** Its change is ready for merge: what the approval of a task with `gates: true` rests on. */
  | { readonly kind: 'pass_gates' }
  | { readonly kind: 'approve'; readonly review: Review; readonly extra?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'reject'; readonly review: Review; readonly max_attempts: number }
  | { readonly kind: 'hold'; readonly hold: Hold; readonly review?: Review; readonly intent?: Intent }
  | { readonly kind: 'block'; readonly reason: string; readonly safety_report: SafetyReport }
  | { readonly kind: 'retry_later'; readonly reason: string; readonly max_failures: number }
  /** It can go on after this long, and nothing of it failed: the trouble is the provider's, or a limit for everybody. */
  | { readonly kind: 'wait'; readonly reason: string; readonly delay_ms: number }
  | { readonly kind: 'fail'; readonly reason: string }
  /** `declined_by`: a resident gave the task back, and it is for somebody else. */
  | { readonly kind: 'release'; readonly reason: string; readonly declined_by?: string };

/** What a person (or the runtime in a person's name) may say about a task at any time. */
export type PersonCommand =
  /** `gates`: only with it is a task with `gates: true` approved; see `decideAsPerson`. */
  | { readonly kind: 'approve'; readonly note?: string; readonly gates?: 'ready_for_merge' }
  | { readonly kind: 'reject'; readonly reason: string; readonly max_attempts: number }
  /** `task`: with this body from then on, where it has ended; no attempt starts with the old one. */
  | { readonly kind: 'retry'; readonly task?: Task }
  | { readonly kind: 'cancel'; readonly reason?: string }
  /** Take a breakdown back while none of its steps has started: they are cancelled, and the task runs as one. */
  | { readonly kind: 'collapse' }
  | { readonly kind: 'edit'; readonly task: Task }
  /** A task at a quality gate came to another one, or waits for somebody else. */
  | {
      readonly kind: 'gate';
      readonly status: 'pending_review' | 'needs_qa' | 'needs_integration' | 'needs_e2e';
      readonly hold: Hold;
    }
  | { readonly kind: 'unhold'; readonly reason: string };

/** Who or what moves a task next. Every unfinished task has exactly one. */
export type Mover =
  | { readonly kind: 'lease'; readonly worker_id: string; readonly epoch: number; readonly live: boolean }
  | { readonly kind: 'timer'; readonly at: string }
  | { readonly kind: 'dependency'; readonly task_id: string; readonly status: TaskStatus }
  | { readonly kind: 'worker'; readonly live_workers: number }
  | { readonly kind: 'person' }
  | { readonly kind: 'nobody' };

export interface Explanation {
  readonly id: string;
  readonly status: TaskStatus;
  readonly mover: Mover;
  readonly because: string;
  /** The command that helps, e.g. `pnpm worker retry t1`; `none` when nothing is needed. */
  readonly action: string;
}

/** What stands between tasks that need a model and their provider; from `GET /status`. */
export interface ProviderStanding {
  readonly state: 'closed' | 'backing_off' | 'refused';
  readonly because?: string | undefined;
  /** When it is asked again, an instant. */
  readonly until?: string | undefined;
}

export interface ListQuery {
  readonly statuses?: readonly TaskStatus[];
  /** Case-insensitive, in id or prompt. */
  readonly text?: string;
  readonly limit?: number;
  /** From a former page's `next`. */
  readonly cursor?: string;
  readonly order?: 'oldest' | 'newest';
}

/** Tells which workers are alive; the store asks it before a takeover. */
export interface Liveness {
  isLive(worker_id: string): boolean;
  liveWorkers(): readonly string[];
}

/** The record of every task. A backend is anything that passes `describeTaskStore`. */
export interface TaskStore {
  /**
   * Add tasks, all or none. A task that stands already with the same body changes nothing (`known`).
   * @throws InvalidInputError for a missing dependency, a cycle, a twice-used id in the batch
   * @throws TaskConflictError for an id that stands with another body
   */
  add(tasks: readonly Task[], actor: string): Promise<{ readonly added: readonly string[]; readonly known: readonly string[] }>;
  /** Start attempts on the best runnable tasks; also takes over from dead workers, resuming at the checkpoint. */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Say one or more things about a claimed task, all or none; synced before it resolves. @throws LeaseLostError */
  record(lease: Lease, ...commands: readonly WorkerCommand[]): Promise<TaskRecord>;
  /** A person's decision. @throws TaskNotFoundError, TaskConflictError when it does not fit the task's state */
  decide(taskId: string, command: PersonCommand, actor: string): Promise<TaskRecord>;
  get(taskId: string): TaskRecord | undefined;
  list(query?: ListQuery): { readonly records: readonly TaskRecord[]; readonly next?: string };
  /** Ids of tasks in this status whose last event stands at or after `position`: what a former process may have missed. */
  changedSince(position: number, status: TaskStatus): readonly string[];
  counts(): Readonly<Record<TaskStatus, number>> & { readonly total: number };
  /** Every counted event of a task, oldest first. */
  history(taskId: string): readonly TaskEvent[];
  /** `provider`: how it stands with the model provider, where somebody knows. */
  explain(taskId: string, provider?: ProviderStanding): Explanation;
  /** Milliseconds until the next timer is due (0: something is runnable now); undefined: nothing will move by itself. */
  nextDue(): number | undefined;
  /** Fold what other processes wrote and what has arrived here, synchronously. */
  refresh(): void;
  /** Fold all that anybody was told is written: before something is decided that cannot be taken back. */
  catchUp(): Promise<void>;
  /** Hear every counted event from here on, own and others'. Returns the way to stop. */
  onEvent(listener: (event: TaskEvent, record: TaskRecord, position: number) => void): () => void;
  /** Wake when another process wrote. */
  follow(): () => void;
  readonly position: number;
  close(): Promise<void>;
}
