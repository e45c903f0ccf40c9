import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { GitError, type GitPlace, indexInfo, parseTree, runGit, type TreeEntry } from '../git/index.ts';
import type { Changed } from './project-store.ts';

/** How many trees' lists are kept in memory. */
const MOST_TREES = 8;

/** Trees never change: the lists of those asked for last are kept. */
export function treeReader(place: GitPlace): (tree: string) => Promise<ReadonlyMap<string, TreeEntry>> {
  const known = new Map<string, Promise<ReadonlyMap<string, TreeEntry>>>();
  return (tree) => {
    const found = known.get(tree) ?? runGit(place, ['ls-tree', '-r', '-z', '--full-tree', tree]).then((a) => parseTree(a.output));
    known.delete(tree);
    known.set(tree, found);
    found.catch(() => known.delete(tree));
    const oldest = known.keys().next();
    if (known.size > MOST_TREES && !oldest.done) known.delete(oldest.value);
    return found;
  };
}

let made = 0;

/**
 * A tree with some paths set or taken out. Git drops paths that it does not like without a word, so the tree is read back
 * and must be exactly what was asked for.
 */
export async function treeWith(
  place: GitPlace,
  entriesOf: (tree: string) => Promise<ReadonlyMap<string, TreeEntry>>,
  base: string,
  changed: readonly Changed[],
): Promise<string> {
  if (changed.length === 0) return base;
  made += 1;
  const index = join(place.gitDir, `index-${process.pid}-${made}`);
  const environment = { GIT_INDEX_FILE: index };
  try {
    await runGit(place, ['read-tree', base], { environment });
    const input = indexInfo(new Map(changed.map(({ path, after }) => [path, after])), base);
    await runGit(place, ['update-index', '-z', '--index-info'], { environment, input });
    const tree = (await runGit(place, ['write-tree'], { environment })).output.toString().trim();
    mustHold(await entriesOf(base), await entriesOf(tree), changed);
    return tree;
  } finally {
    rmSync(index, { force: true });
    rmSync(`${index}.lock`, { force: true });
  }
}

function mustHold(base: ReadonlyMap<string, TreeEntry>, tree: ReadonlyMap<string, TreeEntry>, changed: readonly Changed[]): void {
  let expected = base.size;
  for (const { path, after } of changed) {
    const found = tree.get(path);
    if (found?.oid !== after?.oid || found?.mode !== after?.mode) throw leftOut(path);
    expected += Number(after !== undefined) - Number(base.has(path));
  }
  if (tree.size !== expected) throw leftOut(`one of ${changed.length} paths`);
}

const leftOut = (path: string): GitError =>
  new GitError(`Git did not take ${path} into the tree as it was given`, { fix: 'Give the file another name' });
