import { mkdirSync, watch } from 'node:fs';
import type { WorkspacePaths } from '../workspace.ts';

const SETTLE_MS = 200;

/**
 * Call back soon after the folder of the residents changed; calls are merged, and nothing here keeps the process alive.
 * Returns the way to stop. @throws the system's error when the folder cannot be made or watched
 */
export function watchIdentities(paths: Pick<WorkspacePaths, 'identities'>, onChange: () => void): () => void {
  mkdirSync(paths.identities, { recursive: true });
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(paths.identities, { persistent: false }, () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS).unref();
  });
  watcher.on('error', () => watcher.close());
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
