import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultWorld, Life, Role } from './world.ts';

/** How the kills fall, as upper ends of shares: mostly workers, and often enough the two others. */
const WEIGHTS: readonly (readonly [Role, number])[] = [
  ['worker', 0.7],
  ['api', 0.88],
  ['panel', 1],
];
/** Files whose change is a good moment: something is half done just then. */
const MOMENTS = ['', '.swarm', '.swarm/audit', 'task_locks'];
const LONGEST_GAP_MS = 400;
/** How long a kill waits at most for the last one's victims to be back. */
const RECOVERY_MS = 10_000;
/** One kill in so many does not wait: it hits processes that are still starting. */
const HASTY = 5;

export interface KillOptions {
  readonly kills: number;
  readonly workers: number;
  readonly random: () => number;
  /** Called before each kill with its number. */
  readonly before: (kill: number) => Promise<void>;
}

/** Keeps the world's processes running and kills one after the other; a killed one is started again at once. */
export async function killThemAll(world: FaultWorld, options: KillOptions): Promise<Partial<Record<Role, number>>> {
  const slots = await startAll(world, options.workers);
  const killed: Partial<Record<Role, number>> = { worker: 0, api: 0, panel: 0 };
  for (let kill = 0; kill < options.kills; kill++) {
    await options.before(kill);
    if (kill % HASTY !== 0) await recovered(slots, options.workers);
    await aMoment(world, options.random);
    const victim = choose(slots, options.random);
    killed[victim.role] = (killed[victim.role] ?? 0) + 1;
    victim.died_at = Date.now();
    victim.child.process.kill('SIGKILL');
    await victim.child.exit;
    slots[slots.indexOf(victim)] = world.launch(victim.role);
    restartTheFallen(world, slots);
  }
  return killed;
}

async function startAll(world: FaultWorld, workers: number): Promise<Life[]> {
  const roles: Role[] = ['api', 'panel', ...Array.from({ length: workers }, (): Role => 'worker')];
  const lives = roles.map((role) => world.launch(role));
  await Promise.all(lives.map(({ child }) => child.line((line) => /ready/i.test(line))));
  return lives;
}

/** A process that ended by itself is a finding of its own: it is started again, and the test asks why it ended. */
function restartTheFallen(world: FaultWorld, slots: Life[]): void {
  for (const [slot, life] of slots.entries()) if (life.died_at !== undefined) slots[slot] = world.launch(life.role);
}

function choose(slots: readonly Life[], random: () => number): Life {
  const mark = random();
  const role = WEIGHTS.find(([, upTo]) => mark < upTo)?.[0] ?? 'worker';
  const all = slots.filter((life) => life.role === role);
  const ready = all.filter((life) => life.ready_at !== undefined);
  const candidates = ready.length > 0 ? ready : all;
  const victim = candidates[Math.floor(random() * candidates.length)];
  if (!victim) throw new Error(`no ${role} runs`);
  return victim;
}

/** The API serves, and so do all workers but one: whoever is killed now leaves work and heirs behind. */
async function recovered(slots: readonly Life[], workers: number): Promise<void> {
  const serving = (role: Role) => slots.filter((life) => life.role === role && life.ready_at !== undefined).length;
  const late = performance.now() + RECOVERY_MS;
  while (performance.now() < late && (serving('api') < 1 || serving('worker') < workers - 1)) await sleep(20);
}

/** Any time at all, or right after some file of the workspace changed. */
async function aMoment(world: FaultWorld, random: () => number): Promise<void> {
  const gap = random() * LONGEST_GAP_MS;
  const folder = MOMENTS[Math.floor(random() * MOMENTS.length * 2)];
  await sleep(gap);
  if (folder !== undefined) await nextChange(join(world.root, folder));
  await sleep(random() * 4);
}

/** Resolves with the next change in a folder, or after half a second without one. */
function nextChange(folder: string): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(late);
      watcher?.close();
      resolve();
    };
    const late = setTimeout(done, 500);
    let watcher: ReturnType<typeof watch> | undefined;
    try {
      watcher = watch(folder, done);
      watcher.on('error', done);
    } catch {
      // The folder is not there yet: the time alone decides.
    }
  });
}
