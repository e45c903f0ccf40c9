import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Found, walk } from './walk.ts';

it.each(['a folder', 'a folder above'])('reads on where it is when %s is swapped for a link meanwhile', async (which) => {
  const place = mkdtempSync(join(tmpdir(), 'walk-'));
  const [root, outside] = [join(place, 'root'), join(place, 'outside')];
  for (const top of [root, outside]) mkdirSync(join(top, 'up', 'deep'), { recursive: true });
  for (const name of ['a', 'b', 'c']) writeFileSync(join(root, 'up', 'deep', name), 'own');
  for (const name of ['a', 'b', 'c']) writeFileSync(join(outside, 'up', 'deep', name), 'stolen');
  const swapped = which === 'a folder' ? 'up/deep' : 'up';
  const found: Found[] = [];
  await walk(
    root,
    (one) => {
      found.push(one);
      if (found.length > 1) return;
      renameSync(join(root, swapped), join(place, 'aside'));
      symlinkSync(join(outside, swapped), join(root, swapped));
    },
    () => undefined,
  );
  const texts = found.map((one) => (one.kind === 'file' ? one.bytes.toString() : one.kind));
  expect(texts).toEqual(['own', 'own', 'own']);
  rmSync(place, { recursive: true });
});
