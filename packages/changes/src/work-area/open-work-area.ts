import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';
import { removeFolder } from './remove-folder.ts';
import { leftOutOf, type Snapshot, takeSnapshot } from './snapshot.ts';

/** The folder that one attempt edits. Either a sandbox or the runtime touches it, never both at once. */
export interface WorkArea {
  readonly folder: string;
  /** The tree that it was opened with. */
  readonly base_tree: string;
  /** Only one piece of work at a time: a sandbox that writes here runs inside this, snapshot and reset wait for it. */
  alone<T>(use: () => Promise<T>): Promise<T>;
  snapshot(): Promise<Snapshot>;
  /** Makes the folder what this tree says; later snapshots are compared with it. */
  reset(tree: string): Promise<void>;
  remove(): Promise<void>;
}

/** A work area at a tree. What a killed attempt left in the folder since its last snapshot is gone. */
export async function openWorkArea(
  store: ProjectStore,
  project: Project,
  at: { readonly task_id: string; readonly attempt: number; readonly tree: string },
): Promise<WorkArea> {
  const folder = join(store.folder, 'work', `${at.task_id}#${at.attempt}`);
  const { settings } = project;
  const rules = { settings, leftOut: leftOutOf(settings) };
  let base = at.tree;
  const fill = async (tree: string) => {
    removeFolder(folder);
    await store.checkout(tree, folder, rules.leftOut);
    base = tree;
  };
  await fill(at.tree);
  const alone = oneAtATime();
  return {
    folder,
    base_tree: at.tree,
    alone,
    snapshot: () =>
      alone(() => {
        sweepReserved(folder);
        return takeSnapshot(store, rules, folder, base);
      }),
    reset: (tree) => alone(() => fill(tree)),
    remove: () => alone(async () => removeFolder(folder)),
  };
}

function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(use: () => Promise<T>): Promise<T> => {
    const next = last.then(use, use);
    last = next.catch(() => undefined);
    return next;
  };
}

/** A sandbox covers the name `.git` and leaves an empty place where it did. Anything in it stays and is refused. */
function sweepReserved(folder: string): void {
  const place = join(folder, '.git');
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (stat?.isDirectory() && readdirSync(place).length === 0) rmdirSync(place);
  if (stat?.isFile() && stat.size === 0 && stat.nlink === 1) unlinkSync(place);
}
