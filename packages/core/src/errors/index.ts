import { type FieldProblem, fieldProblemLines } from './field-problems.ts';
import { type ExitReason, VivariumError } from './vivarium-error.ts';

export { type FieldProblem, fieldProblemLine, fieldProblemLines, fieldProblemsOf } from './field-problems.ts';
export { inWords, refusalBehind, type Told } from './in-words.ts';
export { type Disposition, type ErrorDetails, type ExitReason, VivariumError } from './vivarium-error.ts';

/** Input that does not fit its contract. Nothing was changed. HTTP 400. */
export class InvalidInputError extends VivariumError {
  readonly code: string = 'VIV_INVALID_INPUT';
  readonly status = 400;
  readonly disposition = 'fail';
  override readonly exit: ExitReason = 'usage';
  readonly problems: readonly FieldProblem[];

  constructor(what: string, problems: readonly FieldProblem[], fix?: string, data: Readonly<Record<string, unknown>> = {}) {
    super(`${what}: ${fieldProblemLines(problems)}`, { ...(fix ? { fix } : {}), data: { ...data, problems } });
    this.problems = problems;
  }
}

/** No task has this id. HTTP 404. */
export class TaskNotFoundError extends VivariumError {
  readonly code = 'VIV_TASK_NOT_FOUND';
  readonly status = 404;
  readonly disposition = 'fail';
  override readonly exit = 'nothing';

  constructor(taskId: string) {
    super(`There is no task ${taskId}`, { fix: 'List the ids with: pnpm worker list', data: { task_id: taskId } });
  }
}

/** What was asked does not fit the task's state or what already exists. Nothing was changed. HTTP 409. */
export class TaskConflictError extends VivariumError {
  readonly code = 'VIV_TASK_CONFLICT';
  readonly status = 409;
  readonly disposition = 'fail';
}

/** A step of the quality gates that is out of order, or came second. Nothing was changed. HTTP 409. */
export class GateOrderError extends VivariumError {
  readonly code = 'VIV_GATE_ORDER';
  readonly status = 409;
  readonly disposition = 'fail';
  override readonly exit = 'nothing';

  constructor(reason: string, event: string) {
    super(`The step ${event} does not fit: ${reason}`, {
      fix: 'Look at what the gates wait for: pnpm worker gate list',
      data: { event },
    });
  }
}

/** No change has this id, and no task of it has one. HTTP 404. */
export class ChangeNotFoundError extends VivariumError {
  readonly code = 'VIV_CHANGE_NOT_FOUND';
  readonly status = 404;
  readonly disposition = 'fail';
  override readonly exit = 'nothing';

  constructor(id: string) {
    super(`There is no change ${id}`, { fix: 'List them with: pnpm worker change list', data: { id } });
  }
}

/** A step of a change that is out of order, or came second. Nothing was changed. HTTP 409. */
export class ChangeOrderError extends VivariumError {
  readonly code = 'VIV_CHANGE_ORDER';
  readonly status = 409;
  readonly disposition = 'fail';

  /** `person` replaces words and fix where it is a person's own word that came too late. */
  constructor(reason: string, events: readonly string[], changeId?: string, person?: { message: string; fix: string }) {
    super(person?.message ?? `${events.join(', ')} does not fit: ${reason}`, {
      fix: person?.fix ?? `Look at where it stands: pnpm worker change ${changeId ? `show ${changeId}` : 'list'}`,
      data: { events },
    });
  }
}

/** What was to be approved is not what stands. Nothing was done. HTTP 409. */
export class ChangeMovedError extends VivariumError {
  readonly code = 'VIV_CHANGE_MOVED';
  readonly status = 409;
  readonly disposition = 'fail';
}

/** No checkpoint has this id. HTTP 404. */
export class CheckpointNotFoundError extends VivariumError {
  readonly code = 'VIV_CHECKPOINT_NOT_FOUND';
  readonly status = 404;
  readonly disposition = 'fail';
  override readonly exit = 'nothing';

  constructor(id: string) {
    super(`There is no checkpoint ${id}`, { fix: 'List them with: pnpm worker checkpoint list', data: { checkpoint_id: id } });
  }
}

/** A restore that cannot be done at this moment, or would take back more than was said. Nothing was done. HTTP 409. */
export class RestoreRefusedError extends VivariumError {
  readonly code = 'VIV_RESTORE_REFUSED';
  readonly status = 409;
  readonly disposition = 'fail';
}

/** The claim on a task now belongs to somebody else: stop at once and write nothing. HTTP 409. */
export class LeaseLostError extends VivariumError {
  readonly code = 'VIV_LEASE_LOST';
  readonly status = 409;
  readonly disposition = 'abandon';

  constructor(taskId: string, epoch: number) {
    super(`The claim on task ${taskId} at epoch ${epoch} is no longer held`, { data: { task_id: taskId, epoch } });
  }
}

/** A log could not be written or read. After a failed sync the process must stop: its page cache proves nothing. */
export class StorageError extends VivariumError {
  readonly code = 'VIV_STORAGE';
  readonly status = 503;
  readonly disposition = 'retry_after_backoff';
  /** true after a failed sync: nothing this process wrote can be trusted any more. */
  readonly fatal: boolean;

  constructor(message: string, details: { fix?: string; cause?: unknown; fatal?: boolean } = {}) {
    super(message, details);
    this.fatal = details.fatal ?? false;
  }
}

/** true for a failure after which this process can trust nothing it wrote. */
export const isFatal = (error: unknown): boolean => error instanceof StorageError && error.fatal;

/** A world that a newer version has opened: this one could not read all of it. Nothing was touched. HTTP 409. */
export class WorldTooNewError extends VivariumError {
  readonly code = 'VIV_WORLD_TOO_NEW';
  readonly status = 409;
  readonly disposition = 'fail';

  constructor(world: { format: number; version: string }, own: { format: number; version: string }) {
    const message = `Vivarium ${world.version} (format ${world.format}) has opened this world; this is ${own.version} (format ${own.format}), which would not understand all of it`;
    const fix = `Start version ${world.version} or a newer one, or restore the backup from before the upgrade (docs/upgrade.md)`;
    super(message, { fix, data: { world, own } });
  }
}

/** No skill has this name. HTTP 404. */
export class SkillNotFoundError extends VivariumError {
  readonly code = 'VIV_SKILL_NOT_FOUND';
  readonly status = 404;
  readonly disposition = 'fail';
  override readonly exit = 'nothing';

  constructor(name: string) {
    super(`There is no skill ${name}`, { fix: 'List them with: pnpm worker skill list', data: { name } });
  }
}
