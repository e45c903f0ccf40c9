import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, fixFor, Heartbeat, type Presence, removeQuietly, StorageError, type WorkspacePaths } from '@vivarium/core';
import { fateOf, identifyProcess, sharesClock } from './process-proof.ts';

/** A worker whose heartbeat is older than its lease has lost its claims; this is the lease of one that says nothing else. */
const LEASE_MS = 30_000;
const FORGET_MS = 24 * 3_600_000;

interface Cached {
  readonly stamp: string;
  readonly heartbeat: Heartbeat | undefined;
}

/**
 * A worker is live while its heartbeat is younger than its lease on the machine's monotonic clock and its process has
 * not provably ended. Heartbeats of another machine or time namespace are judged by the wall clock, and a process in another
 * PID namespace, as in a container, by its heartbeat alone.
 */
export function workerRegistry({ paths, clock }: { paths: WorkspacePaths; clock: Clock }): Presence {
  const cache = new Map<string, Cached>();
  let own: Omit<Heartbeat, 'monotonic_ms' | 'beat_at' | 'running'> | undefined;

  const live = (heartbeat: Heartbeat | undefined) =>
    heartbeat !== undefined && isFresh(heartbeat, clock) && fateOf(heartbeat) !== 'dead';
  const names = () => listNames(paths.workers);
  const heartbeats = () =>
    names().flatMap((name) => {
      const heartbeat = readCached(paths.workers, name, cache);
      return heartbeat ? [{ ...heartbeat, live: live(heartbeat) }] : [];
    });
  const beat = async (running: readonly string[]) => {
    if (own === undefined) return;
    const { worker_id } = own;
    const now = { monotonic_ms: clock.monotonicMs(), beat_at: clock.now().toISOString() };
    await writeQuickly(join(paths.workers, fileName(worker_id)), { ...own, ...now, running });
    // Stopped while the file was being written: it must not come back to life.
    if (own === undefined) removeQuietly(join(paths.workers, fileName(worker_id)));
  };

  return {
    async start({ worker_id, concurrency, lease_ms }) {
      const lease = lease_ms === undefined ? {} : { lease_ms };
      own = { worker_id, concurrency, ...lease, ...identifyProcess(), started_at: clock.now().toISOString() };
      forgetOld(paths.workers, heartbeats(), clock);
      await beat([]);
    },
    beat,
    stop() {
      if (own) removeQuietly(join(paths.workers, fileName(own.worker_id)));
      own = undefined;
    },
    isLive: (worker_id) => live(readCached(paths.workers, fileName(worker_id), cache)),
    liveWorkers: () => heartbeats().flatMap((heartbeat) => (heartbeat.live ? [heartbeat.worker_id] : [])),
    heartbeats,
    self: () => identifyProcess(),
    fateOf,
  };
}

function isFresh(heartbeat: Heartbeat, clock: Clock): boolean {
  const lease = heartbeat.lease_ms ?? LEASE_MS;
  if (sharesClock(heartbeat)) {
    const age = clock.monotonicMs() - heartbeat.monotonic_ms;
    return age >= -lease && age < lease;
  }
  return Math.abs(clock.now().getTime() - Date.parse(heartbeat.beat_at)) < lease;
}

function forgetOld(folder: string, heartbeats: readonly (Heartbeat & { live: boolean })[], clock: Clock): void {
  for (const { live, beat_at, worker_id } of heartbeats) {
    if (live || clock.now().getTime() - Date.parse(beat_at) < FORGET_MS) continue;
    removeQuietly(join(folder, fileName(worker_id)));
  }
}

/** Worker ids come out of logs: encoded, none of them can name a path. */
function fileName(worker_id: string): string {
  return `${encodeURIComponent(worker_id)}.json`;
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

/** Heartbeats are replaced, never changed in place: the same inode and times are the same content. */
function readCached(folder: string, name: string, cache: Map<string, Cached>): Heartbeat | undefined {
  const file = join(folder, name);
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) {
      cache.delete(name);
      return undefined;
    }
    const stamp = `${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
    const known = cache.get(name);
    if (known?.stamp === stamp) return known.heartbeat;
    const read = Heartbeat.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    cache.set(name, { stamp, heartbeat: read.data });
    return read.data;
  } catch {
    // Gone or foreign: either way nobody vouches for that worker.
    return undefined;
  }
}

async function writeQuickly(file: string, value: unknown): Promise<void> {
  const draft = `${file}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, JSON.stringify(value));
    await rename(draft, file);
  } catch (cause) {
    throw new StorageError(`The heartbeat ${file} could not be written`, { cause, fix: fixFor(cause) });
  }
}
