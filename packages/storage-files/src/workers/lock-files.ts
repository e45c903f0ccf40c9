import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, LockFile, removeQuietly, type WorkspacePaths } from '@vivarium/core';

/** Tasks that end sooner than this never touch the disk for their lock. */
const DEFER_MS = 20;
/** A lock on its way to its name says whose it is, like the lock. */
const DRAFT = /^\.(.+)\.(\d+)\.([^.]+)\.tmp$/;

type Holder = Pick<LockFile, 'task_id' | 'worker_id' | 'epoch'>;

/** `task_locks/<id>.lock`: who runs what, for people and scripts. The log decides; these files only inform. */
export interface LockFiles {
  /** Put the lock up, complete from its first moment, in about 20 ms; an older holder's lock is replaced. */
  publish(lock: LockFile): void;
  /** Take the lock down at once, when it is still this holder's or was left by one before it. */
  remove(task_id: string, worker_id: string, epoch: number): void;
  list(): readonly LockFile[];
  /** Take down what processes left behind that ended before they could: locks that nobody holds any more, and drafts. */
  sweep(isHeld: (lock: Holder) => boolean): void;
  /** Take down every lock that this object put up. */
  close(): void;
}

export function lockFiles(paths: WorkspacePaths): LockFiles {
  const pending = new Map<string, NodeJS.Timeout>();
  const published = new Map<string, LockFile>();
  const fileOf = (task_id: string) => join(paths.taskLocks, `${task_id}.lock`);

  const cancel = (key: string) => {
    clearTimeout(pending.get(key));
    return pending.delete(key);
  };
  const remove = (task_id: string, worker_id: string, epoch: number) => {
    const key = keyOf({ task_id, worker_id, epoch });
    // Only a task that was taken over can have the lock of a former, dead holder.
    if (cancel(key) && epoch <= 1) return;
    published.delete(key);
    const standing = readLock(fileOf(task_id));
    if (!standing || standing.epoch > epoch) return;
    if (standing.epoch < epoch || standing.worker_id === worker_id) removeQuietly(fileOf(task_id));
  };

  return {
    publish(lock) {
      const key = keyOf(lock);
      cancel(key);
      const put = () => {
        pending.delete(key);
        if (putUp(paths.taskLocks, fileOf(lock.task_id), lock)) published.set(key, lock);
      };
      pending.set(key, setTimeout(put, DEFER_MS).unref());
    },
    remove,
    list: () => listLocks(paths.taskLocks),
    sweep: (isHeld) => sweep(paths.taskLocks, isHeld),
    close() {
      for (const key of [...pending.keys()]) cancel(key);
      for (const lock of [...published.values()]) remove(lock.task_id, lock.worker_id, lock.epoch);
    },
  };
}

function keyOf(lock: Holder): string {
  return `${lock.task_id} ${lock.epoch} ${lock.worker_id}`;
}

/** Returns whether the lock stands. A failure is not the task's business: the claim is in the log already. */
function putUp(folder: string, file: string, lock: LockFile): boolean {
  const draft = join(folder, `.${lock.task_id}.${lock.epoch}.${lock.worker_id}.tmp`);
  try {
    writeDraft(folder, draft, JSON.stringify(lock));
    try {
      linkSync(draft, file);
    } catch (error) {
      if (codeOf(error) === 'EEXIST' && (readLock(file)?.epoch ?? -1) > lock.epoch) return false;
      renameSync(draft, file);
    }
    return true;
  } catch {
    return false;
  } finally {
    removeQuietly(draft);
  }
}

/** The folder stands but for the first lock of a world, or after somebody tidied up. */
function writeDraft(folder: string, draft: string, text: string): void {
  try {
    writeFileSync(draft, text);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, text);
  }
}

function sweep(folder: string, isHeld: (lock: Holder) => boolean): void {
  for (const lock of listLocks(folder)) {
    const file = join(folder, `${lock.task_id}.lock`);
    if (!isHeld(lock) && readLock(file)?.epoch === lock.epoch) removeQuietly(file);
  }
  for (const name of namesIn(folder).filter((each) => each.startsWith('.') && each.endsWith('.tmp'))) {
    const [, task_id = '', epoch, worker_id = ''] = DRAFT.exec(name) ?? [];
    if (!isHeld({ task_id, worker_id, epoch: Number(epoch) })) removeQuietly(join(folder, name));
  }
}

function listLocks(folder: string): readonly LockFile[] {
  const names = namesIn(folder).filter((name) => name.endsWith('.lock') && !name.startsWith('.'));
  return names.flatMap((name) => readLock(join(folder, name)) ?? []);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A lock as it stands on the disk; undefined for none, or one that cannot be read. */
export function readLock(file: string): LockFile | undefined {
  try {
    return LockFile.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
