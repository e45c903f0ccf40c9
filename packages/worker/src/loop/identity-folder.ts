import { loadIdentities, type OnFinding, type WorkspacePaths, watchIdentities } from '@vivarium/core';
import type { Log } from '../pipeline/runtime.ts';
import type { Residents } from './residents.ts';

/** Keeps the residents those of the folder: one who moves in while the worker runs gets work too. Returns the way to stop. */
export async function followIdentities(paths: WorkspacePaths, residents: Residents, log: Log): Promise<() => void> {
  const onFinding: OnFinding = (finding) => log.warn({ ...finding }, 'an identity file was not used');
  const load = async () => {
    residents.settle(await loadIdentities(paths, onFinding));
  };
  await load();
  try {
    return watchIdentities(paths, () => {
      load().catch((err: unknown) => log.warn({ err }, 'the residents could not be read'));
    });
  } catch (err) {
    log.warn({ err }, 'new residents are seen at the next start only');
    return () => undefined;
  }
}
