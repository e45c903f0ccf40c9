import {
  type Clock,
  DOCUMENTS,
  type Documents,
  failuresAt,
  type Logger,
  ModelHistory,
  type ModelPast,
  modelRuns,
  pastOf,
  patternOf,
  remembered,
  TASK_STATUSES,
  type TaskEvent,
  type TaskRecord,
  type TaskStore,
} from '@vivarium/core';

export interface ModelMemoryDeps {
  /** `.swarm/model_history.json` */
  readonly documents: Documents;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly isCheapest: (model: string) => boolean;
}

/** A verdict on what the cheapest tier made. */
interface Lesson {
  readonly pattern: string;
  readonly passed: boolean;
  readonly at: string;
}

const VERDICTS: ReadonlySet<TaskEvent['event']> = new Set(['task_approved', 'task_accepted', 'task_rejected', 'task_reviewed']);

/**
 * How tasks went with the models they were given, folded from the verdicts in the task log: a task's own earlier attempts,
 * and which kinds of task the cheapest tier failed. The latter is kept in a file, with the position up to which the log is in
 * it, so that no verdict counts twice. Whoever deletes an entry there has it forgotten.
 */
export class ModelMemory {
  readonly #deps: ModelMemoryDeps;
  #history: ModelHistory | undefined;
  /** What the file was when it was last read: a person may change it. */
  #stamp = '';
  /** Tasks that were judged, each with the position of the first verdict that is not in the file. */
  readonly #heard = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(deps: ModelMemoryDeps) {
    this.#deps = deps;
  }

  static async open(deps: ModelMemoryDeps): Promise<ModelMemory> {
    const memory = new ModelMemory(deps);
    memory.#history = await deps.documents.get(DOCUMENTS.modelHistory, ModelHistory);
    deps.store.onEvent((event, record, position) => memory.#hear(event, record, position));
    if (!memory.#history) return memory;
    // What was judged while no API ran.
    const from = Math.min(memory.#history.position, deps.store.position);
    for (const status of TASK_STATUSES)
      for (const id of deps.store.changedSince(from, status)) {
        const record = deps.store.get(id);
        if (record) memory.#note(record, from);
      }
    return memory;
  }

  /** How the earlier attempts of a task went; of one that the log does not know, nothing. */
  pastOf(task_id: string | undefined, attempt: number): ModelPast {
    const { store } = this.#deps;
    store.refresh();
    const record = task_id === undefined ? undefined : store.get(task_id);
    const present = attempt || (record?.attempt ?? 1);
    if (!record || present < 2) return { cascaded: false };
    return pastOf(modelRuns(store.history(record.task.id)), present);
  }

  /** How often the cheapest tier failed such a task lately, faded. */
  async failuresOf(prompt: string): Promise<number> {
    this.#deps.store.refresh();
    await this.#settle();
    if (!this.#history || Object.keys(this.#history.patterns).length === 0) return 0;
    return failuresAt(this.#history, patternOf(prompt), this.#deps.clock.now());
  }

  async close(): Promise<void> {
    this.#deps.store.refresh();
    if (this.#history) await this.#settle();
  }

  /** Bring the file up to what is known. A disk that refuses costs no call; it is tried again with the next one. */
  #settle(): Promise<void> {
    const turn = this.#turn.then(() => this.#write());
    this.#turn = turn.catch((err: unknown) =>
      this.#deps.log.warn({ err }, 'how models did could not be kept; it is tried again'),
    );
    return this.#turn.then(() => undefined);
  }

  async #write(): Promise<void> {
    const { documents, store } = this.#deps;
    if (this.#history && this.#heard.size === 0) {
      if (documents.stamp(DOCUMENTS.modelHistory) === this.#stamp) return;
      this.#stamp = documents.stamp(DOCUMENTS.modelHistory);
      this.#history = (await documents.get(DOCUMENTS.modelHistory, ModelHistory)) ?? { ...this.#history, patterns: {} };
      return;
    }
    await this.#count([...this.#heard], store.position);
  }

  /** Put into the file what was said of these tasks up to a position. */
  async #count(heard: readonly (readonly [id: string, from: number])[], position: number): Promise<void> {
    const { documents } = this.#deps;
    this.#heard.clear();
    try {
      this.#history = await documents.update(DOCUMENTS.modelHistory, ModelHistory, (standing) => {
        const start = { ...(standing ?? ModelHistory.parse({})), position };
        const lessons = heard.flatMap(([id, from]) => this.#lessons(id, from, position));
        lessons.sort((a, b) => (a.at < b.at ? -1 : 1));
        return lessons.reduce((history, one) => remembered(history, one.pattern, one.passed, new Date(one.at)), start);
      });
      this.#stamp = documents.stamp(DOCUMENTS.modelHistory);
    } catch (error) {
      for (const [id, from] of heard) this.#heard.set(id, from);
      throw error;
    }
  }

  #hear({ event }: TaskEvent, record: TaskRecord, position: number): void {
    if (VERDICTS.has(event)) this.#note(record, position);
  }

  /** Remember to look at a task. A success says something only of a kind that failed before, so most need no look. */
  #note({ task, attempt, review }: TaskRecord, position: number): void {
    if (!this.#history || task.prompt === undefined || this.#heard.has(task.id)) return;
    const smooth = attempt === 1 && review?.verdict !== 'REJECT';
    if (smooth && this.#heard.size === 0 && !this.#failedBefore(this.#history, task.prompt)) return;
    this.#heard.set(task.id, position);
  }

  #failedBefore({ patterns }: ModelHistory, prompt: string): boolean {
    return Object.keys(patterns).length > 0 && patternOf(prompt) in patterns;
  }

  /** The verdicts on a task between two positions, as far as they are about the cheapest tier. */
  #lessons(id: string, from: number, to: number): Lesson[] {
    const { store, isCheapest } = this.#deps;
    const record = store.get(id);
    if (record?.task.prompt === undefined) return [];
    const pattern = patternOf(record.task.prompt);
    return modelRuns(store.history(id)).flatMap(({ model, simulated, verdict }) => {
      const place = record.positions[verdict?.index ?? -1] ?? -1;
      const counts = place >= from && place < to && !simulated && isCheapest(model);
      return verdict && counts ? [{ pattern, passed: verdict.passed, at: verdict.at }] : [];
    });
  }
}
