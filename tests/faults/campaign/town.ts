import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseLostError, type PersonCommand, Task, type TaskRecord, type TaskStore } from '@vivarium/core';
import { temporaryFolder } from '../kit/processes.ts';
import type { FaultWorld } from '../kit/world.ts';
import { Work } from './work.ts';

const ARRIVAL_MS = [250, 900] as const;
const PERSON_MS = 700;
const RESET_MS = 6_000;
/** More than the town can do is no work but a heap. */
const MOST_WAITING = 40;
/** So long somebody who speaks late waits for a task that is held. */
const LATE_MS = 6_000;
const HELD_BY_WORKERS = ['in_progress', 'completed', 'pending_review'] as const;

/** The people around the residents: they bring tasks by every way there is, and decide what is held. */
export class Town {
  readonly #world: FaultWorld;
  readonly #random: () => number;
  readonly work: Work;
  /** Tasks of which somebody was told that they stand. */
  readonly told = new Set<string>();
  /** Tasks that were written into `queue.json` by hand, and how they were saved. */
  readonly byHand = new Map<string, string>();
  readonly did = { added: 0, approved: 0, rejected: 0, retried: 0, cancelled: 0, resets: 0, spoiled: 0 };
  #store: TaskStore | undefined;
  #over = false;

  constructor(world: FaultWorld, random: () => number) {
    this.#world = world;
    this.#random = random;
    this.work = new Work(random);
  }

  /** Live until it is closed. The people's own view of the tasks stays open meanwhile, as a panel's does. */
  async live(): Promise<void> {
    await this.#world.withStore(async (store) => {
      const stop = store.follow();
      this.#store = store;
      await Promise.all([this.#bringTasks(store), this.#decide(), this.#pay(store)]);
      this.#store = undefined;
      stop();
    });
  }

  close(): void {
    this.#over = true;
  }

  async #bringTasks(store: TaskStore): Promise<void> {
    while (!this.#over) {
      const tasks = this.work.next();
      for (let tries = 0; tries < 40 && !this.#over; tries++) if (await this.#bring(store, tasks)) break;
      const [least, most] = ARRIVAL_MS;
      await sleep(least + this.#random() * (most - least));
      while (!this.#over && waitingIn(store) > MOST_WAITING) await sleep(500);
    }
  }

  /** By the store, by the panel, or by the command line. A refusal of the moment is tried again: adding twice changes nothing. */
  async #bring(store: TaskStore, tasks: Record<string, unknown>[]): Promise<boolean> {
    const way = this.#random();
    try {
      if (way < 0.6)
        await store.add(
          tasks.map((task) => Task.parse(task)),
          'person',
        );
      else if (way < 0.9) await this.#byPanel('/api/tasks', { tasks });
      else await this.#byCommand(tasks);
    } catch {
      await sleep(250);
      return false;
    }
    for (const { id } of tasks) this.told.add(String(id));
    this.did.added += tasks.length;
    return true;
  }

  async #byCommand(tasks: readonly object[]): Promise<void> {
    const file = join(temporaryFolder(), 'tasks.json');
    writeFileSync(file, JSON.stringify(tasks));
    const { code } = await this.#world.launch('worker', ['add', '--file', file]).child.exit;
    if (code !== 0) throw new Error(`add ended with ${code}`);
  }

  async #byPanel(path: string, body: object): Promise<void> {
    const { VIVARIUM_CONTROL_PANEL_PORT: port } = this.#world.env;
    const headers = { 'content-type': 'application/json', 'x-vivarium-internal-token': tokenOf(this.#world) };
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(5_000) };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    if (!response.ok) throw new Error(`the panel answered ${response.status}`);
  }

  async #decide(): Promise<void> {
    while (!this.#over) {
      await sleep(PERSON_MS);
      await this.decideOne().catch(() => undefined);
    }
  }

  /** Decide one of the held or ended tasks; some are left as they are. */
  async decideOne(): Promise<void> {
    const choice = this.#random();
    const found = await this.#withStore((store) => {
      const waiting = store.list({ limit: 1_000, order: 'newest' }).records.filter(needsAPerson);
      return waiting[Math.floor(choice * waiting.length)];
    });
    const command = found && commandFor(found, this.#random());
    if (!found || !command) return;
    const { id } = found.task;
    if (command.kind === 'approve' && this.#random() < 0.3) await this.#byPanel(`/api/tasks/${id}/approve`, {});
    else await this.#withStore((store) => store.decide(id, command, 'person'));
    const did = { approve: 'approved', reject: 'rejected', retry: 'retried', cancel: 'cancelled' } as const;
    this.did[did[command.kind]] += 1;
  }

  /** Somebody's editor spoiled a `queue.json` of this text: hand-written tasks in it that nobody had read yet are gone. */
  spoiled(text: string): void {
    for (const id of this.byHand.keys())
      if (text.includes(`"${id}"`) && this.#store?.get(id) === undefined && this.byHand.delete(id)) this.did.spoiled += 1;
  }

  /**
   * A worker that lost its claim long ago says that the task failed, while another one holds it. Nobody may listen.
   * Throws when no task was held at a moment at which it could be said.
   */
  async speakLate(choice: number): Promise<void> {
    for (const late = performance.now() + LATE_MS; performance.now() < late; await sleep(10))
      if (await this.#withStore((store) => saidLate(store, choice)).catch(() => false)) return;
    throw new Error('no task was held for long enough that somebody could speak late');
  }

  #withStore<T>(use: (store: TaskStore) => T | Promise<T>): Promise<T> {
    return this.#store ? Promise.resolve(use(this.#store)) : this.#world.withStore(use);
  }

  /** The person starts the count of the money anew when work waits for it. */
  async #pay(store: TaskStore): Promise<void> {
    for (let since = performance.now(); !this.#over; await sleep(500)) {
      if (performance.now() - since < RESET_MS) continue;
      since = performance.now();
      const held = store.list({ statuses: ['queued'], limit: 1_000 }).records;
      if (held.some(({ hold }) => hold?.kind === 'budget' && /run/.test(hold.reason))) await this.resetBudget();
    }
  }

  async resetBudget(): Promise<void> {
    const { code } = await this.#world.launch('worker', ['budget', 'reset']).child.exit;
    if (code === 0) this.did.resets += 1;
  }
}

/** Whether it was said of a task that its holder still held, i.e. whether nothing but the lost claim speaks against it. */
async function saidLate(store: TaskStore, choice: number): Promise<boolean> {
  const leases = store.list({ statuses: HELD_BY_WORKERS, limit: 1_000 }).records.flatMap(({ lease }) => lease ?? []);
  const lease = leases[Math.floor(choice * leases.length)];
  if (!lease) return false;
  const lost = { ...lease, worker_id: 'worker_long_gone', epoch: lease.epoch - 1 };
  const heard = store.record(lost, { kind: 'fail', reason: 'said by a worker that lost its claim' });
  return heard.then(
    () => true,
    (cause: unknown) => cause instanceof LeaseLostError && store.get(lease.task_id)?.lease?.epoch === lease.epoch,
  );
}

function waitingIn(store: TaskStore): number {
  const counts = store.counts();
  return counts.queued + counts.in_progress + counts.completed + counts.requeue;
}

const needsAPerson = ({ status, hold }: TaskRecord): boolean =>
  hold !== undefined || status === 'failed' || status === 'safety_blocked';

type Decided = Extract<PersonCommand, { kind: 'approve' | 'reject' | 'retry' | 'cancel' }>;

function commandFor({ hold }: TaskRecord, choice: number): Decided | undefined {
  if (hold?.kind === 'review') {
    if (choice < 0.5) return { kind: 'approve' };
    return choice < 0.8 ? { kind: 'reject', reason: 'the person wants it otherwise', max_attempts: 3 } : undefined;
  }
  if (hold?.kind === 'proposal') return choice < 0.8 ? { kind: 'retry' } : { kind: 'cancel' };
  if (hold !== undefined) return choice < 0.3 ? { kind: 'retry' } : undefined;
  return choice < 0.15 ? { kind: 'retry' } : undefined;
}

export const tokenOf = ({ root }: FaultWorld): string =>
  readFileSync(join(root, '.swarm', 'security', 'internal_execution_token.txt'), 'utf8').trim();
