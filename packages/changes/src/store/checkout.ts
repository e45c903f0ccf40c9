import { closeSync, constants, mkdirSync, openSync, symlinkSync, writeSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { isGitName } from '@vivarium/core';
import { type GitPlace, isFileMode, LINK_MODE, readBlobs, type TreeEntry } from '../git/index.ts';

/** Never through a link, never over a file. */
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Whether a path of a tree may be written at all: it stays inside, below no `.git`, and is text. */
export const isWritable = (path: string): boolean =>
  !path.includes('\0') && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && !isGitName(name));

/** The target of a link when it leads to a place inside the tree. */
export function innerTarget(path: string, target: string): boolean {
  if (target === '' || target.includes('\0') || target.startsWith('/')) return false;
  const led = posix.normalize(posix.join(posix.dirname(path), target));
  return led !== '..' && !led.startsWith('../') && isWritable(led === '.' ? 'x' : led.replace(/\/$/, ''));
}

/** Writes the files of a tree into an empty folder, byte for byte; links last, so that no file is written through one. */
export async function checkoutEntries(
  place: GitPlace,
  entries: ReadonlyMap<string, TreeEntry>,
  folder: string,
  leaveOut: (path: string) => boolean,
): Promise<void> {
  const wanted = [...entries].filter(([path]) => isWritable(path) && !leaveOut(path));
  const files = wanted.filter(([, { mode }]) => isFileMode(mode));
  const links = wanted.filter(([, { mode }]) => mode === LINK_MODE);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = new Set<string>([folder]);
  await readBlobs(
    place,
    files.map(([, { oid }]) => oid),
    (index, bytes) => {
      const [path, entry] = files[index] ?? ['', undefined];
      const file = join(folder, path);
      makeFolder(made, dirname(file));
      writeNew(file, bytes, entry?.mode === '100755' ? 0o755 : 0o644);
    },
  );
  await readBlobs(
    place,
    links.map(([, { oid }]) => oid),
    (index, bytes) => {
      const path = links[index]?.[0] ?? '';
      const target = bytes.toString();
      if (!innerTarget(path, target)) return;
      makeFolder(made, dirname(join(folder, path)));
      symlinkSync(target, join(folder, path));
    },
  );
}

function makeFolder(made: Set<string>, folder: string): void {
  if (made.has(folder)) return;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  made.add(folder);
}

function writeNew(file: string, bytes: Buffer, mode: number): void {
  const descriptor = openSync(file, NEW, mode);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  } finally {
    closeSync(descriptor);
  }
}
