import { decodeFix, decodeText } from '../text/decode.ts';
import { readJson } from '../text/json.ts';
import { type Locator, locator } from './locate.ts';
import { type Unread, unreadTasks } from './unread.ts';

/** `queue.json` as it was read: nothing checked yet but its outer shape. */
export interface QueueDocument {
  readonly version: string;
  readonly api_endpoint: unknown;
  /** The log position of the view it was made from; absent in a file written from scratch. */
  readonly revision: number | undefined;
  /** Absent when the file has no list of tasks: then nothing was removed either. */
  readonly tasks: readonly unknown[] | undefined;
  /** Finished tasks; absent like the others when the file has no such list. */
  readonly completed: readonly unknown[] | undefined;
  readonly failed: readonly unknown[] | undefined;
  /** Keys we do not know, kept as they are. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** What is wrong with the outer shape. */
  readonly unread: readonly Unread[];
  readonly locate: Locator;
}

export type QueueReading =
  | { readonly ok: true; readonly document: QueueDocument }
  | { readonly ok: false; readonly message: string; readonly fix?: string; readonly line: number; readonly column?: number };

export const DEFAULT_VERSION = '1.1';
const KNOWN = new Set(['version', 'api_endpoint', 'revision', 'counts', 'tasks', 'completed', 'failed']);

/**
 * Read the bytes of `queue.json`; `file` is how messages name it. Anything but a JSON object in UTF-8 is refused as a whole,
 * with its place: a guess at another encoding would stand in the next view. So is one whose tasks all stand where nobody
 * reads them: it is left as somebody wrote it, not rewritten around them.
 */
export function readQueueBytes(bytes: Uint8Array, file = 'queue.json'): QueueReading {
  const decoded = decodeText(bytes);
  if (!decoded.ok) {
    const { line, column, message } = decoded;
    return { ok: false, line, column, message: `the file ${message}`, fix: decodeFix(decoded, file) };
  }
  const json = readJson(decoded.text);
  if (!json.ok) return json;
  if (!isObject(json.value)) return { ok: false, line: 1, column: 1, message: 'the file must hold one object: {"tasks": [ … ]}' };
  const document = shape(json.value, locator(decoded.text));
  const astray = document.unread.find(({ field }) => field === '' || Object.hasOwn(document.extra, field));
  if (astray === undefined || (json.value['tasks'] ?? undefined) !== undefined) return { ok: true, document };
  return { ok: false, line: document.locate.lineOf([astray.field]), message: astray.message };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shape(json: Record<string, unknown>, locate: Locator): QueueDocument {
  const revision = json['revision'];
  const list = (key: 'tasks' | 'completed' | 'failed'): readonly unknown[] | undefined => {
    const value = json[key];
    return Array.isArray(value) ? value : undefined;
  };
  const extra = Object.fromEntries(Object.entries(json).filter(([key]) => !KNOWN.has(key)));
  return {
    version: json['version'] ? String(json['version']) : DEFAULT_VERSION,
    api_endpoint: json['api_endpoint'] ?? '',
    revision: typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0 ? revision : undefined,
    tasks: list('tasks'),
    completed: list('completed'),
    failed: list('failed'),
    extra,
    unread: unreadTasks(json, extra),
    locate,
  };
}
