import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkWorld, clean } from './kit/check-world.ts';
import { readLog } from './kit/read-log.ts';
import { promptFor } from './kit/scripted-model.ts';
import { FaultWorld } from './kit/world.ts';

const locksOf = (world: FaultWorld): string[] => readdirSync(world.paths.taskLocks);
const checked = (world: FaultWorld) =>
  checkWorld({
    root: world.root,
    purchases: world.bought,
    apiDeaths: world.lives.flatMap((life) => (life.role === 'api' && life.died_at !== undefined ? [life.died_at] : [])),
  });

describe('a process that is asked to end', () => {
  it('worker: lets go within four seconds; another goes on at the same attempt and buys nothing again', {
    timeout: 60_000,
  }, async () => {
    const world = await FaultWorld.open({ delayMs: () => 6_000 });
    await world.serve('api');
    const leaving = await world.serve('worker');
    await world.add([{ id: 't1', prompt: promptFor('t1') }]);
    await world.model.waitForCalls(1);
    const heir = await world.serve('worker');
    const asked = performance.now();
    leaving.child.process.kill('SIGTERM');
    expect(await leaving.child.exit).toMatchObject({ code: 143 });
    expect(performance.now() - asked).toBeLessThan(4_000);
    await world.until((store) => store.get('t1')?.lease?.worker_id === heir.worker_id, 2_000);
    await world.untilAllApproved(30_000);
    await world.stop();
    const claims = readLog(world.paths.executionLog).filter((line) => line['event'] === 'task_claimed');
    expect(claims.map(({ epoch, attempt }) => [epoch, attempt])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(locksOf(world)).toEqual([]);
    expect(checked(world)).toMatchObject({ tasks: 1, modelCalls: 2, boughtAgainAfterDeath: 0, ...clean });
  });

  it('API: lets a running call finish; its answer is kept and not bought again', { timeout: 60_000 }, async () => {
    const world = await FaultWorld.open({ delayMs: () => 1_500 });
    const first = await world.serve('api');
    await world.serve('worker');
    await world.add([{ id: 't1', prompt: promptFor('t1') }]);
    await world.model.waitForCalls(1);
    first.child.process.kill('SIGTERM');
    expect(await first.child.exit).toMatchObject({ code: 143 });
    await world.serve('api');
    await world.untilAllApproved(30_000);
    await world.stop();
    expect(checked(world)).toMatchObject({ tasks: 1, modelCalls: 2, boughtAgainAfterDeath: 0, ...clean });
  });
});
