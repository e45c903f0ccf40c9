import { type ActivityLog, type Clock, openSociety, type SocietyStore, type WorkspacePaths } from '@vivarium/core';
import type { Log } from '../runtime/runtime.ts';

/** The society as a worker uses it: opened when it is first needed. A disk that refuses then is asked again the next time. */
export interface SocietyDoor {
  /** @throws StorageError */
  open(): Promise<SocietyStore>;
  close(): Promise<void>;
}

export function societyDoor(paths: WorkspacePaths, clock: Clock, log: Log, activity?: Pick<ActivityLog, 'note'>): SocietyDoor {
  let opening: Promise<SocietyStore> | undefined;
  const onViewError = (err: unknown) => log.warn({ err }, 'a view of the society was not written');
  return {
    open() {
      opening ??= openSociety({ paths, clock, activity, onViewError }).catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    async close() {
      const society = await opening?.catch(() => undefined);
      await society?.close();
    },
  };
}
