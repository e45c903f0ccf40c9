import { collisions } from '@vivarium/core';
import { type GitPlace, isFileMode, pathText, readBlobs, records, runGit, type TreeEntry } from '../git/index.ts';
import { commitTree } from './commit.ts';
import type { MergeAnswer, MergeSides } from './project-store.ts';

/** Who signs the commits that only carry trees into a merge. */
const NOBODY = { message: 'merge', author: { name: 'Vivarium', email: 'vivarium@localhost' }, at: '2020-01-01T00:00:00.000Z' };
/** Larger sides are left out of the answer. */
const MOST_BYTES = 200_000;
const SIDES = ['base', 'ours', 'theirs'] as const;

type Entries = ReadonlyMap<string, TreeEntry>;
type Trees = Readonly<Record<(typeof SIDES)[number], string>>;

/** Three-way merge of trees in memory: no drivers, and every path by itself. A conflict tells no text that is withheld. */
export async function mergeTrees(
  place: GitPlace,
  entriesOf: (tree: string) => Promise<Entries>,
  trees: Trees,
  isWithheld: (path: string) => boolean,
): Promise<MergeAnswer> {
  const { base, ours, theirs } = trees;
  if (ours === theirs || base === theirs) return { kind: 'clean', tree: ours };
  if (base === ours) return { kind: 'clean', tree: theirs };
  const { tree, conflicts } = await mergedByGit(place, trees);
  const sides = await Promise.all([base, ours, theirs].map(entriesOf));
  const wrong = conflicts ?? [...moved(sides, await entriesOf(tree)), ...collided(sides, await entriesOf(tree))];
  if (wrong.length === 0) return { kind: 'clean', tree };
  const paths = [...new Set(wrong)];
  return {
    kind: 'conflict',
    paths,
    sides: await textsOf(
      place,
      sides,
      paths.filter((path) => !isWithheld(path)),
    ),
  };
}

async function mergedByGit(place: GitPlace, { base, ours, theirs }: Trees) {
  // `--merge-base` is younger than the oldest git we take: commits tell it which tree is the base.
  const root = await commitTree(place, { ...NOBODY, tree: base, parents: [] });
  const [left = '', right = ''] = await Promise.all(
    [ours, theirs].map((tree) => commitTree(place, { ...NOBODY, tree, parents: [root] })),
  );
  const args = ['merge-tree', '--write-tree', '-z', '--no-messages', '--name-only', left, right];
  const { code, output } = await runGit(place, args, { answers: [1] });
  const [tree, ...conflicts] = [...records(output)].map(pathText);
  return { tree: tree ?? '', conflicts: code === 1 ? conflicts : undefined };
}

/**
 * Paths that are not what the three sides say of that very path. Git follows renames whatever its settings say, and takes
 * edits along to a path that nobody looked at.
 */
function moved([base, ours, theirs]: readonly Entries[], tree: Entries): readonly string[] {
  const id = (entries: Entries | undefined, path: string) => {
    const entry = entries?.get(path);
    return entry && `${entry.mode} ${entry.oid}`;
  };
  const paths = new Set([base, ours, theirs, tree].flatMap((entries) => [...(entries?.keys() ?? [])]));
  return [...paths].filter((path) => {
    const [old, mine, other, found] = [base, ours, theirs, tree].map((entries) => id(entries, path));
    if (mine === other || other === old) return found !== mine;
    if (mine === old) return found !== other;
    return mine === undefined || other === undefined || found === undefined;
  });
}

/** Names added by both sides that only some file systems tell apart; git merges those without a word. */
function collided([base, ours, theirs]: readonly Entries[], tree: Entries): readonly string[] {
  const added = new Set([...(ours?.keys() ?? [])].filter((path) => !base?.has(path)));
  const found = collisions(tree.keys(), added);
  return [...found].filter(([path, other]) => !ours?.has(other) || !theirs?.has(path)).map(([path]) => path);
}

async function textsOf(place: GitPlace, sides: readonly Entries[], paths: readonly string[]): Promise<readonly MergeSides[]> {
  const entries = paths.flatMap((path) => sides.map((side) => side.get(path)));
  const wanted = [...new Set(entries.flatMap((entry) => (entry && isFileMode(entry.mode) ? [entry.oid] : [])))];
  const texts = new Map<string, string>();
  await readBlobs(place, wanted, (index, bytes) => {
    if (bytes.length <= MOST_BYTES && !bytes.includes(0)) texts.set(wanted[index] ?? '', bytes.toString('utf8'));
  });
  return paths.map((path) => {
    const known = SIDES.map((side, index) => [side, texts.get(sides[index]?.get(path)?.oid ?? '')] as const);
    return { path, ...Object.fromEntries(known.filter(([, text]) => text !== undefined)) };
  });
}
