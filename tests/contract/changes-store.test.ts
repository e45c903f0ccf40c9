import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, openWorkArea, type WorkArea } from '@vivarium/changes';
import { afterEach, describe, expect, it } from 'vitest';
import { aBench, type Bench, commitAll, git } from './changes-kit.ts';

let bench: Bench;
afterEach(() => bench.end());

describe('store and work area of a project', () => {
  it('opens, edits, snapshots, compares, merges and commits', async () => {
    bench = await aBench({ 'src/a.ts': 'one\ntwo\nthree\n', 'test/a.test.ts': 'x\n', '.env': 'KEY=1\n' });
    const { store, project, repository } = bench;
    const base = await store.fetchBase();
    expect(base.tree).toBe(git(repository, ['rev-parse', 'HEAD^{tree}']).trim());
    const area: WorkArea = await openWorkArea(store, project, { task_id: 't1', attempt: 1, tree: base.tree });
    expect(await area.snapshot()).toEqual({ tree: base.tree, refused: [] });
    writeFileSync(join(area.folder, 'src/a.ts'), 'one\ntwo!\nthree\n');
    writeFileSync(join(area.folder, 'src/b.ts'), 'new\n');
    const { tree, refused } = await area.snapshot();
    expect(refused).toEqual([]);
    const { files, tier } = await filesOf(store, project, base.tree, tree);
    expect(files.map(({ path, added, removed }) => [path, added, removed])).toEqual([
      ['src/a.ts', 1, 1],
      ['src/b.ts', 1, 0],
    ]);
    expect(tier).toBe('C');
    expect(await store.patch(base.tree, tree)).toContain('+two!');
    writeFileSync(join(repository, 'src/c.ts'), 'theirs\n');
    commitAll(repository, 'more');
    const moved = await store.fetchBase();
    const merged = await store.merge(base.tree, tree, moved.tree);
    expect(merged.kind).toBe('clean');
    await area.reset(merged.kind === 'clean' ? merged.tree : '');
    expect(readFileSync(join(area.folder, 'src/c.ts'), 'utf8')).toBe('theirs\n');
    expect(readFileSync(join(area.folder, 'src/a.ts'), 'utf8')).toContain('two!');
    await area.remove();
  });
});
