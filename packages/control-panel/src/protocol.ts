import type {
  ActionEntry,
  ArtifactRef,
  Explanation,
  Hold,
  Intent,
  LockFile,
  Outcome,
  Review,
  SafetyReport,
  StatusReport,
  Task,
  TaskEvent,
  TaskStatus,
} from '@vivarium/core';
import type { SocietyChange } from './protocol-society.ts';
import type { CallLine, GateRow } from './protocol-work.ts';

/**
 * Everything that passes between the panel's server and its page. Types only, so that the page carries no server code.
 * Money is US dollars; instants are ISO 8601 in UTC.
 */

export type SwitchState = 'running' | 'paused' | 'halted';

export interface SwitchView {
  readonly state: SwitchState;
  readonly reason?: string;
}

/** One task as a list shows it. */
export interface TaskRow {
  readonly id: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly resident?: string;
  /** Present while a worker holds the task. */
  readonly lease?: { readonly worker_id: string; readonly claimed_at: string };
  /** Present while the task stands still until a person acts. */
  readonly hold?: Hold;
  readonly not_before?: string;
  readonly depends_on: readonly string[];
  readonly parent_task_id?: string;
  readonly priority: number;
  readonly spent_usd: number;
  readonly max_budget: number;
  readonly simulated: boolean;
  /** The newest reason why it failed, was blocked or sent round again. */
  readonly reason?: string;
  readonly added_at: string;
  readonly updated_at: string;
}

/** A finished sentence about something that happened, with the names to link it. */
export interface LogLine {
  readonly at: string;
  readonly source: 'task' | 'action';
  /** `task_approved`, or the action's type. */
  readonly kind: string;
  readonly actor: string;
  readonly text: string;
  readonly task_id?: string;
}

export interface BudgetView {
  readonly cap_usd: number;
  readonly spent_usd: number;
  readonly reserved_usd: number;
  readonly since: string;
}

export type Counts = Readonly<Record<TaskStatus, number>> & { readonly total: number };

export interface WorkerView {
  readonly worker_id: string;
  readonly live: boolean;
  readonly pid: number;
  readonly beat_at: string;
  readonly started_at: string;
  readonly concurrency: number;
  readonly running: readonly string[];
}

/** What the execution API says of its way to a model; `reachable: false` when it does not answer. */
export type ProviderView =
  | { readonly reachable: false; readonly detail: string; readonly fix: string }
  | ({ readonly reachable: true } & StatusReport['provider']);

export interface IdentityRow {
  readonly id: string;
  readonly name: string;
  readonly tokens: number;
  readonly sessions: number;
  readonly tasks_completed: number;
  readonly profile_display: string | null;
  readonly traits: readonly string[];
  readonly values: readonly string[];
  readonly level: number;
  readonly respec_cost: number;
  readonly summary: string;
  readonly journal_tokens: number;
  readonly tasks_failed: number;
  /** Per cent, one decimal. */
  readonly task_success_rate: number;
  readonly awake: boolean;
  readonly hat: string | null;
  readonly guild: string | null;
}

/** Whether a Groq key is set; the key itself never comes back. */
export interface KeyState {
  readonly success: true;
  readonly configured: boolean;
  readonly source: 'env' | 'security_file' | null;
  readonly masked_key: string | null;
}

/** What changed. Every one gets the next whole number as its `seq`. */
export type FeedChange =
  | { readonly kind: 'task'; readonly row: TaskRow; readonly line: LogLine }
  | { readonly kind: 'action'; readonly line: LogLine }
  | { readonly kind: 'stats'; readonly counts: Counts; readonly budget: BudgetView }
  | { readonly kind: 'switch'; readonly switch: SwitchView }
  | { readonly kind: 'workers'; readonly workers: readonly WorkerView[] }
  | { readonly kind: 'provider'; readonly provider: ProviderView }
  | SocietyChange;

export type FeedEvent = FeedChange & { readonly seq: number };

/** The whole picture at one `seq`; events continue from `seq + 1`. `epoch` changes when the server restarts. */
export interface Snapshot {
  readonly seq: number;
  readonly epoch: string;
  readonly at: string;
  readonly switch: SwitchView;
  readonly budget: BudgetView;
  readonly counts: Counts;
  readonly workers: readonly WorkerView[];
  readonly provider: ProviderView;
  readonly at_work: readonly TaskRow[];
  readonly needs_you: readonly TaskRow[];
  /** The tasks that changed last, newest last. */
  readonly latest: readonly TaskRow[];
  readonly recent: readonly LogLine[];
  readonly identities: readonly IdentityRow[];
  readonly settings: {
    readonly approval: 'evidence' | 'human';
    readonly docs_only: boolean;
    readonly default_model: string;
    /** What the workspace's file `DEMO` says: a world that a script plays. Shown on every page. */
    readonly demo?: string;
  };
}

export interface ServerToClient {
  snapshot(snapshot: Snapshot): void;
  event(event: FeedEvent): void;
  log_entry(entry: ActionEntry): void;
  identities(rows: readonly IdentityRow[]): void;
  stop_status(status: StopStatus): void;
}

/** What a reconnecting socket says of the last event it saw. */
export interface SocketAuth {
  readonly seq?: number;
  readonly epoch?: string;
}

export interface StopStatus {
  readonly stopped: boolean;
  readonly reason: string | null;
}

export interface TaskPage {
  readonly success: true;
  readonly tasks: readonly TaskRow[];
  readonly next_cursor: string | null;
  readonly counts: Counts;
}

/** One task, whole. `output` is the artifact's text, cut at 64 KB for the page. */
/** What the model of a running task has said so far: the end of it, and how long it is in all. */
export interface LiveText {
  readonly success: true;
  readonly running: boolean;
  readonly text: string;
  readonly chars: number;
  readonly started_at?: string;
}

export interface TaskDetail {
  readonly success: true;
  readonly id: string;
  readonly status: TaskStatus;
  readonly row: TaskRow;
  readonly task: Task;
  readonly outcome?: Outcome;
  readonly review?: Review;
  readonly safety_report?: SafetyReport;
  readonly feedback?: { readonly issues: readonly string[]; readonly suggestions: readonly string[] };
  readonly reasons: readonly string[];
  readonly events: readonly TaskEvent[];
  readonly lines: readonly LogLine[];
  readonly explanation: Explanation;
  readonly output?: OutputPreview;
  /** What the runtime understood of it, once it did. */
  readonly intent?: Intent;
  /** The steps it was broken into. */
  readonly children?: readonly string[];
  /** Every call to a model that was made for it, as far as remembered. */
  readonly calls: readonly CallLine[];
  /** Its way through the quality gates, once it is on it. */
  readonly gates?: readonly GateRow[];
  /** What its lock file says, while there is one. */
  readonly lock?: LockFile;
}

export interface OutputPreview {
  readonly text: string;
  readonly format: 'markdown' | 'json' | 'diff' | 'text';
  readonly bytes: number;
  readonly cut: boolean;
  readonly artifact?: ArtifactRef;
}

export interface TaskAdded {
  readonly success: true;
  readonly task_ids: readonly string[];
  readonly known: readonly string[];
}

export interface EventsPage {
  readonly success: true;
  readonly epoch: string;
  readonly seq: number;
  readonly events: readonly FeedEvent[];
  /** true when events between `after` and the first one here are no longer kept. */
  readonly gap: boolean;
}

/** Every refusal of the panel: words for a person, a code for a script, the field where one is at fault. */
export interface Refusal {
  readonly success: false;
  readonly error: string;
  readonly code: string;
  readonly fix?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}
