import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PersonCommand, TaskRecord } from '@vivarium/core';
import { temporaryFolder } from '../kit/processes.ts';
import type { FaultWorld } from '../kit/world.ts';
import { Work } from './work.ts';

const ARRIVAL_MS = [250, 900] as const;
const PERSON_MS = 700;
const RESET_MS = 6_000;
/** More than the town can do is no work but a heap. */
const MOST_WAITING = 40;

/** The people around the residents: they bring tasks by every way there is, and decide what is held. */
export class Town {
  readonly #world: FaultWorld;
  readonly #random: () => number;
  readonly work: Work;
  /** Tasks of which somebody was told that they stand. */
  readonly told = new Set<string>();
  /** Tasks that were written into `queue.json` by hand. */
  readonly byHand = new Set<string>();
  readonly did = { added: 0, approved: 0, rejected: 0, retried: 0, cancelled: 0, resets: 0 };
  #over = false;

  constructor(world: FaultWorld, random: () => number) {
    this.#world = world;
    this.#random = random;
    this.work = new Work(random);
  }

  /** Live until it is closed. */
  async live(): Promise<void> {
    await Promise.all([this.#bringTasks(), this.#decide(), this.#pay()]);
  }

  close(): void {
    this.#over = true;
  }

  async #bringTasks(): Promise<void> {
    while (!this.#over) {
      const tasks = this.work.next();
      for (let tries = 0; tries < 40 && !this.#over; tries++) if (await this.#bring(tasks)) break;
      const [least, most] = ARRIVAL_MS;
      await sleep(least + this.#random() * (most - least));
      while (!this.#over && (await this.#waiting()) > MOST_WAITING) await sleep(500);
    }
  }

  /** By the store, by the panel, or by the command line. A refusal of the moment is tried again: adding twice changes nothing. */
  async #bring(tasks: Record<string, unknown>[]): Promise<boolean> {
    const way = this.#random();
    try {
      if (way < 0.6) await this.#world.add(tasks);
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

  async #waiting(): Promise<number> {
    const count = (statuses: Record<string, number>) =>
      ['queued', 'in_progress', 'completed', 'requeue'].reduce((sum, name) => sum + (statuses[name] ?? 0), 0);
    return this.#world.withStore((store) => count(store.counts())).catch(() => 0);
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
    const found = await this.#world.withStore((store) => {
      const waiting = store.list({ limit: 1_000, order: 'newest' }).records.filter(needsAPerson);
      return waiting[Math.floor(choice * waiting.length)];
    });
    const command = found && commandFor(found, this.#random());
    if (!found || !command) return;
    const { id } = found.task;
    if (command.kind === 'approve' && this.#random() < 0.3) await this.#byPanel(`/api/tasks/${id}/approve`, {});
    else await this.#world.withStore((store) => store.decide(id, command, 'person'));
    const did = { approve: 'approved', reject: 'rejected', retry: 'retried', cancel: 'cancelled' } as const;
    this.did[did[command.kind]] += 1;
  }

  /** The person starts the count of the money anew when work waits for it. */
  async #pay(): Promise<void> {
    for (let waited = 0; !this.#over; waited += 500) {
      await sleep(500);
      if (waited < RESET_MS) continue;
      waited = 0;
      const short = (records: readonly TaskRecord[]) =>
        records.some(({ hold }) => hold?.kind === 'budget' && /run/.test(hold.reason));
      const held = await this.#world
        .withStore((store) => short(store.list({ statuses: ['queued'], limit: 1_000 }).records))
        .catch(() => false);
      if (held && !this.#over) await this.resetBudget();
    }
  }

  async resetBudget(): Promise<void> {
    const { code } = await this.#world.launch('worker', ['budget', 'reset']).child.exit;
    if (code === 0) this.did.resets += 1;
  }
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
