import { type Documents, IDENTITIES, loadIdentities, type OnFinding } from '@vivarium/core';
import type { Log } from '../pipeline/runtime.ts';
import type { Residents } from './residents.ts';

/** Keeps the residents those of the folder: one who moves in while the worker runs gets work too. Returns the way to stop. */
export async function followIdentities(documents: Documents, residents: Residents, log: Log): Promise<() => void> {
  const onFinding: OnFinding = (finding) => log.warn({ ...finding }, 'an identity file was not used');
  const load = async () => {
    residents.settle(await loadIdentities(documents, onFinding));
  };
  await load();
  try {
    return documents.watch(IDENTITIES, () => {
      load().catch((err: unknown) => log.warn({ err }, 'the residents could not be read'));
    });
  } catch (err) {
    log.warn({ err }, 'new residents are seen at the next start only');
    return () => undefined;
  }
}
