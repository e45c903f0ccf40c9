import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ChangedEntry, FileSide } from '@vivarium/core';
import { isSide, statOf } from './obstacles.ts';

/** A file is not what the change was made from, so its bytes are somebody's. */
export class InTheWay extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} was edited meanwhile`);
    this.path = path;
  }
}

type Read = (oid: string) => Promise<Buffer>;

/**
 * Bring files from one side of a change to the other; whatever is there already is left as it is, so it can be done again.
 * Each new content is written beside, synced, and put in place; deletions come last, and empty folders go.
 * @throws InTheWay for the first file that is neither side
 */
export async function bringFiles(root: string, entries: readonly ChangedEntry[], mark: string, read: Read): Promise<void> {
  const todo = entries.filter(({ path, after }) => !isThere(join(root, path), after));
  const edited = todo.find(({ path, before }) => !isThere(join(root, path), before));
  if (edited) throw new InTheWay(edited.path);
  const deleted = todo.filter(({ after }) => after === undefined);
  const written = todo.flatMap((entry) => (entry.after ? [{ ...entry, after: entry.after }] : []));
  // A file whose name becomes a folder, or the other way round, has to make way first.
  const first = deleted.filter(({ path }) =>
    written.some((one) => one.path.startsWith(`${path}/`) || path.startsWith(`${one.path}/`)),
  );
  for (const entry of first) remove(root, entry);
  for (const entry of written) put(root, entry, mark, await read(entry.after.oid));
  for (const entry of deleted) if (!first.includes(entry)) remove(root, entry);
}

/** The change the other way round. */
export const reversed = (entries: readonly ChangedEntry[]): readonly ChangedEntry[] =>
  entries.map(({ path, before, after }) => ({ path, ...(after ? { before: after } : {}), ...(before ? { after: before } : {}) }));

const isThere = (file: string, side: FileSide | undefined): boolean => (side ? isSide(file, side) : !statOf(file)?.isFile());

interface Written extends ChangedEntry {
  readonly after: FileSide;
}

function put(root: string, { path, before, after }: Written, mark: string, bytes: Buffer): void {
  const file = join(root, path);
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  const beside = join(folder, besideName(path, mark));
  writeSynced(beside, bytes, modeOf(file, after));
  // Looked at again at the last moment. A new file is linked, which never replaces one that came meanwhile.
  if (before) {
    if (!isSide(file, before)) {
      unlinkSync(beside);
      throw new InTheWay(path);
    }
    renameSync(beside, file);
  } else {
    try {
      linkSync(beside, file);
    } catch {
      unlinkSync(beside);
      throw new InTheWay(path);
    }
    unlinkSync(beside);
  }
  syncFolder(folder);
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
  let folder = dirname(file);
  syncFolder(folder);
  while (folder !== root && readdirSync(folder).length === 0) {
    rmdirSync(folder);
    folder = dirname(folder);
  }
}

/** A file keeps what its owner allows others; only the executable bits follow the change. */
function modeOf(file: string, { mode }: FileSide): number {
  const stat = statOf(file);
  const now = stat?.isFile() ? stat.mode & 0o777 : 0o666 & ~process.umask();
  return mode === '100755' ? now | ((now & 0o444) >> 2) : now & ~0o111;
}

function writeSynced(file: string, bytes: Buffer, mode: number): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  if (statOf(file)?.isFile()) unlinkSync(file);
  const descriptor = openSync(file, flags, 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
