/** Workers of one workspace in containers, as `docker run` makes them: they see neither each other's pids nor clocks. */
import { readFileSync } from 'node:fs';
import { requires } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { describe, expect, it } from 'vitest';
import { checkWorld, clean } from './kit/check-world.ts';
import { readLog } from './kit/read-log.ts';
import { promptFor } from './kit/scripted-model.ts';
import { FaultWorld, type Life } from './kit/world.ts';

const LEASE_S = 3;
const CONTAINER = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
const PLACES = {
  beside: [],
  'in a container': CONTAINER,
  'in another container, under the same pid': CONTAINER,
  'where /proc shows the pids of others': ['unshare', '--pid', '--fork', '--kill-child'],
  'where the machine seems to be up for days': [...CONTAINER, '--time', '--monotonic', '400000', '--boottime', '400000'],
};

const open = (delay: number) => FaultWorld.open({ env: { VIVARIUM_LEASE_SECONDS: String(LEASE_S) }, delayMs: () => delay });
const tasks = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `t${n}`, prompt: promptFor(`t${n}`) }));

/** Task and epoch of every claim that stands in the log. Two at the same moment under the same epoch are one that came second. */
function claims(world: FaultWorld): readonly string[] {
  const claimed = readLog(world.paths.executionLog).filter(({ event }) => event === 'task_claimed');
  return [...new Set(claimed.map((line) => `${String(line['task_id'])} ${String(line['epoch'])}`))].sort();
}

/** SIGTERM to the program itself: unshare keeps its own signals. */
function end({ child: { process: outer } }: Life): void {
  const inner = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim();
  process.kill(outer.spawnfile === 'unshare' ? Number(inner) : (outer.pid ?? 0), 'SIGTERM');
}

describe.runIf(requires('unshare'))('workers out of each other’s sight', () => {
  it('leave each other their tasks', { timeout: 60_000 }, async () => {
    const world = await open(1_500);
    await world.serve('api');
    const workers = Object.values(PLACES).map((under) => {
      return world.launch('worker', ['run', '--concurrency', '2'], under.length > 0 ? { under } : {});
    });
    await Promise.all(workers.map(({ child }) => child.line((line) => /ready/i.test(line))));
    await world.add(tasks(10));
    await world.model.waitForCalls(10);
    const seen = fileBackend(world.paths).presence.liveWorkers();
    expect([...seen].sort()).toEqual(workers.map(({ worker_id }) => worker_id).sort());
    await world.untilAllApproved(20_000);
    expect(claims(world)).toEqual(tasks(10).map(({ id }) => `${id} 1`));
    workers.forEach(end);
    await Promise.all(workers.map(({ child }) => child.exit));
    await world.stop();
    const found = checkWorld({ root: world.root, purchases: world.bought, apiDeaths: [] });
    expect(found).toMatchObject({ tasks: 10, ...clean });
  });

  it('take over from a container that was killed once its lease has run out', { timeout: 60_000 }, async () => {
    const world = await open(1_000);
    await world.serve('api');
    const killed = await world.serve('worker', { under: CONTAINER });
    await world.add(tasks(3));
    await world.model.waitForCalls(3);
    killed.child.process.kill('SIGKILL');
    const died = performance.now();
    await world.serve('worker');
    await world.untilAllApproved(20_000);
    expect(performance.now() - died).toBeGreaterThan((LEASE_S - 1) * 1_000);
    expect(claims(world)).toEqual(tasks(3).flatMap(({ id }) => [`${id} 1`, `${id} 2`]));
    await world.stop();
  });
});
