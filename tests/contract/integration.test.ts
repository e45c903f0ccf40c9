/**
 * Many changes of several residents, put together in batches on a real store: every landing leaves the branch green, nobody is
 * blamed for another's fault, and every good change lands once. `VIVARIUM_CHANGES=full` does two hundred.
 */
import { integrate, type Look, landChange, moveChange } from '@vivarium/changes';
import { type ChangeRecord, oneByOne } from '@vivarium/core';
import { afterEach, describe, expect, it } from 'vitest';
import { git } from './changes-kit.ts';
import { aLandBench, type LandBench } from './landing-kit.ts';

let bench: LandBench;
afterEach(() => bench?.end());

const FULL = process.env['VIVARIUM_CHANGES'] === 'full';
const COUNT = FULL ? 200 : 16;
const RESIDENTS = 8;
const BATCH = 5;
const FILES = { 'src/shared.txt': 'start\n', 'src/start.txt': 'start\n' };

/** What tests would say of a tree: a file that says `bad` breaks them, and so does each half of a pair beside its other half. */
async function redBecause(tree: string): Promise<string | undefined> {
  const texts = new Map<string, string>();
  for (const [path, { oid }] of await bench.store.entries(tree)) texts.set(path, (await bench.store.read(oid)).toString());
  const bad = [...texts].find(([, text]) => text.includes('bad'));
  if (bad) return `${bad[0]} is bad`;
  return texts.has('src/left.txt') && texts.has('src/right.txt') ? 'left and right break together' : undefined;
}

const seen = async (tree: string): Promise<Look> => {
  const why = await redBecause(tree);
  return why === undefined ? { kind: 'green' } : { kind: 'red', why };
};

const inBatch = (changes: readonly ChangeRecord[], look: (tree: string) => Promise<Look> = seen, singly = false) =>
  integrate({ store: bench.store, look: (tree) => look(tree) }, changes, singly);

const head = () => git(bench.repository, ['rev-parse', 'main^{tree}']).trim();
const written = (n: string, text = 'good') => bench.approved({ [`src/${n}.txt`]: `${text}\n` }, n);

/** Land what a batch let through, in its order; each is what the batch had for it. */
async function landAll(passing: readonly { change_id: string; tree: string }[]): Promise<void> {
  for (const { change_id, tree } of passing) {
    const change = bench.log.change(change_id) ?? expect.fail('no change');
    const moved = await moveChange({ store: bench.store, changes: bench.log, project: bench.project }, change);
    expect(['moved', 'there']).toContain(moved.kind);
    const now = bench.log.change(change_id) ?? expect.fail('no change');
    expect(now.tree).toBe(tree);
    expect(await landChange(bench.deps, now)).toMatchObject({ kind: 'landed' });
    expect(head()).toBe(tree);
    expect(await redBecause(tree)).toBeUndefined();
  }
}

describe('integration', () => {
  it(`lands every good one of ${COUNT} changes once, blames nobody for another's fault, and keeps the branch green`, async () => {
    bench = await aLandBench(FILES);
    const bad = new Set<string>();
    const waiting: string[] = [];
    for (let n = 0; n < COUNT; n += 1) {
      const id = `r${n % RESIDENTS}_${n}`;
      if ((n * 7) % 20 < 5) bad.add(id);
      waiting.push(id);
    }
    const conflicting = new Set(waiting.filter((_id, n) => n % 20 === 1 || n % 20 === 2));
    const write = (id: string, round = 1) =>
      conflicting.has(id) && round === 1
        ? bench.approved({ 'src/shared.txt': `${id}\n` }, id)
        : bench.approved({ [`src/${id}.txt`]: `${bad.has(id) ? 'bad' : 'good'}\n` }, `${id}_${round}`);
    const [landed, blamed, again, outcomes]: [string[], string[], string[], boolean[]] = [[], [], [], []];
    for (let at = 0; at < waiting.length; at += RESIDENTS) {
      const changes: [string, ChangeRecord][] = [];
      for (const id of waiting.slice(at, at + RESIDENTS)) changes.push([id, await write(id)]);
      await rounds(changes);
    }
    async function rounds(open: readonly [string, ChangeRecord][]): Promise<void> {
      const names = new Map(open.map(([id, { change_id }]) => [change_id, id]));
      const round: [string, ChangeRecord][] = [];
      for (let from = 0; from < open.length; from += BATCH) {
        const batch = open.slice(from, from + BATCH).map(([, change]) => change);
        const end = await inBatch(batch, seen, oneByOne(outcomes));
        if (end.kind !== 'done') return expect.fail(end.kind);
        await landAll(end.passing);
        landed.push(...end.passing.map(({ change_id }) => names.get(change_id) ?? ''));
        outcomes.push(...batch.map(({ change_id }) => !end.at_fault.has(change_id)));
        for (const [change_id, why] of end.at_fault) {
          const id = names.get(change_id) ?? '';
          if (!why.startsWith('It conflicts')) blamed.push(id);
          else {
            again.push(id);
            round.push([id, await write(id, 2)]);
          }
        }
      }
      if (round.length > 0) await rounds(round);
    }
    expect(new Set(blamed)).toEqual(bad);
    expect([...landed].sort()).toEqual(waiting.filter((id) => !bad.has(id)).sort());
    expect(again.length).toBe(conflicting.size / 2);
    expect(again.every((id) => conflicting.has(id))).toBe(true);
    const commits = git(bench.repository, ['log', '--format=%(trailers:key=Vivarium-Change,valueonly)', 'main']);
    const told = commits.split('\n').filter(Boolean);
    expect([told.length, new Set(told).size]).toEqual([landed.length, landed.length]);
    expect(git(bench.repository, ['status', '--porcelain'])).toBe('');
  }, 900_000);

  it.each([0, 1, 2, 3, 4])(
    'finds the bad one at place %i of five in at most five runs, and the four others pass',
    async (place) => {
      bench = await aLandBench(FILES);
      const names = ['a', 'b', 'c', 'd', 'e'];
      const changes: ChangeRecord[] = [];
      for (const [at, name] of names.entries()) changes.push(await written(name, at === place ? 'bad' : 'good'));
      let looks = 0;
      const end = await inBatch(changes, async (tree) => {
        looks += 1;
        return seen(tree);
      });
      if (end.kind !== 'done') return expect.fail(end.kind);
      expect([...end.at_fault.keys()]).toEqual([changes[place]?.change_id]);
      expect(end.passing).toHaveLength(4);
      expect([looks <= 5, end.runs]).toEqual([true, looks]);
      await landAll(end.passing);
    },
  );

  it('of two that only break together blames the later, and the earlier lands', async () => {
    bench = await aLandBench(FILES);
    const changes = [await written('left'), await written('other'), await written('right')];
    const end = await inBatch(changes);
    if (end.kind !== 'done') return expect.fail(end.kind);
    expect([...end.at_fault]).toEqual([[changes[2]?.change_id, 'left and right break together']]);
    await landAll(end.passing);
    const alone = await inBatch([await bench.approved({ 'src/right.txt': 'good\n' }, 'right_again')]);
    expect(alone).toMatchObject({ kind: 'done', passing: [] });
  });

  it('of two on the same lines lets the first pass and shows the second both sides', async () => {
    bench = await aLandBench(FILES);
    const one = await bench.approved({ 'src/shared.txt': 'mine\n' }, 'one');
    const two = await bench.approved({ 'src/shared.txt': 'yours\n' }, 'two');
    const end = await inBatch([one, two]);
    if (end.kind !== 'done') return expect.fail(end.kind);
    expect(end.passing.map(({ change_id }) => change_id)).toEqual([one.change_id]);
    expect(end.at_fault.get(two.change_id)).toMatch(/It conflicts .*src\/shared\.txt[\s\S]*mine[\s\S]*yours/);
    await landAll(end.passing);
    const late = await moveChange({ store: bench.store, changes: bench.log, project: bench.project }, two);
    expect(late).toMatchObject({ kind: 'conflict', why: expect.stringContaining('mine') });
  });

  it('decides nothing where a look was cut off', async () => {
    bench = await aLandBench(FILES);
    const end = await inBatch([await written('a'), await written('b')], async () => ({ kind: 'interrupted', why: 'halted' }));
    expect(end).toEqual({ kind: 'interrupted', why: 'halted' });
  });
});
