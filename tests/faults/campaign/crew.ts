import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FAKETIME, steeredClock } from '../kit/clock.ts';
import { temporaryFolder } from '../kit/processes.ts';
import type { FaultWorld, Life, Role } from '../kit/world.ts';

/** The processes of a running world: everything that may be hurt. */
const ROLES: readonly Role[] = ['api', 'panel', 'worker', 'worker', 'worker', 'trader'];
/** Half of all that befalls processes befalls workers, a quarter the API. */
const WEIGHTS: readonly Role[] = ['worker', 'worker', 'worker', 'worker', 'api', 'api', 'panel', 'trader'];
const RESTART_GAP_MS = 100;
/** A process that is asked to end has so long. */
const GRACE_MS = 12_000;

/** When a process stood still, in the campaign's wall clock. */
export interface Freeze {
  readonly life: Life;
  readonly from: number;
  to: number;
}

/** Keeps the world's processes running, hurts them, and knows what was done to whom. */
export class Crew {
  readonly #world: FaultWorld;
  readonly #slots: Life[] = [];
  readonly #asked = new Set<Life>();
  readonly freezes: Freeze[] = [];
  /** Processes that nobody ended and that ended all the same, or that did not end when they were asked. */
  readonly fallen: { readonly life: Life; readonly at: number; readonly said: string }[] = [];
  /** What the next process in a slot is started under. */
  readonly #nextEnv = new Map<number, Readonly<Record<string, string>>>();
  #over = false;
  #nextBounty = 0;

  constructor(world: FaultWorld) {
    this.#world = world;
  }

  async start(): Promise<void> {
    for (const role of ROLES) this.#launch(role, this.#slots.length);
    await Promise.all(this.#slots.map(({ child }) => child.line((line) => /ready/i.test(line))));
  }

  /** A process to hurt: one that serves, when there is any. */
  choose(random: () => number, wanted?: Role): Life {
    const drawn = WEIGHTS[Math.floor(random() * WEIGHTS.length)];
    const role = wanted ?? drawn;
    const all = this.#slots.filter((life) => life.role === role);
    const ready = all.filter((life) => life.ready_at !== undefined && life.died_at === undefined);
    const from = ready.length > 0 ? ready : all;
    const life = from[Math.floor(random() * from.length)];
    if (!life) throw new Error(`no ${role} runs`);
    return life;
  }

  kill(life: Life): void {
    this.#asked.add(life);
    life.died_at ??= Date.now();
    life.child.process.kill('SIGKILL');
  }

  /** Ask one to end; killed when it does not, which is a finding. */
  async end(life: Life): Promise<void> {
    this.#asked.add(life);
    life.child.process.kill('SIGTERM');
    const stands = () => this.freezes.find((freeze) => freeze.life === life && freeze.to === Number.POSITIVE_INFINITY);
    for (let waited = 0; life.child.process.exitCode === null && life.child.process.signalCode === null; await sleep(50)) {
      if (stands() === undefined) waited += 50;
      if (waited < GRACE_MS) continue;
      this.fallen.push({
        life,
        at: Date.now(),
        said: `${life.role}, ${life.ready_at === undefined ? 'starting' : 'serving'}, did not end within ${GRACE_MS} ms of SIGTERM`,
      });
      this.kill(life);
      return;
    }
  }

  async freeze(life: Life, for_ms: number): Promise<void> {
    const freeze: Freeze = { life, from: Date.now(), to: Number.POSITIVE_INFINITY };
    this.freezes.push(freeze);
    life.child.process.kill('SIGSTOP');
    await sleep(for_ms);
    life.child.process.kill('SIGCONT');
    freeze.to = Date.now();
  }

  /** Start a worker or the API anew under a wall clock that is a day off; halfway it jumps back while they run. */
  async shiftClock(random: () => number): Promise<void> {
    const role = random() < 0.7 ? 'worker' : 'api';
    const slot = this.#slots.findIndex((life) => life.role === role);
    const life = this.#slots[slot];
    if (!life || FAKETIME === undefined) return;
    const clock = steeredClock(join(temporaryFolder(), 'clock'));
    clock.set(random() < 0.5 ? '+1d' : '-1d');
    this.#nextEnv.set(slot, clock.env);
    await this.end(life);
    await sleep(2_000 + random() * 4_000);
    if (random() < 0.5) clock.set('+0');
  }

  /** End everybody, politely. Nothing is started again. */
  async close(): Promise<void> {
    this.#over = true;
    for (const { life, to } of this.freezes) if (to === Number.POSITIVE_INFINITY) life.child.process.kill('SIGCONT');
    await Promise.all(this.#world.lives.filter((life) => life.died_at === undefined).map((life) => this.end(life)));
  }

  get nextBounty(): number {
    return this.#nextBounty;
  }

  #launch(role: Role, slot: number): void {
    const env = this.#nextEnv.get(slot) ?? {};
    this.#nextEnv.delete(slot);
    const args = role === 'trader' ? [this.#world.root, String(this.#nextBounty)] : undefined;
    const life = this.#world.launch(role, args, { env });
    this.#slots[slot] = life;
    void life.child.exit.then(async (ending) => {
      if (role === 'trader') this.#nextBounty = Math.max(this.#nextBounty, ...tradedBy(life).map((n) => n + 1));
      if (!this.#asked.has(life)) this.fallen.push({ life, at: Date.now(), said: lastWords(life, ending.code) });
      await sleep(RESTART_GAP_MS);
      const now = this.#slots.indexOf(life);
      if (!this.#over && now >= 0) this.#launch(role, now);
    });
  }
}

const tradedBy = ({ child }: Life): number[] =>
  child.lines.flatMap((line) => (line.includes('"traded"') ? [Number(JSON.parse(line).traded)] : []));

function lastWords({ role, child }: Life, code: number | null): string {
  return `${role} ended by itself with ${code ?? child.process.signalCode}: ${child.errors.slice(-3).join(' | ').slice(0, 400)}`;
}
