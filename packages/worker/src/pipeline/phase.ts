import type { Intent, Lease, Outcome, Review, RouteDecision, StepResult, Task, TaskRecord, WorkerCommand } from '@vivarium/core';

/** One claimed task on its way through the phases. `record` is renewed after everything that is said about the task. */
export interface TaskRun {
  readonly task: Task;
  readonly lease: Lease;
  /** The task as the log has it at this moment. */
  record: TaskRecord;
  /** The output of this attempt, once it is known: at most what the API hands out; the whole is the artifact. */
  output: string | undefined;
  /** This attempt's execution, also after its record let go of it. */
  executed?: Outcome;
  /** The verdict on this attempt, once there is one. */
  review: Review | undefined;
  /** What is wanted; undefined for a command, which says it all. */
  intent?: Intent;
  /** Which skill does the work, or helps with it. */
  route?: RouteDecision;
  /** What the steps of a task that was broken down came to. */
  results?: readonly StepResult[];
  /** Aborts on HALT and on shutdown; the task is then released and keeps its attempt. */
  readonly signal: AbortSignal;
}

/**
 * How a phase ends, and what it says about the task. The pipeline records it: at once for a checkpoint and at a stop, else
 * together with what comes next. `stop` without a command means that nothing may be written. `expand` lets other tasks
 * run first, whose results this one waits for.
 */
export type PhaseEnd =
  | { readonly kind: 'next'; readonly commands?: readonly WorkerCommand[] }
  | { readonly kind: 'stop'; readonly commands?: readonly WorkerCommand[] }
  | { readonly kind: 'expand'; readonly tasks: readonly Task[]; readonly reason: string };

export const next = (...commands: readonly WorkerCommand[]): PhaseEnd => ({ kind: 'next', commands });
export const stop = (...commands: readonly WorkerCommand[]): PhaseEnd => ({ kind: 'stop', commands });

/**
 * One step of the pipeline. A phase reads and decides; what it decides is recorded by the pipeline. `Deps` is what it may
 * use, of all that a worker has open.
 */
export interface Phase<Deps = unknown> {
  readonly name: string;
  /** True when the task's checkpoint already holds what this phase would find out. */
  readonly done?: (run: TaskRun) => boolean;
  readonly run: (run: TaskRun, deps: Deps) => Promise<PhaseEnd>;
}
