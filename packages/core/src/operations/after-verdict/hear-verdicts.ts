import type { TaskEvent } from '../../contract/event.ts';
import type { TaskRecord, TaskStore } from '../../ports/task-store.ts';
import { followVerdict, type VerdictDeps } from './follow-verdict.ts';

const FINAL_VERDICTS: ReadonlySet<TaskEvent['event']> = new Set([
  'task_approved',
  'task_accepted',
  'task_failed',
  'task_rejected',
  'task_cancelled',
]);

/** Statuses after which something has to be done. */
export const FOLLOWED_STATUSES = ['approved', 'failed', 'cancelled'] as const;

/** Whether an event ended a task in a way that is followed up. */
export const isVerdict = ({ event }: TaskEvent, { status }: TaskRecord): boolean =>
  FINAL_VERDICTS.has(event) && FOLLOWED_STATUSES.some((followed) => followed === status);

export interface HeardVerdicts {
  /** How many wait to be followed up. */
  readonly size: number;
  /** Follow up what was heard. What fails is warned of: a worker makes up for it. */
  followUp(deps: VerdictDeps): Promise<void>;
  stop(): void;
}

/** Hear the verdicts that people give through this process, a cancelled task's steps among them. */
export function hearVerdicts(store: TaskStore, actors: readonly string[]): HeardVerdicts {
  const heard = new Map<string, TaskRecord>();
  const stop = store.onEvent((event, record) => {
    if ('actor' in event && actors.includes(String(event.actor)) && isVerdict(event, record)) heard.set(record.task.id, record);
  });
  return {
    stop,
    get size() {
      return heard.size;
    },
    async followUp(deps) {
      const records = [...heard.values()];
      heard.clear();
      await Promise.all(
        records.map((record) =>
          followVerdict(deps, record).catch((err: unknown) =>
            deps.warn({ task_id: record.task.id, err }, 'a verdict could not be followed up; a worker will do it'),
          ),
        ),
      );
    },
  };
}
