import { setImmediate } from 'node:timers/promises';
import type { TaskRecord, TaskStore } from '@vivarium/core';

/** Records a turn takes: so few that requests pass in between, and that what was folded for them is young garbage. */
const SLICE = 5;

/**
 * Go through every task that stands, newest first, a slice at a time. Finished tasks have to be folded again from the log,
 * which takes seconds for a hundred thousand; nobody waits for it. `onTask` also hears whether the task has changed since;
 * `breathe` lets others work between two slices.
 */
export function recallTasks(
  store: TaskStore,
  onTask: (record: TaskRecord, changed: boolean) => void,
  breathe: () => Promise<unknown> = setImmediate,
) {
  const changed = new Set<string>();
  const off = store.onEvent((_event, record) => changed.add(record.task.id));
  const state = { stopped: false, done: false };
  const walk = async (): Promise<void> => {
    let cursor: string | undefined;
    do {
      const page = store.list({ limit: SLICE, order: 'newest', ...(cursor ? { cursor } : {}) });
      for (const record of page.records) onTask(record, changed.has(record.task.id));
      cursor = page.next;
      await breathe();
    } while (cursor !== undefined && !state.stopped);
  };
  const finished = walk().finally(() => {
    state.done = !state.stopped;
    off();
  });
  return {
    /** Whether it has been through all of them. */
    done: () => state.done,
    /** Stop early; resolves once nothing is read any more. */
    async stop(): Promise<void> {
      state.stopped = true;
      await finished.catch(() => undefined);
    },
    finished,
  };
}
