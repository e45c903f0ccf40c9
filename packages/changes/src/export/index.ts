import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ChangeRecord, Project } from '@vivarium/core';
import { openStore } from '../store/index.ts';

type Patched = Pick<ChangeRecord, 'change_id' | 'base_tree' | 'tree'>;

/** What a change does, as a unified diff. @throws GitError */
export async function patchOf(place: { readonly root: string }, project: Project, { base_tree, tree }: Patched): Promise<string> {
  return (await openStore(place, project)).patch(base_tree, tree);
}

/**
 * Write a change as a file that `git apply` takes, binaries included; gives its path. Without `to` it lies beside the
 * project's store. @throws GitError, and what the system says of a file that is there already
 */
export async function exportChange(
  place: { readonly root: string },
  project: Project,
  { change_id, base_tree, tree }: Patched,
  to?: string,
): Promise<string> {
  const store = await openStore(place, project);
  const path = to ?? join(store.folder, 'patches', `${change_id}.patch`);
  if (to === undefined) await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await store.exportPatch(base_tree, tree), { flag: to === undefined ? 'w' : 'wx' });
  return path;
}
