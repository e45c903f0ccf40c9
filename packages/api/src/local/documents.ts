import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { WorkspacePaths } from '@vivarium/core';
import { isInside } from './operands.ts';
import type { Refusal } from './types.ts';

const ROOT = 'library/community_library/';
const MAX_DOCUMENTS = 20;
const MAX_BYTES = 1_000_000;

export interface Document {
  /** From the workspace, with `/`. */
  readonly path: string;
  readonly content: string;
}

/** Why a document may not be written, or undefined. Judged before anything is written. */
export function documentFault(documents: readonly Document[]): Refusal | undefined {
  const refuse = (reason: string): Refusal => ({
    kind: 'refused',
    rule: 'skill.document',
    reason: `The skill's document was refused: ${reason}`,
    fix: `Write Markdown files under ${ROOT}, at most ${MAX_DOCUMENTS} of at most ${MAX_BYTES} bytes`,
  });
  if (documents.length > MAX_DOCUMENTS) return refuse(`there are ${documents.length} of them`);
  for (const { path, content } of documents) {
    const parts = path.split('/');
    const plain = parts.every(
      (part) => part !== '' && part !== '.' && part !== '..' && !part.startsWith('.') && !/[\\\p{Cc}]/u.test(part),
    );
    if (!path.startsWith(ROOT) || !path.endsWith('.md') || !plain || path.length > 300)
      return refuse(`"${path}" is not a place for documents`);
    if (Buffer.byteLength(content) > MAX_BYTES) return refuse(`"${path}" has more than ${MAX_BYTES} bytes`);
  }
  return undefined;
}

/** Write documents that `documentFault` let pass, each whole or not at all. Links in the way are not followed. */
export async function writeDocuments(paths: WorkspacePaths, documents: readonly Document[]): Promise<string[] | Refusal> {
  const written: string[] = [];
  for (const { path, content } of documents) {
    const folder = join(paths.root, dirname(path));
    const inside = await makeFolder(paths.root, dirname(path));
    if (inside === undefined) {
      const reason = `The skill's document was refused: the folder of "${path}" leads out of ${ROOT}`;
      return { kind: 'refused', rule: 'skill.document', reason, fix: `Replace the link at ${folder} by a folder` };
    }
    await replace(join(inside, basename(path)), content);
    written.push(path);
  }
  return written;
}

/** Make a folder step by step; undefined when a link in it leads out of the library. */
async function makeFolder(root: string, path: string): Promise<string | undefined> {
  const top = join(await realpath(root), ROOT);
  let folder = await realpath(root);
  for (const part of path.split('/')) {
    const next = join(folder, part);
    await mkdir(next).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    folder = await realpath(next);
    if (folder !== next) return undefined;
  }
  return isInside(top.replace(/\/$/, ''), folder) ? folder : undefined;
}

async function replace(file: string, content: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o644);
    try {
      await handle.writeFile(content);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
