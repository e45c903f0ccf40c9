import { createHash } from 'node:crypto';
import { affinities, type Identity, inFairOrder, livesHere, type Task } from '@vivarium/core';

/** Who does a task: `identity_id` is absent for one that is pinned to a resident who does not live here. */
export interface Assignment {
  readonly identity_id?: string;
  readonly resident_id?: string;
}

export interface Shard {
  readonly count: number;
  /** Whether a shard is served by this worker at the moment. */
  readonly serves: (shard: number) => boolean;
}

export interface ResidentsOptions {
  readonly worker_id: string;
  readonly minScore: number;
  readonly shard: Shard;
  /** The cycle of this moment. */
  readonly cycle: () => number;
  /** In which body a resident is awake, and since which cycle. */
  readonly awake: (identity_id: string) => { readonly cycle_id: number; readonly resident_id: string } | undefined;
}

/**
 * Chooses the resident for a task: a pinned one as it says, else first those whom no other worker has awake in this cycle;
 * of them the one with the least running work, then the one whose own the task is most, then the one whose last task lies
 * furthest back. What is equal even then a draw of this worker decides. A resident may have several tasks of one worker at
 * once; all of them go under one `resident_id` per worker and identity.
 */
export class Residents {
  #identities: readonly Identity[] = [];
  readonly #running = new Map<string, number>();
  readonly #lastTurn = new Map<string, number>();
  #turn = 0;
  readonly #options: ResidentsOptions;

  constructor(options: ResidentsOptions) {
    this.#options = options;
  }

  /** Replace the residents by those who live here now. */
  settle(identities: readonly Identity[]): void {
    this.#identities = inFairOrder(identities, this.#options.worker_id);
  }

  get everybody(): readonly Identity[] {
    return this.#identities;
  }

  get(id: string | undefined): Identity | undefined {
    return id === undefined ? undefined : this.#identities.find((identity) => identity.id === id);
  }

  /**
   * Who would do the task, or undefined when it belongs to another worker or to nobody here. One who declined it is asked
   * again only when nobody else is left; then the task is for a person.
   */
  assign(task: Task, declined: readonly string[] = []): Assignment | undefined {
    const { shard } = this.#options;
    if (shard.count > 1 && !shard.serves(shardOf(task.id, shard.count))) return undefined;
    if (task.identity_id !== undefined) return this.#as(this.get(task.identity_id));
    if (this.#identities.length === 0) return {};
    const willing = this.#willing(task);
    const others = willing.filter(({ id }) => !declined.includes(id));
    const asked = others.length > 0 ? others : willing;
    return asked.length === 0 ? undefined : this.#as(this.#first(asked, task));
  }

  /** The body that this worker has for a resident. */
  body(id: string): string | undefined {
    return this.#as(this.get(id)).resident_id;
  }

  /** Whether somebody is left who may take the task and did not decline it. */
  anyoneFor(task: Task, declined: readonly string[]): boolean {
    const asked = task.identity_id === undefined ? this.#willing(task).map(({ id }) => id) : [task.identity_id];
    return asked.some((id) => !declined.includes(id));
  }

  /** Count a task in or out for its resident. */
  begin(identityId: string | undefined): void {
    if (identityId === undefined) return;
    this.#running.set(identityId, (this.#running.get(identityId) ?? 0) + 1);
    this.#turn += 1;
    this.#lastTurn.set(identityId, this.#turn);
  }

  end(identityId: string | undefined): void {
    if (identityId === undefined) return;
    this.#running.set(identityId, Math.max(0, (this.#running.get(identityId) ?? 0) - 1));
  }

  #willing(task: Task): readonly Identity[] {
    const cycle_id = this.#options.cycle();
    return this.#identities.filter((one) => livesHere(one, cycle_id) && score(one, task) >= this.#options.minScore);
  }

  #as(identity: Identity | undefined): Assignment {
    if (!identity) return {};
    return { identity_id: identity.id, resident_id: `resident_${shortHash(`${this.#options.worker_id} ${identity.id}`)}` };
  }

  #first(asked: readonly Identity[], task: Task): Identity | undefined {
    const cycle_id = this.#options.cycle();
    let best: { readonly identity: Identity; readonly place: readonly number[] } | undefined;
    for (const identity of asked) {
      const place = this.#place(identity, task, cycle_id);
      if (!best || isBefore(place, best.place)) best = { identity, place };
    }
    return best?.identity;
  }

  /** What decides between residents, the weightiest first; the lower is asked. */
  #place(identity: Identity, task: Task, cycle_id: number): readonly number[] {
    const { id } = identity;
    const body = this.#options.awake(id);
    const elsewhere = body !== undefined && body.cycle_id >= cycle_id && body.resident_id !== this.body(id);
    return [elsewhere ? 1 : 0, this.#running.get(id) ?? 0, -score(identity, task), this.#lastTurn.get(id) ?? 0];
  }
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  for (const [at, number] of one.entries()) {
    const against = other[at] ?? 0;
    if (number !== against) return number < against;
  }
  return false;
}

/** How much a task is a resident's own: a point for each affinity in its words, and up to two for its reward. */
function score(identity: Identity, task: Task): number {
  return affinities(identity, task).length + Math.min((task.reward ?? 0) / 100, 2);
}

/** First 8 hex digits of SHA-1 of the task's id, modulo the number of shards. */
export function shardOf(taskId: string, count: number): number {
  return Number.parseInt(createHash('sha1').update(taskId).digest('hex').slice(0, 8), 16) % count;
}

/**
 * Which shards a worker serves. With a number: that one. With `auto` the live workers share all shards by the order of
 * their ids, so that none is left unserved however many workers there are.
 */
export function servesShard(shardId: number | 'auto', count: number, workerId: string, live: () => readonly string[]) {
  return (shard: number): boolean => {
    if (shardId !== 'auto') return shard === ((shardId % count) + count) % count;
    const workers = [...new Set([...live(), workerId])].sort();
    return workers[shard % workers.length] === workerId;
  };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
