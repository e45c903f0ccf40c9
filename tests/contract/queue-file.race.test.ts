import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Task } from '@vivarium/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually, QueueWorld } from './queue-file.kit.ts';

const SAVES = 300;

/** A person's editor in a process of its own: reads the file, adds a task, saves in place or by rename. */
const EDITOR = `
const fs = require('node:fs');
const [file, saves] = [process.argv[1], Number(process.argv[2])];
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
for (let n = 0; n < saves; n += 1) {
  let view;
  for (;;) { try { view = JSON.parse(fs.readFileSync(file, 'utf8')); break; } catch { pause(1); } }
  pause(Math.random() * 8);
  view.tasks.push({ id: 'hand-' + n, prompt: 'by hand' });
  const text = JSON.stringify(view, null, 2);
  if (n % 2) { fs.writeFileSync(file + '.swp', text); fs.renameSync(file + '.swp', file); }
  else fs.writeFileSync(file, text);
  pause(Math.random() * 15);
}`;

let world: QueueWorld;
beforeEach(() => {
  world = new QueueWorld();
});
afterEach(() => world.close());

it(`loses none of ${SAVES} saves by hand that race against publishing`, async () => {
  const { store, queue } = await world.process();
  const stops = [queue, (await world.process()).queue].map((file) => file.watch());
  const editor = spawn(process.execPath, ['-e', EDITOR, world.paths.queue, String(SAVES)], { stdio: 'inherit' });
  let running = true;
  const over = once(editor, 'exit').then(() => {
    running = false;
  });
  for (let n = 0; running; n += 1) {
    await store.add([Task.parse({ id: `own-${n}`, prompt: 'by the runtime' })], 'test');
    await queue.sync();
    await new Promise((done) => setTimeout(done, 5));
  }
  await over;
  const missing = () => Array.from({ length: SAVES }, (_, n) => `hand-${n}`).filter((id) => store.get(id) === undefined);
  await eventually(
    async () => {
      await queue.sync();
      return missing().length === 0;
    },
    `all saves; missing ${missing().join(' ')}`,
  );
  for (const stop of stops) stop();
  expect(store.counts().cancelled).toBe(0);
  expect(world.json().tasks.length).toBe(store.counts().total);
}, 60_000);
