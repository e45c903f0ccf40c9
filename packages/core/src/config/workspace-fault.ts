import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The kernel's own view of processes: Node never comes back from making folders in it. */
const PROC_SUPER_MAGIC = 0x9fa0;

/** Why a folder cannot be a workspace, with what to do; undefined when it can, also when it is yet to be created. */
export function workspaceFault(folder: string): string | undefined {
  try {
    const standing = nearestStanding(folder);
    if (!statSync(standing).isDirectory())
      return `must name a folder, but ${standing} is a file; name a folder (it is created when missing)`;
    if (statfsSync(standing).type === PROC_SUPER_MAGIC) return `names ${folder}, where no files can be kept; name another folder`;
    accessSync(standing, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EROFS')
      return `names ${folder}, on a file system that is mounted read-only; mount it writable or name another folder`;
    return `names ${folder}, which this user may not use; name a folder that you may read and write`;
  }
}

/** The folder itself, or the first above it that is there. */
function nearestStanding(folder: string): string {
  for (let path = folder; ; path = dirname(path)) if (existsSync(path) || path === dirname(path)) return path;
}
