/** The bytes of `queue.json`: encodings are refused by name and change nothing, and a link stays a link. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Task } from '@vivarium/core';
import { readQueueFindings } from '@vivarium/world';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, QueueWorld } from './queue-file.kit.ts';

let world: QueueWorld;
beforeEach(() => {
  world = new QueueWorld();
});
afterEach(async () => {
  await world.close();
  rmSync(world.paths.root, { recursive: true, force: true });
});

const TASKS = '{\n  "tasks": [\n    {"id": "lat", "prompt": "say café"}\n  ]\n}\n';

const task = (id: string) => Task.parse({ id, prompt: 'stay' });

describe('a queue.json that is not in UTF-8', () => {
  it.each([
    [
      'Latin-1',
      Buffer.from(TASKS, 'latin1'),
      'line 3 column 37: the file is not in UTF-8 but probably in Windows-1252',
      'iconv -f WINDOWS-1252',
    ],
    [
      'UTF-16 with a mark',
      Buffer.from(`\uFEFF${TASKS}`, 'utf16le'),
      'line 1 column 1: the file is in UTF-16, not in UTF-8',
      'iconv -f UTF-16 ',
    ],
    [
      'UTF-16 without one',
      Buffer.from(TASKS, 'utf16le').swap16(),
      'line 1 column 1: the file is in UTF-16, not in UTF-8',
      'iconv -f UTF-16BE',
    ],
    ['a NUL byte', Buffer.from(TASKS.replace('say', 'say\0')), 'has a NUL byte', 'Correct it in an editor and save it as UTF-8'],
  ])('(%s) is refused whole with its name, told once, and stays as it is', async (_what, bytes, words, fix) => {
    const { store, queue } = await world.process();
    await store.add([task('kept')], 'person');
    await queue.sync();
    writeFileSync(world.paths.queue, bytes);
    await queue.sync();
    await queue.sync();
    expect(world.refusals()).toEqual([expect.stringContaining(words)]);
    expect(world.refusals()[0]).toContain(fix);
    expect(await readQueueFindings(world.paths)).toHaveLength(1);
    expect(readFileSync(world.paths.queue)).toEqual(bytes);
    expect(store.get('lat')).toBeUndefined();
    expect(store.get('kept')?.status).toBe('queued');
    world.write(`\uFEFF${TASKS.replaceAll('\n', '\r')}`);
    await queue.sync();
    expect(store.get('lat')?.task.prompt).toBe('say café');
    expect(await readQueueFindings(world.paths)).toEqual([]);
  });
});

describe('a queue.json that is a link', () => {
  const linkTo = (target: string) => symlinkSync(target, world.paths.queue);
  const isLinkTo = (target: string) => {
    expect(lstatSync(world.paths.queue).isSymbolicLink()).toBe(true);
    expect(readlinkSync(world.paths.queue)).toBe(target);
  };

  it('stays one: what it names is read and written, also while somebody saves', async () => {
    const folder = join(world.paths.root, 'dotfiles');
    mkdirSync(folder);
    writeFileSync(join(folder, 'tasks.json'), TASKS);
    linkTo('dotfiles/tasks.json');
    const { store, queue } = await world.process();
    queue.watch();
    expect(store.get('lat')?.task.prompt).toBe('say café');
    const shown = world.json();
    expect(shown.counts.tasks).toBe(1);
    writeFileSync(join(folder, 'tasks.json'), JSON.stringify({ ...shown, tasks: [...shown.tasks, { id: 'more', prompt: 'x' }] }));
    await eventually(() => store.get('more') !== undefined && world.json().counts.tasks === 2, 'the edit behind the link');
    isLinkTo('dotfiles/tasks.json');
    expect(lstatSync(join(folder, 'tasks.json')).isFile()).toBe(true);
  });

  it('is filled when what it names is yet to be made, over several links', async () => {
    symlinkSync(join(world.paths.root, 'third.json'), join(world.paths.root, 'second.json'));
    linkTo('second.json');
    const { queue } = await world.process();
    await queue.sync();
    isLinkTo('second.json');
    expect(JSON.parse(readFileSync(join(world.paths.root, 'third.json'), 'utf8'))).toMatchObject({ tasks: [] });
  });

  it('into a folder that is not there is told by name, and nothing stops', async () => {
    linkTo('nowhere/queue.json');
    const { store, queue } = await world.process();
    await store.add([task('a')], 'person');
    await queue.sync();
    expect(world.refusals()).toEqual([expect.stringMatching(/is a link to .*nowhere\/queue\.json, and there is no folder/)]);
    isLinkTo('nowhere/queue.json');
    mkdirSync(join(world.paths.root, 'nowhere'));
    await queue.sync();
    isLinkTo('nowhere/queue.json');
    expect(world.json().tasks.map(({ id }) => id)).toEqual(['a']);
  });

  it.skipIf(!isOtherDisk('/dev/shm'))(
    'to another disk stays one too, also when it is replaced while somebody saves',
    async () => {
      const folder = mkdtempSync('/dev/shm/vivarium-queue-');
      try {
        const target = join(folder, 'queue.json');
        writeFileSync(target, TASKS);
        linkTo(target);
        const { store, queue } = await world.process();
        await store.add([task('b')], 'person');
        await queue.sync();
        expect(
          world
            .json()
            .tasks.map(({ id }) => id)
            .sort(),
        ).toEqual(['b', 'lat']);
        expect(world.refusals()).toEqual([]);
        isLinkTo(target);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

function isOtherDisk(folder: string): boolean {
  return existsSync(folder) && lstatSync(folder).dev !== lstatSync(tmpdir()).dev;
}
