import { describe, expect, it } from 'vitest';
import { checkWorld, clean } from './kit/check-world.ts';
import { readLog } from './kit/read-log.ts';
import { promptFor } from './kit/scripted-model.ts';
import { FaultWorld } from './kit/world.ts';

const LEASE_S = 2;

describe('a worker that is stopped beyond its lease', () => {
  it('loses its tasks to another one; nothing of its late commit reaches the log, and it works on', {
    timeout: 60_000,
  }, async () => {
    const world = await FaultWorld.open({ env: { VIVARIUM_LEASE_SECONDS: String(LEASE_S) }, delayMs: () => 1_000 });
    await world.serve('api');
    const sleeper = await world.serve('worker');
    await world.add([1, 2, 3].map((n) => ({ id: `t${n}`, prompt: promptFor(`t${n}`) })));
    await world.model.waitForCalls(3);
    sleeper.child.process.kill('SIGSTOP');
    const stopped = performance.now();
    const heir = await world.serve('worker');
    await world.untilAllApproved(20_000);
    expect(performance.now() - stopped).toBeGreaterThan(LEASE_S * 1_000 - 500);
    const taken = claimsOf(world, heir.worker_id);
    expect(taken.map(({ epoch, attempt }) => [epoch, attempt])).toEqual([1, 2, 3].map(() => [2, 1]));

    sleeper.child.process.kill('SIGCONT');
    heir.child.process.kill('SIGTERM');
    await heir.child.exit;
    await world.add([{ id: 'after', prompt: promptFor('after') }]);
    await world.untilAllApproved(20_000);
    expect(lateCommits(world, sleeper.worker_id)).toEqual([]);
    expect(claimsOf(world, sleeper.worker_id).map(({ task_id }) => task_id)).toContain('after');
    await world.stop();
    expect(sleeper.child.process.exitCode).toBe(143);
    const found = checkWorld({ root: world.root, purchases: world.bought, apiDeaths: [] });
    expect(found).toMatchObject({ tasks: 4, modelCalls: 8, ...clean });
  });
});

/** Tasks of which this worker said that they were executed after another worker had claimed them. */
function lateCommits(world: FaultWorld, worker: string | undefined): unknown[] {
  const lines = readLog(world.paths.executionLog);
  const from = lines.findIndex((line) => line['event'] === 'task_claimed' && line['epoch'] === 2);
  const late = lines.slice(from).filter((line) => line['event'] === 'task_executed' && line['worker_id'] === worker);
  return late.flatMap((line) => (line['epoch'] === 1 && line['task_id'] !== 'after' ? [line['task_id']] : [])).sort();
}

const claimsOf = (world: FaultWorld, worker: string | undefined) =>
  readLog(world.paths.executionLog).filter((line) => line['event'] === 'task_claimed' && line['worker_id'] === worker);
