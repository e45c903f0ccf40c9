import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkWorld, clean } from './kit/check-world.ts';
import { FAKETIME, steeredClock } from './kit/clock.ts';
import { readLog } from './kit/read-log.ts';
import { promptFor } from './kit/scripted-model.ts';
import { FaultWorld } from './kit/world.ts';

describe.skipIf(FAKETIME === undefined)('a wall clock that jumps by a day', () => {
  it.each([
    ['forward', '+1d'],
    ['back', '-1d'],
  ])('%s: nothing is stuck, nobody loses a task, nothing is bought twice', { timeout: 90_000 }, async (_way, jump) => {
    const world = await FaultWorld.open({ delayMs: () => 400 });
    const clock = steeredClock(join(world.root, 'clock'));
    await world.serve('api', { env: clock.env });
    await Promise.all([world.serve('worker', { env: clock.env }), world.serve('worker', { env: clock.env })]);
    const ids = Array.from({ length: 12 }, (_, n) => `t${n}`);
    await world.add(ids.map((id, n) => ({ id, prompt: promptFor(id, n % 4 === 0 ? 'once wrong' : 'well') })));
    await world.until((store) => store.counts().requeue > 0, 20_000);
    clock.set(jump);
    await world.untilAllApproved(20_000);
    await world.add([{ id: 'later', prompt: promptFor('later', 'once wrong') }]);
    await world.until((store) => store.get('later')?.status === 'requeue', 20_000);
    clock.set('+0');
    await world.untilAllApproved(20_000);
    await world.stop();
    const events = readLog(world.paths.executionLog);
    const epochs = events.filter((line) => line['event'] === 'task_claimed').map((line) => Number(line['epoch']));
    expect(Math.max(...epochs)).toBe(2);
    expect(events.filter((line) => line['event'] === 'task_released')).toEqual([]);
    const found = checkWorld({ root: world.root, purchases: world.bought, apiDeaths: [] });
    // Instants of the API and of the model server cannot be compared here; the number of calls says it all.
    const proof = { ...clean, twiceBought: expect.any(Number) };
    expect(found).toMatchObject({ tasks: 13, modelCalls: 34, ...proof });
  });
});
