import { existsSync, mkdirSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProjectRepository, wasKilled } from '../git/index.ts';

/** A git writes its lock a moment after it starts, by a clock that is coarser than the one that is asked. */
const SLACK_MS = 50;
/** No git of ours lives longer. */
const LONGEST_MS = 40_000;
const GAP_MS = 20;

/**
 * Which gits of ours write into a project's repository just now: a file for each, beside the store. One that was killed leaves
 * its lock behind, and only the lock of such a one is ever removed.
 */
export class OwnGits {
  readonly #folder: string;

  constructor(storeFolder: string) {
    this.#folder = join(storeFolder, 'gits');
  }

  /** Runs something that starts gits; each is noted before it does anything, and forgotten when all is done. */
  async during<T>(repository: ProjectRepository, ref: string, work: (note: (pid: number) => void) => Promise<T>): Promise<T> {
    const noted: string[] = [];
    const begun = Date.now();
    mkdirSync(this.#folder, { recursive: true });
    try {
      return await work((pid) => {
        const file = join(this.#folder, `${pid}`);
        writeFileSync(file, '');
        noted.push(file);
      });
    } catch (error) {
      if (wasKilled(error)) removeLocks(repository, ref, begun, Date.now());
      throw error;
    } finally {
      for (const file of noted) rmSync(file, { force: true });
    }
  }

  /**
   * Waits until nobody holds the branch's lock. A git whose process has ended may still be about to move it; once the log
   * names another holder, and the lock was free after that, none that asks moves it any more. False: it stays locked.
   */
  async untilFree(repository: ProjectRepository, ref: string): Promise<boolean> {
    const lock = join(repository.commonDir, `${ref}.lock`);
    for (const end = performance.now() + LONGEST_MS; ; ) {
      this.sweep(repository, ref);
      if (!existsSync(lock)) return true;
      if (performance.now() > end) return false;
      await delay(GAP_MS);
    }
  }

  /** Removes the locks that gits of ours left which were killed with the process that started them. */
  sweep(repository: ProjectRepository, ref: string): void {
    if (!existsSync(this.#folder)) return;
    for (const name of readdirSync(this.#folder)) {
      const file = join(this.#folder, name);
      if (isAlive(Number(name))) continue;
      const begun = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
      if (begun === undefined) continue;
      removeLocks(repository, ref, begun, begun + LONGEST_MS);
      rmSync(file, { force: true });
    }
  }
}

/** What was made while a git ran that was killed. Whoever moves a branch locks `HEAD` too where that names it. */
function removeLocks({ gitDir, commonDir }: ProjectRepository, ref: string, from: number, to: number): void {
  for (const lock of [join(gitDir, 'index.lock'), join(gitDir, 'HEAD.lock'), join(commonDir, `${ref}.lock`)]) {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && made >= from - SLACK_MS && made <= to) unlinkSync(lock);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
