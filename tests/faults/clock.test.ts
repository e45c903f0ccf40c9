import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkWorld, clean, readLog } from './kit/check-world.ts';
import { promptFor } from './kit/scripted-model.ts';
import { FaultWorld } from './kit/world.ts';

const LIBRARY = libfaketime();

/** Where the system keeps the library that changes a process's wall clock. */
function libfaketime(): string | undefined {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime')) : [];
  return folders.map((folder) => join(folder, 'libfaketimeMT.so.1')).find((file) => existsSync(file));
}

/** The wall clock of these processes alone; the monotonic clock and the times of files stay what they are. */
function steeredClock(world: { root: string }) {
  const file = join(world.root, 'clock');
  const set = (offset: string) => writeFileSync(file, `${offset}\n`);
  set('+0');
  const env = {
    LD_PRELOAD: LIBRARY ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
  return { set, env };
}

describe.skipIf(LIBRARY === undefined)('a wall clock that jumps by a day', () => {
  it.each([
    ['forward', '+1d'],
    ['back', '-1d'],
  ])('%s: nothing is stuck, nobody loses a task, nothing is bought twice', { timeout: 90_000 }, async (_way, jump) => {
    const world = await FaultWorld.open({ delayMs: () => 400 });
    const clock = steeredClock(world);
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
