import { unlinkSync } from 'node:fs';

/** Take a file away that only informs or only takes room: a disk that refuses this is no reason to stop. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone already, or stays until somebody tidies up.
  }
}
