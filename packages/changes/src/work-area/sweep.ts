import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';
import { removeFolder } from './remove-folder.ts';
import { leftOutOf, takeSnapshot } from './snapshot.ts';

/** An attempt as the log of changes knows it; `live` while somebody works on it or will go on. */
export interface KnownAttempt {
  readonly task_id: string;
  readonly attempt: number;
  readonly change_id: string;
  readonly live: boolean;
}

/**
 * Takes away the work areas of attempts that have ended, at the start of a program. What a folder holds beyond its last
 * saved step is kept under `refs/swept/<change>` first; a folder without any saved step stays.
 */
export async function sweepWorkAreas(
  store: ProjectStore,
  project: Project,
  attempts: readonly KnownAttempt[],
): Promise<readonly string[]> {
  const ended = new Map(attempts.filter(({ live }) => !live).map((one) => [`${one.task_id}#${one.attempt}`, one.change_id]));
  const swept: string[] = [];
  for (const name of readdirSync(join(store.folder, 'work'))) {
    const change = ended.get(name);
    const saved = change === undefined ? undefined : await lastStep(store, change);
    if (saved === undefined) continue;
    const folder = join(store.folder, 'work', name);
    const { settings } = project;
    const { tree } = await takeSnapshot(store, { settings, leftOut: leftOutOf(settings) }, folder, saved);
    if (tree !== saved) await store.keep(`refs/swept/${change}`, tree);
    removeFolder(folder);
    swept.push(name);
  }
  return swept;
}

async function lastStep(store: ProjectStore, change: string): Promise<string | undefined> {
  const steps = await store.refs(`refs/steps/${change}/`);
  const numbered = [...steps].map(([ref, oid]) => ({ step: Number(ref.split('/').at(-1)), oid }));
  return numbered.sort((a, b) => b.step - a.step)[0]?.oid;
}
