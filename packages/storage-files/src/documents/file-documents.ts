import { randomBytes } from 'node:crypto';
import { mkdirSync, watch } from 'node:fs';
import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, type Documents, fixFor, StorageError, stampOf } from '@vivarium/core';
import writeFileAtomic from 'write-file-atomic';
import { readDocument, updateDocument, writeDocument } from './document.ts';
import { withLock } from './lock.ts';

/** How long a folder that changes may go on changing before its watcher hears of it. */
const SETTLE_MS = 200;

/** The JSON files below a folder. A document's name is its path from there. */
export function fileDocuments(root: string): Documents {
  const at = (name: string) => join(root, name);
  return {
    get: (name, schema, onFinding) => readDocument(at(name), schema, onFinding),
    put: (name, value) => writeDocument(at(name), value),
    place: (name, value) => placeOnce(at(name), value),
    putText: (name, text) => putText(at(name), text),
    update: (name, schema, change, onFinding) => updateDocument(at(name), schema, change, onFinding ? { onFinding } : {}),
    list: (folder) => jsonFiles(at(folder)),
    stamp: (name) => stampOf(at(name)),
    watch: (folder, onChange) => watchFolder(at(folder), onChange),
    exclusive: (name, work) => withLock(at(name), work),
  };
}

async function putText(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, text);
  } catch (cause) {
    throw new StorageError(`${file} could not be written; the former version stands`, { cause, fix: fixFor(cause) });
  }
}

async function jsonFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Complete or not there; false when another process was first. */
async function placeOnce(file: string, value: unknown): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
    await link(draft, file);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw new StorageError(`${file} could not be written`, { cause, fix: fixFor(cause) });
  } finally {
    await rm(draft, { force: true });
  }
}

/** Calls are merged, and nothing here keeps the process alive. */
function watchFolder(folder: string, onChange: () => void): () => void {
  mkdirSync(folder, { recursive: true });
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { persistent: false }, () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS).unref();
  });
  watcher.on('error', () => watcher.close());
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
