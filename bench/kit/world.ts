import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchChild, race } from './child.ts';

/** A folder for one measurement, on the disk that `TMPDIR` names; gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'viv-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder with a task log that holds so many waiting and finished tasks. */
export function inWorld<T>(size: { queued: number; finished?: number }, work: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    await race([new BenchChild('filler.ts', [folder, size.queued, size.finished ?? 0])]);
    return work(folder);
  });
}
