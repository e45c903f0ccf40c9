import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openProjects } from '@vivarium/changes';
import { giveApproval, openChanges, openTaskStore, Task, type TaskStore, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { sampleProject } from './kit/project.ts';
import { BENCH_ENV, Service } from './kit/service.ts';
import { stageTimes } from './kit/stages.ts';
import { inFolder } from './kit/world.ts';

export interface Shape {
  readonly changes: number;
  readonly residents: number;
  readonly workers: number;
  readonly concurrency: number;
  /** All tasks at once, or each once the one before it has landed. */
  readonly together: boolean;
}

/** Milliseconds of each change, or batch, at each stage. */
export interface StageTimes {
  readonly work_ms: readonly number[];
  readonly review_ms: readonly number[];
  readonly unit_ms: readonly number[];
  readonly integration_ms: readonly number[];
  readonly landing_ms: readonly number[];
  readonly whole_ms: readonly number[];
  /** How often each was done in all. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of each change alone, where they go one at a time. */
  readonly suites_ms: readonly number[];
  readonly ours_ms: readonly number[];
}

export interface Seen {
  readonly stages: StageTimes;
  readonly sandboxes: number;
  readonly every_ms: number;
}

const INSTALLATION = fileURLToPath(new URL('..', import.meta.url));

/** Changes from their tasks to the branch: real API, real workers, an instant model, and a person who says yes at once. */
export function manyChanges(shape: Shape): Promise<Seen> {
  return inFolder(async (folder) => {
    sampleProject(folder);
    writeResidents(folder, shape.residents);
    const model = new Service('bench/children/change-model.ts', [], {});
    const { groq } = JSON.parse(await model.line(/groq/));
    const env = { ...BENCH_ENV, VIVARIUM_WORKSPACE: folder, GROQ_BASE_URL: groq };
    const api = new Service('packages/api/src/main.ts', [], env);
    const port = /:(\d+)/.exec(await api.line(/ready at/))?.[1] ?? '';
    const { store, landed, close } = await aPerson(folder);
    const run = ['run', '--concurrency', String(shape.concurrency)];
    const at = { ...env, VIVARIUM_API_PORT: port };
    const workers = Array.from({ length: shape.workers }, () => new Service('packages/worker/src/main.ts', run, at));
    const suites: number[] = [];
    let [known, began] = [0, performance.now()];
    const task = (n: number) => Task.parse({ id: `t${n}`, prompt: `Make change number ${n}`, ...OF_PROJECT });
    if (shape.together) {
      await store.add(
        Array.from({ length: shape.changes }, (_, n) => task(n)),
        'bench',
      );
      await landed(shape.changes);
    } else
      for (let n = 0; n < shape.changes; n += 1) {
        await store.add([task(n)], 'bench');
        await landed(n + 1);
        if (n === 0) began = performance.now();
        const all = suiteRuns(folder);
        suites.push(all.slice(known).reduce((sum, ms) => sum + ms, 0));
        known = all.length;
      }
    const took = performance.now() - began;
    await close();
    await Promise.all([...workers, api, model].map((service) => service.stop()));
    const stages = stageTimes(folder, suites);
    return { stages, sandboxes: suiteRuns(folder).length / shape.changes, every_ms: took / shape.changes };
  });
}

const OF_PROJECT = { project: 'sample', kind: 'chore', gates: true };

/** Says yes to what waits for it, as soon as it does. */
async function aPerson(folder: string) {
  const paths = workspacePaths(folder);
  const backend = fileBackend(paths);
  const store = await openTaskStore({ backend, liveness: { isLive: () => true, liveWorkers: () => [] } });
  const changes = await openChanges({ backend });
  const projects = openProjects({ paths, installation: INSTALLATION });
  let count = 0;
  let heard: () => void = () => undefined;
  const yes = async (task_id: string) => {
    await changes.catchUp();
    const [change, project] = [changes.ofTask(task_id), await projects.get('sample')];
    if (change?.phase === 'handed_in' && !change.approval && project)
      await giveApproval({ changes, clock: backend.clock }, change, project, 'human').catch(() => undefined);
  };
  store.onEvent((event, { task, gate }) => {
    if (gate?.kind === 'land' && gate.next_mover === 'person') void yes(task.id);
    if (event.status === 'failed') throw new Error(`${task.id} is ${event.status}`);
    if (event.status !== 'approved') return;
    count += 1;
    heard();
  });
  const stop = store.follow();
  const landed = (wanted: number) =>
    new Promise<void>((resolve) => {
      heard = () => count >= wanted && resolve();
      heard();
    });
  const close = async () => {
    stop();
    await changes.close();
    await store.close();
  };
  return { store: store satisfies TaskStore, landed, close };
}

/** How long each suite ran, in the order in which they ended. */
function suiteRuns(folder: string): readonly number[] {
  const results = join(folder, '.swarm/changes/sample/results');
  const runs = readdirSync(results)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')));
  return runs.sort((a, b) => a.at - b.at).map(({ run }) => run.duration_ms);
}

function writeResidents(folder: string, count: number): void {
  const at = join(folder, '.swarm/identities');
  mkdirSync(at, { recursive: true });
  const made = { created_at: '2026-01-01T00:00:00Z', created_by: { resident_id: 'bench', identity_id: 'bench' } };
  for (let n = 1; n <= count; n += 1) {
    const one = { id: `oc_bench${n}`, name: `Bench ${n}`, summary: 'Makes small changes.', origin: 'authored_starter', ...made };
    writeFileSync(join(at, `${one.id}.json`), JSON.stringify({ ...one, affinities: [], attributes: {}, meta: {} }));
  }
}
