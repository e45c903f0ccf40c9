import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  codeOf,
  decodeText,
  fieldProblemLines,
  fieldProblemsOf,
  fixFor,
  linkTarget,
  type OnFinding,
  readJson,
  StorageError,
} from '@vivarium/core';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';
import { withLock } from './lock.ts';
import { moveAside } from './move-aside.ts';

/** How long a file that does not parse may be a save in progress. */
const SETTLE_MS = 25;

type Read<T> = { kind: 'absent' } | { kind: 'good'; value: T } | { kind: 'bad'; inode: number; reason: string };

/**
 * A JSON document with one owner. Undefined when it is absent. A file that does not parse or fit is moved aside to
 * `<name>.corrupt-<time>`, reported to `onFinding`, and reads as absent from then on.
 * @throws StorageError when it cannot be read at all (permissions, a folder in its place)
 */
export async function readDocument<T>(path: string, schema: z.ZodType<T>, onFinding?: OnFinding): Promise<T | undefined> {
  let read = await readOnce(path, schema);
  if (read.kind === 'bad') {
    await delay(SETTLE_MS);
    read = await readOnce(path, schema);
  }
  if (read.kind === 'good') return read.value;
  if (read.kind === 'bad') {
    const moved = moveAside(path, read.inode);
    onFinding?.({ file: path, reason: read.reason, ...(moved ? { moved_to: moved } : {}) });
  }
  return undefined;
}

/** Write the whole document: temporary file, fsync, rename; through a link to what it names. `mode` is for files that hold secrets (0o600). */
export async function writeDocument(path: string, value: unknown, options: { mode?: number } = {}): Promise<void> {
  try {
    const target = linkTarget(path);
    await mkdir(dirname(target), { recursive: true });
    await writeFileAtomic(target, `${JSON.stringify(value, null, 2)}\n`, options);
  } catch (cause) {
    throw new StorageError(`${path} could not be written; the former version stands`, { cause, fix: fixFor(cause) });
  }
}

/**
 * Read, change and write a document while no other process may. `change` gets undefined when there is none, and
 * returns the new value, or undefined to leave the file as it is. Resolves to what stands afterwards.
 */
export async function updateDocument<T>(
  path: string,
  schema: z.ZodType<T>,
  change: (current: T | undefined) => T | undefined | Promise<T | undefined>,
  options: { mode?: number; onFinding?: OnFinding } = {},
): Promise<T | undefined> {
  return withLock(path, async (guard) => {
    const current = await readDocument(path, schema, options.onFinding);
    const next = await change(current);
    if (next === undefined) return current;
    guard.check();
    await writeDocument(path, next, options.mode === undefined ? {} : { mode: options.mode });
    return next;
  });
}

async function readOnce<T>(path: string, schema: z.ZodType<T>): Promise<Read<T>> {
  let bytes: Uint8Array;
  let inode: number;
  try {
    const file = await open(path, 'r');
    try {
      inode = (await file.stat()).ino;
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return { kind: 'absent' };
    throw new StorageError(`${path} could not be read`, { cause, fix: fixFor(cause) });
  }
  return parse(bytes, inode, schema);
}

function parse<T>(bytes: Uint8Array, inode: number, schema: z.ZodType<T>): Read<T> {
  const bad = (reason: string): Read<T> => ({ kind: 'bad', inode, reason });
  const decoded = decodeText(bytes);
  if (!decoded.ok) return bad(`the file ${decoded.message}`);
  const json = readJson(decoded.text);
  if (!json.ok) return bad(`is not valid JSON at line ${json.line}, column ${json.column}: ${json.message}`);
  const checked = schema.safeParse(json.value);
  if (checked.success) return { kind: 'good', value: checked.data };
  return bad(fieldProblemLines(fieldProblemsOf(checked.error, { at: 'document' })));
}
