/** What the processes of a workspace tell each other about `queue.json`: never taken for empty because it could not be read. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '@vivarium/core';
import { readQueueFindings } from '@vivarium/world';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { QueueWorld } from './queue-file.kit.ts';

const REFUSED = {
  tasks: [
    { id: 'a', prompt: 'x' },
    { id: 'bad', prompt: 7 },
  ],
  completed: [{ id: 'old', result_summary: 'long ago' }],
};
let world: QueueWorld;
let file: string;
beforeEach(() => {
  world = new QueueWorld();
  file = join(world.paths.queueHistory, 'state.json');
  world.write(REFUSED);
});
afterEach(async () => {
  await world.close();
  rmSync(world.paths.root, { recursive: true, force: true });
});

const besides = () => readdirSync(world.paths.queueHistory).filter((name) => name.startsWith('state.json.'));

it('is empty only when it is not there', async () => {
  expect(await readQueueFindings(world.paths)).toEqual([]);
});

it('stops a round with the error while it cannot be read, writes nothing over it, and goes on afterwards', async () => {
  const { queue } = await world.process();
  const [view, aside] = [world.text(), `${file}.away`];
  renameSync(file, aside);
  mkdirSync(file);
  await queue.sync();
  await expect(readQueueFindings(world.paths)).rejects.toThrow(StorageError);
  expect(world.refusals().at(-1)).toContain(`queue.json is not up to date: ${file} could not be read`);
  expect([world.text(), queue.findings().length]).toEqual([view, 1]);
  rmSync(file, { recursive: true });
  renameSync(aside, file);
  await queue.sync();
  expect(await readQueueFindings(world.paths)).toMatchObject([{ task_id: 'bad' }]);
  expect(world.json().completed).toMatchObject([{ id: 'old' }]);
});

it.skipIf(process.getuid?.() === 0)('is not taken for empty when this user may not read it', async () => {
  await world.process();
  chmodSync(file, 0);
  await expect(readQueueFindings(world.paths)).rejects.toThrow(StorageError);
  chmodSync(file, 0o600);
});

it.each([
  ['half of it', '{"stamp": "1-2'],
  ['nothing', ''],
  ['what it does not hold', '{"stamp": 7}'],
  ['zeros of a power cut', '\0'.repeat(64)],
])('is moved aside, told and made anew when it holds %s; the work stands', async (_what, text) => {
  const { queue, store } = await world.process();
  writeFileSync(file, text);
  await queue.sync();
  const [name = ''] = besides();
  expect(name).toMatch(/^state\.json\.corrupt-\d+$/);
  expect(readFileSync(join(world.paths.queueHistory, name), 'utf8')).toBe(text);
  expect(world.refusals().filter((line) => line.includes(file))).toEqual([expect.stringContaining('it was moved aside')]);
  expect(store.get('a')?.status).toBe('queued');
  expect(await readQueueFindings(world.paths)).toMatchObject([{ task_id: 'bad' }]);
  expect(world.json().completed).toMatchObject([{ id: 'old' }]);
});
