import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';
import { StorageError } from '../../errors/index.ts';

/** The one age at which a lock counts as left behind, for every lock of the workspace. */
const STALE_MS = 5_000;

const WAIT = { retries: 200, minTimeout: 10, maxTimeout: 100, factor: 1.3, randomize: true };

export interface Guard {
  /** @throws StorageError when the lock was lost meanwhile; ask before writing. */
  check(): void;
}

/**
 * Run `work` while holding `<path>.lock` against other processes. The file itself need not exist.
 * @throws StorageError when the lock cannot be had within about 15 s
 */
export async function withLock<T>(path: string, work: (guard: Guard) => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let lost: Error | undefined;
  const release = await acquire(path, (error) => {
    lost = error;
  });
  const check = () => {
    if (lost) throw new StorageError(`The lock on ${path} was lost; nothing was written`, { cause: lost });
  };
  try {
    return await work({ check });
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(path: string, onCompromised: (error: Error) => void): Promise<() => Promise<void>> {
  try {
    return await lock(path, { realpath: false, stale: STALE_MS, retries: WAIT, onCompromised });
  } catch (cause) {
    const fix = `If no Vivarium process is running, remove ${path}.lock`;
    throw new StorageError(`Another process keeps ${path} locked`, { cause, fix });
  }
}
