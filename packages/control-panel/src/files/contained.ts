import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { notFound, RequestRefused } from '../http/refused.ts';

const HIDDEN_NAMES = [/^\.env(\..*)?$/i, /^\.git$/i, /^\.ssh$/i, /^\.npmrc$/i, /^\.netrc$/i, /\.(pem|key)$/i];
const HIDDEN_FOLDERS = [
  ['.swarm', 'security'],
  ['.swarm', 'journals'],
];

/** An open file inside the workspace. The caller closes `handle`. */
export interface ContainedFile {
  readonly handle: FileHandle;
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
}

/**
 * Open a file of the workspace for reading. The path is judged by its segments, before and after links are followed, and
 * what was judged is what is opened. No answer names a path outside the workspace.
 * @throws RequestRefused 400, 403 or 404
 */
export async function openContained(root: string, given: string): Promise<ContainedFile> {
  if (given === '' || given.includes('\0'))
    throw new RequestRefused(400, 'VIV_BAD_PATH', 'path is required', 'Give ?path=<file>');
  const base = await realpath(root);
  const asked = given.replaceAll('\\', '/');
  judge(relative(base, isAbsolute(asked) ? resolve(asked) : resolve(base, asked)));
  const real = await realpath(isAbsolute(asked) ? asked : join(base, asked)).catch(() => undefined);
  if (real === undefined) throw notFound('File not found');
  const path = judge(relative(base, real));
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) throw notFound('File not found');
  const stat = await handle.stat();
  if (stat.isFile()) return { handle, path, size: stat.size, modified: stat.mtime };
  await handle.close();
  throw new RequestRefused(400, 'VIV_NOT_A_FILE', 'Not a file', 'Give the path of a file, not of a folder');
}

/** true when a person may be shown a path, given relative to the workspace. */
export function isShown(path: string): boolean {
  const segments = path.split(sep).join('/').split('/');
  if (segments.some((segment) => HIDDEN_NAMES.some((pattern) => pattern.test(segment)))) return false;
  const lower = segments.map((segment) => segment.toLowerCase());
  return !HIDDEN_FOLDERS.some((folder) => folder.every((segment, index) => lower[index] === segment));
}

function judge(path: string): string {
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path))
    throw new RequestRefused(403, 'VIV_OUTSIDE_WORKSPACE', 'Access denied: path outside workspace');
  if (!isShown(path))
    throw new RequestRefused(
      403,
      'VIV_HIDDEN',
      'Access denied: this file is private',
      'Secrets and private journals are never shown',
    );
  return path.split(sep).join('/');
}
