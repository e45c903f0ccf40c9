import { type Dirent, lstatSync } from 'node:fs';
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fence, refuse, type TaintSource } from '@vivarium/core';
import type { ToolAnswer } from './kit.ts';
import { find, type Reader, shownAs } from './places.ts';

const READ_CHARS = 16_000;
const LIST_ENTRIES = 400;
const SEARCH_FILES = 4_000;
const SEARCH_BYTES = 1_000_000;
const SEARCH_HITS = 40;
const LINE_CHARS = 240;
const SKIPPED = new Set(['node_modules', '.git', '.swarm']);

export interface Look {
  readonly answer: ToolAnswer;
  /** What was read: its text keeps its origin for the rest of the cycle. */
  readonly source?: TaintSource;
}

/** Read a text file. What it says stands between fences. */
export async function readFileTool({ path }: { path: string }, reader: Reader): Promise<Look> {
  const found = await find(path, reader);
  if (!('kind' in found)) return { answer: found };
  if (found.folder) return { answer: refuse('is_a_folder', `${path} is a folder; use list_files`) };
  const text = await readText(found.file, READ_CHARS * 4);
  if (text === undefined) return { answer: refuse('not_text', `${path} is not a text file`) };
  const { size } = await stat(found.file);
  const kept = text.slice(0, READ_CHARS);
  const answer = {
    ok: true as const,
    path: found.shown,
    bytes: size,
    truncated: kept.length < text.length || size > READ_CHARS * 4,
  };
  const source = { origin: `file ${found.shown}`, text: kept };
  return { answer: { ...answer, content: fence(source.origin, kept, READ_CHARS) }, source };
}

/** List a folder, to a depth. Secrets are not shown. */
export async function listFilesTool({ path, depth = 1 }: { path: string; depth?: number }, reader: Reader): Promise<Look> {
  const found = await find(path, reader);
  if (!('kind' in found)) return { answer: found };
  if (!found.folder) return { answer: refuse('not_a_folder', `${path} is a file; use read_file`) };
  const names: string[] = [];
  for await (const { shown, entry } of walk(found.file, reader, depth)) {
    if (names.length >= LIST_ENTRIES) break;
    names.push(entry.isDirectory() ? `${shown}/` : shown);
  }
  const text = names.sort().join('\n');
  const source = { origin: `folder ${found.shown}`, text };
  const answer = { ok: true as const, path: found.shown, entries: names.length, truncated: names.length >= LIST_ENTRIES };
  return { answer: { ...answer, content: fence(source.origin, text, READ_CHARS) }, source };
}

/** Lines that contain a text, in files a resident may read. */
export async function searchFilesTool({ query, path = '.' }: { query: string; path?: string }, reader: Reader): Promise<Look> {
  const found = await find(path, reader);
  if (!('kind' in found)) return { answer: found };
  const wanted = query.toLowerCase();
  const hits: string[] = [];
  let files = 0;
  const one = [{ file: found.file, shown: found.shown }];
  for await (const { file, shown } of found.folder ? filesUnder(found.file, reader) : one) {
    if (hits.length >= SEARCH_HITS || ++files > SEARCH_FILES) break;
    const text = await readText(file, SEARCH_BYTES);
    for (const [at, line] of (text?.split('\n') ?? []).entries()) {
      if (hits.length >= SEARCH_HITS) break;
      if (line.toLowerCase().includes(wanted)) hits.push(`${shown}:${at + 1}: ${line.trim().slice(0, LINE_CHARS)}`);
    }
  }
  const text = hits.join('\n');
  const source = { origin: `search in ${found.shown}`, text };
  const answer = { ok: true as const, hits: hits.length, truncated: hits.length >= SEARCH_HITS || files > SEARCH_FILES };
  return { answer: { ...answer, content: fence(source.origin, text, READ_CHARS) }, source };
}

interface FoundFile {
  readonly file: string;
  readonly shown: string;
  readonly entry: Dirent;
}

async function* filesUnder(folder: string, reader: Reader): AsyncGenerator<FoundFile> {
  for await (const seen of walk(folder, reader, Number.POSITIVE_INFINITY)) if (seen.entry.isFile()) yield seen;
}

/** Breadth first, past links, secrets and hard links, which may show a secret under a harmless name. */
async function* walk(folder: string, { paths, denied }: Reader, depth: number): AsyncGenerator<FoundFile> {
  const root = await realpath(paths.root);
  let level = [folder];
  for (let at = 0; at < depth && level.length > 0; at++) {
    const next: string[] = [];
    for (const place of level) {
      for (const entry of await readdir(place, { withFileTypes: true }).catch((): Dirent[] => [])) {
        const file = join(place, entry.name);
        const shown = shownAs(root, file);
        if (SKIPPED.has(entry.name) || denied.deny(shown) !== undefined) continue;
        if (entry.isDirectory()) next.push(file);
        else if (!entry.isFile() || lstatSync(file, { throwIfNoEntry: false })?.nlink !== 1) continue;
        yield { file, shown, entry };
      }
    }
    level = next;
  }
}

/** Undefined for a file that is no text or cannot be read. */
async function readText(file: string, maxBytes: number): Promise<string | undefined> {
  const { size } = await stat(file).catch(() => ({ size: -1 }));
  if (size < 0) return undefined;
  const bytes = size <= maxBytes ? await readFile(file).catch(() => undefined) : await head(file, maxBytes);
  return bytes === undefined || bytes.includes(0) ? undefined : bytes.toString('utf8');
}

async function head(file: string, bytes: number): Promise<Buffer | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
