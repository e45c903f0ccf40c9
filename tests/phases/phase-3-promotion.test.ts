import { openSkills, type TaskRecord } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { type InsideWorld, openInside, type TestTask } from './phase-kit.ts';
import {
  HARMFUL,
  NEAR_MISSES,
  type Planted,
  plantedModel,
  promptOf,
  rightAnswer,
  SAMPLES,
  STRUCTURELESS,
  USEFUL,
} from './promotion-kit.ts';

let inside: InsideWorld;
afterEach(() => inside.close());

async function skills() {
  const registry = await openSkills({ backend: fileBackend(inside.world.paths) });
  const list = registry.list();
  await registry.close();
  return list;
}

/** One task of each kind after the other, so that every kind's samples come in a known order. */
const tasksOf = (kinds: readonly Planted[], from: number, count: number): TestTask[] =>
  Array.from({ length: count }, (_, at) =>
    kinds.map((kind) => ({ id: `${kind.name}-${from + at}`, prompt: promptOf(kind, from + at) })),
  ).flat();

const isRight = ({ status, task, outcome }: TaskRecord) =>
  status === 'approved' && outcome?.result_summary.trim() === rightAnswer(task.prompt ?? '');
const bySkill = (records: readonly TaskRecord[]) => records.filter(({ outcome }) => outcome?.model_call_avoided).length;

describe('phase 3: what becomes a skill', () => {
  it('promotes at least nine of ten useful candidates, none of ten harmful ones, and costs no other work its success', async () => {
    inside = await openInside(plantedModel, { SWARM_RATE_LIMIT: '100000' });
    const learned = await inside.run(tasksOf([...STRUCTURELESS, ...USEFUL, ...HARMFUL], 0, SAMPLES), 1);
    expect(learned.filter(isRight)).toHaveLength(learned.length);

    const standing = await skills();
    const reached = (kind: Planted) => standing.find(({ provenance }) => provenance?.task_ids.includes(`${kind.name}-0`));
    const active = (kinds: readonly Planted[]) =>
      kinds.filter((kind) => reached(kind)?.status === 'active').map(({ name }) => name);
    const drafted = (kinds: readonly Planted[]) => kinds.filter((kind) => reached(kind) !== undefined).length;

    // The same work once more, and work that only sounds like it.
    const known = await inside.run(tasksOf(USEFUL, SAMPLES, 2));
    const others = await inside.run([
      ...tasksOf([...STRUCTURELESS, ...HARMFUL], SAMPLES, 2),
      ...NEAR_MISSES.map((prompt, at) => ({ id: `near-${at}`, prompt })),
    ]);
    process.stdout.write(
      `planted skills: useful ${active(USEFUL).length}/${USEFUL.length} active, harmful ${active(HARMFUL).length}/${HARMFUL.length} active, ` +
        `structureless ${active(STRUCTURELESS).length}/${STRUCTURELESS.length} active; afterwards right: known kinds ${known.filter(isRight).length}/${known.length} ` +
        `(${bySkill(known)} without a model), all other work ${others.filter(isRight).length}/${others.length} (${bySkill(others)} without a model)\n`,
    );
    for (const kind of [...HARMFUL, ...STRUCTURELESS])
      process.stdout.write(`  ${kind.name}: ${reached(kind)?.status} ${reached(kind)?.last_reason}\n`);
    expect(drafted([...USEFUL, ...HARMFUL])).toBe(USEFUL.length + HARMFUL.length);
    expect(active(USEFUL).length).toBeGreaterThanOrEqual(9);
    expect([...active(HARMFUL), ...active(STRUCTURELESS)]).toEqual([]);
    expect(known.filter(isRight)).toHaveLength(known.length);
    expect(bySkill(known)).toBeGreaterThanOrEqual(18);
    expect(others.filter(isRight)).toHaveLength(others.length);
    expect(bySkill(others)).toBe(0);
  }, 180_000);
});
