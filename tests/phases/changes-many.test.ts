/**
 * Many changes at once with two workers over one project: whatever they do side by side, each good one lands once, nothing bad
 * does, and no change is put together twice. `VIVARIUM_CHANGES=full` does two hundred.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptedCall } from '@vivarium/core/testing';
import { findTools } from '@vivarium/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { aChangesWorld, acting, type ChangesWorld } from './changes-kit.ts';

let world: ChangesWorld;
afterEach(() => world?.close());

const COUNT = process.env['VIVARIUM_CHANGES'] === 'full' ? 200 : 8;
const isBad = (n: number) => n % 4 === 2;
/** Two of twenty write the same file. */
const clashes = (n: number) => n % 20 === 0 || n % 20 === 3;

function script(n: number, asked: string): ScriptedCall[][] {
  const hand_in: ScriptedCall[] = [['hand_in', { title: `Change ${n}`, summary: 'As asked.', kind: 'chore' }]];
  if (isBad(n)) return [[['edit_file', { path: 'src/sum.mjs', edits: [{ old: 'a - b', new: 'a - b - 1' }] }]], hand_in];
  const same = clashes(n) && !asked.includes('conflicts');
  const path = same ? `src/same${Math.floor(n / 20)}.mjs` : `src/n${n}.mjs`;
  return [[['create_file', { path, content: `export const n = ${n};\n` }]], hand_in];
}

describe.skipIf(findTools().bwrap === undefined)('many changes', () => {
  it(`lands every good one of ${COUNT} once with two workers at once, and nothing that is bad`, async () => {
    const handler = acting([], undefined, (asked) => {
      const n = /Make change number (\d+)\b/.exec(asked)?.[1];
      return n === undefined ? undefined : script(Number(n), asked);
    });
    world = await aChangesWorld(handler, { gates: ['unit', 'integration'], land: 'auto' });
    const all = Array.from({ length: COUNT }, (_, n) => n);
    const of = (n: number) => ({ prompt: `Make change number ${n}`, project: 'sample', kind: 'chore', gates: true });
    await Promise.all([
      world.run(
        all.map((n) => ({ id: `n${n}`, ...of(n) })),
        4,
      ),
      world.run([], 4),
    ]);
    await world.run([]);
    const records = await Promise.all(all.map((n) => world.record(`n${n}`)));
    const status = (bad: boolean) => new Set(records.filter((_, n) => isBad(n) === bad).map((record) => record.status));
    expect(status(false)).toEqual(new Set(['approved']));
    expect(status(true)).toEqual(new Set(['failed']));
    for (const [n, { reasons }] of records.entries())
      if (!isBad(n) && reasons.length > 0)
        expect([clashes(n), reasons.join()]).toEqual([true, expect.stringContaining('conflict')]);
    const told = world.git('log', '--format=%(trailers:key=Vivarium-Task,valueonly)').split('\n').filter(Boolean);
    expect(told.sort()).toEqual(
      all
        .filter((n) => !isBad(n))
        .map((n) => `n${n}`)
        .sort(),
    );
    expect(world.git('status', '--porcelain')).toBe('');
    const lines = readFileSync(join(world.world.root, '.swarm/quality_gates.jsonl'), 'utf8').split('\n').filter(Boolean);
    const batched = lines
      .map((line) => JSON.parse(line))
      .flatMap(({ event, task_ids }) => (event === 'batch_created' ? task_ids : []));
    expect(new Set(batched).size).toBe(batched.length);
  }, 3_600_000);
});
