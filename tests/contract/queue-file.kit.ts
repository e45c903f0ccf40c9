import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Note, openTaskStore, systemClock, type TaskStore, type WorkspacePaths, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { openQueueFile, type QueueFile } from '@vivarium/world';

/** The file as a person's editor would hold it. */
export interface QueueJson {
  revision?: number;
  counts: { tasks: number; completed: number; failed: number };
  tasks: Record<string, unknown>[];
  completed: Record<string, unknown>[];
  failed: Record<string, unknown>[];
  [key: string]: unknown;
}

/** A workspace with its queue file open, and what it told. */
export class QueueWorld {
  readonly paths: WorkspacePaths;
  readonly notes: Note[] = [];
  readonly #open: { store: TaskStore; queue: QueueFile }[] = [];

  constructor(paths: WorkspacePaths = workspacePaths(mkdtempSync(join(tmpdir(), 'vivarium-queue-')))) {
    this.paths = paths;
  }

  /** What another process of this workspace would hold. */
  async process(): Promise<{ store: TaskStore; queue: QueueFile }> {
    const liveness = { isLive: () => true, liveWorkers: () => [] };
    const store = await openTaskStore({ backend: fileBackend(this.paths), liveness });
    const note = (entry: Note) => void this.notes.push(entry);
    const queue = await openQueueFile({ paths: this.paths, store, clock: systemClock, costs: { chargedTo: () => 0 }, note });
    this.#open.push({ store, queue });
    return { store, queue };
  }

  write(value: unknown): void {
    writeFileSync(this.paths.queue, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  }

  text(): string {
    return readFileSync(this.paths.queue, 'utf8');
  }

  json(): QueueJson {
    return JSON.parse(this.text());
  }

  /** What was told about refusals, one line each. */
  refusals(): string[] {
    return this.notes.filter(({ action_type }) => action_type === 'ERROR').map(({ detail }) => detail);
  }

  async close(): Promise<void> {
    for (const { queue, store } of this.#open.splice(0)) {
      await queue.close();
      await store.close();
    }
  }
}

/** Wait for something that another process or a timer brings about. */
export async function eventually(check: () => boolean | Promise<boolean>, what: string, timeoutMs = 8_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
