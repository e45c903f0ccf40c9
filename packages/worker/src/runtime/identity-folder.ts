import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { loadIdentities, type OnFinding, type WorkspacePaths } from '@vivarium/core';
import type { Residents } from '../residents.ts';
import type { Log } from './runtime.ts';

const SETTLE_MS = 200;

/** Keeps the residents those of the folder: one who moves in while the worker runs gets work too. Returns the way to stop. */
export async function followIdentities(paths: WorkspacePaths, residents: Residents, log: Log): Promise<() => void> {
  const onFinding: OnFinding = (finding) => log.warn({ ...finding }, 'an identity file was not used');
  const load = async () => {
    residents.settle(await loadIdentities(paths, onFinding));
  };
  await load();
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  try {
    mkdirSync(paths.identities, { recursive: true });
    watcher = watch(paths.identities, { persistent: false }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => load().catch((err: unknown) => log.warn({ err }, 'the residents could not be read')), SETTLE_MS);
      timer.unref();
    });
    watcher.on('error', () => watcher?.close());
  } catch (err) {
    log.warn({ err }, 'new residents are seen at the next start only');
  }
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}
