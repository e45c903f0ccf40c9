import { type FileHandle, open, rm } from 'node:fs/promises';
import { stampOf, type TaskRecord } from '@vivarium/core';
import type { QueueState } from './state.ts';
import { indented, type ViewMoment } from './view-model.ts';

/** So many tasks are written out before others get a turn. */
const CHUNK = 500;

export interface ViewSource {
  readonly moment: ViewMoment;
  readonly state: Pick<QueueState, 'head' | 'foreign' | 'kept'>;
  readonly textOf: (record: TaskRecord) => string;
}

/** Write the view to `draft`, synced. Returns its stamp, which a rename keeps. */
export async function writeView(draft: string, mode: number, source: ViewSource): Promise<string> {
  const file = await open(draft, 'w', mode);
  try {
    for (const text of viewChunks(source)) await writeAll(file, text);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return stampOf(draft);
}

async function writeAll(file: FileHandle, text: string): Promise<void> {
  await file.writeFile(text);
}

/** What stands in the file while nobody chose an address; readers take it as "not set". */
const SHIPPED_ENDPOINT = 'http://127.0.0.1:8420';

/** The documented shape: known keys first, what people added after them. Two spaces of indent, not escaped. */
function* viewChunks({ moment, state, textOf }: ViewSource): Generator<string> {
  const { version, api_endpoint, extra } = state.head;
  const top = { version, api_endpoint: api_endpoint || SHIPPED_ENDPOINT, revision: moment.revision, counts: moment.counts };
  yield `{\n${Object.entries(top).map(line).join(',\n')},\n  "tasks": `;
  yield* list([...moment.tasks.map((record) => () => textOf(record)), ...state.kept.map((entry) => () => indented(entry))]);
  for (const key of ['completed', 'failed'] as const) {
    yield `,\n  "${key}": `;
    yield* list([...state.foreign[key].map((entry) => () => indented(entry)), ...moment[key].map((text) => () => text)]);
  }
  for (const entry of Object.entries(extra)) yield `,\n${line(entry)}`;
  yield '\n}\n';
}

function line([key, value]: [string, unknown]): string {
  return `  ${JSON.stringify(key)}: ${JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')}`;
}

function* list(items: readonly (() => string)[]): Generator<string> {
  if (items.length === 0) return yield '[]';
  for (let at = 0; at < items.length; at += CHUNK) {
    const texts = items.slice(at, at + CHUNK).map((item) => `    ${item()}`);
    yield `${at === 0 ? '[' : ','}\n${texts.join(',\n')}`;
  }
  yield '\n  ]';
}
