import { createHash } from 'node:crypto';
import { LOGS } from '../../contract/names.ts';
import { type ChangeEvent, ChangeLine, eventsOf } from '../../domain/changes/events.ts';
import { applyChangeLine, changesRefusal } from '../../domain/changes/fold.ts';
import { type ChangeRecord, type ChangesState, emptyChanges } from '../../domain/changes/state.ts';
import { executionKey } from '../../domain/task/execution-key.ts';
import { ChangeOrderError } from '../../errors/index.ts';
import type { Backend } from '../../ports/backend.ts';
import type { SharedLog } from '../../ports/shared-log.ts';
import { changesSnapshot } from './snapshot.ts';

type Untimed<E> = E extends ChangeEvent ? Omit<E, 'at'> : never;
/** An event of a change without its time. */
export type NewChangeEvent = Untimed<ChangeEvent>;

const ID_DIGITS = 10;
/** The one id of an attempt's change. */
export const changeIdOf = (taskId: string, attempt: number): string =>
  `chg_${createHash('sha256').update(executionKey(taskId, attempt)).digest('hex').slice(0, ID_DIGITS)}`;

/** The changes of a workspace: a log of what happened to them, and its fold. */
export interface ChangeStore {
  readonly state: ChangesState;
  /** How far this process has read the log. */
  readonly position: number;
  change(id: string): ChangeRecord | undefined;
  /** A task's newest change, or that of one attempt. */
  ofTask(taskId: string, attempt?: number): ChangeRecord | undefined;
  /** Everything that counts and touched a change, oldest first, with what was told together with it: see `storyOf`. */
  history(id: string): readonly ChangeEvent[];
  /** Record events, all or none; durable when it resolves. @throws ChangeOrderError when one is out of order, StorageError */
  record(...events: readonly NewChangeEvent[]): Promise<void>;
  /** The same unless one is out of order; false when somebody else was first. @throws StorageError */
  tryRecord(...events: readonly NewChangeEvent[]): Promise<boolean>;
  refresh(): void;
  /** Fold all that anybody was told is written. */
  catchUp(): Promise<void>;
  /** Call back after others' events came in. Returns the way to stop. */
  follow(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface ChangeStoreOptions {
  readonly backend: Pick<Backend, 'log' | 'clock'>;
}

/** Open the changes of a workspace. Several processes may have them open; the log's order decides. */
export async function openChanges(options: ChangeStoreOptions): Promise<ChangeStore> {
  const store = new Store(options);
  await store.open();
  return store;
}

class Store implements ChangeStore {
  readonly state = emptyChanges();
  readonly #backend: ChangeStoreOptions['backend'];
  /** Where the lines stand that touched each change. */
  readonly #positions = new Map<string, number[]>();
  /** Positions of the lines that count, of which a writer of this process waits to hear. */
  readonly #counted = new Set<number>();
  #writing = 0;
  #log!: SharedLog<ChangeLine>;

  constructor({ backend }: ChangeStoreOptions) {
    this.#backend = backend;
  }

  async open(): Promise<void> {
    this.#log = await this.#backend.log<ChangeLine>(LOGS.changes, {
      parse: (value) => ChangeLine.parse(value),
      onRecord: ({ value, position }) => this.#fold(value, position),
      snapshot: changesSnapshot(this.state, this.#positions),
    });
  }

  #fold(line: ChangeLine, position: number): void {
    const touched = applyChangeLine(this.state, line);
    if (!touched) return;
    if (this.#writing > 0) this.#counted.add(position);
    for (const id of touched) {
      const positions = this.#positions.get(id);
      if (positions) positions.push(position);
      else this.#positions.set(id, [position]);
    }
  }

  get position(): number {
    return this.#log.position;
  }

  change(id: string): ChangeRecord | undefined {
    return this.state.changes.get(id);
  }

  ofTask(taskId: string, attempt?: number): ChangeRecord | undefined {
    const all = (this.state.byTask.get(taskId) ?? []).flatMap((id) => this.change(id) ?? []);
    return attempt === undefined ? all.at(-1) : all.find((change) => change.attempt === attempt);
  }

  history(id: string): readonly ChangeEvent[] {
    return this.#log.read(this.#positions.get(id) ?? []).flatMap(eventsOf);
  }

  async record(...events: readonly NewChangeEvent[]): Promise<void> {
    await this.catchUp();
    const line = this.#lineOf(events);
    const names = events.map(({ event }) => event);
    const about = events.flatMap((event) => ('change_id' in event ? (event.change_id ?? []) : []))[0];
    const refusal = changesRefusal(this.state, eventsOf(line));
    if (refusal !== undefined) throw new ChangeOrderError(refusal, names, about);
    if (!(await this.#append(line))) throw new ChangeOrderError('something else came first', names, about);
  }

  #lineOf(events: readonly NewChangeEvent[]): ChangeLine {
    const at = this.#backend.clock.now().toISOString();
    const timed = events.map((event) => ({ ...event, at }));
    return ChangeLine.parse(timed.length === 1 ? timed[0] : { event: 'together', actor: 'runtime', at, events: timed });
  }

  /** Whether it counts: something else may have come first. */
  async #append(line: ChangeLine): Promise<boolean> {
    this.#writing += 1;
    try {
      const [made] = await this.#log.append([line], { durable: true });
      return made !== undefined && this.#counted.has(made.position);
    } finally {
      this.#writing -= 1;
      if (this.#writing === 0) this.#counted.clear();
    }
  }

  async tryRecord(...events: readonly NewChangeEvent[]): Promise<boolean> {
    try {
      await this.record(...events);
      return true;
    } catch (error) {
      if (error instanceof ChangeOrderError) return false;
      throw error;
    }
  }

  refresh(): void {
    this.#log.refresh();
  }

  catchUp(): Promise<void> {
    return this.#log.catchUp();
  }

  follow(listener: () => void): () => void {
    return this.#log.follow(listener);
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
