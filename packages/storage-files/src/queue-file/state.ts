import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_VERSION, type OnFinding, type WorkspacePaths } from '@vivarium/core';
import { z } from 'zod';
import { readDocument } from '../documents/document.ts';

const Problem = z.object({
  task_id: z.string().optional(),
  field: z.string(),
  line: z.number(),
  column: z.number().optional(),
  message: z.string(),
  refused: z.unknown().optional(),
});

/**
 * What the processes of a workspace tell each other about `queue.json`, so that one content is read by one of them only.
 * It may be deleted at any time: the file is then read again, which changes nothing that was done already.
 */
const QueueState = z.object({
  /** The file version that was read or published last; see `stampOf`. */
  stamp: z.string(),
  /** The log position that version shows; -1 when it must be published anew. */
  shown: z.number(),
  publish_ms: z.number(),
  /** When somebody else last saved the file, in milliseconds of the wall clock. */
  saved_at: z.number(),
  head: z.object({ version: z.string(), api_endpoint: z.unknown(), extra: z.record(z.string(), z.unknown()) }),
  /** Finished tasks that people or other programs wrote into the file and the log does not know. */
  foreign: z.object({ completed: z.array(z.unknown()), failed: z.array(z.unknown()) }),
  /** Entries that could not enter; they stay in the file. */
  kept: z.array(z.unknown()),
  problems: z.array(Problem),
  /** Set while the file does not parse: it is then left alone. */
  unreadable: z.object({ stamp: z.string(), problem: Problem }).optional(),
});
export type QueueState = z.infer<typeof QueueState>;

export const emptyState: QueueState = {
  stamp: '',
  shown: -1,
  publish_ms: 0,
  saved_at: 0,
  head: { version: DEFAULT_VERSION, api_endpoint: '', extra: {} },
  foreign: { completed: [], failed: [] },
  kept: [],
  problems: [],
};

export function stateFile(paths: Pick<WorkspacePaths, 'queueHistory'>): string {
  return join(paths.queueHistory, 'state.json');
}

/** @throws StorageError when it stands there and cannot be read: taken for empty, it would be written over. */
export async function loadState(paths: Pick<WorkspacePaths, 'queueHistory'>, onFinding?: OnFinding): Promise<QueueState> {
  return (await readDocument(stateFile(paths), QueueState, onFinding)) ?? emptyState;
}

export function saveState(paths: Pick<WorkspacePaths, 'queueHistory'>, state: QueueState): void {
  const file = stateFile(paths);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, JSON.stringify(state));
  renameSync(`${file}.tmp`, file);
}
