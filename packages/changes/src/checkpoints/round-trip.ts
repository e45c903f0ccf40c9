import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangedEntry } from '@vivarium/core';
import { blobId, isFileMode, type TreeEntry } from '../git/index.ts';
import { bringFiles } from '../landing/index.ts';
import { isWritable, type ProjectStore } from '../store/index.ts';
import { walk } from '../work-area/walk.ts';

/** The first file of a tree whose bytes in the store are not what its name says; undefined when all are whole. */
export async function treeProblem(store: ProjectStore, tree: string): Promise<string | undefined> {
  const files = await filesIn(store, tree);
  let problem: string | undefined;
  await store.readAll(
    files.map(([, { oid }]) => oid),
    (index, bytes) => {
      const [path = '', entry] = files[index] ?? [];
      if (entry && blobId(bytes, entry.oid) !== entry.oid) problem ??= `the store has other bytes of ${path} than ${tree} says`;
    },
  );
  return problem;
}

/** Puts a harmless change onto a checkout of ours, takes it back as a restore does, and compares. */
export async function wayBackProblem(
  store: ProjectStore,
  from: { readonly commit: string; readonly tree: string },
): Promise<string | undefined> {
  const folder = mkdtempSync(join(store.folder, 'spool', 'drill-'));
  try {
    await store.checkout(from.tree, folder, () => false);
    const changed = await harmless(store, from.tree);
    const landed = await store.commit({ ...commitAbout, tree: changed, parents: [from.commit] });
    await bring(store, folder, await store.difference(from.tree, changed));
    const there = await folderProblem(store, folder, changed);
    if (there !== undefined) return `after the change was put on, ${there}`;
    const back = await store.commit({ ...commitAbout, tree: from.tree, parents: [landed] });
    if ((await store.treeOf(back)) !== from.tree) return `what was restored has another tree than ${from.tree}`;
    await bring(store, folder, await store.difference(changed, await store.treeOf(back)));
    const again = await folderProblem(store, folder, from.tree);
    return again && `after it was taken back, ${again}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const AUTHOR = { name: 'Vivarium', email: 'vivarium@localhost' };
const commitAbout = { message: 'Try the way back\n', author: AUTHOR, at: '2000-01-01T00:00:00.000Z' };

const bring = (store: ProjectStore, folder: string, entries: readonly ChangedEntry[]): Promise<void> =>
  bringFiles(folder, entries, 'drill', store.readAll);

const filesIn = async (store: ProjectStore, tree: string): Promise<[string, TreeEntry][]> =>
  [...(await store.entries(tree))].filter(([path, { mode }]) => isFileMode(mode) && isWritable(path));

/** One file added, one edited, one deleted, as far as there are any. */
async function harmless(store: ProjectStore, tree: string): Promise<string> {
  const [edited, gone] = await filesIn(store, tree);
  const word = Buffer.from(`${randomBytes(8).toString('hex')}\n`);
  const added = { path: `vivarium-drill-${randomBytes(4).toString('hex')}/added`, after: await entryOf(store, word) };
  const more = edited ? [{ path: edited[0], after: await entryOf(store, word, edited[1].mode) }] : [];
  return store.treeWith(tree, [added, ...more, ...(gone ? [{ path: gone[0] }] : [])]);
}

const entryOf = async (store: ProjectStore, bytes: Buffer, mode = '100644') => ({ mode, oid: await store.write(bytes) });

/** How a folder differs from a tree; undefined when every file is there, byte for byte, and no other. */
async function folderProblem(store: ProjectStore, folder: string, tree: string): Promise<string | undefined> {
  const wanted = new Map(await filesIn(store, tree));
  const like = [...wanted.values()][0]?.oid ?? '';
  let problem: string | undefined;
  await walk(
    folder,
    (found) => {
      if (found.kind === 'link') return;
      const entry = wanted.get(found.path);
      wanted.delete(found.path);
      const same =
        found.kind === 'file' && entry?.oid === blobId(found.bytes, like) && found.executable === (entry.mode === '100755');
      if (!same) problem ??= `${found.path} is not what ${tree} says`;
    },
    () => undefined,
  );
  const [missing] = wanted.keys();
  return problem ?? (missing === undefined ? undefined : `${missing} is missing`);
}
