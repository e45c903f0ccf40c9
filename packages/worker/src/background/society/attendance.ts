import { asRuntime, type Clock, cycleOf, isFatal, isoWeek, isSunday, type Lease, type SocietyStore } from '@vivarium/core';
import type { Log } from '../../pipeline/runtime.ts';

export interface AttendanceOptions {
  readonly society: SocietyStore;
  readonly clock: Clock;
  /** Length of a resident's day. */
  readonly daySeconds: number;
  /** False under HALT and PAUSE: days do not advance then. */
  readonly running: () => boolean;
  readonly log: Log;
}

interface Presence {
  readonly cycle_id: number;
  /** Whether the resident woke in the body that this worker has for it. */
  readonly awake: Promise<boolean>;
}

/** Wakes residents when their work of a cycle begins and puts them to sleep when the worker ends. */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #present = new Map<string, Presence>();
  readonly #asked = new Set<string>();
  #granting: Promise<void> = Promise.resolve();

  constructor(options: AttendanceOptions) {
    this.#options = options;
  }

  /**
   * Work begins: its resident wakes, once in a cycle. Trouble is logged and never reaches the task.
   * @throws StorageError when the disk can no longer be trusted
   */
  async begin({ identity_id, resident_id }: Pick<Lease, 'identity_id' | 'resident_id'>): Promise<void> {
    const { clock, daySeconds, running } = this.#options;
    if (identity_id === undefined || resident_id === undefined || !running()) return;
    const cycle_id = cycleOf(clock.now().toISOString(), daySeconds);
    const known = this.#present.get(identity_id);
    if (known?.cycle_id === cycle_id) {
      await known.awake.catch(() => undefined);
      return;
    }
    const presence = { cycle_id, awake: this.#wake(identity_id, resident_id, cycle_id) };
    this.#present.set(identity_id, presence);
    await this.#quietly(presence.awake, () => {
      if (this.#present.get(identity_id) === presence) this.#present.delete(identity_id);
    });
  }

  /** Sunday's grant to everybody who did not get this week's. @throws StorageError as `begin` does */
  sunday(): Promise<void> {
    this.#granting = this.#granting.catch(() => undefined).then(() => this.#grant());
    return this.#granting;
  }

  async #grant(): Promise<void> {
    const { clock, society, running } = this.#options;
    const now = clock.now().toISOString();
    if (!isSunday(now) || !running()) return;
    const grant = async () => {
      await society.refresh();
      const { identities, tokens } = society.world;
      const due = [...identities.keys()].filter((id) => !tokens.keys.has(`sunday:${id}:${isoWeek(now)}`));
      for (const identity_id of due.filter((id) => !this.#asked.has(`${id} ${isoWeek(now)}`))) {
        this.#asked.add(`${identity_id} ${isoWeek(now)}`);
        await society.act(asRuntime, 'grant_sunday', { identity_id });
      }
    };
    await this.#quietly(grant(), () => this.#asked.clear());
  }

  /** Everybody who is awake here goes to sleep. */
  async end(): Promise<void> {
    const { society, log } = this.#options;
    await this.#granting.catch(() => undefined);
    const sleeping = [...this.#present].map(async ([identity_id, { awake, cycle_id }]) => {
      if (!(await awake)) return;
      await society.act(asRuntime, 'sleep', { identity_id, cycle_id });
    });
    this.#present.clear();
    for (const result of await Promise.allSettled(sleeping))
      if (result.status === 'rejected') log.warn({ err: result.reason }, 'a resident could not be put to sleep');
  }

  /** False when another worker has the resident's body in this cycle; the work goes on all the same. */
  async #wake(identity_id: string, resident_id: string, cycle_id: number): Promise<boolean> {
    const { society } = this.#options;
    const answer = await society.act(asRuntime, 'wake', { identity_id, resident_id, cycle_id });
    return answer.ok;
  }

  async #quietly(work: Promise<unknown>, undo: () => void): Promise<void> {
    try {
      await work;
    } catch (err) {
      undo();
      if (isFatal(err)) throw err;
      this.#options.log.warn({ err }, 'the society could not be told; trying again later');
    }
  }
}
