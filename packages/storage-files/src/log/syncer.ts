import { fdatasync } from 'node:fs';
import { promisify } from 'node:util';
import { StorageError } from '@vivarium/core';

const dataSync = promisify(fdatasync);

/**
 * Group commit for one file: however many writers wait, at most one sync runs and one is due. A caller's promise resolves
 * after a sync that began after its write. The first failed sync is final, because the page cache may have dropped the
 * very bytes it failed to write.
 */
export class Syncer {
  readonly #fd: number;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failed: StorageError | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  sync(): Promise<void> {
    if (this.#failed) return Promise.reject(this.#failed);
    if (!this.#running) return this.#start();
    this.#next ??= this.#running.then(
      () => this.#startNext(),
      () => this.#startNext(),
    );
    return this.#next;
  }

  /** Resolves when no sync runs any more; never rejects. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running.catch(() => undefined);
  }

  #startNext(): Promise<void> {
    this.#next = undefined;
    return this.#failed ? Promise.reject(this.#failed) : this.#start();
  }

  #start(): Promise<void> {
    const done = () => {
      this.#running = undefined;
    };
    this.#running = dataSync(this.#fd).then(done, (cause) => {
      done();
      this.#failed = new StorageError('A sync of the log failed, so nothing written since the last one can be trusted', {
        cause,
        fatal: true,
        fix: 'Check the disk (dmesg, df), then start again: the log itself is intact up to the last good sync',
      });
      throw this.#failed;
    });
    return this.#running;
  }
}
