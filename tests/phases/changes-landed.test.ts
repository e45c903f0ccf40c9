/** A bug in a project is mended by a resident, tested by the runtime and by another resident, approved by a person, and landed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTools } from '@vivarium/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { aChangesWorld, type ChangesWorld } from './changes-kit.ts';

let world: ChangesWorld;
afterEach(() => world?.close());

const task = (id: string, more: object = {}) => ({
  id,
  prompt: 'Mend sum(): it subtracts',
  project: 'sample',
  kind: 'fix',
  gates: true,
  ...more,
});

describe.skipIf(findTools().bwrap === undefined)('a change to a project', () => {
  it('goes from the task to the branch for one yes', async () => {
    world = await aChangesWorld();
    writeFileSync(join(world.repository, 'mine.txt'), 'mine\n');
    const [record] = await world.run([task('mend')]);
    const change = await world.change('mend');
    expect(record?.gate, JSON.stringify({ record, change }, null, 1)).toMatchObject({ kind: 'land', next_mover: 'person' });
    expect(record?.gate?.action).toContain(
      `pnpm worker change approve ${change?.change_id} --entries ${change?.entries_sha256.slice(0, 16)}`,
    );
    expect(world.text('src/sum.mjs')).toContain('a - b');
    await world.approve('mend');
    const [done] = await world.run([]).then(() => world.run([task('mend')]));
    expect(done?.status).toBe('approved');
    expect(world.text('src/sum.mjs')).toContain('a + b');
    expect(world.git('log', '--format=%an %cn %s')).toMatch(/^\S+ Vivarium Add instead of subtracting\n/);
    expect(world.git('status', '--porcelain')).toBe('?? mine.txt\n');
    expect(await world.change('mend')).toMatchObject({ phase: 'landed' });
  });
});
