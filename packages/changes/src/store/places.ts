import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where everything of a project's changes lies below a workspace. */
export function placesOf(root: string, project: string) {
  const folder = join(root, '.swarm', 'changes', project);
  return {
    folder,
    gitDir: join(folder, 'store.git'),
    /** Stands in for a work tree. */
    emptyFolder: join(folder, 'empty'),
    work: join(folder, 'work'),
    /** Bytes on their way into the store. */
    spool: join(folder, 'spool'),
  };
}
export type Places = ReturnType<typeof placesOf>;

export function makePlaces(places: Places): void {
  for (const folder of [places.emptyFolder, places.work, places.spool]) mkdirSync(folder, { recursive: true, mode: 0o700 });
}
