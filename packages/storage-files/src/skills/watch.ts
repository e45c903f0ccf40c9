import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** How long a change may go unseen when the kernel's notice is lost. */
const POLL_MS = 2_000;
const SETTLE_MS = 30;

/**
 * Call back soon after anything in the roots or in one of their folders changed, and by a slow poll as the net. Calls are
 * merged. Nothing here keeps the process alive. Returns the way to stop.
 */
export function watchFolders(roots: readonly string[], onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let settling: NodeJS.Timeout | undefined;
  const wake = () => {
    settling ??= setTimeout(() => {
      settling = undefined;
      cover();
      onChange();
    }, SETTLE_MS).unref();
  };
  const cover = () => {
    const wanted = new Set(roots.flatMap((root) => [root, ...foldersOf(root)]));
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (watchers.has(folder)) continue;
      const watcher = startWatch(folder, wake);
      if (!watcher) continue;
      watchers.set(folder, watcher);
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(folder);
      });
    }
  };
  cover();
  const poll = setInterval(wake, POLL_MS).unref();
  return () => {
    clearInterval(poll);
    clearTimeout(settling);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}

function foldersOf(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(root, entry.name));
  } catch {
    return [];
  }
}

function startWatch(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, onChange);
  } catch {
    return undefined;
  }
}
