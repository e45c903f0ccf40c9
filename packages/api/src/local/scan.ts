import { type Dirent, lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Denied } from './denied.ts';

/** Folders whose inside is not looked at: nobody's secrets, and too many files. */
const SKIPPED = /(?:^|\/)(?:node_modules|\.git\/objects)$/;
const MAX_ENTRIES = 200_000;
const CHUNK = 64;

/** What a program that opens files by itself must not open. Paths are from the workspace, with `/`. */
export interface Hidden {
  readonly paths: readonly string[];
  /** false when the tree was too large to look at all of it. */
  readonly complete: boolean;
}

/**
 * Find the secrets of a tree by name, and every hard-linked file, which may show a secret under a harmless name. Works in
 * small slices, so that it never holds up the process.
 */
export async function findHidden(root: string, denied: Denied): Promise<Hidden> {
  const found: string[] = [];
  const open: string[] = [''];
  let entries = 0;
  while (open.length > 0) {
    const batch = open.splice(0, 16);
    const lists = await Promise.all(batch.map((folder) => list(root, folder)));
    for (const [index, list] of lists.entries()) {
      const folder = batch[index] ?? '';
      entries += list.length;
      await lookAt(root, folder, list, denied, open, found);
    }
    if (entries > MAX_ENTRIES) return { paths: found, complete: false };
  }
  return { paths: found, complete: true };
}

const list = (root: string, folder: string): Promise<Dirent[]> =>
  readdir(join(root, folder), { withFileTypes: true }).catch(() => []);

async function lookAt(root: string, folder: string, list: readonly Dirent[], denied: Denied, open: string[], found: string[]) {
  for (const [index, entry] of list.entries()) {
    if (index % CHUNK === CHUNK - 1) await new Promise(setImmediate);
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (denied.deny(path) !== undefined) found.push(path);
    else if (entry.isDirectory()) {
      if (!SKIPPED.test(path)) open.push(path);
    } else if (entry.isFile() && isHardLink(join(root, path))) found.push(path);
  }
}

function isHardLink(path: string): boolean {
  try {
    return lstatSync(path).nlink > 1;
  } catch {
    return false;
  }
}
