import { describe, expect, it } from 'vitest';
import { checkWorld, clean, takeovers } from './kit/check-world.ts';
import { killThemAll } from './kit/killer.ts';
import { seeded } from './kit/processes.ts';
import { promptFor } from './kit/scripted-model.ts';
import { FaultWorld, type Life } from './kit/world.ts';

const full = process.env['VIVARIUM_FAULTS'] === 'full';
const KILLS = 300;
/** Calls are slow enough that most kills hit some of them. */
const LONGEST_CALL_MS = 8_000;
const WORKERS = 3;
const TASKS = 60;
const SEED = Number(process.env['VIVARIUM_FAULTS_SEED'] ?? 20);

/** Sixty tasks: every fifth depends on the one before, every eighth is a local command, every seventh is wrong at first. */
function theTasks(): object[] {
  return Array.from({ length: TASKS }, (_, n) => {
    const id = `t${n}`;
    const depends_on = n % 5 === 4 ? [`t${n - 1}`] : [];
    if (n % 8 === 7) return { id, command: `echo done ${id}`, depends_on };
    return { id, prompt: promptFor(id, n % 7 === 3 ? 'once wrong' : 'well'), depends_on };
  });
}

/** Kills leave a worker's tasks to others; here only those count for which another worker and the API were up throughout. */
function takeoverTimes(world: FaultWorld): { clear: number[]; hindered: number[] } {
  const workers = world.lives.filter((life) => life.worker_id !== undefined);
  const deaths = new Map(workers.flatMap((life) => (life.died_at === undefined ? [] : [[life.worker_id ?? '', life.died_at]])));
  const through = (life: Life, from: number, to: number) =>
    life.ready_at !== undefined && life.ready_at <= from - 2_500 && (life.died_at ?? Number.POSITIVE_INFINITY) >= to;
  const [clear, hindered]: [number[], number[]] = [[], []];
  for (const { death, claimed } of takeovers(world.root, deaths)) {
    const heir = workers.some((life) => through(life, death + 2_500, claimed));
    const api = world.lives.some((life) => life.role === 'api' && through(life, death, claimed));
    (heir && api ? clear : hindered).push(claimed - death);
  }
  return { clear, hindered };
}

/** Without `full`, campaign-short.test.ts kills. */
describe.runIf(full)(`${KILLS} kills over ${TASKS} tasks`, () => {
  it('lose nothing, buy nothing twice and reward nothing twice', { timeout: 2_400_000 }, async () => {
    const random = seeded(SEED);
    const world = await FaultWorld.open({ delayMs: () => 50 + random() * LONGEST_CALL_MS });
    const waiting = theTasks();
    const killed = await killThemAll(world, {
      kills: KILLS,
      workers: WORKERS,
      random,
      // Tasks come in while the killing goes on, so that there is always work to hit.
      before: async (kill) => {
        const due = Math.ceil(((kill + 1) / (KILLS * 0.9)) * TASKS) - (TASKS - waiting.length);
        await world.add(waiting.splice(0, due));
      },
    });
    expect(waiting).toEqual([]);
    await world.untilAllApproved(60_000);
    await world.stop();
    const fallen = endedByThemselves(world);
    await world.heal();
    const { clear, hindered } = takeoverTimes(world);
    const found = checkWorld({
      root: world.root,
      purchases: world.bought,
      apiDeaths: world.lives.flatMap((life) => (life.role === 'api' && life.died_at !== undefined ? [life.died_at] : [])),
    });
    const figures = {
      seed: SEED,
      killed,
      ...found,
      takeovers: clear.length,
      maxTakeoverMs: Math.max(0, ...clear),
      hindered: hindered.length,
      maxHinderedMs: Math.max(0, ...hindered),
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    expect(found).toMatchObject({ tasks: TASKS, ...clean });
    expect(fallen).toEqual([]);
    expect(figures.maxTakeoverMs).toBeLessThanOrEqual(2_000);
  });
});

/** Processes that nobody killed and that ended all the same, with what they said. */
function endedByThemselves(world: FaultWorld): string[] {
  const fallen = world.lives.filter(({ child }) => {
    const { exitCode, signalCode } = child.process;
    return signalCode === null && exitCode !== null && exitCode !== 143;
  });
  return fallen.map(({ role, child }) => `${role} ${child.process.exitCode}: ${child.errors.slice(-3).join('\n')}`);
}
