import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StorageError } from '@vivarium/core';

/** A file of the log. `base` is the position of its first byte, counted over all segments. */
export interface Segment {
  readonly base: number;
  readonly file: string;
}

/** File systems on which an append is not atomic between machines or not at all. Source: statfs(2), linux/magic.h. */
const REFUSED_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x517b, 'SMB'],
]);

/**
 * Name of the segment that starts at `base`. The first keeps the plain name; each later one carries its base, so that a
 * new segment comes into being by opening it: nothing is renamed and no two writers can disagree.
 */
export function segmentFile(file: string, base: number): string {
  if (base === 0) return file;
  return file.replace(/(\.[^./]+)?$/, (ending) => `.${base}${ending}`);
}

/** All segments of a log, oldest first. */
export function listSegments(file: string): Segment[] {
  const folder = dirname(file);
  const [stem = '', ending = ''] = basename(file).split(/(?=\.[^.]+$)/);
  const segments: Segment[] = [];
  for (const name of readdirSync(folder)) {
    if (name === basename(file)) segments.push({ base: 0, file });
    else if (name.startsWith(`${stem}.`) && name.endsWith(ending)) {
      const digits = name.slice(stem.length + 1, name.length - ending.length);
      if (/^[1-9]\d*$/.test(digits)) segments.push({ base: Number(digits), file: join(folder, name) });
    }
  }
  return segments.sort((a, b) => a.base - b.base);
}

/** Make sure a log can live here. @throws StorageError on a network file system or an unwritable folder. */
export function prepareFolder(file: string): void {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
    const name = REFUSED_FILE_SYSTEMS.get(statfsSync(folder).type);
    if (name === undefined) return;
    throw new StorageError(`${folder} lies on ${name}, where appends of several processes are not atomic`, {
      fix: 'Set VIVARIUM_WORKSPACE to a folder on a local disk',
    });
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError(`Cannot use ${folder} for the log`, { cause, fix: 'Check that the folder is writable' });
  }
}

/** Open a segment for appending and reading; a new one is made durable in its folder. */
export function openSegment(file: string): number {
  const isNew = statSync(file, { throwIfNoEntry: false }) === undefined;
  const fd = openSync(file, 'a+', 0o644);
  if (isNew) syncFolder(dirname(file));
  return fd;
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
