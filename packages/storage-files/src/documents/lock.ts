import { readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, type Guard, ProcessIdentity, removeQuietly, StorageError } from '@vivarium/core';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { fateOf, identifyProcess } from '../workers/process-proof.ts';

/** The one age at which a lock counts as left behind, for every lock of the workspace. */
const STALE_MS = 5_000;
const GIVE_UP_MS = 20_000;
const MAX_PAUSE_MS = 40;

/**
 * Run `work` while holding `<path>.lock` against other processes. The file itself need not exist. The lock of a process
 * that has provably ended is taken over at once, any other one when it is left behind.
 * @throws StorageError when the lock cannot be had within 20 s
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
    await release();
  }
}

async function acquire(path: string, onCompromised: (error: Error) => void): Promise<() => Promise<void>> {
  const end = performance.now() + GIVE_UP_MS;
  for (;;) {
    try {
      const release = await lock(path, { realpath: false, stale: STALE_MS, onCompromised });
      signOwner(path);
      return async () => {
        removeQuietly(ownerFile(path));
        await release().catch(() => undefined);
      };
    } catch (cause) {
      if (codeOf(cause) !== 'ELOCKED' || performance.now() > end) {
        const fix = `If no Vivarium process is running, remove ${path}.lock`;
        throw new StorageError(`Another process keeps ${path} locked`, { cause, fix });
      }
    }
    if (!breakDeadLock(path)) await delay(1 + Math.random() * MAX_PAUSE_MS);
  }
}

const Owner = ProcessIdentity.extend({
  /** Which lock folder it made, so that nobody takes a later one for it. */
  folder: z.string(),
});

const ownerFile = (path: string) => `${path}.lock-owner`;

function signOwner(path: string): void {
  try {
    writeFileSync(ownerFile(path), JSON.stringify({ ...identifyProcess(), folder: folderMark(path) }));
  } catch {
    // Unsigned, the lock is only taken over when it is left behind.
  }
}

function folderMark(path: string): string {
  const stat = statSync(`${path}.lock`, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino}-${stat.birthtimeNs}` : '';
}

/** True when the standing lock was a dead process's and is gone now. */
function breakDeadLock(path: string): boolean {
  try {
    const owner = Owner.parse(JSON.parse(readFileSync(ownerFile(path), 'utf8')));
    if (fateOf(owner) !== 'dead' || owner.folder === '' || owner.folder !== folderMark(path)) return false;
    rmdirSync(`${path}.lock`);
    return true;
  } catch {
    return false;
  }
}
