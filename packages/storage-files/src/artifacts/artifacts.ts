import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { copyFile, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import {
  ArtifactName,
  type ArtifactRef,
  type Artifacts,
  codeOf,
  type FoundArtifact,
  fieldProblemsOf,
  InvalidInputError,
  type NewArtifact,
  StorageError,
  type WorkspacePaths,
} from '@vivarium/core';

const ARTIFACT_ID = /^[\w.-]+\/\d+\/[\w.-]+$/;

/** Each content stored once in `.swarm/artifacts/blobs/` and linked at `<task_id>/<attempt>/<name>`. */
export function fileArtifacts(paths: WorkspacePaths): Artifacts {
  return {
    put: (artifact) => put(paths, artifact),
    find: (artifact_id) => find(paths, artifact_id),
    async read(ref) {
      for (const file of [inside(paths, ref.path), blobPath(paths, ref.sha256)]) {
        const bytes = await readFile(file).catch(() => undefined);
        if (bytes && sha256(bytes) === ref.sha256) return bytes;
      }
      throw new StorageError(`The artifact ${ref.path} is gone or was changed`, {
        fix: 'Restore it from a backup, or retry the task to make it anew',
      });
    },
  };
}

async function put(paths: WorkspacePaths, artifact: NewArtifact): Promise<ArtifactRef> {
  const named = ArtifactName.safeParse(artifact);
  if (!named.success)
    throw new InvalidInputError('An artifact cannot be stored', fieldProblemsOf(named.error, { at: 'artifact' }));
  const bytes = typeof artifact.bytes === 'string' ? Buffer.from(artifact.bytes) : artifact.bytes;
  const hash = sha256(bytes);
  const folder = join(paths.artifacts, artifact.task_id, String(artifact.attempt));
  const file = join(folder, artifact.name);
  try {
    const blob = blobPath(paths, hash);
    const made = mkdir(folder, { recursive: true });
    await Promise.all([storeBlob(blob, bytes, artifact.durable ?? false), made]);
    await linkAs(blob, file);
  } catch (cause) {
    throw new StorageError(`The artifact ${file} could not be stored`, { cause, fix: 'Free some disk space, then try again' });
  }
  return referenceOf(paths, `${artifact.task_id}/${artifact.attempt}/${artifact.name}`, hash, bytes);
}

async function find(paths: WorkspacePaths, artifact_id: string): Promise<FoundArtifact | undefined> {
  if (!ARTIFACT_ID.test(artifact_id) || artifact_id.split('/').includes('..')) return undefined;
  const bytes = await readFile(join(paths.artifacts, artifact_id)).catch(() => undefined);
  return bytes && { ref: referenceOf(paths, artifact_id, sha256(bytes), bytes), bytes };
}

function referenceOf(paths: WorkspacePaths, artifact_id: string, hash: string, bytes: Uint8Array): ArtifactRef {
  const path = relative(paths.root, join(paths.artifacts, artifact_id)).split(sep).join('/');
  return { artifact_id, path, sha256: hash, bytes: bytes.byteLength };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function blobPath(paths: WorkspacePaths, hash: string): string {
  return join(paths.artifacts, 'blobs', hash.slice(0, 2), hash);
}

/** A blob appears whole or not at all. One of the right size is taken for its content, and looked into where it must last. */
async function storeBlob(blob: string, bytes: Uint8Array, durable: boolean): Promise<void> {
  const folder = mkdir(join(blob, '..'), { recursive: true });
  const [standing] = await Promise.all([stat(blob).catch(() => undefined), folder]);
  if (standing?.size === bytes.byteLength && (!durable || (await holds(blob, bytes)))) {
    // It may have been stored without a sync before.
    if (durable) await syncPath(blob);
  } else {
    const draft = `${blob}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await writeFileOnce(draft, bytes, durable);
      if (standing) await rename(draft, blob);
      else if (!(await linkFirst(draft, blob))) return storeBlob(blob, bytes, durable);
    } finally {
      await rm(draft, { force: true });
    }
  }
  if (durable) await syncFolders(join(blob, '..'));
}

/** Whether it is: a power cut may have damaged one that was not synced. */
async function holds(blob: string, bytes: Uint8Array): Promise<boolean> {
  const standing = await readFile(blob).catch(() => undefined);
  return standing?.equals(bytes) ?? false;
}

/** False when another writer of the same content was first. */
async function linkFirst(draft: string, blob: string): Promise<boolean> {
  try {
    await link(draft, blob);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    await rename(draft, blob);
  }
  return true;
}

/** Written in the program's own thread: a few pages of cache take less than handing them over. */
const SMALL_BYTES = 64 * 1024;
const syncedFolders = new Set<string>();

/** Names are durable once their folder is; the folder's own name has to be made so once. */
async function syncFolders(folder: string): Promise<void> {
  await syncPath(folder);
  if (syncedFolders.has(folder)) return;
  await syncPath(join(folder, '..'));
  syncedFolders.add(folder);
}

async function writeFileOnce(file: string, bytes: Uint8Array, durable: boolean): Promise<void> {
  if (!durable && bytes.byteLength <= SMALL_BYTES) return writeFileSync(file, bytes, { flag: 'wx', mode: 0o444 });
  const handle = await open(file, 'wx', 0o444);
  try {
    await handle.writeFile(bytes);
    if (durable) await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Put the blob at `file` too; by copy where the file system has no hard links. */
async function linkAs(blob: string, file: string): Promise<void> {
  try {
    await link(blob, file);
    return;
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EEXIST' && !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EXDEV'].includes(code)) throw error;
  }
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  await link(blob, draft).catch(() => copyFile(blob, draft));
  await rename(draft, file);
  // Renaming one name of a file over another of the same file leaves both.
  await rm(draft, { force: true });
}

function inside(paths: WorkspacePaths, path: string): string {
  const file = resolve(paths.root, path);
  if (file.startsWith(paths.artifacts + sep)) return file;
  throw new InvalidInputError('An artifact cannot be read', [{ field: 'path', message: `${path} is outside .swarm/artifacts` }]);
}
