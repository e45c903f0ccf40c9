import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Identity } from '../../contract/files.ts';
import { codeOf } from '../../files/index.ts';
import { type WorkspacePaths, workspacePaths } from '../workspace.ts';
import { readDocument } from './document.ts';
import type { OnFinding } from './move-aside.ts';

/**
 * Every resident of the workspace, by file name. A file that is no identity is moved aside and reported; of two files
 * with one id the first counts and the other is reported.
 */
export async function loadIdentities(paths: WorkspacePaths, onFinding?: OnFinding): Promise<readonly Identity[]> {
  const found = new Map<string, Identity>();
  for (const name of await jsonFiles(paths.identities)) {
    const file = join(paths.identities, name);
    const identity = await readDocument(file, Identity, onFinding);
    if (identity === undefined) continue;
    if (found.has(identity.id))
      onFinding?.({ file, reason: `another file has the id ${identity.id} already; this one is not used` });
    else found.set(identity.id, identity);
  }
  return [...found.values()];
}

/**
 * Give a workspace that has no resident yet the authored starters of the installation. Returns the names of the files
 * that came. A workspace with any resident keeps exactly those it has.
 */
export async function ensureStarterIdentities(paths: WorkspacePaths, installation: string): Promise<readonly string[]> {
  const source = workspacePaths(installation).identities;
  if ((await jsonFiles(paths.identities)).length > 0) return [];
  await mkdir(paths.identities, { recursive: true });
  const came: string[] = [];
  for (const name of await jsonFiles(source)) {
    if (await placeOnce(join(paths.identities, name), await readFile(join(source, name)))) came.push(name);
  }
  return came;
}

async function jsonFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Complete or not there; false when another process was first. */
async function placeOnce(file: string, bytes: Uint8Array): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(draft, bytes);
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
