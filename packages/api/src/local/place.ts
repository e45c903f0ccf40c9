import { realpathSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { relative } from 'node:path';
import type { WorkspacePaths } from '@vivarium/core';
import type { Entry } from '@vivarium/sandbox';
import type { Denied } from './denied.ts';
import { isInside, type Place } from './operands.ts';
import type { Hidden } from './scan.ts';

/** Find out where a workspace and its `.swarm` really lie. Two system calls; a thread would cost more than they do. */
export function locate(paths: WorkspacePaths, denied: Denied): Place {
  const root = realpathSync.native(paths.root);
  const sealed = realPath(paths.swarm);
  return { root, denied, ...(sealed === undefined ? {} : { sealed }) };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

export type Masked = { readonly path: string; readonly folder: boolean };

/** What a sandbox hides of a workspace: `.swarm` always, and what a scan found. */
export async function maskedPaths({ root, sealed }: Place, hidden?: Hidden): Promise<Masked[]> {
  const found = await Promise.all((hidden?.paths ?? []).map((path) => maskedPath(root, path)));
  const masked = found.filter((entry) => entry !== undefined);
  if (sealed !== undefined && sealed !== root && isInside(root, sealed)) {
    const path = relative(root, sealed);
    if (!masked.some((entry) => entry.path === path)) masked.push({ path, folder: true });
  }
  return masked;
}

/** The runtime's own logs and lists: what was asked and answered stands in them. */
const RECORDS = /^(?:execution_log\.|action_log\.|queue\.json)/;

/** A workspace's entries without the records of the runtime, for a program that must not learn answers from them. */
export async function entriesWithoutRecords({ root }: Place): Promise<Entry[]> {
  const all = await readdir(root, { withFileTypes: true });
  const found = all
    .filter(({ name }) => !RECORDS.test(name))
    .map(async (entry): Promise<Entry | undefined> => {
      const { name } = entry;
      if (!entry.isSymbolicLink()) return { name };
      const link = await readlink(`${root}/${name}`).catch(() => undefined);
      return link === undefined ? undefined : { name, link };
    });
  return (await Promise.all(found)).filter((entry) => entry !== undefined);
}

/** A link is no use to mask: what it leads to is masked under its own name, or is not there at all. */
async function maskedPath(root: string, path: string): Promise<Masked | undefined> {
  const node = await lstat(`${root}/${path}`).catch(() => undefined);
  if (!node || node.isSymbolicLink()) return undefined;
  return { path, folder: node.isDirectory() };
}
