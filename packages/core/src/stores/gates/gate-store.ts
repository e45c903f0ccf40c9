import { randomBytes } from 'node:crypto';
import { DOCUMENTS, LOGS } from '../../contract/names.ts';
import { GateEvent } from '../../domain/gates/events.ts';
import { applyGateEvent } from '../../domain/gates/fold.ts';
import { gateRefusal } from '../../domain/gates/rules.ts';
import { type Change, emptyGates, type GateState } from '../../domain/gates/state.ts';
import { gatesView } from '../../domain/gates/view.ts';
import { GateOrderError } from '../../errors/index.ts';
import type { Backend } from '../../ports/backend.ts';
import type { SharedLog } from '../../ports/shared-log.ts';
import { openPublisher, type Publisher } from '../views/publisher.ts';

type Untimed<E> = E extends GateEvent ? Omit<E, 'at'> : never;
/** A gate event without its time. */
export type NewGateEvent = Untimed<GateEvent>;

const VIEW = DOCUMENTS.gates;
const ID_BYTES = 5;
/** A new id of the documented form: `chg_`, `vote_`, `test_`, `int_` or `batch_` and ten hex digits. */
export const gateId = (prefix: 'vote' | 'test' | 'int' | 'batch'): string => `${prefix}_${randomBytes(ID_BYTES).toString('hex')}`;

/** The quality gates of a workspace: a log of steps, its fold, and the documented view of it. */
export interface GateStore {
  readonly state: GateState;
  change(taskId: string): Change | undefined;
  /** Do one step; durable when it resolves. @throws GateOrderError when it is out of order, StorageError */
  record(event: NewGateEvent): Promise<void>;
  /** Do one step unless it is out of order; false when somebody else was first. @throws StorageError */
  tryRecord(event: NewGateEvent): Promise<boolean>;
  refresh(): void;
  /** Fold all that anybody was told is written. */
  catchUp(): Promise<void>;
  /** Call back after others' steps came in. Returns the way to stop. */
  follow(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface GateStoreOptions {
  readonly backend: Pick<Backend, 'log' | 'documents' | 'clock'>;
  readonly onViewError?: (error: unknown) => void;
}

/** Open the gates of a workspace. Several processes may have them open; the log's order decides. */
export async function openGates(options: GateStoreOptions): Promise<GateStore> {
  const store = new Store(options);
  await store.open();
  return store;
}

class Store implements GateStore {
  readonly state = emptyGates();
  readonly #options: GateStoreOptions;
  readonly #views: Publisher;
  /** Positions of the events that count, of which a writer of this process waits to hear. */
  readonly #counted = new Set<number>();
  #writing = 0;
  #log!: SharedLog<GateEvent>;

  constructor(options: GateStoreOptions) {
    this.#options = options;
    this.#views = openPublisher(() => this.#publish(), options.onViewError ?? (() => undefined));
  }

  async open(): Promise<void> {
    this.#log = await this.#options.backend.log<GateEvent>(LOGS.gates, {
      parse: (value) => GateEvent.parse(value),
      onRecord: ({ value, position }) => {
        if (applyGateEvent(this.state, value) && this.#writing > 0) this.#counted.add(position);
      },
    });
  }

  change(taskId: string): Change | undefined {
    return this.state.changes.get(taskId);
  }

  async record(event: NewGateEvent): Promise<void> {
    await this.catchUp();
    const timed = GateEvent.parse({ ...event, at: this.#options.backend.clock.now().toISOString() });
    const refusal = gateRefusal(this.state, timed);
    if (refusal !== undefined) throw new GateOrderError(refusal, timed.event);
    if (!(await this.#append(timed))) throw new GateOrderError('something else came first', timed.event);
    this.#views.request();
  }

  /** Whether it counts: something else may have come first. */
  async #append(event: GateEvent): Promise<boolean> {
    this.#writing += 1;
    try {
      const [made] = await this.#log.append([event], { durable: true });
      return made !== undefined && this.#counted.has(made.position);
    } finally {
      this.#writing -= 1;
      if (this.#writing === 0) this.#counted.clear();
    }
  }

  async tryRecord(event: NewGateEvent): Promise<boolean> {
    try {
      await this.record(event);
      return true;
    } catch (error) {
      if (error instanceof GateOrderError) return false;
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

  async close(): Promise<void> {
    await this.#views.close();
    await this.#log.close();
  }

  async #publish(): Promise<void> {
    const { documents } = this.#options.backend;
    await documents.exclusive(VIEW, async (guard) => {
      this.refresh();
      guard.check();
      await documents.put(VIEW, gatesView(this.state));
    });
  }
}
