import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type Outcome, sameWords, type Task, type TaskRecord, type TaskStore } from '@vivarium/core';

const REMEMBERED = 2_000;
/** A summary shorter than this is the whole output. */
const SUMMARY_CHARS = 2_000;

/** Which task's approved output has which hash, so that no task is paid for with another one's work. */
export class Fingerprints {
  readonly #byHash = new Map<string, { task_id: string; prompt: string | undefined }>();
  readonly #files = new Map<string, { task_id: string; approved_ms: number }>();
  readonly #store: TaskStore;
  #loaded = false;

  constructor(store: TaskStore) {
    this.#store = store;
    store.onEvent((_event, record) => {
      if (record.status === 'approved') this.#note(record);
    });
  }

  /** The other task whose approved output this is. The same request may well have the same answer. */
  ownerOf(outcome: Outcome, task: Task): string | undefined {
    this.#load();
    const owner = this.#byHash.get(fingerprint(outcome) ?? '');
    if (!owner || owner.task_id === task.id || owner.prompt === task.prompt) return undefined;
    return related(task, owner.task_id, this.#store) ? undefined : owner.task_id;
  }

  /** The other task that was approved for this file, if the file was not written since. */
  fileOwnerOf(path: string, modifiedMs: number, task: Task): string | undefined {
    this.#load();
    const owner = this.#files.get(posix.normalize(path));
    if (!owner || owner.task_id === task.id || modifiedMs > owner.approved_ms) return undefined;
    return related(task, owner.task_id, this.#store) ? undefined : owner.task_id;
  }

  /** What was approved before this worker began is read when it is first needed. */
  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    const { records } = this.#store.list({ statuses: ['approved'], order: 'newest', limit: REMEMBERED });
    for (const record of records.toReversed()) this.#note(record);
  }

  #note(record: TaskRecord): void {
    const { task, outcome } = record;
    this.#noteFile(record);
    if (outcome?.simulated || outcome?.model_call_avoided || outcome?.tool_route === 'local') return;
    const hash = outcome && fingerprint(outcome);
    if (hash === undefined) return;
    if (!this.#byHash.has(hash)) this.#byHash.set(hash, { task_id: task.id, prompt: task.prompt });
    forgetOldest(this.#byHash);
  }

  /** Events after the approval do not make a file's owner any younger. */
  #noteFile({ task, updated_at }: TaskRecord): void {
    if (task.expect_file === undefined) return;
    const path = posix.normalize(task.expect_file);
    if (this.#files.get(path)?.task_id === task.id) return;
    this.#files.set(path, { task_id: task.id, approved_ms: Date.parse(updated_at) });
    forgetOldest(this.#files);
  }
}

/** Equal for outputs of the same words; what is longer than its summary is told apart byte by byte. */
function fingerprint({ artifact, result_summary }: Outcome): string | undefined {
  if (!artifact) return undefined;
  if (result_summary.length >= SUMMARY_CHARS) return artifact.sha256;
  return createHash('sha256').update(sameWords(result_summary)).digest('hex');
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= REMEMBERED) break;
    map.delete(oldest);
  }
}

/** A task may have what its own step wrote, and a step what its task wants. */
const related = ({ id, parent_task_id }: Task, other: string, store: Pick<TaskStore, 'get'>): boolean =>
  parent_task_id === other || store.get(other)?.task.parent_task_id === id;
