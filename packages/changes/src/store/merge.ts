import { collisions } from '@vivarium/core';
import { type GitPlace, pathText, readBlobs, records, runGit, type TreeEntry } from '../git/index.ts';
import { commitTree } from './commit.ts';
import type { MergeAnswer, MergeSides } from './project-store.ts';

/** Who signs the commits that only carry trees into a merge. */
const NOBODY = { message: 'merge', author: { name: 'Vivarium', email: 'vivarium@localhost' }, at: '2020-01-01T00:00:00.000Z' };
/** Larger sides are left out of the answer. */
const MOST_BYTES = 200_000;
const SIDES = ['base', 'ours', 'theirs'] as const;

/** Three-way merge of trees in memory: no drivers, no renames. */
export async function mergeTrees(
  place: GitPlace,
  entriesOf: (tree: string) => Promise<ReadonlyMap<string, TreeEntry>>,
  trees: { base: string; ours: string; theirs: string },
): Promise<MergeAnswer> {
  const { base, ours, theirs } = trees;
  if (ours === theirs || base === theirs) return { kind: 'clean', tree: ours };
  if (base === ours) return { kind: 'clean', tree: theirs };
  // `--merge-base` is younger than the oldest git we take: commits tell it which tree is the base.
  const root = await commitTree(place, { ...NOBODY, tree: base, parents: [] });
  const [left, right] = await Promise.all([ours, theirs].map((tree) => commitTree(place, { ...NOBODY, tree, parents: [root] })));
  const args = ['merge-tree', '--write-tree', '-z', '--no-messages', left ?? '', right ?? ''];
  const { code, output } = await runGit(place, args, { answers: [1] });
  const [tree, ...rest] = [...records(output)];
  if (code === 1) return conflict(place, rest);
  return collided(entriesOf, trees, tree?.toString() ?? '');
}

/** `<mode> <oid> <stage>\t<path>` for each side that there is. */
async function conflict(place: GitPlace, lines: readonly Buffer[]): Promise<MergeAnswer> {
  const found = new Map<string, Partial<Record<(typeof SIDES)[number], string>>>();
  for (const line of lines) {
    const tab = line.indexOf(9);
    const [mode = '', oid = '', stage = ''] = line.toString('latin1', 0, tab).split(' ');
    const side = SIDES[Number(stage) - 1];
    const path = pathText(line.subarray(tab + 1));
    const ends = found.get(path) ?? {};
    found.set(path, side && mode.startsWith('100') ? { ...ends, [side]: oid } : ends);
  }
  const texts = await textsOf(place, [...new Set([...found.values()].flatMap((ends) => Object.values(ends)))]);
  const sides = [...found].map(([path, ends]) => {
    const entry = SIDES.map((side) => [side, texts.get(ends[side] ?? '')] as const).filter(([, text]) => text !== undefined);
    return { path, ...Object.fromEntries(entry) } satisfies MergeSides;
  });
  return { kind: 'conflict', paths: [...found.keys()], sides };
}

async function textsOf(place: GitPlace, oids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  await readBlobs(place, oids, (index, bytes) => {
    if (bytes.length <= MOST_BYTES && !bytes.includes(0)) texts.set(oids[index] ?? '', bytes.toString('utf8'));
  });
  return texts;
}

/** Both sides may add names that only some file systems tell apart; git merges those without a word. */
async function collided(
  entriesOf: (tree: string) => Promise<ReadonlyMap<string, TreeEntry>>,
  { base, ours, theirs }: { base: string; ours: string; theirs: string },
  tree: string,
): Promise<MergeAnswer> {
  const [old, mine] = await Promise.all([entriesOf(base), entriesOf(ours)]);
  const added = new Set([...mine.keys()].filter((path) => !old.has(path)));
  const found = collisions((await entriesOf(tree)).keys(), added);
  const others = await entriesOf(theirs);
  const paths = [...found].filter(([path, other]) => !mine.has(other) || !others.has(path)).map(([path]) => path);
  return paths.length === 0 ? { kind: 'clean', tree } : { kind: 'conflict', paths, sides: paths.map((path) => ({ path })) };
}
