import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileObservation } from '@vivarium/core';

/** Look at a declared file of the workspace: where it really lies, what it is, its size, hash and time of change. */
export async function lookAtFile(workspace: string, path: string): Promise<FileObservation> {
  let real: string;
  let root: string;
  try {
    [real, root] = await Promise.all([realpath(join(workspace, path)), realpath(workspace)]);
  } catch {
    return { state: 'missing' };
  }
  if (!real.startsWith(root + sep)) return { state: 'outside' };
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
  if (!handle) return { state: 'not_a_file' };
  try {
    const found = await handle.stat();
    if (!found.isFile()) return { state: 'not_a_file' };
    const hash = createHash('sha256');
    for await (const chunk of createReadStream('', { fd: handle.fd, autoClose: false, start: 0 })) hash.update(chunk);
    return { state: 'file', bytes: found.size, sha256: hash.digest('hex'), modified_ms: found.mtimeMs };
  } finally {
    await handle.close();
  }
}

const TEXT_BYTES = 256 * 1024;

/** The text of a declared file, at most its first 256 KB; empty when there is none inside the workspace. */
export async function textIn(workspace: string, path: string): Promise<string> {
  const sight = await lookAtFile(workspace, path);
  if (sight.state !== 'file') return '';
  const handle = await open(await realpath(join(workspace, path)), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(sight.bytes, TEXT_BYTES)));
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** Whether a name in the workspace is a folder's. */
export const isFolder = async (workspace: string, path: string): Promise<boolean> =>
  (await stat(join(workspace, path)).catch(() => undefined))?.isDirectory() ?? false;
