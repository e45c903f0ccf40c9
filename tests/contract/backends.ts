import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, memoryBackend, memoryPlace, type NewWorld } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { onTestFinished } from 'vitest';

/** Every backend, with the way to a new world of it. */
export const BACKENDS: readonly (readonly [name: string, newWorld: NewWorld])[] = [
  [
    'memory',
    () => {
      const [clock, place] = [new FakeClock(), memoryPlace()];
      return { clock, open: () => memoryBackend(clock, place) };
    },
  ],
  [
    'files',
    () => {
      const [clock, folder] = [new FakeClock(), mkdtempSync(join(tmpdir(), 'viv-backend-'))];
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      return { clock, open: () => fileBackend(folder, clock) };
    },
  ],
];
