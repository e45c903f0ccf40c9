import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Why a folder cannot be a workspace, with what to do; undefined when it can, also when it is yet to be created. */
export function workspaceFault(folder: string): string | undefined {
  try {
    const standing = nearestStanding(folder);
    if (!statSync(standing).isDirectory())
      return `must name a folder, but ${standing} is a file; name a folder (it is created when missing)`;
    accessSync(standing, standing === folder ? constants.R_OK | constants.X_OK : constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return `names ${folder}, which this user may not use; name a folder that you may read and write`;
  }
}

/** The folder itself, or the first above it that is there. */
function nearestStanding(folder: string): string {
  for (let path = folder; ; path = dirname(path)) if (existsSync(path) || path === dirname(path)) return path;
}
