import type { Task, TaskRecord, TaskStore } from '@vivarium/core';

const REMEMBERED = 2_000;

/** Which task's approved output has which hash, so that no task is paid for with another one's work. */
export class Fingerprints {
  readonly #byHash = new Map<string, { task_id: string; prompt: string | undefined }>();
  readonly #store: TaskStore;
  #loaded = false;

  constructor(store: TaskStore) {
    this.#store = store;
    store.onEvent((_event, record) => {
      if (record.status === 'approved') this.#note(record);
    });
  }

  /** The other task whose approved output this is. The same request may well have the same answer. */
  ownerOf(sha256: string, task: Task): string | undefined {
    this.#load();
    const owner = this.#byHash.get(sha256);
    if (!owner || owner.task_id === task.id || owner.prompt === task.prompt) return undefined;
    return related(task, owner.task_id, this.#store) ? undefined : owner.task_id;
  }

  /** What was approved before this worker began is read when it is first needed. */
  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    const { records } = this.#store.list({ statuses: ['approved'], order: 'newest', limit: REMEMBERED });
    for (const record of records.toReversed()) this.#note(record);
  }

  #note({ task, outcome }: TaskRecord): void {
    if (!outcome?.artifact || outcome.simulated || outcome.model_call_avoided || outcome.tool_route === 'local') return;
    const { sha256 } = outcome.artifact;
    if (!this.#byHash.has(sha256)) this.#byHash.set(sha256, { task_id: task.id, prompt: task.prompt });
    for (const oldest of this.#byHash.keys()) {
      if (this.#byHash.size <= REMEMBERED) break;
      this.#byHash.delete(oldest);
    }
  }
}

/** A task may have what its own step wrote, and a step what its task wants. */
const related = ({ id, parent_task_id }: Task, other: string, store: Pick<TaskStore, 'get'>): boolean =>
  parent_task_id === other || store.get(other)?.task.parent_task_id === id;
