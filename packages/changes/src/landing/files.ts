import {
  closeSync,
  constants,
  fchmodSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ChangedEntry, FileSide } from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';
import { behindLink, isSide, statOf } from './obstacles.ts';

/** A file is not what the change was made from, so its bytes are somebody's. */
export class InTheWay extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} was edited meanwhile`);
    this.path = path;
  }
}

type ReadAll = ProjectStore['readAll'];

/**
 * Bring files from one side of a change to the other; whatever is there already is left as it is, so it can be done again.
 * All new contents are written beside and synced before the first is put in place; deletions come last, and empty folders go.
 * @throws InTheWay for the first file that is neither side
 */
export async function bringFiles(root: string, entries: readonly ChangedEntry[], mark: string, readAll: ReadAll): Promise<void> {
  const todo = entries.filter(({ path, after }) => !isThere(join(root, path), after));
  const edited = todo.find(({ path, before }) => behindLink(root, path) || !isThere(join(root, path), before));
  if (edited) throw new InTheWay(edited.path);
  const deleted = todo.filter(({ after }) => after === undefined);
  const written = todo.flatMap(({ path, before, after }): Written[] => {
    const beside = join(root, dirname(path), besideName(path, mark));
    return after ? [{ path, before, after, beside }] : [];
  });
  // A file whose name becomes a folder, or the other way round, has to make way first.
  const first = new Set(makingWay(deleted, written));
  for (const entry of first) remove(root, entry);
  const made: string[] = [];
  try {
    await writeBeside(root, written, readAll, made);
    for (const entry of written) put(root, entry);
  } catch (error) {
    for (const { beside } of written) rmSync(beside, { force: true });
    for (const folder of made.reverse()) removeEmpty(folder);
    throw error;
  }
  for (const entry of deleted) if (!first.has(entry)) remove(root, entry);
  for (const { path, after } of entries) if (!after) leaveEmpty(root, path);
  await inParallel([...new Set(todo.map(({ path }) => join(root, dirname(path))))], syncFolder);
}

interface Written extends ChangedEntry {
  readonly after: FileSide;
  readonly beside: string;
}

function makingWay(deleted: readonly ChangedEntry[], written: readonly Written[]): readonly ChangedEntry[] {
  const files = new Set(written.map(({ path }) => path));
  const folders = new Set(written.flatMap(({ path }) => foldersOf(path)));
  return deleted.filter(({ path }) => folders.has(path) || foldersOf(path).some((folder) => files.has(folder)));
}

const foldersOf = (path: string): string[] => {
  const names = path.split('/');
  return names.slice(1).map((_, depth) => names.slice(0, depth + 1).join('/'));
};

/** `made` hears of every folder that was not there, the outermost of each. */
async function writeBeside(root: string, written: readonly Written[], readAll: ReadAll, made: string[]): Promise<void> {
  await readAll(
    written.map(({ after }) => after.oid),
    (index, bytes) => {
      const entry = written[index];
      if (!entry) return;
      const folder = mkdirSync(dirname(entry.beside), { recursive: true });
      if (folder !== undefined) made.push(folder);
      write(entry.beside, bytes, modeOf(join(root, entry.path), entry.after));
    },
  );
  await inParallel(
    written.map(({ beside }) => beside),
    syncFile,
  );
}

/** The change the other way round. */
export const reversed = (entries: readonly ChangedEntry[]): readonly ChangedEntry[] =>
  entries.map(({ path, before, after }) => ({ path, ...(after ? { before: after } : {}), ...(before ? { after: before } : {}) }));

const isThere = (file: string, side: FileSide | undefined): boolean => (side ? isSide(file, side) : !statOf(file)?.isFile());

/** Looked at again at the last moment. A new file is linked, which never replaces one that came meanwhile. */
function put(root: string, { path, before, beside }: Written): void {
  const file = join(root, path);
  if (before) {
    if (!isSide(file, before)) throw new InTheWay(path);
    renameSync(beside, file);
    return;
  }
  try {
    linkSync(beside, file);
  } catch (error) {
    if (statOf(file) === undefined) throw error;
    throw new InTheWay(path);
  }
  unlinkSync(beside);
}

/** What a landing that was killed may have left beside a file. */
export function sweepBeside(root: string, entries: readonly ChangedEntry[], mark: string): void {
  for (const { path } of entries) {
    const beside = join(root, dirname(path), besideName(path, mark));
    if (statOf(beside)?.isFile()) unlinkSync(beside);
  }
}

const NAME_BYTES = 200;
const besideName = (path: string, mark: string): string =>
  `.${Buffer.from(basename(path)).subarray(0, NAME_BYTES).toString('hex').slice(0, 100)}.${mark}`;

function remove(root: string, { path, before }: ChangedEntry): void {
  const file = join(root, path);
  if (before && !isSide(file, before)) throw new InTheWay(path);
  unlinkSync(file);
  leaveEmpty(root, path);
}

/** Folders go with their last file; also those that were left when it was cut off right there. */
function leaveEmpty(root: string, path: string): void {
  for (let folder = dirname(join(root, path)); folder !== root; folder = dirname(folder)) {
    if (!statOf(folder)?.isDirectory()) continue;
    if (readdirSync(folder).length > 0) return;
    rmdirSync(folder);
  }
}

/** A file keeps what its owner allows others; only the executable bits follow the change. */
function modeOf(file: string, { mode }: FileSide): number {
  const stat = statOf(file);
  const now = stat?.isFile() ? stat.mode & 0o777 : 0o666 & ~process.umask();
  return mode === '100755' ? now | ((now & 0o444) >> 2) : now & ~0o111;
}

/** A folder in which there is no file. */
function removeEmpty(folder: string): void {
  if (!statOf(folder)?.isDirectory()) return;
  for (const name of readdirSync(folder)) removeEmpty(join(folder, name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function write(file: string, bytes: Buffer, mode: number): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  if (statOf(file)?.isFile()) unlinkSync(file);
  const descriptor = openSync(file, flags, 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fchmodSync(descriptor, mode);
  } finally {
    closeSync(descriptor);
  }
}

const AT_ONCE = 64;
/** A disk syncs many files at once in little more time than one. */
async function inParallel(files: readonly string[], work: (file: string) => Promise<void>): Promise<void> {
  for (let at = 0; at < files.length; at += AT_ONCE) await Promise.all(files.slice(at, at + AT_ONCE).map(work));
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One that a deletion emptied is gone. */
async function syncFolder(folder: string): Promise<void> {
  if (statOf(folder)?.isDirectory()) await syncFile(folder);
}
